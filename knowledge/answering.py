"""From a text to an outcome: the one verb of the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.following import NOTHING, Inherited
from knowledge.rules.comparison import comparison
from knowledge.rules.facts import facts
from knowledge.rules.glossary import definition
from knowledge.rules.listing import listing, overview
from knowledge.rules.lookup import lookup
from knowledge.rules.meta import meta
from knowledge.rules.refusal import refuse
from knowledge.rules.talk import small_talk

if TYPE_CHECKING:
    from knowledge.outcome import Context, Outcome
    from knowledge.turn import Turn

RULES: Final = (small_talk, comparison, meta, listing, definition, overview, lookup, facts)
"""Tried in this order; the first that returns an outcome decides."""


def decide(turn: Turn) -> Outcome:
    """The outcome of one question."""
    for rule in RULES:
        outcome = rule(turn)
        if outcome is not None:
            return outcome
    return refuse(turn)


def inherited_from(turn_base: Turn, context: Context | None) -> Inherited:
    """What a follow-up takes over."""
    if context is None or not (context.concepts or context.facts):
        return NOTHING
    entries = turn_base.base.entries
    topics = frozenset(entries[fact].topic for fact in context.facts if fact in entries)
    return Inherited(
        frozenset(context.concepts),
        frozenset(context.asked.split()),
        topics,
        frozenset(context.facts),
        context.refused,
        frozenset(context.before),
    )
