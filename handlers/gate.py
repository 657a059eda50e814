"""What comes before every handler: who is answered at all, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import ApplicationHandlerStop

from handlers import render
from handlers.addressing import is_addressed, is_from_someone, is_private, topic
from handlers.care import Admission
from handlers.people import asker_of, note_chat
from handlers.sending import Target, send
from handlers.texts import say

if TYPE_CHECKING:
    from telegram import Message, Update

    from handlers.context import Context


async def admit(update: Update, context: Context) -> None:
    """Let an update through to the handlers, or end it here in silence; sets `context.asker`."""
    if update.my_chat_member is not None:
        return
    message = update.message or update.edited_message
    if message is not None:
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            return
        if not _concerns_us(message, context):
            raise ApplicationHandlerStop
    elif update.effective_user is None or update.effective_user.is_bot:
        raise ApplicationHandlerStop
    asker = await asker_of(update, context)
    if asker is None:
        raise ApplicationHandlerStop
    context.asker = asker
    if message is not None:
        await _ration(message, context)
        note_chat(context.services, message)


def _concerns_us(message: Message, context: Context) -> bool:
    """Tell whether a message is from a person and meant for the bot."""
    bot = context.bot.bot
    return is_from_someone(message, bot) and (is_private(message) or is_addressed(message, bot))


async def _ration(message: Message, context: Context) -> None:
    """End what is too much: with one notice, then in silence."""
    care = context.services.care
    granted = care.people.take(context.asker.id)
    if granted is Admission.GRANTED and not is_private(message):
        granted = care.groups.take(message.chat.id)
    if granted is Admission.GRANTED:
        return
    if granted is Admission.TOLD:
        target = Target(message.chat.id, topic(message), message.message_id)
        await send(context, target, render.plain(say(context.asker.language, "care.slow")))
    raise ApplicationHandlerStop
