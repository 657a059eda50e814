"""The knowledge base as it is searched: facts and derivations made one kind of entry, wordings rendered."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from knowledge import amounts
from knowledge.formulas import evaluate
from knowledge.lexicon import ARTICLE, PUBLISHER
from knowledge.schema import Derivation, Fact, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from knowledge.schema import Article, ArticleFolder, Concept, Gap


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact or a derivation, ready for matching."""

    id: str
    article: str
    topic: str
    identified: tuple[frozenset[str], ...]
    explains: frozenset[str]
    """Every sense that may stand in a question that this entry answers."""
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


def build(folders: Iterable[ArticleFolder]) -> Base:
    """The searchable base of some articles; for the same fact id, the newest article's fact answers."""
    base = Base()
    for folder in sorted(folders, key=lambda each: each.article.published):
        base.articles[folder.article.slug] = folder.article
        base.concepts.update(folder.concepts)
        base.about |= frozenset(folder.article.about) | {ARTICLE, PUBLISHER}
        base.home[folder.article.slug] = frozenset(folder.article.home) | {ARTICLE}
        values = {fact.id: Fraction(fact.value.number) for fact in folder.facts if fact.value}
        for fact in folder.facts:
            base.entries[fact.id] = _fact_entry(fact, folder.article)
        for derivation in folder.derivations:
            sources = [fact for fact in folder.facts if fact.id in derivation.source]
            base.entries[derivation.id] = _derivation_entry(derivation, sources, values, folder.article)
    base.places = base.about | {name for name, concept in base.concepts.items() if concept.place}
    base.weak = frozenset(name for name, concept in base.concepts.items() if concept.weak)
    base.tags = frozenset(tag for entry in base.entries.values() for tag in entry.tags)
    base.weights = _weights(base.entries.values())
    base.naming = _naming(base.entries.values(), base.weights)
    return base


def _fact_entry(fact: Fact, article: Article) -> Entry:
    value = fact.value
    number = Fraction(value.number) if value else None
    figure = _figure(fact.figure, number, value.unit if value else "", value.comparator if value else "eq")
    return Entry(
        sentence=_worded(fact.wording, number, value.unit if value else "", value.comparator if value else "eq"),
        figure=figure,
        source=source_line(article, fact.evidence.section, fact.evidence.mark),
        note=fact.caveat or Text("", ""),
        number=number,
        unit=value.unit if value else "",
        comparator=value.comparator if value else "",
        tags=frozenset(fact.tags),
        gaps=fact.gaps,
        lacks=frozenset(
            asked for gap in fact.gaps for asked in gap.asked if asked.startswith(("attr.", "period.", "ask.money"))
        ),
        numbers=frozenset({number} if number is not None else ()) | frozenset(Fraction(each) for each in fact.numbers),
        mentions=frozenset(fact.mentions),
        unnamed=frozenset(fact.unnamed),
        party=frozenset(fact.party),
        giver=frozenset(fact.giver),
        receiver=frozenset(fact.receiver),
        antecedent=frozenset(fact.antecedent),
        contrasts=frozenset(fact.contrasts),
        whole=frozenset(fact.whole),
        counted=fact.counted,
        derived=False,
        allowed=_allowed(fact, value.unit if value else "", fact.gaps),
        sentence_at=fact.evidence.sentence,
        named=frozenset(fact.names),
        **_common(fact, fact.evidence.section, article),
    )


def _derivation_entry(
    derivation: Derivation, sources: list[Fact], values: Mapping[str, Fraction], article: Article
) -> Entry:
    number = evaluate(derivation.formula, values)
    marks = dict.fromkeys(fact.evidence.mark for fact in sources)
    return Entry(
        sentence=_worded(derivation.wording, number, derivation.unit, derivation.comparator),
        figure=_figure(derivation.figure, number, derivation.unit, derivation.comparator),
        source=source_line(article, sources[0].evidence.section, "".join(marks)),
        note=derivation.caveat,
        number=number,
        unit=derivation.unit,
        comparator=derivation.comparator,
        tags=frozenset(),
        gaps=(),
        lacks=frozenset(),
        numbers=frozenset({number}) | frozenset(Fraction(fact.value.number) for fact in sources if fact.value),
        mentions=frozenset(),
        unnamed=frozenset(),
        party=frozenset(),
        giver=frozenset(),
        receiver=frozenset(),
        antecedent=frozenset(),
        contrasts=frozenset(),
        whole=frozenset(),
        counted="",
        derived=True,
        allowed=_allowed(derivation, derivation.unit, ()),
        sentence_at=(0, 0),
        named=frozenset(),
        **_common(derivation, sources[0].evidence.section, article),
    )


