"""Dates and times of day that a question puts forward, and whether they are the article's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from knowledge.numerals_zh import read_number_text

if TYPE_CHECKING:
    from datetime import datetime

MONTHS: Final = "january february march april may june july august september october november december".split()
WEEKDAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH: Final = "(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ZH: Final = "[0-9一二三四五六七八九十]{1,3}"
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[-/年]\s?(?P<month>\d{1,2})\s?[-/月]\s?(?P<day>\d{1,2})(?:日|号)?",
        r"\b(?P<first>\d{1,2})\s?[-/]\s?(?P<second>\d{1,2})\s?[-/]\s?(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<first>\d{1,2})\s?[-/]\s?(?P<second>\d{1,2})\s?[-/]\s?(?P<short>2\d)\b",
        rf"(?<!\d)(?P<short>2\d)年(?={_ZH}月)",
        rf"\b(?P<day>\d{{1,2}})\s?(?:st|nd|rd|th)? (?:of )?{_MONTH}\b",
        rf"\b{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?:\s?(?:st|nd|rd|th))?\b(?!:)",
        rf"\b{_MONTH}\b",
        r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?!\d)\s?(?P<half>am\b|pm\b)?",
        r"(?<!\d)(?P<hour>\d{1,2})\s?(?P<half>am|pm|oclock)\b",
        rf"(?P<hour>{_ZH})点(?P<minute>{_ZH})?分?",
        rf"(?P<month>{_ZH})月份?",
        rf"(?P<day>{_ZH})[日号]",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)年?",
        r"\bthe (?P<day>\d{1,2})\s?(?:st|nd|rd|th)\b",
        rf"\b(?P<weekday>{'|'.join(WEEKDAYS)})\b",
        r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])",
        r"(?P<third>上旬|中旬|下旬)",
        r"\b(?P<third>early|mid|late)\b(?: in| of)?",
    )
)  # fmt: skip
"""The ways in which people write dates and times, those that say most first."""
_PARTS_OF_DAY: Final = (
    (re.compile("early morning|small hours|before dawn|凌晨|清晨|大清早|一大早|清早"), range(9)),
    (re.compile("morning|早上|早晨|上午|早間|早间"), range(12)),
    (re.compile("noon|midday|中午|正午"), range(11, 14)),
    (re.compile("afternoon|下午|午后"), range(12, 19)),
    (re.compile("evening|傍晚|晚间"), range(17, 24)),
    (re.compile("at night|midnight|晚上|夜里|夜间|深夜|半夜"), (*range(18, 24), *range(5))),
)
"""What people call the hours of a day."""
_SIDES: Final = {
    "before": re.compile(r"\b(?:before|earlier than|prior to|ahead of)\b|之前|以前|早于"),
    "after": re.compile(r"\b(?:after|later than)\b|之后|以后|晚于"),
}
"""Words that put the article on one side of a date."""
_THIRDS: Final = {"上旬": 0, "early": 0, "中旬": 1, "mid": 1, "下旬": 2, "late": 2}
_DENIED: Final = re.compile(r"(?:\bnot|而不是|不是|而非)\s?(?:in|on|from)?\s?$")
"""Before a date that it was not: "in January, not February"."""
ORDER: Final = ("year", "month", "day", "hour", "minute")
_ORDERED: Final = frozenset(ORDER)
_LEFT_OVER: Final = re.compile(
    r"[0-9]|\b(?:this|last|next) (?:morning|afternoon|evening|night|week|month|year)\b"
    r"|\b(?:today|tonight|yesterday)\b|今|昨"
)
"""Numbers, and days that depend on when it is asked."""
_WORDS: Final = frozenset("月 月份 日 号 点 分 年 时 一 : / - am pm the of on at".split())
"""What else a date is written with."""


@dataclass(slots=True)
class Dated:
    """What was said of a date: fields of a ``datetime`` with their values, ``weekday`` from 0 for Monday."""

    parts: list[tuple[str, int]] = field(default_factory=list)
    either: list[frozenset[int]] = field(default_factory=list)
    """Day and month in an order that nobody knows: ``1/14/2026``."""
    hours: list[frozenset[int]] = field(default_factory=list)
    """Of the parts of the day: "in the evening"."""
    sides: set[str] = field(default_factory=set)
    """``before``, ``after``: on which side of the date the article is put."""
    thirds: list[int] = field(default_factory=list)
    """Of the month: early, mid, late."""
    denied: list[tuple[str, int]] = field(default_factory=list)
    """Parts that it is said not to have."""
    rest: str = ""
    """The text without them."""

    @property
    def whole(self) -> bool:
        """Whether something was said that can be held against a moment, and no number is left over."""
        names = {name for name, _ in self.parts}
        if self.sides:  # "before Friday" and "before noon" have no day
            said = names <= _ORDERED and not (
                self.either or self.hours or self.thirds or self.denied or len(self.sides) > 1
            )
        else:
            said = not self.thirds or "month" in names  # early 2026 is no third of a month
        return said and bool(names or self.either or self.hours) and not _LEFT_OVER.search(self.rest)

    def fits(self, at: datetime) -> bool:
        """Whether all of it is true of a moment."""
        values = {name: getattr(at, name) for name in ORDER}
        values["weekday"] = at.weekday()
        if self.sides:
            return self._is_on_its_side(values)
        known = all(values[name] == value for name, value in self.parts)
        pairs = all(pair == {at.day, at.month} for pair in self.either)
        thirds = all(third == min((at.day - 1) // 10, 2) for third in self.thirds)
        denied = any(values[name] == value for name, value in self.denied)
        return known and pairs and thirds and not denied and all(at.hour in hours for hours in self.hours)

    def _is_on_its_side(self, values: dict[str, int]) -> bool:
        """Whether a moment is before, or after, all that was said: "before February 2026"."""
        said = dict(self.parts)
        names = [name for name in ORDER if name in said]
        moment, mark = [values[name] for name in names], [said[name] for name in names]
        return moment < mark if "before" in self.sides else moment > mark


def dated(normalised: str) -> Dated:
    """The dates and times in a normalised question."""
    found = Dated(rest=normalised)
    for pattern in _PATTERNS:
        while match := pattern.search(found.rest):
            before = found.rest[: match.start()]
            _add(found, match.groupdict(), denied=bool(_DENIED.search(before)))
            found.rest = found.rest[: match.start()] + " " + found.rest[match.end() :]
    part = next((hours for pattern, hours in _PARTS_OF_DAY if pattern.search(found.rest)), None)
    if part is not None:
        found.hours.append(frozenset(part))
    found.sides = {side for side, pattern in _SIDES.items() if pattern.search(found.rest)}
    return found


def is_date_word(text: str) -> bool:
    """Whether a piece of a question only helps to write a date."""
    return all(word in _WORDS for word in text.split())


def _add(found: Dated, said: dict[str, str | None], *, denied: bool) -> None:
    """Take over the parts of one match."""
    parts = found.denied if denied else found.parts
    if said.get("first"):
        found.either.append(frozenset({int(said["first"] or 0), int(said["second"] or 0)}))
    if said.get("third"):
        found.thirds.append(_THIRDS[said["third"] or ""])
    if said.get("short"):
        parts.append(("year", 2000 + int(said["short"] or 0)))
    if said.get("name"):
        parts.append(("month", [month[:3] for month in MONTHS].index(said["name"] or "") + 1))
    for name in ("year", "month", "day", "minute"):
        if said.get(name):
            parts.append((name, _value(said[name] or "")))
    if said.get("hour"):
        parts.append(("hour", _value(said["hour"] or "") + 12 * (said.get("half") == "pm")))
    if said.get("weekday"):
        weekday = said["weekday"] or ""
        parts.append(("weekday", WEEKDAYS.index(weekday) if weekday in WEEKDAYS else "一二三四五六日天".index(weekday)))


def _value(written: str) -> int:
    """A number in digits or Chinese."""
    return int(written) if written.isdecimal() else int(read_number_text(written) or 0)
