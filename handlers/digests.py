"""Digests, and notices of facts that have a new value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from bot.store import announcements, announcements_of_change
from bot.store.announcements import Draft
from bot.store.failures import UNAVAILABLE
from handlers import admin
from handlers.announcing_content import fact_reply, of_reply
from handlers.render import Reply, Span, joined
from handlers.texts import LANGUAGES, known, pick, say
from knowledge.schema import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection
    from telegram import Update

    from bot.store.announcements_of_change import Change
    from handlers.announcing_content import Rendering
    from handlers.context import Context, Services
    from knowledge.base import Entry
    from knowledge.engine import Knowledge
    from knowledge.outcome import Language

MOST_CHANGES = 10

log = structlog.get_logger(__name__)


class Composer:
    """Puts digests into words, from the knowledge as it is at the moment."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def facts(self) -> Sequence[str]:
        """Return the facts that digests go through: the key facts first."""
        knowledge = self._services.knowledge
        stated = [each.id for each in knowledge.entries.values() if not each.derived]
        first = [each for each in knowledge.base.newest().key_facts if each in knowledge.entries]
        return list(dict.fromkeys([*first, *stated]))

    def digest(self, facts: Sequence[str], language: str) -> dict[str, Any]:
        """Return the parameters of a message with these facts."""
        knowledge, spoken = self._services.knowledge, known(language) or "en"
        replies = [fact_reply(knowledge, fact, spoken) for fact in facts if fact in knowledge.entries]
        title = say(spoken, "digest.title")
        params: dict[str, Any] = of_reply(joined(replies, title=title))["params"]
        return params


async def reload(update: Update, context: Context) -> None:
    """Reload the knowledge, and tell subscribers what has a new value."""
    await admin.reload(update, context)
    await tell_changes(context.services)


async def tell_changes_at_start(services: Services) -> None:
    """Tell what is new in the knowledge that this start came with; the next start does where the database is away."""
    try:
        await tell_changes(services)
    except UNAVAILABLE as error:
        log.warning("new values could not be told", error=type(error).__name__)


async def tell_changes(services: Services) -> int:
    """Announce the facts whose value differs from the one that the store last saw; returns how many."""
    knowledge, now, default = services.knowledge, services.now(), services.settings.language
    values = {each.id: _value(each) for each in knowledge.entries.values() if each.numeric}

    async def write(connection: AsyncConnection) -> int:
        changes = await announcements_of_change.compare(connection, values, knowledge.version, now)
        if not changes:
            return 0
        renderings: dict[str, Rendering] = {each: of_reply(_notice(knowledge, changes, each)) for each in LANGUAGES}
        title = ", ".join(change.fact for change in changes[:3])
        draft = Draft("change", renderings, title=title)
        number = await announcements.create(connection, draft, now)
        await announcements.confirm(connection, number, now, default)
        return len(changes)

    changed = await services.commits.run(write)
    if changed:
        log.info("facts have new values", facts=changed)
    return changed


def _value(entry: Entry) -> dict[str, Any]:
    """Return what the store keeps of a fact's value."""

    def both(text: Text) -> dict[str, str]:
        return {"en": text.en, "zh": text.zh}

    return {
        "value": f"{entry.comparator} {entry.number} {entry.unit}",
        "figure": both(entry.figure),
        "source": both(entry.source),
    }


def _notice(knowledge: Knowledge, changes: Sequence[Change], language: Language) -> Reply:
    """Tell old and new values with both sources."""
    spans = [Span(say(language, "change.title"), "bold")]
    for change in changes[:MOST_CHANGES]:
        statement = knowledge.statement(change.fact, language)
        figure, source = (pick(Text(**change.old[name]), language) for name in ("figure", "source"))
        before = say(language, "change.before", figure=figure, source=source)
        after = say(language, "change.after", figure=statement.figure, source=statement.source)
        spans += [Span(f"\n\n{statement.sentence}"), Span(f"\n{before}\n{after}")]
    return Reply(tuple(spans))
