"""The pacer against a receiver that counts as Telegram does, whatever the network does to the times of arrival."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pacer import CROWD, SLACK, Pacer


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def most_within(times: list[float], seconds: float) -> int:
    """Return the most arrivals in any stretch of so many seconds."""
    times = sorted(times)
    return max((sum(1 for t in times[i:] if t < start + seconds) for i, start in enumerate(times)), default=0)


def send(pacer: Pacer, clock: Clock, chat: int, delay: float, *, immediate: bool = False) -> float:
    """Wait for the turn and send; returns when it arrived, half-way through."""
    while (wait := pacer.wait(chat, immediate=immediate)) > 0:
        clock.now += wait
    permit = pacer.begin(chat, immediate=immediate)
    arrived = clock.now + delay / 2
    clock.now += delay
    pacer.end(permit)
    return arrived


@given(rate=st.sampled_from([1.0, 5.0, 25.0]), seed=st.integers(0, 1000), immediate=st.floats(0, 0.3))
@settings(max_examples=30, deadline=None)
def test_no_window_of_the_receiver_ever_holds_too_much(rate: float, seed: int, immediate: float) -> None:
    clock, chance = Clock(), random.Random(seed)
    pacer = Pacer(rate, clock=clock)
    arrivals: dict[int, list[float]] = {}
    send(pacer, clock, 9, 0.0)  # replies heed the limits while something is announced
    for _ in range(150):
        chat = chance.choice([1, 2, -3, 4, 5, 6, 7, 8])
        at = send(pacer, clock, chat, chance.uniform(0.0, 0.4), immediate=chance.random() < immediate)
        arrivals.setdefault(chat, []).append(at)
    for chat, times in arrivals.items():
        assert most_within(times, 1.0 - 1e-6) <= 1
        if chat < 0:
            assert most_within(times, 60.0 - 1e-6) <= 20
    everything = [at for times in arrivals.values() for at in times]
    assert most_within(everything, 1.0 - 1e-6) <= max(rate * 1.2, min(30, rate + 5))


def test_announcements_reach_the_rate_and_no_more() -> None:
    clock = Clock()
    pacer = Pacer(100.0, clock=clock)
    began = clock.now
    arrived = [send(pacer, clock, chat, 0.0) for chat in range(1, 2001)]
    assert 0.99 <= 2000 / (clock.now - began) / 100 <= 1.01
    assert most_within(arrived, 1.0 - 1e-6) <= 100 * (1 + SLACK) + 1


def test_a_reply_overtakes_and_the_next_announcement_waits_for_it() -> None:
    clock = Clock()
    pacer = Pacer(1.0, clock=clock)
    send(pacer, clock, 1, 0.0)
    assert pacer.wait(2) > 0.8
    assert pacer.wait(3, immediate=True) == 0
    send(pacer, clock, 3, 0.0, immediate=True)
    assert pacer.wait(4) == pytest.approx(2.0 - SLACK), "both are taken off the rate"


def test_slow_answers_take_nothing_off_the_rate() -> None:
    clock, chance = Clock(), random.Random(1)
    pacer = Pacer(100.0, clock=clock)
    began, flying = clock.now, []
    for chat in range(1, 2001):
        while (wait := pacer.wait(chat)) > 0:
            clock.now += wait
        flying.append((clock.now + chance.uniform(0.005, 0.1), pacer.begin(chat)))
        for ends, permit in [each for each in flying if each[0] <= clock.now]:
            flying.remove((ends, permit))
            pacer.end(permit)
    assert 2000 / (clock.now - began) / 100 >= 0.99


@pytest.mark.parametrize(("rate", "most"), [(1.0, 6), (25.0, 30), (28.0, 30), (30.0, 30), (100.0, 120), (1000.0, 1000)])
def test_replies_and_announcements_together_stay_below_what_telegram_takes(rate: float, most: int) -> None:
    clock = Clock()
    pacer = Pacer(rate, clock=clock)
    pacer.end(pacer.begin(1))
    taken = 1
    while pacer.wait(taken + 1, immediate=True) <= 0:
        taken += 1
        pacer.end(pacer.begin(taken, immediate=True))
    assert taken == most


def test_replies_alone_wait_for_nothing_but_a_refusal() -> None:
    clock = Clock()
    pacer = Pacer(1.0, clock=clock)
    for _ in range(10):
        assert pacer.wait(1, immediate=True) == 0
        pacer.end(pacer.begin(1, immediate=True))
    pacer.halt(1, 7)
    assert pacer.wait(1, immediate=True) == pytest.approx(7)
    assert pacer.wait(2, immediate=True) == 0


def test_a_refusal_stops_its_chat_and_a_crowd_of_them_all() -> None:
    clock = Clock()
    pacer = Pacer(25.0, clock=clock)
    assert not any(pacer.halt(chat, 10) for chat in range(CROWD - 1))
    assert pacer.wait(99) == 0
    pacer.accepted()
    assert not pacer.halt(50, 10), "one that was taken between them says that the chats were meant"
    for chat in range(60, 60 + CROWD - 2):
        assert not pacer.halt(chat, 10)
    assert pacer.halt(70, 10)
    assert pacer.wait(99) == pytest.approx(10)


def test_what_never_left_does_not_count() -> None:
    clock = Clock()
    pacer = Pacer(25.0, clock=clock)
    pacer.end(pacer.begin(1), arrived=False)
    assert pacer.wait_for_chat(1) == 0


def test_senders_share_the_rate() -> None:
    clock = Clock()
    pacer = Pacer(100.0, clock=clock)
    pacer.share(2)
    began = clock.now
    for chat in range(1, 501):
        send(pacer, clock, chat, 0.0)
    assert 500 / (clock.now - began) == pytest.approx(50, rel=0.05)


def test_idle_chats_are_forgotten() -> None:
    clock = Clock()
    pacer = Pacer(1000.0, clock=clock)
    for chat in range(1, 5001):
        clock.now += 1
        send(pacer, clock, chat, 0.0)
    assert len(pacer._chats) < 1500


def test_replies_alone_leave_nothing_behind() -> None:
    """Each kept 150 bytes for good: nobody asks the windows how long to wait while nothing is announced."""
    clock = Clock()
    pacer = Pacer(25.0, clock=clock)
    for number in range(5_000):
        send(pacer, clock, 7 if number % 2 else -7, 0.05, immediate=True)
    assert len(pacer._all.permits) < 100
    assert max(len(window.permits) for windows in pacer._chats.values() for window in windows) < 1_500
