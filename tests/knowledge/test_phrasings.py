"""The index of phrasings finds exactly what comparing with every one would find."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from knowledge import phrasings
from knowledge.engine import Knowledge
from knowledge.phrasings import CUTOFF, EXHAUSTIVE, Letters, PhrasingIndex, all_phrasings, sorted_tokens

WORDS = st.text(st.sampled_from("abcdeq 额度几家7"), max_size=30)
GENERATED = 30_000


def exhaustive(query: str, stored: list[str], cutoff: float = CUTOFF) -> float:
    found = process.extractOne(sorted_tokens(query), stored, scorer=fuzz.ratio, processor=None)
    return found[1] if found and found[1] >= cutoff else 0.0


@given(st.lists(WORDS, min_size=1, max_size=40), WORDS, st.sampled_from([60.0, 80.0, 95.0]))
def test_the_bound_never_loses_the_nearest(stored: list[str], query: str, cutoff: float) -> None:
    ready = [sorted_tokens(each) for each in stored]
    index = PhrasingIndex(ready, ready=True)
    index._letters = Letters(ready)
    found = index.nearest(query, cutoff)
    if not sorted_tokens(query):
        return
    assert (found[1] if found else 0.0) == pytest.approx(exhaustive(query, ready, cutoff))
    if found:
        assert fuzz.ratio(sorted_tokens(query), ready[found[0]]) == pytest.approx(found[1])


@pytest.fixture(scope="module")
def thirty_thousand() -> list[str]:
    """Phrasings spliced from halves of real ones, sorted as the index wants them."""
    rng = random.Random(730)
    real = [phrase for entry in Knowledge.load().entries.values() for phrase in all_phrasings(entry)]
    halves = [phrase.split() if " " in phrase else list(phrase) for phrase in real]
    spliced: set[str] = set()
    while len(spliced) < GENERATED:
        left, right = rng.choice(halves), rng.choice(halves)
        noise = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=4))
        spliced.add(" ".join([*left[: len(left) // 2 + 1], noise, *right[len(right) // 2 :]]))
    return [sorted_tokens(phrase) for phrase in sorted(spliced)]


def test_at_thirty_thousand_phrasings_the_index_is_as_good_as_comparing_all(thirty_thousand: list[str]) -> None:
    rng = random.Random(182)
    index = PhrasingIndex(thirty_thousand, ready=True)
    assert len(index) == GENERATED > EXHAUSTIVE
    assert index._letters is not None
    found = 0
    for _ in range(60):
        letters = list(rng.choice(thirty_thousand))
        for _ in range(rng.randrange(4)):
            letters[rng.randrange(len(letters))] = rng.choice("abcxyz ")
        query = "".join(letters)
        nearest = index.nearest(query)
        assert (nearest[1] if nearest else 0.0) == pytest.approx(exhaustive(query, thirty_thousand))
        found += nearest is not None
    assert found > 50


@settings(max_examples=20)
@given(st.text(max_size=60))
def test_any_text_may_be_looked_for(thirty_thousand_index: PhrasingIndex, query: str) -> None:
    found = thirty_thousand_index.nearest(query)
    assert found is None or 0 <= found[0] < GENERATED


@pytest.fixture(scope="module")
def thirty_thousand_index(thirty_thousand: list[str]) -> PhrasingIndex:
    return PhrasingIndex(thirty_thousand, ready=True)


def test_the_shipped_phrasings_are_few_enough_to_compare_all(knowledge: Knowledge) -> None:
    assert 100 < len(knowledge._phrasings) < phrasings.EXHAUSTIVE
