"""What happens, for those who watch: the chat page and tests."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.model import Json

BACKLOG: Final = 2000


class Events:
    """Hands every event to each watcher's queue; without watchers it costs nothing."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Json]] = set()

    def __bool__(self) -> bool:
        return bool(self._watchers)

    def tell(self, kind: str, chat_id: int | None = None, **details: object) -> None:
        """Tell all watchers; one that no longer reads loses its oldest events."""
        event: Json = {"event": kind, "chat_id": chat_id, **details}
        for queue in self._watchers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    @contextmanager
    def watch(self) -> Iterator[asyncio.Queue[Json]]:
        """Give a queue of all events from now on."""
        queue: asyncio.Queue[Json] = asyncio.Queue(BACKLOG)
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)
