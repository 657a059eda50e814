"""Bounds that keep one person from harming the others: how often anyone is answered, how much is remembered."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")

CAPACITY = 10_000
"""Entries of any map by person or chat; the least recently used go first."""


class Recent(Generic[K, V]):
    """A map of bounded size whose entries are forgotten after some seconds."""

    def __init__(self, seconds: float, capacity: int = CAPACITY, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._capacity = capacity
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """Return what was put under a key, unless it is too long ago."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry[0] <= self._clock():
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry[1]

    def put(self, key: K, value: V) -> V:
        """Remember a value, and return it."""
        self._entries[key] = (self._clock() + self._seconds, value)
        self._entries.move_to_end(key)
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)
        return value

    def forget(self, key: K) -> None:
        """Forget a value."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()


class Admission(Enum):
    """What becomes of a request."""

    GRANTED = auto()
    TOLD = auto()
    """Over the limit for the first time: say so."""
    IGNORED = auto()
    """Over the limit, and told so already."""


@dataclass(slots=True)
class _Bucket:
    """Tokens of one person, as of a time."""

    tokens: float
    at: float
    told: bool = False


class Buckets(Generic[K]):
    """Token buckets: a burst at once, then a steady rate; one notice per drought, then silence."""

    def __init__(
        self, burst: float, rate: float, capacity: int = CAPACITY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._rate = rate
        self._clock = clock
        # A bucket that has had the time to fill up is as good as none.
        self._buckets: Recent[K, _Bucket] = Recent(burst / rate, capacity, clock)

    def take(self, key: K) -> Admission:
        """Take a token, if there is one."""
        now = self._clock()
        bucket = self._buckets.get(key) or _Bucket(self._burst, now)
        bucket.tokens = min(bucket.tokens + (now - bucket.at) * self._rate, self._burst)
        bucket.at = now
        self._buckets.put(key, bucket)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            bucket.told = bucket.told and bucket.tokens < self._burst / 4
            return Admission.GRANTED
        if bucket.told:
            return Admission.IGNORED
        bucket.told = True
        return Admission.TOLD
