"""What people say of themselves around a question changes nothing; what bounds the question still refuses."""

import pytest

from tests.knowledge.conftest import Ask

ASIDES = [
    ("My minister has a meeting on Thursday, how many QDLP pilots are there?", "qdlp-enterprises"),
    ("How many QDLP pilots are there? My boss wants it by noon.", "qdlp-enterprises"),
    ("exam in ten minutes, what is the QDLP quota", "qdlp-quota"),
    ("What is the QDLP quota, because my professor has asked for it", "qdlp-quota"),
    ("For a footnote: how many institutions are in the consortium?", "consortium-size"),
    ("Somebody at lunch claimed that 80 institutions are in the consortium", "consortium-size"),
    ("领导下午要看，联合体有多少家机构", "consortium-size"),
    ("联合体有多少家机构？写论文用", "consortium-size"),
    ("同行跟我说创新政策已经出到八十多项了，属实吗？", "policy-count"),
]


@pytest.mark.parametrize(("question", "fact"), ASIDES)
def test_what_is_said_of_the_asker_changes_nothing(ask: Ask, question: str, fact: str) -> None:
    outcome = ask(question)
    assert outcome.kind == "answer"
    assert fact in outcome.facts


BOUNDS = [
    "In my country, how many QDLP pilots are there?",
    "We are looking at 2019. How many bonds were issued?",
    "My boss is in Shanghai, how many QDLP pilots are there?",
    "I only mean Nagoya. How many QDLP pilots?",
    "My client asks for green bonds, how many were issued?",
    "How many professors are in the consortium?",
    "How many ministers are in the consortium?",
    "How many students took the exam at the summit?",
    "联合体里有多少位教授",
    "我在上海，QDLP试点有几家",
]


@pytest.mark.parametrize("question", BOUNDS)
def test_what_bounds_the_question_or_is_asked_for_still_refuses(ask: Ask, question: str) -> None:
    assert ask(question).kind != "answer"


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Why is Yijiehui's licence such a milestone?", "yijiehui-licence-first"),
        ("What is so special about the first green loan?", "green-loan-first"),
        ("易结汇的牌照为什么这么重要", "yijiehui-licence-first"),
    ],
)
def test_why_it_matters_is_what_it_is(ask: Ask, question: str, fact: str) -> None:
    assert fact in ask(question).facts
    assert ask(question).kind == "answer"


def test_why_it_is_so_stays_a_gap(ask: Ask) -> None:
    assert ask("Why is the financing cost lower?").kind == "none"


def test_which_takes_what_follows_it(ask: Ask) -> None:
    assert ask("Which sectors are the Singapore institutions in?").kind == "answer"
    assert ask("Which Singapore institutions are in Chongqing?").kind == "none"
    assert ask("新加坡机构涉及的行业有哪些").kind == "answer"
    assert ask("新加坡机构有哪些").kind == "none"
