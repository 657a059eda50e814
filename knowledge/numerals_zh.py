"""Chinese numerals: ``七十四``, ``二百四十亿``, ``三分之一``, ``百分之三十``, ``一半``."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from knowledge.digits import CHINESE_MAGNITUDES, read_digits
from knowledge.quantities import Quantity, and_some

if TYPE_CHECKING:
    from collections.abc import Sequence

CHINESE_DIGITS: Final = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅"

_SEVERAL: Final = frozenset({"几", "数"})
_PARTED: Final = frozenset("三四五六七八九")
_LEFT_OUT: Final = frozenset({"百", "千", "万", "亿"})
_MAGNITUDES: Final = frozenset({"万", "亿", "个", "多"})


def read_chinese(tokens: Sequence[str], at: int) -> Quantity | None:
    """``七十四``, ``二百四十亿``, ``三分之一``, ``百分之三十``, ``一半``, ``几十``; a single 一 is no number."""
    if tokens[at] in _SEVERAL:
        return _several(tokens, at)
    end = at
    while end < len(tokens) and tokens[end] in CHINESE_DIGITS:
        end += 1
    if end == at:
        return _chinese_half(tokens, at)
    run = "".join(tokens[at:end])
    following = list(tokens[end : end + 2])
    if following[:1] in (["半"], ["分"]) and (part := _part(tokens, at, end)) is not None:
        return part
    if following[:1] == ["点"] and end + 1 < len(tokens) and tokens[end + 1] in CHINESE_DIGITS:
        stop = end + 1
        while stop < len(tokens) and tokens[stop] in CHINESE_DIGITS:
            stop += 1
        run, end = "".join(tokens[at:stop]), stop
    if run in {"一", "万", "千", "百", "亿", "零", "千万"} and not _reached(tokens, at, run):
        return None
    number = _chinese_number(run, at, end)
    if number and run[-1] in "十百千" and "".join(tokens[end : end + 1]) == "几":
        return replace(and_some(number), end=end + 1)  # 二十几: more than twenty, fewer than thirty
    return number


def _several(tokens: Sequence[str], at: int) -> Quantity | None:
    """几十家, 数百家: some tens, some hundreds; but 几百亿 asks how many as often as it says so."""
    scale = {"十": 10, "百": 100, "千": 1000}.get("".join(tokens[at + 1 : at + 2]))
    if scale is None or "".join(tokens[at + 2 : at + 3]) in _MAGNITUDES:
        return None
    return Quantity(Fraction(2 * scale), "", "between", start=at, end=at + 2, upper=Fraction(10 * scale))


def _reached(tokens: Sequence[str], at: int, run: str) -> bool:
    """破百, 过千: a bare magnitude is a number only as the mark that something has passed."""
    return run in {"百", "千", "万", "亿"} and at > 0 and tokens[at - 1] in {"破", "过", "超", "逾", "近", "满"}


def _chinese_half(tokens: Sequence[str], at: int) -> Quantity | None:
    if tokens[at] == "半" and tokens[at + 1 : at + 2] != ["年"]:
        return Quantity(Fraction(1, 2), "fraction", step=Fraction(0), start=at, end=at + 1)
    return None


def _part(tokens: Sequence[str], at: int, end: int) -> Quantity | None:
    """一半, 三分之一, 百分之三十; and 三分一, as it is said in Cantonese."""
    whole, following = "".join(tokens[at:end]), "".join(tokens[end : end + 2])
    if whole == "一" and following[:1] == "半":
        return Quantity(Fraction(1, 2), "fraction", step=Fraction(0), start=at, end=end + 1)
    if following == "分之":
        return _chinese_part(tokens, whole, at, end + 2)
    if whole in _PARTED and following in {"分一", "分二"}:
        return _chinese_part(tokens, whole, at, end + 1)
    return None


def _chinese_part(tokens: Sequence[str], whole: str, at: int, counted: int) -> Quantity | None:
    """So many parts of a whole; ``counted`` is the token where they are said."""
    below = read_number_text(whole)
    above = read_digits(tokens, counted) if counted < len(tokens) else None
    stop = above.end if above else counted
    if above is None:
        while stop < len(tokens) and (tokens[stop] in CHINESE_DIGITS or tokens[stop] == "点"):
            stop += 1
    value = above.number if above else read_number_text("".join(tokens[counted:stop]))
    if not below or value is None:
        return None
    if whole == "百":
        return Quantity(value, "percent", step=Fraction(1), start=at, end=stop)
    return Quantity(value / below, "fraction", step=Fraction(0), start=at, end=stop)


def _chinese_number(run: str, at: int, end: int) -> Quantity | None:
    digits = run.rstrip("百千万亿")
    scale = 1
    for character in run[len(digits) :]:
        scale *= CHINESE_MAGNITUDES[character]
    if "点" not in digits:
        spoken = _spoken(run)
        if spoken is not None:
            return Quantity(spoken[0], step=spoken[1], start=at, end=end)
        number = read_number_text(run)
        return None if number is None else Quantity(number, step=Fraction(scale), start=at, end=end)
    # cn2an reads no decimal before a magnitude, as in 七点三亿.
    number = read_number_text(digits)
    step = Fraction(scale, 10 ** len(digits.split("点")[1]))
    return None if number is None else Quantity(number * scale, step=step, start=at, end=end)


def _spoken(run: str) -> tuple[Fraction, Fraction] | None:
    """A number whose last magnitude is left out, and what its last digit counts: 七亿三 is 7.3 亿, 两百四 is 240."""
    if len(run) < 3 or run[-2] not in _LEFT_OUT or run[-1] not in "一二三四五六七八九":
        return None
    counted = Fraction(CHINESE_MAGNITUDES[run[-2]], 10)
    before, last = read_number_text(run[:-1]), read_number_text(run[-1])
    return None if before is None or last is None else (before + last * counted, counted)


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
