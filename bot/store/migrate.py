"""Brings a database to the version of this program: at start, as a whole or not at all."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, inspect, text

from bot import child
from bot.store.engine import connect_for_migration, file_of, make_private, parse
from bot.store.failures import explained

NEWEST = "0004"
"""The version that `migrations` leads to; a test holds the two together, so that Alembic need not be asked."""
# Two replicas that start together must not both upgrade.
UPGRADE_LOCK = 0x46_41_43_54_01

T = TypeVar("T")


async def upgrade(url: str) -> None:
    """Upgrade the database at an address; a database of a newer version is an error."""
    await _within(url, _upgrade)


async def upgrade_aside(url: str) -> None:
    """Upgrade in a process of its own, so that what Alembic needs does not stay in this one."""
    if await _within(url, _is_due):
        await asyncio.to_thread(child.call, upgrade_and_wait, url)


def upgrade_and_wait(url: str) -> None:
    """Upgrade where no event loop runs yet."""
    asyncio.run(upgrade(url))


async def _within(url: str, work: Callable[[Connection], T]) -> T:
    """Do something in a transaction of its own; whatever the driver says becomes a sentence."""
    parsed = parse(url)
    file = file_of(parsed)
    if file is not None:
        make_private(file)
    engine = connect_for_migration(parsed)
    try:
        with explained(parsed):
            return await engine.run_sync(work)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    """Upgrade where that is due."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    if _is_due(connection):
        from bot.store import revisions  # noqa: PLC0415 - see there

        revisions.upgrade(connection, _versions(connection))


def _is_due(connection: Connection) -> bool:
    """Whether the database is of another version than this program."""
    return _versions(connection) != {NEWEST}


def _versions(connection: Connection) -> frozenset[str]:
    """The versions that Alembic has written down; none in a new database."""
    if not inspect(connection).has_table("alembic_version"):
        return frozenset()
    return frozenset(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
