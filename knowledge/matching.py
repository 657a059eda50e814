"""Which entries a question may mean, and what in the question each of them leaves unexplained.

*Veto, don't penalise*: an entry answers only if every piece of the question is explained by it. Scores order the
entries that are left; they never let one in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from knowledge.base import GENERIC_ASKS, VALUE_ASKS
from knowledge.lexicon import group
from knowledge.quantities import same_measure
from knowledge.spans import is_asking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.base import Base, Entry
    from knowledge.quantities import Quantity
    from knowledge.question import Question
    from knowledge.reading import Span

ALSO_WEIGHT: Final = 0.3
"""What a concept that merely fits is worth beside one that identifies."""
DIFFERENCES: Final = frozenset(
    {"dir.lower", "dir.higher", "attr.gap", "ask.compare", "ask.difference", "unit.point", "unit.basis-point"}
)
"""What tells a question for a difference from one for a level."""
INHERITED_WEIGHT: Final = 0.3
"""What a concept of the previous question is worth: explicit words win."""
OWN_BONUS: Final = 1.0
ASK_BONUS: Final = 0.6
TOPIC_BONUS: Final = 0.5
"""For an entry of the topic that the previous question was about."""
NOUN_ASKS: Final = frozenset({"ask.list", "ask.sum", "ask.asof"})
MOST_NAMED: Final = 3
"""No sentence of an article names more things one by one."""
NAMING: Final = frozenset({"ask.which", "ask.list"})
"""Asking to name what stands behind the word: "which sectors"."""
RATES: Final = frozenset({"point", "basis-point"})
"""Units that nothing adds up in: 一共节省了多少利息 asks for money."""
PARTIES: Final = frozenset({"ask.who", "ask.which", "ask.names"})
VALUE_NOUNS: Final = frozenset({"ask.count", "ask.amount", "ask.quantity"})
"""Nouns of what is ranked: the *number* of bonds ranks where."""
ORDINAL_ASKS: Final = frozenset({"ask.where", "ask.how", "ask.which"})
"""How people ask for a rank: *where* does it rank."""
COMPATIBLE_UNITS: Final = {
    "unit.usd": {"usd"},
    "unit.percent": {"fraction"},
    "unit.point": {"point", "basis-point"},
    "unit.basis-point": {"basis-point", "point"},
    "unit.rank": {"rank"},
    "unit.fraction": {"fraction"},
    "unit.scale": {"usd", "count"},
}


@dataclass(slots=True, eq=False)
class Match:
    """How an entry fits a question. Never changed."""

    entry: Entry
    score: float
    identified: bool
    unexplained: tuple[Span, ...]
    """What it leaves unexplained; not looked into where it is not even named."""
    numbers: tuple[Quantity, ...]
    """Numbers of the question that are not the entry's: claims, or reasons to refuse."""

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it but perhaps a number."""
        return self.identified and not self.unexplained


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a follow-up takes over from the question before."""

    senses: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


NOTHING: Final = Inherited()


def match_all(base: Base, question: Question, inherited: Inherited = NOTHING, *, unnamed: bool = False) -> list[Match]:
    """Every entry that the question names, the best first; ``unnamed``: those that only share something with it."""
    asked = _Asked(
        question,
        inherited,
        interrogatives(question),
        known=question.senses | inherited.senses,
        bare=not any(not group(sense) and sense not in base.about for sense in question.senses),
    )
    found = [
        _match(base, entry, asked, weight)
        for entry in base.entries.values()
        if not entry.explains.isdisjoint(asked.known) and ((weight := _identity(base, entry, asked)) < 0) is unnamed
    ]
    return sorted(found, key=lambda match: (-match.fits, -match.score, match.entry.id))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every entry is held against, worked out once."""

    question: Question
    inherited: Inherited
    values: frozenset[str]
    """``ask.…`` senses of the question's interrogatives."""
    known: frozenset[str]
    """Senses of the question and those it inherits."""
    bare: bool
    """The question names nothing of its own: "and the rank?"."""


def interrogatives(question: Question) -> frozenset[str]:
    """``ask.…`` senses of the question's interrogatives, not of mere nouns."""
    return frozenset(sense for span in question.spans if is_asking(span) for sense in span.senses) & question.asks


