"""Who is told what: subscriptions of chats and forum topics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, update

from bot.store import schedules
from bot.store.statements import insert
from bot.store.tables import NO_THREAD, outbox, subscriptions

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a chat, or a topic of a forum, wants to be told."""

    id: int
    chat_id: int
    thread_id: int
    active: bool
    announcements: bool
    digest: str
    digest_time: str
    digest_day: int
    zone: str
    on_change: bool
    silent: bool
    quiet_from: str | None
    quiet_until: str | None
    language: str | None
    created_by: int | None
    created_at: datetime
    changed_at: datetime


def _read(row: Row[Any] | None) -> Subscription | None:
    """Read a row of the table."""
    return Subscription(**row._mapping) if row is not None else None  # noqa: SLF001 - the public way to a row's names


async def subscribe(
    connection: AsyncConnection, chat_id: int, thread_id: int, *, by: int | None, zone: str, now: datetime
) -> Subscription:
    """Subscribe a chat or topic, or take up again what it had set before."""
    values = {"chat_id": chat_id, "thread_id": thread_id, "zone": zone, "created_by": by}
    statement = insert(connection, subscriptions).values(**values, created_at=now, changed_at=now)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["chat_id", "thread_id"], set_={"active": True, "changed_at": now}
        )
    )
    found = await find(connection, chat_id, thread_id)
    if found is None:
        raise LookupError("a subscription vanished while it was made")
    await _plan(connection, found, now)
    return found


async def unsubscribe(connection: AsyncConnection, chat_id: int, thread_id: int, now: datetime) -> bool:
    """End a subscription; its settings are kept for the next one. Tells whether there was one."""
    found = await find(connection, chat_id, thread_id)
    if found is None or not found.active:
        return False
    await change(connection, found, now, active=False)
    return True


async def find(connection: AsyncConnection, chat_id: int, thread_id: int = NO_THREAD) -> Subscription | None:
    """Find the subscription of a chat or topic."""
    chosen = select(subscriptions).where(subscriptions.c.chat_id == chat_id, subscriptions.c.thread_id == thread_id)
    return _read((await connection.execute(chosen)).first())


async def get(connection: AsyncConnection, subscription_id: int) -> Subscription | None:
    """Find a subscription by its number."""
    chosen = select(subscriptions).where(subscriptions.c.id == subscription_id)
    return _read((await connection.execute(chosen)).first())


async def change(
    connection: AsyncConnection,
    subscription: Subscription,
    now: datetime,
    **changes: Any,  # noqa: ANN401 - any column
) -> Subscription:
    """Change settings, and plan the next digest anew where they bear on it."""
    chosen = update(subscriptions).where(subscriptions.c.id == subscription.id)
    await connection.execute(chosen.values(**changes, changed_at=now))
    changed = replace(subscription, **changes, changed_at=now)
    await _plan(connection, changed, now)
    return changed


async def _plan(connection: AsyncConnection, subscription: Subscription, now: datetime) -> None:
    """Keep the schedule of the digests in step with the settings."""
    wanted = subscription.active and subscription.digest != "off"
    cron = schedules.cron(
        subscription.digest_time, subscription.digest_day if subscription.digest == "weekly" else None
    )
    await schedules.plan_digest(connection, subscription.id, cron if wanted else None, subscription.zone, now)


def end_of_quiet(quiet_from: str, quiet_until: str, zone: str, now: datetime) -> datetime | None:
    """Return when the quiet hours end that it is in a place now; None outside of them."""
    local = now.astimezone(ZoneInfo(zone))
    begin, end, here = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until), local.time()
    over_midnight = begin > end
    if not ((here >= begin or here < end) if over_midnight else begin <= here < end):
        return None
    day = local.date() + timedelta(days=1 if over_midnight and here >= begin else 0)
    return datetime.combine(day, end, ZoneInfo(zone)).astimezone(UTC)


async def keep_quiet(connection: AsyncConnection, announcement_id: int, now: datetime) -> None:
    """Put off an announcement's messages to those in whose place it is quiet now."""
    names = ("chat_id", "thread_id", "zone", "quiet_from", "quiet_until")
    quiet = select(*(subscriptions.c[name] for name in names)).where(
        subscriptions.c.active, subscriptions.c.quiet_from.is_not(None), subscriptions.c.quiet_until.is_not(None)
    )
    for row in (await connection.execute(quiet)).all():
        end = end_of_quiet(row.quiet_from, row.quiet_until, row.zone, now)
        if end is not None:
            key = f"announce:{announcement_id}:{row.chat_id}:{row.thread_id}"
            await connection.execute(update(outbox).where(outbox.c.dedupe_key == key).values(due_at=end))
