"""Yes is said only of what a fact's own sentence says; what may stand in a question about it is not thereby so."""

import pytest

from tests.knowledge.conftest import Ask

YES = ("Yes", "是的")


@pytest.mark.parametrize(
    "question",
    [
        "Are there banks among the Singapore institutions in Chongqing?",
        "Are the policy breakthroughs nationwide?",
        "Has the bond ranking improved?",
        "Have the QDLP pilots been licensed?",
        "Are there 4 licensed QDLP pilot enterprises?",
        "QDLP试点企业拿到牌照了吗",
        "Are the QDLP pilots funds?",
        "QDLP试点企业是基金吗",
        "Did MAS approve the new model?",
        "Is the consortium Chinese?",
        "Does cross-border financing include loans?",
        "Has $24 billion been lent to companies?",
        "Is the comprehensive cost lower than in Singapore?",
        "Has the consortium grown to 78?",
        "Did Chongqing issue 74 policies?",
        "Does the summit take place in Chongqing?",
        "重庆自个儿算不算在那十二个西部省份里头",
        "Were the US dollar bonds worth $3 billion?",
        "Is the $24 billion only for Chongqing?",
        "Is Chongqing ranked third for bonds?",
    ],
)
def test_what_the_article_does_not_say_gets_no_yes(ask: Ask, question: str) -> None:
    assert not ask(question).text.startswith((*YES, "Roughly", "基本"))


@pytest.mark.parametrize(
    "question",
    [
        "Was the green loan cross-border?",
        "Did Hainan join the agreement?",
        "Have 38 bonds been issued?",
        "Do the policies cover insurance?",
        "Were the REITs the first in Asia, not just China?",
        "海南参与金融合作协议了吗",
        "中新之间有74项金融创新政策，对吗",
        "跨境融资超过240亿美元了吗",
    ],
)
def test_what_it_says_does(ask: Ask, question: str) -> None:
    assert ask(question).text.startswith(YES)


@pytest.mark.parametrize(
    "question",
    [
        "How many QDLP licences were granted?",
        "How many QDLP funds are there in Chongqing?",
        "QDLP发了几张牌照",
        "QDLP有几只基金",
    ],
)
def test_what_a_fact_does_not_count_has_no_number(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.kind == "none"
    assert "QDLP" in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "How many firms hold QDLP pilot status in Chongqing?",
        "How many institutions make up the consortium?",
        "重庆有几家公司在做QDLP试点",
    ],
)
def test_another_word_for_what_it_counts_does(ask: Ask, question: str) -> None:
    assert ask(question).kind == "answer"


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("Have any new channels for raising money across borders been opened?", ("channels-new",)),
        ("西部和东盟的金融联系是不是更紧了", ("core-interaction",)),
    ],
)
def test_a_claim_is_answered_with_the_fact_that_says_it(ask: Ask, question: str, facts: tuple[str, ...]) -> None:
    reply = ask(question)
    assert reply.text.startswith(("Yes.", "是的。"))
    assert reply.facts == facts
