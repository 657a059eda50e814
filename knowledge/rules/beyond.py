"""What a claim says beyond a fact: of most or of all, of another whole, of others than it counts, of others alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from knowledge.adjacency import (
    beside,
    counted_things,
    is_origin_claimed,
    says_of_all,
    starts_elsewhere,
    whole_of_share,
)
from knowledge.explaining import FIRST
from knowledge.lexicon import ARTICLE, PUBLISHER, group

if TYPE_CHECKING:
    from knowledge.base import Entry
    from knowledge.question import Question
    from knowledge.turn import Turn

PLACING: Final = frozenset({"prep.for", "prep.in", "prep.from", "prep.with"})


def limits_other(turn: Turn) -> bool:
    """Whether an "only" limits whose or where it is, and not how many: "*only for* Chongqing?", *只有中国*出台了."""
    limiting = PLACING | (turn.base.about - {ARTICLE, PUBLISHER})
    return any(
        "polar.only" in span.senses and not limiting.isdisjoint(following.senses)
        for span, following in pairwise(turn.question.spans)
    )


def counts_others(question: Question, entry: Entry) -> bool:
    """Whether a claim puts the number to another thing than the entry counts: five banks for their five branches."""
    counted = entry.counted in question.senses
    return bool(entry.counted) and not counted and not question.senses.isdisjoint(entry.unnamed)


def _relates_amounts(turn: Turn, entry: Entry) -> bool:
    """Whether another fact's amount is put beside the entry's own: "is the $7 billion inside the $24 billion?"."""
    said = {quantity.number for quantity in turn.question.quantities}
    if entry.derived or entry.unit != "usd" or entry.number not in said:
        return False
    return any(
        each.unit == "usd" and not each.derived and each.number in said - {entry.number}
        for each in turn.base.entries.values()
    )


def goes_beyond(turn: Turn, entry: Entry) -> bool:
    """Whether a claim says more than the fact: of most or of each one, where they are from, of what its share is."""
    question = turn.question
    if entry.numeric and not entry.direction and any(span.text.endswith(" than") for span in question.spans_left()):
        return True  # "fewer than a score": than a number that was not read
    if "polar.mostly" in question.senses or _numbers_another(turn, entry) or _relates_amounts(turn, entry):
        return True
    if starts_elsewhere(question.spans):
        return True
    if FIRST in entry.tags and not beside(question.spans, FIRST) & turn.base.about <= entry.explains:
        return True  # the first of Asia is not said to be China's first
    if entry.counted and is_origin_claimed(question.spans, turn.base.about - {ARTICLE, PUBLISHER} - entry.explains):
        return True
    if entry.whole:
        whole, known = whole_of_share(question.spans), question.senses | turn.inherited.senses
        named = any(concepts <= known for concepts in entry.identified)
        return not named or (bool(whole) and whole.isdisjoint(entry.whole))
    general = says_of_all(question.spans) and not (question.alternatives or question.negated)
    return general and not _only_names(question, entry)


def _only_names(question: Question, entry: Entry) -> bool:
    """Whether nothing is said of the things that are counted but their number: "are those all the 74 policies?"."""
    if not entry.numeric:
        return False
    said = {sense for _, senses in question.content for sense in senses if not group(sense)}
    return any(said <= concepts | {entry.counted} for concepts in entry.identified)


def _numbers_another(turn: Turn, entry: Entry) -> bool:
    """Whether a number counts something else: "did *the 78 institutions* issue the 38 bonds", 来自*五个东盟国家*."""
    others = {each.counted for each in turn.base.entries.values()} - {""} | turn.base.places
    things = [
        counted_things(turn.question.spans, quantity.end)
        for quantity in turn.question.quantities
        if quantity.unit in {"", "count"}
    ]
    return (
        turn.question.polar
        and bool(entry.counted)
        and any(entry.counted not in named and not named.isdisjoint(others) for named in things)
    )
