"""The stored questions nearest in spelling to a question: for "did you mean", never for an answer.

Tokens are sorted once, at load, so that ``fuzz.ratio`` finds what ``token_sort_ratio`` would, eleven times faster.
Beyond ``EXHAUSTIVE`` phrasings a bound on the score (lengths and letter counts) leaves few to compare, and the result
stays exact: no phrasing that reaches the cutoff is missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from knowledge import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.base import Entry

EXHAUSTIVE: Final = 20_000
"""Up to here every phrasing is compared (1.2 ms)."""
CUTOFF: Final = 80.0
"""Similarity, 0 to 100, below which a phrasing is not near. Off-topic questions reach 79 with this scorer."""
BUCKETS: Final = 64
CHUNK: Final = 256


def sorted_tokens(phrasing: str, *, normalised: bool = False) -> str:
    """Normalised text with its words in alphabetical order; Chinese keeps its characters together."""
    return text.key(sorted(text.tokens(phrasing if normalised else text.normalise(phrasing))))


def all_phrasings(entry: Entry) -> tuple[str, ...]:
    """What a fact may be called: its names and its questions in both languages."""
    return (entry.id.replace("-", " "), entry.name.en, entry.name.zh, *entry.phrasings_en, *entry.phrasings_zh)


class PhrasingIndex:
    """Phrasings by likeness.

    Args:
        phrasings: The stored questions; their position is what a search returns.
        ready: Whether they are sorted and normalised already.

    """

    def __init__(self, phrasings: Iterable[str], *, ready: bool = False) -> None:
        self._phrasings = list(phrasings) if ready else [sorted_tokens(phrasing) for phrasing in phrasings]
        self._longest = max(map(len, self._phrasings), default=0)
        self._letters: Letters | None = Letters(self._phrasings) if len(self._phrasings) > EXHAUSTIVE else None

    def __len__(self) -> int:
        return len(self._phrasings)

    def nearest(self, question: str, cutoff: float = CUTOFF, *, normalised: bool = False) -> tuple[int, float] | None:
        """Position and similarity of the phrasing most like ``question``; None where none reaches ``cutoff``."""
        query = sorted_tokens(question, normalised=normalised)
        if self._longest * (200 - cutoff) < len(query) * cutoff:
            return None  # noise: even a phrasing with all of its letters would be too short
        if self._letters is None:
            return _best(query, self._phrasings, cutoff)
        best: tuple[int, float] | None = None
        for chunk in self._letters.candidates(query, cutoff):
            if chunk.bound < (best[1] if best else cutoff):
                break
            found = _best(
                query, [self._phrasings[position] for position in chunk.positions], best[1] if best else cutoff
            )
            if found and (best is None or found[1] > best[1]):
                best = (int(chunk.positions[found[0]]), found[1])
        return best


def _best(query: str, phrasings: Sequence[str], cutoff: float) -> tuple[int, float] | None:
    # Loaded here: a question that is answered never needs it.
    from rapidfuzz import fuzz, process

    found = process.extractOne(query, phrasings, scorer=fuzz.ratio, processor=None, score_cutoff=cutoff)
    return None if found is None else (found[2], found[1])


class Chunk:
    """Some candidates, and the most that any of them can score."""

    __slots__ = ("bound", "positions")

    def __init__(self, positions: Any, bound: float) -> None:  # noqa: ANN401  (a numpy array)
        self.positions = positions
        self.bound = bound


class Letters:
    """How often each letter (by bucket) stands in each phrasing, the phrasings ordered by length.

    The similarity of two texts is at most ``200 * common letters / (both lengths)``, and lengths too far apart cannot
    reach the cutoff at all. A bucket shared by several letters only makes the bound looser, never wrong.
    """

    def __init__(self, phrasings: Sequence[str]) -> None:
        # Loaded here: only a very large knowledge base needs numpy.
        import numpy as np

        lengths = np.fromiter((len(phrasing) for phrasing in phrasings), dtype=np.int32, count=len(phrasings))
        self._order = np.argsort(lengths, kind="stable").astype(np.int32)
        self._lengths = lengths[self._order]
        counts = np.zeros((BUCKETS, len(phrasings)), dtype=np.uint8)
        for place, position in enumerate(self._order):
            for letter in phrasings[position][:255]:
                counts[ord(letter) % BUCKETS, place] += 1
        self._counts = counts

    def candidates(self, query: str, cutoff: float) -> Iterable[Chunk]:
        """Chunks of positions whose bound reaches ``cutoff``, the most promising first."""
        import numpy as np

        if not query:
            return
        low, high = len(query) * cutoff / (200 - cutoff), len(query) * (200 - cutoff) / cutoff
        first, last = np.searchsorted(self._lengths, low, "left"), np.searchsorted(self._lengths, high, "right")
        wanted = np.bincount([ord(letter) % BUCKETS for letter in query], minlength=BUCKETS)
        common = np.zeros(last - first, dtype=np.uint16)
        for bucket in np.flatnonzero(wanted):
            common += np.minimum(self._counts[bucket, first:last], min(int(wanted[bucket]), 255))
        bounds = 200.0 * common / (self._lengths[first:last] + len(query))
        reaching = np.flatnonzero(bounds >= cutoff)
        ordered = reaching[np.argsort(-bounds[reaching], kind="stable")]
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            yield Chunk(self._order[first + chunk], float(bounds[chunk[0]]))
