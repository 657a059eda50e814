"""Follow-ups: what a question takes over from the one before, and which entries it can then not mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from knowledge.explaining import VALUE_NOUNS
from knowledge.lexicon import group
from knowledge.spans import names_a_thing
from knowledge.text import has_chinese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import Entry
    from knowledge.question import Question
    from knowledge.reading import Span


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a follow-up takes over from the question before."""

    senses: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    """Ids of the facts that it got."""
    refused: bool = False
    """Whether it was refused."""
    before: frozenset[str] = frozenset()
    """Ids of the facts that the question before that one got."""


NOTHING: Final = Inherited()
_THERE: Final = frozenset({"there", "out there", "那里", "那儿", "那边", "在那里", "在那儿", "嗰度", "当场", "现场"})
_EXISTS: Final = frozenset("be is are was were would will have has had been".split())
"""Verbs beside a "there" that stands for no place."""
_SUBJECTS: Final = frozenset({"did it", "does it", "has it", "did they", "do they", "have they"})
_IT_ZH: Final = ("它", "佢")
_PARTNER: Final = re.compile(r"\b(with|by|from|under|for) (it|them)\b|[跟和与同]它")
"""Where a pronoun takes part in what is asked: "who is MAS?" - "what was agreed *with it*?"."""
_PART: Final = re.compile(r"\b(of|among) (them|those|these)\b|其中|[里裡]面|[里裡]头|当中|入面|之中")
"""How a question points at a part of what was answered."""
_WHAT_ABOUT: Final = frozenset({"呢", "咧", "喃", "what about", "how about", "and what about", "and how about"})


def placed(question: Question, inherited: Inherited, venues: frozenset[str]) -> Question:
    """The question with the venue that "there" means: "what is the summit?" - "how many policies came out there?"."""
    venue = tuple(sorted(inherited.senses & venues))
    there = [index for index in range(len(question.spans)) if _is_there(question.spans, index)] if venue else []
    if not there:
        return question
    spans = tuple(
        replace(span, senses=(*span.senses, *venue)) if index in there else span
        for index, span in enumerate(question.spans)
    )
    return replace(question, spans=spans, places=(*question.places, *venue))


def _is_there(spans: Sequence[Span], index: int) -> bool:
    """Whether a "there" is a place; it is none in "would *there* be 15", nor in 非银行机构*那边*."""
    if spans[index].text not in _THERE:
        return False
    before, behind = spans[index - 1 : index], spans[index + 1 : index + 2]
    exists = any(span.text in _EXISTS for span in (*before, *behind))
    return not exists and not (has_chinese(spans[index].text) and any(names_a_thing(span) for span in before))


@dataclass(frozen=True, slots=True)
class Pointing:
    """How a follow-up points at what was spoken of before; each way rules entries out."""

    substitutes: bool
    topic: bool
    facts: bool
    party: bool
    measured: bool

    def rules_out(self, entry: Entry, inherited: Inherited) -> bool:
        """Whether the entry is something else than what it points at."""
        return (
            (self.substitutes and entry.number is None)
            or (self.topic and entry.topic not in inherited.topics)
            or (self.facts and entry.id not in inherited.facts)
            or (self.measured and entry.unit == "count")
            or (self.party and inherited.senses.isdisjoint(entry.explains))
        )


def pointing(
    question: Question, inherited: Inherited, places: frozenset[str] = frozenset(), *, bare: bool
) -> Pointing | None:
    """How the question points back; None where it does not. ``bare``: it names nothing of its own, not even a place."""
    if not inherited.topics:
        return None
    found = Pointing(
        measured=bare and "how much" in question.normalised,
        substitutes=_substitutes(question, inherited),
        topic="points.that" in question.senses
        or (question.asking and _acts(question))
        or _is_partitive(question)
        or _opens_with_it(question),
        facts=not bare and _ends_in_that(question),
        party=_PARTNER.search(question.normalised) is not None
        or _is_carried_over(question)
        or _is_elsewhere(question, places),
    )
    ways = (found.substitutes, found.topic, found.facts, found.party, found.measured)
    return found if any(ways) else None


def _substitutes(question: Question, inherited: Inherited) -> bool:
    """Whether it puts something else into a refused question for a number: "how many brokers?" - "and insurers?"."""
    return inherited.refused and _is_elliptical(question) and not inherited.asks.isdisjoint(VALUE_NOUNS)


def _ends_in_that(question: Question) -> bool:
    """Whether "that" is what was answered: "how many bonds was that?"."""
    said = [span for span in question.spans if span.text not in {"?", ";", "then"}]
    return len(said) > 1 and said[-1].text == "that" and "polar.opener" in said[-2].senses


def _is_partitive(question: Question) -> bool:
    """Whether it counts a part of what was answered: "how many *of them* are funds?", *里面*新加坡的有多少家."""
    return question.counting and _PART.search(question.normalised) is not None


def _acts(question: Question) -> bool:
    """Whether what was spoken of does something: "how many deals did *it* produce?"."""
    return any(span.text in _SUBJECTS for span in question.spans)


def _opens_with_it(question: Question) -> bool:
    """Whether what was spoken of is what it asks about: "the summit?" - *它*跟东盟有什么关系."""
    return bool(question.spans) and question.spans[0].text.startswith(_IT_ZH)


def _is_carried_over(question: Question) -> bool:
    """Whether it asks the same for something else: "and for the ASEAN branches?"."""
    opening = next((span for span in question.spans if "joint.and" not in span.senses), None)
    return opening is not None and "prep.for" in opening.senses and _is_elliptical(question)


def _is_elsewhere(question: Question, places: frozenset[str]) -> bool:
    """Whether it asks the same of another place: "the quota?" - "and Hainan?", "and what is the Hainan one?"."""
    named = frozenset(sense for span in question.spans for sense in span.senses if not group(sense))
    same = _is_elliptical(question) or any("one" in span.text.split() for span in question.spans)
    return same and bool(named) and named <= places


def _is_elliptical(question: Question) -> bool:
    """Whether it asks nothing of its own: "and insurers?", 保险呢."""
    asks = (span for span in question.spans if any(sense.startswith("ask.") for sense in span.senses))
    return not (question.polar or question.quantities) and all(span.text in _WHAT_ABOUT for span in asks)
