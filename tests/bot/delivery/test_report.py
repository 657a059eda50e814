"""A report that no spreadsheet computes."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.report import FORMULA, HEADER, cell, table


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_a_formula_becomes_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_numbers_of_ours_stay_numbers() -> None:
    assert [cell(value) for value in (-1001, 0, None, "plain")] == ["-1001", "0", "", "plain"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")))
def test_any_title_survives_and_computes_nothing(title: str) -> None:
    read = list(
        csv.reader(io.StringIO(table([(-1, title, 0, "en", "sent", None, None)]).decode("utf-8-sig"), newline=""))
    )
    assert read[0] == list(HEADER)
    assert read[1][1].removeprefix("'") == title.removeprefix("'")
    assert not read[1][1].lstrip(" \n\v\f").startswith(FORMULA)
