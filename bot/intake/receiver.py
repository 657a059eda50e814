"""The door of the inbox, for polling and webhook alike: returns when what it was given is committed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.intake.envelope import seal
from bot.store import inbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.metrics import Metrics
    from bot.store.inbox import Arrival
    from bot.store.store import Store


CAPACITY = 5000
"""So many updates may wait; then polling pauses and the webhook asks Telegram to come back later."""

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class _Batch:
    """Updates that one transaction commits, whoever of those who brought them comes to it first."""

    arrivals: list[Arrival] = field(default_factory=list)
    settled: bool = False
    error: Exception | None = None


class Receiver:
    """Takes raw updates in; those that come at the same moment share a commit."""

    def __init__(self, store: Store, *, wake: Callable[[], None], metrics: Metrics, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._store = store
        self._wake = wake
        self._metrics = metrics
        self._commits = asyncio.Lock()
        self._next = _Batch()
        self._depth = 0

    @property
    def url(self) -> URL:
        """Where the inbox is, for messages about it."""
        return self._store.url

    async def receive(self, raws: Sequence[object]) -> None:
        """Commit updates; when this returns they may be acknowledged, when it raises they may not."""
        batch = self._next
        for raw in raws:
            arrival = seal(raw)
            if arrival is None:
                log.warning("update without an id is dropped")
            else:
                batch.arrivals.append(arrival)
        async with self._commits:
            if not batch.settled:
                if self._next is batch:
                    self._next = _Batch()
                await self._commit(batch)
        if batch.error is not None:
            raise batch.error

    async def _commit(self, batch: _Batch) -> None:
        """Commit a batch; a cancelled commit leaves it to the next who waits for it."""

        async def put(connection: AsyncConnection) -> int:
            await inbox.put(connection, batch.arrivals, datetime.now(UTC))
            return await inbox.depth(connection)

        try:
            self._depth = await self._store.commits.run(put)
        except Exception as error:  # noqa: BLE001 - handed on to everyone who waits for this batch
            batch.error = error
        else:
            self._metrics.received.inc(len(batch.arrivals))
            self._metrics.depth.set(self._depth)
            self._wake()
        batch.settled = True

    async def has_room(self) -> bool:
        """Tell whether the inbox takes more; only a full one is counted again."""
        if self._depth >= self.capacity:
            await self.measure()
        return self._depth < self.capacity

    async def measure(self) -> int:
        """Count what waits."""
        async with self._store.reading() as connection:
            self._depth = await inbox.depth(connection)
        self._metrics.depth.set(self._depth)
        return self._depth
