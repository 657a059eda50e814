"""The paced sender: claims a row for each free slot, sends it outside any transaction, settles it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.delivery.attempt import Attempt, Postponed
from bot.store import announcements, claiming, outbox
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.outbox import Claimer, Item, Settlement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection
    from telegram import Bot

    from bot.delivery.pacer import Pacer
    from bot.metrics import Metrics
    from bot.store.store import Store


log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limits:
    """How much at a time, and for how long."""

    slots: int = 12
    """Messages in flight, or sent and not yet settled: so many may be uncertain after a kill."""
    seconds: float = 10.0
    """Seconds that a send may take; after that nobody knows."""
    lease: timedelta = timedelta(seconds=15)
    """How long after its death a sender's messages are left to it. A send begins only if it would end within."""
    gather: float = 0.05
    """Seconds that a commit waits for other sends to end: one for each would halve the rate, and keep replies waiting
    for the one connection that writes to SQLite."""
    horizon: float = 0.25
    """Nothing is claimed that will not begin within so many seconds: it would be uncertain after a kill for nothing."""
    paid: bool = False
    """Whether broadcasts may be paid for, which lifts Telegram's limit of 30 a second."""
    poll: float = 1.0
    """Seconds between looks at the outbox when nothing says that there is something new."""


@dataclass
class _Finished:
    """What the next commit writes down."""

    settlements: list[Settlement] = field(default_factory=list)
    postponed: list[Postponed] = field(default_factory=list)
    pauses: list[tuple[int | None, float]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.settlements or self.postponed or self.pauses)


class Sender:
    """Sends what the outbox holds; several processes may share one outbox."""

    def __init__(
        self, store: Store, bot: Bot, pacer: Pacer, *, metrics: Metrics, alone: bool, limits: Limits | None = None
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._pacer = pacer
        self._limits = limits or Limits()
        self._me = Claimer(secrets.token_hex(8), self._limits.lease, alone)
        self._attempt = Attempt(bot, pacer, seconds=self._limits.seconds, paid=self._limits.paid)
        self._tasks: set[asyncio.Task[None]] = set()
        self._held = 0
        self._finished = _Finished()
        self._event = asyncio.Event()
        self._more = True
        self._recover_at = 0.0
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()

    def wake(self) -> None:
        """Say that there is something new in the outbox."""
        self._more = True
        self._event.set()

    async def run(self) -> None:
        """Send until `stop` is called; what a dead sender left in flight is settled first."""
        try:
            await self._insist(self._recover)
            while not (self._stopping.is_set() and not self._tasks):
                await self._insist(self._turn)
                await self._wait()
            await self._insist(self._turn)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._ended.set()

    async def stop(self, deadline: float = 15.0) -> None:
        """End what is in flight, within a deadline; what has not begun is given back."""
        self._stopping.set()
        self._attempt.stop()
        self._event.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self._ended.wait()
            return
        log.warning("messages were still being sent at the deadline", messages=len(self._tasks))
        for task in self._tasks:
            task.cancel()

    async def _recover(self) -> None:
        """Settle what was in flight when the last process ended."""
        async with self._store.writing() as connection:
            found = await claiming.recover(connection, self._me, datetime.now(UTC), starting=True)
        if found:
            log.warning("messages were in flight when a sender ended", messages=found)

    # --- one turn: a transaction that settles what has ended and claims what is next --------------------------------

    async def _turn(self) -> None:
        """Settle and claim, in one transaction; if it fails, nothing is forgotten."""
        finished, self._finished = self._finished, _Finished()
        free = 0 if self._stopping.is_set() else self._limits.slots - self._held + len(finished.settlements)
        free += len(finished.postponed) if free else 0
        room = min(free, self._pacer.room(self._limits.horizon) - self._attempt.waiting) if self._more else 0
        takes_over = not self._me.alone and time.monotonic() >= self._recover_at
        if not (finished or room > 0 or takes_over):
            return
        try:
            items, contents = await self._exchange(finished, max(room, 0), takes_over=takes_over)
        except BaseException:
            self._restore(finished)
            raise
        self._held += len(items) - len(finished.settlements) - len(finished.postponed)
        self._more = self._more and (room <= 0 or len(items) >= room)
        for item in items:
            self._begin(item, contents.get(item.announcement_id or 0))

    def _restore(self, finished: _Finished) -> None:
        """Keep what could not be written down for the next turn."""
        late, self._finished = self._finished, finished
        finished.settlements += late.settlements
        finished.postponed += late.postponed
        finished.pauses += late.pauses

    async def _exchange(
        self, finished: _Finished, room: int, *, takes_over: bool
    ) -> tuple[list[Item], Mapping[int, dict[str, Any]]]:
        """Commit what has become of messages, and claim the next ones with the same commit."""
        now = datetime.now(UTC)

        async def exchange(connection: AsyncConnection) -> tuple[list[Item], Mapping[int, dict[str, Any]], int]:
            await outbox.settle(connection, self._me, finished.settlements, now)
            for postponed in finished.postponed:
                await claiming.put_back(connection, self._me, [postponed.item], postponed.due_at)
            for chat_id, seconds in finished.pauses:
                await outbox.pause(connection, chat_id, now + timedelta(seconds=seconds), seconds)
            others = 0
            if takes_over:
                await claiming.recover(connection, self._me, now)
                others = await outbox.others(connection, self._me)
            items = await claiming.claim(connection, self._me, now, room) if room else []
            ids = [item.announcement_id for item in items if item.announcement_id is not None]
            return items, await announcements.contents(connection, ids), others

        items, contents, others = await self._store.write(exchange)
        if takes_over:
            self._pacer.share(1 + others)
            self._recover_at = time.monotonic() + min(self._limits.lease.total_seconds() / 3, 1.0)
        return items, contents

    async def _wait(self) -> None:
        """Sleep until a send ends, something new is there, or the pacer lets more begin."""
        pause = self._limits.horizon / 5 if self._more else self._limits.poll
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._event.wait()
            self._event.clear()
            if self._tasks:
                await asyncio.sleep(self._limits.gather)
            return
        self._more = True  # what has become due meanwhile, or came from another process

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeat a step until the database takes it; meanwhile what has ended stays in memory."""
        pause = 0.1
        while True:
            try:
                return await step()
            except UNAVAILABLE as error:
                log.error("the outbox cannot be written", reason=sentence(error, self._store.url), again_in=pause)  # noqa: TRY400
            if self._stopping.is_set() and pause > 1:
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    # --- one message --------------------------------------------------------------------------------------------------

    def _begin(self, item: Item, content: dict[str, Any] | None) -> None:
        """See a message through in a task of its own."""
        task = asyncio.create_task(self._see_through(item, content))
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._event.set()

        task.add_done_callback(ended)

    async def _see_through(self, item: Item, content: dict[str, Any] | None) -> None:
        """Send a message, and keep what came of it for the next commit."""
        result = await self._attempt.run(item, content)
        if isinstance(result, Postponed):
            self._finished.postponed.append(result)
        else:
            self._finished.settlements.append(result)
            self._metrics.sends.labels(str(result.state)).inc()
        self._finished.pauses += self._attempt.take_pauses()
        self._more = True
