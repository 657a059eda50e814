"""Subscribing: in private, in groups and topics by their admins, in channels by whoever may post there."""

from __future__ import annotations

import re
import zoneinfo
from typing import TYPE_CHECKING

import structlog
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.store import audit, chats, subscriptions
from bot.store.tables import NO_THREAD
from handlers import render
from handlers.addressing import command, topic
from handlers.people import Asker, profile, sighting
from handlers.sending import Target, insist, send
from handlers.settings_menu import WEEKDAYS, menu
from handlers.texts import say

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection
    from telegram import Chat, Message, Update

    from bot.store.subscriptions import Subscription
    from handlers.context import Context
    from handlers.pressing import Press
    from handlers.render import Reply

ADMINS = {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}
CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"

log = structlog.get_logger(__name__)


async def subscribe(update: Update, context: Context) -> None:
    """Subscribe the chat or topic, and show what it will be told."""
    if update.message is not None:
        await _subscribe(update.message, context)


async def unsubscribe(update: Update, context: Context) -> None:
    """End the subscription of the chat or topic."""
    if update.message is not None:
        await _unsubscribe(update.message, context)


async def settings(update: Update, context: Context) -> None:
    """Show the settings, or change the one that is named."""
    if update.message is not None:
        await _settings(update.message, context, context.args or [])


async def in_channel(update: Update, context: Context) -> None:
    """Carry out what is posted in a channel: only its admins can post there."""
    post = update.channel_post
    name = command(post, context.bot.bot) if post is not None else None
    if post is None or name not in {"subscribe", "unsubscribe", "settings"}:
        return
    chosen = (await profile(context.services, post.chat, post.chat.id)).chat
    context.asker = Asker(post.chat.id, None, chosen or context.services.settings.language)
    if name == "subscribe":
        await _subscribe(post, context)
    elif name == "unsubscribe":
        await _unsubscribe(post, context)
    else:
        await _settings(post, context, (post.text or "").split()[1:])


async def _subscribe(message: Message, context: Context) -> None:
    """Subscribe where a message stands."""
    if not await _may(message, context, "subscribe"):
        return
    services, now = context.services, context.services.now()

    async def write(connection: AsyncConnection) -> Subscription:
        chat = message.chat
        await chats.see(connection, [sighting(chat, now)])
        by, zone = context.asker.person, services.settings.timezone
        return await subscriptions.subscribe(connection, chat.id, _thread(message), by=by, zone=zone, now=now)

    made = await services.commits.run(write)
    await _answer(message, context, menu(made, context.asker.language, opening="subscribed"))


async def _unsubscribe(message: Message, context: Context) -> None:
    """Unsubscribe where a message stands."""
    if not await _may(message, context, "unsubscribe"):
        return
    where, now = (message.chat.id, _thread(message)), context.services.now()
    was = await context.services.commits.run(lambda c: subscriptions.unsubscribe(c, *where, now))
    await _answer(message, context, _plain(context, "unsubscribed" if was else "subscription.none"))


async def _settings(message: Message, context: Context, words: list[str]) -> None:
    """Show or change the settings of where a message stands."""
    if not await _may(message, context, "settings"):
        return
    async with context.services.store.reading() as connection:
        found = await subscriptions.find(connection, message.chat.id, _thread(message))
    if found is None or not found.active:
        await _answer(message, context, _plain(context, "subscription.none"))
        return
    if words:
        changes = read_setting(words)
        if changes is None:
            await _answer(message, context, _plain(context, "settings.usage"))
            return
        found = await change(found, context, changes)
    await _answer(message, context, menu(found, context.asker.language))


