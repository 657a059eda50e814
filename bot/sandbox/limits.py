"""Telegram's flood limits: messages and edits per chat, per group and overall, in sliding windows."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import too_many_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.model import Chat

LIMITED: Final = frozenset(
    {"sendMessage", "copyMessage", "forwardMessage", "sendPhoto", "sendDocument"}
    | {"editMessageText", "editMessageCaption", "editMessageReplyMarkup"}
)


@dataclass
class FloodLimits:
    """Off until `enabled`; a call over a limit is refused with 429 and the seconds to wait."""

    enabled: bool = False
    per_chat: int = 1
    per_chat_seconds: float = 1.0
    per_group: int = 20
    per_group_seconds: float = 60.0
    overall: int = 30
    overall_seconds: float = 1.0
    # Clocks and networks jitter: a sender that paces exactly is not punished for arriving a little early.
    tolerance: float = 0.05
    clock: Callable[[], float] = time.monotonic
    _sent: dict[int, deque[float]] = field(default_factory=dict)
    _all: deque[float] = field(default_factory=deque)
    refusals: int = 0

    def check(self, method: str, chat: Chat) -> None:
        """Count a call, or refuse it; what is refused does not count."""
        if not self.enabled or method not in LIMITED:
            return
        now = self.clock()
        mine = self._sent.setdefault(chat.id, deque())
        wait = max(
            self._wait(self._all, self.overall, self.overall_seconds, now),
            self._wait(mine, self.per_chat, self.per_chat_seconds, now) if chat.type == "private" else 0.0,
            self._wait(mine, self.per_group, self.per_group_seconds, now) if chat.type != "private" else 0.0,
            self._wait(mine, self.per_chat, self.per_chat_seconds, now) if chat.type != "private" else 0.0,
        )
        if wait > 0:
            self.refusals += 1
            raise too_many_requests(max(math.ceil(wait), 1))
        mine.append(now)
        self._all.append(now)
        self._trim(now, mine)

    def _wait(self, sent: deque[float], count: int, seconds: float, now: float) -> float:
        """Return how long until one more fits into the window."""
        window = seconds - self.tolerance
        if len(sent) < count or (oldest := sent[-count]) <= now - window:
            return 0.0
        return oldest + window - now

    def _trim(self, now: float, mine: deque[float]) -> None:
        for sent, seconds in (
            (mine, max(self.per_chat_seconds, self.per_group_seconds)),
            (self._all, self.overall_seconds),
        ):
            while sent and sent[0] < now - seconds:
                sent.popleft()
