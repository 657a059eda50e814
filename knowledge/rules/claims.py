"""Checking a claim: two intervals, the article's and the user's.

Supported where the article's interval lies within the claim's, refuted where they share nothing, else undecided:
"over 24 billion" neither proves nor rules out "more than 25 billion".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from knowledge.entry_figures import SAME_COMPARATORS, as_entry_unit
from knowledge.lexicon import group

if TYPE_CHECKING:
    from knowledge.base import Entry
    from knowledge.quantities import Quantity
    from knowledge.question import Question
    from knowledge.turn import Turn

NEARLY: Final = Fraction(9, 10)
"""A figure "nearly" reached is taken to be above nine tenths of it."""
ABOUT: Final = Fraction(1, 20)
"""A figure with "about" may be a twentieth off."""
FAR: Final = 2
"""Above so many times a lower bound, a plain yes would leave a wrong figure in the asker's mind."""
LARGEST_TOLERANCE: Final = Fraction(1, 10)
"""Of a number with a single digit half a unit would be too much: 730 million is not "1 billion"."""


class Verdict(Enum):
    """How a claim fares; ``rank`` orders several, the most doubtful first."""

    OTHER_KIND = (0, "")
    REFUTED = (1, "verdict_no")
    UNDECIDED = (2, "")
    WRONG_UNIT = (3, "verdict_unit")
    ROUGHLY = (4, "verdict_roughly")
    EXCEEDED = (5, "verdict_more")
    OUTRANKED = (6, "verdict_better")
    SUPPORTED = (7, "verdict_yes")

    @property
    def rank(self) -> int:
        """Place in the order."""
        return self.value[0]

    @property
    def reply(self) -> str:
        """Key of the opening words."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from ``low`` to ``high``; None is no bound; the flags tell whether the ends belong to it."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool = True
    high_in: bool = True

    def within(self, other: Interval) -> bool:
        """Whether every number of this interval is in ``other``."""
        low = other.low is None or (
            self.low is not None
            and (self.low > other.low or (self.low == other.low and (other.low_in or not self.low_in)))
        )
        high = other.high is None or (
            self.high is not None
            and (self.high < other.high or (self.high == other.high and (other.high_in or not self.high_in)))
        )
        return low and high

    def apart(self, other: Interval) -> bool:
        """Whether the intervals share no number."""
        return self._below(other) or other._below(self)

    def _below(self, other: Interval) -> bool:
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and not (self.high_in and other.low_in))


def stated(entry: Entry) -> Interval:
    """The interval that the article states. A count is whole: over 20 is at least 21."""
    number = entry.number or Fraction(0)
    match entry.comparator:
        case "over":
            return Interval(number, None, low_in=False)
        case "nearly":
            return Interval(number * NEARLY, number, low_in=False, high_in=False)
        case "about":
            return Interval(number * (1 - ABOUT), number * (1 + ABOUT))
        case "below":
            return Interval(None, number, high_in=False)
        case "within":
            return Interval(Fraction(1), number)
        case _:
            return Interval(number, number)


def claimed(quantity: Quantity) -> Interval:
    """The interval that a user's number claims; without a comparator half a unit of its last digit on either side."""
    number = quantity.number
    match quantity.comparator:
        case "gt":
            return Interval(number, quantity.upper, low_in=False, high_in=quantity.upper is None)
        case "ge":
            return Interval(number, None)
        case "between":
            return Interval(number, quantity.upper)
        case "lt":
            return Interval(None, number, high_in=False)
        case "le":
            return Interval(None, number)
        case "about":
            return Interval(number * (1 - ABOUT), number * (1 + ABOUT))
        case _:
            half = _tolerance(quantity)
            return Interval(number - half, number + half)


def _tolerance(quantity: Quantity) -> Fraction:
    """Whole counts are meant as they are written; measured figures to half their last digit."""
    if quantity.unit in {"", "count", "rank", "fraction"} and quantity.step <= 1 and quantity.number.denominator == 1:
        return Fraction(0)
    return min(quantity.step / 2, quantity.number * LARGEST_TOLERANCE)


def check_number(entry: Entry, quantity: Quantity, question: Question) -> Verdict:
    """How the claim that the entry's figure is ``quantity`` fares."""
    if quantity.unit == "percent" and entry.unit == "point":
        return Verdict.WRONG_UNIT if quantity.number == entry.number else _flipped(Verdict.REFUTED, quantity, question)
    if quantity.unit in {"cny", "currency"} and entry.unit == "usd" and quantity.number == entry.number:
        return Verdict.WRONG_UNIT
    own = as_entry_unit(entry, quantity)
    if own is None:
        return Verdict.OTHER_KIND
    if own.number == entry.number and own.comparator and own.comparator in SAME_COMPARATORS[entry.comparator]:
        return _flipped(Verdict.SUPPORTED, quantity, question)
    fact, claim = stated(entry), claimed(own)
    if fact.within(claim):
        verdict = _flipped(Verdict.SUPPORTED, quantity, question)
        return _beyond(entry, own, question) or verdict if verdict is Verdict.SUPPORTED else verdict
    if fact.apart(claim):
        return _flipped(Verdict.REFUTED, quantity, question)
    if entry.unit == "rank":
        return Verdict.UNDECIDED  # the third is one of the top three: it is so or not, and never roughly
    if own.number == entry.number and own.comparator in {"", "about"}:
        return Verdict.ROUGHLY
    if own.number == entry.number and own.comparator == "eq":
        open_ended = entry.comparator in {"over", "nearly"}
        return _flipped(Verdict.REFUTED, quantity, question) if open_ended else Verdict.ROUGHLY
    return Verdict.UNDECIDED


def _beyond(entry: Entry, quantity: Quantity, question: Question) -> Verdict | None:
    """How a bound fares that is true and far off: "over 2.4 billion" of over 24, "only top ten" of the top three."""
    number = entry.number or 0
    if quantity.comparator in {"gt", "ge"} and quantity.number * FAR < number:
        return Verdict.EXCEEDED
    return Verdict.OUTRANKED if entry.unit == "rank" and quantity.number > number and question.only else None


def _flipped(verdict: Verdict, quantity: Quantity, question: Question) -> Verdict:
    """A negated claim ("isn't it below 80?" is none) turns the verdict round; what else is denied is not judged."""
    if not question.negated:
        return verdict
    if not question.denies(quantity):
        return Verdict.UNDECIDED if verdict is Verdict.SUPPORTED else verdict
    return Verdict.REFUTED if verdict is Verdict.SUPPORTED else Verdict.SUPPORTED


def check_direction(turn: Turn, entry: Entry) -> str:
    """The opening words where the question says higher of what the article says is lower; else empty."""
    other = {"lower": "dir.higher", "higher": "dir.lower"}.get(entry.direction, "")
    if f"dir.{entry.direction}" in turn.question.senses:
        return ""
    # "It costs a point *more* than at home": a comparator that belongs to no number compares the two sides.
    words = {"dir.higher": ("more", "greater", "多"), "dir.lower": ("less", "fewer", "少")}.get(other, ())
    said = any(
        other in span.senses or (span.text.startswith(words) and any(group(sense) == "cmp" for sense in span.senses))
        for span in turn.question.spans_left()
    )
    return turn.say("verdict_no_direction") if said else ""
