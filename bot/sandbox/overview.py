"""What a user's client shows: the list of chats, their topics and members, and a chat's messages."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.sandbox.views import user_json

if TYPE_CHECKING:
    from bot.sandbox.model import Chat, Json, Message
    from bot.sandbox.world import World

PAGE: Final = 200
MOST_CHATS: Final = 100
MOST_PEOPLE: Final = 4


def overview(world: World, user_id: int) -> Json:
    """Return everything that the page needs at its start."""
    mine = [chat for chat in world.chats.values() if chat.id == user_id or user_id in chat.members]
    return {
        "me": user_json(world.users[user_id]),
        "users": people(world),
        "bot": user_json(world.bot) | bot_view(world, user_id),
        "chats": [chat_view(world, chat, user_id) for chat in mine[:MOST_CHATS] if chat.migrated_to is None],
        "privacy": not world.profile.can_read_all,
    }


def people(world: World) -> list[Json]:
    """Return the people whom the page can act as: the first ones, not those made in bulk."""
    found = (user for user in world.users.values() if not user.is_bot)
    return [user_json(user) for user in islice(found, MOST_PEOPLE)]


def bot_view(world: World, user_id: int) -> Json:
    """Return the bot's profile in the user's language."""
    language = world.users[user_id].language_code
    profile = world.profile
    return {
        "name": profile.localised(profile.names, language) or world.bot.first_name,
        "description": profile.localised(profile.descriptions, language),
        "short_description": profile.localised(profile.short_descriptions, language),
        "inline": profile.supports_inline,
    }


def chat_view(world: World, chat: Chat, user_id: int) -> Json:
    """Return a chat as its line in the list and its header show it."""
    member = chat.members.get(user_id)
    is_admin = member is not None and member.is_admin
    user = world.users[user_id]
    last = _last(chat)
    bot = world.bot_member(chat)
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "username": chat.username,
        "is_forum": chat.is_forum,
        "members": len([m for m in chat.members.values() if m.is_present]),
        "last": world.page_json(last) if last else None,
        "last_general": world.page_json(general) if (general := _last_general(chat)) else None,
        "last_in_topics": {str(t): world.page_json(m) for t in chat.topics if (m := _last(chat, t))},
        "topics": [
            {"id": t.id, "name": t.name, "color": t.icon_color, "closed": t.closed} for t in chat.topics.values()
        ],
        "pinned": world.page_json(chat.messages[chat.pinned]) if chat.pinned in chat.messages else None,
        "commands": world.profile.menu(chat, user_id, user.language_code, is_admin=is_admin),
        "can_write": chat.type != "channel" or is_admin,
        "is_admin": is_admin,
        "blocked": chat.blocked,
        "started": bool(chat.messages) or chat.started,
        "bot_status": "member" if chat.type == "private" else bot.status,
    }


def _last(chat: Chat, thread_id: int | None = None) -> Message | None:
    for message in reversed(chat.messages.values()):
        if thread_id is None or message.thread_id == thread_id:
            return message
    return None


def _last_general(chat: Chat) -> Message | None:
    return next((m for m in reversed(chat.messages.values()) if m.thread_id is None), None) if chat.is_forum else None


def history(world: World, chat: Chat, thread_id: int | None, *, before: int | None = None) -> list[Json]:
    """Return the last messages of a chat or topic; in a forum no thread means the General topic."""
    found: list[Json] = []
    for message in reversed(chat.messages.values()):
        in_view = message.thread_id == thread_id if chat.is_forum else True
        if in_view and (before is None or message.id < before):
            found.append(world.page_json(message))
            if len(found) == PAGE:
                break
    return found[::-1]
