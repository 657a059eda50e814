"""A million phrasings: the index against the exhaustive search, and how often they find the same."""

import random
import resource
import statistics
import time
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from knowledge.engine import Knowledge
from knowledge.phrasings import CUTOFF, PhrasingIndex, sorted_tokens
from tests.benchmarks.row import Row

PHRASINGS = 1_000_000
QUERIES = 60
SEED = 20260114


def generated(count: int, chance: random.Random) -> list[str]:
    """``count`` phrasings spliced from halves of real ones, with a made-up subject, tokens sorted."""
    knowledge = Knowledge.load()
    real = [each.split() for entry in knowledge.entries.values() for each in entry.phrasings_en]
    words = ["".join(chance.choice("bcdfglmnprst") + chance.choice("aeiou") for _ in range(3)) for _ in range(20_000)]
    made: set[str] = set()
    while len(made) < count:
        front, back = chance.choice(real), chance.choice(real)
        split = [*front[: len(front) // 2 + 1], chance.choice(words), chance.choice(words), *back[len(back) // 2 :]]
        made.add(" ".join(sorted(split)).lower())
    return sorted(made)


def misspelt(phrasing: str, chance: random.Random) -> str:
    """A phrasing with one to three letters changed, left out or doubled."""
    letters = list(phrasing)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(letters))
        letters[at] = chance.choice([chance.choice("aeioust"), "", letters[at] * 2])
    return "".join(letters)


def rows() -> Iterator[Row]:
    """The rows of scale."""
    chance = random.Random(SEED)
    stored = generated(PHRASINGS, chance)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    index = PhrasingIndex(stored, ready=True)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    ratios, same = [], 0
    for _ in range(QUERIES):
        query = misspelt(chance.choice(stored), chance)
        started = time.perf_counter()
        ours = index.nearest(query)
        between = time.perf_counter()
        theirs = process.extractOne(
            sorted_tokens(query), stored, scorer=fuzz.ratio, processor=None, score_cutoff=CUTOFF
        )
        ratios.append((between - started) / (time.perf_counter() - between))
        same += (ours is None) == (theirs is None) and (ours is None or theirs is None or ours[1] == theirs[1])
    times, agree = statistics.median(ratios), 100 * same / QUERIES
    yield Row(
        f"{PHRASINGS:,} phrasings",
        f"{times:.3f} × exhaustive fuzz.ratio; index {memory:.0f} MB",
        "≤ 0.2 ×",
        times <= 0.2,
    )
    yield Row("… of its answers", f"{agree:.1f} %", "≥ 99 %", agree >= 99)
