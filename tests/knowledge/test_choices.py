"""A or B: settled where one side is the fact's own and the other is not."""

import pytest

from tests.knowledge.conftest import Ask


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Is the 730 million an annual or a cumulative QDLP quota?", "cumulative"),
        ("Is the fintech pilot approved or completed?", "have been approved"),
        ("东盟银行在重庆设的是分行还是代表处", "5家分行"),
        ("境外REITs是全国首单还是亚洲首单", "亚洲首单"),
    ],
)
def test_a_choice_of_which_the_fact_has_one_is_settled(ask: Ask, question: str, said: str) -> None:
    reply = ask(question)
    assert reply.kind == "answer"
    assert said in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "Are the 78 members banks or insurers?",
        "Is the quota annual or monthly?",
        "would you call the consortium a success or a talking shop?",
        "在重庆，是东盟银行的分行多，还是新加坡的金融机构多？",
    ],
)
def test_a_choice_that_no_fact_settles_is_not_answered(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


def test_where_a_thing_is_done_is_not_told_by_the_articles_own_places(ask: Ask) -> None:
    assert ask("金融科技试点是放在重庆还是放在新加坡做？").kind == "none"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Financing for the western provinces: a bit above or a bit below 7bn?", "nearly $7 billion"),
        ("融资成本那个1.03，是比境内高还是低", "低1.03个百分点"),
        ("Does the 1.03 refer to a financing cost above, rather than below, domestic rates?", "lower"),
        ("绿色跨境贷款是头一笔还是第二笔", "首笔"),
    ],
)
def test_which_way_it_is_needs_no_yes_and_no_no(ask: Ask, question: str, said: str) -> None:
    reply = ask(question)
    assert reply.kind == "answer"
    assert said in reply.text
    assert not reply.text.startswith(("Yes", "No", "是的", "不是"))
