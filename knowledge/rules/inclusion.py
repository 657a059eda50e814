"""Whether a question has among what a fact counts what the fact names apart from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.entry_figures import is_value
from knowledge.spans import names_a_thing
from knowledge.text import has_chinese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import Entry
    from knowledge.question import Question
    from knowledge.reading import Span

INCLUDING: Final = ("包括", "包含", "里", "当中", "之中", "count", "counts")
"""How a piece begins that says what is among others: 12个省*里*有海南."""


def counts_in(question: Question, entry: Entry) -> bool:
    """Whether a claim counts in what the fact names apart: "do the 12 provinces include Hainan?"."""
    spans = question.spans
    at = next((index for index, span in enumerate(spans) if _includes(span)), None)
    if at is None or not entry.counted:
        return False
    before, behind = spans[:at], spans[at:]
    if _is_about_counted(entry, before) and _apart(entry, behind):
        return True
    among = any(entry.counted in span.senses or _numbers(entry, span) for span in behind)
    return among and "polar.include" in spans[at].senses and _apart(entry, before)


def _includes(span: Span) -> bool:
    return "polar.include" in span.senses or span.text.startswith(INCLUDING)


def _is_about_counted(entry: Entry, spans: Sequence[Span]) -> bool:
    """Whether what is counted is the subject: "the *12 provinces* in the agreement", 协议里的*12个省*."""
    named = [span for span in spans if names_a_thing(span) or _numbers(entry, span)]
    if not named:
        return False
    subject = named[-1] if has_chinese(named[-1].text) else named[0]
    return entry.counted in subject.senses or _numbers(entry, subject)


def _numbers(entry: Entry, span: Span) -> bool:
    return span.quantity is not None and is_value(entry, span.quantity)


def _apart(entry: Entry, spans: Sequence[Span]) -> bool:
    return any(not entry.places.isdisjoint(span.senses) for span in spans)
