"""What is among others, what is apart, what else there is, and who did a thing alone."""

import pytest

from tests.knowledge.conftest import Ask


@pytest.mark.parametrize(
    "question",
    [
        "besides RMB funds, which other policy had a breakthrough in western China",
        "除了人民币基金之外，还有什么政策在西部突破",
        "除跨境直贷之外还强调什么",
    ],
)
def test_what_else_a_fact_names_is_answered(ask: Ask, question: str) -> None:
    assert ask(question).kind == "answer"


@pytest.mark.parametrize(
    "question",
    [
        "besides the REITs, what was launched?",
        "Besides the summit, which other platform is there?",
        "除了Yijiehui，还有谁拿到牌照",
    ],
)
def test_what_stands_alone_has_nothing_beside_it(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


@pytest.mark.parametrize(
    "question",
    [
        "China issued the 74 policies on its own, no?",
        "China issued the 74 policies alone, no?",
        "Only China issued the 74 policies, right?",
        "只有中国出台了74项政策，对吗",
        "74项政策是中国一家出台的吧",
    ],
)
def test_one_of_two_parties_did_not_do_it_alone(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert not reply.text.startswith(("Yes", "是的"))
    assert "China and Singapore" in reply.text or "中国和新加坡" in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "Do the 12 western provinces include Hainan?",
        "12 western provinces including Hainan signed, right?",
        "Is Hainan one of the 12?",
        "西部12省包括海南吗",
        "合作协议的12个西部省份里有海南吗",
    ],
)
def test_what_is_named_apart_is_not_counted_in(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.text.startswith(("The article does not say so; it says:", "文章没有这样说"))
    assert reply.facts == ("agreement-provinces",)


@pytest.mark.parametrize(
    "question",
    ["Does the agreement with the 12 western provinces include Hainan?", "跟12个西部省份的合作协议包括海南吗"],
)
def test_what_the_agreement_includes_is_confirmed(ask: Ask, question: str) -> None:
    assert ask(question).text.startswith(("Yes.", "是的。"))


@pytest.mark.parametrize(
    "question",
    [
        "Is the nearly $7bn for the west already counted inside the $24bn?",
        "只有重庆本地企业才能用跨境直贷吗",
        "Are only Chongqing firms allowed to use direct loans?",
    ],
)
def test_a_relation_that_is_only_supposed_is_refused(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"
