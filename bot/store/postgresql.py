"""PostgreSQL, with the same verbs as SQLite; imported only where it is used, since it takes 7 MB of SQLAlchemy more."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.ext.asyncio import create_async_engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy import URL, Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


class Postgresql:
    """Connections to a server."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    def of(cls, url: URL) -> Postgresql:
        """Make an engine that notices a restarted server before the first statement fails on it."""
        return cls(
            create_async_engine(
                url, pool_size=10, max_overflow=10, pool_timeout=30, pool_pre_ping=True, hide_parameters=True
            )
        )

    def reader(self) -> Postgresql:
        """Return the same connections for transactions that cannot write."""
        return Postgresql(self._engine.execution_options(postgresql_readonly=True))

    async def run(self, verb: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run a verb in a transaction of its own."""
        async with self._engine.begin() as connection:
            return await verb(connection)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction of its own."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[AsyncConnection]:
        """Take a connection without a transaction; it is closed at the end, and what it holds is let go of."""
        async with self._engine.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            try:
                yield connection
            finally:
                await connection.invalidate()

    async def dispose(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
