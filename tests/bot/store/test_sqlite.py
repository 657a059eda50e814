"""A transaction in one go behaves like any other: whole or not at all; the store works on after whatever happens."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.store import chats, inbox, sqlite
from bot.store.failures import UNAVAILABLE
from bot.store.store import Store
from bot.store.tables import digest_facts, users
from tests.bot.store import looking

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy.ext.asyncio import AsyncConnection

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_verb_writes_reads_and_returns(store: Store) -> None:
    async def write(connection: AsyncConnection) -> list[int]:
        await chats.block(connection, 1, NOW)
        await chats.block(connection, 2, NOW)
        return sorted(await connection.scalars(select(users.c.id)))

    assert await store.write(write) == [1, 2]
    assert await store.read(lambda connection: looking.is_blocked(connection, 2)) is True
    async with store.reading() as connection:
        assert await looking.is_blocked(connection, 1)


async def test_what_fails_is_taken_back_whole_and_says_why(store: Store) -> None:
    async def broken(connection: AsyncConnection) -> None:
        await chats.block(connection, 1, NOW)
        raise ZeroDivisionError

    async def impossible(connection: AsyncConnection) -> None:
        await chats.block(connection, 1, NOW)
        await connection.execute(insert(digest_facts).values(subscription_id=99, fact_id="x", shown_at=NOW))

    with pytest.raises(ZeroDivisionError):
        await store.write(broken)
    with pytest.raises(IntegrityError) as caught:
        await store.write(impossible)
    assert isinstance(caught.value, UNAVAILABLE)
    assert "99" not in str(caught.value), "parameters are what people wrote"
    assert not await store.read(lambda connection: looking.is_blocked(connection, 1))


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError):
        await store.read(lambda connection: chats.block(connection, 1, NOW))


async def test_one_that_is_cancelled_leaves_no_lock_behind(store: Store) -> None:
    for moment in range(60):
        task = asyncio.create_task(store.write(lambda connection: chats.block(connection, 1, NOW)))
        await asyncio.sleep(moment * 0.0001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5):
            await store.write(partial(chats.block, user_id=2, now=NOW, blocked=bool(moment % 2)))
            async with store.writing() as connection:
                await chats.block(connection, 3, NOW)
    assert await store.read(lambda connection: looking.is_blocked(connection, 2))


async def test_a_full_disk_takes_back_and_the_store_works_again(sqlite_url: str) -> None:
    async def fill(connection: AsyncConnection) -> None:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count={pages}"))
        await connection.execute(text("CREATE TABLE filler AS SELECT randomblob(100000)"))

    async def widen(connection: AsyncConnection) -> None:
        await connection.execute(text("PRAGMA max_page_count=1000000"))
        await chats.block(connection, 1, NOW)

    async with await Store.open(sqlite_url) as store:
        with pytest.raises(OperationalError, match="disk is full"):
            await store.write(fill)
        await store.write(widen)
        assert await store.read(lambda connection: looking.is_blocked(connection, 1))


async def test_a_verb_may_wait_for_nothing_but_its_connection(sqlite_url: str) -> None:
    async def idle(connection: AsyncConnection) -> None:
        await chats.block(connection, 1, NOW)
        await asyncio.sleep(0)

    async with await Store.open(sqlite_url) as store:
        with pytest.raises(RuntimeError, match="something else"):
            await store.write(idle)
        assert not await store.read(lambda connection: looking.is_blocked(connection, 1))


async def test_an_opening_that_was_cancelled_opens_no_second_connection(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    open_ = sqlite._Seat._open

    def slowly(seat: sqlite._Seat) -> sqlite3.Connection:
        time.sleep(0.05)
        opened.append(seat)
        return open_(seat)

    async with await Store.open(sqlite_url) as store:
        monkeypatch.setattr(sqlite._Seat, "_open", slowly)
        for _ in range(3):
            writing = asyncio.create_task(count(store))
            await asyncio.sleep(0.01)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        async with asyncio.timeout(2):
            assert await count(store) == 0
    assert len(opened) == 1


async def count(store: Store) -> int:
    async with store.writing() as connection:
        return await inbox.depth(connection)
