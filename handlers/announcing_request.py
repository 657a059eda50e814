"""What follows /announce: when, and what. Whatever is wrong becomes one sentence that says what to write."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

WHEN = re.compile(r"at\s+(\S+)\s+(\S+)(?:\s+([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|UTC)(?=\s|$))?\s*", re.IGNORECASE)
WHAT = re.compile(r"(fact|topic|correct)\b\s*", re.IGNORECASE)
MAX_TEXT = 4096

Kind = Literal["copy", "text", "fact", "topic"]


class RequestError(Exception):
    """A request that cannot be carried out; `key` names the sentence that says what to write."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Request:
    """What to announce, and when."""

    kind: Kind
    words: str = ""
    """The text, or the name of the fact or topic."""
    send_at: datetime | None = None
    corrects: int | None = None
    """The announcement whose copies it replaces."""


def read(text: str, *, replies: bool, now: datetime, zone: str) -> Request:
    """Read the words after the command; `replies` tells whether it replies to a message, which is then announced."""
    send_at = None
    if re.match(r"at\b", text, re.IGNORECASE):
        found = WHEN.match(text)
        if found is None:
            raise RequestError("announce.when")
        send_at = _instant(found[1], found[2], found[3] or zone, now)
        text = text[found.end() :]
    what = WHAT.match(text)
    corrects = None
    if what is not None and what[1].lower() == "correct":
        number = re.match(r"#?(\d{1,18})\s*", text[what.end() :])
        if number is None or send_at is not None:
            raise RequestError("announce.usage.correct")
        corrects = int(number[1])
        text = text[what.end() + number.end() :]
        what = WHAT.match(text)
    return _content(text, what, replies=replies, send_at=send_at, corrects=corrects)


def _content(
    text: str, what: re.Match[str] | None, *, replies: bool, send_at: datetime | None, corrects: int | None
) -> Request:
    """Read what is to be announced."""
    if what is not None:
        kind: Kind = "fact" if what[1].lower() == "fact" else "topic"
        name = text[what.end() :].strip()
        if not name:
            raise RequestError(f"announce.usage.{kind}")
        return Request(kind, name, send_at, corrects)
    words = text.strip()
    if replies and not words:
        return Request("copy", "", send_at, corrects)
    if not words:
        raise RequestError("announce.usage")
    if len(words) > MAX_TEXT:
        raise RequestError("announce.long", most=MAX_TEXT, length=len(words))
    return Request("text", words, send_at, corrects)


def _instant(day: str, clock: str, zone: str, now: datetime) -> datetime:
    """Return the instant of a local time, which has to exist, once, and to be yet to come."""
    try:
        place = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise RequestError("announce.zone", zone=zone[:40]) from None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) or not re.fullmatch(r"\d{1,2}:\d{2}", clock):
        raise RequestError("announce.when")
    try:
        naive = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - its zone comes next
        early, late = (naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    except (ValueError, OverflowError):
        raise RequestError("announce.when") from None
    if early.astimezone(place).replace(tzinfo=None) != naive:
        raise RequestError("announce.skipped", time=f"{day} {clock}", zone=zone)
    if early != late:
        raise RequestError("announce.twice", time=f"{day} {clock}", zone=zone)
    if early <= now:
        raise RequestError("announce.past", now=f"{now.astimezone(place):%Y-%m-%d %H:%M}", zone=zone)
    return early
