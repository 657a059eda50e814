"""The words of the language and of the articles, each with what it may mean.

A *sense* is the id of what a phrase may stand for. Article concepts are bare words (``qdlp``); everything of the
general language carries its group in front: ``ask.count``, ``cmp.gt``, ``period.last``, ``names.places.shanghai``.
``word.harmless`` says nothing; ``word.ordinary`` is a real word that no article here is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from knowledge import text
from knowledge.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

HARMLESS: Final = "word.harmless"
ORDINARY: Final = "word.ordinary"
ASIDE: Final = "aside.word"
"""A word of the asker's own world: it refuses, but in a clause of its own ("exam in ten minutes")."""
ARTICLE: Final = "document.article"
"""The article itself, by whatever word: "the piece", 本文. Context for every article."""
PUBLISHER: Final = "document.publisher"
"""Who published an article."""
LONGEST_ACRONYM: Final = 5
BEGINNING: Final = 3
"""Tokens of a phrase's beginning that are kept: whoever reads on knows after each whether any phrase goes on so."""

Senses = tuple[str, ...]


def group(sense: str) -> str:
    """``ask`` of ``ask.count``; the article's own concepts have the group ``""``."""
    return sense.partition(".")[0] if "." in sense else ""


@dataclass(slots=True)
class Lexicon:
    """Phrases and their senses, looked up by their tokens joined with spaces."""

    senses: Mapping[str, Senses]
    longest: Mapping[str, int]
    """First tokens of a phrase, up to BEGINNING of them → most tokens that a phrase starting so has."""
    acronyms: AbstractSet[str]
    """Short names in capitals: only ever repaired by swapping two letters."""
    spelling: Mapping[str, str]
    """Word as it is spelled → its key, for single Latin words that a misspelling may stand for."""
    variants: Mapping[str, tuple[str, ...]]
    """Latin word as it is typed in a hurry → the words that it stands for: ``hw`` → ``how``."""
    names: Mapping[str, tuple[str, str]]
    """Sense → its name in English and in Chinese, for telling the user."""
    spoken: Mapping[str, bool]
    """Latin words that the articles' concepts are spoken of with: no reply says that an article has none of them."""


@dataclass(slots=True)
class Draft:
    """A lexicon that is being written."""

    senses: dict[str, Senses] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    acronyms: set[str] = field(default_factory=set)
    spelling: dict[str, str] = field(default_factory=dict)
    variants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    spoken: dict[str, bool] = field(default_factory=dict)

    def packed(self) -> Lexicon:
        """The same, to be read only: 3 MB where this takes 9 MB, and loaded from the cache in a tenth of the time."""
        return Lexicon(
            Table(self.senses),
            Table(self.longest),
            self.acronyms,
            Table(self.spelling),
            self.variants,
            Table(self.names),
            Table(self.spoken),
        )

    def add(self, phrase: str, sense: str) -> None:
        """Let ``phrase`` mean ``sense``, beside what it means already."""
        normalised = text.normalise(phrase)
        tokens = text.tokens(normalised)
        if not tokens:
            return
        key = text.key(tokens)
        known = self.senses.get(key, ())
        if sense not in known:
            self.senses[key] = (*known, sense)
        words = key.split(" ")
        for start in {" ".join(words[:length]) for length in range(1, BEGINNING + 1)}:
            self.longest[start] = max(self.longest.get(start, 0), len(tokens))
        for word in tokens:
            if word.isascii() and word.isalpha():
                self.spelling.setdefault(word, text.singular(word))
        if len(tokens) == 1 and phrase.isupper() and phrase.isascii() and len(phrase) <= LONGEST_ACRONYM:
            self.acronyms.add(key)

    def add_all(self, phrases: Iterable[str], sense: str) -> None:
        """Let each of ``phrases`` mean ``sense``."""
        for phrase in phrases:
            self.add(phrase, sense)

    def alias(self, written: str, standard: str) -> None:
        """Let ``written`` stand for ``standard``: a word in Latin letters is read as it, a phrase means the same."""
        read = tuple(text.tokens(text.normalise(standard)))
        if written.isascii() and written.isalpha():
            self.variants[written] = read
            return
        for sense in self.senses.get(text.key(list(read)), ()):
            self.add(written, sense)

    def speak(self, phrases: Iterable[str]) -> None:
        """Note the Latin words of what an article is spoken of with."""
        for phrase in phrases:
            words = text.tokens(text.normalise(phrase))
            self.spoken.update((text.singular(word), True) for word in words if word.isascii() and word.isalpha())

    def name(self, sense: str, english: str, chinese: str) -> None:
        """Remember what to call ``sense`` in a reply."""
        self.names.setdefault(sense, (english, chinese))


def add_groups(draft: Draft, groups: Mapping[str, Mapping[str, list[str]]]) -> None:
    """Add a language file: group → key → phrases."""
    for group, entries in groups.items():
        for entry, phrases in entries.items():
            draft.add_all(phrases, f"{group}.{entry}")


def add_names(draft: Draft, kinds: Mapping[str, Mapping[str, Mapping[str, list[str]]]]) -> None:
    """Add the gazetteer: kind → id → names in each language."""
    for kind, entries in kinds.items():
        for entry, names in entries.items():
            sense = f"names.{kind}.{entry}"
            english, chinese = list(names.get("en", [])), list(names.get("zh", []))
            draft.add_all(english + chinese, sense)
            draft.name(sense, (english or chinese)[0], (chinese or english)[0])
