"""The proof of an article's data against the article's own text: every figure stands where its fact says it stands."""

from __future__ import annotations

import hashlib
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from knowledge import loading, text
from knowledge.errors import Finding
from knowledge.numerals import read_number
from knowledge.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from knowledge.schema import ArticleFolder, Fact

MARK: Final = re.compile(r"\[\d+\]")
HYPHEN: Final = re.compile(r"(?<=\w)-(?=\w)")
LOOSE: Final = re.compile(r"[^\W_]{2,}")
CURRENCY: Final = {"$": "usd"}


def prove(folder: Path, article: ArticleFolder, source: str) -> list[Finding]:
    """Everything in ``source`` that the data does not claim, and in the data that ``source`` does not hold."""
    digest = hashlib.sha256(source.encode()).hexdigest()
    if digest != article.article.text_sha256:
        return [_finding(folder, "article", ["text_sha256"], "", "text_sha256", f"the text's SHA-256 is {digest}")]
    return [*_facts(folder, article, source), *_figures(folder, article, source), *_unclaimed(article, source)]


def _facts(folder: Path, article: ArticleFolder, source: str) -> Iterator[Finding]:
    for index, fact in enumerate(article.facts):
        start, end = fact.evidence.sentence
        sentence = source[start:end]
        steps: list[str | int] = [index, "evidence"]
        if not sentence.strip():
            yield _finding(folder, "facts", steps, fact.id, "evidence.sentence", f"no text stands at {start} to {end}")
            continue
        if fact.evidence.mark and not all(mark in sentence for mark in MARK.findall(fact.evidence.mark)):
            yield _finding(
                folder,
                "facts",
                steps,
                fact.id,
                "evidence.mark",
                f"{fact.evidence.mark} does not stand in its sentence",
            )
        if fact.value and not any(_is(fact, quantity) for quantity in figures(sentence)):
            message = f"the figure {fact.value.number} ({fact.value.unit}) does not stand in its sentence"
            yield _finding(folder, "facts", [index, "value", "number"], fact.id, "value.number", message)


def _is(fact: Fact, quantity: Quantity) -> bool:
    if fact.value is None or quantity.number != Fraction(fact.value.number):
        return False
    money = fact.value.unit == "usd"
    return money == (quantity.unit == "usd") and (fact.value.unit == "rank") == (quantity.unit == "rank")


def _figures(folder: Path, article: ArticleFolder, source: str) -> Iterator[Finding]:
    """Figures of a sentence that no fact with that sentence claims: a wrong or a forgotten figure."""
    for start, end in sorted({fact.evidence.sentence for fact in article.facts}):
        facts = [fact for fact in article.facts if fact.evidence.sentence == (start, end)]
        claimed = {Fraction(fact.value.number) for fact in facts if fact.value} | {
            Fraction(n) for fact in facts for n in fact.numbers
        }
        for quantity in figures(source[start:end]):
            if quantity.number not in claimed:
                message = f"the figure {quantity.text!r} of the sentence at {start} is claimed by no fact"
                yield Finding(f"{folder.name}/facts.yaml", 0, facts[0].id, "evidence.sentence", message)


def figures(sentence: str) -> list[Quantity]:
    """The numbers of a sentence, reference marks left out, with ``usd`` where a dollar sign stands before them."""
    tokens = text.tokens(text.normalise(HYPHEN.sub(" ", MARK.sub(" ", sentence))))
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        quantity = read_number(tokens, at)
        if quantity is None or _is_ordinal_word(tokens, at):
            at += 1
            continue
        unit = CURRENCY.get(tokens[at - 1], quantity.unit) if at else quantity.unit
        written = " ".join(tokens[at : quantity.end])
        found.append(Quantity(quantity.number, unit, quantity.comparator, quantity.step, at, quantity.end, written))  # type: ignore[arg-type]
        at = quantity.end
    return found


def _is_ordinal_word(tokens: Sequence[str], at: int) -> bool:
    """``third party`` is a name, not a place in a row."""
    return tokens[at] in {"second", "third"}


def _unclaimed(article: ArticleFolder, source: str) -> Iterator[Finding]:
    """Stretches of the text that no fact, heading or ignore entry claims."""
    open_ = [True] * len(source)
    claimed = [fact.evidence.sentence for fact in article.facts] + [each.sentence for each in article.article.ignored]
    for start, end in claimed:
        open_[start:end] = [False] * len(open_[start:end])
    for section in article.article.sections:
        start = source.find(section.title.en)
        if start >= 0:
            open_[start : start + len(section.title.en)] = [False] * len(section.title.en)
    rest = "".join(character if free else " " for character, free in zip(source, open_, strict=True))
    for match in LOOSE.finditer(rest):
        message = f"the text at {match.start()} ({match.group()[:20]!r}) is claimed by no fact, gap or ignore entry"
        yield Finding(article.article.text_file, 0, "", "", message)


def _finding(folder: Path, part: str, steps: Sequence[str | int], entry: str, field: str, message: str) -> Finding:
    name = loading.PARTS[part]
    return Finding(f"{folder.name}/{name}", loading.line_of(folder / name, steps), entry, field, message)
