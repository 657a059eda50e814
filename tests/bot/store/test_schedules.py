"""Next runs through changes of the clock, missed runs once and by day, and a rotation that repeats nothing."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import chats, schedules, subscriptions
from bot.store.chats import Seen
from bot.store.schedules import catch_up, cron, next_run
from bot.store.store import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "weekday", "zone", "after", "expected"),
    [
        ("09:00", None, "Asia/Shanghai", "2026-11-23T00:59", "2026-11-23T01:00"),
        ("09:00", None, "Asia/Shanghai", "2026-11-23T01:00", "2026-11-24T01:00"),
        ("09:00", 0, "UTC", "2026-11-23T09:00", "2026-11-30T09:00"),  # Monday to Monday
        ("09:00", 6, "UTC", "2026-11-23T09:00", "2026-11-29T09:00"),
        ("09:00", None, "Europe/Berlin", "2027-03-27T12:00", "2027-03-28T07:00"),  # summer begins: an hour earlier
        ("09:00", None, "Europe/Berlin", "2027-10-30T12:00", "2027-10-31T08:00"),  # and ends
        ("02:30", None, "Europe/Berlin", "2027-03-27T12:00", "2027-03-28T01:30"),  # does not exist: 03:30
        ("02:30", None, "Europe/Berlin", "2027-10-30T12:00", "2027-10-31T00:30"),  # exists twice: the first
        ("02:30", None, "Europe/Berlin", "2027-10-31T00:30", "2027-11-01T01:30"),  # and not the second
    ],
)
def test_the_next_run_is_at_the_local_time(
    clock: str, weekday: int | None, zone: str, after: str, expected: str
) -> None:
    assert next_run(cron(clock, weekday), zone, utc(after)) == utc(expected)


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    weekday=st.none() | st.integers(0, 6),
    zone=st.sampled_from(ZONES),
)
def test_runs_are_neither_left_out_nor_doubled(
    start: datetime, hour: int, minute: int, weekday: int | None, zone: str
) -> None:
    text = cron(f"{hour:02}:{minute:02}", weekday)
    run = next_run(text, zone, start.replace(tzinfo=UTC))
    following = next_run(text, zone, run)
    days = (following.astimezone(ZoneInfo(zone)).date() - run.astimezone(ZoneInfo(zone)).date()).days
    assert days == (1 if weekday is None else 7)
    assert weekday is None or run.astimezone(ZoneInfo(zone)).weekday() == weekday


@pytest.mark.parametrize(
    ("missed", "now", "expected"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:30", "2026-11-23T09:30"),  # hardly late
        ("2026-11-23T03:00", "2026-11-23T03:10", "2026-11-23T03:10"),  # at night because it was asked for
        ("2026-11-20T09:00", "2026-11-23T14:00", "2026-11-23T14:00"),  # late, by day: now
        ("2026-11-22T09:00", "2026-11-23T23:00", "2026-11-24T08:00"),  # late, by night: in the morning
        ("2026-11-22T09:00", "2026-11-23T02:00", "2026-11-23T08:00"),
    ],
)
def test_a_missed_run_comes_once_and_by_day(missed: str, now: str, expected: str) -> None:
    assert catch_up(utc(missed), utc("2026-12-07T09:00"), "UTC", utc(now)) == utc(expected)


def test_a_missed_run_gives_way_to_the_next() -> None:
    assert catch_up(utc("2026-11-22T09:00"), utc("2026-11-23T09:00"), "UTC", utc("2026-11-23T02:00")) is None


async def test_a_schedule_that_was_missed_often_is_due_once(store: Store) -> None:
    async with store.writing() as connection:
        await chats.see(connection, [Seen(-7, "group", NOW)])
        made = await subscriptions.subscribe(connection, -7, 0, by=1, zone="Asia/Shanghai", now=NOW)
        await subscriptions.change(connection, made, NOW, digest="daily")
        later = NOW + timedelta(days=9)
        (due,) = await schedules.due(connection, later)
        await schedules.ran(connection, due, later)
        assert await schedules.due(connection, later) == []
        following = await schedules.next_time(connection, made.id)
        assert following == utc("2026-12-03T01:00")
        await subscriptions.unsubscribe(connection, -7, 0, later)
        assert await schedules.next_time(connection, made.id) is None


async def test_a_rotation_shows_all_before_any_again(store: Store) -> None:
    facts = [f"fact-{number}" for number in range(7)]
    async with store.writing() as connection:
        await chats.see(connection, [Seen(-7, "group", NOW)])
        made = await subscriptions.subscribe(connection, -7, 0, by=1, zone="UTC", now=NOW)
        shown: list[str] = []
        for _ in range(7):
            shown += await schedules.rotate(connection, made.id, facts, 2, NOW)
        assert Counter(shown[:7]) == Counter(facts)
        shorter = [await schedules.rotate(connection, made.id, ["only"], 2, NOW) for _ in range(2)]
        assert shorter == [["only"], ["only"]]
