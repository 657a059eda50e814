"""What the engines promise: no lost update, nothing half done, and one sentence when the database cannot be used."""

import asyncio
import os
import pwd
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.store import inbox
from bot.store.engine import parse
from bot.store.errors import StoreError
from bot.store.inbox import Arrival, Worker
from bot.store.store import Store
from bot.store.tables import digest_facts, users

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    async with await Store.open(sqlite_url) as store, store.writing() as connection:
        found = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            found[name] = await connection.scalar(text(f"PRAGMA {name}"))
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError):
        async with store.reading() as connection:
            await connection.execute(insert(users).values(id=1, changed_at=NOW))


async def test_foreign_keys_are_kept(store: Store) -> None:
    with pytest.raises(DBAPIError):
        async with store.writing() as connection:
            await connection.execute(insert(digest_facts).values(subscription_id=99, fact_id="x", shown_at=NOW))


async def test_an_exception_takes_the_whole_transaction_back(store: Store) -> None:
    async def interrupted() -> None:
        async with store.writing() as connection:
            await inbox.put(connection, [Arrival(1, 1, 1, "{}")], NOW)
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()
    async with store.reading() as connection:
        assert await inbox.depth(connection) == 0


async def test_cancelling_takes_back_and_the_next_transaction_works(store: Store) -> None:
    started = asyncio.Event()

    async def slow() -> None:
        async with store.writing() as connection:
            await inbox.put(connection, [Arrival(1, 1, 1, "{}")], NOW)
            started.set()
            await asyncio.sleep(60)

    for _ in range(5):
        started.clear()
        task = asyncio.create_task(slow())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with store.writing() as connection:
        assert await inbox.depth(connection) == 0


async def test_cancelling_at_any_moment_leaves_no_lock_behind(store: Store) -> None:
    count = 0

    async def write() -> None:
        nonlocal count
        while True:
            count += 1
            async with store.writing() as connection:
                await inbox.put(connection, [Arrival(count, 1, 1, "{}")], NOW)
                await inbox.claim(connection, Worker("a", timedelta(seconds=1)), NOW, 10)

    kept: list[object] = []  # a traceback that is kept keeps its cursor, which once kept the lock
    for moment in range(60):
        task = asyncio.create_task(write())
        await asyncio.sleep(moment * 0.0002)
        task.cancel()
        kept += await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(2), store.writing() as connection:
            assert await inbox.depth(connection) <= count
    assert len(kept) == 60


async def test_no_update_is_lost_among_many_writers(store: Store) -> None:
    async with store.writing() as connection:
        await connection.execute(insert(users).values(id=1, language="0", changed_at=NOW))

    async def add_one() -> None:
        async with store.writing() as connection:
            seen = await connection.scalar(select(users.c.language).where(users.c.id == 1).with_for_update())
            assert seen is not None
            await connection.execute(users.update().values(language=str(int(seen) + 1)))

    await asyncio.gather(*(add_one() for _ in range(50)))
    async with store.reading() as connection:
        assert await connection.scalar(select(users.c.language)) == "50"


async def test_a_full_disk_takes_back_and_the_store_works_again(sqlite_url: str) -> None:
    async with await Store.open(sqlite_url) as store:
        async with store.writing() as connection:
            pages = await connection.scalar(text("PRAGMA page_count"))
            await connection.execute(text(f"PRAGMA max_page_count={pages + 5}"))
        arrivals = [Arrival(number, 1, 1, "x" * 4000) for number in range(100)]
        with pytest.raises(OperationalError, match="disk is full"):
            async with store.writing() as connection:
                await inbox.put(connection, arrivals, NOW)
        async with store.writing() as connection:
            assert await inbox.depth(connection) == 0
            await connection.execute(text("PRAGMA max_page_count=1000000"))
        async with store.writing() as connection:
            await inbox.put(connection, arrivals, NOW)
            assert await inbox.depth(connection) == 100
            assert await connection.scalar(text("PRAGMA integrity_check")) == "ok"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///:memory:", "must be a file"),
        ("sqlite://", "must be a file"),
        ("mysql://root:hunter2@host/x", "must be SQLite or PostgreSQL"),
        ("hunter2", "malformed"),
        ("sqlite:////nowhere/at/all/factline.db", "folder of the database does not exist"),
        ("postgresql+asyncpg://u:hunter2@127.0.0.1:1/x", "does not answer"),
        ("postgresql+asyncpg://u:hunter2@/x?host=/nowhere", "does not answer"),
    ],
)
async def test_a_database_that_cannot_be_used_is_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as caught:
        await Store.open(url)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("these are only notes, and long enough to be read as a page" * 20)
    with pytest.raises(StoreError, match=r"not a database: .*notes\.db"):
        await Store.open(f"sqlite:///{tmp_path}/notes.db")


async def test_a_postgresql_database_that_is_not_there_is_named(postgresql_server: str) -> None:
    url = parse(postgresql_server).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match=r"does not exist: .*/nowhere"):
        await Store.open(url)


async def test_a_read_only_file_is_one_sentence(sqlite_url: str, tmp_path: Path) -> None:
    await (await Store.open(sqlite_url)).close()
    (tmp_path / "factline.db").chmod(0o444)
    root = os.geteuid() == 0
    if root:  # root may write anything: become someone who may not
        for folder in [tmp_path, *tmp_path.parents]:
            if folder.stat().st_uid == 0 and folder.stat().st_mode & 0o011 == 0:
                folder.chmod(0o755)
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        with pytest.raises(StoreError, match="cannot be written"):
            await Store.open(sqlite_url)
    finally:
        if root:
            os.seteuid(0)
