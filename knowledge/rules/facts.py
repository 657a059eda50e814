"""The main rule: the entries that explain the whole question answer it; a claim among them is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.base import GENERIC_ASKS
from knowledge.entry_figures import is_value
from knowledge.explaining import gives_sources, is_claim
from knowledge.lexicon import ARTICLE, HARMLESS
from knowledge.outcome import Suggestion, Suggestions
from knowledge.quantities import SHARES
from knowledge.rules.choices import attributed_elsewhere, chooses_context, one_of_two
from knowledge.rules.judging import affirms, as_stated, claim, yes_or_no
from knowledge.rules.talk import phrasing
from knowledge.spans import is_free

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import Entry
    from knowledge.matching import Match
    from knowledge.outcome import Outcome
    from knowledge.question import Question
    from knowledge.reading import Span
    from knowledge.turn import Turn

OPEN_TIE: Final = 0.4
"""The same, within a topic, for a question that asks for nothing in particular."""
TIE: Final = 0.25
"""Entries whose scores differ by less, as a part of the best one's, are equally meant."""
MOST_TOGETHER: Final = 4
STATES: Final = frozenset({"ask.state"})
"""Asking how something stands, which every fact of it tells."""
CONVERTED: Final = frozenset({"basis-point"})
"""Units that an article's figures are converted to."""
MOST_SUGGESTIONS: Final = 3


def facts(turn: Turn) -> Outcome | None:
    """The answer from one or several entries of a topic; suggestions where topics tie; None where nothing fits."""
    fitting = [match for match in turn.matches if match.fits]
    if not fitting:
        named = one_of_two(turn)
        return as_stated(turn, [named]) if named else attributed_elsewhere(turn)
    if _asks_what_belongs(turn) or chooses_context(turn, fitting[0].entry):
        return None
    question = turn.question
    fitting = [match for match in fitting if _is_unit_of(question, match.entry)] or fitting
    if _asks_for_place(turn):
        fitting = [match for match in fitting if match.entry.topic in turn.inherited.topics]
        if not fitting:
            return None
    derived = [match for match in fitting if match.entry.derived and not match.numbers]
    given = [match for match in derived if gives_sources(match.entry, question)]
    if given and question.asking:
        return as_stated(turn, given[:1])  # "if the five are a third, how many are there?"
    converted = [match for match in derived if _asks_in_its_unit(question, match.entry)]
    if converted and not question.polar:
        return as_stated(turn, converted[:1])  # "1.03 points in bps"
    if question.quantities and not question.asking and fitting[0].entry.derived:
        near = [match for match in fitting if match.score >= fitting[0].score * (1 - TIE)]
        fitting = [match for match in near if not match.entry.derived or match.entry.unit in CONVERTED] or fitting
    return _decided(turn, fitting)


def _decided(turn: Turn, fitting: list[Match]) -> Outcome | None:
    """Claim, answer or suggestions, from the entries that explain the whole question."""
    question = turn.question
    if fitting[0].numbers and all(match.numbers or match.score < fitting[0].score * (1 - TIE) for match in fitting):
        return claim(turn, [match for match in fitting if match.numbers])
    fitting = [match for match in fitting if not match.numbers]
    if question.polar and not question.asking and question.quantities:
        claimed = [match for match in fitting if any(is_value(match.entry, each) for each in question.quantities)]
        fitting = [match for match in claimed if match.entry.unit in CONVERTED] or claimed or fitting
    if is_claim(question) and not question.quantities:
        # "Have any new channels for raising money been opened?" is in one fact, though another has more of its words.
        fitting = [match for match in fitting if affirms(turn, [match.entry])] or fitting
    best = fitting[0]
    level = [match for match in fitting if match.score >= best.score * (1 - TIE) or _beside(turn, match, best)]
    if _asks_for_value(turn) and best.entry.numeric:
        level = [match for match in level if match.entry.numeric and match.score >= best.score * (1 - TIE / 5)]
    topics = dict.fromkeys(match.entry.topic for match in level)
    if (
        len(topics) > 1
        and level[1].score >= best.score * (1 - TIE / 5)
        and _first_other(level).score >= best.score * (1 - TIE / 5)
    ):
        return suggest(turn, level, "several topics fit equally")
    level = [match for match in level if match.entry.topic == best.entry.topic][:MOST_TOGETHER]
    level = _without_subsumed(level)
    if question.quantities:
        level.sort(key=lambda match: not match.entry.numeric)
    claims_figure = bool(question.quantities) and any(match.entry.numeric for match in level)
    if not question.asking and (question.polar or "polar.sole" in question.senses or claims_figure):
        return yes_or_no(turn, level)
    if question.negated:
        return suggest(turn, level, "a negation that no rule reads")
    return as_stated(turn, level)


def _is_unit_of(question: Question, entry: Entry) -> bool:
    """Whether the answer is wanted in a unit that only a conversion has: "the gap, in bps"."""
    return (
        entry.derived
        and entry.unit in CONVERTED
        and any(f"unit.{entry.unit}" in span.senses for span in question.spans_left())
    )


