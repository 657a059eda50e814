"""One turn of a conversation: what the rules look at, and the sentences that they reply with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge import text
from knowledge.following import NOTHING, Inherited
from knowledge.lexicon import ORDINARY
from knowledge.matching import Match, match_all
from knowledge.outcome import Answer, Candidate, Context, Evidence, Read, Statement

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from knowledge.base import Base, Entry
    from knowledge.outcome import Language
    from knowledge.question import Question
    from knowledge.schema import Text

MOST_CANDIDATES = 5
ENGLISH_STOP = "."


@dataclass(slots=True)
class Turn:
    """A question together with everything that its answer may use."""

    base: Base
    question: Question
    replies: Mapping[str, Text]
    quotations: Mapping[str, str]
    """Fact id → the article's own sentence, where the operator has the text."""
    names: Mapping[str, tuple[str, str]]
    """Sense → what it is called in English and in Chinese."""
    spoken: Container[str]
    """Latin words that the articles are spoken of with."""
    inherited: Inherited = NOTHING
    _matches: list[Match] | None = field(default=None)

    @property
    def language(self) -> Language:
        """The language to answer in."""
        return self.question.language

    @property
    def matches(self) -> list[Match]:
        """Every entry that the question names, the best first."""
        if self._matches is None:
            self._matches = match_all(self.base, self.question, self.inherited)
        return self._matches

    @property
    def others(self) -> list[Match]:
        """Every entry that it does not name but shares something with, the best first."""
        return match_all(self.base, self.question, self.inherited, unnamed=True)

    def pick(self, wording: Text) -> str:
        """``wording`` in the language of the answer."""
        language = self.question.language
        if language == "en":
            return wording.en
        return wording.zh if language == "zh-Hans" else text.traditional(wording.zh)

    def say(self, key: str, **values: str) -> str:
        """A reply sentence, filled in."""
        return self.pick(self.replies[key]).format(**values)

    def statement(self, entry: Entry) -> Statement:
        """What an entry states, in the language of the answer."""
        return Statement(
            fact=entry.id,
            figure=self.pick(entry.figure),
            sentence=self.pick(entry.sentence),
            source=self.pick(entry.source),
            quotation=self.quotations.get(entry.id, ""),
            note=self.pick(entry.note),
        )

    def join(self, parts: Sequence[str], *, last: str = "and") -> str:
        """``a, b and c`` in the language of the answer."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("comma").join(parts[:-1]) + self.say(last) + parts[-1]

    def evidence(self, rule: str, matches: Iterable[Match] | None = None) -> Evidence:
        """What was read, what was considered and what decided."""
        question = self.question
        considered = list(self.matches or self.others if matches is None else matches)[:MOST_CANDIDATES]
        highest = max((match.score for match in considered), default=1.0) or 1.0
        return Evidence(
            normalised=question.normalised,
            read=tuple(
                Read(
                    span.text,
                    " | ".join(span.senses) or (str(span.quantity.number) if span.quantity else ""),
                    span.repaired,
                )
                for span in question.spans
            ),
            asked=", ".join(sorted(question.asks)) + (" (yes or no)" if question.polar else ""),
            leftover=self._leftover(considered),
            candidates=tuple(Candidate(m.entry.id, round(m.score / highest, 3), refusal_reason(m)) for m in considered),
            rule=rule,
        )

    def _leftover(self, considered: Sequence[Match]) -> tuple[str, ...]:
        """What the best entry leaves unexplained; where none is named, the words that nothing is known of."""
        if considered and considered[0].identified:
            return tuple(span.text for span in considered[0].unexplained)
        return tuple(span.text for span in self.question.spans if span.unknown or span.senses == (ORDINARY,))

    def context(self, entries: Sequence[Entry]) -> Context:
        """What a follow-up may lean on after an answer from ``entries``."""
        own, inherited = self.question.senses, self.inherited.senses
        known = own | inherited

        def named_by(concepts: frozenset[str]) -> tuple[int, int, int]:
            """How well a set of concepts is what was said: in this question, else in the one before, and no more."""
            return (len(concepts & own), len(concepts & inherited) if inherited else 0, -len(concepts))

        senses: dict[str, None] = {}
        for entry in entries[:3]:
            named = max([each for each in entry.identified if each <= known] or entry.identified, key=named_by)
            senses.update(dict.fromkeys(sorted(sense for sense in named | entry.antecedent if "." not in sense)))
        for sense in sorted(own):
            if "." not in sense and any(sense in entry.explains for entry in entries):
                senses[sense] = None
        asks = sorted(self.question.asks) or sorted(self.inherited.asks)
        return Context(tuple(senses), tuple(entry.id for entry in entries), " ".join(asks))

    def answer(
        self, rule: str, entries: Sequence[Entry], text_: str, *, verdict: str = "", confidence: float = 1.0
    ) -> Answer:
        """An answer from ``entries`` whose text is ``text_``."""
        return Answer(
            text=with_repairs(self, text_),
            language=self.language,
            facts=tuple(entry.id for entry in entries),
            confidence=confidence,
            evidence=self.evidence(rule),
            context=self.context(entries),
            statements=tuple(self.statement(entry) for entry in entries),
            verdict=verdict,
        )


def refusal_reason(match: Match) -> str:
    """Why an entry was turned down, in words for ``--explain``; empty where it was not."""
    if not match.identified:
        return "not named"
    if match.unexplained:
        return "unexplained: " + ", ".join(span.text for span in match.unexplained)
    if match.numbers:
        return "other number: " + ", ".join(quantity.text for quantity in match.numbers)
    return ""


def state(turn: Turn, entries: Sequence[Entry], verdict: str = "") -> str:
    """The answer text: verdict, sentences, caveats, and the sources at the end."""
    sentences = [turn.pick(entry.sentence) for entry in entries]
    notes = list(dict.fromkeys(note for entry in entries if (note := turn.pick(entry.note))))
    sources = list(dict.fromkeys(turn.pick(entry.source) for entry in entries))
    glue = " " if turn.language == "en" else ""
    body = glue.join(part for part in (verdict, *sentences, *notes) if part)
    return body + "\n" + "\n".join(turn.say("source", source=source) for source in sources)


def with_repairs(turn: Turn, text_: str) -> str:
    """``text_`` and, below it, which misspelt words were read as what."""
    repairs = [span for span in turn.question.spans if span.misspelt and is_worth_telling(span.misspelt, span.repaired)]
    lines = [
        turn.say(
            "repaired",
            written=span.misspelt,
            meant=span.repaired if turn.language != "zh-Hant" else text.traditional(span.repaired),
        )
        for span in repairs[:2]
    ]
    return "\n".join([text_, *lines])


def is_worth_telling(written: str, repaired: str) -> bool:
    """Whether the repair changed more than an ending."""
    return not repaired.startswith(written) and not written.startswith(repaired)
