"""The buttons below an answer: related facts, why, the verdicts, and the options of "did you mean"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from bot.store import conversations, feedback
from bot.store.feedback import Reason, Verdict
from handlers import render, texts
from handlers.explaining import explanation_reply
from handlers.render import Key
from handlers.sending import insist, keyboard
from handlers.texts import say
from handlers.threads import leaning, thread_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection
    from telegram import InlineKeyboardButton

    from bot.store.conversations import Answered
    from handlers.context import Context
    from handlers.pressing import Press
    from handlers.render import Reply
    from knowledge.base import Entry
    from knowledge.engine import Knowledge
    from knowledge.outcome import Context as Thread

MOST_RELATED = 3
REASONS: tuple[Reason, ...] = ("wrong", "not_my_question", "unclear")


async def related(press: Press, context: Context) -> str | None:
    """Show facts of the same topic."""
    language, knowledge = texts.known(press.button.payload.get("language")) or "en", context.services.knowledge
    found = _related(knowledge, press.button.payload.get("facts", ()))
    if not found:
        return say(context.asker.language, "related.none")
    replies = [render.statement(knowledge.statement(each.id, language), language) for each in found]
    await press.follow(context, render.joined(replies, title=say(language, "related.title")))
    return None


def _related(knowledge: Knowledge, facts: Sequence[str]) -> list[Entry]:
    """Choose facts that stand beside those of an answer, those with a figure first."""
    topics = {knowledge.entries[each].topic for each in facts if each in knowledge.entries}
    beside = [e for e in knowledge.entries.values() if e.topic in topics and e.id not in facts and not e.derived]
    return sorted(beside, key=lambda entry: not entry.numeric)[:MOST_RELATED]


async def why(press: Press, context: Context) -> str | None:
    """Explain how the question was read and what decided."""
    async with context.services.store.reading() as connection:
        answered = await conversations.answer_at(connection, press.chat_id, press.message_id)
    if answered is None or not answered.explanation:
        return say(context.asker.language, "why.none")
    await press.follow(context, explanation_reply(answered.explanation, context))
    return None


async def up(press: Press, context: Context) -> str:
    """Keep that an answer was liked."""
    await _give(press, context, "up")
    return say(context.asker.language, "feedback.up")


async def down(press: Press, context: Context) -> str:
    """Keep that an answer was not liked, and ask why."""
    language = context.asker.language
    await _give(press, context, "down")
    keys = tuple(Key(say(language, f"reason.{each}"), "reason", {"reason": each}, "reason") for each in REASONS)
    await _show(press, context, [*_rows_without_verdicts(press), *await _rows(press, context, keys)])
    return say(language, "feedback.down")


async def reason(press: Press, context: Context) -> str:
    """Keep why an answer was not liked."""
    given = cast("Reason", press.button.payload.get("reason"))
    if given in REASONS:
        await context.services.commits.run(
            lambda c: feedback.explain(c, press.person, press.chat_id, press.message_id, given)
        )
    await _show(press, context, _rows_without_verdicts(press)[:1])
    return say(context.asker.language, "feedback.thanks")


async def _give(press: Press, context: Context, verdict: Any) -> None:  # noqa: ANN401 - one of three words
    """Keep an opinion."""
    payload, now = press.button.payload, context.services.now()
    opinion = Verdict(
        press.person,
        press.chat_id,
        press.message_id,
        verdict,
        payload.get("question") or None,
        tuple(payload.get("facts", ())),
    )
    await context.services.commits.run(lambda connection: feedback.give(connection, opinion, now))


def _rows_without_verdicts(press: Press) -> list[Sequence[InlineKeyboardButton]]:
    """Return the keyboard as the client shows it, without what has been used up."""
    message = press.query.message
    markup = message.reply_markup if isinstance(message, Message) else None
    rows = [
        [each for each in row if each.text not in {"👍", "👎"}] for row in (markup.inline_keyboard if markup else ())
    ]
    return [row for row in rows if row]


async def _rows(press: Press, context: Context, keys: Sequence[Key]) -> list[Sequence[InlineKeyboardButton]]:
    """Keep new buttons, one below the other."""
    markup = await keyboard(context, [(key,) for key in keys], press.target)
    return list(markup.inline_keyboard) if markup else []


async def _show(press: Press, context: Context, rows: Sequence[Sequence[InlineKeyboardButton]]) -> None:
    """Change the buttons of the message and nothing else."""
    markup = InlineKeyboardMarkup(rows) if rows else None
    try:
        await insist(
            lambda: context.bot.edit_message_reply_markup(press.chat_id, press.message_id, reply_markup=markup)
        )
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            raise


async def option(press: Press, context: Context) -> str | None:
    """Put the answer that was meant in the place of the options."""
    payload, knowledge = press.button.payload, context.services.knowledge
    fact, language = str(payload.get("fact", "")), texts.known(payload.get("language")) or "en"
    if fact not in knowledge.entries:
        return say(context.asker.language, "button.outdated")
    question = str(payload.get("question", ""))
    stated = render.statement(knowledge.statement(fact, language), language)
    keys = render.answer_keys([fact], context.asker.language, language=language, question=question)
    await press.replace(context, render.with_rows(stated, *keys))
    await _note_choice(press, context, fact)
    return None


async def _note_choice(press: Press, context: Context, fact: str) -> None:
    """Keep that the message now states a fact, for /why, a follow-up, receipts and corrections."""
    services, now = context.services, context.services.now()

    async def keep(connection: AsyncConnection) -> tuple[Answered, Thread] | None:
        before = await conversations.answer_at(connection, press.chat_id, press.message_id)
        if before is None:
            return None
        explained = {**(before.explanation or {}), "facts": [fact], "outcome": "answer", "chosen": fact}
        thread = services.knowledge.chosen(fact, thread_of(before.context))
        after = replace(before, explanation=explained, context=leaning(thread))
        await conversations.note_answer(connection, after, now)
        await conversations.note_receipts(connection, after, [fact], services.knowledge.version, now)
        return after, thread

    kept = await services.commits.run(keep)
    if kept is not None and kept[0].place is not None:
        services.threads.remember(kept[0].place, kept[1])


async def none_of_these(press: Press, context: Context) -> str:
    """Keep that no option was meant, so that an admin can add the phrasing."""
    language = context.asker.language
    await _give(press, context, "none_of_these")
    await press.replace(context, _sorry(context))
    return say(language, "feedback.thanks")


def _sorry(context: Context) -> Reply:
    """Say what to do instead."""
    return render.plain(say(context.asker.language, "suggest.none"))
