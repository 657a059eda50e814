"""Only one process takes updates from a database."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.intake.errors import IntakeError
from bot.intake.lock import alone
from bot.store.store import Store


async def test_the_second_is_refused_and_may_follow_the_first(store: Store) -> None:
    async with alone(store):
        with pytest.raises(IntakeError, match="Another Factline already takes updates"):
            async with alone(store, wait=0.05):
                pytest.fail("two at once")
    async with alone(store) as held:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await held.watch(every=0.01)


async def test_one_who_waits_gets_it(store: Store) -> None:
    async def follow() -> str:
        async with alone(store, wait=None):
            return "got it"

    async with alone(store):
        task = asyncio.create_task(follow())
        await asyncio.sleep(0.1)
        assert not task.done()
    assert await asyncio.wait_for(task, 5) == "got it"


async def test_a_killed_process_leaves_no_lock(sqlite_url: str, tmp_path: Path) -> None:
    program = (
        "import fcntl, os, time\n"
        f"lock = os.open({str(tmp_path / 'factline.db.lock')!r}, os.O_RDWR | os.O_CREAT)\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "time.sleep(60)\n"
    )
    async with await Store.open(sqlite_url) as store:
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"locked\n"
            with pytest.raises(IntakeError):
                async with alone(store):
                    pytest.fail("two at once")
            other.kill()
            other.wait()
        async with alone(store):
            pass


@pytest.mark.postgresql
async def test_a_lost_connection_is_noticed_and_frees_the_lock(postgresql_url: str) -> None:
    end_others = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid "
    )
    end_others += "FROM pg_database WHERE datname = current_database())"
    async with await Store.open(postgresql_url) as store, alone(store) as held:
        async with store.reading() as connection:
            await connection.execute(text(end_others))
        with pytest.raises(IntakeError, match="was lost"):
            await asyncio.wait_for(held.watch(every=0.01), 5)
        async with alone(store, wait=5):
            pass