def explained_anew(base: Base, match: Match, question: Question) -> Match:
    """An unnamed entry's match with what it leaves unexplained, which only a refusal wants to know."""
    if match.identified:
        return match
    return replace(match, unexplained=_unexplained(base, match.entry, question, interrogatives(question)))


def _unexplained(base: Base, entry: Entry, question: Question, value_asks: frozenset[str]) -> tuple[Span, ...]:
    left = [span for span, senses in question.content if not _explains(base, entry, senses, question, value_asks)]
    return (*left, *_elsewhere(base, entry, question))


def _match(base: Base, entry: Entry, asked: _Asked, weight: float) -> Match:
    question = asked.question
    unexplained: tuple[Span, ...] = _unexplained(base, entry, question, asked.values) if weight >= 0 else ()
    foreign = tuple(quantity for quantity in question.quantities if not _mentions(base, entry, quantity))
    score = max(weight, 0.0)
    score += ALSO_WEIGHT * sum(base.weights.get(sense, 1.0) for sense in question.senses & entry.explains)
    specific = asked.values - GENERIC_ASKS or asked.inherited.asks - GENERIC_ASKS
    score += ASK_BONUS * (not entry.allowed.isdisjoint(specific))
    score += TOPIC_BONUS * (entry.topic in asked.inherited.topics)
    return Match(entry, score, weight >= 0, unexplained, foreign)


def _identity(base: Base, entry: Entry, asked: _Asked) -> float:
    """Information in the best set of concepts that names the entry; -1 where none is complete."""
    own = asked.question.senses
    if entry.asks == {"ask.average"} and "ask.average" not in own:
        return -1.0
    best = -1.0
    level = bool(entry.direction and asked.values & VALUE_ASKS["point"]) and own.isdisjoint(DIFFERENCES)
    for concepts in entry.identified:
        if level and len(concepts) == 1:
            continue  # "how much is the cost" asks for the level, "how much lower" for the difference
        if concepts <= own:
            best = max(best, OWN_BONUS + sum(base.weights[sense] for sense in concepts))
        elif concepts <= asked.known and (asked.bare or not concepts.isdisjoint(own)):
            said = (base.weights[sense] * (1.0 if sense in own else INHERITED_WEIGHT) for sense in concepts)
            best = max(best, sum(said))
    if best < 0 and not entry.derived and any(_is_value(entry, quantity) for quantity in asked.question.quantities):
        return 1.0 if any(not concepts.isdisjoint(own) for concepts in entry.identified) else -1.0
    return best


def _is_value(entry: Entry, quantity: Quantity) -> bool:
    """Whether a number in the question is just the entry's figure, as 74 in "the 74 policies"."""
    if entry.number is None:
        return False
    same = as_entry_unit(entry, quantity)
    return same is not None and same.number == entry.number


def as_entry_unit(entry: Entry, quantity: Quantity) -> Quantity | None:
    """The number in the entry's unit; None where they are of different kinds.

    A bare number is a count; with a magnitude (``a billion``) it may be money.
    """
    if quantity.unit in {"", "count"}:
        money = entry.unit == "usd" and quantity.number >= 10**6
        return quantity if entry.unit == "count" or money else None
    return same_measure(quantity, entry.unit)  # type: ignore[arg-type]


SAME_COMPARATORS: Final = {
    "over": {"", "gt"},
    "nearly": {"", "lt", "about"},
    "within": {"", "le"},
    "eq": {"", "eq"},
    "about": {"", "about"},
}
"""For each way in which the article qualifies a figure, the ways in which a question may that mean the same."""


def _mentions(base: Base, entry: Entry, quantity: Quantity) -> bool:
    """Whether a number only names the entry ("the 74 policies") or the figures beside it, and claims nothing else."""
    if quantity.upper is not None:
        # "The seventy-odd institutions": 78 of them.
        return any(quantity.number <= number < quantity.upper for number in entry.numbers) and quantity.unit in {
            "",
            "count",
        }
    if _is_value(entry, quantity):
        return quantity.comparator in SAME_COMPARATORS.get(entry.comparator, set())
    beside = quantity.number in entry.numbers and quantity.number != entry.number
    if not beside or quantity.unit not in {"", "count", "usd", "fraction"}:
        return False
    # "What do the more than twenty institutions do": as the figure beside it is qualified itself.
    return not quantity.comparator or any(
        each.number == quantity.number and quantity.comparator in SAME_COMPARATORS.get(each.comparator, set())
        for each in base.entries.values()
        if each.topic == entry.topic
    )