def read_setting(words: list[str]) -> dict[str, object] | None:
    """Read a setting in words: `time 08:30`, `zone Europe/Berlin`, `day friday`, `quiet 22:00-07:00`, `quiet off`."""
    name, value = words[0].lower(), " ".join(words[1:])
    if name == "time" and (clock := re.fullmatch(CLOCK, value)):
        return {"digest_time": f"{int(clock[1]):02}:{clock[2]}"}
    if name == "zone" and value in zoneinfo.available_timezones():
        return {"zone": value}
    if name == "day" and value.lower() in WEEKDAYS:
        return {"digest_day": WEEKDAYS.index(value.lower())}
    if name == "quiet" and value.lower() == "off":
        return {"quiet_from": None, "quiet_until": None}
    if name == "quiet" and (hours := re.fullmatch(rf"{CLOCK}\s*[-–]\s*{CLOCK}", value)):
        begin, end = f"{int(hours[1]):02}:{hours[2]}", f"{int(hours[3]):02}:{hours[4]}"
        return {"quiet_from": begin, "quiet_until": end} if begin != end else None
    return None


async def change(found: Subscription, context: Context, changes: dict[str, object]) -> Subscription:
    """Keep a change of the settings."""
    now = context.services.now()
    return await context.services.commits.run(lambda c: subscriptions.change(c, found, now, **changes))


async def press_setting(press: Press, context: Context) -> str | None:
    """Change the setting of a button; in a group only its admins may, whoever asked for the buttons."""
    language = context.asker.language
    async with context.services.store.reading() as connection:
        found = await subscriptions.get(connection, int(press.button.payload["subscription"]))
    chat = press.query.message.chat if press.query.message is not None else None
    if found is None or chat is None or found.chat_id != chat.id:
        return say(language, "button.outdated")
    if chat.type != ChatType.PRIVATE and not await _is_admin(chat, press.person, context):
        await _refused(context, "settings", chat.id, press.person)
        return say(language, "subscribe.admins")
    changed = await change(found, context, dict(press.button.payload["set"]))
    if not changed.active:
        await press.replace(context, _plain(context, "unsubscribed"))
        return None
    await press.replace(context, menu(changed, language))
    return say(language, "settings.saved")


# --- who may --------------------------------------------------------------------------------------------------------


async def _may(message: Message, context: Context, action: str) -> bool:
    """Let admins of a chat through; an admin who writes in the group's name is one."""
    chat, speaker = message.chat, message.sender_chat
    if chat.type in {ChatType.PRIVATE, ChatType.CHANNEL}:
        return True
    if speaker is not None:
        if speaker.id == chat.id:
            return True
    elif message.from_user is not None and await _is_admin(chat, message.from_user.id, context):
        return True
    await _refused(context, action, chat.id, message.from_user.id if message.from_user else None)
    await _answer(message, context, _plain(context, "subscribe.admins"))
    return False


async def _is_admin(chat: Chat, user_id: int, context: Context) -> bool:
    """Ask Telegram whether someone is an admin of a chat now."""
    try:
        member = await insist(lambda: context.bot.get_chat_member(chat.id, user_id))
    except (BadRequest, Forbidden):
        return False
    return member.status in ADMINS


async def _refused(context: Context, action: str, chat_id: int, user_id: int | None) -> None:
    """Keep a refused attempt."""
    now = context.services.now()
    log.warning("refused", action=action, chat_id=chat_id, user_id=user_id)
    await context.services.commits.run(
        lambda c: audit.note(c, now, action=action, user_id=user_id, chat_id=chat_id, allowed=False)
    )


def _thread(message: Message) -> int:
    """Return the topic that a message stands in."""
    return topic(message) or NO_THREAD


def _plain(context: Context, key: str) -> Reply:
    """Make a reply of one sentence."""
    return render.plain(say(context.asker.language, key))


async def _answer(message: Message, context: Context, reply: Reply) -> None:
    """Answer where a message stands; in a channel without replying, since posts are not questions there."""
    replied = None if message.chat.type == ChatType.CHANNEL else message.message_id
    await send(context, Target(message.chat.id, topic(message), replied, context.asker.person), reply)
