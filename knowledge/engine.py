"""The knowledge base with its one verb: :meth:`Knowledge.answer`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from knowledge import compiling, loading, text
from knowledge.answering import decide, inherited_from
from knowledge.combining import in_parts, is_split
from knowledge.outcome import Answer, Context, NotStated, Outcome, Suggestion, Suggestions
from knowledge.phrasings import PhrasingIndex
from knowledge.question import understand
from knowledge.reading import Reader
from knowledge.rules.talk import phrasing
from knowledge.spelling import Speller
from knowledge.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from knowledge.base import Base, Entry
    from knowledge.compiling import Compiled
    from knowledge.outcome import Language, Statement


NEAR_NAME: Final = 70.0
"""A name that someone typed for a fact may be further off than a whole question."""


class Knowledge:
    """Facts, lexicon and rules, ready to answer. Immutable: a reload makes a new one."""

    def __init__(self, compiled: Compiled, quotations: Mapping[str, str] | None = None) -> None:
        self.base: Base = compiled.base
        self.version: str = compiled.version
        self._replies = compiled.replies
        self._names, self._spoken = compiled.lexicon.names, compiled.lexicon.spoken
        self._quotations = dict(quotations or {})
        self._phrased = [fact for fact, _ in compiled.phrased]
        self._phrasings = PhrasingIndex((phrase for _, phrase in compiled.phrased), ready=True)
        self._pinyin = compiled.pinyin
        self._reader = Reader(compiled.lexicon, Speller(compiled.lexicon, compiled.misspellings), compiled.homophones)

    @classmethod
    def load(
        cls,
        *folders: Path,
        texts_folder: Path | None = None,
        compile_: Callable[[Sequence[Path]], Compiled] = compiling.compiled,
    ) -> Knowledge:
        """The knowledge base of the built-in articles and of those below ``folders``.

        ``texts_folder`` holds the articles' own texts, for quotations; a text whose hash differs is not quoted.
        ``compile_`` is called where the cache has nothing; it may do so elsewhere.

        Raises:
            KnowledgeError: with every finding, where the data cannot be used.

        """
        articles = (loading.ARTICLES, *folders)
        found = compiling.kept(articles) or compile_(articles)
        return cls(found, _quotations(found.base, texts_folder))

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Facts and derivations by id."""
        return self.base.entries

    def answer(self, question: str, previous: Context | None = None, language: Language | None = None) -> Outcome:
        """The outcome of a question; ``previous`` is the context of the same user's question before.

        Never raises, whatever the text. ``language`` overrides the question's own.
        """
        normalised = text.normalise(question)
        whole = self._turn(normalised, language or text.language_of(question), previous)
        if any(span.unknown or span.repaired for span in whole.question.spans):
            normalised = self._pinyin.chinese(normalised, self._reader.knows)
            if normalised != whole.question.normalised:
                whole = self._turn(normalised, language or text.language_of(normalised), previous)
        outcome = decide(whole)
        if not text.is_cut(question):
            outcome = is_split(whole, outcome, self._turn) or in_parts(whole, outcome, previous, self._turn) or outcome
        elif isinstance(outcome, Answer):
            outcome = self._cut(whole, outcome)
        if isinstance(outcome, NotStated) and not outcome.near:
            outcome = self._near_phrasing(whole) or outcome
        if previous is not None and outcome.context == Context():
            outcome = replace(outcome, context=previous)
        return replace(outcome, context=_following_on(outcome, previous))

    def find(self, name: str) -> list[str]:
        """Ids of the facts that ``name`` may mean, the likeliest first; misspelt names are found too."""
        if name in self.base.entries:
            return [name]
        turn = self._turn(text.normalise(name), text.language_of(name), None)
        named = [match.entry.id for match in turn.matches if match.identified and not match.unexplained]
        if named:
            return named
        near = self._phrasings.nearest(name, NEAR_NAME)
        return [self._phrased[near[0]]] if near else []

    def statement(self, fact: str, language: Language) -> Statement:
        """What one fact states, in ``language``.

        Raises:
            KeyError: there is no such fact.

        """
        return self._turn("", language, None).statement(self.base.entries[fact])

    def chosen(self, fact: str, previous: Context | None = None) -> Context:
        """What a question may lean on after one fact was picked from what a question may have meant.

        Raises:
            KeyError: there is no such fact.

        """
        context = self._turn("", "en", previous).context([self.base.entries[fact]])
        return replace(context, before=previous.before if previous is not None else ())

    def _turn(self, normalised: str, language: Language, previous: Context | None) -> Turn:
        question = understand(normalised, self._reader.read(normalised), language, self.base.about)
        turn = Turn(self.base, question, self._replies, self._quotations, self._names, self._spoken)
        turn.inherited = inherited_from(turn, previous)
        return turn

    def _near_phrasing(self, turn: Turn) -> Suggestions | None:
        """The stored question that is nearest in spelling, offered where nothing in the question names a fact."""
        near = self._phrasings.nearest(turn.question.normalised, normalised=True)
        if near is None:
            return None
        option = Suggestion(phrasing(turn, self._phrased[near[0]]), self._phrased[near[0]])
        return Suggestions(
            text=f"{turn.say('did_you_mean')}\n1. {option.question}",
            language=turn.language,
            facts=(option.fact,),
            confidence=near[1] / 200,
            suggestions=(option,),
            evidence=turn.evidence("a stored question is spelt alike"),
        )

    def _cut(self, turn: Turn, outcome: Answer) -> Suggestions:
        """Only the beginning was read: what it seems to ask is offered, never answered."""
        facts = [fact for fact in outcome.facts if fact in self.base.entries][:3]
        options = tuple(Suggestion(phrasing(turn, fact), fact) for fact in facts)
        lines = [
            turn.say("cut"),
            *([turn.say("did_you_mean")] if options else []),
            *(f"{n}. {o.question}" for n, o in enumerate(options, 1)),
        ]
        return Suggestions(
            text="\n".join(lines),
            language=outcome.language,
            facts=tuple(facts),
            suggestions=options,
            evidence=turn.evidence("the message was cut"),
        )


def _following_on(outcome: Outcome, previous: Context | None) -> Context:
    """What the next question may lean on: this one's context, and the facts of the one before it."""
    context = outcome.context
    before = previous.facts if previous is not None and previous.facts != context.facts else context.before
    return replace(context, refused=isinstance(outcome, NotStated) or context.refused, before=before)


def _quotations(base: Base, folder: Path | None) -> dict[str, str]:
    """Fact id → its sentence, for the articles whose text lies in ``folder`` unchanged."""
    found: dict[str, str] = {}
    if folder is None:
        return found
    for article in base.articles.values():
        try:
            source = (folder / article.text_file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if hashlib.sha256(source.encode()).hexdigest() != article.text_sha256:
            continue
        for entry in base.entries.values():
            if entry.article == article.slug and not entry.derived:
                found[entry.id] = source[entry.sentence_at[0] : entry.sentence_at[1]]
    return found
