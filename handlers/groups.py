"""Chats that the bot comes into, leaves, is blocked in, and that become another chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.constants import ChatMemberStatus, ChatType

from bot.store import chats
from handlers import render
from handlers.people import sighting
from handlers.sending import Target, send
from handlers.texts import say, spoken

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection
    from telegram import Chat, Update

    from handlers.context import Context

GONE = {ChatMemberStatus.LEFT: "left", ChatMemberStatus.BANNED: "kicked"}


async def migrate(update: Update, context: Context) -> None:
    """Move everything of a group to the supergroup that it has become."""
    message = update.message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    now = context.services.now()
    await context.services.commits.run(lambda connection: chats.migrate(connection, old, new, now))
    context.services.profiles.clear()
    context.services.threads.clear()


async def member(update: Update, context: Context) -> None:
    """Note where the bot may write; say hello, once, in a group that it was added to."""
    change = update.my_chat_member
    if change is None:
        return
    services, chat, now = context.services, change.chat, context.services.now()
    services.seen.forget(chat.id)
    status = change.new_chat_member.status
    if status in GONE:
        reason = "blocked" if chat.type == ChatType.PRIVATE else GONE[ChatMemberStatus(status)]
        await services.commits.run(lambda connection: chats.close(connection, chat.id, reason, now))
        return
    is_new = await services.commits.run(lambda connection: _arrive(connection, chat, context))
    if is_new and chat.type in {ChatType.GROUP, ChatType.SUPERGROUP} and status != ChatMemberStatus.RESTRICTED:
        language = spoken(change.from_user.language_code, services.settings.language)
        await send(context, Target(chat.id), render.plain(say(language, "group.hello", bot=context.bot.username)))


async def _arrive(connection: AsyncConnection, chat: Chat, context: Context) -> bool:
    """Note a chat; tells whether the bot has yet to introduce itself."""
    now = context.services.now()
    await chats.see(connection, [sighting(chat, now)])
    return await chats.introduce(connection, chat.id, now)
