"""Numbers as people write them, in both languages."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import text
from knowledge.numerals import read_number
from knowledge.quantities import Quantity, same_measure
from tests.knowledge.conftest import Read

BILLION = 10**9

NUMBERS = [
    ("$24bn", 24 * BILLION, "usd"),
    ("24 billion dollars", 24 * BILLION, "usd"),
    ("US$7.3 billion", 7_300_000_000, "usd"),
    ("730m USD", 730_000_000, "usd"),
    ("7.3亿美元", 730_000_000, "usd"),
    ("二百四十亿美元", 24 * BILLION, "usd"),
    ("240亿美金", 24 * BILLION, "usd"),
    ("240亿", 24 * BILLION, ""),
    ("24,000,000,000", 24 * BILLION, ""),
    ("twenty four billion", 24 * BILLION, ""),
    ("two hundred and forty million", 240_000_000, ""),
    ("half a billion dollars", 500_000_000, "usd"),
    ("seven point three billion dollars", 7_300_000_000, "usd"),
    ("twenty four point one bn", 24_100_000_000, ""),
    ("one point oh three percentage points", Fraction(103, 100), "point"),
    ("seventy-four policies", 74, ""),
    ("七十四项", 74, ""),
    ("1.2k", 1200, ""),
    ("两家", 2, ""),
    ("十家", 10, ""),
    ("５家", 5, ""),
    ("a third", Fraction(1, 3), "fraction"),
    ("one-third", Fraction(1, 3), "fraction"),
    ("1/3", Fraction(1, 3), "fraction"),
    ("one in three", Fraction(1, 3), "fraction"),
    ("1 in 3", Fraction(1, 3), "fraction"),
    ("one out of every three", Fraction(1, 3), "fraction"),
    ("三分之一", Fraction(1, 3), "fraction"),
    ("三分一", Fraction(1, 3), "fraction"),
    ("一半", Fraction(1, 2), "fraction"),
    ("百分之三十", 30, "percent"),
    ("30%", 30, "percent"),
    ("30 percent", 30, "percent"),
    ("三成", 30, "percent"),
    ("1.03 percentage points", Fraction(103, 100), "point"),
    ("1.03个百分点", Fraction(103, 100), "point"),
    ("103 bps", 103, "basis-point"),
    ("103个基点", 103, "basis-point"),
    ("top three", 3, "rank"),
    ("前三", 3, "rank"),
    ("number one", 1, "rank"),
    ("第二名", 2, "rank"),
    ("5th", 5, "rank"),
    ("2019", 2019, "year"),
    ("2019年", 2019, "year"),
    ("19年", 2019, "year"),
    ("€500m", 500_000_000, "currency"),
    ("100元人民币", 100, "cny"),
]


@pytest.mark.parametrize(("written", "number", "unit"), NUMBERS, ids=[written for written, _, _ in NUMBERS])
def test_the_number_and_its_unit(read: Read, written: str, number: Fraction, unit: str) -> None:
    (quantity,) = read(written).quantities
    assert (quantity.number, quantity.unit) == (number, unit)


COMPARATORS = [
    ("more than 20", "gt"),
    ("20+", "gt"),
    ("20多家", "gt"),
    ("超过20家", "gt"),
    ("at least 78", "ge"),
    ("至少78家", "ge"),
    ("fewer than 4", "lt"),
    ("under 10", "lt"),
    ("不到5家", "lt"),
    ("no more than 5", "le"),
    ("not more than 5", "le"),
    ("不超过三家", "le"),
    ("roughly 5", "about"),
    ("70亿左右", "about"),
    ("exactly 38", "eq"),
    ("正好38", "eq"),
    ("38", ""),
    ("全国前五", "le"),
    ("第一名", "eq"),
]


@pytest.mark.parametrize(("written", "comparator"), COMPARATORS, ids=[written for written, _ in COMPARATORS])
def test_the_comparator(read: Read, written: str, comparator: str) -> None:
    (quantity,) = read(written).quantities
    assert quantity.comparator == comparator


@pytest.mark.parametrize("written", ["一家", "one of them", "how many pilots", "the zero", "QDLP"])
def test_what_is_no_number(read: Read, written: str) -> None:
    assert not read(written).quantities


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("7.3 billion", 10**8),
        ("1.03", Fraction(1, 100)),
        ("74", 1),
        ("24000", 1000),
        ("240亿", 10**8),
        ("7.3亿", 10**7),
    ],
)
def test_how_precisely_it_was_written(read: Read, written: str, step: Fraction) -> None:
    (quantity,) = read(written).quantities
    assert quantity.step == step


def test_units_turn_into_each_other_only_without_knowledge_of_the_world() -> None:
    points = same_measure(Quantity(Fraction(103), "basis-point"), "point")
    assert points is not None
    assert points.number == Fraction(103, 100)
    assert same_measure(Quantity(Fraction(100), "cny"), "usd") is None
    assert same_measure(Quantity(Fraction(1), "percent"), "point") is None


@given(st.integers(0, 10**15))
def test_digits_mean_their_value(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        quantity = read_number(text.tokens(text.normalise(written)), 0)
        assert quantity is not None
        assert quantity.number == number


@given(st.integers(1, 9999), st.sampled_from([("bn", BILLION), ("million", 10**6), ("亿", 10**8), ("万", 10**4)]))
def test_magnitudes_multiply(number: int, magnitude: tuple[str, int]) -> None:
    quantity = read_number(text.tokens(text.normalise(f"{number}{magnitude[0]}")), 0)
    assert quantity is not None
    assert quantity.number == number * magnitude[1]


@given(st.text(st.sampled_from("一二三四五六七八九十百千万亿点分之半零两第前0123456789.,/% -abmnth"), max_size=30))
def test_no_string_of_numerals_raises(written: str) -> None:
    tokens = text.tokens(text.normalise(written))
    for at in range(len(tokens)):
        quantity = read_number(tokens, at)
        assert quantity is None or at < quantity.end <= len(tokens)
