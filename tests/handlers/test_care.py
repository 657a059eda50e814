"""Bounds: what is forgotten, and who has to wait."""

from __future__ import annotations

from hypothesis import given, strategies

from handlers.care import Admission, Buckets, Recent


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_least_recently_used_goes_first() -> None:
    kept: Recent[str, int] = Recent(60, capacity=2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)
    assert len(kept) == 2


def test_what_is_too_old_is_forgotten() -> None:
    clock = Clock()
    kept: Recent[str, int] = Recent(60, clock=clock)
    kept.put("a", 1)
    clock.now += 59
    assert kept.get("a") == 1
    clock.now += 2
    assert kept.get("a") is None
    assert len(kept) == 0


def test_a_burst_then_one_notice_then_silence_then_a_steady_rate() -> None:
    clock = Clock()
    buckets: Buckets[int] = Buckets(burst=2, rate=0.5, clock=clock)
    assert [buckets.take(1) for _ in range(4)] == [
        Admission.GRANTED, Admission.GRANTED, Admission.TOLD, Admission.IGNORED,
    ]  # fmt: skip
    assert buckets.take(2) is Admission.GRANTED, "others do not wait"
    clock.now += 2
    assert [buckets.take(1) for _ in range(2)] == [Admission.GRANTED, Admission.IGNORED], "told once a drought"
    clock.now += 100
    assert buckets.take(1) is Admission.GRANTED


@given(strategies.lists(strategies.floats(0, 5), max_size=60))
def test_never_more_than_burst_and_rate_allow(pauses: list[float]) -> None:
    clock = Clock()
    buckets: Buckets[int] = Buckets(burst=3, rate=0.5, clock=clock)
    granted = 0
    for pause in pauses:
        clock.now += pause
        granted += buckets.take(1) is Admission.GRANTED
        assert granted <= 3 + (clock.now - 100.0) * 0.5 + 1e-6
