"""Yes or no: a claim that the facts explain whole, put against what they state."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from knowledge.adjacency import not_only
from knowledge.entry_figures import as_entry_unit, is_value
from knowledge.explaining import EARLIER, FIRST, left_unexplained
from knowledge.lexicon import HARMLESS
from knowledge.matching import interrogatives
from knowledge.parts import SUPPOSING
from knowledge.rules.beyond import counts_others, goes_beyond, limits_other
from knowledge.rules.claims import Verdict, check_direction, check_number
from knowledge.rules.inclusion import counts_in
from knowledge.rules.refusal import undecided, unlimited
from knowledge.turn import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import Entry
    from knowledge.matching import Match
    from knowledge.outcome import Outcome
    from knowledge.question import Question
    from knowledge.turn import Turn


RISEN: Final = "change.risen"
"""What a claim says of a figure beside its value: "has it grown to 78?"."""
AGREEING: Final = frozenset({Verdict.SUPPORTED, Verdict.ROUGHLY, Verdict.EXCEEDED, Verdict.OUTRANKED})
"""Verdicts that say yes to every word of a claim, not to its number alone."""
DIRECTIONS: Final = frozenset({"dir.higher", "dir.lower"})


def as_stated(turn: Turn, level: Sequence[Match]) -> Outcome:
    """The facts as they are stated; of a difference, that the question has it the wrong way round."""
    entries = [match.entry for match in level]
    verdict = ""
    if any(entry.direction for entry in entries):
        verdict = check_direction(turn, entries[0])
    confidence = min(1.0, 0.5 + level[0].score / 10)
    return turn.answer(
        "the facts explain the whole question",
        entries,
        state(turn, entries, verdict),
        verdict=verdict,
        confidence=confidence,
    )


def yes_or_no(turn: Turn, level: Sequence[Match]) -> Outcome | None:
    """Yes or no where every word is true of the fact; the bare fact where a word is only a mention."""
    question = turn.question
    if question.quantities:
        level = [match for match in level if match.entry.numeric] or level
    entries = [match.entry for match in level]
    entry = entries[0]
    apart = [each for each in entries if counts_in(question, each)]
    if apart:
        said = turn.say("verdict_not_said")
        return turn.answer("the fact names it apart from what it counts", apart, state(turn, apart, said), verdict=said)
    if goes_beyond(turn, entry) and not counts_others(question, entry):
        return undecided(turn, level[0])
    if entry.direction and _names_both_directions(question):
        return as_stated(turn, level[:1])  # "is it higher or lower?": the fact says which
    direction = check_direction(turn, entry) if entry.direction else ""
    if direction:
        return turn.answer(
            "the claim has the other direction", entries[:1], state(turn, entries[:1], direction), verdict=direction
        )
    beside = question.senses & (entry.mentions | entry.contrasts)
    if beside and question.alternatives and _is_of_another(turn, entry):
        return undecided(turn, level[0])
    if beside:
        verdict = "" if question.alternatives else turn.say("verdict_not_said")
        return turn.answer(
            "the fact beside what it does not say", entries, state(turn, entries, verdict), verdict=verdict
        )
    if entry.numeric and question.quantities:
        return _judged(turn, level[0], _number_verdict(entry, question))
    affirmed = affirms(turn, entries)
    if ("polar.sole" in question.senses or (not affirmed and limits_other(turn))) and not question.quantities:
        return unlimited(turn, level[0])
    verdict = _worded_verdict(turn, entry) if affirmed else ""
    rule = "the fact says so" if verdict else "the fact, without yes or no"
    return turn.answer(rule, entries, state(turn, entries, verdict), verdict=verdict)


def _names_both_directions(question: Question) -> bool:
    return question.senses >= DIRECTIONS and not question.negated


def _is_of_another(turn: Turn, entry: Entry) -> bool:
    """Whether a choice is put of what another fact of the topic has: "is the *licence* for payments or banking?"."""
    named = {
        sense
        for each in turn.base.entries.values()
        if each.topic == entry.topic and each is not entry
        for names in each.identified
        if len(names) == 1
        for sense in names
    }
    return not (named & turn.question.senses) <= entry.affirmed


def affirms(turn: Turn, entries: Sequence[Entry]) -> bool:
    """Whether the facts' own sentences hold all that is said: what may stand in a question is not thereby so."""
    question, concepts = turn.question, turn.base.concepts
    partners = question.partners & turn.base.about
    said = partners.union(turn.base.weak, not_only(question.spans), *(entry.affirmed for entry in entries))
    claimed = ({sense for sense in senses if sense in concepts} for _, senses in question.content)
    known = question.senses | turn.inherited.senses
    # "The dollar bonds are worth $3 billion" has the figure of all innovative products, and no name of theirs.
    named = any(names <= known for entry in entries for names in entry.identified)
    return named and all(senses <= said for senses in claimed) and (RISEN not in question.senses or RISEN in said)


def _worded_verdict(turn: Turn, entry: Entry) -> str:
    """The opening words for a claim whose figures only name things; empty where either or both may be meant."""
    question = turn.question
    if question.alternatives:
        return ""
    if FIRST in entry.tags and not question.senses.isdisjoint(EARLIER):
        return ""  # "had anyone before it": that it was the first says enough
    if question.only:
        return turn.say("verdict_not_only")
    return turn.say("verdict_contrary" if question.negated else "verdict_yes")


