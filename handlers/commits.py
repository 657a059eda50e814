"""Writes of many handlers in one commit: each waits for the disk once, together with the others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from bot.store.failures import UNAVAILABLE, sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.store import Store

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Job:
    """Something to do in a transaction, and who waits for it."""

    verb: Callable[[AsyncConnection], Awaitable[Any]]
    result: asyncio.Future[Any]


class Commits:
    """Runs the store's verbs; those that come at the same moment share a transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Job] = []
        self._task: asyncio.Task[None] | None = None

    async def run(self, verb: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run a verb; returns what it returns once it is committed."""
        result: T = await self._put(verb)
        return result

    def later(self, verb: Callable[[AsyncConnection], Awaitable[object]]) -> None:
        """Run a verb that nobody waits for; its failure is only logged."""
        self._put(verb).add_done_callback(self._log)

    async def close(self) -> None:
        """Wait for what is still to be written."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _put(self, verb: Callable[[AsyncConnection], Awaitable[Any]]) -> asyncio.Future[Any]:
        """Queue a verb for the next transaction."""
        job = _Job(verb, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return job.result

    async def _drain(self) -> None:
        """Commit until nothing waits any more; what comes during a commit shares the next one."""
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._commit(batch)
            finally:
                for job in batch:
                    job.result.cancel()  # only where the commit itself was cancelled

    async def _commit(self, batch: Sequence[_Job]) -> None:
        """Commit a batch; where one of it fails, each is tried by itself, so that none fails for another."""
        try:
            async with self._store.writing() as connection:
                results = [await job.verb(connection) for job in batch]
        except Exception as error:  # noqa: BLE001 - handed on to whoever waits
            if len(batch) > 1 and not isinstance(error, UNAVAILABLE):
                for job in batch:
                    await self._commit([job])
                return
            for job in batch:
                if not job.result.done():
                    job.result.set_exception(error)
            return
        for job, result in zip(batch, results, strict=True):
            if not job.result.done():
                job.result.set_result(result)

    def _log(self, result: asyncio.Future[Any]) -> None:
        """Log the failure of a write that nobody waits for."""
        if not result.cancelled() and (error := result.exception()) is not None:
            reason = sentence(error, self._store.url) if isinstance(error, UNAVAILABLE) else type(error).__name__
            log.warning("something could not be written down", reason=reason)
