"""Messages from their acceptance to their end: claimed for a slot, sent outside any transaction, settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, bindparam, delete, func, literal_column, or_, select, update

from bot.store import chats
from bot.store.statements import insert, upsert
from bot.store.tables import NO_THREAD, outbox, pauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


ANSWER, URGENT, CHANGED, ANNOUNCED, DIGEST = PRIORITIES = (0, 2, 5, 10, 20)
"""The lower the sooner; every row has one of these, so that a claim can look at each by itself."""
EVERYBODY = 0
"""Stands for all chats in the table of pauses."""
KEEP = timedelta(days=90)
ERROR_LENGTH = 300
# Sending these twice changes nothing, so that their uncertainty costs nothing either.
REPEATABLE = ("editMessageText", "editMessageCaption", "editMessageReplyMarkup", "deleteMessage")
# What answers somebody may rather come twice than never; what goes to many is held.
RESENT_KINDS = ("answer", "status")
# Written out, not bound: with a parameter no database can tell that its partial index serves.
IS_PENDING = outbox.c.state == literal_column("'pending'")
# That the lease is there goes without saying, but lets SQLite see that the index of what is in flight serves.
IS_SENDING = and_(outbox.c.state == literal_column("'sending'"), outbox.c.lease_until.is_not(None))


class State(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be sent that is not one of an announcement."""

    dedupe_key: str
    kind: str
    chat_id: int
    payload: dict[str, Any]
    due_at: datetime
    thread_id: int = NO_THREAD
    method: str = "sendMessage"
    silent: bool = False
    priority: int = DIGEST
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A message that was taken out to be sent."""

    id: int
    announcement_id: int | None
    kind: str
    chat_id: int
    thread_id: int
    language: str | None
    method: str
    payload: Any
    silent: bool
    attempts: int
    priority: int
    expires_at: datetime | None
    lease_until: datetime
    resend: bool
    """Whether it may be sent again when nobody knows whether it was."""


@dataclass(frozen=True, slots=True)
class Claimer:
    """Who takes messages out, and for how long they are its own."""

    name: str
    lease: timedelta
    alone: bool = False
    """Whether it knows that there is no other."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What has become of a message."""

    item: Item
    state: State
    message_id: int | None = None
    error: str | None = None
    due_at: datetime | None = None
    """When to try again, where it is pending."""
    closed: str | None = None
    """Why its chat can no longer be written to at all."""
    moved_to: int | None = None
    """The supergroup that its chat has become."""
    counts: bool = True
    """Whether this was an attempt."""


async def put(connection: AsyncConnection, messages: Sequence[Message], now: datetime) -> int:
    """Accept messages; those whose key is there already are left as they are. Returns how many are new."""
    if not messages:
        return 0
    rows = [
        {
            "dedupe_key": message.dedupe_key,
            "kind": message.kind,
            "chat_id": message.chat_id,
            "thread_id": message.thread_id,
            "method": message.method,
            "payload": message.payload,
            "silent": message.silent,
            "priority": message.priority,
            "due_at": message.due_at,
            "expires_at": message.expires_at,
            "created_at": now,
        }
        for message in messages
    ]
    statement = insert(connection, outbox).values(rows).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return len((await connection.execute(statement.returning(outbox.c.id))).all())


async def settle(
    connection: AsyncConnection, claimer: Claimer, settlements: Sequence[Settlement], now: datetime
) -> None:
    """Note what has become of messages; what was taken over by another meanwhile is left to that one.

    A row that another process held as uncertain still names its claimer, who knows better than that.
    """
    if not settlements:
        return
    mine = outbox.c.claimed_by == claimer.name
    unsettled = or_(outbox.c.state == State.SENDING, outbox.c.state == State.UNCERTAIN)  # no IN with many at once
    statement = (
        update(outbox)
        .where(outbox.c.id == bindparam("row"), mine, unsettled)
        .values(
            state=bindparam("new_state"),
            message_id=func.coalesce(bindparam("new_message_id", type_=outbox.c.message_id.type), outbox.c.message_id),
            last_error=bindparam("new_error"),
            due_at=func.coalesce(bindparam("new_due_at", type_=outbox.c.due_at.type), outbox.c.due_at),
            attempts=bindparam("new_attempts"),
            sent_at=bindparam("new_sent_at"),
            claimed_by=None,
            lease_until=None,
        )
    )
    await connection.execute(statement, [_values(each, now) for each in settlements])
    for each in settlements:
        await _follow(connection, each, now)


def _values(settlement: Settlement, now: datetime) -> dict[str, Any]:
    """Spell out the changes to one row."""
    return {
        "row": settlement.item.id,
        "new_state": settlement.state,
        "new_message_id": settlement.message_id,
        "new_error": settlement.error[:ERROR_LENGTH] if settlement.error else None,
        "new_due_at": settlement.due_at,
        "new_attempts": settlement.item.attempts + (1 if settlement.counts else 0),
        "new_sent_at": now if settlement.state is State.SENT else None,
    }


async def _follow(connection: AsyncConnection, settlement: Settlement, now: datetime) -> None:
    """Carry out what an outcome means beyond its own row."""
    item = settlement.item
    if settlement.closed is not None:
        await chats.close(connection, item.chat_id, settlement.closed, now)
        waiting = update(outbox).where(outbox.c.chat_id == item.chat_id, outbox.c.state == State.PENDING)
        await connection.execute(waiting.values(state=State.BLOCKED, last_error=settlement.error))
    if settlement.moved_to is not None:
        await chats.migrate(connection, item.chat_id, settlement.moved_to, now)
    if item.kind == "retract" and settlement.state is State.SENT:
        original = update(outbox).where(
            outbox.c.announcement_id == item.announcement_id,
            outbox.c.state == State.SENT,
            outbox.c.kind == "announce",
            outbox.c.id == item.payload["row"],
        )
        await connection.execute(original.values(state=State.RETRACTED))


async def pause(connection: AsyncConnection, chat_id: int | None, until: datetime, seconds: float) -> None:
    """Tell all processes to leave a chat alone (None: every chat) until then."""
    await upsert(connection, pauses, {"chat_id": chat_id or EVERYBODY}, {"until": until, "seconds": seconds})


async def others(connection: AsyncConnection, claimer: Claimer) -> int:
    """Count the other senders that are sending now: they share the overall rate."""
    found = select(func.count(outbox.c.claimed_by.distinct())).where(IS_SENDING, outbox.c.claimed_by != claimer.name)
    return await connection.scalar(found) or 0


async def next_due(connection: AsyncConnection) -> datetime | None:
    """Return when the next message is due that waits."""
    times = [
        await connection.scalar(
            select(outbox.c.due_at).where(IS_PENDING, outbox.c.priority == priority).order_by(outbox.c.due_at).limit(1)
        )
        for priority in PRIORITIES
    ]
    return min((time for time in times if time is not None), default=None)


async def trim(connection: AsyncConnection, now: datetime, limit: int = 5000) -> int:
    """Delete what was settled long ago; returns how many rows went."""
    settled = outbox.c.state.not_in((State.PENDING, State.SENDING))
    old = select(outbox.c.id).where(settled, outbox.c.created_at < now - KEEP).order_by(outbox.c.id).limit(limit)
    await connection.execute(delete(pauses).where(pauses.c.until < now))
    return (await connection.execute(delete(outbox).where(outbox.c.id.in_(old)))).rowcount


def in_flight() -> Select[Any]:
    """Count the messages that are being sent."""
    return select(func.count()).select_from(outbox).where(IS_SENDING)
