"""Workers keep the order within a chat, work across chats side by side, and settle every update."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.intake.attempt import Process
from bot.intake.errors import PostponeError, UnprocessableError
from bot.intake.receiver import Receiver
from bot.intake.workers import Limits, Workers
from bot.metrics import Metrics
from bot.store import chats, inbox
from bot.store.store import Store
from bot.store.tables import inbox as table
from tests.bot.intake.fake_telegram import TOKEN, message
from tests.bot.intake.test_polling import until
from tests.bot.store import looking

FAST = Limits(retry=0.001, lease=timedelta(seconds=0.6))


class Intake:
    def __init__(self, store: Store, process: Process, limits: Limits = FAST, *, alone: bool = True) -> None:
        metrics = Metrics()
        self.store = store
        self.workers = Workers(store, process, metrics=metrics, alone=alone, limits=limits)
        self.receiver = Receiver(store, wake=self.workers.wake, metrics=metrics)

    async def states(self) -> dict[str, list[int]]:
        found = defaultdict(list)
        async with self.store.reading() as connection:
            for row in await connection.execute(select(table.c.state, table.c.update_id).order_by(table.c.id)):
                found[row.state].append(row.update_id)
        return dict(found)

    async def settled(self) -> bool:
        return "pending" not in await self.states()


@asynccontextmanager
async def working(
    store: Store, process: Process, limits: Limits = FAST, *, alone: bool = True
) -> AsyncIterator[Intake]:
    intake = Intake(store, process, limits, alone=alone)
    task = asyncio.create_task(intake.workers.run())
    try:
        yield intake
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_order_within_a_chat_and_side_by_side_across_chats(store: Store) -> None:
    order: dict[int, list[int]] = defaultdict(list)
    running: set[int] = set()
    most = 0

    async def process(raw: dict[str, Any]) -> None:
        nonlocal most
        chat = raw["message"]["chat"]["id"]
        assert chat not in running
        running.add(chat)
        most = max(most, len(running))
        await asyncio.sleep(0.001 * (raw["update_id"] % 3))
        order[chat].append(raw["update_id"])
        running.remove(chat)

    updates = [message(number, chat=number % 7 + 1) for number in range(1, 401)]
    async with working(store, process) as intake:
        for start in range(0, 400, 100):
            await intake.receiver.receive(updates[start : start + 100])
        await until(intake.settled)
        assert (await intake.states())["done"] == list(range(1, 401))
    assert {chat: sorted(ids) for chat, ids in order.items()} == order
    assert most > 1


async def test_the_next_of_a_chat_finds_what_the_one_before_has_left_to_be_written(sqlite_url: str) -> None:
    async with await Store.open(sqlite_url) as store:
        found: list[bool] = []

        async def block(connection: AsyncConnection, people: Sequence[int]) -> None:
            for user in people:
                await chats.block(connection, user, datetime.now(UTC))

        async def process(raw: dict[str, Any]) -> None:
            number = raw["update_id"]
            found.append(await store.read(lambda connection: looking.is_blocked(connection, number - 1)))
            store.commits.leave(block, number)

        async with working(store, process) as intake:
            await intake.receiver.receive([message(number, chat=1) for number in range(1, 21)])
            await until(intake.settled)
        assert found == [False, *[True] * 19]


async def test_no_more_than_the_slots_at_once_counting_what_is_not_marked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled = 0

    async def process(_raw: dict[str, Any]) -> None:
        nonlocal handled
        handled += 1

    async with working(store, process, Limits(slots=4)) as intake:
        monkeypatch.setattr(intake.workers, "_exchange", never)  # commits hang from now on
        await asyncio.sleep(0.05)
        intake.workers._lanes.add([inbox.Row(number, number, number, 0, "{}") for number in range(1, 20)])
        await asyncio.sleep(0.05)
    assert handled == 4


async def never(*_: Any) -> Any:
    await asyncio.Event().wait()


async def test_a_slow_chat_and_a_flood_keep_nobody_waiting(store: Store) -> None:
    release = asyncio.Event()
    handled: list[int] = []

    async def process(raw: dict[str, Any]) -> None:
        if raw["message"]["chat"]["id"] == 1:
            await release.wait()
        handled.append(raw["update_id"])

    async with working(store, process, Limits(slots=4, window=64)) as intake:
        await intake.receiver.receive([message(number, chat=1) for number in range(1, 1001)])
        await intake.receiver.receive([message(number, chat=number) for number in range(1001, 1051)])
        await until(lambda: len(handled) == 50)
        assert intake.workers.held <= 64
        release.set()
        await until(intake.settled, 60)
    assert [number for number in handled if number <= 1000] == list(range(1, 1001))


async def test_an_update_that_comes_twice_is_handled_once(store: Store) -> None:
    handled: list[int] = []

    async def process(raw: dict[str, Any]) -> None:
        handled.append(raw["update_id"])

    async with working(store, process) as intake:
        await intake.receiver.receive([message(1), message(1)])
        await until(intake.settled)
        await asyncio.gather(*(intake.receiver.receive([message(1), message(2)]) for _ in range(10)))
        await until(intake.settled)
    assert handled == [1, 2]


async def test_poison_is_quarantined_with_its_error_and_the_rest_go_on(store: Store) -> None:
    tries: dict[int, int] = defaultdict(int)

    async def process(raw: dict[str, Any]) -> None:
        number = raw["update_id"]
        tries[number] += 1
        if number == 2:
            raise ValueError(f"poison {TOKEN}")
        if number == 3:
            raise UnprocessableError("never")
        if number == 4 and tries[4] < 3:
            raise RuntimeError("twice only")
        if number == 5:
            raise asyncio.CancelledError

    async with working(store, process) as intake:
        await intake.receiver.receive([message(number) for number in range(1, 7)])
        await until(intake.settled)
        assert await intake.states() == {"done": [1, 4, 6], "quarantined": [2, 3, 5]}
        async with store.reading() as connection:
            errors = {number: error for number, error, _ in await inbox.quarantined(connection)}
    assert errors[2] == "ValueError: poison [token]"
    assert errors[3] == "UnprocessableError: never"
    assert tries == {1: 1, 2: 3, 3: 1, 4: 3, 5: 3, 6: 1}


async def test_what_is_no_update_is_quarantined_untried(store: Store) -> None:
    async with working(store, never) as intake:
        await intake.receiver.receive([{"update_id": 1, "x": float("nan")}])
        await until(intake.settled)
        assert await intake.states() == {"quarantined": [1]}


async def test_handling_that_hangs_has_failed(store: Store) -> None:
    async with working(store, never, Limits(seconds=0.01, retry=0.001)) as intake:
        await intake.receiver.receive([message(1)])
        await until(intake.settled)
        assert await intake.states() == {"quarantined": [1]}


async def test_a_postponement_is_no_failure_and_keeps_the_order(store: Store) -> None:
    handled: list[int] = []
    tries = 0

    async def process(raw: dict[str, Any]) -> None:
        nonlocal tries
        if raw["update_id"] == 1:
            tries += 1
            if tries <= 5:
                raise PostponeError(0.001)
        handled.append(raw["update_id"])

    async with working(store, process) as intake:
        await intake.receiver.receive([message(1), message(2)])
        await until(intake.settled)
    assert handled == [1, 2]


async def test_stopping_finishes_what_runs_and_leaves_the_rest_to_the_next(store: Store) -> None:
    handled: list[int] = []
    begun = asyncio.Event()

    async def process(raw: dict[str, Any]) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        handled.append(raw["update_id"])

    first = Intake(store, process)
    task = asyncio.create_task(first.workers.run())
    await first.receiver.receive([message(1), message(2), message(3)])
    await begun.wait()
    await first.workers.stop(deadline=5)
    await task
    assert await first.states() == {"done": [1], "pending": [2, 3]}
    async with working(store, process, alone=False) as second:  # nothing is left claimed
        await until(second.settled)
    assert handled == [1, 2, 3]


async def test_stopping_has_a_deadline(store: Store) -> None:
    begun = asyncio.Event()

    async def process(raw: dict[str, Any]) -> None:
        if raw["update_id"] == 1:
            return
        begun.set()
        await asyncio.Event().wait()

    intake = Intake(store, process)
    task = asyncio.create_task(intake.workers.run())
    await intake.receiver.receive([message(1, chat=1), message(2, chat=2), message(3, chat=2)])
    await begun.wait()
    async with asyncio.timeout(5):
        await intake.workers.stop(deadline=0.05)
        await task
    assert await intake.states() == {"done": [1], "pending": [2, 3]}


async def test_stopping_does_not_wait_for_a_postponement(store: Store) -> None:
    begun = asyncio.Event()

    async def process(_raw: dict[str, Any]) -> None:
        begun.set()
        raise PostponeError(1000)

    intake = Intake(store, process)
    task = asyncio.create_task(intake.workers.run())
    await intake.receiver.receive([message(1)])
    await begun.wait()
    async with asyncio.timeout(5):
        await intake.workers.stop(deadline=60)
        await task
    assert await intake.states() == {"pending": [1]}


async def test_what_was_broken_off_is_handled_again_and_nothing_is_lost(store: Store) -> None:
    handled: dict[int, int] = defaultdict(int)

    async def process(raw: dict[str, Any]) -> None:
        await asyncio.sleep(0.002)
        handled[raw["update_id"]] += 1

    kills = 0
    limits = Limits(slots=8)
    async with working(store, process, limits) as intake:
        for start in range(1, 501, 100):
            await intake.receiver.receive([message(number, chat=number % 20) for number in range(start, start + 100)])
    while not await intake.settled():
        async with working(store, process, limits) as intake:
            await asyncio.sleep(0.02 + 0.005 * kills)
        kills += 1
        assert kills < 100
    assert sorted(handled) == list(range(1, 501))
    assert kills > 1
    assert sum(handled.values()) - 500 <= 8 * (kills + 1)


async def test_another_worker_takes_over_when_the_lease_ends(store: Store) -> None:
    handled: list[int] = []

    async def process(raw: dict[str, Any]) -> None:
        handled.append(raw["update_id"])

    async with working(store, never, alone=False) as dead:
        await dead.receiver.receive([message(1), message(2)])
        await until(lambda: dead.workers.held == 2)
        async with working(store, process, alone=False):
            await asyncio.sleep(1.2)  # two leases: a worker that lives renews
            assert handled == []
    async with working(store, process, alone=False) as heir:
        await until(heir.settled, FAST.lease.total_seconds() + 2)
    assert handled == [1, 2]


async def test_two_workers_share_without_overlap(store: Store) -> None:
    handled: dict[int, list[int]] = defaultdict(list)

    async def process(raw: dict[str, Any]) -> None:
        await asyncio.sleep(0.001)
        handled[raw["message"]["chat"]["id"]].append(raw["update_id"])

    async with (
        working(store, process, Limits(window=32), alone=False) as one,
        working(store, process, Limits(window=32), alone=False) as two,
    ):
        for start in range(1, 401, 50):
            some = [message(number, chat=number % 30) for number in range(start, start + 50)]
            await (one if start % 100 == 1 else two).receiver.receive(some)
        await until(one.settled, 30)
    assert sorted(number for ids in handled.values() for number in ids) == list(range(1, 401))
    assert all(ids == sorted(ids) for ids in handled.values())


async def test_a_full_disk_forgets_no_mark(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handled: list[int] = []

    async def process(raw: dict[str, Any]) -> None:
        handled.append(raw["update_id"])

    async with await Store.open(sqlite_url) as store, working(store, process) as intake:
        real, failures = intake.workers._exchange, 3

        async def full(*arguments: Any) -> Any:
            nonlocal failures
            if failures and arguments[0]:
                failures -= 1
                async with store.writing() as connection:
                    pages = await connection.scalar(text("PRAGMA page_count"))
                    await connection.execute(text(f"PRAGMA max_page_count={pages}"))
                    await connection.execute(text("CREATE TABLE filler AS SELECT randomblob(100000)"))
            return await real(*arguments)

        monkeypatch.setattr(intake.workers, "_exchange", full)
        await intake.receiver.receive([message(1), message(2)])
        await until(intake.settled)
        assert failures == 0
    assert handled == [1, 2]


async def test_what_is_done_leaves_no_words_behind(store: Store) -> None:
    async def process(raw: dict[str, Any]) -> None:
        assert raw["message"]["text"] == "a secret"

    async with working(store, process) as intake:
        await intake.receiver.receive([message(1, text="a secret")])
        await until(intake.settled)
    async with store.reading() as connection:
        rows = [dict(row) for row in (await connection.execute(select(table))).mappings()]
    assert "secret" not in json.dumps(rows, default=str)
    assert rows[0]["settled_at"] <= datetime.now(UTC)


@pytest.mark.parametrize("alone", [True, False])
async def test_nothing_is_asked_of_the_database_while_nothing_comes(
    sqlite_url: str, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def process(_raw: dict[str, Any]) -> None: ...

    async with await Store.open(sqlite_url) as store, working(store, process, Limits(), alone=alone) as intake:
        await intake.receiver.receive([message(1)])
        await until(intake.settled)
        turns = 0
        real = intake.workers._exchange

        async def counted(*arguments: Any) -> Any:
            nonlocal turns
            turns += 1
            return await real(*arguments)

        monkeypatch.setattr(intake.workers, "_exchange", counted)
        await asyncio.sleep(0.3)
        assert turns == 0
