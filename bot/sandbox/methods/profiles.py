"""The bot's own texts: commands per scope and language, name, descriptions and the menu button."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bot.sandbox.checks import field_of
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.call import find_chat, open_chat

if TYPE_CHECKING:
    from bot.sandbox.methods.call import Call
    from bot.sandbox.model import Json
    from bot.sandbox.profile import Scope

MAX_COMMANDS: Final = 100
MAX_DESCRIPTION: Final = 256
SIMPLE_SCOPES: Final = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES: Final = frozenset({"chat", "chat_administrators", "chat_member"})


def _language(call: Call) -> str:
    code = call.params.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad_request("LANGUAGE_CODE_INVALID")
    return code


def _scope(call: Call) -> Scope:
    scope = call.params.obj("scope", "BotCommandScope")
    if not scope:
        return ("default", 0, 0)
    kind = field_of(scope, "type", str, "BotCommandScope")
    if kind in SIMPLE_SCOPES:
        return (str(kind), 0, 0)
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = scope.get("chat_id")
    if not isinstance(chat_id, (int, str)):
        raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
    chat = find_chat(type(call)(call.world, type(call.params)({"chat_id": chat_id})))
    user_id = field_of(scope, "user_id", int, "BotCommandScope") if kind == "chat_member" else 0
    if not isinstance(user_id, int):
        raise bad_request("can't parse BotCommandScope: Can't find field \"user_id\"")
    return (str(kind), chat.id, user_id)


def _command(item: Any) -> Json:  # noqa: ANN401 - whatever the caller's JSON holds
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(field_of(item, "command", str, "BotCommand") or "").removeprefix("/")
    description = str(field_of(item, "description", str, "BotCommand") or "").strip()
    if not re.fullmatch("[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def set_my_commands(call: Call) -> bool:
    """Set the command menu of a scope in a language."""
    given = call.params.array("commands", "BotCommand")
    if given is None:
        raise bad_request("commands are empty")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = (_scope(call), _language(call))
    call.world.profile.commands[key] = [_command(item) for item in given]
    call.world.events.tell("profile")
    return True


def get_my_commands(call: Call) -> list[Json]:
    """Return the menu of exactly this scope and language."""
    return call.world.profile.commands.get((_scope(call), _language(call)), [])


def delete_my_commands(call: Call) -> bool:
    """Remove the menu of this scope and language."""
    call.world.profile.commands.pop((_scope(call), _language(call)), None)
    call.world.events.tell("profile")
    return True


def _set_text(call: Call, texts: dict[str, str], name: str, limit: int) -> bool:
    text, code = call.params.text(name), _language(call)
    if len(text) > limit:
        raise bad_request(f"BOT_{'TITLE' if name == 'name' else name.upper()}_INVALID")
    texts[code] = text
    call.world.events.tell("profile")
    return True


def set_my_name(call: Call) -> bool:
    """Set the bot's name in a language."""
    return _set_text(call, call.world.profile.names, "name", 64)


def get_my_name(call: Call) -> Json:
    """Return the bot's name in a language."""
    profile = call.world.profile
    return {"name": profile.localised(profile.names, _language(call)) or call.world.bot.first_name}


def set_my_description(call: Call) -> bool:
    """Set what an empty chat with the bot shows."""
    return _set_text(call, call.world.profile.descriptions, "description", 512)


def get_my_description(call: Call) -> Json:
    """Return what an empty chat with the bot shows."""
    profile = call.world.profile
    return {"description": profile.localised(profile.descriptions, _language(call))}


def set_my_short_description(call: Call) -> bool:
    """Set what the bot's profile shows."""
    return _set_text(call, call.world.profile.short_descriptions, "short_description", 120)


def get_my_short_description(call: Call) -> Json:
    """Return what the bot's profile shows."""
    profile = call.world.profile
    return {"short_description": profile.localised(profile.short_descriptions, _language(call))}


def set_chat_menu_button(call: Call) -> bool:
    """Set what the button beside the input opens."""
    chat_id = open_chat(call).id if "chat_id" in call.params else 0
    button = call.params.obj("menu_button", "MenuButton") or {"type": "default"}
    if str(button.get("type")) not in {"commands", "default", "web_app"}:
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    call.world.profile.menu_buttons[chat_id] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    """Return what the button beside the input opens."""
    buttons = call.world.profile.menu_buttons
    chat_id = call.params.number("chat_id", 0)
    return buttons.get(chat_id) or buttons.get(0) or {"type": "commands"}
