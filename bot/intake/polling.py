"""Polling: our own loop of getUpdates, since PTB's acknowledges what it has only queued in memory."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Never

import structlog
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.flood import seconds_of
from bot.intake.errors import IntakeError
from bot.intake.receiver import Receiver
from bot.metrics import Metrics
from bot.store.failures import UNAVAILABLE, sentence

READ_MARGIN = 10
BATCH = 100
LONGEST_PAUSE = 30.0
FULL_PAUSE = 0.25

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Pace:
    """How long to wait for what."""

    long_poll: int = 30
    """Seconds that a poll waits for updates; the server caps it at 50, and this one survives most proxies."""
    first_pause: float = 1.0
    """Seconds after a failure; they double with each one that follows."""
    conflict_patience: float = 60.0
    """Seconds that another program may poll: a rolling update ends sooner, a second installation never."""


class Poller:
    """Asks for updates, commits them, and only then acknowledges them with the next question."""

    def __init__(
        self,
        bot: Bot,
        receiver: Receiver,
        *,
        allowed_updates: Sequence[str],
        metrics: Metrics,
        pace: Pace | None = None,
    ) -> None:
        self._bot = bot
        self._receiver = receiver
        self._allowed = list(allowed_updates)
        self._metrics = metrics
        self._pace = pace or Pace()
        self._pause = self._pace.first_pause
        self._offset: int | None = None
        self._conflict_since: float | None = None
        self._last_success: float | None = None
        self.paused = False
        """Whether the inbox is full, so that nothing is asked for on purpose."""

    @property
    def age(self) -> float | None:
        """Seconds since the last poll that succeeded."""
        return None if self._last_success is None else time.monotonic() - self._last_success

    async def run(self) -> Never:
        """Poll until cancelled; raises IntakeError when going on is pointless."""
        webhook = True
        while True:
            try:
                if webhook:  # while one is set, every getUpdates is a conflict
                    await self._bot.delete_webhook()
                    webhook = False
                await self._wait_for_room()
                await self._poll()
            except (InvalidToken, EndPointNotFound):
                raise IntakeError("Telegram does not accept the bot's token (401): check FACTLINE_TOKEN.") from None
            except Conflict:
                await self._conflict()
            except RetryAfter as error:
                await self._fail("asked to wait", error, at_least=seconds_of(error))
            except TelegramError as error:
                await self._fail("Telegram does not answer", error)
            except UNAVAILABLE as error:
                await self._fail(sentence(error, self._receiver.url), error)

    async def _wait_for_room(self) -> None:
        """Pause while the inbox is full."""
        while not await self._receiver.has_room():
            if not self.paused:
                log.warning("polling pauses: the inbox is full", capacity=self._receiver.capacity)
            self.paused = True
            await asyncio.sleep(FULL_PAUSE)
        self.paused = False

    async def _poll(self) -> None:
        """Ask once; what is answered is committed before the offset moves on."""
        arguments: dict[str, Any] = {"timeout": self._pace.long_poll, "limit": BATCH, "allowed_updates": self._allowed}
        if self._offset is not None:
            arguments["offset"] = self._offset
        # With its last character PTB would not let the raw answer of a method through that it also wraps itself.
        raws = await self._bot.do_api_request(
            "getUpdates_", api_kwargs=arguments, read_timeout=self._pace.long_poll + READ_MARGIN
        )
        if not isinstance(raws, list):
            raise TelegramError("getUpdates did not answer with a list")
        if raws:
            await self._receiver.receive(raws)
            self._acknowledge(raws)
        self._last_success = time.monotonic()
        self._conflict_since = None
        self._pause = self._pace.first_pause
        self._metrics.polls.labels("ok").inc()

    def _acknowledge(self, raws: list[Any]) -> None:
        """Move the offset behind the highest id, so that the next poll acknowledges all that was committed."""
        ids = [raw["update_id"] for raw in raws if isinstance(raw, dict) and type(raw.get("update_id")) is int]
        if not ids:
            raise TelegramError("no update has an id")
        self._offset = max(ids) + 1

    async def _conflict(self) -> None:
        """Say that someone else polls; wait, but not for ever."""
        self._metrics.polls.labels("conflict").inc()
        now = time.monotonic()
        if self._conflict_since is None:
            self._conflict_since = now
            log.warning("another program polls with the same token (409)")
        if now - self._conflict_since >= self._pace.conflict_patience:
            raise IntakeError("Another program polls with the same token (409): stop it, or use a token of your own.")
        await asyncio.sleep(min(self._pace.first_pause, self._pace.conflict_patience))

    async def _fail(self, reason: str, error: Exception, *, at_least: float = 0.0) -> None:
        """Note a failure and wait, longer each time."""
        self._metrics.polls.labels("failed").inc()
        pause = max(self._pause * random.uniform(0.8, 1.2), at_least)  # noqa: S311 - spreads, hides nothing
        log.warning("polling failed", reason=reason, error=f"{type(error).__name__}: {error}", again_in=round(pause, 1))
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)
