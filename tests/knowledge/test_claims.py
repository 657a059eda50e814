"""Claims against figures: interval logic, and what the bot says to it."""

from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.engine import Knowledge
from knowledge.quantities import Comparator, Quantity, Unit
from knowledge.reading import Span
from knowledge.rules.claims import Interval, Verdict, check_number, claimed, stated
from tests.knowledge.conftest import Ask, Read

KNOWLEDGE = Knowledge.load()
PLAIN = KNOWLEDGE._turn("", "en", None).question

TABLE = [
    # the quota is $730 million
    ("qdlp-quota", "is the quota over a billion?", "No."),
    ("qdlp-quota", "is the QDLP quota more than $700 million?", "Yes."),
    ("qdlp-quota", "is the QDLP quota $730 million?", "Yes."),
    ("qdlp-quota", "is the QDLP quota $0.73 billion?", "Yes."),
    ("qdlp-quota", "is the QDLP quota $740 million?", "No."),
    ("qdlp-quota", "is the QDLP quota at most $730 million?", "Yes."),
    ("qdlp-quota", "is the QDLP quota below $730 million?", "No."),
    ("qdlp-quota", "QDLP额度是不是7.3亿美元？", "是的。"),
    ("qdlp-quota", "QDLP额度超过10亿美元吗", "不是。"),
    ("qdlp-quota", "QDLP额度是7.3亿人民币吗", "不完全对：请注意单位。"),
    # four pilots
    ("qdlp-enterprises", "are there 5 QDLP pilots?", "No."),
    ("qdlp-enterprises", "are there at least 4 QDLP pilots?", "Yes."),
    ("qdlp-enterprises", "are there more than 4 QDLP pilots?", "No."),
    ("qdlp-enterprises", "QDLP试点是不是有5家？", "不是。"),
    ("qdlp-enterprises", "QDLP试点有四家，对吗", "是的。"),
    # over 20 institutions
    ("sg-institutions", "are there more than 20 Singapore institutions in Chongqing?", "Yes."),
    ("sg-institutions", "are there fewer than 20 Singapore institutions in Chongqing?", "No."),
    ("sg-institutions", "are there exactly 20 Singapore institutions in Chongqing?", "No."),
    ("sg-institutions", "are there 10 Singapore institutions in Chongqing?", "No."),
    # over $24 billion
    ("xborder-financing", "is cross-border financing over $24 billion?", "Yes."),
    ("xborder-financing", "is cross-border financing under $20 billion?", "No."),
    ("xborder-financing", "跨境融资超过200亿美元了吗", "是的。"),
    # nearly $7 billion
    ("western-financing", "did the western provinces get more than $7 billion of financing?", "No."),
    ("western-financing", "did the western provinces get less than $7 billion of financing?", "Yes."),
    # a third
    ("asean-bank-share", "东盟银行占外资行三分之一，对吗", "是的。"),
    ("asean-bank-share", "do ASEAN banks make up half of foreign bank branches?", "No."),
    # 1.03 percentage points, not per cent
    ("cost-gap", "is the financing cost 1.03 percentage points lower than domestic?", "Yes."),
    ("cost-gap", "is the financing cost 1.03% lower than domestic?", "Not quite"),
    ("cost-gap", "is the financing cost higher than domestic rates?", "No, it is the other way round."),
    # among the top three
    ("bonds-rank", "does Chongqing rank in the top five for bonds nationally?", "Yes."),
    ("bonds-rank", "are the new bonds among the top five in the country?", "Yes."),
]


@pytest.mark.parametrize(("fact", "question", "opening"), TABLE, ids=[question for _, question, _ in TABLE])
def test_the_verdict_of_a_claim(ask: Ask, fact: str, question: str, opening: str) -> None:
    outcome = ask(question)
    assert outcome.kind == "answer"
    assert outcome.text.startswith(opening)
    assert fact in outcome.facts


@pytest.mark.parametrize(
    "question",
    [
        "is cross-border financing more than $25 billion?",
        "跨境融资超过250亿美元吗",
        "are there more than 30 Singapore institutions in Chongqing?",
        "does Chongqing rank number one nationally for bonds?",
        "新发债券是不是全国第一名",
        "is the innovative product total over $4 billion?",
    ],
)
def test_what_the_figure_neither_proves_nor_rules_out(ask: Ask, question: str) -> None:
    outcome = ask(question)
    assert outcome.kind == "none"
    assert "neither proves nor rules" in outcome.text or "不能证实" in outcome.text


