"""Which words a misspelt one may stand for, looked up by what is left of them when they are misspelt.

Made when the knowledge base is compiled: a first misspelt word took 35 ms to go through the lexicon, half of what
importing pydantic and rapidfuzz takes, and a correctly spelt one loads 0.2 MB of packed tables for nothing in 0.1 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge import text
from knowledge.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from knowledge.lexicon import Lexicon

SHORTEST: Final = 4
"""Words below four letters are too close to everything."""
VOWELS: Final = frozenset("aeiou")


@dataclass(slots=True)
class Misspellings:
    """The words of a lexicon by their first letter, consonants and letters."""

    initials: Mapping[str, str]
    """First letter → the words that a misspelt one may stand for, with spaces between."""
    consonants: Mapping[str, str]
    """Consonants → the word that they abbreviate; "" where it may be several."""
    singles: Mapping[str, str]
    """Word with every doubled letter written once → the word that has it, if it is not this very one; "" likewise."""
    acronyms: Mapping[str, str]
    """Letters in alphabetical order → the acronym that has them."""

    @classmethod
    def of(cls, lexicon: Lexicon) -> Misspellings:
        """The tables of a lexicon."""
        spelling, short = sorted(lexicon.spelling.items()), lexicon.acronyms
        initials: dict[str, list[str]] = {}
        for word, key in spelling:
            if len(word) >= SHORTEST and key not in short:
                initials.setdefault(word[0], []).append(word)
        doubled = _unique((undoubled(word), word) for word, _ in spelling if len(word) > SHORTEST)
        return cls(
            Table({initial: " ".join(words) for initial, words in initials.items()}),
            Table(_unique(_skeletons(word for word, key in spelling if has_meaning(lexicon, key)))),
            Table({form: word for form, word in doubled.items() if form != word}),
            Table({"".join(sorted(word)): word for word, key in spelling if key in short}),
        )


def has_meaning(lexicon: Lexicon, key: str) -> bool:
    """Whether a word names something of an article, or asks."""
    senses = lexicon.senses.get(key, ())
    return any("." not in sense for sense in senses) or any(sense.startswith("ask.") for sense in senses)


def skeleton(word: str) -> str:
    """A word without its vowels, but for one that it begins with."""
    return word[:1] + "".join(letter for letter in word[1:] if letter not in VOWELS)


def undoubled(word: str) -> str:
    """A word with every doubled letter written once."""
    return "".join(letter for letter, following in zip(word, word[1:] + " ", strict=True) if letter != following)


def _skeletons(words: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Consonants and word, where they are enough to tell it and not the word itself."""
    bare = ((skeleton(word), word) for word in words if len(word) >= SHORTEST)
    return ((form, word) for form, word in bare if len(form) >= 3 and form != word)


def _unique(forms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Form → word, where exactly one word (but for its plural) has it, else ""."""
    found: dict[str, str] = {}
    for form, word in sorted(forms):
        known = found.setdefault(form, word)
        if text.singular(known) != text.singular(word):
            found[form] = ""
    return found
