"""Whatever comes in gets an envelope: id, chat, sender."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.envelope import NOWHERE, seal

PERSON = {"id": 7}
GROUP = {"id": -1001234567890}


@pytest.mark.parametrize(
    ("content", "chat", "user"),
    [
        ({"message": {"chat": GROUP, "from": PERSON}}, -1001234567890, 7),
        ({"edited_message": {"chat": GROUP, "from": PERSON}}, -1001234567890, 7),
        ({"channel_post": {"chat": GROUP, "sender_chat": GROUP}}, -1001234567890, None),
        ({"callback_query": {"from": PERSON, "message": {"chat": GROUP}}}, -1001234567890, 7),
        ({"callback_query": {"from": PERSON, "inline_message_id": "x"}}, 7, 7),
        ({"inline_query": {"from": PERSON, "query": "qdlp"}}, 7, 7),
        ({"my_chat_member": {"chat": GROUP, "from": PERSON}}, -1001234567890, 7),
        ({"message_reaction": {"chat": GROUP, "user": PERSON}}, -1001234567890, 7),
        ({"poll": {"id": "12"}}, NOWHERE, None),
        ({"message": {"chat": {}, "from": {"id": "7"}}}, NOWHERE, None),
        ({"message": {"chat": {"id": 2**70}, "from": {"id": True}}}, NOWHERE, None),
        ({"message": "text"}, NOWHERE, None),
        ({}, NOWHERE, None),
    ],
)
def test_chat_and_sender(content: dict[str, Any], chat: int, user: int | None) -> None:
    arrival = seal({"update_id": 5} | content)
    assert arrival is not None
    assert (arrival.update_id, arrival.chat_id, arrival.user_id) == (5, chat, user)
    assert json.loads(arrival.payload) == {"update_id": 5} | content


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"update_id": "5"}, {"update_id": True}, {"update_id": 2**64}])
def test_without_an_id_there_is_no_envelope(raw: object) -> None:
    assert seal(raw) is None


def test_what_cannot_be_kept_is_kept_without_its_content() -> None:
    arrival = seal({"update_id": 5, "message": {"chat": GROUP, "text": float("nan")}})
    assert arrival is not None
    assert (arrival.chat_id, arrival.payload) == (GROUP["id"], "null")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["chat", "from", "id", "message", "x"]), inner),
)


@given(JSON)
def test_no_update_is_too_odd(content: Any) -> None:
    arrival = seal({"update_id": 5, "message": content})
    assert arrival is not None
    arrival.payload.encode("ascii")