def _explains(base: Base, entry: Entry, senses: frozenset[str], question: Question, value_asks: frozenset[str]) -> bool:
    if not senses.isdisjoint(entry.lacks):
        return False
    if not senses.isdisjoint(entry.explains) or not senses.isdisjoint(base.weak) or _is_context(base, entry, senses):
        return True
    if not senses.isdisjoint(entry.mentions):
        return True
    if question.polar and not question.asking and not senses.isdisjoint(entry.contrasts):
        return True
    asks = {sense for sense in senses if sense.startswith("ask.")}
    if asks:
        return _may_ask(entry, asks, question) or _is_noun_ask(asks, question, value_asks)
    if any(entry.unit in COMPATIBLE_UNITS.get(sense, ()) for sense in senses):
        return True
    if any(group(sense) == "dir" for sense in senses):
        return bool(entry.direction)
    return "polar.not" in senses and question.polar


def _may_ask(entry: Entry, asks: set[str], question: Question) -> bool:
    """Whether an entry can be asked for that; "which …" by what it names, and never by what it leaves unnamed.

    Who knows the number asks for something else: "how many of the 38 bonds", "which 12 provinces".
    """
    if asks & NAMING and not question.headed.isdisjoint(entry.unnamed):
        return False
    if asks & PARTIES and _asks_for_other_side(entry, question):
        return False
    if _asks_for_part(entry, asks, question) or (entry.unit in RATES and "joint.altogether" in question.senses):
        return False
    if asks & NAMING and question.numbered > MOST_NAMED and question.numbered in entry.numbers:
        return False
    return bool(asks & entry.allowed or (asks & NAMING and not question.headed.isdisjoint(entry.named)))


def _asks_for_part(entry: Entry, asks: set[str], question: Question) -> bool:
    """Whether it knows the number and wants a part of it: "how many of the 38 bonds", "out of the $3bn, how much"."""
    counts = question.counting and "ask.count" in asks and bool(entry.counted)
    amounts = question.asking and "joint.of-the" in question.senses and bool(asks & VALUE_NOUNS)
    return (counts or amounts) and any(_is_value(entry, quantity) for quantity in question.quantities)


def _asks_for_other_side(entry: Entry, question: Question) -> bool:
    """Whether it is like "who signed with the authority?": the authority, which the entry names, is not who."""
    return not question.senses.isdisjoint(entry.party) and question.headed.isdisjoint(entry.named | entry.party)


def _is_context(base: Base, entry: Entry, senses: frozenset[str]) -> bool:
    """What the article is about refuses nothing, but a party restricts a count: "Singaporean consortium members"."""
    about = senses & base.about
    return bool(about) and (not entry.counted or bool(about & base.home[entry.article]))


def _is_noun_ask(asks: set[str], question: Question, value_asks: frozenset[str]) -> bool:
    """Whether it is no question of its own, as "all" beside "how many"."""
    if asks <= ORDINAL_ASKS and not question.asks.isdisjoint({"ask.rank", "ask.compare"}):
        return True
    if asks <= VALUE_NOUNS and asks.isdisjoint(value_asks) and "ask.rank" in value_asks:
        return True
    return asks <= NOUN_ASKS and bool(value_asks - asks or question.polar)


def _elsewhere(base: Base, entry: Entry, question: Question) -> Iterable[Span]:
    """Spans of a place that the figure does not hold for ("ASEAN branches in Singapore") or of another party.

    "How many Chongqing firms are in Singapore" has all the words of "Singapore firms in Chongqing".
    """
    home = base.home[entry.article]
    foreign = {place for place in question.places if place in base.places and place not in home | entry.places}
    parties = frozenset.intersection(*entry.identified) & base.about - home
    others = question.counted_from & base.about
    if parties and others and not others & parties:
        foreign |= others
    return [span for span in question.spans if foreign & set(span.senses)] if foreign else []
