"""The tick: what is due by the clock becomes rows of the outbox, each run once, whoever ticks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Never, Protocol

import structlog

from bot.store import announcements, chats, outbox, schedules, subscriptions
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.outbox import DIGEST, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.schedules import Due
    from bot.store.store import Store
    from bot.store.subscriptions import Subscription


EVERY = 1.0
TRIM_EVERY = timedelta(hours=1)
DIGEST_LIFETIME = timedelta(hours=3)
"""A digest that could not be sent for so long is not sent at some odd hour."""
FACTS_OF = {"daily": 1, "weekly": 3}

log = structlog.get_logger(__name__)


class Composer(Protocol):
    """Who knows the facts and puts a digest into words."""

    def facts(self) -> Sequence[str]:
        """Return the facts that digests go through, in order."""

    def digest(self, facts: Sequence[str], language: str) -> dict[str, Any]:
        """Return the parameters of a message with these facts."""


class Ticker:
    """Turns schedules and planned announcements into rows."""

    def __init__(
        self,
        store: Store,
        composer: Composer,
        *,
        default_language: str,
        wake: Callable[[], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._composer = composer
        self._default = default_language
        self._wake = wake
        self._clock = clock
        self._trim_at = datetime.min.replace(tzinfo=UTC)

    async def run(self, every: float = EVERY) -> Never:
        """Tick until cancelled."""
        while True:
            try:
                await self.tick()
            except UNAVAILABLE as error:
                log.warning("what is due could not be queued", reason=sentence(error, self._store.url))
            await asyncio.sleep(every)

    async def tick(self) -> int:
        """Queue what is due now; returns how many digests and announcements."""
        now = self._clock()
        async with self._store.reading() as connection:
            anything = await schedules.anything_due(connection, now)
        queued = 0
        if anything:
            async with self._store.writing() as connection:
                queued += len(await announcements.start_due(connection, now, self._default))
            async with self._store.writing() as connection:
                for due in await schedules.due(connection, now):
                    queued += await self._digest(connection, due, now)
            self._wake()
        if now >= self._trim_at:
            self._trim_at = now + TRIM_EVERY
            async with self._store.writing() as connection:
                await outbox.trim(connection, now)
        return queued

    async def _digest(self, connection: AsyncConnection, due: Due, now: datetime) -> int:
        """Queue one digest, and set its schedule to the next."""
        following = schedules.next_run(due.cron, due.zone, now)
        when = schedules.catch_up(due.run_at, following, due.zone, now)
        await schedules.ran(connection, due, now)
        found = await subscriptions.get(connection, due.subscription_id or 0)
        late = due.misfire == "skip" and now - due.run_at > schedules.LATE
        if found is None or not found.active or when is None or late:
            return 0
        chat = await chats.find(connection, found.chat_id)
        if chat is None or not chat.active:
            return 0
        if found.quiet_from and found.quiet_until:
            when = subscriptions.end_of_quiet(found.quiet_from, found.quiet_until, found.zone, when) or when
        count = FACTS_OF.get(found.digest, 1)
        facts = await schedules.rotate(connection, found.id, self._composer.facts(), count, now)
        if not facts:
            return 0
        language = await self._language(connection, found)
        message = Message(
            f"schedule:{due.id}:{due.run_at.isoformat()}",
            "digest",
            found.chat_id,
            self._composer.digest(facts, language),
            when,
            thread_id=found.thread_id,
            silent=found.silent,
            priority=DIGEST,
            expires_at=when + DIGEST_LIFETIME,
        )
        return await outbox.put(connection, [message], now)

    async def _language(self, connection: AsyncConnection, found: Subscription) -> str:
        """Return the language of a subscription: its own, the chat's, the person's, the default."""
        # A private chat has the id of its person, and a group's is nobody's.
        where = (found.chat_id, found.chat_id)
        chosen = (await chats.chosen(connection, [where]))[where]
        return found.language or chosen.of_chat or chosen.language or self._default
