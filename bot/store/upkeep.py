"""House-keeping: what is older than it may be goes, in short transactions that keep nobody waiting."""

import asyncio
from datetime import UTC, datetime
from typing import Never

import structlog

from bot.store import audit, buttons, conversations, inbox, questions
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.store import Store

EVERY = 3600.0

log = structlog.get_logger(__name__)


async def trim(store: Store, now: datetime) -> int:
    """Delete everything that has had its time; returns how many rows."""
    gone = 0
    for verb in (questions.trim, conversations.trim, buttons.trim, audit.trim):
        async with store.writing() as connection:
            gone += await verb(connection, now)
    while True:
        async with store.writing() as connection:
            some = await inbox.trim(connection, now)
        gone += some
        if not some:
            return gone
        await asyncio.sleep(0)


async def run(store: Store, every: float = EVERY) -> Never:
    """Trim now and then, until cancelled."""
    while True:
        try:
            gone = await trim(store, datetime.now(UTC))
            if gone:
                log.info("old rows deleted", rows=gone)
        except UNAVAILABLE as error:
            log.warning("old rows could not be deleted", reason=sentence(error, store.url))
        await asyncio.sleep(every)
