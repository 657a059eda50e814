"""Updates go in once, come out in order, and end done or quarantined."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store import inbox
from bot.store.inbox import Arrival, Failure, Worker
from bot.store.store import Store
from bot.store.tables import inbox as table

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE = timedelta(seconds=10)
A, B, ALONE = Worker("a", LEASE), Worker("b", LEASE), Worker("c", LEASE, alone=True)


def arrival(update_id: int, chat: int = 1, payload: str = "{}") -> Arrival:
    return Arrival(update_id, chat, chat, payload)


async def put(store: Store, *arrivals: Arrival) -> None:
    async with store.writing() as connection:
        await inbox.put(connection, arrivals, NOW)


async def claim(store: Store, worker: Worker = A, now: datetime = NOW, limit: int = 100) -> list[int]:
    async with store.writing() as connection:
        return [row.update_id for row in await inbox.claim(connection, worker, now, limit)]


async def test_an_update_goes_in_once_even_after_it_is_done(store: Store) -> None:
    await put(store, arrival(7, payload="first"), arrival(7, payload="second"))
    async with store.writing() as connection:
        (row,) = await inbox.claim(connection, A, NOW, 10)
        assert row.payload == "first"
        await inbox.finish(connection, [row.id], NOW)
    await put(store, arrival(7))
    async with store.reading() as connection:
        assert await inbox.depth(connection) == 0


async def test_what_is_done_is_no_longer_readable(store: Store) -> None:
    await put(store, arrival(7, payload='{"text": "private"}'))
    async with store.writing() as connection:
        (row,) = await inbox.claim(connection, A, NOW, 10)
        await inbox.finish(connection, [row.id], NOW)
        assert (await connection.scalars(select(table.c.payload))).all() == [None]


async def test_order_is_arrival_within_a_chat_and_no_chat_waits_for_a_flood(store: Store) -> None:
    flood = [arrival(number, chat=1) for number in range(100)]
    await put(store, *flood, arrival(500, chat=-1001234567890123), arrival(400, chat=3))
    assert await claim(store, limit=4) == [0, 1, 500, 400]
    assert await claim(store) == list(range(2, 2 + inbox.PER_CHAT))


async def test_a_chat_that_is_full_is_left(store: Store) -> None:
    await put(store, arrival(1, chat=1), arrival(2, chat=2))
    async with store.writing() as connection:
        assert [row.chat_id for row in await inbox.claim(connection, A, NOW, 10, full={1})] == [2]


async def test_a_chat_belongs_to_one_worker_until_its_lease_ends(store: Store) -> None:
    await put(store, arrival(1))
    assert await claim(store, A) == [1]
    await put(store, arrival(2), arrival(3, chat=2))
    assert await claim(store, B) == [3]
    later = NOW + LEASE + timedelta(seconds=1)
    assert await claim(store, A, later) == [2, 3]  # what "a" has in hand is not given to it again
    assert await claim(store, B, later) == []
    assert await claim(store, B, later + LEASE + timedelta(seconds=1)) == [1, 2, 3]


async def test_a_renewed_lease_holds(store: Store) -> None:
    await put(store, arrival(1))
    await claim(store, A)
    later = NOW + timedelta(seconds=9)
    async with store.writing() as connection:
        await inbox.renew(connection, A, later)
    assert await claim(store, B, later + timedelta(seconds=9)) == []
    assert await claim(store, B, later + timedelta(seconds=11)) == [1]


@pytest.mark.parametrize("worker", [A, ALONE])
async def test_what_is_released_is_taken_again(store: Store, worker: Worker) -> None:
    await put(store, arrival(1))
    await claim(store, A)
    async with store.writing() as connection:
        await inbox.release(connection, B)
    assert await claim(store, B) == []
    async with store.writing() as connection:
        await inbox.release(connection, worker)
    assert await claim(store, B) == [1]


async def test_the_third_failure_quarantines(store: Store) -> None:
    await put(store, arrival(1), arrival(2))
    async with store.writing() as connection:
        first, _second = await inbox.claim(connection, A, NOW, 10)
        await inbox.fail(connection, Failure(first.id, 1, "once"), NOW)
        assert await inbox.depth(connection) == 2
        await inbox.fail(connection, Failure(first.id, inbox.ATTEMPTS, "x" * 5000 + "\x00"), NOW)
        assert await inbox.depth(connection) == 1
        assert await inbox.quarantined(connection) == [(1, "x" * inbox.ERROR_LENGTH, NOW)]


async def test_trimming_keeps_what_may_come_again(store: Store) -> None:
    await put(store, arrival(1), arrival(2), arrival(3))
    async with store.writing() as connection:
        first, second, _third = await inbox.claim(connection, A, NOW, 10)
        await inbox.finish(connection, [first.id], NOW)
        await inbox.fail(connection, Failure(second.id, inbox.ATTEMPTS, "poison"), NOW)
        assert await inbox.trim(connection, NOW + timedelta(hours=47)) == 0
        assert await inbox.trim(connection, NOW + timedelta(hours=49)) == 1
        assert await inbox.trim(connection, NOW + timedelta(days=31)) == 1
        assert await inbox.trim(connection, NOW + timedelta(days=400)) == 0
        assert await inbox.depth(connection) == 1
