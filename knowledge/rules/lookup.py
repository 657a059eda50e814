"""The reverse look-up: "what is 730 million?" — which fact has this figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.adjacency import points_back
from knowledge.entry_figures import as_entry_unit
from knowledge.lexicon import group
from knowledge.rules.refusal import unnamed
from knowledge.spans import is_asking, is_free
from knowledge.turn import state

if TYPE_CHECKING:
    from knowledge.base import Entry
    from knowledge.outcome import Answer, NotStated
    from knowledge.quantities import Quantity
    from knowledge.turn import Turn

ASKS = frozenset({"ask.overview", "ask.what", "ask.definition", "ask.which", "ask.where", "ask.source", "ask.who"})
OTHER_MONEY = frozenset({"unit.cny", "unit.currency-other", "attr.exchange-rate"})
OPEN = frozenset({"ask.overview", "ask.what", "ask.definition"})
MAGNITUDES = (10**6, 10**8, 10**9)
"""Million, 亿 and billion."""
NOUNS = frozenset({"ask.count", "ask.quantity", "ask.amount", "ask.money", "ask.share"})
"""What may be asked of a figure; nouns ("the number 78") may stand beside it."""


def lookup(turn: Turn) -> Answer | NotStated | None:
    """The facts whose figure a question names and asks nothing else about; None for any other question."""
    question = turn.question
    if (
        not question.quantities
        or len(question.quantities) > 2
        or (question.polar and not question.asking and not question.alternatives)
    ):
        return None
    if not all(ASKS.intersection(span.senses) for span in question.spans_left() if is_asking(span)):
        return None
    if question.numbered and turn.inherited.topics:
        return None  # "how many branches?" - "which five?" asks for their names
    if turn.matches and turn.matches[0].fits and turn.matches[0].entry.derived:
        return None  # "if 5 branches are a third, how many are there in all?"
    if points_back(question.spans) and any(quantity.comparator for quantity in question.quantities):
        return None  # "how much is it?" - "so it's below 20?" is said of what was answered
    if question.senses & OTHER_MONEY:
        return None  # "24 billion dollars in yuan" asks for an exchange rate
    every = turn.base.entries.values()
    named = (
        [entry for entry in every if all(has_figure(entry, quantity) for quantity in question.quantities)]
        or _each_named(turn)
        or [e for e in every if question.asking and all(_has_digits(e, quantity) for quantity in question.quantities)]
    )
    entries = [entry for entry in named if not _other_content(turn, entry)]
    if entries and _asks_for_members(turn, entries[0]):
        return unnamed(turn, entries[0])
    topics = {entry.topic for entry in entries}
    numbers = {quantity.number for quantity in question.quantities}
    entries += [
        entry
        for entry in turn.base.entries.values()
        if entry.topic in topics
        and not entry.derived
        and entry not in entries
        and numbers <= entry.numbers
        and not entry.numeric
    ]
    if not entries:
        return None
    return turn.answer("the facts that have this figure", entries, state(turn, entries))


def _asks_for_members(turn: Turn, entry: Entry) -> bool:
    """Whether it is like "who are the 78?": the article counts them and names none."""
    return turn.question.asks == {"ask.who"} and entry.unit == "count"


def _each_named(turn: Turn) -> list[Entry]:
    """The entries of several figures, one by one ("74和78分别是什么"); none where one of them is nobody's."""
    if "ask.sum" in turn.question.senses or "joint.and" not in turn.question.senses:
        return []
    entries = turn.base.entries.values()
    found = [[entry for entry in entries if has_figure(entry, each)] for each in turn.question.quantities]
    return [entry for named in found for entry in named] if all(found) else []


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


def _has_digits(entry: Entry, quantity: Quantity) -> bool:
    """Whether a bare number is the entry's amount without its magnitude: the 730 of $730 million."""
    if entry.derived or entry.number is None or entry.unit != "usd" or quantity.unit or quantity.comparator:
        return False
    return any(quantity.number * magnitude == entry.number for magnitude in MAGNITUDES)


def _other_content(turn: Turn, entry: Entry) -> bool:
    """Whether more than the number, the question word, the context and words of the entry stand there."""
    # "Which quota is the $730 million?" asks for no list.
    wanted = OPEN | {"ask.which"} if entry.unit == "usd" else OPEN
    open_question = turn.question.asking and turn.question.asks <= wanted
    for span in turn.question.spans_left():
        senses = set(span.senses)
        if turn.question.alternatives and "ask.average" in senses:
            continue  # "is the $730 million for each firm or for all of them?"
        if is_free(span) or senses & turn.base.about or (open_question and senses & entry.explains):
            continue
        if senses & ASKS or (senses & NOUNS and not is_asking(span)):
            continue
        if any(group(sense) in {"cmp", "unit"} for sense in senses) and "unit.basis-point" not in senses:
            continue
        return True
    return False
