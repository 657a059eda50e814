"""Workers: take updates out of the inbox, have them handled, and mark what has become of them."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.intake.lanes import Lanes, Pace
from bot.store import inbox
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.inbox import PER_CHAT, Failure, Row, Worker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.intake.attempt import Process
    from bot.metrics import Metrics
    from bot.store.store import Store


REFILL = 0.1
"""Seconds after which more is claimed even though much is in memory: all of that may be of chats that are slow."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limits(Pace):
    """How much at a time, and for how long."""

    window: int = 256
    """Updates held in memory."""
    lease: timedelta = timedelta(seconds=10)
    """How long after its death a worker's updates are left to it, where there are several workers."""


class Workers:
    """Takes updates out of the inbox and sees each through: done, or quarantined with its error."""

    def __init__(
        self, store: Store, process: Process, *, metrics: Metrics, alone: bool, limits: Limits | None = None
    ) -> None:
        self._store = store
        self._limits = limits or Limits()
        self._me = Worker(secrets.token_hex(8), self._limits.lease, alone)
        self._event = asyncio.Event()
        self._lanes = Lanes(process, self._limits, metrics=metrics, changed=self._event.set)
        self._more = True
        self._claimed_at = 0.0
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def held(self) -> int:
        """How many updates are in memory."""
        return self._lanes.held

    def wake(self) -> None:
        """Say that there is something new in the inbox."""
        self._more = True
        self._event.set()

    async def run(self) -> None:
        """Handle updates until `stop` is called; what an earlier run left unfinished comes first."""
        try:
            if self._me.alone:
                await self._insist(self._release)
            while not (self._stopping.is_set() and not self._lanes.running):
                await self._insist(self._turn)
                await self._wait()
            await self._insist(self._leave)
        finally:
            await self._lanes.cancel()
            self._ended.set()

    async def stop(self, deadline: float = 20.0) -> None:
        """Finish what is being handled, within a deadline; what has not begun is left to the next run."""
        self._stopping.set()
        self._lanes.close()
        self._event.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self._ended.wait()
            return
        log.warning("updates were still being handled at the deadline", updates=self.held)
        await self._lanes.cancel()
        await self._ended.wait()

    # --- one turn: a transaction that marks what is finished and takes what is next ---------------------------------

    async def _wait(self) -> None:
        """Sleep until there is something to mark or to take, or a lease to renew."""
        pause = self._limits.lease.total_seconds() / 3 if self.held or not self._me.alone else None
        if self._more and self.held < self._limits.window and not self._stopping.is_set():
            pause = REFILL
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._event.wait()
                self._event.clear()
            return
        self._more = True  # where there are other workers: to take over what a dead one left

    async def _turn(self) -> None:
        """Mark and take, in one transaction; if it fails, nothing is forgotten."""
        done, failed = list(self._lanes.done), list(self._lanes.failed)
        room = 0 if self._stopping.is_set() else max(self._limits.window - self.held, 0)
        take = self._more and room > 0 and self._claim_is_due()
        if not (done or failed or take or self.held):
            return
        full = self._lanes.full()
        if take:
            self._more = False  # before the commit: what comes in meanwhile sets it again
            self._claimed_at = time.monotonic()
        try:
            rows = await self._exchange(done, failed, room if take else 0, full)
        except BaseException:
            self._more = self._more or take
            raise
        self._lanes.marked(len(done), len(failed))
        self._lanes.add(rows)
        if take and (full or len(rows) >= min(room, PER_CHAT)):
            self._more = True
            if rows:
                self._event.set()

    def _claim_is_due(self) -> bool:
        """Claim many at a time: a claim with every mark would double the work of the database."""
        return self.held <= self._limits.slots or time.monotonic() - self._claimed_at >= REFILL

    async def _exchange(
        self, done: Sequence[Row], failed: Sequence[Failure], room: int, full: Sequence[int]
    ) -> list[Row]:
        """Commit what has become of updates, and claim the next ones with the same commit."""
        now, renew = datetime.now(UTC), bool(self.held) and not self._me.alone

        async def exchange(connection: AsyncConnection) -> list[Row]:
            await inbox.finish(connection, [row.id for row in done], now)
            for failure in failed:
                await inbox.fail(connection, failure, now)
            if renew:
                await inbox.renew(connection, self._me, now)
            if not room:
                return []
            return await inbox.claim(connection, self._me, now, room, full)

        # Together with what others write; but not where a claim takes turns with other replicas: what it locks, and
        # what those lock, could wait for each other.
        return await (self._store.commits.run if self._store.is_sqlite else self._store.write)(exchange)

    async def _release(self) -> None:
        """Give back what is claimed; one who is alone also takes back what an earlier process had claimed."""
        await self._store.write(lambda connection: inbox.release(connection, self._me))

    async def _leave(self) -> None:
        """Mark what is finished and give the rest back, so that the next run need not wait for a lease."""
        await self._exchange(list(self._lanes.done), list(self._lanes.failed), 0, [])
        await self._release()

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeat a step until the database takes it; meanwhile what is finished stays in memory."""
        pause = 0.1
        while True:
            try:
                return await step()
            except UNAVAILABLE as error:
                reason = sentence(error, self._store.url)
            log.error("the inbox cannot be written", reason=reason, again_in=pause)
            if self._stopping.is_set() and pause > 1:
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)
