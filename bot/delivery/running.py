"""Everything that delivers, started and stopped together."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.delivery.calls import connected
from bot.delivery.pacer import TELEGRAM_OVERALL, Pacer
from bot.delivery.progress import Progress, Words
from bot.delivery.sender import Limits, Sender
from bot.delivery.ticker import Composer, Ticker
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.store import Store

MOST_SLOTS = 64
SECONDS_PER_SEND = 0.1
"""From the claim of a slot to the commit that frees it."""


def slots_for(rate: float) -> int:
    """Return how many messages have to be in flight at once to reach a rate."""
    return min(max(Limits.slots, round(rate * SECONDS_PER_SEND)), MOST_SLOTS)


def limits_for(rate: float) -> Limits:
    """Return how much to do at a time at a rate: a commit gathers no more than a quarter of the slots."""
    slots = slots_for(rate)
    return Limits(slots=slots, gather=min(Limits.gather, slots / rate / 4), paid=rate > TELEGRAM_OVERALL)


class Delivery:
    """The sender, the progress of what it sends, and the clock that gives it work."""

    def __init__(self, sender: Sender, progress: Progress, ticker: Ticker) -> None:
        self.sender = sender
        self.progress = progress
        self.ticker = ticker

    def start(self, start: Callable[[str, Coroutine[Any, Any, Any]], object]) -> None:
        """Start what runs, as tasks of the program."""
        start("sender", self.sender.run())
        start("progress", self.progress.run())
        start("ticker", self.ticker.run())

    async def stop(self) -> None:
        """End what is in flight; the rest stays in the outbox."""
        await self.sender.stop()


@asynccontextmanager
async def delivery(
    settings: Settings, store: Store, pacer: Pacer, *, metrics: Metrics, alone: bool, voice: tuple[Words, Composer]
) -> AsyncIterator[Delivery]:
    """Make the delivery with connections of its own; `voice` puts progress and digests into words."""
    token = settings.token.get_secret_value() if settings.token is not None else ""
    words, composer = voice
    limits = limits_for(settings.broadcast_rate)
    async with connected(token, settings.api_url, connections=limits.slots) as bot:
        sender = Sender(store, bot, pacer, metrics=metrics, alone=alone, limits=limits)
        progress = Progress(store, bot, pacer, words, wake=sender.wake)
        ticker = Ticker(store, composer, default_language=settings.language, wake=sender.wake)
        yield Delivery(sender, progress, ticker)
