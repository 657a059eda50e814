"""Comparing facts, and the only arithmetic that is allowed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.engine import Knowledge
from knowledge.formulas import evaluate
from knowledge.outcome import Answer
from tests.knowledge.conftest import Ask


def test_which_of_two_amounts_is_larger(ask: Ask) -> None:
    for question in (
        "which is larger, the QDLP quota or the innovative products?",
        "QDLP quota vs innovative products, which is bigger?",
    ):
        reply = ask(question).text
        assert reply.startswith("Innovative products"), question
        assert "over $3 billion against $730 million" in reply


def test_the_difference_of_two_exact_figures_is_given(ask: Ask) -> None:
    assert "36 more" in ask("which is greater, the 38 bonds or the 74 policies?").text
    assert "36" in ask("政策和债券哪个多？").text


def test_no_difference_is_given_where_a_figure_is_a_bound(ask: Ask) -> None:
    reply = ask("which is larger, cross-border financing or financing for western provinces?").text
    assert "over $24 billion" in reply
    assert "17" not in reply


def test_different_kinds_of_figures_are_not_compared(ask: Ask) -> None:
    reply = ask("which is smaller, the bonds or the cost gap?").text
    assert "cannot be compared" in reply


def test_amounts_in_order(ask: Ask) -> None:
    reply = ask("rank the dollar amounts from largest to smallest").text
    places = [reply.index(figure) for figure in ("over $24 billion", "nearly $7 billion", "over $3 billion", "$730 m")]
    assert places == sorted(places)
    reply = ask("金额从小到大排序").text
    places = [reply.index(figure) for figure in ("7.3亿", "超过30亿", "近70亿", "超过240亿")]
    assert places == sorted(places)


def test_the_largest_and_the_smallest(ask: Ask) -> None:
    assert "over $24 billion" in ask("what is the largest amount?").text
    assert "7.3亿美元" in ask("金额最小的是哪个").text


@pytest.mark.parametrize(
    "question",
    [
        "which is larger, Chongqing's cross-border financing or Chengdu's?",
        "QDLP quota compared with last year",
        "重庆和成都谁的跨境融资多？",
        "is the QDLP quota larger than Shanghai's?",
    ],
)
def test_nothing_is_compared_with_what_the_article_does_not_hold(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


DERIVED = [
    ("what is the average quota per pilot?", "qdlp-average", "$182.5 million"),
    ("平均每家QDLP有多少额度？", "qdlp-average", "1.825亿美元"),
    ("how many foreign bank branches are there in total?", "foreign-bank-branches", "about 15"),
    ("重庆一共有多少家外资银行分行？", "foreign-bank-branches", "约15家"),
    ("how many foreign bank branches are not from ASEAN?", "other-foreign-branches", "About 10"),
    ("how many basis points cheaper is it?", "cost-gap-basis-points", "103 basis points"),
    ("融资成本低了多少个基点？", "cost-gap-basis-points", "103个基点"),
]


@pytest.mark.parametrize(("question", "derivation", "figure"), DERIVED, ids=[question for question, _, _ in DERIVED])
def test_a_listed_derivation_gives_its_figure_and_its_caveat(
    ask: Ask, knowledge: Knowledge, question: str, derivation: str, figure: str
) -> None:
    outcome = ask(question)
    assert isinstance(outcome, Answer)
    assert derivation in outcome.facts
    assert figure in outcome.text
    entry = knowledge.entries[derivation]
    assert (entry.note.en if outcome.language == "en" else entry.note.zh) in outcome.text


def test_every_derivation_says_that_it_is_derived(knowledge: Knowledge) -> None:
    derived = [entry for entry in knowledge.entries.values() if entry.derived]
    assert derived
    for entry in derived:
        assert "Derived" in entry.note.en
        assert "由文章数字" in entry.note.zh


@pytest.mark.parametrize(
    "question",
    [
        "what is 5 plus 38?",
        "sum of the bonds and the policies",
        "multiply the quota by 2",
        "how many policies per bond?",
        "cross-border financing minus the quota",
        "how many Singapore institutions per ASEAN branch?",
        "QDLP额度加跨境融资一共多少",
        "average amount per bond",
        "24 billion divided by 38",
        "what would the quota be with six pilots?",
    ],
)
def test_nothing_else_is_ever_computed(ask: Ask, knowledge: Knowledge, question: str) -> None:
    assert ask(question).kind != "answer"


@pytest.mark.parametrize(
    ("formula", "value"),
    [("a / b", Fraction(15)), ("a / b - a", Fraction(10)), ("a-c * 100", Fraction(200)), ("a + 1", Fraction(6))],
)
def test_a_formula_is_computed_exactly(formula: str, value: Fraction) -> None:
    assert evaluate(formula, {"a": Fraction(5), "b": Fraction(1, 3), "a-c": Fraction(2)}) == value


@pytest.mark.parametrize(
    "formula",
    ["", "a +", "missing / a", "__import__('os')", "a ** 2", "a / 0", "a.real", "a()", "1.5 * a", "a if a else a"],
)
def test_a_formula_that_does_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        evaluate(formula, {"a": Fraction(5)})


@given(st.text(st.sampled_from("ab+-*/() 019.,'x[]{}"), max_size=25))
def test_any_formula_has_a_value_or_is_refused(formula: str) -> None:
    try:
        value = evaluate(formula, {"a": Fraction(5), "b": Fraction(1, 3)})
    except ValueError:
        return
    assert isinstance(value, Fraction)


@pytest.mark.parametrize(
    ("turns", "larger"),
    [
        (("How many policies?", "And consortium members?", "Which of the two is larger?"), "4 more"),
        (("How many Singapore institutions?", "And ASEAN bank branches?", "which is bigger?"), "over 20 institutions"),
        (("跨境融资多少", "西部省份呢", "这两个哪个大"), "跨境融资更大"),
    ],
)
def test_the_last_two_answers_are_compared(ask: Ask, turns: tuple[str, ...], larger: str) -> None:
    assert larger in ask(*turns).text


def test_of_unlike_or_refused_figures_none_is_larger(ask: Ask) -> None:
    assert ask("How many policies?", "How much cross-border financing?", "Which is larger?").kind == "none"
    assert ask("How many policies?", "How many QFLP pilots?", "Which is larger?").kind == "none"


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        (
            ["how much is the QDLP quota?", "is that more than what went to western provinces?"],
            "nearly $7 billion against $730 million",
        ),
        (["QDLP额度多少？", "这比西部省份的融资多吗"], "近70亿美元，对比7.3亿美元"),
        (["how many policies?", "more than the bonds?"], "36 more"),
    ],
)
def test_what_was_answered_is_compared_with_another(ask: Ask, turns: list[str], said: str) -> None:
    assert said in ask(*turns).text


@pytest.mark.parametrize("follow_up", ["is that more than in Shanghai?", "is it more than last year?"])
def test_what_was_answered_is_compared_with_nothing_foreign(ask: Ask, follow_up: str) -> None:
    assert ask("how many policies?", follow_up).kind == "none"


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        (["how many policies and bonds are there?", "which is larger?"], "36 more"),
        (["QDLP额度、跨境融资、西部省份融资，哪个金额最大？", "那最小的呢"], "从小到大"),
    ],
)
def test_what_was_listed_is_compared(ask: Ask, turns: list[str], said: str) -> None:
    assert said in ask(*turns).text


@pytest.mark.parametrize(
    "question",
    [
        "If five ASEAN branches are a third, about how many foreign bank branches does the city have?",
        "东盟分行5家占三分之一，那外资行分行总共多少",
    ],
)
def test_a_premise_with_the_figures_asks_for_what_follows_from_them(ask: Ask, question: str) -> None:
    assert ask(question).facts == ("foreign-bank-branches",)


@pytest.mark.parametrize(
    "question",
    [
        "Among the consortium members, are there more Chinese or Singaporean institutions?",
        "联合体里中资机构多还是新加坡机构多",
    ],
)
def test_parts_of_one_thing_are_not_compared(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"
