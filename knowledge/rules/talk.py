"""Small talk: greetings, thanks, "what can I ask?". Only where nothing else is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.lexicon import ARTICLE, HARMLESS
from knowledge.outcome import SmallTalk
from knowledge.spans import FREE_SENSES

if TYPE_CHECKING:
    from knowledge.turn import Turn

TOPICAL = frozenset({"ask.topics", "ask.which", "ask.what"})
ORDER = ("help", "identity", "wellbeing", "thanks", "bye", "greeting", "fine")


def small_talk(turn: Turn) -> SmallTalk | None:
    """The reply to small talk; None where the question says anything else."""
    kinds = {sense.removeprefix("talk.") for sense in turn.question.senses if sense.startswith("talk.")}
    if not kinds or turn.question.quantities or not all(_is_talk(span.senses) for span in turn.question.spans):
        return None
    kind = next(kind for kind in ORDER if kind in kinds)
    if kind == "help" and turn.inherited.topics and turn.question.asks & TOPICAL:
        return None  # "how many policies?" - "on what topics?"
    return SmallTalk(
        text=talk_text(turn, kind),
        language=turn.language,
        confidence=1.0,
        evidence=turn.evidence(f"small talk: {kind}", ()),
        talk=kind,
    )


def _is_talk(senses: tuple[str, ...]) -> bool:
    if any(sense.startswith(("talk.", "joint.")) or sense == ARTICLE for sense in senses):
        return True
    return HARMLESS in senses or bool(FREE_SENSES & set(senses))


def talk_text(turn: Turn, kind: str) -> str:
    """What to say to small talk of that kind."""
    article = turn.base.newest()
    first, second = example_questions(turn)
    topics = turn.join([turn.pick(topic.title) for topic in article.topics])
    return turn.say(f"talk_{kind}", title=turn.pick(article.title), a=first, b=second, topics=topics)


def example_questions(turn: Turn) -> tuple[str, str]:
    """Two questions that the newest article answers."""
    article = turn.base.newest()
    entries = [turn.base.entries[fact] for fact in article.key_facts]
    chosen = entries[:1] + entries[len(entries) // 2 : len(entries) // 2 + 1]
    phrased = [phrasing(turn, entry.id) for entry in chosen]
    return phrased[0], phrased[-1]


def phrasing(turn: Turn, fact: str) -> str:
    """The first question, in the reader's language, that the fact answers."""
    entry = turn.base.entries[fact]
    if turn.language == "en":
        question = entry.phrasings_en[0]
        return f"{question[:1].upper()}{question[1:]}?"
    from knowledge.text import traditional

    question = entry.phrasings_zh[0] + "？"
    return question if turn.language == "zh-Hans" else traditional(question)