def _common(item: Fact | Derivation, section: str, article: Article) -> dict[str, Any]:
    # "The firsts of the innovation system": the heading a fact stands under is no second condition.
    headings = next((each.concepts for each in article.sections if each.id == section), ())
    identified = tuple(frozenset(line.split()) for line in item.identified_by)
    return {
        "id": item.id,
        "article": article.slug,
        "section": section,
        "topic": item.topic,
        "identified": identified,
        "explains": frozenset().union(*identified, item.also, headings),
        "asks": frozenset(f"ask.{ask}" for ask in item.asks),
        "name": item.name,
        "direction": item.direction,
        "places": frozenset(item.places),
        "phrasings_en": item.phrasings.en,
        "phrasings_zh": item.phrasings.zh,
    }


GENERIC_ASKS: Final = frozenset({"ask.what", "ask.overview", "ask.source", "ask.total"})
"""Ways of asking that ask for nothing in particular."""
ADDED_UP: Final = frozenset({"count", "usd"})
"""Units whose numbers make a total."""
VALUE_ASKS: Final[dict[str, frozenset[str]]] = {
    "count": frozenset({"ask.count", "ask.quantity"}),
    "usd": frozenset({"ask.amount", "ask.money", "ask.quantity"}),
    "fraction": frozenset({"ask.share", "ask.quantity"}),
    "rank": frozenset({"ask.rank"}),
    "point": frozenset({"ask.rate", "ask.quantity", "ask.difference"}),
    "basis-point": frozenset({"ask.rate", "ask.quantity", "ask.difference"}),
}


def _allowed(item: Fact | Derivation, unit: str, gaps: tuple[Gap, ...]) -> frozenset[str]:
    # A total is a number: "policies total" does not ask for the areas that they cover.
    asks = frozenset(f"ask.{ask}" for ask in item.asks) | (
        GENERIC_ASKS if unit in ADDED_UP else GENERIC_ASKS - {"ask.total"}
    )
    if item.direction:
        asks |= {"ask.compare", "ask.difference"}
    missing = {asked for gap in gaps for asked in gap.asked}
    return asks | (VALUE_ASKS.get(unit, frozenset()) - missing)


def _worded(wording: Text, number: Fraction | None, unit: str, comparator: str) -> Text:
    if number is None:
        return wording
    english = wording.en.replace("{value}", amounts.figure(number, unit, comparator, "en"))
    chinese = wording.zh.replace("{value}", amounts.figure(number, unit, comparator, "zh"))
    return Text(english[:1].upper() + english[1:], chinese)


def _figure(figure: Text | None, number: Fraction | None, unit: str, comparator: str) -> Text:
    if number is None:
        return Text("", "")
    template = figure or Text("{value}", "{value}")
    return Text(
        template.en.replace("{value}", amounts.figure(number, unit, comparator, "en")),
        template.zh.replace("{value}", amounts.figure(number, unit, comparator, "zh")),
    )


def source_line(article: Article, section: str, mark: str) -> Text:
    """Publisher, date, section and reference mark: ``Sou Hu Cai Jing, 2026-01-14, “Policy System” [1]``."""
    title = next((each.title for each in article.sections if each.id == section), Text(section, section))
    date = article.published[:10]
    return Text(
        f"{article.publisher.en}, {date}, “{title.en}” {mark}".strip(),
        f"{article.publisher.zh}，{date}，“{title.zh}”{mark}",
    )


def _naming(entries: Iterable[Entry], weights: Mapping[str, float]) -> dict[str, tuple[Entry, ...]]:
    naming: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        for concepts in entry.identified:
            rarest = max(concepts, key=lambda sense: (weights[sense], sense))
            naming.setdefault(rarest, {})[entry.id] = entry
    return {sense: tuple(named.values()) for sense, named in naming.items()}


def _weights(entries: Iterable[Entry]) -> dict[str, float]:
    entries = list(entries)
    counts = Counter(sense for entry in entries for sense in frozenset().union(*entry.identified))
    return {sense: math.log(1 + len(entries) / count) for sense, count in counts.items()}
