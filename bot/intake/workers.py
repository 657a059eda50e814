"""Workers: updates of one chat one after another, different chats side by side, each until it is settled."""

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.intake.attempt import Attempt, Process, Verdict, attempt
from bot.metrics import Metrics
from bot.store import inbox
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.inbox import ATTEMPTS, PER_CHAT, Failure, Row, Worker
from bot.store.store import Store

LONGEST_POSTPONEMENT = 300.0
REFILL = 0.1
"""Seconds after which more is claimed even though much is in memory: all of that may be of chats that are slow."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limits:
    """How much at a time, and for how long."""

    brisk: int = 32
    """Updates that are handled at the same time without further thought."""
    parallel: int = 32
    """Updates that are handled at the same time at most."""
    patience: float = 0.02
    """Seconds to wait for one of the brisk to finish before another begins beside them. While replies are quick, few
    at a time is faster: each open connection makes every request of httpx slower. When Telegram is slow, more begin."""
    slots: int = 32
    """Updates being handled, or handled and not yet marked: so many may be answered twice after a kill."""
    window: int = 256
    """Updates held in memory."""
    gather: float = 0.02
    """Seconds that a mark waits for others while there is more to do: a commit for each would halve the rate."""
    seconds: float = 120.0
    """Seconds that the handling of one update may take; after that it has failed."""
    retry: float = 0.5
    """Seconds before the next try of an update that failed; three times as many before the one after that."""
    lease: timedelta = timedelta(seconds=10)
    """How long after its death a worker's updates are left to it, where there are several workers."""


