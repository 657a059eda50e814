"""Who is in which chat: adding, promoting and removing the bot, blocking it, migration, topics."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from bot.sandbox.model import Chat, Json, Member, Message, User
from bot.sandbox.people import deliver
from bot.sandbox.views import chat_json, member_json, user_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.model import Topic
    from bot.sandbox.world import World

BULK_BASE: Final = {
    "private": 6_000_000_000,
    "group": -6_000_000_000,
    "supergroup": -1_006_000_000_000,
    "channel": -1_007_000_000_000,
}
ADMIN_RIGHTS: Final = frozenset(
    {"can_manage_chat", "can_delete_messages", "can_pin_messages", "can_manage_topics"}
    | {"can_post_messages", "can_edit_messages", "can_invite_users"}
)


def set_bot(
    world: World, chat_id: int, status: str, by: int, *, rights: Iterable[str] = ADMIN_RIGHTS, quiet: bool = False
) -> None:
    """Give the bot a status in a chat (member, administrator, left, kicked …); it hears of it as in Telegram."""
    chat = world.chat(chat_id)
    old = world.bot_member(chat)
    new = Member(world.bot.id, status, frozenset(rights) if status == "administrator" else frozenset())
    chat.members[world.bot.id] = new
    if chat.is_group and old.is_present != new.is_present:
        person = user_json(world.bot)
        service: Json = {"new_chat_members": [person]} if new.is_present else {"left_chat_member": person}
        message = world.post(chat, Message(chat.id, 0, world.now(), by, service=service))
        if new.is_present:
            deliver(world, chat, message)
    if not quiet:
        _tell_membership(world, chat, by, old, new)
    world.events.tell("chat", chat.id)


def set_blocked(world: World, user_id: int, *, blocked: bool) -> None:
    """Let a user block the bot, or unblock it."""
    chat = world.chat(user_id)
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    here, gone = Member(world.bot.id), Member(world.bot.id, "kicked")
    _tell_membership(world, chat, user_id, *((here, gone) if blocked else (gone, here)))
    world.events.tell("chat", chat.id)


def _tell_membership(world: World, chat: Chat, by: int, old: Member, new: Member) -> None:
    update = {
        "chat": chat_json(world, chat),
        "from": user_json(world.users[by]),
        "date": world.now(),
        "old_chat_member": member_json(world, chat, old),
        "new_chat_member": member_json(world, chat, new),
    }
    world.updates.put("my_chat_member", update)


def migrate(world: World, chat_id: int, by: int) -> Chat:
    """Turn a basic group into a supergroup with a new id; the old one refuses everything from then on."""
    old = world.chat(chat_id)
    fresh = next(i for i in count(-1_001_000_000_000 + chat_id % 1_000_000_000, -1) if i not in world.chats)
    new = Chat(fresh, "supergroup", old.title, members=dict(old.members), permissions=old.permissions)
    world.chats[new.id] = new
    leaving = world.post(old, Message(old.id, 0, world.now(), by, service={"migrate_to_chat_id": new.id}))
    old.migrated_to = new.id
    arriving = world.post(new, Message(new.id, 0, world.now(), by, service={"migrate_from_chat_id": old.id}))
    deliver(world, old, leaving)
    deliver(world, new, arriving)
    world.events.tell("chat", new.id)
    return new


def set_topic(world: World, chat_id: int, thread_id: int, *, closed: bool, by: int) -> None:
    """Close a topic, or open it again."""
    chat = world.chat(chat_id)
    chat.topics[thread_id].closed = closed
    service: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    message = world.post(chat, Message(chat.id, 0, world.now(), by, thread_id=thread_id, service=service))
    deliver(world, chat, message)


def delete_topic(world: World, chat_id: int, thread_id: int) -> None:
    """Delete a topic with all its messages."""
    chat = world.chat(chat_id)
    del chat.topics[thread_id]
    for message_id in [m.id for m in chat.messages.values() if m.thread_id == thread_id]:
        del chat.messages[message_id]
    world.events.tell("chat", chat.id)


def new_topic(world: World, chat_id: int, name: str) -> Topic:
    """Create a topic in a forum."""
    chat = world.chat(chat_id)
    topic = world.add_topic(chat, name)
    deliver(world, chat, chat.messages[topic.id])
    world.events.tell("chat", chat.id)
    return topic


def bulk_chats(world: World, number: int, kind: str = "private") -> list[int]:
    """Create many chats at once, in each of which the bot may write; return their ids."""
    step = 1 if kind == "private" else -1
    ids = [BULK_BASE[kind] + step * i for i in range(1, number + 1)]
    status = "administrator" if kind == "channel" else "member"
    for i, chat_id in enumerate(ids, 1):
        if chat_id in world.chats:
            continue
        if kind == "private":
            world.add_user(User(chat_id, f"Reader {i}", language_code="en"), started=True)
        else:
            world.add_chat(Chat(chat_id, kind, f"{kind.title()} {i}"), Member(world.bot.id, status, ADMIN_RIGHTS))
    return ids
