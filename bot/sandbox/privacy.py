"""Privacy mode: which messages of a group reach the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.model import Chat, Message
    from bot.sandbox.world import World


def bot_sees(world: World, chat: Chat, message: Message) -> bool:
    """Whether Telegram hands a message to the bot."""
    if chat.type == "private":
        return not chat.blocked
    member = world.bot_member(chat)
    if not member.is_present:
        return False
    if chat.type == "channel" or member.is_admin or world.profile.can_read_all:
        return True
    return bool(message.service or message.via_bot) or _is_addressed(world, chat, message)


def _is_addressed(world: World, chat: Chat, message: Message) -> bool:
    target = chat.messages.get(message.reply_to or 0)
    if target is not None and target.sender_id == world.bot.id:
        return True
    for command in _parts(message, "bot_command"):
        name, _, handle = command.partition("@")
        if handle:
            if handle.lower() == world.bot.username.lower():
                return True
        elif name and chat.last_bot in {None, world.bot.id}:
            return True
    return mentions(world, message)


def mentions(world: World, message: Message) -> bool:
    """Whether a message names the bot."""
    handle = f"@{world.bot.username}".lower()
    if any(part.lower() == handle for part in _parts(message, "mention")):
        return True
    return any(e["type"] == "text_mention" and e["user"]["id"] == world.bot.id for e in message.entities)


def _parts(message: Message, kind: str) -> Iterator[str]:
    raw = (message.text or "").encode("utf-16-le", "surrogatepass")
    for entity in message.entities:
        if entity["type"] == kind:
            start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
            yield raw[start:end].decode("utf-16-le", "replace")
