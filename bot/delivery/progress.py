"""Progress of announcements: one status message that is edited, and a report at the end."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Never, Protocol

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.delivery.calls import Call, carry_out
from bot.delivery.pacer import Pacer
from bot.delivery.turns import immediate
from bot.store import announcements, announcements_amending, announcements_report, outbox
from bot.store.announcements import Announcement
from bot.store.announcements_report import Report
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.outbox import ANSWER, Message
from bot.store.store import Store

EVERY = 3.0
GRACE = timedelta(seconds=2)
"""So long after it was confirmed the status message is left to whoever says that it was."""
ROWS_PER_SECOND = 200_000
"""Counting takes time: the more messages, the rarer."""

log = structlog.get_logger(__name__)


class Words(Protocol):
    """Who puts progress and reports into words, as HTML, in the language of whoever announced."""

    async def progress(self, announcement: Announcement, report: Report) -> str:
        """Say how far an announcement has come."""

    async def report(self, announcement: Announcement, report: Report) -> str:
        """Say how an announcement ended."""


class Progress:
    """Follows announcements to their end: what is finished becomes so here, whoever sent the last message."""

    def __init__(
        self, store: Store, bot: Bot, pacer: Pacer, words: Words, *, wake: Callable[[], None], every: float = EVERY
    ) -> None:
        self._store = store
        self._bot = bot
        self._pacer = pacer
        self._words = words
        self._wake = wake
        self._every = every
        self._rest: dict[int, float] = {}

    async def run(self) -> Never:
        """Look after all announcements that are under way, until cancelled."""
        while True:
            try:
                await self.look()
            except UNAVAILABLE as error:
                log.warning("progress could not be read", reason=sentence(error, self._store.url))
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """Take every announcement a step on, and show how far it is."""
        async with self._store.reading() as connection:
            running = await announcements.running(connection)
        for found in running:
            await self._follow(found)

    async def _follow(self, found: Announcement) -> None:
        """Show an announcement's progress, and end it if nothing of it is left to do."""
        loop_time = asyncio.get_running_loop().time()
        fresh = found.confirmed_at is not None and datetime.now(UTC) - found.confirmed_at < GRACE
        if fresh or self._rest.get(found.id, 0.0) > loop_time:
            return
        self._rest[found.id] = loop_time + found.total / ROWS_PER_SECOND
        async with self._store.reading() as connection:
            report = await announcements_report.report(connection, found)
        if not report.unsettled and await self._end(found):
            self._rest.pop(found.id, None)
            return
        await self._show(found, await self._words.progress(found, report))

    async def _end(self, found: Announcement) -> bool:
        """Finish an announcement together with its report, which goes out like any other message."""
        now = datetime.now(UTC)
        async with self._store.writing() as connection:
            if not await announcements_amending.advance(connection, found, now):
                self._wake()
                return False
            ended = await announcements.find(connection, found.id) or found
            report = await announcements_report.report(connection, ended)
        words = await self._words.report(ended, report)
        if ended.status_chat_id is not None:
            key = f"report:{ended.id}:{now.isoformat()}"
            message = Message(key, "status", ended.status_chat_id, _html(words), now, priority=ANSWER)
            async with self._store.writing() as connection:
                await outbox.put(connection, [message], now)
            self._wake()
        await self._show(ended, await self._words.progress(ended, report))
        return True

    async def _show(self, found: Announcement, text: str) -> None:
        """Edit the status message, if it says something else; a lost edit is made up for by the next."""
        if found.status_chat_id is None or found.status_message_id is None or text == found.status_text:
            return
        chat_id = found.status_chat_id
        if self._pacer.wait(chat_id, immediate=True) > self._every:
            return
        async with self._store.writing() as connection:
            await announcements.show_status(connection, found.id, None, text)
        edit = Call("editMessageText", {"chat_id": chat_id, "message_id": found.status_message_id, **_html(text)})
        with contextlib.suppress(TelegramError):
            async with immediate(self._pacer, chat_id):
                await carry_out(self._bot, edit)


def _html(text: str) -> dict[str, Any]:
    """Return the parameters of a text with tags."""
    return {"text": text, "parse_mode": "HTML"}
