"""A second article is data alone: another subject, other figures, and not a line of code."""

import re
import shutil
from pathlib import Path

import pytest

from knowledge import loading
from knowledge.checking import check_articles
from knowledge.engine import Knowledge
from knowledge.outcome import Context, NotStated, Outcome
from knowledge.proving import prove

ARTICLES = Path(__file__).parent.parent / "articles"
SLUG = "harbour-museum-2025"


@pytest.fixture(scope="module")
def both() -> Knowledge:
    return Knowledge.load(ARTICLES, texts_folder=ARTICLES)


def ask(knowledge: Knowledge, *messages: str) -> Outcome:
    context: Context | None = None
    for message in messages:
        outcome = knowledge.answer(message, context)
        context = outcome.context
    return outcome


def test_it_is_data_only() -> None:
    names = {path.name for path in (ARTICLES / SLUG).iterdir()}
    assert names == {"article.yaml", "concepts.yaml", "facts.yaml", "derivations.yaml"}


def test_it_has_no_findings_and_its_text_proves_every_figure() -> None:
    check_articles(loading.article_folders(ARTICLES))
    article = loading.read_folder(ARTICLES / SLUG)
    source = (ARTICLES / article.article.text_file).read_text(encoding="utf-8")
    assert prove(ARTICLES / SLUG, article, source) == []


def test_each_of_its_phrasings_is_answered_in_its_language(both: Knowledge) -> None:
    own = [entry for entry in both.entries.values() if entry.article == SLUG]
    assert len(own) == 10
    for entry in own:
        for phrasing in (*entry.phrasings_en, *entry.phrasings_zh):
            outcome = both.answer(phrasing)
            assert outcome.kind == "answer", phrasing
            assert entry.id in outcome.facts, phrasing


ANSWERED = [
    ("how many museum halls are there?", "museum-halls", "9 halls"),
    ("number of ship models", "ship-models", "over 600"),
    ("船模有多少？", "ship-models", "超过600件"),
    ("how much did the renovation cost?", "renovation-cost", r"\$45 million"),
    ("how much did the refurbishment cost?", "renovation-cost", r"\$45 million"),
    ("翻修花了多少钱？", "renovation-cost", "4,500万美元|4500万美元"),
    ("what share did donors pay?", "donor-share", "two-thirds"),
    ("捐款占多少比例", "donor-share", "三分之二"),
    ("where does the museum rank?", "museum-rank", "among the top five"),
    ("how many percentage points lower is the entrance fee?", "entrance-fee-fall", "2.5 percentage points"),
    ("博物館有多少觀眾", "museum-visitors", "近120萬名觀眾|近120萬|觀眾近120萬名"),
    ("average renovation cost per hall", "renovation-per-hall", r"\$5 million"),
    ("is the renovation more than 40 million dollars?", "renovation-cost", "^Yes."),
    ("翻修是不是花了六千万美元", "renovation-cost", "^不是。"),
    ("is the museum in the top ten?", "museum-rank", "^Yes."),
    ("how many muesum hals", "museum-halls", "9 halls"),
    ("what is 45 million?", "renovation-cost", r"\$45 million"),
    ("what does entrance fee mean?", "entrance-fee-fall", "not from the article"),
]


@pytest.mark.parametrize(("question", "fact", "words"), ANSWERED, ids=[question for question, _, _ in ANSWERED])
def test_its_questions_are_answered(both: Knowledge, question: str, fact: str, words: str) -> None:
    outcome = both.answer(question)
    assert outcome.kind == "answer"
    assert fact in outcome.facts
    assert re.search(words, outcome.text)


def test_its_facts_compare(both: Knowledge) -> None:
    reply = both.answer("which is larger, the renovation or the second wing?").text
    assert "$33 million more" in reply
    across = both.answer("which is larger, the QDLP quota or the renovation?")
    assert set(across.facts) <= {"qdlp-quota", "renovation-cost", "qdlp-average"}


def test_its_follow_ups(both: Knowledge) -> None:
    assert "museum-visitors" in ask(both, "how many halls does the museum have?", "and visitors?").facts
    assert ask(both, "how many halls does the museum have?", "and in Shanghai?").kind == "none"
    assert set(ask(both, "how many halls? and how many visitors?").facts) == {"museum-halls", "museum-visitors"}


REFUSED = [
    "how many museum halls in Shanghai?",
    "how many halls did the museum have in 2019?",
    "aquarium visitors",
    "水族馆有多少游客",
    "renovation cost in euros",
    "how many restaurants does the museum have?",
    "how many plane models does the museum keep?",
    "list the ship models",
    "when was the renovation?",
    "why is the entrance fee lower?",
    "how many ship models in Chongqing?",
    "museum visitors in Chongqing",
    "QDLP quota in Port Alden",
    "how many wings has the museum?",
]


@pytest.mark.parametrize("question", REFUSED)
def test_what_neither_article_holds_is_refused(both: Knowledge, question: str) -> None:
    outcome = both.answer(question)
    assert isinstance(outcome, NotStated)
    assert outcome.reason


def test_the_first_article_answers_as_before(both: Knowledge, knowledge: Knowledge) -> None:
    for entry in knowledge.entries.values():
        for phrasing in (entry.phrasings_en[0], entry.phrasings_zh[0]):
            before, after = knowledge.answer(phrasing), both.answer(phrasing)
            assert (after.kind, after.facts, after.text) == (before.kind, before.facts, before.text), phrasing


def test_the_gist_is_that_of_the_newest_article(both: Knowledge, knowledge: Knowledge) -> None:
    assert both.answer("what is the article about?").text == knowledge.answer("what is the article about?").text


def test_a_later_article_with_the_same_ids_holds_newer_observations(tmp_path: Path) -> None:
    shutil.copytree(ARTICLES / SLUG, tmp_path / "one" / SLUG)
    later = tmp_path / "two" / "harbour-museum-2027"
    shutil.copytree(ARTICLES / SLUG, later)
    replaced(later / "article.yaml", ("harbour-museum-2025", "harbour-museum-2027"), ("2025-06-30", "2027-06-30"))
    replaced(later / "facts.yaml", ('"9"', '"11"'), ('"45000000"', '"48000000"'))
    newer = Knowledge.load(tmp_path / "one", tmp_path / "two")
    outcome = newer.answer("how many museum halls are there?")
    assert "11 halls" in outcome.text
    assert "2027-06-30" in outcome.text
    assert newer.answer("average renovation cost per hall").text.startswith("On average the renovation cost $4.364")
    reversed_order = Knowledge.load(tmp_path / "two", tmp_path / "one")
    assert reversed_order.answer("how many museum halls are there?").text == outcome.text


def replaced(path: Path, *changes: tuple[str, str]) -> None:
    written = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in written
        written = written.replace(old, new)
    path.write_text(written, encoding="utf-8")
