"""The clauses of a message that ask nothing: what people say of themselves before, between and after a question.

"My boss wants this by Friday: how many QDLP pilots?" asks as much as "how many QDLP pilots?". Such a clause is read as
harmless. One that names a place, a year, a figure or a thing of the article bounds the question, and is kept.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from knowledge.lexicon import ASIDE, HARMLESS, ORDINARY, group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.reading import Span

ENDS: Final = frozenset({",", ":", ";", "-"})
OPENERS: Final = frozenset({"because", "cause", "cos", "cuz", "coz", "因为", "毕竟"})
"""Words that begin a clause without a comma before it."""
RESTRICTING: Final = frozenset({"names", "period", "attr", "dir", "ask", "unit", "except"})
"""Groups whose words change what is asked, whatever else the word may mean."""
BOUNDING: Final = frozenset({"in", "at", "for", "among", "within", "of", "about", "under", "by", "from", "as", "if"})
"""Words that open a clause which may bound the question."""
REGARDING: Final = (
    "having regard", "with regard", "with respect", "as regards", "as for", "as to", "regarding", "concerning",
    "speaking of", "when it comes to", "in terms of", "in the matter of", "on the subject of", "on the topic of",
)  # fmt: skip
"""How a clause opens that says what is asked about, whatever else it holds."""
NOT: Final = frozenset({"not", "and not", "不是", "而不是", "而非", "并非", "唔系"})
MOST_SET_RIGHT: Final = 6
"""Fewer pieces than that may set right what was asked: ", not per cent,"."""
UNWANTED: Final = "frame.unwanted"
INTRODUCING: Final = "frame.introduction"
FRAMES: Final = ("frame.self", ASIDE, "aside.clock")
"""What a clause about the asker holds: who wants it, what for, until when."""


def without_asides(spans: Sequence[Span], about: frozenset[str]) -> list[Span]:
    """The spans, those of clauses that only speak of the asker, and of reports, read as harmless."""
    clauses = _clauses(spans)
    if len(clauses) == 1:
        return _without_report(clauses[0], about)
    clauses = [_without_unwanted(clause, clauses) for clause in clauses]
    asides = [_is_aside(clause, about, later=bool(position)) for position, clause in enumerate(clauses)]
    if all(asides):
        asides = [False] * len(clauses)
    read: list[Span] = []
    for clause, aside in zip(clauses, asides, strict=True):
        if aside:
            read += _freed(clause)
        elif _introduces(clause):
            read += _without_person(clause, about)
        else:
            read += _without_report(clause, about)
    return read


def _introduces(clause: Sequence[Span]) -> bool:
    """Whether someone says who they are, and asks nothing in the same breath: "I work at the commerce bureau"."""
    opening = next((span for span in clause if span.text not in ENDS), clause[0])
    lasting = _lasting(clause)
    counts = any(span.quantity is not None and index not in lasting for index, span in enumerate(clause))
    return INTRODUCING in opening.senses and not counts and not _asks(clause)


def _lasting(clause: Sequence[Span]) -> set[int]:
    """Where the clause says how long something has been so: "I have been a banker for *thirty years*"."""
    found: set[int] = set()
    for index, (span, unit) in enumerate(pairwise(clause)):
        if span.quantity is not None and any(group(sense) == "period" for sense in unit.senses):
            found |= {index, index + 1}
    return found


def _without_person(clause: Sequence[Span], about: frozenset[str]) -> list[Span]:
    """The clause, who the asker is read as harmless, whatever the words; what bounds the question is left."""
    lasting = _lasting(clause)
    return [
        span
        if index not in lasting and _restricts(clause, index, about) and ORDINARY not in span.senses
        else replace(span, senses=(HARMLESS,), quantity=None)
        for index, span in enumerate(clause)
    ]


def _without_unwanted(clause: list[Span], clauses: Sequence[Sequence[Span]]) -> list[Span]:
    """The clause, what it says is not wanted read as harmless where another one asks: "not QFLP; how many QDLP …"."""
    at = next((index for index, span in enumerate(clause) if UNWANTED in span.senses), None)
    if at is None and clause[0].text in ENDS and len(clause) < MOST_SET_RIGHT and clause[1:2] and clause[1].text in NOT:
        at = 1  # "how many points, not per cent, …"
    if at is None:
        return clause
    if any(_asks(other) for other in clauses if other is not clause):
        return [*clause[:at], *_freed(clause[at:])]
    # "I don't want the count, I want the money": what is asked for is not understood.
    return [*clause[:at], replace(clause[at], senses=()), *clause[at + 1 :]] if _asks(clause[at:]) else clause


def _asks(clause: Sequence[Span]) -> bool:
    return any(group(sense) == "ask" for span in clause for sense in span.senses)


def _clauses(spans: Sequence[Span]) -> list[list[Span]]:
    """The spans cut before what separates clauses; the separator opens the clause behind it."""
    clauses: list[list[Span]] = [[]]
    for span in spans:
        if clauses[-1] and (span.text in ENDS or span.text in OPENERS):
            clauses.append([])
        clauses[-1].append(span)
    return clauses


def _freed(spans: Iterable[Span]) -> list[Span]:
    return [replace(span, senses=(HARMLESS,), quantity=None) for span in spans]


def _is_aside(clause: Sequence[Span], about: frozenset[str], *, later: bool) -> bool:
    """Whether a clause asks nothing and bounds nothing."""
    said = [span for span in clause if span.text not in ENDS and span.text not in OPENERS]
    framed = any(sense in FRAMES for span in said for sense in span.senses)
    speaking = any("frame.speaker" in span.senses for span in said)
    # "A meeting" may be the summit, but not where somebody speaks of "my meeting".
    plain = {ORDINARY} if framed or speaking else set()
    if any(_restricts(clause, index, about) and plain.isdisjoint(span.senses) for index, span in enumerate(clause)):
        return False
    checks = any(sense.startswith("polar.") and HARMLESS not in span.senses for span in said for sense in span.senses)
    if " ".join(span.text for span in said).startswith(REGARDING):
        return False
    if framed:
        # "For a slide in Zorbia": what nobody knows may be a place, and then it bounds.
        behind = (said[at + 1 : at + 3] for at, span in enumerate(said) if "prep.in" in span.senses)
        placed = any(span.unknown for following in behind for span in following)
        return not (checks or placed or any(span.unknown and not span.text.isascii() for span in said))
    if checks or _bounds(said):
        return False
    # "Pretend to be a pirate. How many …": a sentence of its own that says nothing of the article.
    return speaking or (later and clause[0].text != "," and _says_something(said))


def _says_something(said: Sequence[Span]) -> bool:
    return any(ORDINARY in span.senses for span in said)


def _bounds(said: Sequence[Span]) -> bool:
    """Whether a clause may still say of what it is asked: "in my country", "I mean Nagoya"."""
    opening = said[0].text.split(" ", 1)[0] if said else ""
    return opening in BOUNDING or any(span.unknown or "frame.bounds" in span.senses for span in said)


def _restricts(clause: Sequence[Span], index: int, about: frozenset[str]) -> bool:
    """Whether a span names something, or bounds what is asked; "in ten minutes" is the asker's time."""
    span = clause[index]
    if span.text in OPENERS:
        return False
    if span.quantity is not None:
        following = clause[index + 1] if index + 1 < len(clause) else None
        return following is None or "aside.clock" not in following.senses
    if any(sense.startswith(("frame.", "asker.", "aside.")) for sense in span.senses):
        return False
    named = any(not group(sense) and sense not in about for sense in span.senses)
    return named or any(group(sense) in RESTRICTING for sense in span.senses)


def _without_report(clause: Sequence[Span], about: frozenset[str]) -> list[Span]:
    """The clause, who reports it read as harmless: "somebody at lunch claimed that", 朋友圈有人说."""
    if not any("aside.report" in span.senses for span in clause):
        return list(clause)
    acquainted = False
    for index, span in enumerate(clause):
        if "aside.report" in span.senses:
            return [*_freed(clause[:index]), replace(span, senses=(HARMLESS,)), *clause[index + 1 :]]
        acquainted = acquainted or any(sense in FRAMES for sense in span.senses)
        # Whom the asker knows may be of anywhere ("my friend at Reuters says"); "Zorbia says" may be part of a claim.
        foreign = span.unknown or any(group(sense) == "names" for sense in span.senses)
        if (foreign and not acquainted) or (not foreign and _restricts(clause, index, about)):
            break
    return list(clause)
