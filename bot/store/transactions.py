"""Writes and look-ups of many in one transaction: each waits for the disk, or for a thread, once and together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from bot.store.failures import UNAVAILABLE, sentence

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection


T = TypeVar("T")
Item = TypeVar("Item")
Found = TypeVar("Found")
Verb = Callable[["AsyncConnection"], Awaitable[T]]
"""Something to do in a transaction; it waits for nothing but its connection, and may run in another thread."""

GATHER = 0.001
"""Seconds that a transaction waits for more to share it, while many come: each costs 0.6 ms of CPU, small as it is.

Most of those who will share it have waited for the one before and come at once. Measured: 510 updates a second with
5 ms, 570 with 1 ms, and with none a quarter more commits.
"""

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Job:
    """Something to do in a transaction, and who waits for it."""

    verb: Callable[..., Awaitable[Any]]
    result: asyncio.Future[Any]
    items: list[Any] | None = None
    """What the verb does it to, where it does it to many at once."""


class Transactions:
    """Runs the store's verbs; those that come at the same moment share a transaction."""

    def __init__(self, run: Callable[[Verb[Any]], Awaitable[Any]], url: URL) -> None:
        self._run = run
        self._url = url
        self._waiting: list[_Job] = []
        self._task: asyncio.Task[None] | None = None

    async def run(self, verb: Verb[T]) -> T:
        """Run a verb; returns what it returns once it is committed."""
        result: T = await self._put(verb)
        return result

    async def add(self, verb: Callable[[AsyncConnection, Sequence[Item]], Awaitable[object]], item: Item) -> None:
        """Run a verb for an item together with those that others add; returns once it is committed."""
        await self._put(verb, [item])

    async def find(
        self, verb: Callable[[AsyncConnection, Sequence[Item]], Awaitable[Mapping[Item, Found]]], key: Item
    ) -> Found | None:
        """Run a verb for a key together with those that others look for; returns what it found under the key."""
        found: Mapping[Item, Found] = await self._put(verb, [key])
        return found.get(key)

    def later(self, verb: Verb[object]) -> None:
        """Run a verb that nobody waits for; its failure is only logged."""
        self._put(verb).add_done_callback(self._log)

    def leave(self, verb: Callable[[AsyncConnection, Sequence[Item]], Awaitable[object]], item: Item) -> None:
        """Run a verb for an item as `add` does; nobody waits for it, and its failure is only logged."""
        self._put(verb, [item]).add_done_callback(self._log)

    async def close(self) -> None:
        """Wait for what is still to be written."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _put(self, verb: Callable[..., Awaitable[Any]], items: list[Any] | None = None) -> asyncio.Future[Any]:
        """Queue a verb for the next transaction."""
        job = _Job(verb, asyncio.get_running_loop().create_future(), items)
        self._waiting.append(job)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return job.result

    async def _drain(self) -> None:
        """Commit until nothing waits any more; what comes during a commit shares the next one."""
        crowd = False
        while self._waiting:
            if crowd:  # someone alone does not wait
                await asyncio.sleep(GATHER)
            batch, self._waiting = self._waiting, []
            crowd = len(batch) > 1
            try:
                await self._commit(batch)
            finally:
                for job in batch:
                    job.result.cancel()  # only where the commit itself was cancelled

    async def _commit(self, batch: Sequence[_Job]) -> None:
        """Commit a batch; where one of it fails, each is tried by itself, so that none fails for another."""
        try:
            results = await self._run(lambda connection: _together(connection, batch))
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
            reason = sentence(error, self._url) if isinstance(error, UNAVAILABLE) else type(error).__name__
            log.warning("something could not be written down", reason=reason)


async def _together(connection: AsyncConnection, batch: Sequence[_Job]) -> list[Any]:
    """Run the verbs of a batch; a verb that was given several items gets them all at once, which is one statement."""
    items: dict[Callable[..., Awaitable[Any]], list[Any]] = {}
    for job in batch:
        if job.items is not None:
            items.setdefault(job.verb, []).extend(job.items)
    of_all = {verb: await verb(connection, together) for verb, together in items.items()}
    return [await job.verb(connection) if job.items is None else of_all[job.verb] for job in batch]
