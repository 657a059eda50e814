"""What a term means: a general explanation, marked as not from the article, beside what the article says with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.lexicon import HARMLESS, group
from knowledge.rules.refusal import undefined
from knowledge.spans import is_free
from knowledge.turn import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import Entry
    from knowledge.outcome import Answer, Outcome
    from knowledge.reading import Span
    from knowledge.turn import Turn


WHAT_IS: Final = frozenset(
    (
        "what whats wat wht wot explain 什么 是什么 啥 是啥 咩 系咩 乜 乜嘢 咩嘢 系乜 什么东西 咩嚟 系咩嚟 呢 "
        "指的是什么 是指什么 指什么 what_exactly explain_what what_kind_of what_sort_of"
    ).split()
)
"""Ways to ask what a thing is; others ("what about …") ask for news of it."""
BARE: Final = frozenset("什么 啥 咩 乜 什么东西".split())
COPULAS: Final = frozenset("是 系 叫 叫做 指 为 算 即 就是 的是 即是".split())
WHO_IS: Final = frozenset("who whos is are the 谁 是 谁是 是谁".split())
"""All that stands beside the name in a question who somebody is."""


def definition(turn: Turn) -> Outcome | None:
    """The explanation of the one term that a question asks the meaning of; None for any other question."""
    question = turn.question
    if question.quantities or question.polar or question.negated:
        return None
    asked = "ask.definition" in question.asks
    if not asked and not _only_what(turn) and not _only_who(turn):
        return None
    terms = _terms(turn)
    if terms is None or len(terms) != 1:
        return None
    (term,) = terms
    concept = turn.base.concepts[term]
    if concept.near or (concept.gloss is None and not asked):
        return None
    entries = [
        match.entry for match in turn.matches if frozenset({term}) in match.entry.identified and not match.entry.derived
    ][:2]
    if concept.gloss is None:
        return undefined(turn, entries)
    return _explained(turn, (turn.pick(concept.gloss), turn.say("not_from_article")), entries)


def _only_what(turn: Turn) -> bool:
    """Whether it asks what a thing is, not what about it: "what is QDLP?", not "what's new in fintech?"."""
    question = turn.question
    asked = [span.repaired or span.text for span in question.spans if "ask.what" in span.senses]
    what_is = bool(asked) and all(text.replace(" ", "_") in WHAT_IS for text in asked)
    return question.asks <= {"ask.what"} and what_is and not _has_verb(question.spans)


def _has_verb(spans: Sequence[Span]) -> bool:
    """Whether a bare 什么 is what somebody did: 和金管局建立了什么."""
    return any(
        span.text in BARE and before.senses == (HARMLESS,) and not COPULAS & {before.text, behind.text}
        for before, span, behind in zip(spans, spans[1:], [*spans[2:], *spans[:1]], strict=False)
    )


def _only_who(turn: Turn) -> bool:
    """Whether it is just "who is MAS?" or MAS是谁, and not "who is MAS working with?"."""
    if turn.question.asks != {"ask.who"}:
        return False
    said = [span.text for span in turn.question.spans if not any(sense in turn.base.concepts for sense in span.senses)]
    return all(word in WHO_IS for word in said)


def _terms(turn: Turn) -> set[str] | None:
    """The article's concepts in the question; None where anything else stands in it."""
    terms: set[str] = set()
    for span in turn.question.spans_left():
        senses = set(span.senses)
        concepts = {sense for sense in senses if not group(sense) and sense in turn.base.concepts}
        glossed = {sense for sense in concepts if turn.base.concepts[sense].gloss}
        if glossed:
            terms |= glossed
        elif (
            is_free(span) or senses & turn.base.about or senses & {"ask.what", "ask.definition", "ask.which", "ask.who"}
        ):
            continue
        elif concepts:
            terms |= {min(concepts)}
        else:
            return None
    return terms


def _explained(turn: Turn, gloss: tuple[str, ...], entries: list[Entry]) -> Answer:
    glue = " " if turn.language == "en" else ""
    said = glue.join(gloss)
    text = said + ("\n" + turn.say("also_says", sentence=state(turn, entries)) if entries else "")
    return turn.answer("the glossary explains the term", entries, text, verdict=said)
