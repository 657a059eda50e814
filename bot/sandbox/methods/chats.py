"""Methods about chats and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.errors import bad_request
from bot.sandbox.membership import set_bot
from bot.sandbox.methods.call import open_chat
from bot.sandbox.model import Member
from bot.sandbox.views import full_chat_json, member_json

if TYPE_CHECKING:
    from bot.sandbox.methods.call import Call
    from bot.sandbox.model import Json


def get_chat(call: Call) -> Json:
    """Return all that is known of a chat."""
    return full_chat_json(call.world, open_chat(call))


def get_chat_member(call: Call) -> Json:
    """Return somebody's status in a chat."""
    chat = open_chat(call)
    user_id = call.params.integer("user_id")
    if user_id is None:
        raise bad_request("invalid user_id specified")
    if user_id not in call.world.users:
        raise bad_request("user not found")
    if chat.type == "private":
        return member_json(call.world, chat, Member(user_id))
    member = chat.members.get(user_id)
    if member is None and chat.type == "channel" and not call.world.bot_member(chat).is_admin:
        raise bad_request("member list is inaccessible")
    return member_json(call.world, chat, member or Member(user_id, "left"))


def get_chat_administrators(call: Call) -> list[Json]:
    """Return the administrators of a group or channel; other bots are left out, as Telegram does."""
    chat = open_chat(call)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [member_json(call.world, chat, member) for member in chat.members.values() if member.is_admin]


def get_chat_member_count(call: Call) -> int:
    """Return how many are in a chat."""
    chat = open_chat(call)
    return 2 if chat.type == "private" else len([m for m in chat.members.values() if m.is_present])


def leave_chat(call: Call) -> bool:
    """Leave a group or channel."""
    chat = open_chat(call)
    if chat.type == "private":
        raise bad_request("chat is not a group or channel")
    set_bot(call.world, chat.id, "left", call.world.bot.id)
    return True
