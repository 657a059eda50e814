"""Checks reply markup, above all inline keyboards, as Telegram does before it stores them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.sandbox.checks import field_of
from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.checks import Params
    from bot.sandbox.model import Json

KINDS: Final = {
    "url": str,
    "callback_data": str,
    "switch_inline_query": str,
    "switch_inline_query_current_chat": str,
    "switch_inline_query_chosen_chat": dict,
    "copy_text": dict,
    "web_app": dict,
    "login_url": dict,
    "callback_game": dict,
    "pay": bool,
}
MAX_BUTTONS: Final = 100
MAX_DATA_BYTES: Final = 64
WHAT: Final = "inline keyboard button"


def reply_markup(params: Params, *, inline_only: bool = False) -> Json | None:
    """Return the checked reply markup of a call, or nothing."""
    markup = params.obj("reply_markup", "reply markup")
    if not markup:
        return None
    return checked_markup(markup, inline_only=inline_only)


def checked_markup(markup: Json, *, inline_only: bool = False) -> Json | None:
    """Return the markup if Telegram would take it; an empty inline keyboard is none."""
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline")
        kept = [[_button(button) for button in row] for row in rows if row]
        if sum(map(len, kept)) > MAX_BUTTONS:
            raise bad_request("reply markup is too long")
        return {"inline_keyboard": kept} if kept else None
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        _rows(markup["keyboard"], "reply")
        return markup
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return markup
    raise bad_request("object expected as reply markup")


def _rows(rows: object, kind: str) -> list[list[object]]:
    if not isinstance(rows, list):
        raise bad_request(f'can\'t parse {kind} keyboard: Field "{kind}_keyboard" must be of type Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f"can't parse {kind} keyboard: expected an Array of Arrays of buttons")
    return rows


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request(f"can't parse {WHAT}: Text buttons are unallowed in the inline keyboard")
    text = field_of(button, "text", str, WHAT)
    if text is None:
        raise bad_request(f"can't parse {WHAT}: Can't find field \"text\"")
    if not str(text).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    kinds = [name for name in KINDS if name in button]
    if len(kinds) != 1:
        raise bad_request(f"can't parse {WHAT}: Text buttons are unallowed in the inline keyboard")
    value = field_of(button, kinds[0], KINDS[kinds[0]], WHAT)
    if kinds[0] == "callback_data" and not 1 <= len(str(value).encode()) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if kinds[0] == "url" and not re.fullmatch(r"(?:https?://|tg://)?[^\s/]+\.?[^\s]*", str(value)):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return button
