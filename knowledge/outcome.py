"""What comes back from a question: one outcome, with the evidence for it.

Everything here is plain data that is never changed; what an answer makes dozens of is not frozen, which would take it
thrice as long. ``text`` is what a user reads, without markup; a front end that can show more
(Telegram) takes the parts: the statements, the suggestions, the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

Language = Literal["en", "zh-Hans", "zh-Hant"]
Kind = Literal["answer", "suggest", "none", "chat"]
Grade = Literal["topic", "figure", "scope"]
"""Why something is not stated: the topic is absent, the topic is there without that figure, the figure is there for
another place, party or period."""


@dataclass(slots=True)
class Statement:
    """One thing that the article states, or that follows from it."""

    fact: str
    """Id of the fact or derivation."""
    figure: str
    """The figure alone, as ``over $24 billion``; empty where the fact has none."""
    sentence: str
    """The whole answer sentence, in our own words."""
    source: str
    """Publisher, date, section and reference mark in one line."""
    quotation: str = ""
    """The article's own sentence, where the operator has its text; else empty."""
    note: str = ""
    """A caveat: derived, an assumption, how the question was read; else empty."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the article does answer, in our phrasing."""

    question: str
    fact: str


@dataclass(slots=True)
class Read:
    """One piece of the question and what it was read as."""

    text: str
    concept: str
    """Concept id, or empty where nothing is known of the piece."""
    repaired: str = ""
    """The spelling that it was read as, where it was repaired."""


@dataclass(slots=True)
class Candidate:
    """A fact that was considered, its score in 0..1, and why it was turned down (empty: it was not)."""

    fact: str
    score: float
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the outcome is what it is; shown by ``/why`` and ``ask --explain``."""

    normalised: str = ""
    read: tuple[Read, ...] = ()
    asked: str = ""
    """What the question asks for: ``count``, ``amount``, ``verify`` …"""
    leftover: tuple[str, ...] = ()
    """What nothing explains."""
    candidates: tuple[Candidate, ...] = ()
    rule: str = ""
    """The rule that decided, as one short phrase."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a follow-up may lean on: the previous question's concepts and facts. ``dataclasses.asdict`` is JSON-safe."""

    concepts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    asked: str = ""
    refused: bool = False
    """Whether that question was refused: "and insurance?" then asks the same of something else."""
    before: tuple[str, ...] = ()
    """The facts of the question before that one: "which of the two is larger?"."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What every outcome carries."""

    kind: ClassVar[Kind]

    text: str
    language: Language
    facts: tuple[str, ...] = ()
    """Ids of the facts that the text states as the answer; of the near facts where there is none."""
    confidence: float = 0.0
    """0..1, for ordering and for the log; never a gate."""
    suggestions: tuple[Suggestion, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    context: Context = field(default_factory=Context)
    """What the next question of the same user may lean on."""


@dataclass(frozen=True, slots=True)
class Answer(Outcome):
    """The article states it (or it follows by an allowed derivation)."""

    kind: ClassVar[Kind] = "answer"

    statements: tuple[Statement, ...] = ()
    verdict: str = ""
    """For a claim: the opening words, as ``No.``; for a comparison: its result; else empty."""
    not_stated: tuple[str, ...] = ()
    """For a message with several questions: a sentence for each part that is not stated."""


@dataclass(frozen=True, slots=True)
class Suggestions(Outcome):
    """More than one thing may be meant: at most three options, in our phrasing."""

    kind: ClassVar[Kind] = "suggest"


@dataclass(frozen=True, slots=True)
class NotStated(Outcome):
    """The article does not say. Names what is missing and offers the nearest facts."""

    kind: ClassVar[Kind] = "none"

    grade: Grade = "topic"
    reason: str = ""
    """One sentence: what is missing."""
    near: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallTalk(Outcome):
    """A greeting, thanks, or "what can I ask?"."""

    kind: ClassVar[Kind] = "chat"

    talk: str = ""
    """Which: ``greeting``, ``thanks``, ``help`` …"""
