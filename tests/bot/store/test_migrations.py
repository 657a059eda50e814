"""The database is upgraded as a whole or not at all, and equals the tables of the code."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.store import revisions
from bot.store.errors import StoreError
from bot.store.indexes import metadata
from bot.store.migrate import NEWEST, upgrade, upgrade_aside
from bot.store.store import Store


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_migrations_make_the_tables_of_the_code(store: Store) -> None:
    assert await store.engines.reader.run_sync(differences) == []


async def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    await upgrade(database_url)
    await upgrade(database_url)
    async with await Store.open(database_url) as store, store.reading() as connection:
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars().all() == [NEWEST]


def test_the_newest_version_is_that_of_the_migrations() -> None:
    assert revisions.newest() == NEWEST


async def test_another_process_upgrades_as_well(empty_postgresql: str, sqlite_url: str) -> None:
    for url in (empty_postgresql, sqlite_url):
        await upgrade_aside(url)
        async with await Store.open(url) as store:
            assert await store.engines.reader.run_sync(differences) == []


async def test_another_process_says_the_same(store: Store, database_url: str, tmp_path: Path) -> None:
    async with store.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer version of Factline \(9999\)"):
        await upgrade_aside(database_url)
    with pytest.raises(StoreError, match="folder of the database does not exist"):
        await upgrade_aside(f"sqlite:///{tmp_path}/nowhere/factline.db")


def test_alembic_is_imported_only_where_an_upgrade_is_due(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/factline.db"
    script = (
        "import asyncio, sys\n"
        "from bot.store import migrate\n"
        "from bot.store.store import Store\n"
        "async def main():\n"
        f"    await migrate.upgrade_aside({url!r})\n"
        f"    async with await Store.open({url!r}): pass\n"
        "asyncio.run(main())\n"
        "print('alembic' in sys.modules)"
    )
    for _ in ("new", "known"):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "False"


async def test_a_database_of_a_newer_version_is_refused(store: Store, database_url: str) -> None:
    async with store.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer version of Factline \(9999\)"):
        await Store.open(database_url)


async def test_an_empty_postgresql_is_filled(empty_postgresql: str) -> None:
    async with await Store.open(empty_postgresql) as store:
        assert await store.engines.reader.run_sync(differences) == []


async def test_the_file_is_for_its_owner_alone(sqlite_url: str, tmp_path: Path) -> None:
    async with await Store.open(sqlite_url) as store, store.writing() as connection:
        await connection.execute(text("UPDATE users SET blocked = false"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("factline.db*")}
    assert modes["factline.db"] == 0o600
    assert modes["factline.db-wal"] == 0o600
