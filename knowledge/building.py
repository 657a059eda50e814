"""From the articles' files to the base that is searched: every fact an entry, with its wording written out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from knowledge import amounts
from knowledge.base import GENERIC_ASKS, VALUE_ASKS, Base, Entry
from knowledge.formulas import evaluate
from knowledge.lexicon import ARTICLE, PUBLISHER
from knowledge.schema import Derivation, Fact, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from knowledge.schema import Article, ArticleFolder, Gap

SensesOf = Callable[[str], frozenset[str]]
"""A sentence → the senses of its words."""
ADDED_UP: Final = frozenset({"count", "usd"})
"""Units whose numbers make a total."""


def build(folders: Iterable[ArticleFolder], senses_of: SensesOf) -> Base:
    """The searchable base of some articles; for the same fact id, the newest article's fact answers.

    ``senses_of`` reads a sentence.
    """
    base = Base()
    for folder in sorted(folders, key=lambda each: each.article.published):
        base.articles[folder.article.slug] = folder.article
        base.concepts.update(folder.concepts)
        base.about |= frozenset(folder.article.about) | {ARTICLE, PUBLISHER}
        base.home[folder.article.slug] = frozenset(folder.article.home) | {ARTICLE}
        values = {fact.id: Fraction(fact.value.number) for fact in folder.facts if fact.value}
        for fact in folder.facts:
            base.entries[fact.id] = _affirming(_fact_entry(fact, folder.article), folder, senses_of)
        for derivation in folder.derivations:
            sources = [fact for fact in folder.facts if fact.id in derivation.source]
            entry = _derivation_entry(derivation, sources, values, folder.article)
            base.entries[derivation.id] = _affirming(entry, folder, senses_of)
    base.places = base.about | {name for name, concept in base.concepts.items() if concept.place}
    base.weak = frozenset(name for name, concept in base.concepts.items() if concept.weak)
    base.tags = frozenset(tag for entry in base.entries.values() for tag in entry.tags)
    base.weights = _weights(base.entries.values())
    base.naming = _naming(base.entries.values(), base.weights)
    return base


def _affirming(entry: Entry, folder: ArticleFolder, senses_of: SensesOf) -> Entry:
    """The entry with the senses of its own sentence and name, in both languages, and of what the article is about.

    That is what is no place, such as *bilateral*: of a place the sentence has to say it.
    """
    words = (entry.sentence.en, entry.sentence.zh, entry.name.en, entry.name.zh)
    relations = frozenset(sense for sense in folder.article.about if not folder.concepts[sense].place)
    return replace(entry, affirmed=relations.union(*map(senses_of, words)))


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
        premises=frozenset(),
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
        premises=frozenset(sense for fact in sources for each in fact.identified_by for sense in each.split()),
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
        "affirmed": frozenset(),
        "explains": frozenset().union(*identified, item.also, headings),
        "asks": frozenset(f"ask.{ask}" for ask in item.asks),
        "name": item.name,
        "direction": item.direction,
        "places": frozenset(item.places),
        "phrasings_en": item.phrasings.en,
        "phrasings_zh": item.phrasings.zh,
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
