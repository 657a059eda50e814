"""Who sends a message: claimed for a slot by one, given back unsent, recovered from the dead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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


async def claim(connection: AsyncConnection, claimer: Claimer, now: datetime, limit: int) -> list[Item]:
    """Take the next messages, one chat at a time, none of a chat that waits for a pause or is being sent to."""
    items: list[Item] = []
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
    """Choose rows of a priority that are due; where others claim, too, those that they look at are passed over."""
    other = outbox.alias()
    # That the lease is there goes without saying, but lets SQLite see that the index of what is in flight serves.
    busy = select(other.c.chat_id).where(other.c.state == literal_column("'sending'"), other.c.lease_until.is_not(None))
    found = (
        select(outbox.c.id)
        .where(
            IS_PENDING,
            outbox.c.priority == priority,
            outbox.c.due_at <= now,
            outbox.c.chat_id.not_in(busy),
            outbox.c.chat_id.not_in(select(pauses.c.chat_id).where(pauses.c.until > now)),
            ~select(pauses.c.chat_id).where(pauses.c.chat_id == EVERYBODY, pauses.c.until > now).exists(),
        )
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
    )
    return found.with_for_update(skip_locked=True) if connection.dialect.name == "postgresql" else found


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
