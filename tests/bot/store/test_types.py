"""Both databases keep the same values and refuse the same ones."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from bot.store.store import Store
from bot.store.tables import audit
from bot.store.types import clean_text, encode_json

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def kept(store: Store, **values: Any) -> Any:
    async with store.writing() as connection:
        await connection.execute(insert(audit).values(**({"at": NOW, "action": "test"} | values)))
        return (await connection.execute(select(audit))).one()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("nul \x00 byte", "nul  byte"),
        ("half an emoji \ud83d", "half an emoji ?"),
        ("重庆 😀 e\u0301", "重庆 😀 e\u0301"),
    ],
)
async def test_texts_are_cleaned(store: Store, given: str, stored: str) -> None:
    row = await kept(store, action=given, detail={given: [given, {"x": given}]})
    assert row.action == stored
    assert row.detail == {stored: [stored, {"x": stored}]}


async def test_ids_are_64_bits_wide(store: Store) -> None:
    row = await kept(store, user_id=2**52 - 1, chat_id=-1_002_345_678_901)
    assert (row.user_id, row.chat_id) == (2**52 - 1, -1_002_345_678_901)


async def test_times_are_instants(store: Store) -> None:
    shanghai = timezone(timedelta(hours=8))
    row = await kept(store, at=datetime(2026, 11, 23, 1, 30, tzinfo=shanghai))
    assert row.at == datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert row.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "values",
    [
        {"at": datetime(2026, 11, 23, 12)},  # noqa: DTZ001 - a naive time is the point
        {"user_id": "12"},
        {"user_id": True},
        {"user_id": 2**63},
        {"action": 12},
        {"detail": {"x": float("nan")}},
        {"action": None},
    ],
)
async def test_what_one_database_would_refuse_is_refused_by_both(store: Store, values: dict[str, Any]) -> None:
    with pytest.raises(StatementError):
        await kept(store, **values)
    assert (await kept(store)).action == "test"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_once_is_enough_and_harms_no_text(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
    assert encode_json({"text": text}).isascii()
