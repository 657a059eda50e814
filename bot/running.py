"""Tasks that run as long as the program: the first that fails ends it, and a signal ends all in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from typing import Any

log = structlog.get_logger(__name__)


class Tasks:
    """Holds on to tasks, and knows when one of them has failed."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[Any]] = []
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start a task that runs on its own."""
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Pass a failure on to whoever waits for one."""
        if not task.cancelled() and (error := task.exception()) is not None and not self._failed.done():
            self._failed.set_exception(error)

    async def failure(self) -> None:
        """Wait until a task fails, and raise its error."""
        await asyncio.shield(self._failed)

    async def cancel(self, *tasks: asyncio.Task[Any], deadline: float = 5.0) -> None:
        """End some tasks, or all, the newest first; one that does not end in time is left behind."""
        ending = list(tasks) or list(reversed(self._tasks))
        for task in ending:
            task.cancel()
        if ending:
            _, late = await asyncio.wait(ending, timeout=deadline)
            for task in late:
                log.warning("a task did not end in time", task=task.get_name())
        if not tasks and self._failed.done():
            self._failed.exception()  # it has been raised, or there was nobody left to raise it to


def spare_the_collector() -> None:
    """Have the garbage collector leave alone what is there once the program runs, and look less often at the rest.

    Libraries and knowledge are hundreds of thousands of objects that never go. Measured: a tenth of an update's CPU.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@contextlib.contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """Turn SIGTERM and SIGINT into an event; a second one gets the default treatment."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    signals = (signal.SIGTERM, signal.SIGINT)

    def stop() -> None:
        stopped.set()
        for number in signals:
            loop.remove_signal_handler(number)

    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        yield stopped
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
