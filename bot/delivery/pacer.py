"""Telegram's limits, kept before they are broken: sliding windows by chat, by group and over all."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

PER_CHAT, PER_CHAT_SECONDS = 1, 1.0
PER_GROUP, PER_GROUP_SECONDS = 20, 60.0
TELEGRAM_OVERALL = 30.0
TELEGRAM_PAID = 1000.0
HEADROOM = 1.2
"""An immediate reply may exceed the rate of announcements by this; the next announcements wait for it."""
SLACK = 0.1
"""Seconds of sending that may be made up for after a delay."""
CROWD = 5
"""So many refusals on end, each of another chat, mean that it is not the chats."""
IDLE = 120.0
BUSY = 60.0
"""So long after an announcement its messages still count against a chat's limits, and replies heed them, too."""
SWEEP = 1000


@dataclass(slots=True, eq=False)
class Permit:
    """A message that is on its way."""

    chat_id: int
    began: float
    ended: float | None = None


@dataclass(slots=True)
class Window:
    """At most so many messages in any stretch of so many seconds, as the receiver counts them.

    A message counts from its sending until so long after its end, less the quickest way there and back that was seen:
    however long others took, no stretch at the receiver's side then holds more than it may.
    """

    count: int
    seconds: float
    permits: deque[Permit] = field(default_factory=deque)

    def wait(self, now: float, quickest: float) -> float:
        """Return how long until one more may be sent."""
        self._forget(now, quickest)
        held = sorted(over for permit in self.permits if (over := self._over(permit, quickest)) > now)
        if len(held) < self.count:
            return 0.0
        free = held[len(held) - self.count]
        return 0.005 if math.isinf(free) else free - now

    def add(self, permit: Permit, quickest: float) -> None:
        """Count a message; what counts no more goes, since replies may come for months without a wait being asked."""
        self._forget(permit.began, quickest)
        self.permits.append(permit)

    def _forget(self, now: float, quickest: float) -> None:
        """Let go of what does not count any more."""
        while self.permits and self._over(self.permits[0], quickest) <= now:
            self.permits.popleft()

    def _over(self, permit: Permit, quickest: float) -> float:
        """Return when a message stops counting."""
        return math.inf if permit.ended is None else max(permit.ended - quickest, permit.began) + self.seconds


class Pacer:
    """Says how long to wait before a message, and keeps count. Pure: it neither waits nor sends."""

    def __init__(
        self, rate: float, *, overall: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._share = 1
        self._all = _window(overall or _most(rate))
        self._chats: dict[int, list[Window]] = {}
        self._halted: dict[int, float] = {}
        self._halted_all = 0.0
        self._next_bulk = 0.0
        self._last_bulk = -math.inf
        self._quickest = math.inf
        self._refused: dict[int, None] = {}
        self._until_sweep = SWEEP

    def wait(self, chat_id: int, *, immediate: bool = False) -> float:
        """Return how long a message to a chat has to wait from now.

        While nothing is announced, a reply waits only for what Telegram has refused: a person's questions alone reach
        no limit but in a burst, and bursts Telegram bears with.
        """
        now = self._clock()
        if immediate and now - self._last_bulk > BUSY:
            return max(self._halted.get(chat_id, 0.0) - now, self._halted_all - now, 0.0)
        return max(self.wait_for_chat(chat_id), self._wait_for_all(now, immediate=immediate))

    def wait_for_chat(self, chat_id: int) -> float:
        """Return how long a chat has to be left alone."""
        now = self._clock()
        waits = [window.wait(now, self._shortest) for window in self._chats.get(chat_id, ())]
        return max(self._halted.get(chat_id, 0.0) - now, 0.0, *waits)

    def _wait_for_all(self, now: float, *, immediate: bool) -> float:
        """Return how long the limits over all chats ask to wait."""
        wait = max(self._halted_all - now, self._all.wait(now, self._shortest), 0.0)
        return wait if immediate else max(wait, self._next_bulk - now)

    @property
    def _shortest(self) -> float:
        """The quickest way there and back so far."""
        return 0.0 if math.isinf(self._quickest) else self._quickest

    def room(self, seconds: float) -> int:
        """Return about how many announcements may begin within so many seconds."""
        now = self._clock()
        if self._next_bulk - now >= seconds:
            return 0  # replies have taken it all: they are not counted one by one to find that out
        free = seconds - self._wait_for_all(now, immediate=False)
        return math.ceil(free * self._rate / self._share) if free > 0 else 0

    def begin(self, chat_id: int, *, immediate: bool = False) -> Permit:
        """Count a message that is being sent now."""
        now = self._clock()
        permit = Permit(chat_id, now)
        windows = self._chats.get(chat_id)
        if windows is None:
            windows = self._chats[chat_id] = [Window(PER_CHAT, PER_CHAT_SECONDS)]
            if chat_id < 0:  # groups and channels
                windows.append(Window(PER_GROUP, PER_GROUP_SECONDS))
        for window in (*windows, self._all):
            window.add(permit, self._shortest)
        if not immediate:
            self._last_bulk = now
        # By when it began, not by when it ended: else the slowness of single sends would take off the rate. What
        # Telegram counts is kept by the window over all. An immediate reply takes its share of the rate, too.
        self._next_bulk = max(self._next_bulk, now - SLACK) + self._share / self._rate
        self._sweep(now)
        return permit

    def end(self, permit: Permit, *, arrived: bool = True) -> None:
        """Note that a message's answer is there, or that it never left."""
        permit.ended = self._clock()
        if arrived:
            self._quickest = min(self._quickest, permit.ended - permit.began)
            return
        for window in (*self._chats.get(permit.chat_id, ()), self._all):
            if permit in window.permits:
                window.permits.remove(permit)

    def halt(self, chat_id: int | None, seconds: float) -> bool:
        """Stop what a refusal names: a chat, or all of them (None); tells whether it came to mean all."""
        until = self._clock() + seconds
        if chat_id is not None:
            self._halted[chat_id] = max(until, self._halted.get(chat_id, 0.0))
            self._refused[chat_id] = None
        if chat_id is None or len(self._refused) >= CROWD:
            self._halted_all = max(until, self._halted_all)
            self._refused.clear()
            return True
        return False

    def accepted(self) -> None:
        """Note that Telegram took a message: what it refused just before concerned those chats."""
        self._refused.clear()

    def share(self, senders: int) -> None:
        """Divide the rate among so many senders."""
        self._share = max(senders, 1)

    def _sweep(self, now: float) -> None:
        """Forget chats that nothing counts against any more."""
        self._until_sweep -= 1
        if self._until_sweep:
            return
        self._until_sweep = SWEEP
        self._halted = {chat: until for chat, until in self._halted.items() if until > now}
        for chat_id, windows in list(self._chats.items()):
            newest = windows[-1].permits[-1] if windows[-1].permits else None
            if newest is None or (newest.ended is not None and newest.ended < now - IDLE):
                del self._chats[chat_id]


def _most(rate: float) -> float:
    """Return what may go out a second over all, replies and announcements: never more than Telegram takes."""
    if rate <= TELEGRAM_OVERALL:
        return min(max(rate * HEADROOM, rate + 5), TELEGRAM_OVERALL)
    return min(rate * HEADROOM, TELEGRAM_PAID)


def _window(rate: float) -> Window:
    """Return the window of a rate, which may be below one a second."""
    count = max(int(rate), 1)
    return Window(count, count / rate)
