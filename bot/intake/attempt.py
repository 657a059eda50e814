"""One try at one update: whatever its handling does, the result is a value and never an exception."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import structlog

from bot.intake.errors import PostponeError, UnprocessableError
from bot.logs import redact
from bot.metrics import Metrics

Process = Callable[[dict[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)


class Verdict(Enum):
    """How a try ended."""

    DONE = auto()
    POSTPONED = auto()
    FAILED = auto()
    HOPELESS = auto()


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of a try."""

    verdict: Verdict
    error: str = ""
    seconds: float = 0.0
    """After a postponement: how long to wait."""


async def attempt(process: Process, payload: str, seconds: float, metrics: Metrics) -> Attempt:
    """Handle an update, for so many seconds at most, and count it; only being cancelled from outside goes through."""
    with metrics.seconds.time():
        result = await _tried(process, payload, seconds)
    metrics.handled.labels(result.verdict.name.lower()).inc()
    return result


async def _tried(process: Process, payload: str, seconds: float) -> Attempt:
    """Turn all that may come of a try into a result."""
    try:
        async with asyncio.timeout(seconds):
            await process(_read(payload))
    except PostponeError as pause:
        return Attempt(Verdict.POSTPONED, seconds=pause.seconds)
    except UnprocessableError as error:
        return Attempt(Verdict.HOPELESS, _named(error))
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        return Attempt(Verdict.FAILED, "CancelledError: the handling cancelled itself")
    except Exception as error:  # an update must never stop the ones behind it
        log.warning("handling an update failed", exc_info=True)
        return Attempt(Verdict.FAILED, _named(error))
    return Attempt(Verdict.DONE)


def _read(payload: str) -> dict[str, Any]:
    """Read what the inbox kept."""
    try:
        raw = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise UnprocessableError("the update is no JSON") from error
    if not isinstance(raw, dict):
        raise UnprocessableError("the update is no object")
    return raw


def _named(error: Exception) -> str:
    """Describe an error for the inbox, without tokens."""
    return redact(f"{type(error).__name__}: {error}")
