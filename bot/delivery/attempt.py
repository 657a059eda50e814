"""One try at one message: whatever happens, the result is a value that the outbox can keep."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from telegram import Bot

from bot.delivery.calls import Call, call_of, carry_out
from bot.delivery.outcomes import Fate, Outcome, judge
from bot.delivery.pacer import Pacer, Permit
from bot.logs import redact
from bot.store.outbox import REPEATABLE, Item, Settlement, State

PLAIN_PATIENCE = 5.0
"""The second go of a message without its markup waits for its chat's turn: put back, it would begin with markup."""
PATIENCE = 0.5
"""Seconds that a message may wait in its slot; longer, and it goes back to the outbox."""
LONGEST_BACKOFF = 60.0
MOST_TRIES = 8
"""So often a message is sent again when nobody knows whether it arrived, where that is the policy."""
LONGEST_HALT = 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Postponed:
    """A message that was not sent, and when to take it up again."""

    item: Item
    due_at: datetime


class Attempt:
    """Sends messages under the limits of the pacer."""

    def __init__(self, bot: Bot, pacer: Pacer, *, seconds: float, paid: bool = False) -> None:
        self._bot = bot
        self._pacer = pacer
        self._seconds = seconds
        self._paid = paid
        self._line = asyncio.Lock()
        self._pauses: list[tuple[int | None, float]] = []
        self._offline = 0
        self._stopping = False
        self.waiting = 0
        """Messages that wait for the pacer."""

    def stop(self) -> None:
        """Let nothing begin any more."""
        self._stopping = True

    def take_pauses(self) -> list[tuple[int | None, float]]:
        """Return what Telegram asked to leave alone since the last time."""
        taken, self._pauses = self._pauses, []
        return taken

    async def run(self, item: Item, content: dict[str, Any] | None) -> Settlement | Postponed:
        """Send a message once it may be; only being cancelled goes through."""
        now = datetime.now(UTC)
        if item.expires_at is not None and item.expires_at <= now:
            return Settlement(item, State.EXPIRED, error="it was not to be sent any more", counts=False)
        try:
            call = call_of(item, content, paid=self._paid)
        except (LookupError, TypeError) as error:
            return Settlement(item, State.FAILED, error=f"it has no content ({type(error).__name__})", counts=False)
        result = await self._send(item, call)
        if isinstance(result, Outcome) and result.fate is Fate.PLAIN:
            plain = call.plain()
            log.error("markup was refused; sent as plain text", reason=result.reason, method=call.method)
            result = await self._send(item, plain, PLAIN_PATIENCE) if plain else replace(result, fate=Fate.FAILED)
        return result if isinstance(result, Settlement | Postponed) else self._settled(item, result)

    async def _send(self, item: Item, call: Call, patience: float = PATIENCE) -> Settlement | Postponed | Outcome:
        """Wait for the pacer, look at the lease, and call."""
        self.waiting += 1
        try:
            permit = await self._permit(item, patience)
        finally:
            self.waiting -= 1
        if isinstance(permit, Postponed):
            return permit
        arrived = True
        try:
            async with asyncio.timeout(self._seconds):
                message_id = await carry_out(self._bot, call)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - a message must never stop the ones behind it
            outcome = judge(error)
            arrived = outcome.fate is not Fate.OFFLINE
            return Settlement(item, State.SENT) if outcome.fate is Fate.SENT else outcome
        finally:
            self._pacer.end(permit, arrived=arrived)
        self._pacer.accepted()
        self._offline = 0
        return Settlement(item, State.SENT, message_id=message_id)

    async def _permit(self, item: Item, patience: float) -> Permit | Postponed:
        """Wait until a message may be sent; long waits are not waited for here."""
        wait = self._pacer.wait_for_chat(item.chat_id)
        if wait > patience:
            return _after(item, wait)
        if wait > 0:
            await asyncio.sleep(wait)
        async with self._line:  # one at a time asks the pacer, instead of all of them over and over
            while (wait := self._pacer.wait(item.chat_id)) > 0:
                if wait > patience or self._stopping:
                    return _after(item, wait)
                await asyncio.sleep(wait)
            # A process that was stopped for a while must not send what another one has taken over.
            if self._stopping or datetime.now(UTC) >= item.lease_until - timedelta(seconds=self._seconds):
                return _after(item, 0.0)
            return self._pacer.begin(item.chat_id)

    def _settled(self, item: Item, outcome: Outcome) -> Settlement:
        """Say what an outcome means for a row."""
        now = datetime.now(UTC)
        reason = redact(outcome.reason)
        if outcome.fate is Fate.RETRY:
            crowd = self._pacer.halt(item.chat_id, outcome.seconds)
            self._pauses.append((None if crowd else item.chat_id, outcome.seconds))
            due = now + timedelta(seconds=outcome.seconds)
            return Settlement(item, State.PENDING, error=reason, due_at=due, counts=False)
        if outcome.fate is Fate.OFFLINE:
            self._offline += 1
            self._pacer.halt(None, min(0.5 * 2 ** min(self._offline, 6), LONGEST_HALT))
            return Settlement(item, State.PENDING, error=reason, due_at=now, counts=False)
        if outcome.fate is Fate.UNCERTAIN:
            return _uncertain(item, reason, now)
        if outcome.fate is Fate.MIGRATED and item.method not in REPEATABLE:
            return Settlement(item, State.PENDING, error=reason, due_at=now, moved_to=outcome.chat_id)
        if outcome.fate is Fate.BLOCKED:
            return Settlement(item, State.BLOCKED, error=reason, closed=outcome.closed)
        return Settlement(item, State.FAILED, error=reason, moved_to=outcome.chat_id)


def _uncertain(item: Item, reason: str, now: datetime) -> Settlement:
    """Hold a message of which nobody knows, or try again, as its policy says."""
    if not item.resend or item.attempts + 1 >= MOST_TRIES:
        return Settlement(item, State.UNCERTAIN, error=reason)
    due = now + timedelta(seconds=min(2.0**item.attempts, LONGEST_BACKOFF))
    return Settlement(item, State.PENDING, error=reason, due_at=due)


def _after(item: Item, seconds: float) -> Postponed:
    """Give a message back for so long."""
    return Postponed(item, datetime.now(UTC) + timedelta(seconds=seconds))
