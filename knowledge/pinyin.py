"""Chinese typed in Latin letters: ``kuajing rongzi`` is read as 跨境融资.

Only a run of words that is pinyin from end to end, and that holds a word nothing else explains, is turned into Chinese;
"chongqing", "edu" and "he" stay what they are in English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

LONGEST: Final = 36
"""Letters of a phrase."""
MOST_LETTERS: Final = 90
"""Letters of a run; more is no question that somebody types."""
SINGLE_LETTERS: Final = 8
"""A single phrase is read only from so many letters on: shorter ones may be a city (Heze) or an English word."""
_RUN: Final = re.compile(r"[a-z]+(?:[ ']+[a-z]+)*")


@dataclass(slots=True)
class Pinyin:
    """Known Chinese phrases by their spelling without tones."""

    phrases: Mapping[str, str]

    @classmethod
    def of(cls, phrases: Iterable[str]) -> Pinyin:
        """The spellings of Chinese phrases, given in order of preference."""
        from pypinyin import lazy_pinyin

        found: dict[str, str] = {}
        for phrase in phrases:
            spelling = "".join(lazy_pinyin(phrase, errors="ignore", v_to_u=False))
            if spelling.isascii() and spelling.isalpha() and len(spelling) <= LONGEST:
                found.setdefault(spelling, phrase)
        return cls(Table(found))

    def chinese(self, normalised: str, is_known: Callable[[str], bool]) -> str:
        """``normalised`` with its runs of pinyin in Chinese; the same text where there is none."""
        return _RUN.sub(lambda match: self._read(match.group(), is_known), normalised)

    def _read(self, run: str, is_known: Callable[[str], bool]) -> str:
        """A run of Latin words, each longest stretch of pinyin in it that holds an unknown word in Chinese."""
        words = run.replace("'", " ").split()
        known = [is_known(word) for word in words]
        if all(known):
            return run
        read: list[str] = []
        start = 0
        while start < len(words):
            end, phrases = next(self._stretches(words, known, start), (start + 1, [words[start]]))
            read.append("".join(phrases))
            start = end
        return " ".join(read)

    def _stretches(self, words: list[str], known: list[bool], start: int) -> Iterator[tuple[int, list[str]]]:
        for end in range(len(words), start, -1):
            letters = "".join(words[start:end])
            if len(letters) > MOST_LETTERS or all(known[start:end]):
                continue
            phrases = self._phrases(letters)
            if len(phrases) > 1 or (phrases and len(letters) >= SINGLE_LETTERS):
                yield end, phrases

    def _phrases(self, letters: str) -> list[str]:
        """The fewest phrases that ``letters`` is made of; empty where there are none."""
        best: list[list[str] | None] = [None] * (len(letters) + 1)
        best[0] = []
        for start in range(len(letters)):
            before = best[start]
            if before is None:
                continue
            for end in range(start + 1, min(start + LONGEST, len(letters)) + 1):
                phrase = self.phrases.get(letters[start:end])
                if phrase is not None and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                    best[end] = [*before, phrase]
        return best[-1] or []
