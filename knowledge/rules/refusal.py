"""Saying honestly that the article does not hold an answer: what is missing, and the nearest that it does say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from knowledge.lexicon import group
from knowledge.matching import Match, explained_anew
from knowledge.outcome import NotStated, Suggestion
from knowledge.rules.reasons import reason_of, word_reason
from knowledge.rules.talk import example_questions, phrasing
from knowledge.schema import Text
from knowledge.spans import is_free

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import Entry
    from knowledge.outcome import Grade
    from knowledge.schema import Concept
    from knowledge.turn import Turn

MOST_NEAR: Final = 2


def refuse(turn: Turn) -> NotStated:
    """The refusal for a question that nothing answers."""
    neighbour = _neighbour(turn)
    if neighbour is not None:
        return _other_thing(turn, neighbour)
    match = _nearest(turn)
    if match is None:
        return _nothing_near(turn)
    match = explained_anew(turn.base, match, turn.question)
    reason, grade = reason_of(turn, match)
    return _not_stated(turn, reason, grade, _near_entries(turn, match), "something in the question is unexplained")


def undecided(turn: Turn, match: Match) -> NotStated:
    """The refusal for a claim that the article neither proves nor rules out."""
    return _not_stated(turn, turn.say("undecided"), "figure", [match], "claim undecided by interval logic")


def unlimited(turn: Turn, match: Match) -> NotStated:
    """The refusal for "is it the only one?": the article says that it is one, and nothing of others."""
    return _not_stated(turn, turn.say("not_only"), "figure", [match], "the article limits nothing to it")


def undefined(turn: Turn, entries: Sequence[Entry]) -> NotStated:
    """The refusal for "what does microloan mean?": the article uses the term, and does not say what it is."""
    near = [_as_near(turn, entry.id) for entry in entries]
    return _not_stated(turn, turn.say("not_defined"), "figure", near, "the article does not define the term")


def unnamed(turn: Turn, entry: Entry) -> NotStated:
    """The refusal for "who are the 78?": the article counts them, and names none."""
    asked = {"ask.who", "ask.which", "ask.names", "ask.list"}
    gap = next((turn.pick(gap.wording) for gap in entry.gaps if asked & set(gap.asked)), "")
    reason = gap or turn.say("no_figure", what=turn.say("no_names"))
    return _not_stated(turn, reason, "figure", [_as_near(turn, entry.id)], "the article names none of those it counts")


def _nearest(turn: Turn) -> Match | None:
    """The named entry that leaves least unexplained; an unnamed one only where it shares a telling word."""
    named = turn.matches
    if not named:
        own = turn.question.senses
        named = [
            m for m in turn.others if any(not group(s) and s not in turn.base.about for s in own & m.entry.explains)
        ]
    return min(
        named, key=lambda m: (len(m.unexplained) + len(m.numbers), m.entry.derived, -m.score, m.entry.id), default=None
    )


def _near_entries(turn: Turn, match: Match) -> list[Match]:
    same = [
        m
        for m in turn.matches
        if m.entry.topic == match.entry.topic and m.identified and m is not match and not m.entry.derived
    ]
    return [match, *sorted(same, key=lambda m: (len(m.unexplained), -m.score))][:MOST_NEAR]


def _neighbour(turn: Turn) -> tuple[str, Concept] | None:
    """What the user wrote of a thing that the article's data knows as confusable, and its concept."""
    for span in turn.question.spans:
        for sense in span.senses:
            concept = turn.base.concepts.get(sense)
            if concept and concept.near:
                return span.text, concept
    return None


def _other_thing(turn: Turn, neighbour: tuple[str, Concept]) -> NotStated:
    """The refusal for a confusable neighbour: why it is another thing, and the facts that it is confused with."""
    written, concept = neighbour
    names = (*concept.names.en, *concept.names.zh)
    name = next((each for each in names if each.casefold() == written), written)
    glue = " " if turn.language == "en" else ""
    reason = turn.say("absent", what=turn.pick(Text(name, name))) + (
        glue + turn.pick(concept.why) if concept.why else ""
    )
    near = [match for fact in concept.near for match in [_as_near(turn, fact)]]
    refused = _not_stated(turn, reason, "topic", near, "a neighbour that must not be confused with the article's facts")
    return replace(refused, context=turn.context(()))  # "and its rank?" does not ask for the neighbour's


def _as_near(turn: Turn, fact: str) -> Match:
    return Match(turn.base.entries[fact], 0.0, identified=True, unexplained=(), numbers=())


def _not_stated(turn: Turn, reason: str, grade: Grade, near: Sequence[Match], rule: str) -> NotStated:
    entries = [match.entry for match in near]
    lines = [reason]
    if entries:
        lines.append(turn.say("near"))
        lines += [turn.say("item_sentence", sentence=turn.pick(entry.sentence)) for entry in entries]
        lines.append(turn.say("source", source=turn.pick(entries[0].source)))
    return NotStated(
        text="\n".join(lines),
        language=turn.language,
        facts=tuple(entry.id for entry in entries),
        confidence=0.0,
        suggestions=tuple(Suggestion(phrasing(turn, entry.id), entry.id) for entry in entries),
        evidence=turn.evidence(rule),
        context=turn.context(entries) if near and near[0].identified else turn.context(()),
        grade=grade,
        reason=reason,
        near=tuple(turn.statement(entry) for entry in entries),
    )


def _nothing_near(turn: Turn) -> NotStated:
    question = turn.question
    if question.empty or all(span.quantity is None and is_free(span) for span in question.spans):
        reason = turn.say("empty", a=example_questions(turn)[0])
        return NotStated(
            text=reason, language=turn.language, evidence=turn.evidence("nothing to read", ()), reason=reason
        )
    known = [span for span in question.spans_left() if not is_free(span)]
    reason, grade = word_reason(turn, [s for s in known if not set(s.senses) & turn.base.about]) or (
        turn.say("absent_all"),
        "topic",
    )
    first, second = example_questions(turn)
    return NotStated(
        text=reason + "\n" + turn.say("try_asking", a=first, b=second),
        language=turn.language,
        evidence=turn.evidence("nothing in the question names a fact"),
        grade=grade,
        reason=reason,
    )
