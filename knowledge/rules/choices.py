"""What a question sets against a fact: the other side of a choice, or another place or body than the fact names."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from knowledge.entry_figures import is_value
from knowledge.lexicon import group
from knowledge.spans import is_free
from knowledge.turn import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import Entry
    from knowledge.matching import Match
    from knowledge.outcome import Outcome
    from knowledge.question import Question
    from knowledge.reading import Span
    from knowledge.turn import Turn

PLAIN_ENDS: Final = frozenset({"吗", "嘛", "么", "没", "没有", "了吗", "了没", "了没有", "不", "冇"})
"""Chinese ends of a question that claim nothing."""
_LOOSE: Final = frozenset({"cmp.gt", "cmp.lt"})
"""What weighs one side of a choice against the other: 是东盟银行的分行*多*，还是 …."""
REACH: Final = 4
"""So many pieces from "or" the names may stand that it sets against each other: 马来西亚批的还是新加坡批的."""


def one_of_two(turn: Turn) -> Match | None:
    """The match of a choice of which the fact has one: "MAS or HKMA?", "an annual or a cumulative quota?"."""
    sides = _sides(turn.question)
    if sides is None:
        return None
    for match in turn.matches:
        foreign = {id(span) for span in match.unexplained if "polar.or" not in span.senses}
        if not match.identified or match.numbers or not foreign:
            continue
        if any(_sets_apart(turn, match.entry, foreign, *pair) for pair in (sides, sides[::-1])):
            return match
    return None


def _sides(question: Question) -> tuple[Sequence[Span], Sequence[Span]] | None:
    """What stands before an "or" and behind it, the nearest first; None where there is no choice."""
    spans = question.spans
    at = next((index for index, span in enumerate(spans) if "polar.or" in span.senses), 0)
    return (spans[max(0, at - REACH) : at][::-1], spans[at + 1 : at + 1 + REACH]) if at else None


def _sets_apart(turn: Turn, entry: Entry, foreign: set[int], names: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether one side of a choice is foreign to the fact and the other side is its own."""
    odd = _nearest_other(names, others)
    if odd is None or {id(odd)} != foreign:
        return False
    if not entry.contrasts.isdisjoint(odd.senses):
        return True
    if _weighs(odd) and any(is_value(entry, quantity) for quantity in turn.question.quantities):
        return True  # "a bit *above* or a bit below 7 billion?"
    if _is_money(odd) and any(f"unit.{entry.unit}" in span.senses for span in others):
        return True
    if _is_name(turn, odd) and any(_is_own(turn, entry, span) and _is_like(turn, entry, span, odd) for span in others):
        return True  # Malaysia or *Singapore*, but not "one *firm's* or all of it in Malaysia"
    own = _nearest_other(others, names)
    best = entry is turn.matches[0].entry and not (turn.question.asks or _LOOSE & turn.question.senses)
    apart = best and not _is_scope(turn.question.spans, odd)
    return apart and own is not None and not (entry.explains - turn.base.about).isdisjoint(own.senses)


def _weighs(span: Span) -> bool:
    groups = {group(sense) for sense in span.senses}
    return not groups.isdisjoint({"cmp", "dir"}) and "ask" not in groups


def _is_like(turn: Turn, entry: Entry, own: Span, odd: Span) -> bool:
    """Whether it is a place where the other is one."""
    return not _is_place(turn, odd) or _is_place(turn, own) or not entry.places.isdisjoint(own.senses)


def _is_scope(spans: Sequence[Span], odd: Span) -> bool:
    """Whether it says where or when: "approved or not *last year*"; but an *annual* quota is a kind of quota."""
    before = next((span for span, following in pairwise(spans) if following is odd), None)
    placed = before is not None and ("prep.in" in before.senses or before.text.endswith(" in"))
    return placed or any(group(sense) == "period" and sense != "period.each" for sense in odd.senses)


def chooses_context(turn: Turn, entry: Entry) -> bool:
    """Whether both sides of a choice are what the article is about, and the fact's sentence has neither of them."""
    sides = _sides(turn.question)
    if sides is None:
        return False
    context = turn.base.about & turn.base.places
    return all(
        span is not None and not context.isdisjoint(span.senses) and entry.affirmed.isdisjoint(span.senses)
        for span in (_nearest_other(*sides), _nearest_other(*sides[::-1]))
    )


def attributed_elsewhere(turn: Turn) -> Outcome | None:
    """The fact beside a claim of another place or body than it names: "the licence came from Malaysia, didn't it?"."""
    question = turn.question
    if question.asking or question.negated or question.quantities or not _asserts(question):
        return None  # "did it get one in Malaysia?" is not answered; "it got it in Malaysia, right?" is set right
    for match in turn.matches:
        entry, odd = match.entry, match.unexplained
        if match.identified and not entry.numeric and len(odd) == 1 and _is_another(turn, entry, odd[0]):
            said = turn.say("verdict_not_said")
            return turn.answer(
                "the fact names another place or body", [entry], state(turn, [entry], said), verdict=said
            )
    return None


def _is_another(turn: Turn, entry: Entry, span: Span) -> bool:
    """Whether a piece is a place or body, and the fact names another: who takes part, who grants, where it is first."""
    if entry.party:
        near = (turn.base.concepts[sense].near for sense in span.senses if sense in turn.base.concepts)
        return _is_name(turn, span) or any(entry.id in facts for facts in near)
    if entry.giver:
        return _is_name(turn, span)
    return bool(entry.places) and _is_place(turn, span)


def _asserts(question: Question) -> bool:
    """Whether something is said and only then put to us: "…, isn't it?", …吧; not "is it …?", …吗."""
    said = [span for span in question.spans if span.text not in {"?", "!", "."}]
    return bool(said) and "polar.check" in said[-1].senses and said[-1].text not in PLAIN_ENDS


def _nearest_other(names: Sequence[Span], others: Sequence[Span]) -> Span | None:
    """What stands nearest to the "or" and not on its other side as well: not Rome in "a loan or a bond in Rome"."""
    said = {span.senses for span in others}
    return next((span for span in names if not is_free(span) and span.senses not in said), None)


def _is_name(turn: Turn, span: Span) -> bool:
    """Whether a piece is a place or a body, of the article or not."""
    return _is_place(turn, span) or any(sense.startswith("names.organisations") for sense in span.senses)


def _is_place(turn: Turn, span: Span) -> bool:
    return any(sense in turn.base.places or sense.startswith("names.places") for sense in span.senses)


def _is_money(span: Span) -> bool:
    """Whether a piece is a currency."""
    return any(sense.startswith(("unit.", "names.currencies")) for sense in span.senses)


def _is_own(turn: Turn, entry: Entry, span: Span) -> bool:
    """Whether a place or body is the fact's."""
    return not (entry.explains - turn.base.about | entry.explains & turn.base.places).isdisjoint(span.senses)
