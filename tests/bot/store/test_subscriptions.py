"""Subscriptions keep their settings, their schedule, and their quiet hours."""

from datetime import UTC, datetime

import pytest

from bot.store import chats, schedules, subscriptions
from bot.store.chats import Seen
from bot.store.store import Store
from bot.store.subscriptions import end_of_quiet

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_settings_survive_the_end_of_a_subscription(store: Store) -> None:
    async with store.writing() as connection:
        made = await subscriptions.subscribe(connection, -7, 5, by=1, zone="UTC", now=NOW)
        assert (made.announcements, made.digest, made.active) == (True, "weekly", True)
        await subscriptions.change(connection, made, NOW, digest="daily", zone="Asia/Shanghai", language="zh-Hans")
        assert await subscriptions.unsubscribe(connection, -7, 5, NOW)
        assert not await subscriptions.unsubscribe(connection, -7, 5, NOW)
        again = await subscriptions.subscribe(connection, -7, 5, by=2, zone="UTC", now=NOW)
    assert (again.id, again.active) == (made.id, True)
    assert (again.digest, again.zone, again.language) == ("daily", "Asia/Shanghai", "zh-Hans")


async def test_topics_of_a_chat_are_subscribed_one_by_one(store: Store) -> None:
    async with store.writing() as connection:
        await subscriptions.subscribe(connection, -7, 5, by=1, zone="UTC", now=NOW)
        assert await subscriptions.find(connection, -7) is None
        assert await subscriptions.find(connection, -7, 5) is not None


async def test_the_schedule_follows_the_settings(store: Store) -> None:
    async with store.writing() as connection:
        made = await subscriptions.subscribe(connection, 7, 0, by=7, zone="UTC", now=NOW)
        weekly = await schedules.next_time(connection, made.id)
        made = await subscriptions.change(connection, made, NOW, digest="daily", digest_time="13:30")
        daily = await schedules.next_time(connection, made.id)
        await subscriptions.change(connection, made, NOW, digest="off")
        assert await schedules.next_time(connection, made.id) is None
    assert weekly == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert daily == datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


async def test_a_migrated_group_takes_its_subscription_along(store: Store) -> None:
    async with store.writing() as connection:
        await chats.see(connection, [Seen(-7, "group", NOW, "Desk")])
        made = await subscriptions.subscribe(connection, -7, 0, by=1, zone="UTC", now=NOW)
        await chats.migrate(connection, -7, -1007, NOW)
        moved = await subscriptions.find(connection, -1007)
        assert moved is not None
        assert moved.id == made.id
        assert await schedules.next_time(connection, moved.id) is not None


@pytest.mark.parametrize(
    ("begin", "end", "zone", "now", "expected"),
    [
        ("22:00", "08:00", "UTC", "2026-11-23T23:00", "2026-11-24T08:00"),
        ("22:00", "08:00", "UTC", "2026-11-23T07:59", "2026-11-23T08:00"),
        ("22:00", "08:00", "UTC", "2026-11-23T08:00", None),
        ("12:00", "14:00", "UTC", "2026-11-23T13:00", "2026-11-23T14:00"),
        ("12:00", "14:00", "UTC", "2026-11-23T14:00", None),
        ("22:00", "08:00", "Asia/Shanghai", "2026-11-23T14:30", "2026-11-24T00:00"),
    ],
)
def test_quiet_hours_end(begin: str, end: str, zone: str, now: str, expected: str | None) -> None:
    found = end_of_quiet(begin, end, zone, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)
