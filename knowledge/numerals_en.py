"""English numerals: ``seventy-four``, ``two hundred and forty million``, ``one in three``, ``half a billion``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from knowledge.digits import MAGNITUDES, PARTS
from knowledge.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL: Final = {
    word: number
    for number, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        ).split()
    )
} | {
    word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}

MOST_ODDS: Final = 100
"""What "1 in …" is read up to: "1 in 2019" tells a year."""
DIGITS: Final = {word: str(number) for word, number in SMALL.items() if number < 10} | {
    "oh": "0",
    "o": "0",
    "nought": "0",
}
"""How the places behind a decimal point are said."""


def read_english(tokens: Sequence[str], at: int) -> Quantity | None:
    """``two hundred and forty million``, ``seven point three billion``, ``a third``, ``one in three``."""
    part = _english_part(tokens, at) or _english_decimal(tokens, at)
    if part:
        return part
    total, current, end, seen = 0, 0, at, False
    last = 1
    while end < len(tokens):
        word = tokens[end]
        if word in SMALL:
            current, last, seen = current + SMALL[word], 1, True
        elif (
            word in MAGNITUDES
            and len(word) > 2
            and (seen or word == "dozen" or (word != "hundred" and _follows_article(tokens, end, at)))
        ):
            current, last, seen = max(current, 1) * MAGNITUDES[word], MAGNITUDES[word], True
            if word != "hundred":
                total, current = total + current, 0
        elif not (word in {"and", "-", "a"} and _continues(tokens, end, seen=seen)):
            break
        end += 1
    if not seen or (end - at == 1 and tokens[at] in {"one", "zero"}):
        return None
    return Quantity(Fraction(total + current), step=Fraction(last), start=at, end=end)


def _english_decimal(tokens: Sequence[str], at: int) -> Quantity | None:
    """``twenty four point one billion``, ``one point oh three``: the places are said one by one."""
    whole = SMALL.get(tokens[at])
    if whole is None:
        return None
    point = at + 1
    if whole >= 20 and "".join(tokens[point : point + 1]) in DIGITS:
        whole, point = whole + int(DIGITS[tokens[point]]), point + 1
    end = point + 1
    while end < len(tokens) and tokens[end] in DIGITS:
        end += 1
    places = "".join(DIGITS[token] for token in tokens[point + 1 : end])
    if not places or tokens[point] != "point":
        return None
    magnitude = MAGNITUDES.get(tokens[end], 1) if end < len(tokens) else 1
    step = Fraction(magnitude, 10 ** len(places))
    return Quantity(Fraction(f"{whole}.{places}") * magnitude, step=step, start=at, end=end + (magnitude > 1))


def _follows_article(tokens: Sequence[str], position: int, at: int) -> bool:
    return position == at + 1 and tokens[at] == "a"


def _continues(tokens: Sequence[str], position: int, *, seen: bool) -> bool:
    following = tokens[position + 1] if position + 1 < len(tokens) else ""
    if tokens[position] == "a":
        return not seen and following in MAGNITUDES and len(following) > 2
    previous = tokens[position - 1] if position else ""
    if tokens[position] == "and":
        return seen and previous in {"hundred", "thousand", "million"} and following in SMALL
    return seen and SMALL.get(previous, 0) >= 20 and 0 < SMALL.get(following, 0) < 10


def _english_part(tokens: Sequence[str], at: int) -> Quantity | None:
    window = list(tokens[at : at + 4])
    if window[:1] == ["half"] and window[1:2] == ["a"] and len(window) > 2 and window[2] in MAGNITUDES:
        scale = MAGNITUDES[window[2]]
        return Quantity(Fraction(scale, 2), step=Fraction(scale, 10), start=at, end=at + 3)
    if window[:2] == ["a", "score"]:
        return Quantity(Fraction(20), start=at, end=at + 2)
    skip = 2 if window[1:2] == ["-"] else 1
    if window and window[0] in {"one", "a"} and len(window) > skip and window[skip] in PARTS and window[skip] != "half":
        return Quantity(Fraction(1, PARTS[window[skip]]), "fraction", step=Fraction(0), start=at, end=at + skip + 1)
    if window[:1] == ["two"] and len(window) > skip and window[skip] == "thirds":
        return Quantity(Fraction(2, 3), "fraction", step=Fraction(0), start=at, end=at + skip + 1)
    if window[:1] == ["half"]:
        return Quantity(Fraction(1, 2), "fraction", step=Fraction(0), start=at, end=at + 1)
    return None


def read_odds(tokens: Sequence[str], at: int) -> Quantity | None:
    """``1 in 3``, ``one in every three``, ``one out of three``."""
    if tokens[at] not in {"one", "1"}:
        return None
    for between in (["in", "every"], ["in"], ["out", "of", "every"], ["out", "of"]):
        end = at + 1 + len(between)
        if list(tokens[at + 1 : end]) == between and end < len(tokens):
            below = SMALL.get(tokens[end]) or (int(tokens[end]) if tokens[end].isdecimal() else 0)
            if 1 < below <= MOST_ODDS:
                return Quantity(Fraction(1, below), "fraction", step=Fraction(0), start=at, end=end + 1)
    return None
