"""Numbers as people write them: ``24``, ``seventy-four``, ``7.3亿``, ``one in three``, ``三分之一``, ``top three``.

Reads a run of tokens into a bare :class:`~knowledge.quantities.Quantity`; what stands beside it (a currency, "over")
is read by :mod:`knowledge.figures`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from knowledge.quantities import Quantity, and_some

if TYPE_CHECKING:
    from collections.abc import Sequence

_SMALL: Final = {
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
_MAGNITUDES: Final = {
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
_CHINESE_DIGITS: Final = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
_CHINESE_MAGNITUDES: Final = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}
_PARTS: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_DIGITS: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")


def may_be_number(token: str) -> bool:
    """Whether a number may start with ``token``; a quick look that spares most tokens the slow one."""
    return token[:1].isdecimal() or token in _STARTS


def read_number(tokens: Sequence[str], at: int) -> Quantity | None:
    """The number that starts at token ``at``, without unit or comparator; None where none does."""
    return _rank(tokens, at) or _digits(tokens, at) or _english(tokens, at) or _chinese(tokens, at)


_PLACES: Final = frozenset({"top", "前"})
_ORDINALS: Final = {
    word: place for place, word in enumerate("second third fourth fifth sixth seventh eighth ninth tenth".split(), 2)
}
_ORDINAL_ENDINGS: Final = frozenset({"nd", "rd", "th"})


def _rank(tokens: Sequence[str], at: int) -> Quantity | None:
    """``top three``, ``前五``, ``first three`` (within), ``number one``, ``第一名`` (exactly that place)."""
    skip = 2 if list(tokens[at + 1 : at + 2]) == ["-"] else 1
    if tokens[at] in _PLACES or (tokens[at] == "first" and "".join(tokens[at + 1 : at + 2]) in _SMALL):
        place = _place(tokens, at + skip)
        return place and replace(place, unit="rank", comparator="le", start=at)
    if tokens[at] in {"number", "no"}:
        place = _place(tokens, at + 1)
        return place and replace(place, unit="rank", comparator="eq", start=at) if place and place.number < 4 else None
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
    number = _SMALL.get(word) or (int(word) if word.isdecimal() and len(word) <= 3 else None)
    if number is None and word in "一二三四五六七八九十" and len(word) == 1:
        number = "零一二三四五六七八九十".index(word)
    return Quantity(Fraction(number), start=at, end=at + 1) if number and number <= 100 else None


def _digits(tokens: Sequence[str], at: int) -> Quantity | None:
    if not _DIGITS.fullmatch(tokens[at]):
        return None
    plain = tokens[at].replace(",", "")
    number, step = Fraction(plain), _step(plain)
    end = at + 1
    if _is_fraction(tokens, at):
        return Quantity(number / Fraction(tokens[at + 2]), "fraction", step=Fraction(0), start=at, end=at + 3)
    while end < len(tokens) and (scale := _scale(tokens, end)):
        number, step, end = number * scale, step * scale, end + 1
    if end < len(tokens) and tokens[end] in _PARTS and tokens[end] != "half" and plain == "1":
        return Quantity(Fraction(1, _PARTS[tokens[end]]), "fraction", step=Fraction(0), start=at, end=end + 1)
    return Quantity(number, step=step, start=at, end=end)


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
    return _MAGNITUDES.get(tokens[at], 0) or _CHINESE_MAGNITUDES.get(tokens[at], 0)


def _english(tokens: Sequence[str], at: int) -> Quantity | None:
    """``twenty four``, ``two hundred and forty million``, ``a third``, ``half a billion``, ``one in three``."""
    part = _english_part(tokens, at)
    if part:
        return part
    total, current, end, seen = 0, 0, at, False
    last = 1
    while end < len(tokens):
        word = tokens[end]
        if word in _SMALL:
            current, last, seen = current + _SMALL[word], 1, True
        elif (
            word in _MAGNITUDES
            and len(word) > 2
            and (seen or (word != "hundred" and _follows_article(tokens, end, at)))
        ):
            current, last, seen = max(current, 1) * _MAGNITUDES[word], _MAGNITUDES[word], True
            if word != "hundred":
                total, current = total + current, 0
        elif not (word in {"and", "-", "a"} and _continues(tokens, end, seen=seen)):
            break
        end += 1
    if not seen or (end - at == 1 and tokens[at] in {"one", "zero"}):
        return None
    return Quantity(Fraction(total + current), step=Fraction(last), start=at, end=end)


def _follows_article(tokens: Sequence[str], position: int, at: int) -> bool:
    return position == at + 1 and tokens[at] == "a"


def _continues(tokens: Sequence[str], position: int, *, seen: bool) -> bool:
    following = tokens[position + 1] if position + 1 < len(tokens) else ""
    if tokens[position] == "a":
        return not seen and following in _MAGNITUDES and len(following) > 2
    previous = tokens[position - 1] if position else ""
    if tokens[position] == "and":
        return seen and previous in {"hundred", "thousand", "million"} and following in _SMALL
    return seen and _SMALL.get(previous, 0) >= 20 and 0 < _SMALL.get(following, 0) < 10


def _english_part(tokens: Sequence[str], at: int) -> Quantity | None:
    window = list(tokens[at : at + 4])
    if window[:1] == ["half"] and window[1:2] == ["a"] and len(window) > 2 and window[2] in _MAGNITUDES:
        scale = _MAGNITUDES[window[2]]
        return Quantity(Fraction(scale, 2), step=Fraction(scale, 10), start=at, end=at + 3)
    skip = 2 if window[1:2] == ["-"] else 1
    if (
        window
        and window[0] in {"one", "a"}
        and len(window) > skip
        and window[skip] in _PARTS
        and window[skip] != "half"
    ):
        return Quantity(Fraction(1, _PARTS[window[skip]]), "fraction", step=Fraction(0), start=at, end=at + skip + 1)
    if window[:1] == ["two"] and len(window) > skip and window[skip] == "thirds":
        return Quantity(Fraction(2, 3), "fraction", step=Fraction(0), start=at, end=at + skip + 1)
    if window[:2] in (["one", "in"], ["1", "in"]) and len(window) > 2:
        below = _SMALL.get(window[2]) or (int(window[2]) if window[2].isdecimal() else 0)
        if below > 1:
            return Quantity(Fraction(1, below), "fraction", step=Fraction(0), start=at, end=at + 3)
    if window[:1] == ["half"]:
        return Quantity(Fraction(1, 2), "fraction", step=Fraction(0), start=at, end=at + 1)
    return None


def _chinese(tokens: Sequence[str], at: int) -> Quantity | None:
    """``七十四``, ``二百四十亿``, ``三分之一``, ``百分之三十``, ``一半``; a single 一 is no number."""
    end = at
    while end < len(tokens) and tokens[end] in _CHINESE_DIGITS:
        end += 1
    if end == at:
        return _chinese_half(tokens, at)
    run = "".join(tokens[at:end])
    if run == "一" and tokens[end : end + 1] == ["半"]:
        return Quantity(Fraction(1, 2), "fraction", step=Fraction(0), start=at, end=end + 1)
    following = list(tokens[end : end + 2])
    if following == ["分", "之"]:
        return _chinese_part(tokens, at, end)
    if following[:1] == ["点"] and end + 1 < len(tokens) and tokens[end + 1] in _CHINESE_DIGITS:
        stop = end + 1
        while stop < len(tokens) and tokens[stop] in _CHINESE_DIGITS:
            stop += 1
        run, end = "".join(tokens[at:stop]), stop
    if run in {"一", "万", "千", "百", "亿", "零", "千万"} and not _reached(tokens, at, run):
        return None
    number = _chinese_number(run, at, end)
    if number and run[-1] in "十百千" and "".join(tokens[end : end + 1]) == "几":
        return replace(and_some(number), end=end + 1)  # 二十几: more than twenty, fewer than thirty
    return number


def _reached(tokens: Sequence[str], at: int, run: str) -> bool:
    """破百, 过千: a bare magnitude is a number only as the mark that something has passed."""
    return run in {"百", "千", "万", "亿"} and at > 0 and tokens[at - 1] in {"破", "过", "超", "逾", "近", "满"}


def _chinese_half(tokens: Sequence[str], at: int) -> Quantity | None:
    if tokens[at] == "半" and tokens[at + 1 : at + 2] != ["年"]:
        return Quantity(Fraction(1, 2), "fraction", step=Fraction(0), start=at, end=at + 1)
    return None


def _chinese_part(tokens: Sequence[str], at: int, end: int) -> Quantity | None:
    below = read_number_text("".join(tokens[at:end]))
    above = _digits(tokens, end + 2) if end + 2 < len(tokens) else None
    stop = above.end if above else end + 2
    if above is None:
        while stop < len(tokens) and (tokens[stop] in _CHINESE_DIGITS or tokens[stop] == "点"):
            stop += 1
    value = above.number if above else read_number_text("".join(tokens[end + 2 : stop]))
    if not below or value is None:
        return None
    if "".join(tokens[at:end]) == "百":
        return Quantity(value, "percent", step=Fraction(1), start=at, end=stop)
    return Quantity(value / below, "fraction", step=Fraction(0), start=at, end=stop)


def _chinese_number(run: str, at: int, end: int) -> Quantity | None:
    digits = run.rstrip("百千万亿")
    scale = 1
    for character in run[len(digits) :]:
        scale *= _CHINESE_MAGNITUDES[character]
    if "点" not in digits:
        number = read_number_text(run)
        return None if number is None else Quantity(number, step=Fraction(scale), start=at, end=end)
    # cn2an reads no decimal before a magnitude, as in 七点三亿.
    number = read_number_text(digits)
    step = Fraction(scale, 10 ** len(digits.split("点")[1]))
    return None if number is None else Quantity(number * scale, step=step, start=at, end=end)


def read_number_text(text: str) -> Fraction | None:
    """A Chinese numeral's value; None where it is none. ``点`` is the decimal point."""
    if text == "百":
        return Fraction(100)
    if len(text) == 1 and text in "零一二三四五六七八九十":
        return Fraction("零一二三四五六七八九十".index(text))
    if text[:1] in set("百千万亿"):
        text = "一" + text
    # Loaded here: cn2an takes 0.2 s to import, and only Chinese numerals need it.
    import cn2an

    try:
        return Fraction(str(cn2an.cn2an(text.replace("廿", "二十").replace("卅", "三十"), "smart")))
    except (ValueError, KeyError, IndexError, ZeroDivisionError):
        return None


_STARTS: Final = (
    frozenset(_SMALL)
    | frozenset(_MAGNITUDES)
    | frozenset(_ORDINALS)
    | frozenset(_CHINESE_DIGITS)
    | _PLACES
    | frozenset({"a", "half", "first", "number", "no", "第", "半"})
)
"""Every word that a number may start with."""
