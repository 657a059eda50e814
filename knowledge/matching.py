"""Which entries a question may mean, the likeliest first.

*Veto, don't penalise*: an entry answers only if every piece of the question is explained by it
(:mod:`knowledge.explaining`). Scores order the entries that are left; they never let one in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING, Final

from knowledge.adjacency import points_back
from knowledge.base import GENERIC_ASKS, VALUE_ASKS
from knowledge.entry_figures import is_value, mentions
from knowledge.explaining import DIFFERENCES, is_claim, left_unexplained
from knowledge.following import NOTHING, Inherited, Pointing, placed, pointing
from knowledge.lexicon import group
from knowledge.spans import is_asking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.base import Base, Entry
    from knowledge.quantities import Quantity
    from knowledge.question import Question
    from knowledge.reading import Span

ALSO_WEIGHT: Final = 0.3
"""What a concept that merely fits is worth beside one that identifies."""
AVERAGE: Final = frozenset({"ask.average"})
INHERITED_WEIGHT: Final = 0.3
"""What a concept of the previous question is worth: explicit words win."""
OWN_BONUS: Final = 1.0
ASK_BONUS: Final = 0.6
TOPIC_BONUS: Final = 0.5
"""For an entry of the topic that the previous question was about."""


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


def match_all(base: Base, question: Question, inherited: Inherited = NOTHING, *, unnamed: bool = False) -> list[Match]:
    """Every entry that the question names, the best first; ``unnamed``: those that only share something with it."""
    question = placed(question, inherited, base.places - base.about)
    names_nothing = not any(not group(sense) and sense not in base.about for sense in question.senses)
    bare = names_nothing or points_back(question.spans)
    values = interrogatives(question)
    known = question.senses | inherited.senses
    asked = _Asked(
        question,
        inherited,
        values,
        known=known,
        bare=bare,
        leans=len(known) > len(question.senses)
        and (bare or not (question.counting and "joint.of-the" in question.senses)),
        checks=is_claim(question),
        points=pointing(question, inherited, base.places - base.about, bare=bare),
        level=not values.isdisjoint(VALUE_ASKS["point"] | {"ask.share"}) and question.senses.isdisjoint(DIFFERENCES),
    )
    found = [
        _match(base, entry, asked, weight)
        for entry in _candidates(base, asked, unnamed=unnamed)
        if ((weight := _identity(base, entry, asked)) < 0) is unnamed
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
    leans: bool
    """What it names may belong to what was asked before; "how many of those are banks" counts a part of it."""
    checks: bool
    """It only asks whether: "what do they cover?" - "is insurance mentioned?" looks for it in what was answered."""
    points: Pointing | None
    level: bool
    """Asks for a level, not for a difference: "how much is the cost", not "how much lower"."""


def _candidates(base: Base, asked: _Asked, *, unnamed: bool) -> Iterable[Entry]:
    """The entries that may be named; those that merely share something, where that is wanted or a figure may name."""
    if unnamed or asked.question.quantities:
        return [entry for entry in base.entries.values() if not entry.explains.isdisjoint(asked.known)]
    return {entry.id: entry for sense in asked.known for entry in base.naming.get(sense, ())}.values()


def interrogatives(question: Question) -> frozenset[str]:
    """``ask.…`` senses of the question's interrogatives, not of mere nouns."""
    if not question.asks:
        return question.asks
    return frozenset(sense for span in question.spans if is_asking(span) for sense in span.senses) & question.asks


def explained_anew(base: Base, match: Match, question: Question) -> Match:
    """An unnamed entry's match with what it leaves unexplained, which only a refusal wants to know."""
    if match.identified:
        return match
    return replace(match, unexplained=left_unexplained(base, match.entry, question, interrogatives(question)))


def _match(base: Base, entry: Entry, asked: _Asked, weight: float) -> Match:
    question = asked.question
    unexplained: tuple[Span, ...] = left_unexplained(base, entry, question, asked.values) if weight >= 0 else ()
    foreign = tuple(quantity for quantity in question.quantities if not mentions(base, entry, quantity))
    score = max(weight, 0.0)
    score += ALSO_WEIGHT * fsum([base.weights.get(sense, 1.0) for sense in question.senses & entry.explains])
    specific = asked.values - GENERIC_ASKS or asked.inherited.asks - GENERIC_ASKS
    score += ASK_BONUS * (not entry.allowed.isdisjoint(specific))
    score += TOPIC_BONUS * (entry.topic in asked.inherited.topics)
    return Match(entry, score, weight >= 0, unexplained, foreign)


def _identity(base: Base, entry: Entry, asked: _Asked) -> float:
    """Information in the best set of concepts that names the entry; -1 where none is complete."""
    own = asked.question.senses
    if asked.points is not None and asked.points.rules_out(entry, asked.inherited):
        return -1.0
    if entry.asks == AVERAGE and "ask.average" not in own:
        return -1.0
    best = -1.0
    level = asked.level and bool(entry.direction)
    looks = asked.checks and entry.id in asked.inherited.facts and not entry.named.isdisjoint(own)
    for concepts in entry.identified:
        if level and len(concepts) == 1:
            continue
        if concepts <= own:
            best = max(best, OWN_BONUS + fsum([base.weights[sense] for sense in concepts]))
        elif asked.leans and concepts <= asked.known and (asked.bare or looks or not concepts.isdisjoint(own)):
            said = (base.weights[sense] * (1.0 if sense in own else INHERITED_WEIGHT) for sense in concepts)
            best = max(best, fsum(said))
    if best < 0 and not entry.derived and any(is_value(entry, quantity) for quantity in asked.question.quantities):
        return 1.0 if any(not concepts.isdisjoint(own) for concepts in entry.identified) else -1.0
    return best
