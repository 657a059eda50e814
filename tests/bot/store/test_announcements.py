"""An announcement from draft to report, in any order of steps that people, senders and restarts can take."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import OperationalError

from bot.store import (
    announcements,
    announcements_amending,
    announcements_of_change,
    announcements_report,
    claiming,
    outbox,
    subscriptions,
)
from bot.store.announcements import Announcement, Draft
from bot.store.outbox import Claimer, Item, Settlement, State
from bot.store.store import Store
from bot.store.tables import announcements as table
from bot.store.tables import chats
from bot.store.tables import outbox as rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection


T = TypeVar("T")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE = timedelta(seconds=10)
TEXT = {"*": {"method": "sendMessage", "params": {"text": "Four"}}}
MANY = 6


async def people(store: Store, number: int = MANY) -> None:
    """Have so many chats subscribed."""
    async with store.writing() as connection:
        for chat in range(1, number + 1):
            await connection.execute(insert(chats).values(id=chat, kind="private", seen_at=NOW))
            await subscriptions.subscribe(connection, chat, 0, by=chat, zone="UTC", now=NOW)


async def accepted(store: Store, draft: Draft | None = None) -> int:
    """Make an announcement, and confirm it."""
    async with store.writing() as connection:
        number = await announcements.create(connection, draft or Draft("text", TEXT), NOW)
        assert await announcements.confirm(connection, number, NOW, "en")
    return number


async def found(store: Store, number: int) -> Announcement:
    async with store.reading() as connection:
        announcement = await announcements.find(connection, number)
    assert announcement is not None
    return announcement


class Life(RuleBasedStateMachine):
    """What may happen to an announcement, in any order; a model of the chats says what has to be true."""

    store: Store
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.clock = NOW
        self.me = 0
        self.flying: list[Item] = []
        self.delivered: dict[int, int] = {}
        self.maybe: set[int] = set()
        self.resent = 0
        self.ended = False
        self.do(self._begin)

    def do(self, verb: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async def run() -> T:
            async with self.store.writing() as connection:
                return await verb(connection)

        return self.loop.run_until_complete(run())

    async def _begin(self, connection: AsyncConnection) -> None:
        await connection.execute(delete(rows))
        await connection.execute(delete(table))
        self.number = await announcements.create(connection, Draft("text", TEXT), NOW)

    @property
    def claimer(self) -> Claimer:
        return Claimer(str(self.me), LEASE)

    def state(self) -> str:
        return str(self.do(lambda c: c.scalar(select(table.c.state))))

    @rule()
    def confirm(self) -> None:
        before = self.state()
        first = self.do(lambda c: announcements.confirm(c, self.number, self.clock, "en"))
        assert first == (before == "draft")

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        self.flying += self.do(lambda c: claiming.claim(c, self.claimer, self.clock, limit))

    @rule(fate=st.sampled_from(["sent", "failed", "uncertain", "retry"]), arrives=st.booleans())
    def settle(self, fate: str, arrives: bool) -> None:
        if not self.flying:
            return
        item = self.flying.pop(0)
        if item.kind == "announce" and (fate == "sent" or (fate == "uncertain" and arrives)):
            self.delivered[item.chat_id] = self.delivered.get(item.chat_id, 0) + 1
        states = {"sent": State.SENT, "failed": State.FAILED, "uncertain": State.UNCERTAIN, "retry": State.PENDING}
        repeated = item.resend and fate == "uncertain"
        state = State.PENDING if repeated else states[fate]
        sent = 100 + item.id if state is State.SENT and item.kind == "announce" else None
        reason = None if state is State.SENT else fate
        settlement = Settlement(item, state, sent, reason, due_at=self.clock if state is State.PENDING else None)
        self.do(lambda c: outbox.settle(c, self.claimer, [settlement], self.clock))

    @rule(arrived=st.integers(0, 3))
    def die(self, arrived: int) -> None:
        for item in self.flying[:arrived]:
            if item.kind == "announce":
                self.delivered[item.chat_id] = self.delivered.get(item.chat_id, 0) + 1
        self.flying = []
        self.me += 1
        self.clock += LEASE + timedelta(seconds=1)
        self.do(lambda c: claiming.recover(c, self.claimer, self.clock))

    @rule()
    def cancel(self) -> None:
        self.do(lambda c: announcements_amending.cancel(c, self.number, self.clock))

    @rule()
    def retract(self) -> None:
        before = self.state()
        begun = self.do(lambda c: announcements_amending.retract(c, self.number, self.clock))
        assert begun == (before in {"sending", "done", "cancelled", "correcting"} and self._confirmed())

    def _confirmed(self) -> bool:
        return self.do(lambda c: c.scalar(select(table.c.confirmed_at))) is not None

    @rule()
    def correct(self) -> None:
        new = {"*": {"method": "sendMessage", "params": {"text": "Five"}}}
        self.do(lambda c: announcements_amending.correct(c, self.number, new, self.clock))

    @rule()
    def resend(self) -> None:
        self.resent += self.do(lambda c: announcements_amending.resend_uncertain(c, self.number, self.clock))

    @rule()
    def look(self) -> None:
        for each in self.do(announcements.running):
            self.do(lambda c, each=each: announcements_amending.advance(c, each, self.clock))  # type: ignore[misc]

    @invariant()
    def every_chat_has_its_row_and_none_comes_twice_but_by_will(self) -> None:
        counted = self.do(lambda c: announcements.find(c, self.number))
        assert counted is not None
        report = self.do(lambda c: announcements_report.report(c, counted))
        assert report.total in {0, MANY}
        assert (report.total == MANY) == (counted.confirmed_at is not None)
        assert sum(self.delivered.values()) <= MANY + self.resent
        assert report.counts["sent"] + report.counts["retracted"] <= sum(self.delivered.values())
        if counted.finished_at is not None:
            assert report.counts["pending"] == report.counts["sending"] == 0

    def teardown(self) -> None:
        """Let it end: whatever was begun finishes."""
        self.die(0)
        for _ in range(200):
            self.look()
            self.claim(3)
            if not self.flying:
                break
            while self.flying:
                self.settle("sent", arrives=True)
        self.look()
        assert self.state() in {"draft", "done", "cancelled", "retracted"}
        assert self.do(announcements.running) == []


def test_any_order_of_steps_keeps_the_account(database_url: str) -> None:
    with asyncio.Runner() as runner:

        async def begin() -> Store:
            store = await Store.open(database_url)
            await people(store)
            return store

        store = runner.run(begin())
        try:
            here = {"store": store, "loop": runner.get_loop()}
            machine = type("LifeHere", (Life,), here)
            modest = settings(max_examples=12, stateful_step_count=25, deadline=None, derandomize=True)
            quiet = settings(modest, suppress_health_check=list(HealthCheck))
            run_state_machine_as_test(machine, settings=quiet)
        finally:
            runner.run(store.close())


async def test_each_chat_gets_its_language_topic_and_sound(store: Store) -> None:
    async with store.writing() as connection:
        for chat, language in ((1, None), (2, "zh-Hant"), (-3, None), (4, None)):
            values = {"id": chat, "kind": "private", "seen_at": NOW, "language": language, "active": chat != 4}
            await connection.execute(insert(chats).values(**values))
            made = await subscriptions.subscribe(connection, chat, 9 if chat < 0 else 0, by=1, zone="UTC", now=NOW)
        quiet = await subscriptions.find(connection, -3, 9)
        assert quiet is not None
        await subscriptions.change(connection, quiet, NOW, silent=True, quiet_from="11:00", quiet_until="13:00")
        assert made.chat_id == 4
        assert await announcements.audience(connection, "text", "en") == {"en": 2, "zh-Hant": 1}
    await accepted(store)
    async with store.reading() as connection:
        columns = (rows.c.chat_id, rows.c.language, rows.c.thread_id, rows.c.silent, rows.c.due_at)
        queued = {row[0]: tuple(row[1:]) for row in await connection.execute(select(*columns))}
    assert queued == {
        1: ("en", 0, False, NOW),
        2: ("zh-Hant", 0, False, NOW),
        -3: ("en", 9, True, NOW + timedelta(hours=1)),
    }


async def test_what_is_planned_is_queued_when_its_time_comes(store: Store) -> None:
    await people(store)
    when = NOW + timedelta(hours=1)
    number = await accepted(store, Draft("text", TEXT, send_at=when))
    assert (await found(store, number)).state == "scheduled"
    async with store.writing() as connection:
        assert await announcements.start_due(connection, NOW, "en") == []
        assert await announcements.start_due(connection, when, "en") == [number]
        assert await announcements.start_due(connection, when, "en") == []
    assert (await found(store, number)).total == MANY


async def test_a_full_disk_queues_nothing_half(sqlite_url: str) -> None:
    async with await Store.open(sqlite_url) as store:
        async with store.writing() as connection:
            many = [{"id": i, "kind": "private", "seen_at": NOW} for i in range(1, 5001)]
            await connection.execute(insert(chats), many)
            await connection.execute(
                text(
                    "INSERT INTO subscriptions (chat_id, created_at, changed_at) SELECT id, seen_at, seen_at FROM chats"
                )
            )
            number = await announcements.create(connection, Draft("text", TEXT), NOW)
        async with store.writing() as connection:
            pages = await connection.scalar(text("PRAGMA page_count"))
            await connection.execute(text(f"PRAGMA max_page_count = {pages + 20}"))
        with pytest.raises(OperationalError, match="full"):
            async with store.writing() as connection:
                await announcements.confirm(connection, number, NOW, "en")
        async with store.reading() as connection:
            assert (await connection.scalars(select(rows.c.id))).all() == []
        assert (await found(store, number)).state == "draft"
        async with store.writing() as connection:
            await connection.execute(text("PRAGMA max_page_count = 1000000"))
        async with store.writing() as connection:
            assert await announcements.confirm(connection, number, NOW, "en")
        assert (await found(store, number)).total == 5000


async def test_only_another_value_is_a_change(store: Store) -> None:
    def value(number: str, words: str = "") -> dict[str, object]:
        return {"value": number, "figure": {"en": number + words}, "source": {"en": "article"}}

    async with store.writing() as connection:
        first = await announcements_of_change.compare(connection, {"pilots": value("4")}, "v1", NOW)
        reworded = await announcements_of_change.compare(connection, {"pilots": value("4", " firms")}, "v2", NOW)
        more = {"pilots": value("5"), "quota": value("730")}
        (changed,) = await announcements_of_change.compare(connection, more, "v3", NOW)
        assert await announcements_of_change.compare(connection, more, "v3", NOW) == []
    assert first == reworded == []
    assert (changed.fact, changed.old["value"], changed.new["value"]) == ("pilots", "4", "5")
