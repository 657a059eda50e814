"""The open store: what hands out transactions to the verbs beside it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self, TypeVar

from bot.store.engine import Engines, connect, parse
from bot.store.failures import explained
from bot.store.migrate import upgrade
from bot.store.transactions import Transactions, Verb

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")


class Store:
    """A database that is open and of the right version. Never await Telegram inside one of its transactions."""

    def __init__(self, url: URL, engines: Engines) -> None:
        self.url = url
        self.engines = engines
        self.commits = Transactions(self.write, url)
        self.lookups = Transactions(self.read, url)

    @classmethod
    async def open(cls, url: str) -> Self:
        """Upgrade the database, then open it; raises StoreError with one sentence."""
        await upgrade(url)
        parsed = parse(url)
        store = cls(parsed, connect(parsed))
        with explained(parsed):
            async with store.reading():
                pass
        return store

    async def close(self) -> None:
        """Write what is still to be written, and close every connection."""
        await self.commits.close()
        await self.engines.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file that one process owns."""
        return self.url.get_backend_name() == "sqlite"

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that writes: committed at the end, rolled back by an exception."""
        async with self.engines.writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that sees one state of the database and cannot write."""
        async with self.engines.reader.begin() as connection:
            yield connection

    async def write(self, verb: Verb[T]) -> T:
        """Run a verb in a transaction that writes: much quicker on SQLite than statement by statement."""
        return await self.engines.writer.run(verb)

    async def read(self, verb: Verb[T]) -> T:
        """Run a verb in a transaction that cannot write."""
        return await self.engines.reader.run(verb)