def _number_verdict(entry: Entry, question: Question) -> Verdict:
    """How the numbers that name the entry's own figure fare as a claim."""
    own = [quantity for quantity in question.quantities if as_entry_unit(entry, quantity) is not None]
    verdicts = [
        check_number(entry, quantity, question)
        for quantity in own
        if quantity.number not in entry.numbers - {entry.number}
    ]
    nothing_said = Verdict.UNDECIDED if entry.derived and question.polar else Verdict.SUPPORTED
    return min(verdicts, key=lambda each: each.rank, default=nothing_said)


def claim(turn: Turn, fitting: Sequence[Match]) -> Outcome | None:
    """A number was put to an entry: supported, refuted, or not decided by the article."""
    question = turn.question
    if _compared_with(question) or ("ask.total" in question.asks and len(question.quantities) > 1):
        return None  # "24 billion, 7 billion and the quota: is there one total?" claims no figure
    if any(span.text in SUPPOSING for span in question.spans):
        return None  # what is only supposed is no claim: 假如国内利率再下调半个百分点
    for match in fitting:
        if _is_placed(match) and (_may_claim(question) or _may_be_first(question)):
            return _placed(turn, match)
        if not match.entry.numeric or any(quantity.unit == "year" for quantity in match.numbers):
            continue
        if question.asking and not question.polar:
            continue
        if question.alternatives and len(match.numbers) < len(question.quantities):
            return as_stated(turn, [match])  # "is it 74 or 75?": one of them is right, and the fact says which
        verdicts = [check_number(match.entry, quantity, question) for quantity in match.numbers]
        verdict = min(verdicts, key=lambda each: each.rank)
        if verdict is Verdict.OTHER_KIND:
            continue
        result = _result_of(turn, match.entry) if verdict is Verdict.REFUTED else None
        if result is not None:
            entries = [result, match.entry]
            return turn.answer("the figure is worked out from the fact", entries, state(turn, entries))
        return _judged(turn, match, verdict)
    return None


def _is_placed(match: Match) -> bool:
    """Whether all numbers are places, put to what was the first of its kind."""
    return FIRST in match.entry.tags and all(each.unit == "rank" for each in match.numbers)


def _may_be_first(question: Question) -> bool:
    """Whether to be the first is one side of a choice: "the first or the second?"."""
    return question.alternatives and FIRST in question.senses


def _placed(turn: Turn, match: Match) -> Outcome | None:
    """What was the first is not the second."""
    if _may_be_first(turn.question):
        return as_stated(turn, [match])
    first = all(quantity.number == 1 for quantity in match.numbers)
    denied = any(map(turn.question.denies, match.numbers))  # 没有第二笔
    return _judged(turn, match, Verdict.UNDECIDED if denied else Verdict.SUPPORTED if first else Verdict.REFUTED)


def _may_claim(question: Question) -> bool:
    """Whether it says or asks that something is so, and asks for nothing else."""
    return question.polar or (not question.asking and "polar.opener" in question.senses)


def _result_of(turn: Turn, entry: Entry) -> Entry | None:
    """What is worked out from the entry and has the figure that was put to it: "13 provinces", 12 and Hainan."""
    spans = turn.question.spans
    first = min((quantity.end for quantity in turn.question.quantities), default=0)
    if any("joint.and" in span.senses and span.text not in {",", "+"} and span.start >= first for span in spans):
        return None  # "13 western provinces and Hainan" has its parts apart; "western ones and Hainan makes 13" has not
    return next(
        (
            each
            for each in turn.base.entries.values()
            if each.derived
            and each.topic == entry.topic
            and entry.number in each.numbers
            and any(is_value(each, quantity) for quantity in turn.question.quantities)
            and not left_unexplained(turn.base, each, turn.question, interrogatives(turn.question))
        ),
        None,
    )


def _compared_with(question: Question) -> bool:
    """Whether a number comes before its comparator: "is 24 billion more than what they got?" claims no figure."""
    said = [
        (index, span) for index, span in enumerate(question.spans) if span.quantity or set(span.senses) - {HARMLESS}
    ]
    return any(
        first.quantity is not None
        and index not in question.used
        and any(sense in {"cmp.gt", "cmp.lt"} for sense in second.senses)
        for (_, first), (index, second) in pairwise(said)
    )


def _judged(turn: Turn, match: Match, verdict: Verdict) -> Outcome | None:
    entries = [match.entry]
    if verdict is Verdict.SUPPORTED and counts_others(turn.question, match.entry):
        said = turn.say("verdict_not_said")
        return turn.answer("the figure counts something else", entries, state(turn, entries, said), verdict=said)
    if verdict is Verdict.UNDECIDED or goes_beyond(turn, match.entry):
        return undecided(turn, match)
    if verdict in AGREEING - {Verdict.OUTRANKED} and limits_other(turn):
        return unlimited(turn, match)
    either = turn.question.alternatives or (verdict in AGREEING and not affirms(turn, entries))
    said = "" if either else turn.say(verdict.reply)
    return turn.answer(
        f"claim {verdict.name.lower()} by interval logic", entries, state(turn, entries, said), verdict=said
    )
