"""A number with its unit, its comparator and how precisely it was written, as questions and facts hold it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

Unit = Literal[
    "", "count", "usd", "cny", "sgd", "currency", "percent", "point", "basis-point", "fraction", "rank", "year", "scale"
]  # fmt: skip
SHARES: Final[frozenset[Unit]] = frozenset({"fraction", "percent"})
"""Units of a part of a whole."""
Comparator = Literal["", "eq", "gt", "ge", "lt", "le", "about", "between", "ne"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a question."""

    number: Fraction
    unit: Unit = ""
    comparator: Comparator = ""
    step: Fraction = Fraction(1)
    """Worth of the last digit that was written: 10**8 in ``7.3 billion``, 1/100 in ``1.03``."""
    start: int = 0
    end: int = 0
    """Token positions, ``end`` excluded."""
    text: str = ""
    upper: Fraction | None = None
    """The other end of ``between 3 and 5``."""


def and_some(quantity: Quantity) -> Quantity:
    """``20多``, ``十几``, ``240多``: more than the number, and less than the next that is as round (30, 20, 250)."""
    if quantity.number < 10:
        return replace(quantity, comparator="gt")
    digits = str(int(quantity.number))
    step = Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))
    return replace(quantity, comparator="gt", upper=quantity.number + step)


def with_unit(quantity: Quantity, unit: Unit, end: int) -> Quantity:
    """The same number with the unit that was found behind (or before) it."""
    number, step = quantity.number, quantity.step
    if unit == "percent" and quantity.unit == "fraction":
        return replace(quantity, end=max(end, quantity.end))
    return replace(quantity, number=number, step=step, unit=unit, end=max(end, quantity.end))


def same_measure(quantity: Quantity, unit: Unit) -> Quantity | None:
    """``quantity`` in ``unit``, where one can be turned into the other without knowledge of the world; else None."""
    if quantity.unit == unit:
        return quantity
    factor = _FACTORS.get((quantity.unit, unit))
    if factor is None:
        return None
    return replace(
        quantity,
        number=quantity.number * factor,
        step=quantity.step * factor,
        unit=unit,
        upper=None if quantity.upper is None else quantity.upper * factor,
    )


_FACTORS: Final[dict[tuple[str, str], Fraction]] = {
    ("percent", "fraction"): Fraction(1, 100),
    ("fraction", "percent"): Fraction(100),
    ("basis-point", "point"): Fraction(1, 100),
    ("point", "basis-point"): Fraction(100),
    ("currency", "usd"): Fraction(1),
}
