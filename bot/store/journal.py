"""Writes down what was asked and how it went: in batches, off the path of the reply."""

import asyncio
import contextlib
from collections import deque
from functools import partial

import structlog

from bot.store import questions
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.questions import Asked
from bot.store.store import Store

EVERY = 1.0
BATCH = 200
CAPACITY = 10_000
"""So many questions wait at most; while the database is away the oldest are given up, not the memory."""

log = structlog.get_logger(__name__)


class Journal:
    """Collects questions; loses at most the last second of them when the process is killed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: deque[Asked] = deque(maxlen=CAPACITY)
        self._full = asyncio.Event()

    def note(self, asked: Asked) -> None:
        """Keep a question in mind; never waits, never fails."""
        self._waiting.append(asked)
        if len(self._waiting) >= BATCH:
            self._full.set()

    async def flush(self) -> None:
        """Write what waits."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                await self._store.write(partial(questions.note, asked=batch))
            except BaseException:
                self._waiting.extendleft(reversed(batch))
                raise

    async def run(self) -> None:
        """Write now and then; what still waits when this is cancelled is written at once."""
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY):
                        await self._full.wait()
                self._full.clear()
                await self._try()
        finally:
            await self._try()

    async def _try(self) -> None:
        """Write what waits; a database that is away gets it later."""
        try:
            await self.flush()
        except UNAVAILABLE as error:
            log.warning("questions could not be written down", reason=sentence(error, self._store.url))
