"""Injected faults: what networks and servers do to a call, by a seeded plan or exactly once."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fault(StrEnum):
    """What happens to a call; the `AFTER` kinds take effect first, so their sender cannot know."""

    TOO_MANY = "429"
    INTERNAL = "500"
    BAD_GATEWAY = "502"
    BAD_GATEWAY_AFTER = "502-after"
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    TIMEOUT_BEFORE = "timeout-before"
    TIMEOUT_AFTER = "timeout-after"

    @property
    def applies(self) -> bool:
        """Whether the call takes effect in spite of the fault."""
        return self.value.endswith("-after")


# The six kinds that issue 4 names; a time-out and a reset after the fact are the ones that breed duplicates.
COMMON = (Fault.TOO_MANY, Fault.INTERNAL, Fault.BAD_GATEWAY, Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.TIMEOUT_AFTER)


@dataclass(slots=True)
class Scripted:
    """A fault for the next calls of a method."""

    fault: Fault
    method: str | None
    chat_id: int | None


@dataclass
class FaultPlan:
    """Faults at a rate for some methods (all but getUpdates if none are named), and scripted ones first."""

    rate: float = 0.0
    kinds: tuple[Fault, ...] = COMMON
    methods: frozenset[str] = frozenset()
    retry_after: int = 1
    hold_seconds: float = 6.0
    latency: tuple[float, float] = (0.0, 0.0)
    random: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - reproducible on purpose
    scripted: deque[Scripted] = field(default_factory=deque)

    def set(
        self,
        rate: float,
        kinds: Iterable[str] = COMMON,
        *,
        methods: Iterable[str] = (),
        seed: int = 0,
        hold_seconds: float = 6.0,
    ) -> None:
        """Inject these kinds at this rate from now on, reproducibly."""
        self.rate = rate
        self.kinds = tuple(Fault(kind) for kind in kinds)
        self.methods = frozenset(methods)
        self.hold_seconds = hold_seconds
        self.random.seed(seed)

    def next(self, kind: str, method: str | None = None, *, chat_id: int | None = None, times: int = 1) -> None:
        """Let the next call (of a method, to a chat) meet this fault, once or several times."""
        self.scripted.extend(Scripted(Fault(kind), method, chat_id) for _ in range(times))

    def clear(self) -> None:
        """Inject nothing any more."""
        self.rate = 0.0
        self.latency = (0.0, 0.0)
        self.scripted.clear()

    def draw(self, method: str, chat: object) -> Fault | None:
        """Return the fault that this call meets, if any."""
        if self.scripted and (found := self._scripted(method, chat)):
            return found
        if not self.rate or (method not in self.methods if self.methods else method == "getUpdates"):
            return None
        return self.random.choice(self.kinds) if self.random.random() < self.rate else None

    def _scripted(self, method: str, chat: object) -> Fault | None:
        for item in self.scripted:
            same_chat = item.chat_id is None or str(item.chat_id) == str(chat)
            if same_chat and (item.method == method or (item.method is None and method != "getUpdates")):
                self.scripted.remove(item)
                return item.fault
        return None

    def delay(self) -> float:
        """Return how long this call takes on top of the work."""
        low, high = self.latency
        return self.random.uniform(low, high) if high else 0.0
