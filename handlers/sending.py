"""Sending: each reply goes out, whatever the network does; a repeated answer is harmless, a missing one is not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.delivery.calls import Call, carry_out
from bot.flood import seconds_of
from bot.intake.errors import PostponeError
from bot.store import buttons
from bot.store.buttons import Draft, Keyboard
from handlers.render import Key, Link, Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import Message

    from handlers.context import Context

T = TypeVar("T")

PAUSES = (0.3, 1.0, 3.0)
"""Seconds before each further try of a call that may not have arrived."""
LONGEST_WAIT = 20.0
"""Telegram may ask to wait for hours; from here on the update goes back to the inbox instead."""
AGAIN = 10.0
PREVIEW = LinkPreviewOptions(is_disabled=True)
NO_PREVIEW: Final = {"is_disabled": True}
Rows = list[list[dict[str, str]]]
"""Buttons as Telegram takes them."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reply goes: a chat, its topic, the message that it answers, and whose its buttons are."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    owner: int | None = None


async def send(context: Context, target: Target, reply: Reply) -> int:
    """Send a reply and return the id of its message; raises only what no further try would mend."""
    shown = await _shown(context, reply.rows, target)

    async def call(text: str, parse_mode: str | None) -> int | None:
        # As plain parameters: PTB's objects, and its reading of the message that comes back, took 0.5 ms a reply.
        return await carry_out(context.bot, Call("sendMessage", _parameters(target, text, parse_mode, shown)))

    try:
        return await _either(call, reply) or 0
    except ChatMigrated as error:
        return await send(context, replace(target, chat_id=error.new_chat_id, reply_to=None), reply)


def _parameters(target: Target, text: str, parse_mode: str | None, shown: Rows) -> dict[str, Any]:
    """Return the parameters of sendMessage."""
    parameters: dict[str, Any] = {"chat_id": target.chat_id, "text": text, "link_preview_options": NO_PREVIEW}
    if parse_mode:
        parameters["parse_mode"] = parse_mode
    if target.thread_id:
        parameters["message_thread_id"] = target.thread_id
    if target.reply_to:
        parameters["reply_parameters"] = {"message_id": target.reply_to, "allow_sending_without_reply": True}
    if shown:
        parameters["reply_markup"] = {"inline_keyboard": shown}
    return parameters


async def edit(context: Context, target: Target, message_id: int, reply: Reply) -> None:
    """Replace the text and the buttons of a message of ours; that nothing changes is no error."""
    markup = await keyboard(context, reply.rows, target)

    async def call(text: str, parse_mode: str | None) -> None:
        await context.bot.edit_message_text(
            text,
            target.chat_id,
            message_id,
            parse_mode=parse_mode,
            reply_markup=markup,
            link_preview_options=PREVIEW,
        )

    try:
        await _either(call, reply)
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            raise


async def edit_inline(context: Context, inline_message_id: str, reply: Reply) -> None:
    """Replace the text of a message that someone sent by inline mode."""

    async def call(text: str, parse_mode: str | None) -> None:
        await context.bot.edit_message_text(
            text, inline_message_id=inline_message_id, parse_mode=parse_mode, link_preview_options=PREVIEW
        )

    await _either(call, reply)


async def _either(call: Callable[[str, str | None], Awaitable[T]], reply: Reply) -> T:
    """Send with tags; if Telegram refuses those, without."""
    try:
        return await insist(lambda: call(reply.html, ParseMode.HTML))
    except BadRequest as error:
        if "entities" not in error.message.lower():
            raise
        log.error("entities were refused; the reply went out as plain text", error=error.message)  # noqa: TRY400
    return await insist(lambda: call(reply.plain, None))


async def insist(call: Callable[[], Awaitable[T]]) -> T:
    """Call Telegram until it answers, a few times and with pauses; then give the update back to the inbox."""
    for pause in (*PAUSES, None):
        try:
            return await call()
        except RetryAfter as error:
            wait = seconds_of(error)
            if pause is None or wait > LONGEST_WAIT:
                raise PostponeError(wait) from None
            await asyncio.sleep(wait)
        except BadRequest:  # is a NetworkError for PTB, but says that no further try would help
            raise
        except NetworkError as error:
            if pause is None:
                raise PostponeError(AGAIN) from error
            await asyncio.sleep(pause)
    raise AssertionError  # the last try has returned or raised


def is_gone(error: Exception) -> bool:
    """Tell whether a chat, topic or message is simply not there any more, which is nobody's mistake."""
    if isinstance(error, Forbidden):
        return True
    marks = (
        "not found",
        "chat_write_forbidden",
        "topic_closed",
        "not enough rights",
        "have no rights",
        "too old",
        "be edited",
    )
    return isinstance(error, BadRequest) and any(mark in error.message.lower() for mark in marks)


async def keyboard(
    context: Context, rows: Sequence[Sequence[Key | Link]], target: Target
) -> InlineKeyboardMarkup | None:
    """Keep the buttons in the store and return what the client shall show."""
    shown = await _shown(context, rows, target)
    return (
        InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(each["text"], each.get("url"), each.get("callback_data")) for each in row]
                for row in shown
            ]
        )
        if shown
        else None
    )


async def _shown(context: Context, rows: Sequence[Sequence[Key | Link]], target: Target) -> Rows:
    """Keep the buttons in the store, before any press of them is looked up, and return them as Telegram takes them.

    The client gets an id, which means nothing to anyone else.
    """
    drafts = [_draft(key) for row in rows for key in row if isinstance(key, Key)]
    kept = Keyboard(drafts, context.services.now(), target.owner, target.chat_id)
    numbers = count()
    shown = [
        [
            {"text": key.label, "url": key.url}
            if isinstance(key, Link)
            else {"text": key.label, "callback_data": kept.data(next(numbers))}
            for key in row
        ]
        for row in rows
    ]
    if drafts:
        await context.services.keep(buttons.keep, kept)
    return shown


def _draft(key: Key) -> Draft:
    """Return a button as the store keeps it."""
    return Draft(key.action, key.payload, key.group, key.repeatable, key.anyone)


def back_to(message: Message, owner: int | None) -> Target:
    """Return the target that answers a message in its topic."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Target(message.chat.id, thread, message.message_id, owner)
