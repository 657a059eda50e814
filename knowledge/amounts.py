"""Figures in words: one number, written as each language writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fractions import Fraction

WORDS_EN: Final = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
WORDS_ZH: Final = "零一二三四五六七八九十"
PARTS_EN: Final = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 10: "tenth"}
COMPACT_FROM: Final = 1_000_000
_COMPARATORS: Final = {
    "over": ("over {}", "超过{}"),
    "nearly": ("nearly {}", "近{}"),
    "about": ("about {}", "约{}"),
    "below": ("below {}", "低于{}"),
    "within": ("{}", "{}"),
    "eq": ("{}", "{}"),
}


def figure(number: Fraction, unit: str, comparator: str, language: str) -> str:
    """The figure with its comparator and, where the unit belongs to it, its unit: ``over $24 billion``, ``近70亿美元``.

    ``language`` is ``en`` or ``zh``; counts come bare, what they count is the wording's business.
    """
    english, chinese = _COMPARATORS[comparator]
    bare = _bare(number, unit, language)
    return english.format(bare) if language == "en" else chinese.format(bare)


def _bare(number: Fraction, unit: str, language: str) -> str:
    if unit == "fraction":
        return _fraction(number, language)
    if unit == "rank":
        return _rank(int(number), language)
    plain = decimal(number, language)
    if language == "en":
        return {"usd": "${}", "point": "{} percentage points", "basis-point": "{} basis points"}.get(unit, "{}").format(
            plain
        )
    return {"usd": "{}美元", "point": "{}个百分点", "basis-point": "{}个基点"}.get(unit, "{}").format(plain)


def decimal(number: Fraction, language: str) -> str:
    """A plain number, large ones in the language's own steps: ``730 million``, ``7.3亿``.

    Babel's Chinese has no long form, and its English short form is ``730M``.
    """
    # Loaded here: the shipped wordings are rendered once, when the knowledge base is compiled.
    from babel.numbers import format_compact_decimal, format_decimal

    value = float(number)
    if abs(number) < COMPACT_FROM:
        return str(format_decimal(round(value, 2), locale="en"))
    if language == "en":
        return str(format_compact_decimal(value, format_type="long", locale="en", fraction_digits=3))
    return str(format_compact_decimal(value, format_type="short", locale="zh_Hans", fraction_digits=3))


def _fraction(number: Fraction, language: str) -> str:
    above, below = number.numerator, number.denominator
    if above < below <= 10 and (language == "zh" or below in PARTS_EN):
        if language == "zh":
            return f"{WORDS_ZH[below]}分之{WORDS_ZH[above]}"
        return f"{WORDS_EN[above]}-{PARTS_EN[below]}" + ("s" if above > 1 else "")
    return f"{decimal(number * 100, language)}%"


def _rank(place: int, language: str) -> str:
    if language == "zh":
        return f"前{WORDS_ZH[place] if place <= 10 else place}"
    return f"among the top {WORDS_EN[place] if place <= 10 else place}"
