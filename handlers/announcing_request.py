"""What follows /announce: when, and what. Whatever is wrong becomes one sentence that says what to write."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, cast

WHEN = re.compile(r"(?:at|until)\s+(\S+)\s+(\S+)(?:\s+([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|UTC)(?=\s|$))?\s*", re.IGNORECASE)
# The two policies are written small: a sentence that begins with "Hold" is a sentence.
OPTION = re.compile(r"(?P<time>(?i:at|until)\b)|(?P<policy>hold|resend)(?:\s+|$)")
WHAT = re.compile(r"(fact|topic|correct)\b\s*", re.IGNORECASE)
MAX_TEXT = 4096

Kind = Literal["copy", "text", "fact", "topic"]


class RequestError(Exception):
    """A request that cannot be carried out; `key` names the sentence that says what to write."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


Policy = Literal["hold", "resend"]


@dataclass(frozen=True, slots=True)
class Options:
    """When to send it, until when, and what to do where nobody knows whether it arrived."""

    send_at: datetime | None = None
    expires_at: datetime | None = None
    on_uncertain: Policy = "hold"


@dataclass(frozen=True, slots=True)
class Request:
    """What to announce, and how."""

    kind: Kind
    words: str = ""
    """The text, or the name of the fact or topic."""
    options: Options = Options()
    corrects: int | None = None
    """The announcement whose copies it replaces."""


def read(text: str, *, replies: bool, now: datetime, zone: str) -> Request:
    """Read the words after the command; `replies` tells whether it replies to a message, which is then announced."""
    options, rest = read_options(text, now=now, zone=zone)
    what = WHAT.match(rest)
    corrects = None
    if what is not None and what[1].lower() == "correct":
        number = re.match(r"#?(\d{1,18})\s*", rest[what.end() :])
        if number is None or len(rest) < len(text):  # a correction is made at once, and has no options
            raise RequestError("announce.usage.correct")
        corrects = int(number[1])
        rest = rest[what.end() + number.end() :]
        what = WHAT.match(rest)
    if what is not None:
        kind: Kind = "fact" if what[1].lower() == "fact" else "topic"
        name = rest[what.end() :].strip()
        if not name:
            raise RequestError(f"announce.usage.{kind}")
        return Request(kind, name, options, corrects)
    if replies and not rest.strip():
        return Request("copy", "", options, corrects)
    return text_request(rest, options, corrects)


def text_request(text: str, options: Options, corrects: int | None = None) -> Request:
    """Announce words as they stand."""
    words = text.strip()
    if not words:
        raise RequestError("announce.usage")
    if len(words) > MAX_TEXT:
        raise RequestError("announce.long", most=MAX_TEXT, length=len(words))
    return Request("text", words, options, corrects)


def read_options(text: str, *, now: datetime, zone: str) -> tuple[Options, str]:
    """Read the options at the beginning, in any order, each once; returns them and what follows."""
    options, given = Options(), set()
    while (found := OPTION.match(text)) is not None:
        name = "policy" if found["policy"] else found["time"].lower()
        if name in given:
            raise RequestError("announce.repeated")
        given.add(name)
        if found["policy"]:
            options = replace(options, on_uncertain=cast("Policy", found["policy"]))
            text = text[found.end() :]
            continue
        when = WHEN.match(text)
        if when is None:
            raise RequestError("announce.when")
        instant = _instant(when[1], when[2], when[3] or zone, now)
        options = replace(options, send_at=instant) if name == "at" else replace(options, expires_at=instant)
        text = text[when.end() :]
    if options.send_at is not None and options.expires_at is not None and options.expires_at <= options.send_at:
        raise RequestError("announce.until.early")
    return options, text


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
