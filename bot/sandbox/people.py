"""What people do: write, edit, press buttons and use inline mode; each deed reaches the bot as an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.entities import with_found
from bot.sandbox.errors import bad_request, forbidden, query_too_old
from bot.sandbox.model import ANONYMOUS_ADMIN, Chat, Json, Message
from bot.sandbox.privacy import bot_sees, mentions
from bot.sandbox.views import message_json, user_json

if TYPE_CHECKING:
    from bot.sandbox.world import Query, World


def say(
    world: World,
    chat_id: int,
    text: str | None,
    user_id: int,
    *,
    thread_id: int | None = None,
    reply_to: int | None = None,
    **details: object,
) -> Message:
    """Let a user write in a chat; `details` are further fields of the message (media, sender_chat_id, raw …)."""
    chat = world.chat(chat_id)
    if chat.migrated_to is not None:
        chat = world.chat(chat.migrated_to)
    _check_writable(chat, user_id, thread_id)
    message = Message(chat.id, 0, world.now(), user_id, text, thread_id=thread_id, reply_to=reply_to)
    message.entities = with_found(text, []) if text else []
    for name, value in details.items():
        setattr(message, name, value)
    if chat.type == "channel":
        message.sender_id, message.sender_chat_id = None, chat.id
    elif chat.type == "private":
        chat.started = True
    world.post(chat, message)
    deliver(world, chat, message)
    return message


def say_anonymously(world: World, chat_id: int, text: str, thread_id: int | None = None) -> Message:
    """Let an admin write as the group itself."""
    return say(world, chat_id, text, ANONYMOUS_ADMIN, thread_id=thread_id, sender_chat_id=chat_id)


def _check_writable(chat: Chat, user_id: int, thread_id: int | None) -> None:
    if chat.type == "private":
        if chat.id != user_id:
            raise forbidden("this is not your chat with the bot")
        if chat.blocked:
            raise bad_request("YOU_BLOCKED_USER")
        return
    member = chat.members.get(user_id)
    is_admin = user_id == ANONYMOUS_ADMIN or (member is not None and member.is_admin)
    if chat.type == "channel" and not is_admin:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    if thread_id is not None and chat.is_forum:
        topic = chat.topics.get(thread_id)
        if topic is None:
            raise bad_request("message thread not found")
        if topic.closed and not is_admin:
            raise bad_request("TOPIC_CLOSED")


def deliver(world: World, chat: Chat, message: Message, *, edited: bool = False) -> None:
    """Queue the update for a message, if the bot gets to see it."""
    if bot_sees(world, chat, message):
        kind = "channel_post" if chat.type == "channel" else "message"
        world.updates.put(f"edited_{kind}" if edited else kind, message_json(world, message))
    elif (
        not edited
        and world.profile.supports_guest
        and not world.bot_member(chat).is_present
        and mentions(world, message)
    ):
        query = world.new_query(world.guest_queries, message.sender_id or 0, chat.id)
        query.message_id, query.thread_id = message.id, message.thread_id
        message.guest_query_id = query.id
        world.updates.put("guest_message", message_json(world, message))


def edit(world: World, chat_id: int, message_id: int, text: str, user_id: int) -> Message:
    """Let a user change a message of their own."""
    chat = world.chat(chat_id)
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender_id != user_id and chat.type != "channel":
        raise bad_request("message can't be edited")
    message.text, message.entities = text, with_found(text, [])
    message.edit_date = world.now()
    world.show("edit", message)
    deliver(world, chat, message, edited=True)
    return message


def delete(world: World, chat_id: int, message_id: int) -> None:
    """Let somebody delete a message; the bot hears nothing of it."""
    chat = world.chat(chat_id)
    if chat.messages.pop(message_id, None) is None:
        raise bad_request("message to delete not found")
    world.events.tell("delete", chat_id, message_id=message_id)


def press(world: World, chat_id: int, message_id: int, data: str, user_id: int) -> Query:
    """Let a user press a button; `data` need not be on the keyboard, since clients can forge it."""
    chat = world.chat(chat_id)
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message not found")
    query = world.new_query(world.callbacks, user_id, chat_id, data)
    query.message_id = message_id
    update: Json = {"id": query.id, "from": user_json(world.users[user_id]), "data": data}
    if message.inline_id:
        update["inline_message_id"] = message.inline_id
    else:
        update["message"] = message_json(world, message)
    update["chat_instance"] = str(abs(chat_id) * 7919)
    world.updates.put("callback_query", update)
    return query


def type_inline(world: World, user_id: int, text: str, *, offset: str = "", chat_id: int | None = None) -> Query:
    """Let a user type `@bot text` in a chat."""
    query = world.new_query(world.inline_queries, user_id, chat_id, text)
    update: Json = {"id": query.id, "from": user_json(world.users[user_id]), "query": text[:256], "offset": offset}
    if chat_id is not None:
        chat = world.chat(chat_id)
        update["chat_type"] = "sender" if chat_id == user_id else chat.type
    world.updates.put("inline_query", update)
    return query


def choose_inline(
    world: World, query_id: str, result_id: str, chat_id: int, *, thread_id: int | None = None
) -> Message:
    """Let a user send one of the results of their inline query."""
    query = world.inline_queries.get(query_id)
    if query is None or result_id not in query.results:
        raise query_too_old()
    result = query.results[result_id]
    body: Json = result["sandbox_content"]
    markup = result.get("reply_markup")
    inline_id = world.serial("inline") if markup else ""
    message = say(
        world,
        chat_id,
        body["text"],
        query.user_id,
        thread_id=thread_id,
        entities=body["entities"],
        markup=markup,
        via_bot=True,
        inline_id=inline_id,
    )
    if inline_id:
        world.inline_messages[inline_id] = (message.chat_id, message.id)
    chosen: Json = {"result_id": result_id, "from": user_json(world.users[query.user_id]), "query": query.text}
    world.updates.put("chosen_inline_result", chosen | ({"inline_message_id": inline_id} if inline_id else {}))
    return message
