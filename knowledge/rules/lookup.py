"""The reverse look-up: "what is 730 million?" — which fact has this figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.matching import as_entry_unit
from knowledge.question import group, is_free
from knowledge.turn import state

if TYPE_CHECKING:
    from knowledge.base import Entry
    from knowledge.outcome import Answer
    from knowledge.quantities import Quantity
    from knowledge.turn import Turn

ASKS = frozenset({"ask.what", "ask.definition", "ask.which", "ask.count", "ask.quantity", "ask.amount", "ask.where", "ask.who", "ask.how", "ask.source"})


def lookup(turn: Turn) -> Answer | None:
    """The facts whose figure a question names and asks nothing else about; None for any other question."""
    question = turn.question
    if not question.quantities or len(question.quantities) > 2 or not question.asks <= ASKS or _other_content(turn):
        return None
    if not question.asks and question.polar:
        return None
    entries = [
        entry
        for quantity in question.quantities
        for entry in turn.base.entries.values()
        if has_figure(entry, quantity)
    ]
    if not entries:
        return None
    return turn.answer("the facts that have this figure", entries, state(turn, entries))


def has_figure(entry: Entry, quantity: Quantity) -> bool:
    """Whether the quantity is just the entry's figure, in a unit that fits."""
    if entry.derived or entry.number is None:
        return False
    if quantity.unit == "percent" and entry.unit == "point":
        return quantity.number == entry.number
    same = as_entry_unit(entry, quantity)
    if same is None and not quantity.unit and entry.unit in {"point", "usd"}:
        return quantity.number == entry.number
    return same is not None and same.number == entry.number


def _other_content(turn: Turn) -> bool:
    """Whether more than the number, the question word and the context stands there."""
    for span in turn.question.spans_left():
        senses = set(span.senses)
        if is_free(span) or senses & turn.base.about or any(sense in ASKS for sense in senses):
            continue
        if any(group(sense) in {"cmp", "unit"} for sense in senses):
            continue
        return True
    return False
