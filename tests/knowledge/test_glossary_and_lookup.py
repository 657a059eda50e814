"""Definitions, reverse look-ups, lists, overviews, and questions about the article itself."""

import pytest

from knowledge.engine import Knowledge
from knowledge.outcome import Answer
from tests.knowledge.conftest import Ask

NOT_FROM_ARTICLE = "(General explanation, not from the article.)"
NOT_FROM_ARTICLE_ZH = "（一般解释，并非文章内容。）"


@pytest.mark.parametrize(
    ("question", "explained"),
    [
        ("what does QDLP mean?", "Qualified Domestic Limited Partner"),
        ("what is MAS?", "Monetary Authority of Singapore"),
        ("what is a REIT?", "real estate investment trust"),
        ("define ASEAN", "Association of Southeast Asian Nations"),
        ("what does REIT stand for", "real estate investment trust"),
    ],
)
def test_a_term_is_explained_and_marked_as_not_from_the_article(ask: Ask, question: str, explained: str) -> None:
    reply = ask(question).text
    assert explained in reply
    assert NOT_FROM_ARTICLE in reply


def test_a_term_is_explained_in_chinese(ask: Ask) -> None:
    assert NOT_FROM_ARTICLE_ZH in ask("QDLP是什么意思").text
    assert "（一般解釋，並非文章內容。）" in ask("QDLP是什麼意思").text


def test_beside_the_explanation_stands_what_the_article_says(ask: Ask) -> None:
    reply = ask("what is MAS?").text
    assert reply.index(NOT_FROM_ARTICLE) < reply.index("The article says: ") < reply.index("Source: ")


def test_every_gloss_is_found_in_both_languages(ask: Ask, knowledge: Knowledge) -> None:
    glossed = [concept for concept in knowledge.base.concepts.values() if concept.gloss]
    assert len(glossed) >= 4
    for concept in glossed:
        assert concept.gloss
        assert concept.gloss.en in ask(f"what does {concept.names.en[0]} mean?").text
        assert concept.gloss.zh in ask(f"{concept.names.zh[0]}是什么意思？").text


def test_a_term_that_nothing_explains_is_not_explained(ask: Ask) -> None:
    assert ask("what does QFLP mean?").kind == "none"
    assert NOT_FROM_ARTICLE not in ask("what does cross-border financing mean?").text


LOOKUPS = [
    ("what is 730 million?", "qdlp-quota"),
    ("what is 0.73 billion dollars?", "qdlp-quota"),
    ("7.3亿是什么？", "qdlp-quota"),
    ("what is the 78?", "consortium-size"),
    ("38是什么", "bonds-issued"),
    ("what does the number 74 refer to?", "policy-count"),
    ("what's 1.03 about?", "cost-gap"),
    ("what is the $24bn?", "xborder-financing"),
]


@pytest.mark.parametrize(("question", "fact"), LOOKUPS)
def test_a_figure_leads_to_its_fact(ask: Ask, question: str, fact: str) -> None:
    outcome = ask(question)
    assert outcome.kind == "answer"
    assert fact in outcome.facts


@pytest.mark.parametrize("question", ["what is 731 million?", "what is 79?", "39是什么", "what is the $21.7bn?"])
def test_a_figure_that_is_not_there_is_not_answered(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


def test_every_figure_leads_back_to_its_fact(ask: Ask, knowledge: Knowledge) -> None:
    bare = [entry for entry in knowledge.entries.values() if entry.unit == "usd" and not entry.derived]
    assert len(bare) == 4
    for entry in bare:
        figure = entry.figure.en.removeprefix("over ").removeprefix("nearly ")
        assert entry.id in ask(f"what is {figure}?").facts


def test_lists(ask: Ask, knowledge: Knowledge) -> None:
    money = {entry.id for entry in knowledge.entries.values() if entry.unit == "usd" and not entry.derived}
    firsts = {entry.id for entry in knowledge.entries.values() if "first" in entry.tags}
    for question, facts in [
        ("list all the dollar amounts", money),
        ("列出所有金额", money),
        ("what are the firsts?", firsts),
        ("有哪些首个", firsts),
    ]:
        assert set(ask(question).facts) == facts, question


def test_the_gist_of_the_article(ask: Ask, knowledge: Knowledge) -> None:
    article = knowledge.base.newest()
    for question, gist in [
        ("what is the article about?", article.gist.en),
        ("summarise the article", article.gist.en),
        ("文章讲了什么", article.gist.zh),
    ]:
        outcome = ask(question)
        assert gist in outcome.text, question
        assert outcome.facts == article.key_facts


def test_an_overview_holds_every_fact_of_its_topic(ask: Ask, knowledge: Knowledge) -> None:
    for topic, questions in {"policies": ("policies", "政策"), "green": ("green finance", "绿色金融")}.items():
        stated = {entry.id for entry in knowledge.entries.values() if entry.topic == topic and not entry.derived}
        for question in questions:
            assert set(ask(question).facts) == stated, question


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what is the source of the article?", "Sou Hu Cai Jing"),
        ("这篇文章出处是哪里", "搜狐财经"),
        ("when was the article published?", "14 January 2026, 05:44"),
        ("文章什么时候发布的", "2026年1月14日 05:44"),
        ("what is the title of the article?", "Western financial centre"),
        ("was it published on 14 January 2026?", "Yes."),
        ("was the article published in 2024?", "No."),
        ("is the source Xinhua?", "No."),
    ],
)
def test_questions_about_the_article_itself(ask: Ask, question: str, words: str) -> None:
    outcome = ask(question)
    assert isinstance(outcome, Answer)
    assert words in outcome.text


def test_a_name_finds_its_facts_even_misspelt(knowledge: Knowledge) -> None:
    assert knowledge.find("qdlp-quota") == ["qdlp-quota"]
    assert knowledge.find("cumulative qdlp quota")[0] == "qdlp-quota"
    assert "qdlp-quota" in knowledge.find("cumulatve qdlp quoat")
    assert "qdlp-quota" in knowledge.find("QDLP額度")
    assert knowledge.find("zzz") == []


def test_a_fact_is_stated_by_its_id(knowledge: Knowledge) -> None:
    statement = knowledge.statement("qdlp-quota", "zh-Hant")
    assert statement.figure == "7.3億美元"
    assert statement.source.startswith("搜狐財經")
    with pytest.raises(KeyError):
        knowledge.statement("no-such-fact", "en")
