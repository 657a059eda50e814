"""Immediate replies: they overtake announcements, and count against the same limits."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import BaseRateLimiter

from bot.delivery.pacer import Pacer
from bot.delivery.turns import immediate

PREFIXES = ("send", "copy", "forward", "edit")
FREE = frozenset({"sendChatAction", "sendMessageDraft"})
"""What looks like a message and does not count as one."""


class ReplyLimiter(BaseRateLimiter[None]):
    """Lets every message of a reply wait for its chat's limits; all other calls pass."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - PTB's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - PTB's signature
    ) -> Any:  # noqa: ANN401 - PTB's signature
        """Carry out a call when its turn has come."""
        chat_id = data.get("chat_id")
        if not isinstance(chat_id, int) or endpoint in FREE or not endpoint.startswith(PREFIXES):
            return await callback(*args, **kwargs)
        async with immediate(self._pacer, chat_id):
            return await callback(*args, **kwargs)
