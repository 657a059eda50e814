"""Who sends a message: claimed for a slot by one, given back unsent, recovered from the dead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, literal, literal_column, or_, select, tuple_, update

from bot.store.outbox import (
    EVERYBODY,
    IS_PENDING,
    IS_SENDING,
    PRIORITIES,
    REPEATABLE,
    RESENT_KINDS,
    Claimer,
    Item,
    State,
)
from bot.store.tables import announcements, outbox, pauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


CLAIM_LOCK = 0x666163746C696E65
"""What PostgreSQL calls the lock of whoever claims."""
CHAT_REST = timedelta(seconds=1)
GROUP_WINDOW, PER_GROUP = timedelta(minutes=1), 20
"""Telegram's limits of one chat and of a group, which processes that share an outbox keep together."""


async def claim(connection: AsyncConnection, claimer: Claimer, now: datetime, limit: int) -> list[Item]:
    """Take the next messages, one chat at a time, none of a chat that waits for a pause or is being sent to."""
    items: list[Item] = []
    if connection.dialect.name == "postgresql":
        # One claims at a time: two that looked at once would each take a row of the same chat, seeing none in flight.
        await connection.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
    for priority in await _priorities(connection, now):
        if len(items) >= limit:
            break
        taken = await connection.execute(
            update(outbox)
            .where(outbox.c.id.in_(_next(connection, priority, now, limit - len(items))))
            .values(state=State.SENDING, claimed_by=claimer.name, lease_until=now + claimer.lease)
            .returning(*_columns())
        )
        items += sorted((Item(*row) for row in taken), key=lambda item: item.id)
    return items


async def _priorities(connection: AsyncConnection, now: datetime) -> list[int]:
    """Return the priorities of which something is due: one question, since a claim for each costs more."""
    due = [
        select(outbox.c.id).where(IS_PENDING, outbox.c.priority == priority, outbox.c.due_at <= now).exists()
        for priority in PRIORITIES
    ]
    found = (await connection.execute(select(*due))).one()
    return [priority for priority, is_due in zip(PRIORITIES, found, strict=True) if is_due]


def _next(connection: AsyncConnection, priority: int, now: datetime, limit: int) -> Select[tuple[int]]:
    """Choose rows of a priority that are due, the first of each chat that may be written to now."""
    other = outbox.alias()
    # That the lease is there goes without saying, but lets SQLite see that the index of what is in flight serves.
    busy = select(other.c.chat_id).where(other.c.state == literal_column("'sending'"), other.c.lease_until.is_not(None))
    shared = connection.dialect.name == "postgresql"
    found = (
        select(outbox.c.id)
        .where(
            IS_PENDING,
            outbox.c.priority == priority,
            outbox.c.due_at <= now,
            outbox.c.chat_id.not_in(busy),
            outbox.c.chat_id.not_in(select(pauses.c.chat_id).where(pauses.c.until > now)),
            ~select(pauses.c.chat_id).where(pauses.c.chat_id == EVERYBODY, pauses.c.until > now).exists(),
            _first_of_its_chat(priority, now),
            *(_rested(now) if shared else ()),
        )
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
    )
    return found.with_for_update(skip_locked=True) if shared else found


def _first_of_its_chat(priority: int, now: datetime) -> ColumnElement[bool]:
    """Tell whether no earlier row of this priority waits for the same chat: one claim takes one of a chat."""
    other = outbox.alias()
    earlier = select(literal(1)).where(
        other.c.chat_id == outbox.c.chat_id,
        other.c.state.concat("") == State.PENDING,  # hides the index of what is due: it is looked up by chat
        other.c.priority == priority,
        other.c.due_at <= now,
        tuple_(other.c.due_at, other.c.id) < tuple_(outbox.c.due_at, outbox.c.id),
    )
    # Not NOT EXISTS: PostgreSQL would make that a join, over all that waits, where its statistics are old.
    return earlier.limit(1).scalar_subquery().is_(None)


def _rested(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Keep the limits of a chat over all processes, each of whose pacers knows only what it sent itself.

    What the outbox does not hold, immediate replies of other processes, is not seen; a 429 then pauses it for all.
    """
    other = outbox.alias()
    here = other.c.chat_id == outbox.c.chat_id
    just = select(literal(1)).where(here, other.c.sent_at > now - CHAT_REST).limit(1).scalar_subquery()
    lately = select(func.count()).where(here, other.c.sent_at > now - GROUP_WINDOW).scalar_subquery()
    return just.is_(None), or_(outbox.c.chat_id > 0, lately < PER_GROUP)


def _columns() -> list[Any]:
    """Name what an item is made of, in order."""
    policy = (
        select(announcements.c.on_uncertain == "resend")
        .where(announcements.c.id == outbox.c.announcement_id)
        .scalar_subquery()
    )
    mine = (outbox.c.id, outbox.c.announcement_id, outbox.c.kind, outbox.c.chat_id, outbox.c.thread_id)
    content = (outbox.c.language, outbox.c.method, outbox.c.payload, outbox.c.silent, outbox.c.attempts)
    resend = or_(outbox.c.method.in_(REPEATABLE), outbox.c.kind.in_(RESENT_KINDS), func.coalesce(policy, False)).label(
        "resend"
    )
    return [*mine, *content, outbox.c.priority, outbox.c.expires_at, outbox.c.lease_until, resend]


async def put_back(connection: AsyncConnection, claimer: Claimer, items: Sequence[Item], due_at: datetime) -> None:
    """Give back messages of which it is known that they were not sent."""
    if items:
        await connection.execute(
            update(outbox)
            .where(
                outbox.c.id.in_([item.id for item in items]),
                outbox.c.claimed_by == claimer.name,
                outbox.c.state.in_((State.SENDING, State.UNCERTAIN)),
            )
            .values(state=State.PENDING, claimed_by=None, lease_until=None, due_at=due_at)
        )


async def recover(connection: AsyncConnection, claimer: Claimer, now: datetime, *, starting: bool = False) -> int:
    """Settle what dead senders left in flight: held as uncertain, or sent again where that is the policy."""
    left = IS_SENDING
    if starting and claimer.alone:
        left = left & (outbox.c.claimed_by != claimer.name)
    else:
        left = left & (outbox.c.lease_until < now) & (outbox.c.claimed_by != claimer.name)
    resent = select(announcements.c.id).where(announcements.c.on_uncertain == "resend")
    again = or_(
        outbox.c.method.in_(REPEATABLE),
        outbox.c.kind.in_(RESENT_KINDS),
        func.coalesce(outbox.c.announcement_id.in_(resent), False),
    )
    back = update(outbox).where(left, again)
    retried = await connection.execute(
        back.values(state=State.PENDING, claimed_by=None, lease_until=None, attempts=outbox.c.attempts + 1)
    )
    held = await connection.execute(
        update(outbox)
        .where(left)
        .values(state=State.UNCERTAIN, attempts=outbox.c.attempts + 1, last_error="the sender ended while sending")
    )
    return retried.rowcount + held.rowcount
