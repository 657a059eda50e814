"""Commands that show what there is: topics, key figures, one fact, the source."""

from __future__ import annotations

import textwrap
import unicodedata
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from bot.store import conversations
from handlers import render, texts
from handlers.render import Key, Reply, Span
from handlers.sending import back_to, send
from handlers.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, Update

    from handlers.context import Context
    from handlers.pressing import Press
    from knowledge.base import Entry
    from knowledge.outcome import Language

NAME_WIDTH: Final = 17
FIGURE_WIDTH: Final = 13
"""Columns of the table: together they fit the narrowest phone that is still in use."""
MOST_TOPICS: Final = 24
MOST_FACTS: Final = 12
MOST_OTHERS: Final = 3


async def topics(update: Update, context: Context) -> None:
    """List the topics of the newest article, each with a button."""
    if update.message is None:
        return
    language = context.asker.language
    found = context.services.knowledge.base.newest().topics[:MOST_TOPICS]
    keys = [
        Key(render.label(_capital(texts.pick(each.title, language))), "topic", {"topic": each.id}, repeatable=True)
        for each in found
    ]
    rows = tuple(tuple(keys[at : at + 2]) for at in range(0, len(keys), 2))
    reply = render.plain(say(language, "topics"), *rows)
    await send(context, back_to(update.message, context.asker.person), reply)


async def show_topic(press: Press, context: Context) -> None:
    """Show the facts of a topic."""
    topic, language = str(press.button.payload.get("topic", "")), context.asker.language
    knowledge = context.services.knowledge
    article = knowledge.base.newest()
    title = next((texts.pick(each.title, language) for each in article.topics if each.id == topic), topic)
    facts = [e for e in knowledge.entries.values() if e.topic == topic and not e.derived][:MOST_FACTS]
    spans = [Span(_capital(title), "bold"), *_sentences(facts, language)]
    await press.follow(context, Reply(tuple(spans)))


def _sentences(facts: Sequence[Entry], language: Language) -> list[Span]:
    """List facts, a sentence each, and the place of the first."""
    spans = [Span(f"\n• {texts.pick(each.sentence, language)}") for each in facts]
    if facts:
        spans += [Span("\n"), Span(say(language, "source", source=texts.pick(facts[0].source, language)), "italic")]
    return spans


async def figures(update: Update, context: Context) -> None:
    """Show the key figures as a table."""
    if update.message is not None:
        reply = figures_reply(context)
        await send(context, back_to(update.message, context.asker.person), reply)


def figures_reply(context: Context) -> Reply:
    """Make the table of the key figures."""
    language, knowledge = context.asker.language, context.services.knowledge
    article = knowledge.base.newest()
    rows = [
        line
        for fact in article.key_facts
        for line in _row(
            texts.pick(knowledge.entries[fact].name, language), texts.pick(knowledge.entries[fact].figure, language)
        )
    ]
    spans = [Span(say(language, "figures.title"), "bold"), Span("\n"), Span("\n".join(rows), "pre"), Span("\n")]
    source = f"{texts.pick(article.publisher, language)}, {article.published[:10]}"
    return Reply((*spans, Span(say(language, "source", source=source), "italic")))


def _row(name: str, figure: str) -> list[str]:
    """Set one row of the table, broken into as many lines as it needs."""
    pairs = zip_longest(_wrap(_capital(name), NAME_WIDTH), _wrap(figure, FIGURE_WIDTH), fillvalue="")
    return [f"{left}{' ' * (NAME_WIDTH + 1 - _width(left))}{right}".rstrip() for left, right in pairs]


def _wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of so many columns; Chinese breaks anywhere."""
    if text.isascii():
        return textwrap.wrap(text, width) or [""]
    lines = [""]
    for character in text:
        if _width(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines


def _width(text: str) -> int:
    """Count the columns of a text; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


async def fact(update: Update, context: Context) -> None:
    """Show the fact of a name, and what else the name may mean."""
    message, language, knowledge = update.message, context.asker.language, context.services.knowledge
    if message is None:
        return
    name = " ".join(context.args or ())
    target = back_to(message, context.asker.person)
    if not name:
        example = texts.pick(knowledge.entries[knowledge.base.newest().key_facts[0]].name, language)
        await send(context, target, render.plain(say(language, "usage.fact", example=example)))
        return
    found = [each for each in knowledge.find(name) if each in knowledge.entries]
    if not found:
        await send(context, target, render.plain(say(language, "fact.none")))
        return
    await send(context, target, fact_reply(context, found[0], others=found[1 : 1 + MOST_OTHERS]))


def fact_reply(context: Context, fact_id: str, others: Sequence[str] = ()) -> Reply:
    """Make a reply of one fact, with buttons for others."""
    language, knowledge = context.asker.language, context.services.knowledge
    name = _capital(texts.pick(knowledge.entries[fact_id].name, language))
    reply = render.statement(knowledge.statement(fact_id, language), language, name=name)
    rows = [
        (
            Key(
                render.label(texts.pick(knowledge.entries[each].name, language)),
                "fact",
                {"fact": each},
                repeatable=True,
            ),
        )
        for each in others
    ]
    return render.with_rows(reply, *rows)


async def show_fact(press: Press, context: Context) -> str | None:
    """Show the fact of a button."""
    fact_id = str(press.button.payload.get("fact", ""))
    if fact_id not in context.services.knowledge.entries:
        return say(context.asker.language, "button.outdated")
    await press.follow(context, fact_reply(context, fact_id))
    return None


async def source(update: Update, context: Context) -> None:
    """Name the article; in reply to an answer, the places that it comes from."""
    message, language = update.message, context.asker.language
    if message is None:
        return
    lines = await _places(message, context, language)
    article = context.services.knowledge.base.newest()
    published = datetime.fromisoformat(article.published).date().isoformat()
    about = say(language, "source.article", publisher=texts.pick(article.publisher, language), date=published)
    spans = [
        Span(texts.pick(article.title, language), "bold"),
        Span("\n" + about),
        *(Span(f"\n• {line}") for line in lines),
    ]
    await send(context, back_to(message, context.asker.person), Reply(tuple(spans)))


async def _places(message: Message, context: Context, language: Language) -> list[str]:
    """Return the places of the answer that a message replies to."""
    if message.reply_to_message is None:
        return []
    async with context.services.store.reading() as connection:
        answered = await conversations.answer_at(connection, message.chat.id, message.reply_to_message.message_id)
    facts = (answered.explanation or {}).get("facts", []) if answered else []
    entries = context.services.knowledge.entries
    return list(dict.fromkeys(texts.pick(entries[each].source, language) for each in facts if each in entries))


def _capital(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]
