"""One consumer at a time: a lock on a file beside the SQLite database, or an advisory lock of PostgreSQL."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from bot.intake.errors import IntakeError
from bot.store.failures import UNAVAILABLE
from bot.store.sqlite import Sqlite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.postgresql import Postgresql
    from bot.store.store import Store


CONSUMER_LOCK = 0x46_41_43_54_03
RETRY = 0.5
PING = 5.0

log = structlog.get_logger(__name__)


class Alone:
    """Proof that this process is the only consumer, for as long as `watch` does not raise."""

    def __init__(self, connection: AsyncConnection | None = None) -> None:
        self._connection = connection

    async def watch(self, every: float = PING) -> None:
        """Wait; raises IntakeError when the lock is lost because PostgreSQL's connection is."""
        while True:
            await asyncio.sleep(every)
            if self._connection is None:  # a file stays locked until the process ends
                continue
            try:
                await self._connection.execute(text("SELECT 1"))
            except UNAVAILABLE:
                raise IntakeError("The database's connection that kept other bots away was lost.") from None


@asynccontextmanager
async def alone(store: Store, *, wait: float | None = 0.0) -> AsyncIterator[Alone]:
    """Become the only consumer of a store, waiting for so many seconds (None: for ever); raises IntakeError."""
    server = store.engines.writer
    if not isinstance(server, Sqlite):
        async with _advisory(server, wait) as held:
            yield held
        return
    descriptor = await _flock(Path(f"{store.url.database}.lock"), wait)
    try:
        yield Alone()
    finally:
        os.close(descriptor)


async def _flock(path: Path, wait: float | None) -> int:
    """Lock a file; the system lets go of it when the process ends, however it ends."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise IntakeError(f"The lock file cannot be opened: {path} ({error.strerror}).") from None
    try:
        patience = _Patience(wait)
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await patience.pause()
            else:
                return descriptor
    except BaseException:
        os.close(descriptor)
        raise


@asynccontextmanager
async def _advisory(server: Postgresql, wait: float | None) -> AsyncIterator[Alone]:
    """Hold PostgreSQL's lock on a connection of its own; the server lets go of it when the connection ends."""
    async with server.apart() as connection:
        patience = _Patience(wait)
        while not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": CONSUMER_LOCK}):
            await patience.pause()
        yield Alone(connection)


class _Patience:
    """How long to wait for another consumer to end."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._told = False

    async def pause(self) -> None:
        """Wait a moment, unless it has been long enough."""
        if self._end is not None and time.monotonic() >= self._end:
            raise IntakeError("Another Factline already takes updates from this database: only one may.")
        if not self._told:
            log.info("waiting for another Factline on this database to end")
            self._told = True
        await asyncio.sleep(RETRY if self._end is None else min(RETRY, max(self._end - time.monotonic(), 0.01)))
