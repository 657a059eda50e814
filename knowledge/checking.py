"""What the schema cannot see: ids, references, phrasings, figures, translations."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Final, get_args

from knowledge import loading, text
from knowledge.errors import Finding, KnowledgeError
from knowledge.formulas import evaluate
from knowledge.schema import Ask, Derivation, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from knowledge.schema import ArticleFolder, Text

GENERAL_GROUPS: Final = frozenset(
    {"ask", "attr", "period", "dir", "unit", "except", "names", "cmp", "polar", "document"}
)
ASKS: Final = frozenset(get_args(Ask))


def check_articles(paths: Sequence[Path]) -> list[ArticleFolder]:
    """Every article below ``paths``, validated and checked.

    Raises:
        KnowledgeError: with every finding of every article.

    """
    articles: list[ArticleFolder] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            article = loading.read_folder(path)
        except KnowledgeError as error:
            findings.extend(error.findings)
            continue
        articles.append(article)
        findings.extend(_Checker(path, article).findings())
    findings.extend(_slugs(articles, paths))
    if findings:
        raise KnowledgeError(findings)
    return articles


def _slugs(articles: Sequence[ArticleFolder], paths: Sequence[Path]) -> Iterator[Finding]:
    counts = Counter(article.article.slug for article in articles)
    for slug, count in counts.items():
        if count > 1:
            yield Finding(f"{paths[-1].name}/article.yaml", 0, slug, "slug", "is the slug of another article too")


class _Checker:
    """The checks of one article; every finding knows its file and line."""

    def __init__(self, path: Path, article: ArticleFolder) -> None:
        self._path = path
        self._data = article
        self._items: list[tuple[str, int, Fact | Derivation]] = [
            *(("facts", index, fact) for index, fact in enumerate(article.facts)),
            *(("derivations", index, item) for index, item in enumerate(article.derivations)),
        ]

    def findings(self) -> list[Finding]:
        """Everything that is wrong."""
        checks = (
            self._ids,
            self._phrasings,
            self._references,
            self._texts,
            self._values,
            self._formulas,
            self._article,
        )
        return [finding for check in checks for finding in check()]

    def _found(self, part: str, steps: Sequence[str | int], entry: str, field: str, message: str) -> Finding:
        name = loading.PARTS[part]
        return Finding(f"{self._path.name}/{name}", loading.line_of(self._path / name, steps), entry, field, message)

    def _ids(self) -> Iterator[Finding]:
        seen: set[str] = set()
        for part, index, item in self._items:
            if item.id in seen:
                yield self._found(part, [index, "id"], item.id, "id", "is the id of another entry too")
            seen.add(item.id)

    def _phrasings(self) -> Iterator[Finding]:
        owner: dict[str, str] = {}
        for part, index, item in self._items:
            for language, phrases in (("en", item.phrasings.en), ("zh", item.phrasings.zh)):
                if not phrases:
                    yield self._found(
                        part, [index, "phrasings", language], item.id, f"phrasings.{language}", "has no phrasing"
                    )
                for place, phrase in enumerate(phrases):
                    key = text.key(text.tokens(text.normalise(phrase)))
                    if key in owner:
                        message = f"the phrasing “{phrase}” belongs to {owner[key]} already"
                        yield self._found(
                            part, [index, "phrasings", language, place], item.id, f"phrasings.{language}", message
                        )
                    owner.setdefault(key, item.id)

    def _references(self) -> Iterator[Finding]:
        topics = {topic.id for topic in self._data.article.topics}
        sections = {section.id for section in self._data.article.sections}
        for part, index, item in self._items:
            if item.topic not in topics:
                yield self._found(
                    part, [index, "topic"], item.id, "topic", f"“{item.topic}” is no topic of article.yaml"
                )
            if isinstance(item, Fact) and item.evidence.section not in sections:
                message = f"“{item.evidence.section}” is no section of article.yaml"
                yield self._found(part, [index, "evidence", "section"], item.id, "evidence.section", message)
            for field, names in _senses(item):
                for name in names:
                    if not self._is_sense(name):
                        yield self._found(
                            part, [index, field], item.id, field, f"“{name}” is no concept of concepts.yaml"
                        )

    def _is_sense(self, name: str) -> bool:
        group, dot, _ = name.partition(".")
        return group in GENERAL_GROUPS if dot else name in self._data.concepts

    def _texts(self) -> Iterator[Finding]:
        for part, index, item in self._items:
            for field, wording in _wordings(item):
                yield from self._translation(part, [index, field], item.id, field, wording)
        for name, concept in self._data.concepts.items():
            if not concept.names.en or not concept.names.zh:
                yield self._found("concepts", [name, "names"], name, "names", "is missing in one language")
            if concept.gloss:
                yield from self._translation("concepts", [name, "gloss"], name, "gloss", concept.gloss)

    def _translation(
        self, part: str, steps: Sequence[str | int], entry: str, field: str, wording: Text
    ) -> Iterator[Finding]:
        if not wording.en.strip():
            yield self._found(part, [*steps, "en"], entry, f"{field}.en", "the English text is missing")
        if not wording.zh.strip():
            yield self._found(part, [*steps, "zh"], entry, f"{field}.zh", "the Chinese text is missing")
        elif field in {"wording", "caveat", "gloss"} and not text.has_chinese(wording.zh):
            yield self._found(part, [*steps, "zh"], entry, f"{field}.zh", "holds no Chinese")
        if wording.zh != text.simplified(wording.zh):
            yield self._found(
                part, [*steps, "zh"], entry, f"{field}.zh", "is not Simplified Chinese (Traditional is converted)"
            )

    def _values(self) -> Iterator[Finding]:
        for part, index, item in self._items:
            value = item.value if isinstance(item, Fact) else None
            if value is not None:
                try:
                    Fraction(value.number)
                except (ValueError, ZeroDivisionError):
                    yield self._found(
                        part, [index, "value", "number"], item.id, "value.number", f"“{value.number}” is no number"
                    )
            has_figure = value is not None or isinstance(item, Derivation)
            for language in ("en", "zh"):
                if ("{value}" in getattr(item.wording, language)) != has_figure:
                    message = (
                        "must hold {value}, since the entry has a figure"
                        if has_figure
                        else "holds {value}, but the entry has no figure"
                    )
                    yield self._found(part, [index, "wording", language], item.id, f"wording.{language}", message)

    def _formulas(self) -> Iterator[Finding]:
        facts = {fact.id: fact for fact in self._data.facts}
        values = {
            name: Fraction(fact.value.number)
            for name, fact in facts.items()
            if fact.value and _is_number(fact.value.number)
        }
        for index, item in enumerate(self._data.derivations):
            for source in item.source:
                if source not in facts:
                    yield self._found("derivations", [index, "source"], item.id, "source", f"“{source}” is no fact")
            try:
                evaluate(item.formula, values)
            except ValueError as error:
                yield self._found("derivations", [index, "formula"], item.id, "formula", str(error))

    def _article(self) -> Iterator[Finding]:
        article = self._data.article
        known = {item.id for _, _, item in self._items}
        for fact in article.key_facts:
            if fact not in known:
                yield self._found("article", ["key_facts"], article.slug, "key_facts", f"“{fact}” is no fact")
        named = (
            *article.about,
            *article.home,
            *(c for topic in article.topics for c in topic.concepts),
            *article.overview_words,
        )
        for name in named:
            if not self._is_sense(name):
                yield self._found(
                    "article", ["about"], article.slug, "about", f"“{name}” is no concept of concepts.yaml"
                )
        for concept in self._data.concepts.values():
            for fact in concept.near:
                if fact not in known:
                    yield self._found("concepts", [], "", "near", f"“{fact}” is no fact")


def _is_number(number: str) -> bool:
    try:
        Fraction(number)
    except (ValueError, ZeroDivisionError):
        return False
    return True


def _senses(item: Fact | Derivation) -> Iterable[tuple[str, Sequence[str]]]:
    yield "identified_by", [name for line in item.identified_by for name in line.split()]
    yield "also", item.also
    yield "places", item.places
    if isinstance(item, Fact):
        yield "mentions", item.mentions
        yield "contrasts", item.contrasts
        yield "whole", item.whole
        yield "names", item.names
        yield "unnamed", item.unnamed
        yield "party", item.party
        yield "giver", item.giver
        yield "receiver", item.receiver
        yield "antecedent", item.antecedent
        yield "gaps", [name for gap in item.gaps for name in gap.asked]
        if item.counted:
            yield "counted", [item.counted]


def _wordings(item: Fact | Derivation) -> Iterable[tuple[str, Text]]:
    yield "wording", item.wording
    yield "name", item.name
    if item.figure:
        yield "figure", item.figure
    if item.caveat:
        yield "caveat", item.caveat
