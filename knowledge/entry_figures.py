"""The numbers of a question beside an entry's own: the same figure, one that only names it, or another claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.quantities import same_measure

if TYPE_CHECKING:
    from knowledge.base import Base, Entry
    from knowledge.quantities import Quantity

SAME_COMPARATORS: Final = {
    "over": {"", "gt"},
    "nearly": {"", "lt", "about"},
    "within": {"", "le"},
    "eq": {"", "eq"},
    "about": {"", "about"},
}
"""For each way in which the article qualifies a figure, the ways in which a question may that mean the same."""


def is_value(entry: Entry, quantity: Quantity) -> bool:
    """Whether a number in the question is just the entry's figure, as 74 in "the 74 policies"."""
    if entry.number is None:
        return False
    same = as_entry_unit(entry, quantity)
    return same is not None and same.number == entry.number


def as_entry_unit(entry: Entry, quantity: Quantity) -> Quantity | None:
    """The number in the entry's unit; None where they are of different kinds.

    A bare number is a count; with a magnitude (``a billion``) it may be money.
    """
    if quantity.unit in {"", "count"}:
        money = entry.unit == "usd" and quantity.number >= 10**6
        return quantity if entry.unit == "count" or money else None
    return same_measure(quantity, entry.unit)  # type: ignore[arg-type]


def mentions(base: Base, entry: Entry, quantity: Quantity) -> bool:
    """Whether a number only names the entry ("the 74 policies") or the figures beside it, and claims nothing else."""
    if quantity.upper is not None:
        # "The seventy-odd institutions": 78 of them.
        return any(quantity.number <= number < quantity.upper for number in entry.numbers) and quantity.unit in {
            "",
            "count",
        }
    if is_value(entry, quantity):
        return quantity.comparator in SAME_COMPARATORS.get(entry.comparator, set())
    if entry.unit == "point" and not quantity.unit and quantity.number == entry.number:
        return not quantity.comparator  # "is it 1.03 lower?": the unit goes without saying
    beside = quantity.number in entry.numbers and quantity.number != entry.number
    units = {"", "count", "usd", "fraction"} | ({"point"} if entry.derived else set())
    if not beside or quantity.unit not in units:
        return False
    # "What do the more than twenty institutions do": as the figure beside it is qualified itself.
    return not quantity.comparator or any(
        each.number == quantity.number and quantity.comparator in SAME_COMPARATORS.get(each.comparator, set())
        for each in base.entries.values()
        if each.topic == entry.topic
    )