def _asks_in_its_unit(question: Question, entry: Entry) -> bool:
    """Whether a unit stands in the question beside no number: the one to convert to."""
    return bool(question.quantities) and any(f"unit.{entry.unit}" in span.senses for span in question.spans_left())


def _asks_what_belongs(turn: Turn) -> bool:
    """Whether it is like "do the 12 provinces include Chongqing?": nothing here can tell what is context."""
    question = turn.question
    if not question.polar or question.asking or any(each.unit in SHARES for each in question.quantities):
        return False  # "a third of the branches belong to ASEAN banks" says of what the share is
    if "polar.include" in question.senses and len({quantity.number for quantity in question.quantities}) > 1:
        return True  # "is the 7 billion part of the 24 billion?"
    if _makes_member(turn) or _includes_amount(turn):
        return True
    parties = turn.base.about - {ARTICLE}
    said = [span for span in question.spans if HARMLESS not in span.senses or len(span.senses) > 1]
    return any(
        "polar.include" in span.senses and any(set(each.senses) & parties for each in _beside_inclusion(said, index))
        for index, span in enumerate(said)
    )


def _includes_amount(turn: Turn) -> bool:
    """Whether one fact's figure is said to hold another's: "does the $24 billion include that for the provinces?"."""
    if "polar.include" not in turn.question.senses:
        return False
    fitting = [match.entry for match in turn.matches if match.fits]
    return any(
        is_value(whole, quantity) and whole.unit == "usd" and any(not is_value(part, quantity) for part in fitting)
        for quantity in turn.question.quantities
        for whole in turn.base.entries.values()
    )


def _asks_for_place(turn: Turn) -> bool:
    """Whether it only names a place, after a question for a value: "how many pilots?" - "and Hainan?"."""
    said = [senses - GENERIC_ASKS - {HARMLESS} for _, senses in turn.question.content]
    named = [senses for senses in said if senses]
    places = turn.base.places - turn.base.about
    return bool(turn.inherited.asks - GENERIC_ASKS) and len(named) == 1 and named[0] <= places


def _makes_member(turn: Turn) -> bool:
    """Whether it says of a place that it is one of what is counted: "is Hainan a western province?"."""
    content = [span for span, _ in turn.question.content]
    if len(content) != 2:
        return False
    place, kind = content
    between = [span for span in turn.question.spans if place.end <= span.start < kind.start]
    counted = {entry.counted for entry in turn.base.entries.values()} - {""}
    return (
        not (turn.base.places - turn.base.about).isdisjoint(place.senses)
        and not counted.isdisjoint(kind.senses)
        and bool(between)
        and not any({"joint.and", "prep.in", "prep.from"} & set(span.senses) for span in between)
    )


def _beside_inclusion(said: Sequence[Span], index: int) -> Sequence[Span]:
    """What may be said to belong: what stands beside the word, or opens the question that it closes (…之一吗)."""
    closes = all(is_free(each) for each in said[index + 1 :])
    return [*said[: 1 if closes else 0], *said[max(0, index - 1) : index + 2]]


def _beside(turn: Turn, match: Match, best: Match) -> bool:
    """Whether an open question ("what happened in fintech?") wants this entry of the same topic as well."""
    together = match.entry.topic == best.entry.topic and not match.entry.derived
    return together and not turn.question.polar and not _asks_for_value(turn) and match.score >= best.score * OPEN_TIE


def _first_other(level: Sequence[Match]) -> Match:
    return next(match for match in level if match.entry.topic != level[0].entry.topic)


def _asks_for_value(turn: Turn) -> bool:
    asked = {sense for span in turn.question.spans for sense in span.senses if sense.startswith("ask.")}
    return bool(asked - GENERIC_ASKS - STATES)


def _without_subsumed(level: Sequence[Match]) -> list[Match]:
    """Derivations stand aside where a fact answers as well."""
    stated = [match for match in level if not match.entry.derived]
    return stated if stated and level[0].entry.derived is False else list(level)


def suggest(turn: Turn, level: Sequence[Match], rule: str) -> Suggestions:
    """At most three questions that may have been meant, in our phrasing."""
    chosen = list({match.entry.id: match for match in level}.values())[:MOST_SUGGESTIONS]
    suggestions = tuple(Suggestion(phrasing(turn, match.entry.id), match.entry.id) for match in chosen)
    lines = [
        turn.say("suggest_more"),
        *(f"{position}. {each.question}" for position, each in enumerate(suggestions, 1)),
    ]
    return Suggestions(
        text="\n".join(lines),
        language=turn.language,
        facts=tuple(each.fact for each in suggestions),
        confidence=0.4,
        suggestions=suggestions,
        evidence=turn.evidence(rule),
        context=turn.context([match.entry for match in chosen[:1]]),
    )
