"""Question sets: reading them, asking them, counting right, false and missed."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from knowledge.engine import Knowledge
    from knowledge.outcome import Context, Outcome

Verdict = Literal["right", "false", "missed"]


class QuestionSetError(Exception):
    """A question set cannot be read; the text says where and why, for whoever wrote the set."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question or conversation, and what its last reply must be."""

    id: str
    kind: str
    language: str
    turns: tuple[str, ...]
    expected: Literal["answer", "none", "either"]
    must: tuple[str, ...]
    must_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """An item and how it went."""

    item: Item
    verdict: Verdict
    outcome: Outcome


def read_items(path: Path) -> Iterator[Item]:
    """The items of a question set, one JSON object a line.

    Raises:
        QuestionSetError: the file or a line of it cannot be read.

    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path}: cannot be read ({error.__class__.__name__})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _item(line, f"{path}:{number}")


def _item(line: str, place: str) -> Item:
    try:
        raw = json.loads(line)
        item = Item(
            id=str(raw["id"]),
            kind=str(raw["kind"]),
            language=str(raw["lang"]),
            turns=tuple(map(str, raw["turns"])),
            expected=raw["outcome"],
            must=tuple(raw.get("must", ())),
            must_not=tuple(raw.get("must_not", ())),
        )
        for pattern in (*item.must, *item.must_not):
            re.compile(pattern)
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise QuestionSetError(f"{place}: {error.__class__.__name__}: {error}") from error
    if item.expected not in {"answer", "none", "either"} or not item.turns:
        raise QuestionSetError(f"{place}: outcome must be answer, none or either, and turns must not be empty")
    return item


def judge(item: Item, outcome: Outcome) -> Verdict:
    """``false`` is what must never happen: answered what the article does not hold, or answered wrongly."""
    holds = all(re.search(pattern, outcome.text, re.IGNORECASE) for pattern in item.must)
    clean = not any(re.search(pattern, outcome.text, re.IGNORECASE) for pattern in item.must_not)
    answered = outcome.kind == "answer"
    if item.expected == "either":
        return "right" if holds and clean else "missed"
    if item.expected == "none":
        return "false" if answered else "right" if clean else "missed"
    if not answered:
        return "missed"
    return "right" if holds and clean else "false"


def evaluate(knowledge: Knowledge, items: Iterable[Item]) -> Iterator[Result]:
    """Ask each item, turn by turn, and judge the last reply."""
    for item in items:
        context: Context | None = None
        for turn in item.turns:
            outcome = knowledge.answer(turn, context)
            context = outcome.context
        yield Result(item, judge(item, outcome), outcome)


def tally(results: Iterable[Result]) -> dict[tuple[str, str], Counter[Verdict]]:
    """How often each verdict fell, by kind and language."""
    counts: dict[tuple[str, str], Counter[Verdict]] = {}
    for result in results:
        counts.setdefault((result.item.kind, result.item.language), Counter())[result.verdict] += 1
    return counts
