"""What must not matter: case, width, punctuation, invisible characters, script. And any text at all gets a reply."""

import random
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import text
from knowledge.engine import Knowledge
from knowledge.outcome import Context
from tests.knowledge.questions import single

KNOWLEDGE = Knowledge.load()
SAMPLE = 150
KINDS = {"answer", "suggest", "none", "chat"}


def sample(*, chinese: bool = False) -> list[str]:
    """The same 150 questions of the open sets in every run."""
    questions = [each for each in single() if not chinese or text.has_chinese(each)]
    return random.Random(SAMPLE).sample(questions, SAMPLE)


def full_width(question: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in question)


def with_zero_width(question: str) -> str:
    return "\u200b".join(question) + "\u2060"


CHANGES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "full width": full_width,
    "zero-width characters": with_zero_width,
    "right-to-left marks": lambda question: f"\u200f{question}\u200e",
    "blanks around": lambda question: f"  \t{question}\u00a0 \n",
    "decomposed": lambda question: unicodedata.normalize("NFD", question),
    "more question marks": lambda question: question.rstrip("?？") + "???",
    "exclamation": lambda question: question.rstrip("?？") + "!",
    "emoji": lambda question: question + " 🙏",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_way_of_writing_never_changes_the_reply(change: str) -> None:
    for question in sample():
        before, after = KNOWLEDGE.answer(question), KNOWLEDGE.answer(CHANGES[change](question))
        assert (after.kind, after.facts) == (before.kind, before.facts), question


@pytest.mark.parametrize("convert", [text.traditional, text.simplified], ids=["traditional", "simplified"])
def test_traditional_and_simplified_get_the_same_facts(convert: Callable[[str], str]) -> None:
    for question in sample(chinese=True):
        before, after = KNOWLEDGE.answer(question), KNOWLEDGE.answer(convert(question))
        assert (after.kind, after.facts) == (before.kind, before.facts), question


def test_the_language_of_the_reply_never_changes_its_facts() -> None:
    for question in sample()[:75]:
        plain = KNOWLEDGE.answer(question)
        for language in ("en", "zh-Hans", "zh-Hant"):
            other = KNOWLEDGE.answer(question, language=language)
            assert other.language == language
            assert (other.kind, other.facts) == (plain.kind, plain.facts), question


def test_the_same_question_gets_the_same_reply() -> None:
    again = Knowledge.load()
    for question in sample()[:75]:
        assert KNOWLEDGE.answer(question) == again.answer(question)


@settings(max_examples=150)
@given(st.text(st.characters(), max_size=200))
def test_any_text_gets_a_reply(written: str) -> None:
    replied(written)


PHRASES = sorted(phrase for phrase in KNOWLEDGE._reader._lexicon.senses if len(phrase) < 30)
SPLICES = st.lists(
    st.one_of(
        st.sampled_from(PHRASES),
        st.sampled_from(["?", "，", "and", "$", "%", "7", "亿", "not", "more than", "\ud800", "<b>", "top", "/", "第"]),
    ),
    max_size=12,
)


@settings(max_examples=250)
@given(SPLICES, st.booleans(), SPLICES)
def test_any_splice_of_known_phrases_gets_a_reply(first: list[str], spaced: bool, second: list[str]) -> None:
    glue = " " if spaced else ""
    context = replied(glue.join(first))
    replied(glue.join(second), context)


def replied(written: str, previous: Context | None = None) -> Context:
    outcome = KNOWLEDGE.answer(written, previous)
    assert outcome.kind in KINDS
    assert outcome.text.strip()
    assert 0 <= outcome.confidence <= 1
    assert len(outcome.suggestions) <= 3
    outcome.text.encode("utf-8")
    assert outcome.kind != "answer" or outcome.facts or "not from the article" in outcome.text or "并非" in outcome.text
    return outcome.context


@settings(max_examples=60)
@given(st.sampled_from(sample()), st.text(st.characters(categories=["Cf", "Cc", "Cs"]), max_size=20))
def test_invisible_noise_around_a_question_changes_nothing(question: str, noise: str) -> None:
    noise = "".join(each for each in noise if not each.isspace())
    before, after = KNOWLEDGE.answer(question), KNOWLEDGE.answer(noise + question + noise)
    assert (after.kind, after.facts, after.text) == (before.kind, before.facts, before.text)
