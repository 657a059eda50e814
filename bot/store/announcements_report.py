"""How far an announcement has come: its messages counted by what became of them, or one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, func, select

from bot.store.announcements import UNSETTLED, Announcement
from bot.store.outbox import State
from bot.store.tables import chats, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Report:
    """How far an announcement has come."""

    counts: Counter[str] = field(default_factory=Counter)
    """Its messages by state."""
    changes: Counter[str] = field(default_factory=Counter)
    """The corrections or retractions that are under way, by state."""
    reasons: Sequence[tuple[str, str, int]] = ()
    """State, reason, number; the commonest first."""

    @property
    def total(self) -> int:
        """How many messages there are."""
        return sum(self.counts.values())

    @property
    def unsettled(self) -> int:
        """How many are still to be sent, edited or deleted."""
        return sum(self.counts[state] + self.changes[state] for state in UNSETTLED)


async def report(connection: AsyncConnection, found: Announcement) -> Report:
    """Count the messages of an announcement."""
    mine = outbox.c.announcement_id == found.id
    current = "retract:0:" if found.state in {"retracting", "retracted"} else f"correct:{found.revision}:"
    kind = case((outbox.c.kind == "announce", "announce"), (outbox.c.dedupe_key.startswith(current), "change"))
    counts: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    counted = select(kind.label("part"), outbox.c.state, func.count()).where(mine)
    for part, state, number in await connection.execute(counted.group_by(kind, outbox.c.state)):
        if part is not None:
            (counts if part == "announce" else changes)[state] += number
    named = select(outbox.c.state, outbox.c.last_error, func.count()).where(mine, outbox.c.last_error.is_not(None))
    settled = named.where(outbox.c.state.not_in((*UNSETTLED, State.SENT))).group_by(outbox.c.state, outbox.c.last_error)
    commonest = await connection.execute(settled.order_by(func.count().desc(), outbox.c.last_error).limit(10))
    return Report(counts, changes, [(row[0], row[1], row[2]) for row in commonest])


async def messages(connection: AsyncConnection, announcement_id: int) -> list[tuple[Any, ...]]:
    """Return the messages of an announcement, for a report: chat, title, topic, language, state, reason, when."""
    return [tuple(row) for row in await connection.execute(_messages(announcement_id))]


def _messages(announcement_id: int) -> Select[Any]:
    """Choose the messages of an announcement with the titles of their chats."""
    names = (outbox.c.chat_id, chats.c.title, outbox.c.thread_id, outbox.c.language)
    fates = (outbox.c.state, outbox.c.last_error, outbox.c.sent_at)
    joined = outbox.outerjoin(chats, chats.c.id == outbox.c.chat_id)
    mine = outbox.c.announcement_id == announcement_id, outbox.c.kind == "announce"
    return select(*names, *fates).select_from(joined).where(*mine).order_by(outbox.c.id)
