"""What only admins may, in a private chat: unanswered questions, statistics, reloading the knowledge."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.store import audit, questions
from handlers import render
from handlers.render import Key, Reply, Span
from handlers.sending import back_to, send
from handlers.texts import say
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Update

    from bot.store.questions import Statistics, Unanswered
    from handlers.context import Context
    from handlers.pressing import Press

MOST_QUESTIONS = 8
MOST_FINDINGS = 15
PERIOD = timedelta(days=30)

log = structlog.get_logger(__name__)


async def unanswered(update: Update, context: Context) -> None:
    """List what found nothing, the most frequent first, with what would mend it."""
    if update.message is not None:
        reply = await _unanswered(context)
        await send(context, back_to(update.message, context.asker.person), reply)


async def _unanswered(context: Context) -> Reply:
    """Make the list; the newest questions are written down first."""
    services, language = context.services, context.asker.language
    await services.journal.flush()
    async with services.store.reading() as connection:
        found = await questions.unanswered(connection, MOST_QUESTIONS)
    if not found:
        return render.plain(say(language, "unanswered.none"))
    spans = [Span(say(language, "unanswered.title"), "bold")]
    for number, each in enumerate(found, 1):
        times = say(language, "unanswered.times", times=each.times)
        spans += [Span(f"\n{number}. {render.short(each.text)} · {times}\n"), Span(patch(each, context), "code")]
    keys = [Key(f"✓ {number}", "done", {"text": each.text}) for number, each in enumerate(found, 1)]
    return Reply(tuple(spans), tuple(tuple(keys[at : at + 4]) for at in range(0, len(keys), 4)))


def patch(asked: Unanswered, context: Context) -> str:
    """Return the line that adds a question's wording to the fact that comes nearest."""
    outcome = context.services.knowledge.answer(asked.text)
    candidates = [each.fact for each in outcome.evidence.candidates]
    fact = next((each for each in (*outcome.facts, *candidates) if each in context.services.knowledge.entries), "…")
    side = "en" if asked.language == "en" else "zh"
    # JSON's quotes are YAML's too, whatever someone has typed.
    return f"{{id: {fact}, phrasings: {{{side}: [{json.dumps(asked.text, ensure_ascii=False)}]}}}}"


async def done(press: Press, context: Context) -> str | None:
    """Take a question off the list; rights are checked again, since a button outlives them."""
    if press.person not in context.services.settings.admins:
        return say(context.asker.language, "button.foreign")
    text, now = str(press.button.payload.get("text", "")), context.services.now()
    await context.services.commits.run(lambda connection: questions.mark_done(connection, text, now))
    await press.replace(context, await _unanswered(context))
    return say(context.asker.language, "unanswered.done")


async def stats(update: Update, context: Context) -> None:
    """Show counts of the last thirty days; nothing in them is about a person."""
    message, services = update.message, context.services
    if message is None:
        return
    await services.journal.flush()
    async with services.store.reading() as connection:
        counted = await questions.statistics(connection, services.now() - PERIOD)
    await send(context, back_to(message, None), _stats(counted, context))


def _stats(counted: Statistics, context: Context) -> Reply:
    """Word the statistics."""
    language = context.asker.language
    total = sum(counted.outcomes.values())
    lines = [
        say(language, "stats.questions", total=total, people=counted.people),
        say(language, "stats.outcomes", counts=_counts(counted.outcomes)),
        say(language, "stats.languages", counts=_counts(counted.languages)),
        say(language, "stats.sources", counts=_counts(counted.sources)),
        say(language, "stats.verdicts", counts=_counts(counted.verdicts)),
        say(language, "stats.chats", counts=_counts(counted.chats)),
    ]
    return render.titled(say(language, "stats.title"), "\n".join(lines))


def _counts(counts: Mapping[str, int]) -> str:
    """Write counts in one line."""
    return ", ".join(f"{key} {count}" for key, count in sorted(counts.items(), key=lambda item: -item[1])) or "–"


async def reload(update: Update, context: Context) -> None:
    """Swap the knowledge in whole, or refuse it whole with its findings."""
    message, services, language = update.message, context.services, context.asker.language
    if message is None:
        return
    try:
        loaded = await asyncio.to_thread(services.load)
    except KnowledgeError as error:
        findings = "\n".join(str(finding) for finding in error.findings[:MOST_FINDINGS])
        reply = Reply(
            (Span(say(language, "reload.refused", count=len(error.findings))), Span("\n"), Span(findings, "pre"))
        )
    else:
        before, services.knowledge = services.knowledge, loaded
        log.info("knowledge reloaded", version=loaded.version)
        key = "reload.same" if loaded.version == before.version else "reload.done"
        reply = render.plain(say(language, key, facts=len(loaded.entries), version=loaded.version[:12]))
    now, person = services.now(), context.asker.person
    services.commits.later(lambda c: audit.note(c, now, action="reload", user_id=person, chat_id=message.chat.id))
    await send(context, back_to(message, None), reply)
