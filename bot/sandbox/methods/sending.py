"""Methods that make messages: sendMessage, sendPhoto, sendDocument, copyMessage, forwardMessage, sendChatAction."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import reply_markup
from bot.sandbox.methods.call import content, find_chat, open_chat, preview_options, reply_target, target
from bot.sandbox.model import Message
from bot.sandbox.views import chat_json, message_json, user_json
from bot.sandbox.world import StoredFile

if TYPE_CHECKING:
    from bot.sandbox.methods.call import Call, Target, Upload
    from bot.sandbox.model import Chat, Json

MAX_FILE: Final = 50 * 2**20
MAX_PHOTO: Final = 10 * 2**20
# The emoji that Telegram takes as a reaction, in rows.
REACTION_ROWS: Final = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮",
    "💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡",
    "🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻",
    "👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿",
    "🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡",
)
REACTIONS: Final = frozenset(emoji for row in REACTION_ROWS for emoji in row.split())
ACTIONS: Final = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"}
    | {"choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)


def _new(call: Call, where: Target, text: str | None, entities: list[Json]) -> Message:
    """Return a message with all that sending methods have in common; it is not posted yet."""
    chat, world = where.chat, call.world
    message = Message(chat.id, 0, world.now(), world.bot.id, text, entities, thread_id=where.thread_id)
    if chat.type == "channel":
        message.sender_id, message.sender_chat_id = None, chat.id
    message.reply_to = reply_target(call, chat)
    if message.reply_to is not None and chat.is_forum and where.thread_id is None:
        # A reply stands in the topic of what it replies to.
        message.thread_id = chat.messages[message.reply_to].thread_id
    message.markup = reply_markup(call.params)
    message.protected = call.params.flag("protect_content")
    message.silent = call.params.flag("disable_notification")
    return message


def _post(call: Call, where: Target, message: Message) -> Message:
    chat = where.chat
    chat.last_sent[call.world.bot.id] = call.world.clock()
    chat.last_bot = call.world.bot.id
    return call.world.post(chat, message)


def send_message(call: Call) -> Json:
    """Send a text."""
    where = target(call)
    source = call.params.text("text")
    if not source:
        raise bad_request("message text is empty")
    text, entities = content(call, source)
    if not text:
        raise bad_request("text must be non-empty")
    message = _new(call, where, text, entities)
    message.preview = preview_options(call)
    return message_json(call.world, _post(call, where, message))


def send_photo(call: Call) -> Json:
    """Send a photo, uploaded or by the id of one that was sent before."""
    stored = _file(call, "photo", MAX_PHOTO)
    sizes = [
        {
            "file_id": stored.id,
            "file_unique_id": stored.id[-16:],
            "width": w,
            "height": h,
            "file_size": len(stored.data),
        }
        for w, h in ((90, 60), (800, 533))
    ]
    return _send_media(call, "photos", {"photo": sizes})


def send_document(call: Call) -> Json:
    """Send a file of any kind."""
    stored = _file(call, "document", MAX_FILE)
    document = {
        "file_id": stored.id,
        "file_unique_id": stored.id[-16:],
        "file_name": stored.name,
        "mime_type": stored.mime,
        "file_size": len(stored.data),
    }
    return _send_media(call, "documents", {"document": document})


def _send_media(call: Call, what: str, media: Json) -> Json:
    where = target(call, what)
    text, entities = content(call, call.params.text("caption"), caption=True)
    message = _new(call, where, text or None, entities)
    message.media = media
    return message_json(call.world, _post(call, where, message))


def _file(call: Call, name: str, limit: int) -> StoredFile:
    """Return the file that a parameter names: a part of the request, `attach://part`, or the id of a known file."""
    given = call.params.text(name)
    upload = call.files.get(given.removeprefix("attach://") if given.startswith("attach://") else name)
    if upload is not None:
        return _store(call, name, upload, limit)
    if not given:
        raise bad_request(f"there is no {name} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    try:
        return call.world.files[given]
    except KeyError:
        raise bad_request("wrong file identifier/HTTP URL specified") from None


def _store(call: Call, name: str, upload: Upload, limit: int) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > limit:
        raise bad_request(f"file is too big for a {name}")
    mime = mimetypes.guess_type(upload.name)[0] or upload.mime or "application/octet-stream"
    stored = StoredFile(call.world.serial("BQAC"), upload.name or name, mime, upload.data)
    call.world.files[stored.id] = stored
    return stored


def _source(call: Call, what: str) -> Message:
    chat = open_chat(call, "from_chat_id")
    message = chat.messages.get(call.params.number("message_id", 0))
    if message is None:
        raise bad_request(f"message to {what} not found")
    if message.service or message.protected:
        raise bad_request(f"the message can't be {'copied' if what == 'copy' else 'forwarded'}")
    return message


def copy_message(call: Call) -> Json:
    """Send the content of a message anew, without a word of where it came from."""
    where = target(call)
    source = _source(call, "copy")
    text, entities = source.text, source.entities
    if "caption" in call.params and source.media:
        text, entities = content(call, call.params.text("caption"), caption=True)
    message = _new(call, where, text or None, list(entities))
    message.media, message.preview = source.media, source.preview
    _post(call, where, message)
    return {"message_id": message.id}


def forward_message(call: Call) -> Json:
    """Send a message on, with its origin."""
    where = target(call)
    source = _source(call, "forward")
    message = _new(call, where, source.text, list(source.entities))
    message.media = source.media
    message.origin = source.origin or _origin(call, source)
    return message_json(call.world, _post(call, where, message))


def _origin(call: Call, source: Message) -> Json:
    chat: Chat = call.world.chat(source.chat_id)
    if chat.type == "channel":
        return {"type": "channel", "date": source.date, "chat": chat_json(call.world, chat), "message_id": source.id}
    sender = call.world.users.get(source.sender_id or 0)
    if sender is None:
        return {"type": "hidden_user", "date": source.date, "sender_user_name": "Hidden"}
    return {"type": "user", "date": source.date, "sender_user": user_json(sender)}


def send_chat_action(call: Call) -> bool:
    """Show that the bot is typing, or what else it does."""
    where = target(call)
    action = call.params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.events.tell("action", where.chat.id, thread_id=where.thread_id, action=action)
    return True


def pin_chat_message(call: Call) -> bool:
    """Pin a message; in groups and channels that needs the right to."""
    return _pin(call, pin=True)


def unpin_chat_message(call: Call) -> bool:
    """Take the pinned message down."""
    return _pin(call, pin=False)


def _pin(call: Call, *, pin: bool) -> bool:
    chat = open_chat(call)
    member = call.world.bot_member(chat)
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if chat.type != "private" and right not in member.rights:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    message_id = call.params.integer("message_id", chat.pinned)
    if message_id not in chat.messages:
        raise bad_request("message to pin not found" if pin else "message to unpin not found")
    chat.pinned = message_id if pin else None
    call.world.events.tell("pinned", chat.id, message_id=chat.pinned)
    return True


def set_message_reaction(call: Call) -> bool:
    """Set the bot's one reaction to a message."""
    chat = find_chat(call)
    open_chat(call)
    message = chat.messages.get(call.params.number("message_id", 0))
    if message is None:
        raise bad_request("message to react not found")
    reactions = call.params.array("reaction", "ReactionType") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions.pop(call.world.bot.id, None)
    for reaction in reactions:
        if (
            not isinstance(reaction, dict)
            or reaction.get("type") != "emoji"
            or str(reaction.get("emoji")) not in REACTIONS
        ):
            raise bad_request("REACTION_INVALID")
        message.reactions[call.world.bot.id] = str(reaction["emoji"])
    call.world.show("edit", message)
    return True
