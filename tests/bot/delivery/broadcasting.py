"""A process that sends what the outbox holds: what the tests kill."""

import asyncio
from datetime import timedelta
from typing import Any

from bot.delivery.calls import connected
from bot.delivery.pacer import Pacer
from bot.delivery.sender import Limits, Sender
from bot.metrics import Metrics
from bot.store import outbox
from bot.store.store import Store

QUICK = Limits(slots=8, seconds=2.0, lease=timedelta(seconds=3), poll=0.2)


async def broadcast(given: dict[str, Any]) -> None:
    """Send until nothing is left; then end."""
    pacer = Pacer(given["rate"], overall=given["rate"] * 2)
    store = await Store.open(given["database"])
    async with store, connected(given["token"], given["api"], connections=QUICK.slots, seconds=QUICK.seconds) as bot:
        sender = Sender(store, bot, pacer, metrics=Metrics(), alone=given["alone"], limits=QUICK)
        task = asyncio.create_task(sender.run())
        while not await _is_over(store):
            await asyncio.sleep(0.1)
        await sender.stop()
        await task


async def _is_over(store: Store) -> bool:
    """Tell whether nothing is pending or in flight."""
    async with store.reading() as connection:
        in_flight = await connection.scalar(outbox.in_flight())
        return not in_flight and await outbox.next_due(connection) is None


def run(given: dict[str, Any]) -> None:
    """Be the process."""
    asyncio.run(broadcast(given))
