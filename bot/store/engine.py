"""Engines for SQLite and PostgreSQL, set up as measured: nothing locked, half done, or lost at power loss."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from bot.store.errors import StoreError
from bot.store.sqlite import Sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from bot.store.postgresql import Postgresql

COMMON = ("PRAGMA busy_timeout=5000", "PRAGMA temp_store=MEMORY")
# FULL: at the rate of a bot it costs nothing, and NORMAL may take back the last commits when the power fails.
DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA trusted_schema=OFF")
BEGIN_WRITING, BEGIN_READING = "BEGIN IMMEDIATE", "BEGIN"


@dataclass(frozen=True)
class Engines:
    """One engine that writes and one that reads; on PostgreSQL they share their connections."""

    writer: Sqlite | Postgresql
    reader: Sqlite | Postgresql

    async def dispose(self) -> None:
        """Close every connection."""
        await self.reader.dispose()
        await self.writer.dispose()


def parse(url: str) -> URL:
    """Read an address of a database; an error never repeats it, since it may hold a password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError("The address of the database is malformed.") from None
    if parsed.drivername not in {"sqlite", "postgresql+asyncpg"}:
        raise StoreError("The database must be SQLite or PostgreSQL.")
    if parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}:
        # All users of a database in memory would share one transaction.
        raise StoreError("The SQLite database must be a file.")
    return parsed


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite database."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def connect(url: URL) -> Engines:
    """Make the engines of a running bot; nothing is opened yet."""
    if url.get_backend_name() == "sqlite":
        return Engines(
            # One connection that writes: no "database is locked", no unfair waiting, and no way into the defect that
            # SQLite had before 3.51.3, where two connections that check-point at once may corrupt the file.
            writer=_sqlite(url, size=1, pragmas=(*DURABLE, *COMMON, "PRAGMA foreign_keys=ON"), begin=BEGIN_WRITING),
            reader=_sqlite(url, size=4, pragmas=("PRAGMA query_only=ON", *COMMON), begin=BEGIN_READING),
        )
    writer = _postgresql(url)
    return Engines(writer=writer, reader=writer.reader())


def connect_for_migration(url: URL) -> Sqlite | Postgresql:
    """Make an engine for migrations; foreign keys are off, since SQLite rebuilds tables by dropping them."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, size=1, pragmas=(*DURABLE, *COMMON, "PRAGMA foreign_keys=OFF"), begin=BEGIN_WRITING)
    return _postgresql(url)


def _sqlite(url: URL, *, size: int, pragmas: Sequence[str], begin: str) -> Sqlite:
    """Make an engine whose every connection runs the pragmas and begins as told."""
    # Errors must not print parameters: they are what people wrote.
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: it would begin deferred
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return Sqlite(engine, size)


def _postgresql(url: URL) -> Postgresql:
    """Make an engine of a server."""
    from bot.store.postgresql import Postgresql  # noqa: PLC0415 - see there

    return Postgresql.of(url)


def make_private(path: Path) -> None:
    """Create the file for its owner alone before SQLite creates it for everyone; its companions inherit the mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except FileNotFoundError:
        raise StoreError(f"The folder of the database does not exist: {path.parent}.") from None
    except IsADirectoryError:
        raise StoreError(f"The database is a folder, not a file: {path}.") from None
    except OSError as error:
        raise StoreError(f"The database cannot be written: {path} ({error.strerror}).") from None
    with contextlib.suppress(PermissionError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
