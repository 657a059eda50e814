"""Updates from their arrival to the end of their handling; each update_id is taken in once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Select, and_, bindparam, delete, func, or_, select, text, update

from bot.store.statements import insert_new
from bot.store.tables import inbox

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


ATTEMPTS = 3
"""So often an update may fail before it is quarantined."""
PER_CHAT = 16
"""So many updates of one chat are taken at a time: a chat that floods must not fill the worker's memory."""
KEEP_DONE = timedelta(hours=48)
"""Telegram delivers an update again for 24 hours; so long it has to be recognised, and some more."""
KEEP_QUARANTINED = timedelta(days=30)
ERROR_LENGTH = 2000
# Replicas that take updates at the same moment could split a chat between them: they take turns.
CLAIM_LOCK = 0x46_41_43_54_02
_FINISH: Final = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="done", payload=None, claimed_by=None, lease_until=None, error=None, settled_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update that came in: the raw JSON, and what has to be known about it without understanding it."""

    update_id: int
    chat_id: int
    user_id: int | None
    payload: str


@dataclass(frozen=True, slots=True)
class Row:
    """An update that was taken out to be handled."""

    id: int
    update_id: int
    chat_id: int
    attempts: int
    payload: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed."""

    id: int
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Who takes updates out, and for how long they are its own without being renewed."""

    name: str
    lease: timedelta
    alone: bool = False
    """Whether it knows that there is no other."""


async def put(connection: AsyncConnection, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Take updates in; those that are there already, or were, are left as they are."""
    rows = [
        {
            "update_id": arrival.update_id,
            "chat_id": arrival.chat_id,
            "user_id": arrival.user_id,
            "payload": arrival.payload,
            "received_at": now,
        }
        for arrival in arrivals
    ]
    await insert_new(connection, inbox, ["update_id"], rows)


async def depth(connection: AsyncConnection) -> int:
    """Count what waits or is being handled."""
    free = select(func.count()).where(inbox.c.state == "pending", inbox.c.claimed_by.is_(None)).scalar_subquery()
    claimed = select(func.count()).where(inbox.c.claimed_by.is_not(None)).scalar_subquery()
    return await connection.scalar(select(free + claimed)) or 0


async def claim(
    connection: AsyncConnection, worker: Worker, now: datetime, limit: int, full: Collection[int] = ()
) -> list[Row]:
    """Take the next updates for a worker, in order within a chat; no chat that another worker has, none of `full`."""
    if not worker.alone:
        await _make_way(connection, worker, now)
    statement = (
        update(inbox)
        .where(inbox.c.id.in_(_next(worker, limit, full)))
        .values(claimed_by=worker.name, lease_until=now + worker.lease)
        .returning(inbox.c.id, inbox.c.update_id, inbox.c.chat_id, inbox.c.attempts, inbox.c.payload)
    )
    found = await connection.execute(statement)
    return sorted((Row(*row) for row in found), key=lambda row: row.id)


async def _make_way(connection: AsyncConnection, worker: Worker, now: datetime) -> None:
    """Free what dead workers hold; on PostgreSQL let only one worker claim at a time."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIM_LOCK})
    await connection.execute(
        update(inbox)
        .where(inbox.c.claimed_by.is_not(None), inbox.c.claimed_by != worker.name, inbox.c.lease_until < now)
        .values(claimed_by=None, lease_until=None)
    )


def _next(worker: Worker, limit: int, full: Collection[int]) -> Select[tuple[int]]:
    """Choose rows: the first of every chat before the second of any."""
    place = func.row_number().over(partition_by=inbox.c.chat_id, order_by=inbox.c.id).label("place")
    free = select(inbox.c.id, place).where(inbox.c.state == "pending", inbox.c.claimed_by.is_(None))
    if full:
        free = free.where(inbox.c.chat_id.not_in(list(full)))
    if not worker.alone:
        other = inbox.alias()
        elsewhere = select(other.c.chat_id).where(other.c.claimed_by.is_not(None), other.c.claimed_by != worker.name)
        free = free.where(inbox.c.chat_id.not_in(elsewhere))
    ranked = free.subquery()
    return select(ranked.c.id).where(ranked.c.place <= PER_CHAT).order_by(ranked.c.place, ranked.c.id).limit(limit)


async def finish(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Mark updates as done, and forget what they said."""
    if ids:
        await connection.execute(_FINISH, {"ids": list(ids), "now": now})


async def fail(connection: AsyncConnection, failure: Failure, now: datetime) -> None:
    """Note a failed attempt; after the last one the update is quarantined."""
    over = failure.attempts >= ATTEMPTS
    changes = {"state": "quarantined", "claimed_by": None, "lease_until": None, "settled_at": now} if over else {}
    await connection.execute(
        update(inbox)
        .where(inbox.c.id == failure.id, inbox.c.state == "pending")
        .values(attempts=failure.attempts, error=failure.error[:ERROR_LENGTH], **changes)
    )


async def renew(connection: AsyncConnection, worker: Worker, now: datetime) -> None:
    """Keep what a worker holds."""
    await connection.execute(
        update(inbox).where(inbox.c.claimed_by == worker.name).values(lease_until=now + worker.lease)
    )


async def release(connection: AsyncConnection, worker: Worker) -> None:
    """Give back what a worker holds; one that is alone takes back what anyone did."""
    held = inbox.c.claimed_by.is_not(None) if worker.alone else inbox.c.claimed_by == worker.name
    await connection.execute(update(inbox).where(held).values(claimed_by=None, lease_until=None))


async def trim(connection: AsyncConnection, now: datetime, limit: int = 5000) -> int:
    """Delete what was settled long ago, not too much at a time; returns how many rows went."""
    old = or_(
        and_(inbox.c.state == "done", inbox.c.settled_at < now - KEEP_DONE),
        and_(inbox.c.state == "quarantined", inbox.c.settled_at < now - KEEP_QUARANTINED),
    )
    found = select(inbox.c.id).where(inbox.c.settled_at.is_not(None), old).limit(limit)
    return (await connection.execute(delete(inbox).where(inbox.c.id.in_(found)))).rowcount


async def quarantined(connection: AsyncConnection, limit: int = 20) -> list[tuple[int, str, datetime]]:
    """List the newest quarantined updates: update_id, error, since when."""
    found = await connection.execute(
        select(inbox.c.update_id, inbox.c.error, inbox.c.settled_at)
        .where(inbox.c.state == "quarantined", inbox.c.settled_at.is_not(None))
        .order_by(inbox.c.settled_at.desc(), inbox.c.id.desc())
        .limit(limit)
    )
    return [(row.update_id, row.error, row.settled_at) for row in found]
