"""Methods that change or remove messages, and the answers to pressed buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import bad_request, query_too_old
from bot.sandbox.keyboards import reply_markup
from bot.sandbox.methods.call import content, not_modified, open_chat, own_message, preview_options
from bot.sandbox.views import message_json

if TYPE_CHECKING:
    from bot.sandbox.methods.call import Call
    from bot.sandbox.model import Chat, Json, Message

DELETABLE_SECONDS: Final = 48 * 3600
MAX_DELETIONS: Final = 100
MAX_ANSWER: Final = 200


def edit_message_text(call: Call) -> Json | bool:
    """Change a text; a keyboard that the call leaves out vanishes."""
    message = own_message(call)
    source = call.params.text("text")
    if not source:
        raise bad_request("message text is empty")
    text, entities = content(call, source)
    if not text:
        raise bad_request("text must be non-empty")
    if message.media:
        raise bad_request("there is no text in the message to edit")
    return _change(call, message, text, entities)


def edit_message_caption(call: Call) -> Json | bool:
    """Change the caption of a photo or file."""
    message = own_message(call)
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    text, entities = content(call, call.params.text("caption"), caption=True)
    return _change(call, message, text or None, entities)


def edit_message_reply_markup(call: Call) -> Json | bool:
    """Change the buttons only."""
    message = own_message(call)
    return _change(call, message, message.text, message.entities, mark=False)


def _change(call: Call, message: Message, text: str | None, entities: list[Json], *, mark: bool = True) -> Json | bool:
    markup = reply_markup(call.params, inline_only=True)
    preview = preview_options(call) if mark and not message.media else message.preview
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        raise not_modified()
    message.text, message.entities, message.markup, message.preview = text, entities, markup, preview
    if mark:
        message.edit_date = call.world.now()
    call.world.show("edit", message)
    return True if call.params.text("inline_message_id") else message_json(call.world, message)


def delete_message(call: Call) -> bool:
    """Delete one message."""
    chat = open_chat(call)
    message = chat.messages.get(call.params.number("message_id", 0))
    if message is None:
        raise bad_request("message to delete not found")
    _check_deletable(call, chat, message)
    _delete(call, chat, message.id)
    return True


def delete_messages(call: Call) -> bool:
    """Delete up to a hundred messages; those that are not there are skipped."""
    chat = open_chat(call)
    ids = call.params.array("message_ids", "message identifiers")
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > MAX_DELETIONS:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(message_id, int) for message_id in ids):
        raise bad_request("message identifiers must be of type Integer")
    found = [chat.messages[message_id] for message_id in dict.fromkeys(ids) if message_id in chat.messages]
    for message in found:
        _check_deletable(call, chat, message)
    for message in found:
        _delete(call, chat, message.id)
    return True


def _check_deletable(call: Call, chat: Chat, message: Message) -> None:
    if message.id in chat.topics or call.world.now() - message.date >= DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if chat.type == "private" or message.sender_id == call.world.bot.id:
        return
    if "can_delete_messages" not in call.world.bot_member(chat).rights:
        raise bad_request("message can't be deleted")


def _delete(call: Call, chat: Chat, message_id: int) -> None:
    del chat.messages[message_id]
    if chat.pinned == message_id:
        chat.pinned = None
    call.world.events.tell("delete", chat.id, message_id=message_id)


def answer_callback_query(call: Call) -> bool:
    """Answer a pressed button, once and in time: nothing, a toast, or an alert."""
    query = call.world.callbacks.get(call.params.text("callback_query_id"))
    text = call.params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if query is None or query.answer is not None or call.world.clock() - query.asked > call.world.callback_seconds:
        raise query_too_old()
    query.answer = {"text": text, "show_alert": call.params.flag("show_alert"), "url": call.params.text("url")}
    call.world.events.tell("callback_answer", query.chat_id, user_id=query.user_id, query_id=query.id, **query.answer)
    return True
