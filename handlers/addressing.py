"""Whether a message is meant for the bot, and what of it is the question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.constants import ChatID, ChatType, MessageEntityType

if TYPE_CHECKING:
    from telegram import Message, User

ASKING = ("ask", "verify", "compare")
"""Commands whose argument is a question: an edit of such a message edits its answer."""


def is_private(message: Message) -> bool:
    """Tell whether a message is between one person and the bot."""
    return message.chat.type == ChatType.PRIVATE


def is_from_someone(message: Message, bot: User) -> bool:
    """Tell whether a person wrote a message, by themselves or in the name of a chat; no bot, and not this one."""
    if (message.via_bot is not None and message.via_bot.id == bot.id) or message.is_automatic_forward:
        return False
    sender = message.from_user
    if message.sender_chat is not None:
        return message.sender_chat.id != message.chat.id or message.chat.type != ChatType.CHANNEL
    return sender is not None and not sender.is_bot and sender.id != ChatID.SERVICE_CHAT


def is_addressed(message: Message, bot: User) -> bool:
    """Tell whether a message in a group is meant for the bot: a command, a mention or a reply."""
    return _is_reply(message, bot) or _has_mention(message, bot) or command(message, bot) is not None


def is_named(message: Message, bot: User) -> bool:
    """Tell whether a command can be meant for no other bot: it names this one, or replies to it."""
    named = re.match(r"/\w+@(\w+)", _text(message))
    return is_private(message) or _is_reply(message, bot) or bool(named and _same(named[1], bot.username))


def command(message: Message, bot: User) -> str | None:
    """Return the command that a message begins with, unless it names another bot."""
    entities = message.entities or message.caption_entities
    if not entities or entities[0].type != MessageEntityType.BOT_COMMAND or entities[0].offset != 0:
        return None
    found = re.match(r"/(\w{1,64})(?:@(\w+))?", _text(message))
    if found is None or (found[2] and not _same(found[2], bot.username)):
        return None
    return found[1].lower()


def question(message: Message, bot: User) -> str:
    """Return what a message asks, without the bot's name and the command that it begins with."""
    text = _text(message)
    if command(message, bot) is not None:
        text = re.sub(r"^/\w+(?:@\w+)?", "", text)
    return re.sub(rf"@{re.escape(bot.username)}\b", " ", text, flags=re.IGNORECASE).strip() if bot.username else text


def topic(message: Message) -> int | None:
    """Return the forum topic that a message stands in; in other chats a thread is only a chain of replies."""
    return message.message_thread_id if message.is_topic_message else None


def _text(message: Message) -> str:
    """Return the text or the caption."""
    return message.text or message.caption or ""


def _is_reply(message: Message, bot: User) -> bool:
    """Tell whether a message replies to the bot; the first message of a topic is no message to reply to."""
    target = message.reply_to_message
    if target is None or target.from_user is None or target.forum_topic_created is not None:
        return False
    return target.from_user.id == bot.id and (target.via_bot is None)


def _has_mention(message: Message, bot: User) -> bool:
    """Tell whether a message names the bot."""
    encoded = _text(message).encode("utf-16-le", "surrogatepass")
    for entity in message.entities or message.caption_entities:
        at, end = 2 * entity.offset, 2 * (entity.offset + entity.length)  # Telegram counts in UTF-16
        named = encoded[at:end].decode("utf-16-le", "replace").removeprefix("@")
        if entity.type == MessageEntityType.MENTION and _same(named, bot.username):
            return True
        if entity.type == MessageEntityType.TEXT_MENTION and entity.user is not None and entity.user.id == bot.id:
            return True
    return False


def _same(name: str, other: str | None) -> bool:
    """Compare user names, which ignore case."""
    return other is not None and name.lower() == other.lower()
