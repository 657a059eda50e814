"""The knowledge base as it is searched: facts and derivations as one kind of entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fractions import Fraction

    from knowledge.schema import Article, Concept, Gap, Text

GENERIC_ASKS: Final = frozenset({"ask.what", "ask.overview", "ask.source", "ask.total"})
"""Ways of asking that ask for nothing in particular."""
VALUE_ASKS: Final[dict[str, frozenset[str]]] = {
    "count": frozenset({"ask.count", "ask.quantity"}),
    "usd": frozenset({"ask.amount", "ask.money", "ask.quantity"}),
    "fraction": frozenset({"ask.share", "ask.quantity"}),
    "rank": frozenset({"ask.rank"}),
    "point": frozenset({"ask.rate", "ask.quantity", "ask.difference"}),
    "basis-point": frozenset({"ask.rate", "ask.quantity", "ask.difference"}),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact or a derivation, ready for matching."""

    id: str
    article: str
    topic: str
    identified: tuple[frozenset[str], ...]
    explains: frozenset[str]
    """Every sense that may stand in a question that this entry answers."""
    affirmed: frozenset[str]
    """Senses of its own sentence: only of them it can say yes."""
    unnamed: frozenset[str]
    """Senses that "which" may not ask for."""
    party: frozenset[str]
    """Who it names: a question that has it already asks for the other side."""
    giver: frozenset[str]
    """Senses of who grants it, which may not stand directly before …"""
    receiver: frozenset[str]
    """… the senses of whom it is granted to: "a Singapore firm" is not a firm with a Singapore licence."""
    antecedent: frozenset[str]
    """What "it" and "they" mean after it."""
    contrasts: frozenset[str]
    """Senses that a claim may wrongly make of it."""
    whole: frozenset[str]
    """Senses of what its share is of."""
    mentions: frozenset[str]
    """Senses that may stand there but are not thereby said to be so."""
    premises: frozenset[str]
    """Senses of the facts that a derivation starts from, which a question may tell: "if *the five* are *a third*"."""
    asks: frozenset[str]
    """``ask.…`` senses that it answers."""
    name: Text
    sentence: Text
    figure: Text
    source: Text
    note: Text
    number: Fraction | None
    unit: str
    comparator: str
    direction: str
    places: frozenset[str]
    tags: frozenset[str]
    gaps: tuple[Gap, ...]
    numbers: frozenset[Fraction]
    """Figures that a question may mention without asking about them: its own and those it names."""
    phrasings_en: tuple[str, ...]
    phrasings_zh: tuple[str, ...]
    counted: str
    derived: bool
    section: str
    sentence_at: tuple[int, int]
    lacks: frozenset[str]
    """Attributes that are a known gap of it: a licence's type, a loan's rate. They refuse whatever else they mean."""
    named: frozenset[str]
    """Concepts that its sentence names one by one: "which sectors" asks for it, "which institutions" does not."""
    allowed: frozenset[str]
    """``ask.…`` senses that it may be asked with: what it answers, and the ways of asking for its kind of figure."""

    @property
    def numeric(self) -> bool:
        """Whether it has a figure."""
        return self.number is not None


@dataclass(slots=True)
class Base:
    """Everything that answering needs of the articles, in one place."""

    entries: dict[str, Entry] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    concepts: dict[str, Concept] = field(default_factory=dict)
    about: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    """Concepts that refuse nothing."""
    places: frozenset[str] = frozenset()
    """Concepts that are places: what the articles are about, and what is marked as one."""
    home: dict[str, frozenset[str]] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    naming: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    """Sense → the entries that it may name: of each set of concepts that names one, the rarest leads to it."""
    weights: dict[str, float] = field(default_factory=dict)
    """Information of a sense: the fewer entries it may stand beside, the more it tells."""

    def newest(self) -> Article:
        """The article that was published last."""
        return max(self.articles.values(), key=lambda article: article.published)
