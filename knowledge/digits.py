"""Numbers in digits, with the words and characters that scale them: ``24``, ``7.3亿``, ``2.4 bn``, ``1/3``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from knowledge.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

MAGNITUDES: Final = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "mil": 10**6,
    "mm": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "bil": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
CHINESE_MAGNITUDES: Final = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}
PARTS: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_DIGITS: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")


def read_digits(tokens: Sequence[str], at: int) -> Quantity | None:
    """The number that is written in digits from token ``at`` on, with its magnitudes; None where none is."""
    if not _DIGITS.fullmatch(tokens[at]):
        return None
    plain = tokens[at].replace(",", "")
    number, step = Fraction(plain), _step(plain)
    end = at + 1
    if _is_fraction(tokens, at):
        return Quantity(number / Fraction(tokens[at + 2]), "fraction", step=Fraction(0), start=at, end=at + 3)
    while end < len(tokens) and (scale := _scale(tokens, end)):
        number, step, end = number * scale, step * scale, end + 1
    if end < len(tokens) and tokens[end] in PARTS and tokens[end] != "half" and plain == "1":
        return Quantity(Fraction(1, PARTS[tokens[end]]), "fraction", step=Fraction(0), start=at, end=end + 1)
    rest = _rest(tokens, end) if tokens[end - 1] in CHINESE_MAGNITUDES else None
    if rest is not None and rest.number < step:
        return Quantity(number + rest.number, step=rest.step, start=at, end=rest.end)
    return Quantity(number, step=step, start=at, end=end)


def _rest(tokens: Sequence[str], at: int) -> Quantity | None:
    """The smaller part of a number that is written in two: the 3千万 of 7亿3千万."""
    if at + 1 >= len(tokens) or not _DIGITS.fullmatch(tokens[at]) or tokens[at + 1] not in CHINESE_MAGNITUDES:
        return None
    return read_digits(tokens, at)


def _is_fraction(tokens: Sequence[str], at: int) -> bool:
    following = tokens[at + 1 : at + 3]
    return (
        len(following) == 2
        and following[0] == "/"
        and following[1].isdigit()
        and following[1].isascii()
        and int(following[1]) > 0
    )


def _step(plain: str) -> Fraction:
    """Worth of the last digit: trailing zeros of a round whole number are not taken as precise."""
    if "." in plain:
        return Fraction(1, 10 ** len(plain.split(".")[1]))
    zeros = len(plain) - len(plain.rstrip("0"))
    return Fraction(10**zeros) if len(plain) > 3 else Fraction(1)


def _scale(tokens: Sequence[str], at: int) -> int:
    return MAGNITUDES.get(tokens[at], 0) or CHINESE_MAGNITUDES.get(tokens[at], 0)