NUMERIC = MappingProxyType({name: entry for name, entry in KNOWLEDGE.entries.items() if entry.numeric})
QUANTITIES = st.builds(
    Quantity,
    number=st.fractions(0, 10**11, max_denominator=1000),
    unit=st.sampled_from(get_args(Unit)),
    comparator=st.sampled_from([each for each in get_args(Comparator) if each not in {"ne", "between"}]),
    step=st.sampled_from([Fraction(0), Fraction(1, 100), Fraction(1), Fraction(10**8)]),
)


@given(st.sampled_from(sorted(NUMERIC)), QUANTITIES)
def test_a_claim_and_its_negation_are_never_both_supported(name: str, quantity: Quantity) -> None:
    verdict = check_number(NUMERIC[name], quantity, PLAIN)
    negated = check_number(NUMERIC[name], quantity, replace(PLAIN, negations=(Span(0, 1, "not", ("polar.not",)),)))
    decided = {Verdict.SUPPORTED, Verdict.REFUTED}
    if verdict in decided:
        assert {verdict, negated} == decided
    else:
        assert negated is not Verdict.SUPPORTED


@given(st.sampled_from(sorted(NUMERIC)), QUANTITIES)
def test_supported_and_refuted_exclude_each_other(name: str, quantity: Quantity) -> None:
    fact, claim = stated(NUMERIC[name]), claimed(quantity)
    assert not (fact.within(claim) and fact.apart(claim))


@given(
    st.sampled_from(sorted(NUMERIC)), st.sampled_from(["gt", "ge"]), st.fractions(0, 10**11), st.fractions(0, 10**10)
)
def test_a_lower_threshold_is_never_harder_to_exceed(
    name: str, comparator: Comparator, threshold: Fraction, less: Fraction
) -> None:
    entry = NUMERIC[name]
    high = stated(entry).within(claimed(Quantity(threshold, comparator=comparator)))
    low = stated(entry).within(claimed(Quantity(threshold - less, comparator=comparator)))
    assert low or not high


@given(
    st.sampled_from(sorted(NUMERIC)), st.sampled_from(["lt", "le"]), st.fractions(0, 10**11), st.fractions(0, 10**10)
)
def test_a_higher_threshold_is_never_harder_to_stay_below(
    name: str, comparator: Comparator, threshold: Fraction, more: Fraction
) -> None:
    entry = NUMERIC[name]
    low = stated(entry).within(claimed(Quantity(threshold, comparator=comparator)))
    high = stated(entry).within(claimed(Quantity(threshold + more, comparator=comparator)))
    assert high or not low


BOUNDS = st.one_of(st.none(), st.fractions(-100, 100, max_denominator=4))
INTERVALS = st.builds(Interval, BOUNDS, BOUNDS, st.booleans(), st.booleans()).filter(
    lambda each: each.low is None or each.high is None or each.low < each.high
)


@given(INTERVALS, INTERVALS)
def test_intervals_agree_with_the_numbers_in_them(left: Interval, right: Interval) -> None:
    numbers = [Fraction(step, 8) for step in range(-808, 809)]
    both = [each for each in numbers if holds(left, each) and holds(right, each)]
    outside = [each for each in numbers if holds(left, each) and not holds(right, each)]
    if left.within(right):
        assert not outside
    if left.apart(right):
        assert not both
    assert left.apart(right) == right.apart(left)


def holds(interval: Interval, number: Fraction) -> bool:
    above = interval.low is None or number > interval.low or (number == interval.low and interval.low_in)
    below = interval.high is None or number < interval.high or (number == interval.high and interval.high_in)
    return above and below


def test_the_tolerance_is_half_of_the_last_digit_that_was_written(ask: Ask) -> None:
    assert ask("is the QDLP quota $0.7 billion?").text.startswith("Yes.")
    assert ask("is the QDLP quota $0.70 billion?").text.startswith("No.")
    assert ask("is the cost gap 1 percentage point?").text.startswith("Yes.")


def test_a_number_that_only_names_the_fact_is_no_claim(ask: Ask, read: Read) -> None:
    outcome = ask("what do the 74 policies cover")
    assert "policy-areas" in outcome.facts
    assert not outcome.text.startswith("Yes")