class Workers:
    """Takes updates out of the inbox and sees each through: done, or quarantined with its error."""

    def __init__(
        self, store: Store, process: Process, *, metrics: Metrics, alone: bool, limits: Limits | None = None
    ) -> None:
        self._store = store
        self._process = process
        self._metrics = metrics
        self._limits = limits or Limits()
        self._me = Worker(secrets.token_hex(8), self._limits.lease, alone)
        self._chats: dict[int, deque[Row]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(self._limits.slots)
        self._parallel = asyncio.Semaphore(self._limits.parallel)
        self._brisk = asyncio.Semaphore(self._limits.brisk)
        self._gate = asyncio.Lock()
        self._running = 0
        self._done: list[int] = []
        self._failed: list[Failure] = []
        self._event = asyncio.Event()
        self._more = True
        self._claimed_at = 0.0
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def held(self) -> int:
        """How many updates are in memory."""
        return sum(map(len, self._chats.values()))

    def wake(self) -> None:
        """Say that there is something new in the inbox."""
        self._more = True
        self._event.set()

    async def run(self) -> None:
        """Handle updates until `stop` is called; what an earlier run left unfinished comes first."""
        try:
            if self._me.alone:
                await self._insist(self._release)
            while not (self._stopping.is_set() and not self._tasks):
                await self._insist(self._turn)
                await self._wait()
            await self._insist(self._leave)
        finally:
            self._cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._ended.set()

    async def stop(self, deadline: float = 20.0) -> None:
        """Finish what is being handled, within a deadline; what has not begun is left to the next run."""
        self._stopping.set()
        self._event.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self._ended.wait()
            return
        log.warning("updates were still being handled at the deadline", updates=self.held)
        self._cancel()
        await self._ended.wait()

    def _cancel(self) -> None:
        """Break off what is being handled; it stays in the inbox."""
        for task in self._tasks:
            task.cancel()

    # --- one turn: a transaction that marks what is finished and takes what is next ---------------------------------

    async def _wait(self) -> None:
        """Sleep until there is something to mark or to take, or a lease to renew."""
        pause = self._limits.lease.total_seconds() / 3 if self._chats or not self._me.alone else None
        if self._more and self.held < self._limits.window and not self._stopping.is_set():
            pause = REFILL
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._event.wait()
                self._event.clear()
            return await self._gather()
        self._more = True  # where there are other workers: to take over what a dead one left
        return None

    async def _gather(self) -> None:
        """Let some more updates finish before the commit, as long as that keeps nothing waiting."""
        end = time.monotonic() + self._limits.gather
        while self._running and 0 < len(self._done) < self._limits.slots // 2:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(end - time.monotonic()):
                    await self._event.wait()
                self._event.clear()
                continue
            return

    async def _turn(self) -> None:
        """Mark and take, in one transaction; if it fails, nothing is forgotten."""
        done, failed = list(self._done), list(self._failed)
        room = 0 if self._stopping.is_set() else max(self._limits.window - self.held, 0)
        take = self._more and room > 0 and self._claim_is_due()
        if not (done or failed or take or self._chats):
            return
        full = [chat for chat, queue in self._chats.items() if len(queue) >= PER_CHAT]
        if take:
            self._more = False  # before the commit: what comes in meanwhile sets it again
            self._claimed_at = time.monotonic()
        try:
            rows = await self._exchange(done, failed, room if take else 0, full)
        except BaseException:
            self._more = self._more or take
            raise
        del self._done[: len(done)], self._failed[: len(failed)]
        for _ in done:
            self._slots.release()
        for row in rows:
            self._enqueue(row)
        if take and (full or len(rows) >= min(room, PER_CHAT)):
            self._more = True
            if rows:
                self._event.set()

    def _claim_is_due(self) -> bool:
        """Claim many at a time: a claim with every mark would double the work of the database."""
        return self.held <= self._limits.slots or time.monotonic() - self._claimed_at >= REFILL

    async def _exchange(self, done: list[int], failed: list[Failure], room: int, full: list[int]) -> list[Row]:
        """Commit what has become of updates, and claim the next ones with the same commit."""
        now = datetime.now(UTC)

        async def exchange(connection: AsyncConnection) -> list[Row]:
            await inbox.finish(connection, done, now)
            for failure in failed:
                await inbox.fail(connection, failure, now)
            if self._chats and not self._me.alone:
                await inbox.renew(connection, self._me, now)
            if not room:
                return []
            return await inbox.claim(connection, self._me, now, room, full)

        return await self._store.write(exchange)

    async def _release(self) -> None:
        """Give back what is claimed; one who is alone also takes back what an earlier process had claimed."""
        async with self._store.writing() as connection:
            await inbox.release(connection, self._me)

    async def _leave(self) -> None:
        """Mark what is finished and give the rest back, so that the next run need not wait for a lease."""
        await self._exchange(list(self._done), list(self._failed), 0, [])
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

    # --- one chat ---------------------------------------------------------------------------------------------------

    def _enqueue(self, row: Row) -> None:
        """Put an update behind the others of its chat."""
        queue = self._chats.get(row.chat_id)
        if queue is not None:
            queue.append(row)
            return
        self._chats[row.chat_id] = queue = deque([row])
        task = asyncio.create_task(self._serve(row.chat_id, queue))
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:  # also when it was cancelled before it began
            self._tasks.discard(task)
            if self._chats.get(row.chat_id) is queue:
                del self._chats[row.chat_id]
            self._event.set()

        task.add_done_callback(ended)

    async def _serve(self, chat: int, queue: deque[Row]) -> None:
        """Handle the updates of one chat in order; a chat waits for its slot behind those that waited longer."""
        try:
            while queue:
                await self._slots.acquire()
                if self._stopping.is_set() or not await self._see_through(queue[0]):
                    return
                queue.popleft()
        finally:
            del self._chats[chat]  # at once: what is appended to this queue from now on would be lost

    async def _see_through(self, row: Row) -> bool:
        """Handle an update until it is settled; tells whether it is, or was broken off by the end of the program."""
        attempts = row.attempts
        while True:
            result = await self._attempt(row)
            if result.verdict is Verdict.DONE:
                self._done.append(row.id)  # its slot is given back when the mark is committed
                self._event.set()
                return True
            pause = min(result.seconds, LONGEST_POSTPONEMENT)
            if result.verdict is not Verdict.POSTPONED:
                attempts = ATTEMPTS if result.verdict is Verdict.HOPELESS else attempts + 1
                pause = self._limits.retry * 3 ** (attempts - 1)
                self._failed.append(Failure(row.id, attempts, result.error))
                self._event.set()
            self._slots.release()
            if attempts >= ATTEMPTS:
                log.error("update quarantined", update_id=row.update_id, error=result.error)
                return True
            if await self._stops_within(pause):
                return False
            await self._slots.acquire()

    async def _attempt(self, row: Row) -> Attempt:
        """Try an update once, and count it."""
        async with self._parallel, self._turnstile():
            self._running += 1
            try:
                with self._metrics.seconds.time():
                    result = await attempt(self._process, row.payload, self._limits.seconds)
            finally:
                self._running -= 1
        self._metrics.handled.labels(result.verdict.name.lower()).inc()
        return result

    @contextlib.asynccontextmanager
    async def _turnstile(self) -> AsyncIterator[None]:
        """Let one after another in: at once while few are inside, else after some patience."""
        brisk = False
        async with self._gate:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._limits.patience):
                    brisk = await self._brisk.acquire()
        try:
            yield
        finally:
            if brisk:
                self._brisk.release()

    async def _stops_within(self, seconds: float) -> bool:
        """Wait before the next try; tells whether the program began to stop meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._stopping.wait()
        return False
