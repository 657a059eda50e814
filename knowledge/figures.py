"""The figures of a question: each number with the unit and the comparator that stand beside it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

from knowledge.digits import MAGNITUDES
from knowledge.lexicon import HARMLESS
from knowledge.quantities import Quantity, and_some, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.quantities import Comparator, Unit
    from knowledge.reading import Span

REACH: Final = 2
"""How many harmless words may stand between a number and its comparator or unit."""
REACHING: Final = frozenset(
    (
        "reach reached hit hits get_to got_to come_to came_to make made touch touched "
        "到 做到 达到 够 达 做够 凑够 凑齐 有"
    ).split()
)
"""Verbs of getting to a figure: one that is *not* reached is more than what there is."""
TENTHS: Final = "成"
OUTSIDE: Final = frozenset({"outside", "beyond", "out of", "outside of"})
"""Before "the national top five": further down."""
RANKING: Final = (" top", "前")
THOUSAND: Final = 1000
_TO: Final = frozenset({"and", "to", "-", "至", "到", "和", "与"})
_YEARS: Final = (1900, 2100)


def figures(spans: Sequence[Span]) -> tuple[list[Quantity], set[int]]:
    """The numbers among ``spans``, in order, and the indexes of the spans that belong to one."""
    quantities: list[Quantity] = []
    used: set[int] = set()
    for index, span in enumerate(spans):
        if span.quantity is None:
            continue
        quantity = replace(span.quantity, text=span.text)
        quantity = _rank_before(spans, index, quantity, used)
        quantity = _unit_before(spans, index, quantity, used)
        quantity, end = _unit_after(spans, index, quantity, used)
        quantity = _comparator(spans, index, end, quantity, used)
        quantity = _as_year(spans, index, quantity)
        if quantities and _closes_range(spans, quantities[-1], quantity):
            quantity = _range(quantities.pop(), quantity)
        elif quantities and _is_added(spans, quantities[-1], quantity):
            before = quantities.pop()
            total = before.number + quantity.number
            quantity = replace(
                quantity, number=total, comparator="", start=before.start, text=f"{before.text} + {quantity.text}"
            )
        quantities.append(quantity)
    return _alike(quantities), used


def _alike(quantities: list[Quantity]) -> list[Quantity]:
    """The numbers, one that is said again taken in the unit that it had: "1.3 points lower - is 1.3 right?"."""
    units = {quantity.number: quantity.unit for quantity in quantities if quantity.unit}
    return [each if each.unit else replace(each, unit=units.get(each.number, "")) for each in quantities]


def _is_added(spans: Sequence[Span], first: Quantity, second: Quantity) -> bool:
    """Whether two counts are written as a sum: ``12+1``."""
    inside = [span.text for span in spans if first.end <= span.start and span.end <= second.start]
    return inside == ["+"] and all(not each.unit and each.number.denominator == 1 for each in (first, second))


def _closes_range(spans: Sequence[Span], lower: Quantity, upper: Quantity) -> bool:
    """Whether two numbers are the ends of one range: ``between 700 and 750 million``, 7亿到8亿之间."""
    before = [span for span in spans if span.end <= lower.start]
    inside = [span for span in spans if lower.end <= span.start and span.end <= upper.start]
    behind = next((span for span in spans if span.start >= upper.end and not _sense_of(span, "unit.")), None)
    opened = any("cmp.between" in span.senses for span in before[-2:])
    closed = behind is not None and behind.text.startswith("之间")
    joined = [span for span in inside if not _sense_of(span, "unit.")]
    return (opened or closed) and len(joined) == 1 and joined[0].text in _TO


def _range(lower: Quantity, upper: Quantity) -> Quantity:
    """One quantity of both ends; the lower one shares the other's magnitude and unit."""
    low = lower.number
    if low * THOUSAND <= upper.number:
        low = max((low * scale for scale in MAGNITUDES.values() if low * scale <= upper.number), default=low)
    return replace(
        upper,
        number=low,
        upper=upper.number,
        comparator="between",
        start=lower.start,
        text=f"{lower.text} - {upper.text}",
    )


