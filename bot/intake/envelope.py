"""What has to be known of an update without understanding it: its id, its chat and its sender."""

from typing import Any

from bot.store.inbox import Arrival
from bot.store.types import encode_json

NOWHERE = 0
"""Stands for the chat of an update that names none."""
_MAX_INT64 = 2**63 - 1


def seal(raw: object) -> Arrival | None:
    """Make a row of the inbox of a raw update, however odd it is; None if it has no update_id to know it by."""
    if not isinstance(raw, dict):
        return None
    update_id = _number(raw.get("update_id"))
    if update_id is None:
        return None
    body = next((value for key, value in raw.items() if key != "update_id" and isinstance(value, dict)), {})
    user = _sender(body)
    chat = _chat(body)
    return Arrival(update_id, chat if chat is not None else user or NOWHERE, user, _encoded(raw))


def _encoded(raw: dict[Any, Any]) -> str:
    """Encode an update; one that cannot be encoded is kept without its content and will be quarantined."""
    try:
        return encode_json(raw)
    except (ValueError, TypeError, RecursionError):
        return "null"


def _chat(body: dict[Any, Any]) -> int | None:
    """Find the chat, directly or in the message that a button is under."""
    for holder in (body, body.get("message")):
        if isinstance(holder, dict):
            found = _id_of(holder.get("chat"))
            if found is not None:
                return found
    return None


def _sender(body: dict[Any, Any]) -> int | None:
    """Find the person."""
    for key in ("from", "user"):
        found = _id_of(body.get(key))
        if found is not None:
            return found
    return None


def _id_of(holder: object) -> int | None:
    """Return the id of a chat or a person."""
    return _number(holder.get("id")) if isinstance(holder, dict) else None


def _number(value: object) -> int | None:
    """Return a 64-bit number; whatever else stands where an id should be is none."""
    if isinstance(value, int) and not isinstance(value, bool) and -_MAX_INT64 <= value <= _MAX_INT64:
        return value
    return None
