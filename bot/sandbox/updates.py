"""The bot's update queue: numbering, allowed kinds, confirmation by offset, and long polls of which only one lives."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import conflict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.model import Json

ALL_KINDS: Final = frozenset(
    {"message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result"}
    | {"callback_query", "my_chat_member", "chat_member", "message_reaction", "message_reaction_count"}
    | {"guest_message", "poll", "poll_answer", "chat_join_request", "business_connection", "business_message"}
    | {"edited_business_message", "deleted_business_messages", "shipping_query", "pre_checkout_query"}
    | {"purchased_paid_media", "chat_boost", "removed_chat_boost", "managed_bot"}
)
LEFT_OUT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MAX_LIMIT: Final = 100
MAX_TIMEOUT: Final = 50
TERMINATED: Final = "terminated by other getUpdates request; make sure that only one bot instance is running"


class UpdateQueue:
    """Updates in order, kept until they are confirmed."""

    def __init__(self, first_id: int = 700_000_001) -> None:
        self.next_id = first_id
        self.pending: deque[Json] = deque()
        self.allowed = ALL_KINDS - LEFT_OUT
        self.last_poll: float = 0.0
        self._poll = 0
        self._arrived = asyncio.Event()

    def allow(self, kinds: Iterable[object] | None) -> None:
        """Set the kinds that are queued from now on; None keeps the last setting, an empty list the default."""
        if kinds is None:
            return
        known = frozenset(str(kind) for kind in kinds) & ALL_KINDS
        self.allowed = known or ALL_KINDS - LEFT_OUT

    def put(self, kind: str, payload: Json) -> int | None:
        """Queue an update and return its id, or None if the bot did not ask for its kind."""
        if kind not in self.allowed:
            return None
        return self.put_raw({kind: payload})

    def put_raw(self, update: Json) -> int:
        """Queue an update as it is, whatever it holds: for tests of what a bot makes of surprises."""
        update_id = self.next_id
        self.next_id += 1
        self.pending.append({"update_id": update_id, **update})
        self.wake()
        return update_id

    def wake(self) -> None:
        """Let whoever waits look again."""
        self._arrived.set()

    async def arrival(self, timeout: float) -> None:  # noqa: ASYNC109 - a long poll has a time-out by nature
        """Return when something may have arrived, or after the time-out."""
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), timeout)
        except TimeoutError:
            return

    def confirm(self, offset: int) -> None:
        """Drop what lies before the offset; a negative one keeps that many from the end."""
        if offset < 0:
            for _ in range(max(len(self.pending) + offset, 0)):
                self.pending.popleft()
            return
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109
        """Return updates as getUpdates does; a later poll ends this one with 409."""
        self._poll += 1
        mine = self._poll
        self.wake()
        self.confirm(offset)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(max(timeout, 0), MAX_TIMEOUT)
        while not self.pending and (left := deadline - loop.time()) > 0:
            await self.arrival(left)
            if mine != self._poll:
                raise conflict(TERMINATED)
        size = limit if 1 <= limit <= MAX_LIMIT else MAX_LIMIT
        return list(islice(self.pending, size))

    def end_polls(self) -> None:
        """End a waiting long poll with 409, as setting a webhook does."""
        self._poll += 1
        self.wake()