def without_denied(spans: Sequence[Span]) -> list[Span]:
    """The spans, a figure that is put only to be denied read as harmless: "not five but four", 是5家不是6家."""
    numbers = [index for index, span in enumerate(spans) if span.quantity is not None]
    denied = {index: before for index in numbers if (before := _denial(spans, index)) is not None}
    if any(quantity.unit == "rank" for index in denied if (quantity := spans[index].quantity) is not None):
        return list(spans)  # "among the first ten, but not the first three" claims both
    if not denied or len(denied) == len(numbers):
        return list(spans)
    harmless = {*denied, *denied.values()}
    return [
        replace(span, senses=(HARMLESS,), quantity=None) if index in harmless else span
        for index, span in enumerate(spans)
    ]


def _denial(spans: Sequence[Span], index: int) -> int | None:
    """Where the negation stands that denies the number at ``index``; None where nothing does."""
    for position in range(index - 1, max(-1, index - 2 - REACH), -1):
        senses = spans[position].senses
        if "polar.not" in senses:
            return position
        if HARMLESS not in senses or spans[position].text.replace(" ", "_") in REACHING:
            return None
    return None


def _rank_before(spans: Sequence[Span], index: int, quantity: Quantity, used: set[int]) -> Quantity:
    """A phrase that ends where a rank begins: ``among the top`` five."""
    before = spans[index - 1] if index else None
    if before and not quantity.unit and "ask.rank" in before.senses and before.text.endswith(RANKING):
        used.add(index - 1)
        quantity = replace(quantity, unit="rank", comparator="le")
    if quantity.unit == "rank" and quantity.comparator == "le":
        out = next((place for place in range(index - 1, max(-1, index - 5), -1) if spans[place].text in OUTSIDE), None)
        if out is not None:
            used.add(out)
            return replace(quantity, comparator="gt")
    return quantity


def _unit_before(spans: Sequence[Span], index: int, quantity: Quantity, used: set[int]) -> Quantity:
    if index and not quantity.unit and (unit := _sense_of(spans[index - 1], "unit.")):
        used.add(index - 1)
        return with_unit(quantity, _unit(unit), quantity.end)
    return quantity


def _unit_after(spans: Sequence[Span], index: int, quantity: Quantity, used: set[int]) -> tuple[Quantity, int]:
    """The unit behind a number, past a "+", 多, 余 or a measure word: ``20多亿美元``, ``30 percent``."""
    end = index
    for position in range(index + 1, min(index + 1 + REACH, len(spans))):
        span = spans[position]
        unit = _sense_of(span, "unit.")
        if unit:
            used.add(position)
            return with_unit(_tenths(quantity, span), _unit(unit), quantity.end), position
        if not _sense_of(span, "cmp.") and "joint.measure" not in span.senses and span.text not in {"-", "of"}:
            break
        if position == index + 1 and "joint.measure" in span.senses and _sense_of(span, "dir."):
            used.add(position)  # 12省 counts provinces; alone 省 is to save
    return quantity, end


def _tenths(quantity: Quantity, span: Span) -> Quantity:
    """三成 is three tenths, so thirty per cent."""
    if span.text != TENTHS:
        return quantity
    return replace(quantity, number=quantity.number * 10, step=quantity.step * 10)


def _unit(sense: str) -> Unit:
    return cast("Unit", sense.removeprefix("unit.").replace("currency-other", "currency"))


