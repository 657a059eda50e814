"""Comparing and ranking: two or more facts named in one question, in like units only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from knowledge import amounts
from knowledge.lexicon import group
from knowledge.matching import Match, match_all
from knowledge.question import Question
from knowledge.rules.claims import stated
from knowledge.rules.lookup import has_figure
from knowledge.spans import is_free, names_a_thing
from knowledge.turn import state

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.base import Entry
    from knowledge.outcome import Answer
    from knowledge.turn import Turn

COMPARING: Final = frozenset(
    {"ask.compare", "ask.order", "ask.difference", "ask.superlative-max", "ask.superlative-min"}
)
CUTTING: Final = frozenset({"-", "/", "with", "to", "than", ",", "more", "fewer", "less", "比"})
"""Words and signs that stand between what is compared."""
WITHIN: Final = ("里", "里面", "里头", "当中", "之中", "其中")
JOINING: Final = frozenset({"joint.and", "polar.or", "cmp.gt", "cmp.lt"})
"""Senses that join or weigh two things."""
_BACK: Final = re.compile(r"\b(that|it|this|those|they|these)\b|[这那它]")
"""What stands for what was answered before."""
TOLERATED: Final = (
    frozenset(
        {
            "ask.amount",
            "ask.money",
            "ask.count",
            "ask.quantity",
            "ask.which",
            "ask.list",
            "ask.total",
            "ask.what",
            "ask.rank",
            "ask.who",
            "ask.how",
        }
    )
    | COMPARING
)
"""Asks that may stand in a comparison without asking for anything else."""


def comparison(turn: Turn) -> Answer | None:
    """The facts of a comparison in order, or that they cannot be compared; None where fewer than two are named."""
    question = turn.question
    if not _compares(question) or _is_within(question) or not _nothing_else(turn):
        return None
    entries = _with_previous(turn, _named(turn) or _all_amounts(turn))
    if len(entries) < 2:
        return None
    if len({entry.unit for entry in entries}) > 1:
        comparable = _sets_side_by_side(question) and _says_no_more(turn, entries)
        return _said(turn, entries, "not_comparable") if comparable else None
    ordered = sorted(entries, key=lambda entry: entry.number or 0)
    if "ask.order" in question.asks or len(entries) > 2:
        return _listed(turn, ordered)
    return _compared(turn, ordered[1], ordered[0])


def _with_previous(turn: Turn, entries: list[Entry]) -> list[Entry]:
    """The entries, beside a single one what was answered before: "is that more than what the provinces got?".

    Where none is named, those that were compared, or the last two that were answered: "which of the two is larger?".
    """
    if not entries and not turn.inherited.refused:
        compared = _numeric(turn, turn.inherited.facts)
        if len(compared) > 1 and len({entry.unit for entry in compared}) == 1:
            return compared
        return _only_pair(_numeric(turn, turn.inherited.before), _numeric(turn, turn.inherited.facts))
    if len(entries) != 1 or not ("ask.compare" in turn.question.asks or _BACK.search(turn.question.normalised)):
        return entries
    return _only_pair(_numeric(turn, turn.inherited.facts), entries) or entries


def _only_pair(before: Sequence[Entry], entries: Sequence[Entry]) -> list[Entry]:
    """The one of each that can be compared; none where several could."""
    pairs = [[a, b] for a in before for b in entries if a.unit == b.unit and a is not b]
    return pairs[0] if len(pairs) == 1 else []


def _numeric(turn: Turn, facts: Iterable[str]) -> list[Entry]:
    found = (turn.base.entries[fact] for fact in sorted(facts) if fact in turn.base.entries)
    return [entry for entry in found if entry.numeric]


def _compares(question: Question) -> bool:
    """Whether facts are to be compared: "which is larger", or 哪边 beside a loose 多."""
    loose = not question.senses.isdisjoint({"cmp.gt", "cmp.lt", "cmp.ge", "cmp.le"})
    weighed = (
        loose and question.polar and any(span.text.endswith(" than") or span.text == "比" for span in question.spans)
    )
    sided = question.alternatives and question.asking and not question.senses.isdisjoint({"dir.higher", "dir.lower"})
    return sided or bool(question.asks & COMPARING) or (loose and "ask.which" in question.asks) or weighed


def _sets_side_by_side(question: Question) -> bool:
    """Whether two things are put to the question, not parts of one: "which of the 12 got the biggest share?"."""
    return any(span.text in CUTTING or JOINING.intersection(span.senses) for span in question.spans)


def _is_within(question: Question) -> bool:
    """Whether parts of one thing are compared, or others than those that are named: *联合体里*中资多还是新资多."""
    parted = any(span.text.endswith(WITHIN) and names_a_thing(span) for span in question.spans)
    return parted or "relation.other" in question.senses


def _says_no_more(turn: Turn, entries: Sequence[Entry]) -> bool:
    """Whether what is named belongs to what is compared: "the gap *widened*; how much more could the west raise?"."""
    explained = frozenset[str]().union(*(entry.explains for entry in entries)) | turn.base.about | turn.base.weak
    return all(not explained.isdisjoint(span.senses) for span in turn.question.spans_left() if names_a_thing(span))


def _nothing_else(turn: Turn) -> bool:
    """Whether every word belongs to some fact or to the comparing itself; else something foreign is compared."""
    known = {sense for entry in turn.base.entries.values() for sense in entry.explains}
    for span in turn.question.spans_left():
        senses = set(span.senses)
        if is_free(span) or senses & known or senses & turn.base.about or senses & TOLERATED:
            continue
        if any(group(sense) == "dir" or sense.startswith("unit.usd") for sense in senses):
            continue
        if any(sense in turn.base.concepts and turn.base.concepts[sense].weak for sense in senses):
            continue
        return False
    return all(quantity.unit != "year" for quantity in turn.question.quantities)


def _all_amounts(turn: Turn) -> list[Entry]:
    """Every amount of money, where "the amounts" are to be put in order and none is named."""
    question = turn.question
    named = any(not group(sense) and sense not in turn.base.about for sense in question.senses)
    money = question.senses & {"ask.amount", "unit.usd"}
    if named or not money or "ask.order" not in question.asks or question.quantities:
        return []
    return [entry for entry in turn.base.entries.values() if entry.unit == "usd" and not entry.derived]


def _named(turn: Turn) -> list[Entry]:
    """The numeric entries that parts of the question name, each part taken by itself, in one unit where they can be."""
    parts = _parts(turn.question)
    money = "ask.amount" in turn.question.asks or "unit.usd" in turn.question.senses
    entries = _best_of(turn, parts, money=money)
    if {entry.unit for entry in entries} > {"usd"}:
        # "western provinces or innovative products": the other side is money, so their money is meant.
        asked = [replace(part, senses=part.senses | {"ask.amount"}) for part in parts]
        amounts_only = _best_of(turn, asked, money=True)
        if len(amounts_only) >= len(entries) and {entry.unit for entry in amounts_only} == {"usd"}:
            return amounts_only
    return entries if len(entries) > 1 else _with_figures(turn) or entries


def _with_figures(turn: Turn) -> list[Entry]:
    """The entries whose figures the question gives, each one's alone: "74 policies or 78 institutions".

    "QDLP, 4 or 5?" names one thing, and asks which of the figures is its own.
    """
    named = sum(
        any(not group(sense) and sense not in turn.base.about for sense in span.senses)
        for span in turn.question.spans_left()
    )
    if 0 < named < len(turn.question.quantities):
        return []
    found = [
        [entry for entry in turn.base.entries.values() if has_figure(entry, quantity)]
        for quantity in turn.question.quantities
    ]
    return [entries[0] for entries in found if len(entries) == 1] if all(len(each) == 1 for each in found) else []


def _best_of(turn: Turn, parts: Sequence[Question], *, money: bool) -> list[Entry]:
    found: dict[str, Entry] = {}
    for part in parts:
        matches = [
            m
            for m in match_all(turn.base, part)
            if m.identified and m.entry.numeric and not m.entry.derived and not m.unexplained
        ]
        if matches:
            best = _preferred(matches, money=money)
            found.setdefault(best.entry.id, best.entry)
        elif _is_party(turn, part):
            return []  # "in the consortium, are there more Chinese or Singapore institutions?" compares its parts
    return list(found.values())


def _is_party(turn: Turn, part: Question) -> bool:
    """Whether a side of an "or" is one of the parties and no more."""
    named = {sense for span in part.spans for sense in span.senses if not group(sense)}
    placed = any("prep.in" in span.senses for span in part.spans)
    return turn.question.alternatives and bool(named) and not placed and named <= turn.base.about & turn.base.places


def _preferred(matches: Sequence[Match], *, money: bool) -> Match:
    """Among equals the kind that is asked for: an amount where money is compared, else the count."""
    top = matches[0].score
    level = [match for match in matches if match.score >= top * 0.75]
    return next((match for match in level if match.entry.unit == ("usd" if money else "count")), level[0])


def _parts(question: Question) -> list[Question]:
    """The question cut at the words that join or compare, each piece without those words."""
    pieces: list[list[int]] = [[]]
    for index, span in enumerate(question.spans):
        senses = set(span.senses)
        cuts = (
            senses & (COMPARING | {"joint.and", "polar.or", "cmp.gt", "cmp.lt", "cmp.about"})
            or group(next(iter(span.senses), "")) == "dir"
        )
        if cuts or span.text in CUTTING:
            pieces.append([])
        elif not senses & TOLERATED or any(not group(sense) for sense in senses):
            pieces[-1].append(index)
    return [_piece(question, piece) for piece in pieces if piece]


def _piece(question: Question, indexes: Sequence[int]) -> Question:
    spans = tuple(question.spans[index] for index in indexes)
    senses = frozenset(sense for span in spans for sense in span.senses if not sense.startswith("ask."))
    content = tuple((span, named) for span, named in question.content if span in spans)
    return Question(question.normalised, question.language, spans, senses=senses, content=content)


def _compared(turn: Turn, more: Entry, less: Entry) -> Answer:
    a, b = turn.pick(more.figure), turn.pick(less.figure)
    if more.number == less.number and more.comparator == less.comparator == "eq":
        return _with(turn, [more, less], turn.say("equal", a=a))
    if not stated(less).apart(stated(more)):
        return _said(turn, [more, less], "not_ordered")
    names = {"first": _title(turn, more), "second": _title(turn, less)}
    exact = more.comparator == less.comparator == "eq"
    if exact:
        language = "en" if turn.language == "en" else "zh"
        difference = amounts.figure((more.number or 0) - (less.number or 0), more.unit, "eq", language)  # type: ignore[arg-type]
        return _with(turn, [more, less], turn.say("more_by", a=a, b=b, difference=difference, **names))
    return _with(turn, [more, less], turn.say("larger", a=a, b=b, first=names["first"]))


def _title(turn: Turn, entry: Entry) -> str:
    name = turn.pick(entry.name)
    return name[:1].upper() + name[1:]


def _listed(turn: Turn, ascending: Sequence[Entry]) -> Answer:
    down = _descending(turn)
    ordered = list(reversed(ascending)) if down else list(ascending)
    lines = [turn.say("order_descending" if down else "order_ascending")]
    lines += [f"{place}. {turn.pick(entry.name)}: {turn.pick(entry.figure)}" for place, entry in enumerate(ordered, 1)]
    return _with(turn, ordered, "\n".join(lines))


def _descending(turn: Turn) -> bool:
    text = turn.question.normalised
    starts = [
        text.find(word)
        for word in ("smallest", "lowest", "small to", "low to", "asc", "小", "少", "低", "细")
        if word in text
    ]
    large = [
        text.find(word)
        for word in ("largest", "biggest", "highest", "big to", "high to", "desc", "大", "多", "高")
        if word in text
    ]
    return not starts or bool(large and min(large) < min(starts))


def _said(turn: Turn, entries: Sequence[Entry], key: str) -> Answer:
    a, b = (f"{turn.pick(entry.name)}: {turn.pick(entry.figure)}" for entry in entries[:2])
    return _with(turn, entries, turn.say(key, a=a, b=b))


def _with(turn: Turn, entries: Sequence[Entry], verdict: str) -> Answer:
    sources = state(turn, entries).partition("\n")[2]
    return turn.answer("a comparison of facts in like units", entries, f"{verdict}\n{sources}", verdict=verdict)
