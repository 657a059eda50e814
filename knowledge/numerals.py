"""Numbers as people write them: ``24``, ``seventy-four``, ``7.3亿``, ``one in three``, ``三分之一``, ``top three``.

Reads a run of tokens into a bare :class:`~knowledge.quantities.Quantity`; what stands beside it (a currency, "over")
is read by :mod:`knowledge.figures`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from knowledge.digits import CHINESE_MAGNITUDES, MAGNITUDES, read_digits
from knowledge.numerals_en import SMALL, read_english, read_odds
from knowledge.numerals_zh import CHINESE_DIGITS, read_chinese
from knowledge.quantities import Quantity, and_some

if TYPE_CHECKING:
    from collections.abc import Sequence


def may_be_number(token: str) -> bool:
    """Whether a number may start with ``token``; a quick look that spares most tokens the slow one."""
    return token[:1].isdecimal() or token in _STARTS


def read_number(tokens: Sequence[str], at: int) -> Quantity | None:
    """The number that starts at token ``at``, without unit or comparator; None where none does."""
    quantity = (
        _rank(tokens, at)
        or read_odds(tokens, at)
        or read_digits(tokens, at)
        or read_english(tokens, at)
        or read_chinese(tokens, at)
    )
    return quantity and _with_some(tokens, quantity)


def _with_some(tokens: Sequence[str], quantity: Quantity) -> Quantity:
    """The number with the magnitude behind 多 or 个: ``70多亿`` is over seven billion, and below eight."""
    some, *magnitude = tokens[quantity.end : quantity.end + 2] or ("",)
    scale = CHINESE_MAGNITUDES.get("".join(magnitude))
    if scale is None or some not in _SOME | {_PIECES}:
        return quantity
    if some == _PIECES:
        if scale == CHINESE_MAGNITUDES["百"]:
            return quantity  # 个百分点
        end = quantity.end + 2
        return replace(quantity, number=quantity.number * scale, step=quantity.step * scale, end=end)
    whole = and_some(quantity)
    upper = None if whole.upper is None else whole.upper * scale
    return replace(whole, number=whole.number * scale, step=whole.step * scale, upper=upper, end=quantity.end + 2)


_PIECES: Final = "个"
_SOME: Final = frozenset({"多", "余", "来"})
_PLACES: Final = frozenset({"top", "前"})
_RANKED: Final = frozenset({"at", "as", "ranked", "ranks", "rank", "is"})
"""Words after which "number ten" is a place, as "number two" always is."""
_ORDINALS: Final = {
    word: place for place, word in enumerate("second third fourth fifth sixth seventh eighth ninth tenth".split(), 2)
}
_ORDINAL_ENDINGS: Final = frozenset({"nd", "rd", "th"})


def _rank(tokens: Sequence[str], at: int) -> Quantity | None:
    """``top three``, ``前五``, ``first three`` (within), ``number one``, ``第一名`` (exactly that place)."""
    skip = 2 if list(tokens[at + 1 : at + 2]) == ["-"] else 1
    if tokens[at] in _PLACES or (tokens[at] == "first" and "".join(tokens[at + 1 : at + 2]) in SMALL):
        place = _place(tokens, at + skip)
        return place and replace(place, unit="rank", comparator="le", start=at)
    if tokens[at] in {"number", "no"}:
        place = _place(tokens, at + 1)
        ranked = at > 0 and tokens[at - 1] in _RANKED
        named = place is not None and (place.number < 4 or ranked)
        return replace(place, unit="rank", comparator="eq", start=at) if place and named else None
    if tokens[at] == "第":
        place = _place(tokens, at + 1)
        named = place is not None and "".join(tokens[place.end : place.end + 1]) in {"名", "位"}
        return (
            replace(place, unit="rank", comparator="eq", start=at, end=place.end + named)
            if place and (named or place.number > 1)
            else None
        )
    return _ordinal(tokens, at)


def _ordinal(tokens: Sequence[str], at: int) -> Quantity | None:
    """``second``, ``5th``: exactly that place."""
    if tokens[at] in _ORDINALS:
        return Quantity(Fraction(_ORDINALS[tokens[at]]), "rank", "eq", start=at, end=at + 1)
    if "".join(tokens[at + 1 : at + 2]) in _ORDINAL_ENDINGS and (place := _place(tokens, at)):
        return replace(place, unit="rank", comparator="eq", end=at + 2)
    return None


def _place(tokens: Sequence[str], at: int) -> Quantity | None:
    """A whole number from 1 to 100 at token ``at``, spelt out or in digits."""
    if at >= len(tokens):
        return None
    word = tokens[at]
    number = SMALL.get(word) or (int(word) if word.isdecimal() and len(word) <= 3 else None)
    if number is None and word in "一二三四五六七八九十" and len(word) == 1:
        number = "零一二三四五六七八九十".index(word)
    return Quantity(Fraction(number), start=at, end=at + 1) if number and number <= 100 else None


_STARTS: Final = (
    frozenset(SMALL)
    | frozenset(MAGNITUDES)
    | frozenset(_ORDINALS)
    | frozenset(CHINESE_DIGITS)
    | _PLACES
    | frozenset({"a", "half", "first", "number", "no", "第", "半", "几", "数"})
)
"""Every word that a number may start with."""
