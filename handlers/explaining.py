"""/why: how a question was read, what was considered, and what decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.store import conversations
from bot.store.conversations import Place
from bot.store.tables import NO_THREAD
from handlers import render, texts
from handlers.addressing import topic
from handlers.render import Reply, Span
from handlers.sending import back_to, send
from handlers.texts import say

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.store.conversations import Answered
    from handlers.context import Context


async def why(update: Update, context: Context) -> None:
    """Explain the answer that the message replies to, else the last one to this person."""
    message = update.message
    if message is None:
        return
    answered = await _answered(message, context)
    if answered is None or not answered.explanation:
        reply = render.plain(say(context.asker.language, "usage.why"))
    else:
        reply = explanation_reply(answered.explanation, context)
    await send(context, back_to(message, context.asker.person), reply)


async def _answered(message: Message, context: Context) -> Answered | None:
    """Find the answer that is meant."""
    async with context.services.store.reading() as connection:
        if message.reply_to_message is not None:
            found = await conversations.answer_at(connection, message.chat.id, message.reply_to_message.message_id)
            if found is not None:
                return found
        place = Place(message.chat.id, context.asker.id, topic(message) or NO_THREAD)
        return await conversations.last_answer(connection, place)


def explanation_reply(kept: dict[str, Any], context: Context) -> Reply:
    """Word what was kept about an answer; what it may lack after an update is left out."""
    language = context.asker.language
    spans = [Span(say(language, "why.title"), "bold")]

    def line(key: str, value: str) -> None:
        if value:
            spans.extend((Span("\n" + say(language, key) + " "), Span(value, "code")))

    line("why.question", str(kept.get("question", "")))
    line("why.asked", str(kept.get("asked", "")))
    for text, concept, repaired in kept.get("read", []):
        read = f"{text} ({repaired})" if repaired else str(text)
        spans += [Span("\n• "), Span(read, "code"), Span(f" → {concept or '?'}")]
    line("why.leftover", ", ".join(map(str, kept.get("leftover", []))))
    for fact, score, refused in kept.get("candidates", []):
        outcome = str(refused) or say(language, "why.fits")
        spans.append(Span(f"\n{_name(str(fact), context)}: {score} · {outcome}"))
    line("why.rule", str(kept.get("rule", "")))
    if kept.get("chosen"):
        line("why.chosen", _name(str(kept["chosen"]), context))
    line("why.version", str(kept.get("version", ""))[:12])
    return Reply(tuple(spans))


def _name(fact: str, context: Context) -> str:
    """Return a fact's name, or its id if it has gone."""
    entry = context.services.knowledge.entries.get(fact)
    return texts.pick(entry.name, context.asker.language) if entry else fact
