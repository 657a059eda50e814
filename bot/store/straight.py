"""A whole transaction in one go, in the thread that SQLite lives in.

Through aiosqlite every statement goes to that thread three or four times and back, and each way waits until the event
loop lets go of the interpreter. Measured under load: in one go the CPU of a whole update fell from 10.4 ms to 5.1 ms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable

    from sqlalchemy import Dialect
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

KEPT = "straight"
"""Under this name a connection of the pool keeps what talks to it within its thread."""


class Straight:
    """Stands in for an AsyncConnection: what a verb waits for is there at once."""

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


async def transact(connection: AsyncConnection, verb: Callable[[AsyncConnection], Awaitable[T]], begin: str) -> T:
    """Run a verb between a BEGIN and its COMMIT; one that is cancelled meanwhile may still be committed."""
    pooled = await connection.get_raw_connection()
    driver = cast("Any", pooled.driver_connection)  # aiosqlite's: it has no public way to run a function in its thread

    def work(raw: sqlite3.Connection) -> T:
        inner: Connection = pooled.info.get(KEPT) or pooled.info.setdefault(KEPT, _engine(raw, begin).connect())
        with inner.begin():
            return _result(verb(cast("AsyncConnection", Straight(inner))))

    result: T = await driver._execute(work, driver._conn)  # noqa: SLF001 - see above; SQLAlchemy does the same
    return result


def _engine(raw: sqlite3.Connection, begin: str) -> Engine:
    """Make an engine over a connection that is already open and set up."""
    # Nothing is reset on return: a transaction ends with its block, and the connection is closed by the pool above.
    engine = create_engine(
        "sqlite://", creator=lambda: raw, poolclass=StaticPool, pool_reset_on_return=None, hide_parameters=True
    )

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _result(running: Awaitable[T]) -> T:
    """Run a verb to its end; it waits for nothing but the connection, and that never lets it wait."""
    steps = running.__await__()
    try:
        next(steps)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("a verb of the store waited for something else than its connection")
