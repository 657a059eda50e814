"""Updates in memory: those of one chat one after another, those of different chats side by side, each until settled."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.intake.attempt import Attempt, Process, Verdict, attempt
from bot.metrics import Metrics
from bot.store.inbox import ATTEMPTS, PER_CHAT, Failure, Row

LONGEST_POSTPONEMENT = 300.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Pace:
    """How many at the same time, and for how long."""

    slots: int = 48
    """Updates being handled, or handled and not yet marked: so many may be answered twice after a kill. Fewer leave
    the processor idle while commits and Telegram are waited for."""
    seconds: float = 120.0
    """Seconds that the handling of one update may take; after that it has failed."""
    retry: float = 0.5
    """Seconds before the next try of an update that failed; three times as many before the one after that."""


class Lanes:
    """A lane for each chat that something waits in; the chats that wait longest get the next free slots."""

    def __init__(self, process: Process, pace: Pace, *, metrics: Metrics, changed: Callable[[], None]) -> None:
        self._process = process
        self._pace = pace
        self._metrics = metrics
        self._changed = changed
        self._chats: dict[int, deque[Row]] = {}
        self._ready: deque[int] = deque()
        self._free = pace.slots
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.done: list[Row] = []
        """Handled, and not yet marked; each still has its slot, and its chat's next waits for the mark.

        So that what its handling wrote in the same order as the mark, without waiting for it, is there for the next.
        """
        self.failed: list[Failure] = []
        """Attempts that failed, and are not yet noted."""

    @property
    def held(self) -> int:
        """How many updates are in memory."""
        return sum(map(len, self._chats.values()))

    @property
    def running(self) -> int:
        """How many are being handled."""
        return len(self._tasks)

    def full(self) -> list[int]:
        """Return the chats that have enough waiting."""
        return [chat for chat, lane in self._chats.items() if len(lane) >= PER_CHAT]

    def add(self, rows: Sequence[Row]) -> None:
        """Put updates behind the others of their chats."""
        for row in rows:
            lane = self._chats.get(row.chat_id)
            if lane is None:
                self._chats[row.chat_id] = deque([row])
                self._ready.append(row.chat_id)
            else:
                lane.append(row)
        self._begin()

    def marked(self, done: int, failed: int) -> None:
        """Forget what the inbox now knows, and give the slots on."""
        marked = self.done[:done]
        del self.done[:done], self.failed[:failed]
        self._free += done
        for row in marked:
            self._advance(row.chat_id)
        self._begin()

    def close(self) -> None:
        """Begin nothing any more; what runs may end."""
        self._closed = True

    async def cancel(self) -> None:
        """Break off what is being handled; it stays in the inbox."""
        self.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self) -> None:
        """Handle the next update of each chat that is ready, as far as the slots go."""
        while self._free and self._ready and not self._closed:
            self._free -= 1
            task = asyncio.create_task(self._handle(self._ready.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Let go of a task."""
        self._tasks.discard(task)
        self._changed()

    async def _handle(self, chat: int) -> None:
        """Try the first update of a chat once, and decide how its lane goes on."""
        lane = self._chats[chat]
        row = lane[0]
        result = await attempt(self._process, row.payload, self._pace.seconds, self._metrics)
        if result.verdict is Verdict.DONE:
            self.done.append(row)
            return
        self._free += 1
        if result.verdict is Verdict.POSTPONED:
            self._pause(chat, min(result.seconds, LONGEST_POSTPONEMENT))
            return
        self._fail(chat, lane, row, result)

    def _fail(self, chat: int, lane: deque[Row], row: Row, result: Attempt) -> None:
        """Note a failure; the update is tried again, or quarantined and the next one has its turn."""
        attempts = ATTEMPTS if result.verdict is Verdict.HOPELESS else row.attempts + 1
        self.failed.append(Failure(row.id, attempts, result.error))
        if attempts < ATTEMPTS:
            lane[0] = replace(row, attempts=attempts)
            self._pause(chat, self._pace.retry * 3 ** (attempts - 1))
            return
        log.error("update quarantined", update_id=row.update_id, error=result.error)
        self._advance(chat)
        self._begin()

    def _advance(self, chat: int) -> None:
        """Go on to the next update of a chat, behind the chats that wait already."""
        lane = self._chats[chat]
        lane.popleft()
        if lane:
            self._ready.append(chat)
        else:
            del self._chats[chat]

    def _pause(self, chat: int, seconds: float) -> None:
        """Let a chat wait before the next try; the end of the program does not wait for that."""
        self._begin()
        asyncio.get_running_loop().call_later(seconds, self._resume, chat)

    def _resume(self, chat: int) -> None:
        """Let a chat go on after its pause, before those that wait: it has waited longer."""
        self._ready.appendleft(chat)
        self._begin()