def _comparator(spans: Sequence[Span], index: int, end: int, quantity: Quantity, used: set[int]) -> Quantity:
    if quantity.comparator:
        return quantity
    places = [*range(index - 1, max(-1, index - 2 - REACH), -1), *range(index + 1, min(end + 1 + REACH, len(spans)))]
    stopped: set[int] = set()
    for position in places:
        side = -1 if position < index else 1
        if side in stopped or (position in used and not _sense_of(spans[position], "cmp.")):
            continue
        span = spans[position]
        sense = _sense_of(span, "cmp.")
        if side < 0 and not sense and _is_unreached(spans, position):
            used.update({position, position - 1})
            return replace(quantity, comparator="lt")
        if sense and (side < 0 or _may_follow(span)) and not (side < 0 and _only_follows(span)):
            used.add(position)
            comparator = _negated(spans, position, sense.removeprefix("cmp."), used)
            if comparator == "gt" and span.text in _AND_SOME:
                return and_some(quantity)
            return replace(quantity, comparator="eq" if comparator == "exactly" else comparator)  # type: ignore[arg-type]
        if side < 0 and _is_reached(spans, position):
            return replace(quantity, comparator="ge")
        if HARMLESS not in span.senses and "joint.measure" not in span.senses and not _sense_of(span, "unit."):
            stopped.add(side)
    return quantity


_GETTING_TO: Final = REACHING - {"有", "make", "made"}
"""Those as often say how much there is."""
_ASKS_WHETHER: Final = frozenset({"吗", "了吗", "没", "没有", "了没", "了没有", "未", "冇", "咗未", "了么", "么"})
_AND_SOME: Final = frozenset({"odd", "多", "余", "来", "有余", "几"})
_FOLLOWING: Final = frozenset(
    (
        "+ plus odd or_more or_above and_above and_up upwards or_less or_fewer or_below or_under or_so ish "
        "thereabouts give_or_take flat exactly sharp more_or_less at_least at_most "
        "以上 多 余 来 有余 几 以下 左右 上下 及以上 或以上 或更多 及以下 或以下 出头 开外 整 不到 之间"
    ).split()
)
_FOLLOWING_ONLY: Final = frozenset(
    "+ plus odd 以上 多 余 来 有余 几 以下 左右 上下 及以上 或以上 及以下 或以下 出头 开外".split()
)


def _is_unreached(spans: Sequence[Span], position: int) -> bool:
    """Whether a verb of reaching stands there with a negation before it: 还没做到, "has not hit"."""
    if spans[position].text.replace(" ", "_") not in REACHING or not position:
        return False
    return "polar.not" in spans[position - 1].senses


def _is_reached(spans: Sequence[Span], position: int) -> bool:
    """Whether it is asked if a figure was got to, "did it hit 20 billion", 到200亿了吗: what is past it has."""
    if spans[position].text.replace(" ", "_") not in _GETTING_TO:
        return False
    opened = any("polar.opener" in span.senses for span in spans[:position])
    if spans[position].text.isascii():
        return opened and not any("polar.check" in span.senses for span in spans[position:])
    return spans[-1].text in _ASKS_WHETHER and not any(span.text == "," for span in spans[position:])


def _may_follow(span: Span) -> bool:
    return span.text.replace(" ", "_") in _FOLLOWING


def _only_follows(span: Span) -> bool:
    return span.text in _FOLLOWING_ONLY


_OPPOSITE: Final[dict[str, Comparator]] = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}


def _negated(spans: Sequence[Span], position: int, comparator: str, used: set[int]) -> str:
    """``not more than`` is ``le``: a negation directly before a comparator belongs to it."""
    if position and set(spans[position - 1].senses) & {"polar.not"} and comparator in _OPPOSITE:
        used.add(position - 1)
        return _OPPOSITE[comparator]
    return comparator


def _sense_of(span: Span, prefix: str) -> str:
    return next((sense for sense in span.senses if sense.startswith(prefix)), "")


def _as_year(spans: Sequence[Span], index: int, quantity: Quantity) -> Quantity:
    following = spans[index + 1].text if index + 1 < len(spans) else ""
    plain = quantity.number.denominator == 1 and not quantity.unit and quantity.text.isdecimal()
    if plain and len(quantity.text) == 4 and _YEARS[0] <= quantity.number <= _YEARS[1]:
        return replace(quantity, unit="year", step=Fraction(1))
    if plain and len(quantity.text) == 2 and following == "年":
        return replace(quantity, number=quantity.number + 2000, unit="year", step=Fraction(1))
    return quantity
