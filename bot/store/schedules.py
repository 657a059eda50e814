"""When what recurs is due next: rows, and the arithmetic of local times through changes of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, or_, select, update

from bot.store.tables import announcements, digest_facts, schedules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


LATE = timedelta(hours=1)
"""A run that is later than this was missed, and does not go out at any hour."""
MORNING, EVENING = time(8), time(22)
DAYS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Due:
    """A schedule whose time has come."""

    id: int
    kind: str
    subscription_id: int | None
    cron: str
    zone: str
    misfire: str
    run_at: datetime


def cron(time_of_day: str, weekday: int | None) -> str:
    """Write a daily or weekly time as cron does; Monday is weekday 0 here and 1 there."""
    hour, minute = (int(part) for part in time_of_day.split(":"))
    return f"{minute} {hour} * * {'*' if weekday is None else (weekday + 1) % 7}"


def next_run(cron_text: str, zone: str, after: datetime) -> datetime:
    """Return the next run after an instant, through changes of the clock.

    A time that the clock skips is taken at the same distance from midnight as if it had not been put forward; a time
    that it shows twice is taken the first time.
    """
    minute, hour, _, _, weekday = cron_text.split()
    local = ZoneInfo(zone)
    today = after.astimezone(local).date()
    for days in range(-1, DAYS_AHEAD + 1):
        day = today + timedelta(days=days)
        if weekday != "*" and day.isoweekday() % 7 != int(weekday) % 7:
            continue
        run = datetime.combine(day, time(int(hour), int(minute)), local).astimezone(UTC)
        if run > after:
            return run
    raise ValueError(f"{cron_text!r} is never due")


def catch_up(missed: datetime, following: datetime, zone: str, now: datetime) -> datetime | None:
    """Return when a run goes out whose time has come: now, in the morning if it is late, or not at all."""
    if now - missed <= LATE:
        return now
    local = now.astimezone(ZoneInfo(zone))
    if MORNING <= local.time() < EVENING:
        chosen = now
    else:
        day = local.date() + timedelta(days=1 if local.time() >= EVENING else 0)
        chosen = datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)
    # So close to the next one it would be one of two in a row.
    return chosen if following - chosen > timedelta(hours=6) else None


async def plan_digest(
    connection: AsyncConnection, subscription_id: int, cron_text: str | None, zone: str, now: datetime
) -> None:
    """Give a subscription its schedule, change it, or take it away."""
    mine = schedules.c.subscription_id == subscription_id
    if cron_text is None:
        await connection.execute(delete(schedules).where(mine))
        return
    found = (await connection.execute(select(schedules.c.cron, schedules.c.zone).where(mine))).first()
    values = {"cron": cron_text, "zone": zone, "next_run_at": next_run(cron_text, zone, now)}
    if found is None:
        await connection.execute(insert(schedules).values(kind="digest", subscription_id=subscription_id, **values))
    elif (found.cron, found.zone) != (cron_text, zone):
        await connection.execute(update(schedules).where(mine).values(**values))


async def due(connection: AsyncConnection, now: datetime, limit: int = 100) -> list[Due]:
    """Return schedules whose time has come; on PostgreSQL no other process sees them until the transaction ends."""
    columns = [
        schedules.c[name] for name in ("id", "kind", "subscription_id", "cron", "zone", "misfire", "next_run_at")
    ]
    found = await connection.execute(
        select(*columns)
        .where(schedules.c.enabled, schedules.c.next_run_at <= now)
        .order_by(schedules.c.next_run_at, schedules.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Due(*row) for row in found]


async def ran(connection: AsyncConnection, schedule: Due, now: datetime) -> None:
    """Set a schedule to its next run; however many were missed, they were one."""
    following = next_run(schedule.cron, schedule.zone, now)
    changed = update(schedules).where(schedules.c.id == schedule.id)
    await connection.execute(changed.values(next_run_at=following, last_run_at=schedule.run_at))


async def next_time(connection: AsyncConnection, subscription_id: int) -> datetime | None:
    """Return when a subscription's next digest is due."""
    mine = select(schedules.c.next_run_at).where(schedules.c.subscription_id == subscription_id, schedules.c.enabled)
    found: datetime | None = await connection.scalar(mine)
    return found


async def rotate(
    connection: AsyncConnection, subscription_id: int, facts: Sequence[str], count: int, now: datetime
) -> list[str]:
    """Choose the facts of a digest, and note them: none comes again before all have been shown."""
    mine = digest_facts.c.subscription_id == subscription_id
    shown = set(await connection.scalars(select(digest_facts.c.fact_id).where(mine)))
    fresh = [fact for fact in facts if fact not in shown]
    chosen = fresh[:count]
    if len(fresh) <= count:  # the round ends with these; the next one begins with all the others
        await connection.execute(delete(digest_facts).where(mine))
        if fresh:
            return chosen
        chosen = list(facts[:count])
    if chosen:
        rows = [{"subscription_id": subscription_id, "fact_id": fact, "shown_at": now} for fact in chosen]
        await connection.execute(insert(digest_facts), rows)
    return chosen


async def anything_due(connection: AsyncConnection, now: datetime) -> bool:
    """Tell whether any time has come, without keeping a writer from its work."""
    recurring = select(schedules.c.id).where(schedules.c.enabled, schedules.c.next_run_at <= now).exists()
    planned = (
        select(announcements.c.id).where(announcements.c.state == "scheduled", announcements.c.send_at <= now).exists()
    )
    return bool(await connection.scalar(select(or_(recurring, planned))))
