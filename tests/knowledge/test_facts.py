"""Every fact proved: all its phrasings in both languages lead to it, with one and the same figure."""

from fractions import Fraction

import pytest

from knowledge import amounts, text
from knowledge.base import Entry
from knowledge.engine import Knowledge
from knowledge.outcome import Answer
from knowledge.proving import figures
from knowledge.quantities import same_measure
from tests.knowledge.conftest import Ask

KNOWLEDGE = Knowledge.load()
ENTRIES = sorted(KNOWLEDGE.entries)
NUMERIC = [name for name in ENTRIES if KNOWLEDGE.entries[name].numeric]


@pytest.mark.parametrize("name", ENTRIES)
def test_every_phrasing_is_answered_by_its_fact_in_its_language(ask: Ask, name: str) -> None:
    entry = KNOWLEDGE.entries[name]
    assert entry.phrasings_en
    assert entry.phrasings_zh
    for phrasing in entry.phrasings_en:
        outcome = ask(phrasing)
        assert isinstance(outcome, Answer), phrasing
        assert name in outcome.facts, phrasing
        assert outcome.language == "en", phrasing
    for phrasing in entry.phrasings_zh:
        for written, language in ((phrasing, "zh-Hans"), (text.traditional(phrasing), "zh-Hant")):
            outcome = ask(written)
            assert isinstance(outcome, Answer), written
            assert name in outcome.facts, written
            assert outcome.language == language or text.traditional(phrasing) == phrasing, written


@pytest.mark.parametrize("name", NUMERIC)
def test_every_answer_to_a_figure_carries_that_figure(ask: Ask, name: str) -> None:
    entry = KNOWLEDGE.entries[name]
    for phrasing in (*entry.phrasings_en, *entry.phrasings_zh):
        outcome = ask(phrasing)
        bare = entry.figure.zh if text.has_chinese(phrasing) else entry.figure.en
        assert bare.lower() in outcome.text.lower() or carries(outcome.text, entry), phrasing


@pytest.mark.parametrize("name", NUMERIC)
def test_both_wordings_and_both_figures_hold_the_same_number(name: str) -> None:
    entry = KNOWLEDGE.entries[name]
    for written in (entry.sentence.en, entry.sentence.zh, entry.figure.en, entry.figure.zh):
        assert carries(written, entry), written


def carries(written: str, entry: Entry) -> bool:
    """Whether the entry's number stands in a text, in any unit that is the same measure."""
    numbers: set[Fraction] = set()
    for quantity in figures(written):
        numbers.add(quantity.number)
        same = same_measure(quantity, entry.unit)  # type: ignore[arg-type]
        if same:
            numbers.add(same.number)
    return entry.number in numbers


@pytest.mark.parametrize("name", ENTRIES)
def test_an_answer_says_where_the_article_says_it(ask: Ask, name: str) -> None:
    entry = KNOWLEDGE.entries[name]
    article = KNOWLEDGE.base.articles[entry.article]
    for source in (entry.source.en, entry.source.zh):
        assert article.published[:10] in source
        assert "[" in source
    assert article.publisher.en in entry.source.en
    assert "Source: " in ask(entry.phrasings_en[0]).text
    assert "来源：" in ask(entry.phrasings_zh[0]).text


@pytest.mark.parametrize("name", ENTRIES)
def test_a_qualifier_is_said_in_both_languages(name: str) -> None:
    entry = KNOWLEDGE.entries[name]
    words = {
        "over": ("over", "超过"),
        "nearly": ("nearly", "近"),
        "about": ("about", "约"),
        "within": ("among the top", "前"),
    }
    english, chinese = words.get(entry.comparator, ("", ""))
    assert english in entry.sentence.en.lower()
    assert chinese in entry.sentence.zh


def test_a_fact_has_a_statement_in_every_language(knowledge: Knowledge) -> None:
    for name in ENTRIES:
        english = knowledge.statement(name, "en")
        simplified = knowledge.statement(name, "zh-Hans")
        traditional = knowledge.statement(name, "zh-Hant")
        assert not text.has_chinese(english.sentence)
        assert text.simplified(simplified.sentence) == simplified.sentence
        assert text.simplified(traditional.sentence) == text.simplified(simplified.sentence)
        assert bool(english.figure) == bool(simplified.figure) == KNOWLEDGE.entries[name].numeric


@pytest.mark.parametrize(
    ("number", "unit", "comparator", "english", "chinese"),
    [
        ("730000000", "usd", "eq", "$730 million", "7.3亿美元"),
        ("24000000000", "usd", "over", "over $24 billion", "超过240亿美元"),
        ("7000000000", "usd", "nearly", "nearly $7 billion", "近70亿美元"),
        ("182500000", "usd", "eq", "$182.5 million", "1.825亿美元"),
        ("1.03", "point", "eq", "1.03 percentage points", "1.03个百分点"),
        ("103", "basis-point", "eq", "103 basis points", "103个基点"),
        ("1/3", "fraction", "eq", "one-third", "三分之一"),
        ("2/3", "fraction", "eq", "two-thirds", "三分之二"),
        ("2/7", "fraction", "eq", "28.57%", "七分之二"),
        ("3", "rank", "within", "among the top three", "前三"),
        ("74", "count", "eq", "74", "74"),
        ("12345", "count", "about", "about 12,345", "约12,345"),
    ],
)
def test_a_number_is_written_as_each_language_writes_it(
    number: str, unit: str, comparator: str, english: str, chinese: str
) -> None:
    assert amounts.figure(Fraction(number), unit, comparator, "en") == english
    assert amounts.figure(Fraction(number), unit, comparator, "zh") == chinese
