"""Dates that are put forward: each part must be the article's, and none is mistaken for another."""

from datetime import datetime

import pytest

from knowledge import text
from knowledge.engine import Knowledge
from knowledge.rules.dating import dated

PUBLISHED = datetime.fromisoformat("2026-01-14T05:44")

RIGHT = (
    "Was it published on 14 January 2026?", "is it dated Jan 14?", "published 1/14/2026?",
    "was it published on 2026-01-14?",
    "was it published on the 14th?", "was it posted at 5:44 am?", "was the article published on a Wednesday?",
    "is the article from January 2026?", "文章是2026年1月14号登的对吗", "发布时间是早上5点44分吗", "文章是周三发的吗",
    "文章是一月十四日发布的吗", "文章发布于1月吗", "was it published after 2025?",
    "had the article appeared before February 2026?",
    "was it posted before 6 am on 14 January 2026?", "文章是凌晨发布的吗",
    "was it published on 14/1/26?", "这篇是26年1月14号的？", "文章是2026年2月之前发的吗",
)  # fmt: skip
WRONG = (
    "Was it published on 5 January 2026?", "was the article published on January 1?", "published 1/4/2026?",
    "was it published on the 15th?", "was it posted at 5:44 pm?", "was it posted at 14:44 on 14 January?",
    "was the article published on Friday?", "is the article from 2025?", "文章是1月5日发布的吗",
    "稿子登出来的日子是1月4号对吧",
    "was it posted on the evening of 14 January 2026?", "was it published before January 2026?", "文章是晚上发的吗",
    "was it posted after 6:00 on 14 January 2026?", "文章是星期四发的吗",
    "was it published on 14/1/25?", "这篇是25年1月14号的？", "文章是2025年1月14日发的吗",
)  # fmt: skip


@pytest.mark.parametrize("claim", RIGHT)
def test_a_right_date_is_confirmed(knowledge: Knowledge, claim: str) -> None:
    assert knowledge.answer(claim).text.startswith(("Yes. The article", "是的。文章"))


@pytest.mark.parametrize("claim", WRONG)
def test_a_wrong_one_gets_the_right_one(knowledge: Knowledge, claim: str) -> None:
    assert knowledge.answer(claim).text.startswith(
        ("No. The article was published on 14 January", "不是。文章发布于2026年1月14日")
    )


@pytest.mark.parametrize(
    "claim",
    [
        "was it published before Friday?", "was it published before noon?", "was it published before 1/15/2026?",
        "was it published in early 2026?", "was it published this morning?", "文章是今天早上发的吗",
    ],
)  # fmt: skip
def test_what_cannot_be_held_against_a_moment_gets_no_verdict(knowledge: Knowledge, claim: str) -> None:
    assert not knowledge.answer(claim).text.startswith(("Yes", "No", "是的", "不是"))


@pytest.mark.parametrize(
    "written", ["in 2026 there were 38 bonds", "24 billion", "the 4th pilot", "of 78", "3 may", ""]
)
def test_a_number_that_is_no_date_is_left_over(written: str) -> None:
    said = dated(text.normalise(written))
    assert not said.whole or not said.fits(PUBLISHED)


@pytest.mark.parametrize(
    "claim", ["was the green loan made in January?", "绿色贷款是1月14日落地的吗", "is the quota 14?"]
)
def test_the_articles_date_is_no_facts_date(knowledge: Knowledge, claim: str) -> None:
    assert knowledge.answer(claim).kind == "none"
