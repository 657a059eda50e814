"""Updates that break their own schema are refused by the name of the field, never by what stands in it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.intake.errors import UnprocessableError
from handlers.soundness import check

WHO = {"id": 7, "is_bot": False, "first_name": "x"}
MESSAGE: dict[str, Any] = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": WHO, "text": "hi"}


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "message": MESSAGE},
        {"update_id": 1, "message": {**MESSAGE, "quote": {"text": 1, "position": "x"}}},
        {"update_id": 1, "poll": {"id": "1", "question": 5}},
        {"update_id": 1, "inline_query": {"id": "1", "from": WHO, "query": "", "offset": ""}},
        {"update_id": 1, "kind_of_tomorrow": {"x": 1}},
    ],
)
def test_what_keeps_to_the_schema_passes(update: dict[str, Any]) -> None:
    check(update)
    assert update["update_id"] == 1, "and is left as it was"


@pytest.mark.parametrize(
    ("update", "field"),
    [
        ({"message": "secret"}, "message"),
        ({"message": {**MESSAGE, "chat": None}}, "message.chat"),
        ({"message": {**MESSAGE, "text": ["secret"]}}, "text"),
        ({"message": {**MESSAGE, "message_id": True}}, "message_id"),
        ({"message": {**MESSAGE, "from": {**WHO, "id": "secret"}}}, "from.id"),
        ({"message": {**MESSAGE, "reply_to_message": {**MESSAGE, "date": "secret"}}}, "date"),
        ({"message": {**MESSAGE, "entities": [{"type": 1}]}}, "type"),
        ({"callback_query": {"id": 1, "from": WHO}}, "callback_query.id"),
        ({"inline_query": {"id": "1", "from": WHO, "offset": 5}}, "inline_query.offset"),
    ],
)
def test_what_breaks_it_is_named(update: dict[str, Any], field: str) -> None:
    with pytest.raises(UnprocessableError) as refused:
        check({"update_id": 1, **update})
    assert str(refused.value) == f"not an update: {field} is missing or of another type"
