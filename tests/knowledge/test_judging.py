"""Claims that have the article's figures and say more than it does: of whom, of what, of how many of them."""

import re

import pytest

from knowledge.engine import Knowledge
from tests.knowledge.conftest import Ask
from tests.knowledge.questions import single


@pytest.mark.parametrize(
    "claim",
    [
        "did Singapore lend $24bn to Chongqing",
        "did Chongqing raise $24 billion from Singapore",
        "重庆从新加坡融资超过240亿美元吗",
        "did the agreement involve 12 Singaporean provinces",
        "Do all 78 consortium members come from China?",
        "78家机构全是中资的吗",
        "do the 78 institutions come from Chongqing?",
    ],
)
def test_a_party_that_the_article_does_not_name_is_not_confirmed(ask: Ask, claim: str) -> None:
    assert ask(claim).kind == "none"


@pytest.mark.parametrize(
    "claim",
    [
        "has cross-border financing with Singapore passed $24 billion?",
        "重庆和新加坡的跨境融资超过240亿了吧",
        "did China issue 74 policies with Singapore?",
    ],
)
def test_a_partner_does_nothing_alone(ask: Ask, claim: str) -> None:
    assert ask(claim).text.startswith(("Yes.", "是的。"))


@pytest.mark.parametrize(
    "claim",
    [
        "is one third of all banks in Chongqing from ASEAN?",
        "do ASEAN banks make up a third of all bank branches in the city?",
        "重庆三分之一的银行来自东盟吗",
        "东盟银行占重庆所有银行的三分之一吧",
    ],
)
def test_a_share_of_another_whole_is_not_confirmed(ask: Ask, claim: str) -> None:
    reply = ask(claim)
    assert reply.kind == "none"
    assert "foreign bank branches" in reply.text or "外资银行分行" in reply.text


def test_a_share_of_the_whole_that_is_meant_is_judged(ask: Ask) -> None:
    assert ask("are a third of the foreign bank branches from ASEAN?").text.startswith("Yes.")
    assert ask("do ASEAN banks hold a third?").text.startswith("Yes.")
    assert ask("外资银行分行有一半属于东盟，对吗").text.startswith("不是。")


@pytest.mark.parametrize(
    "claim",
    [
        "do all the policies cover insurance?",
        "全部政策都涉及保险吗",
        "74项政策都和保险有关吗",
        "are the policies mainly about insurance?",
        "74项政策多半是管跨境结算的吧",
    ],
)
def test_what_is_said_of_some_is_not_confirmed_of_most_or_all(ask: Ask, claim: str) -> None:
    assert "是的" not in ask(claim).text
    assert ask(claim).kind == "none"


@pytest.mark.parametrize(
    "question",
    [
        "Have any Singapore payment firms been licensed to do business in Chongqing?",
        "did Chongqing grant licences to Singapore companies?",
        "新加坡有没有支付公司拿到了中国的牌照",
        "Yijiehui是新加坡的公司吗",
    ],
)
def test_who_grants_does_not_receive(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


def test_nothing_came_before_the_first(ask: Ask) -> None:
    reply = ask("Had any central or western enterprise been granted a Singapore licence before Yijiehui?")
    assert "is the first enterprise" in reply.text
    assert not reply.text.startswith(("Yes", "No"))


def test_they_are_what_was_spoken_of(ask: Ask) -> None:
    assert ask("So 38 bonds were issued and together they brought in $24bn?").kind == "none"
    assert "regulatory cooperation" in ask("Who runs MAS?", "but what has been set up with it?").text


@pytest.mark.parametrize(
    "conversation",
    [
        ("What headcount do the 78 institutions have between them?",),
        ("38只当中金额最大的一只是多少",),
        ("How many Singapore institutions are there?", "and how many of those are fund managers?"),
    ],
)
def test_a_part_of_what_was_counted_is_a_gap(ask: Ask, conversation: tuple[str, ...]) -> None:
    assert ask(*conversation).kind == "none"


@pytest.mark.parametrize(
    "question",
    [
        "12 western provinces plus Hainan makes how many?",
        "12个省再加海南一共是几个",
        "counting Hainan, how many provinces signed?",
    ],
)
def test_a_sum_is_one_answer(ask: Ask, question: str) -> None:
    assert ask(question).facts == ("agreement-parties",)


@pytest.mark.parametrize(
    ("claim", "opening"),
    [
        ("is the QDLP quota between 700 and 750 million dollars?", "Yes."),
        ("QDLP额度在8亿到9亿美元之间吗", "不是。"),
        ("跨境融资240多亿美元，属实？", "是的。"),
        ("听说给西部融了70多亿美元，属实？", "不是。"),
        ("QDLP额度7亿3千万美元，我没记错吧", "是的。"),
        ("QDLP额度有十个亿美元了吧", "不是。"),
        ("seventy-odd joint policies, would that be fair to say?", "Yes."),
        ("a dozen western provinces are in the agreement, right?", "Yes."),
    ],
)
def test_ranges_and_round_numbers_are_judged(ask: Ask, claim: str, opening: str) -> None:
    assert ask(claim).text.startswith(opening)


@pytest.mark.parametrize("claim", ["38只新债券是那78家机构发行的吗", "五家分行是不是来自五个东盟国家"])
def test_a_number_of_other_things_is_no_claim_about_ours(ask: Ask, claim: str) -> None:
    assert ask(claim).kind == "none"


INTERROGATIVE = re.compile(r"(what|which|how many|how much|who|whose|where|when)\b", re.IGNORECASE)


def test_what_and_which_are_never_answered_with_yes_or_no(knowledge: Knowledge) -> None:
    asked = [each for each in single("en") if INTERROGATIVE.match(each) and " and is " not in each]
    judged = [each for each in asked if knowledge.answer(each).text.startswith(("Yes.", "No."))]
    assert len(asked) > 1000
    assert judged == []
