"""How the world looks in the Bot API's JSON: users, chats, members and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.model import (
    ANONYMOUS_ADMIN,
    BOT_RIGHTS,
    CHANNEL_BOT,
    CHANNEL_RIGHTS,
    GROUP_RIGHTS,
    SEND_PERMISSIONS,
    Chat,
    Json,
    Member,
    Message,
    User,
)

if TYPE_CHECKING:
    from bot.sandbox.world import World

FIXED_ACCOUNTS = {
    ANONYMOUS_ADMIN: User(ANONYMOUS_ADMIN, "Group", username="GroupAnonymousBot", is_bot=True),
    CHANNEL_BOT: User(CHANNEL_BOT, "Channel", username="Channel_Bot", is_bot=True),
}


def user_json(user: User) -> Json:
    """Return a user; optional fields only when they are set, as Telegram does."""
    data: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    for name in ("last_name", "username", "language_code"):
        if value := getattr(user, name):
            data[name] = value
    return data


def chat_json(world: World, chat: Chat) -> Json:
    """Return a chat as messages carry it."""
    if chat.type == "private":
        person = user_json(world.users[chat.id])
        return {"id": chat.id, "type": "private"} | {
            k: person[k] for k in ("first_name", "last_name", "username") if k in person
        }
    data: Json = {"id": chat.id, "type": chat.type, "title": chat.title}
    if chat.username:
        data["username"] = chat.username
    if chat.is_forum:
        data["is_forum"] = True
    return data


def full_chat_json(world: World, chat: Chat) -> Json:
    """Return a chat as getChat does."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    data = chat_json(world, chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.description:
        data["description"] = chat.description
    if chat.is_group:
        data["permissions"] = permissions_json(chat)
    if chat.slow_mode:
        data["slow_mode_delay"] = chat.slow_mode
    if chat.pinned is not None and chat.pinned in chat.messages:
        data["pinned_message"] = message_json(world, chat.messages[chat.pinned], nested=True)
    return data


def permissions_json(chat: Chat) -> Json:
    """Return what plain members may do."""
    return {name: name in chat.permissions for name in SEND_PERMISSIONS}


def member_json(world: World, chat: Chat, member: Member) -> Json:
    """Return a ChatMember of the right kind."""
    data: Json = {"user": user_json(world.users[member.user_id]), "status": member.status}
    if member.status == "creator":
        data["is_anonymous"] = False
    elif member.status == "administrator":
        kind = CHANNEL_RIGHTS if chat.type == "channel" else GROUP_RIGHTS
        data |= {"can_be_edited": False, "is_anonymous": False}
        data |= {name: name in member.rights for name in BOT_RIGHTS + kind}
    elif member.status == "restricted":
        data |= {"is_member": True, "until_date": 0, **dict.fromkeys(SEND_PERMISSIONS, False)}
    elif member.status == "kicked":
        data["until_date"] = 0
    return data


def message_json(world: World, message: Message, *, nested: bool = False) -> Json:
    """Return a message; `nested` leaves out what it replies to, as Telegram does one level down."""
    chat = world.chats[message.chat_id]
    data: Json = {"message_id": message.id, "date": message.date, "chat": chat_json(world, chat)}
    _add_sender(world, message, data)
    _add_place(world, chat, message, data, nested=nested)
    if message.text is not None:
        field = "caption" if message.media else "text"
        data[field] = message.text
        if message.entities:
            data["caption_entities" if message.media else "entities"] = message.entities
    for part in (message.media, message.service):
        if part:
            data |= part
    if message.markup and "inline_keyboard" in message.markup:
        data["reply_markup"] = message.markup
    _add_marks(world, message, data)
    return data if message.raw is None else data | message.raw


def _add_sender(world: World, message: Message, data: Json) -> None:
    if message.sender_id is not None:
        sender = world.users.get(message.sender_id) or FIXED_ACCOUNTS[message.sender_id]
        data["from"] = user_json(sender)
    if message.sender_chat_id is not None:
        data["sender_chat"] = chat_json(world, world.chats[message.sender_chat_id])


def _add_place(world: World, chat: Chat, message: Message, data: Json, *, nested: bool) -> None:
    if message.thread_id is not None and chat.is_forum:
        data["message_thread_id"] = message.thread_id
        data["is_topic_message"] = True
    if nested:
        return
    # In a topic every message replies, if to nothing else, to the one that created the topic.
    target = message.reply_to if message.reply_to is not None else message.thread_id
    if target is not None and target != message.id and target in chat.messages:
        data["reply_to_message"] = message_json(world, chat.messages[target], nested=True)


def _add_marks(world: World, message: Message, data: Json) -> None:
    if message.edit_date is not None:
        data["edit_date"] = message.edit_date
    if message.via_bot:
        data["via_bot"] = user_json(world.bot)
    if message.origin:
        data["forward_origin"] = message.origin
    if message.preview:
        data["link_preview_options"] = message.preview
    if message.protected:
        data["has_protected_content"] = True
    if message.guest_query_id:
        data["guest_query_id"] = message.guest_query_id
    if message.guest_caller_id is not None:
        data["guest_bot_caller_user"] = user_json(world.users[message.guest_caller_id])
