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
MOST_WORDS: Final = 40
"""Words of a run; more, in the 300 characters that are read, is noise."""
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
        if len(words) > MOST_WORDS:
            return run
        known = [is_known(word) for word in words]
        if all(known):
            return run
        looked_up: dict[str, str | None] = {}
        read: list[str] = []
        start = 0
        while start < len(words):
            end, phrases = next(self._stretches(words, known, start, looked_up), (start + 1, [words[start]]))
            read.append("".join(phrases))
            start = end
        return " ".join(read)

    def _stretches(
        self, words: list[str], known: list[bool], start: int, looked_up: dict[str, str | None]
    ) -> Iterator[tuple[int, list[str]]]:
        """Where pinyin from word ``start`` on may end, and its phrases; the longest stretch first."""
        letters = ""
        ends: dict[int, int] = {}
        for end, word in enumerate(words[start:], start + 1):
            if len(letters) + len(word) > MOST_LETTERS:
                break
            letters += word
            ends[end] = len(letters)
        phrased = self._phrased(letters, looked_up)
        for end in reversed(ends):
            phrases = phrased[ends[end]]
            if not phrases or all(known[start:end]):
                continue
            if len(phrases) > 1 or ends[end] >= SINGLE_LETTERS:
                yield end, phrases

    def _phrased(self, letters: str, looked_up: dict[str, str | None]) -> list[list[str]]:
        """For each beginning of ``letters`` the fewest phrases that make it; empty where none do.

        Once for all beginnings: one by one, 4,096 characters of noise cost 112 ordinary questions.
        """
        best: list[list[str]] = [[] for _ in range(len(letters) + 1)]
        for start in range(len(letters)):
            if start and not best[start]:
                continue
            for end in range(start + 1, min(start + LONGEST, len(letters)) + 1):
                piece = letters[start:end]
                if piece not in looked_up:
                    looked_up[piece] = self.phrases.get(piece)
                phrase = looked_up[piece]
                if phrase is not None and (not best[end] or len(best[start]) + 1 < len(best[end])):
                    best[end] = [*best[start], phrase]
        return best
