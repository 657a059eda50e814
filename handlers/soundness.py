"""Whether a raw update has the types that its schema promises: PTB takes whatever stands there and fails much later."""

from __future__ import annotations

from typing import Any, Final

from bot.intake.errors import UnprocessableError

TYPES: Final[dict[str, type]] = {
    **dict.fromkeys(
        ("text", "caption", "data", "query", "language_code", "username", "title", "type", "first_name", "status"), str
    ),
    **dict.fromkeys(("guest_query_id", "inline_message_id", "result_id", "url"), str),
    **dict.fromkeys(("message_id", "message_thread_id", "date", "length"), int),
    **dict.fromkeys(("migrate_to_chat_id", "migrate_from_chat_id"), int),
    **dict.fromkeys(("is_bot", "is_forum", "is_topic_message", "is_automatic_forward"), bool),
    **dict.fromkeys(("entities", "caption_entities"), list),
    **dict.fromkeys(("chat", "from", "sender_chat", "user", "via_bot", "reply_to_message", "message"), dict),
}
WHO: Final = ("chat", "from", "sender_chat", "user", "via_bot")
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("message", "edited_message", "guest_message"), ("message_id", "date", "chat")),
    **dict.fromkeys(("callback_query", "inline_query", "chosen_inline_result"), ("from",)),
    "my_chat_member": ("chat", "from", "date", "old_chat_member", "new_chat_member"),
}
QUERIES: Final = ("callback_query", "inline_query")
NOT_HERE: Final = frozenset({"poll", "quote"})
"""Parts whose fields have the same names and other types, and which nothing here reads."""


def check(update: dict[str, Any]) -> None:
    """Raise UnprocessableError for an update that breaks its own schema."""
    for kind, body in update.items():
        if kind == "update_id":
            continue
        if not isinstance(body, dict):
            _refuse(kind)
        for field in REQUIRED.get(kind, ()):
            if not body.get(field):
                _refuse(f"{kind}.{field}")
        if kind in QUERIES and not isinstance(body.get("id"), str):
            _refuse(f"{kind}.id")
        if kind == "inline_query" and not isinstance(body.get("offset", ""), str):
            _refuse(f"{kind}.offset")
        if kind not in NOT_HERE:
            _walk(body)


def _walk(part: dict[str, Any]) -> None:
    """Check the fields of one object, and of those within it."""
    for key, value in part.items():
        expected = TYPES.get(key)
        if expected is not None and (not isinstance(value, expected) or (expected is int and isinstance(value, bool))):
            _refuse(key)
        if key in WHO and not _is_id(value.get("id")):
            _refuse(f"{key}.id")
        if isinstance(value, dict) and key not in NOT_HERE:
            _walk(value)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    _walk(each)


def _is_id(value: object) -> bool:
    """Tell whether a value can be the id of a chat or person."""
    return isinstance(value, int) and not isinstance(value, bool)


def _refuse(field: str) -> None:
    """Name the field; never what stands in it."""
    raise UnprocessableError(f"not an update: {field} is missing or of another type")
