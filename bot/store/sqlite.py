"""SQLite, for a program that must not wait: a whole transaction in one go, in the thread of an aiosqlite connection.

Statement by statement each went to that thread three or four times and back, and each way waited until the event loop
let go of the interpreter. Measured under load: in one go an update's CPU fell from 10.4 ms to 5.1 ms. Nor has a bot on
SQLite to hold SQLAlchemy's asyncio, which brings its ORM and greenlet along: 7 MB.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aiosqlite import Connection as Driver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy import Connection, Dialect, Engine
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

WAIT = 30.0
"""Seconds until a transaction that gets no connection gives up."""
ROWS = 64
"""Rows that aiosqlite's own cursors would fetch at a time; none is used."""


class Sqlite:
    """So many connections to a file, each of them for one transaction at a time."""

    def __init__(self, engine: Engine, size: int) -> None:
        self._engine = engine
        self._all = [_Seat(engine) for _ in range(size)]
        # The last one first: those that a quiet bot does not need never get a thread.
        self._free: asyncio.LifoQueue[_Seat] = asyncio.LifoQueue()
        for seat in self._all:
            self._free.put_nowait(seat)

    async def run(self, verb: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run a verb in a transaction of its own; one that is cancelled meanwhile may still be committed."""
        return await self.run_sync(lambda connection: _result(verb(cast("AsyncConnection", _Straight(connection)))))

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction of its own."""

        def whole(connection: Connection) -> T:
            with connection.begin():
                return work(connection)

        async with self._seat() as seat:
            return await seat.submit(whole)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that goes on statement by statement, for what is rare or has to wait in between."""
        async with self._seat() as seat:
            try:
                await seat.submit(lambda connection: connection.begin())
                yield cast("AsyncConnection", _Stepwise(seat))
                await seat.submit(lambda connection: connection.commit())
            except BaseException:
                # It is behind what the thread may still be doing, and before whatever comes next.
                await asyncio.shield(seat.submit(lambda connection: connection.rollback()))
                raise

    @asynccontextmanager
    async def _seat(self) -> AsyncIterator[_Seat]:
        """Take a connection for a while."""
        if self._free.empty():
            async with asyncio.timeout(WAIT):
                seat = await self._free.get()
        else:
            seat = self._free.get_nowait()
        try:
            yield seat
        finally:
            self._free.put_nowait(seat)

    async def dispose(self) -> None:
        """Close every connection, after what its thread is doing."""
        await asyncio.gather(*(seat.close() for seat in self._all))
        self._engine.dispose()


class _Seat:
    """A connection that aiosqlite keeps in a thread of its own; opened when it is first needed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.dialect = engine.dialect
        self._opening: asyncio.Future[Driver] | None = None
        self._connection: Connection | Exception | None = None

    async def submit(self, work: Callable[[Connection], T]) -> T:
        """Have something done with the connection, after all that was submitted before."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._opened())
            self._opening.add_done_callback(lambda opening: opening.cancelled() or opening.exception())
        driver = await asyncio.shield(
            self._opening
        )  # one that is left half open would keep a lock that nobody releases
        # aiosqlite has no public way to run a function in its thread; SQLAlchemy's own dialect calls the same.
        result: T = await cast("Any", driver)._execute(self._do, work)  # noqa: SLF001
        return result

    async def _opened(self) -> Driver:
        """Open the connection; where that fails, the thread ends before the error is told."""
        driver = await Driver(self._open, ROWS)
        if isinstance(self._connection, Exception):
            error, self._connection, self._opening = self._connection, None, None
            await driver.close()
            raise error
        return driver

    def _open(self) -> sqlite3.Connection:
        """Open it in the thread. aiosqlite's thread outlives a connector that raises, and then calls a closed loop."""
        try:
            self._connection = self._engine.connect()
            return cast("sqlite3.Connection", self._connection.connection.driver_connection)
        except Exception as error:  # noqa: BLE001 - told above
            self._connection = error
            return sqlite3.connect(":memory:")

    def _do(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None or isinstance(self._connection, Exception):
            raise RuntimeError("the connection is closed")
        return work(self._connection)

    async def close(self) -> None:
        """Close the connection, if there is one, and end its thread."""
        if self._opening is not None:
            driver = await self._opening
            await self.submit(lambda connection: connection.close())
            await driver.close()
            self._opening = self._connection = None


class _Straight:
    """Stands in for an AsyncConnection within the thread: what a verb waits for is there at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """The database's dialect."""
        return self._connection.dialect

    async def execute(self, *given: Any) -> Any:  # noqa: ANN401 - as in SQLAlchemy
        """Execute a statement."""
        return self._connection.execute(*given)

    async def scalar(self, *given: Any) -> Any:  # noqa: ANN401 - as in SQLAlchemy
        """Execute a statement and return the first value of its first row."""
        return self._connection.scalar(*given)

    async def scalars(self, *given: Any) -> Any:  # noqa: ANN401 - as in SQLAlchemy
        """Execute a statement and return the first value of each row."""
        return self._connection.scalars(*given)


class _Stepwise:
    """Stands in for an AsyncConnection outside the thread: each statement goes there, and its rows come back."""

    def __init__(self, seat: _Seat) -> None:
        self._seat = seat

    @property
    def dialect(self) -> Dialect:
        """The database's dialect."""
        return self._seat.dialect

    async def execute(self, *given: Any) -> Any:  # noqa: ANN401 - as in SQLAlchemy
        """Execute a statement."""

        def work(connection: Connection) -> Any:  # noqa: ANN401 - as in SQLAlchemy
            result = connection.execute(*given)
            return result.freeze()() if result.returns_rows else result  # rows are read in the thread they live in

        return await self._seat.submit(work)

    async def scalar(self, *given: Any) -> Any:  # noqa: ANN401 - as in SQLAlchemy
        """Execute a statement and return the first value of its first row."""
        return (await self.execute(*given)).scalar()

    async def scalars(self, *given: Any) -> Any:  # noqa: ANN401 - as in SQLAlchemy
        """Execute a statement and return the first value of each row."""
        return (await self.execute(*given)).scalars()


def _result(running: Awaitable[T]) -> T:
    """Run a verb to its end; it waits for nothing but the connection, and that never lets it wait."""
    steps = running.__await__()
    try:
        next(steps)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("a verb of the store waited for something else than its connection")
