"""The turn of an immediate message: as soon as the limits allow, before all that is queued."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import RetryAfter

from bot.delivery.pacer import Pacer
from bot.flood import seconds_of


@asynccontextmanager
async def immediate(pacer: Pacer, chat_id: int) -> AsyncIterator[None]:
    """Wait for the turn of a message to a chat, count it, and heed a 429 that it meets."""
    wait = pacer.wait(chat_id, immediate=True)
    while wait > 0:
        await asyncio.sleep(wait)
        wait = pacer.wait(chat_id, immediate=True)
    permit = pacer.begin(chat_id, immediate=True)
    try:
        yield
    except RetryAfter as error:
        pacer.halt(chat_id, seconds_of(error))
        raise
    finally:
        pacer.end(permit)
    pacer.accepted()
