"""One line of the benchmark table, and how two things are timed against each other."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Row:
    """What was measured, what the design wants, and whether it holds."""

    what: str
    measured: str
    to_hold: str
    held: bool


def ratio(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of ours divided by theirs, the two taken in turn so that a slow moment of the machine hits both."""
    ratios = []
    for _ in range(rounds):
        started = time.perf_counter()
        ours()
        between = time.perf_counter()
        theirs()
        ratios.append((between - started) / (time.perf_counter() - between))
    return statistics.median(ratios)
