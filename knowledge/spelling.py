"""Misspelt words: the word that was meant, or nothing where that is not certain.

Spelling repair is the trap of every fuzzy bot: "Wuhan" or "perth" repaired into a word of the article is a false
answer. So a repair needs the same first letter, few edits for its length, and a word that is no other real word; an
acronym is repaired only where its own letters stand in another order (``QLDP``, never ``QFLP``).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from knowledge import text
from knowledge.lexicon import ORDINARY
from knowledge.misspellings import SHORTEST, VOWELS, has_meaning, skeleton, undoubled

if TYPE_CHECKING:
    from knowledge.lexicon import Lexicon
    from knowledge.misspellings import Misspellings

SHORTEST_PART: Final = 3
SURE: Final = 5
"""A word that says nothing is put in place of an unknown one from so many letters on."""
LONG: Final = 8
"""One wrong letter in a word of this length is likelier than a space left out: ``enterprices`` is not enter prices."""
LONGEST: Final = 40
"""A longer run of letters is noise, not a misspelling."""
ENDINGS: Final = ("ing", "ed", "ly", "er", "es", "d", "n")


def allowed_edits(word: str) -> int:
    """How many letters may be wrong: one up to six letters, two up to ten, three beyond."""
    return 1 if len(word) <= 6 else 2 if len(word) <= 10 else 3


class Speller:
    """Repairs Latin words against a lexicon."""

    def __init__(self, lexicon: Lexicon, misspellings: Misspellings) -> None:
        self._lexicon = lexicon
        self._misspellings = misspellings
        self._beginning = cache(self._words)
        self.repair = lru_cache(maxsize=4096)(self._repair)

    def unslipped(self, first: str, second: str) -> tuple[str, str] | None:
        """Two words whose space slipped by a letter, put right: ``ne wbonds`` → ``new bonds``; None where none did."""
        for parts in ((first + second[:1], second[1:]), (first[:-1], first[-1:] + second)):
            known = all(len(part) >= SHORTEST_PART and part in self._lexicon.spelling for part in parts)
            if known and any(map(self._meaningful, parts)):
                return parts
        return None

    def _words(self, initial: str) -> list[str]:
        """The words with that first letter that a misspelt one may stand for."""
        return self._misspellings.initials.get(initial, "").split()

    def _repair(self, word: str) -> tuple[str, ...]:
        """Keys that ``word`` is read as instead (two where a space was left out); empty where nothing is certain."""
        if len(word) > LONGEST or not word.isascii():
            return ()
        base = self._base_form(word)
        if base:
            return (base,)
        swapped = self._misspellings.acronyms.get("".join(sorted(word)))
        if swapped and word[0] == swapped[0] and (len(word) >= SHORTEST or _is_swap(word, swapped)):
            return (self._lexicon.spelling[swapped],)
        return (
            self._nearest(word, most=1 if len(word) >= LONG else 0)
            or self._split(word)
            or self._nearest(word)
            or self._doubled(word)
            or self._abbreviated(word)
        )

    def _base_form(self, word: str) -> str:
        """The known word that an unknown inflection belongs to: ``emphasising`` → ``emphasise``."""
        known = self._lexicon.senses
        for ending in ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                stem = word[: -len(ending)]
                if len(ending) == 1 and not stem.endswith("e"):
                    continue  # given is of give, but laon is a misspelt loan and not of Lao
                for form in (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem):
                    if form in known and ORDINARY not in known[form]:
                        return form
        return ""

    def _split(self, word: str) -> tuple[str, ...]:
        """Two known words written as one: ``bankbranches``. Longer first parts win."""
        for cut in range(len(word) - 3, 2, -1):
            parts = (text.singular(word[:cut]), text.singular(word[cut:]))
            known = all(part in self._lexicon.spelling for part in (word[:cut], word[cut:]))
            if known and (" ".join(parts) in self._lexicon.senses or any(map(self._meaningful, parts))):
                return parts
        return ()

    def _nearest(self, word: str, most: int | None = None) -> tuple[str, ...]:
        most = allowed_edits(word) if most is None else most
        if len(word) < SHORTEST or not most:
            return ()
        # Loaded here: reading a correctly spelt question needs no edit distance.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = allowed_edits(word)
        found = process.extract(word, self._beginning(word[0]), scorer=OSA.distance, score_cutoff=most, limit=12)
        near = [
            (other, edits)
            for other, edits, _ in found
            if edits <= allowed_edits(other) and self._may_be(word, other, edits)
        ]
        if not near:
            return ()
        least = min(edits for _, edits in near)
        closest = [other for other, edits in near if edits == least]
        best = min(closest, key=lambda other: self._likelihood(word, other))
        return (self._lexicon.spelling[best],)

    def _may_be(self, word: str, other: str, edits: int) -> bool:
        """Whether a misspelling may stand for a word: short ones and ones that say nothing are only missed by a slip.

        Heze is a city and no "hehe", to divest is not to digest, and what is repealed was not revealed.
        """
        swapped = sorted(word) == sorted(other)
        if self._meaningful(other):
            return len(other) > SHORTEST or swapped
        return edits == 1 and (swapped or (len(other) >= SURE and len(word) != len(other)))

    def _doubled(self, word: str) -> tuple[str, ...]:
        """A word with the wrong letters doubled, however many: ``accros``, ``comitee``."""
        form = undoubled(word)
        if len(word) <= SHORTEST:
            return ()
        found = self._misspellings.singles.get(form, form if len(form) > SHORTEST else "")
        key = self._lexicon.spelling.get(found)
        return (key,) if key else ()

    def _abbreviated(self, word: str) -> tuple[str, ...]:
        """A word written without its vowels: ``brnchs``, ``qta``."""
        if len(word) < 3 or VOWELS & set(word):
            return ()
        found = self._misspellings.consonants.get(skeleton(word))
        return (self._lexicon.spelling[found],) if found else ()

    def _likelihood(self, word: str, other: str) -> tuple[bool, bool, bool, bool, bool, int, str]:
        """Order of what may have been meant: letters swapped, then one left out, then the longest same beginning."""
        return (
            self._is_ordinary(other),
            not self._meaningful(other) and len(other) < SURE,
            sorted(word) != sorted(other),
            len(other) != len(word) + 1,
            not self._meaningful(other),
            -_common_prefix(word, other),
            other,
        )

    def _is_ordinary(self, word: str) -> bool:
        """A word of no article and no question; one of small talk too: "meny" is many, not menu."""
        senses = self._lexicon.senses.get(self._lexicon.spelling[word], ())
        return bool(senses) and all(sense == ORDINARY or sense.startswith("talk.") for sense in senses)

    def _meaningful(self, word: str) -> bool:
        return has_meaning(self._lexicon, self._lexicon.spelling.get(word, word))


def _is_swap(word: str, other: str) -> bool:
    """Whether two neighbouring letters change places between ``word`` and ``other``."""
    different = [position for position, pair in enumerate(zip(word, other, strict=True)) if pair[0] != pair[1]]
    return len(different) == 2 and different[1] == different[0] + 1


def _common_prefix(word: str, other: str) -> int:
    length = 0
    for left, right in zip(word, other, strict=False):
        if left != right:
            break
        length += 1
    return length
