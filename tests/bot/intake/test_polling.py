"""Polling commits before it acknowledges, pauses when there is no room, and ends only when going on is pointless."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from telegram.error import NetworkError, TimedOut

from bot.intake.errors import IntakeError
from bot.intake.polling import Pace, Poller
from bot.intake.receiver import Receiver
from bot.metrics import Metrics
from bot.store import inbox
from bot.store.store import Store
from bot.store.tables import inbox as table
from tests.bot.intake.fake_telegram import FakeTelegram, failure, message

FAST = Pace(long_poll=1, first_pause=0.01, conflict_patience=0.05)
ALLOWED = ["message", "callback_query"]


async def until(condition: Callable[[], Awaitable[bool]] | Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.005)


@asynccontextmanager
async def polling(store: Store, telegram: FakeTelegram, **options: Any) -> AsyncIterator[Poller]:
    metrics = Metrics()
    receiver = Receiver(store, wake=lambda: None, metrics=metrics, **options)
    poller = Poller(telegram.bot(), receiver, allowed_updates=ALLOWED, metrics=metrics, pace=FAST)
    task = asyncio.create_task(poller.run())
    try:
        yield poller
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def kept(store: Store) -> list[int]:
    async with store.reading() as connection:
        return list(await connection.scalars(select(table.c.update_id).order_by(table.c.id)))


async def test_updates_are_kept_in_order_and_then_acknowledged(store: Store) -> None:
    telegram = FakeTelegram()
    telegram.updates = [message(number) for number in range(1, 251)]
    async with polling(store, telegram) as poller:
        await until(lambda: telegram.acknowledged == 250)
        assert poller.age is not None
        assert poller.age < 5
    assert await kept(store) == list(range(1, 251))
    assert telegram.calls[0][0] == "deleteWebhook"
    assert telegram.calls[1][1]["allowed_updates"] == ALLOWED


async def test_one_odd_update_does_not_hold_up_the_others(store: Store) -> None:
    telegram = FakeTelegram()
    odd = {"update_id": 2, "message": {"date": "yesterday", "chat": {}, "entities": [{}]}}
    telegram.updates = [message(1), odd, {"no": "id"}, message(3)]
    async with polling(store, telegram):
        await until(lambda: telegram.acknowledged == 3)
    assert await kept(store) == [1, 2, 3]


async def test_what_could_not_be_committed_is_not_acknowledged(sqlite_url: str) -> None:
    async with await Store.open(sqlite_url) as store:
        async with store.writing() as connection:
            pages = await connection.scalar(text("PRAGMA page_count"))
            await connection.execute(text(f"PRAGMA max_page_count={pages}"))
        telegram = FakeTelegram()
        telegram.updates = [message(number, text="x" * 4000) for number in range(1, 101)]
        async with polling(store, telegram):
            await until(lambda: sum(name == "getUpdates" for name, _ in telegram.calls) > 2)
            assert telegram.acknowledged == 0
            async with store.writing() as connection:
                await connection.execute(text("PRAGMA max_page_count=1000000"))
            await until(lambda: telegram.acknowledged == 100)
        assert len(await kept(store)) == 100


async def test_polling_survives_what_passes(store: Store) -> None:
    telegram = FakeTelegram()
    telegram.failures = [
        NetworkError("reset"),
        TimedOut(),
        failure(502, "Bad Gateway"),
        failure(429, "Too Many Requests", retry_after=0),
        failure(409, "Conflict: terminated by other getUpdates request"),
        (200, {"ok": True, "result": {"not": "a list"}}),
    ]
    telegram.updates = [message(1)]
    async with polling(store, telegram):
        await until(lambda: telegram.acknowledged == 1)
    assert await kept(store) == [1]


@pytest.mark.parametrize(
    ("replies", "sentence"),
    [
        ([failure(401, "Unauthorized")], r"does not accept the bot's token \(401\)"),
        ([failure(404, "Not Found")], r"does not accept the bot's token \(401\)"),
        ([failure(409, "Conflict")] * 100, r"Another program polls with the same token \(409\)"),
    ],
)
async def test_polling_ends_with_one_sentence(sqlite_url: str, replies: list[Any], sentence: str) -> None:
    telegram = FakeTelegram()
    telegram.failures = replies
    metrics = Metrics()
    async with await Store.open(sqlite_url) as store:
        receiver = Receiver(store, wake=lambda: None, metrics=metrics)
        poller = Poller(telegram.bot(), receiver, allowed_updates=ALLOWED, metrics=metrics, pace=FAST)
        with pytest.raises(IntakeError, match=sentence):
            async with asyncio.timeout(10):
                await poller.run()


async def test_polling_pauses_while_the_inbox_is_full(store: Store) -> None:
    telegram = FakeTelegram()
    telegram.updates = [message(number) for number in range(1, 301)]
    async with polling(store, telegram, capacity=150) as poller:
        await until(lambda: poller.paused)
        await asyncio.sleep(0.3)
        assert len(await kept(store)) == 200  # a poll of 100 while there was room for some
        async with store.writing() as connection:
            await inbox.finish(connection, list(await connection.scalars(select(table.c.id))), datetime.now(UTC))
        await until(lambda: telegram.acknowledged == 300)
    assert len(await kept(store)) == 300


async def test_cancelling_at_any_moment_loses_nothing(store: Store) -> None:
    telegram = FakeTelegram()
    telegram.updates = [message(number) for number in range(1, 501)]
    for pause in (0, 0.001, 0.003, 0.01, 0.02, 0.03):
        async with polling(store, telegram):
            await asyncio.sleep(pause)
        assert len(await kept(store)) >= telegram.acknowledged
    async with polling(store, telegram):
        await until(lambda: telegram.acknowledged == 500)
    assert await kept(store) == list(range(1, 501))
