"""When a handler fails: details to the log, one sentence to the user, one line to the admins, and the update back."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import structlog
from telegram import Update
from telegram.error import TelegramError

from bot.intake.errors import PostponeError, UnprocessableError
from bot.intake.stages import next_stage
from bot.store.failures import UNAVAILABLE
from bot.store.inbox import ATTEMPTS
from handlers import render, soundness
from handlers.addressing import is_private, topic
from handlers.care import Admission
from handlers.sending import Target, is_gone, send
from handlers.texts import say, spoken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from handlers.context import App, Context

DATABASE_PAUSE = 2.0
MOST_POSTPONEMENTS = 60
"""With the pauses of the inbox this is hours: an outage of Telegram or of the database ends, or is noticed."""

log = structlog.get_logger(__name__)
# PTB hands an exception to its error handlers and returns as if all were well: this carries it on to the inbox.
_raised: ContextVar[list[Exception] | None] = ContextVar("raised", default=None)


def process_with(application: App) -> Callable[[dict[str, Any]], Awaitable[None]]:
    """Return what the inbox calls for every update; it raises what a handler raised."""

    async def process(raw: dict[str, Any]) -> None:
        soundness.check(raw)
        try:
            update = Update.de_json(raw, application.bot)
        except Exception as error:
            raise UnprocessableError(f"not an update: {type(error).__name__}") from error
        await next_stage()
        raised: list[Exception] = []
        token = _raised.set(raised)
        try:
            await application.process_update(update)
        finally:
            _raised.reset(token)
        if raised:
            raise raised[0]

    return process


async def failed(update: object, context: Context) -> None:
    """PTB's error handler: decide whether the update shall be tried again, and who is told."""
    error = context.error
    if error is None or not isinstance(update, Update):
        return
    if is_gone(error):
        log.info("nobody to answer any more", error=type(error).__name__, update_id=update.update_id)
        return
    for_inbox = _for_inbox(update, error, context)
    raised = _raised.get()
    if raised is not None:
        raised.append(for_inbox)
    if isinstance(for_inbox, PostponeError):
        log.warning("update postponed", error=type(error).__name__, update_id=update.update_id)
        return
    reference = secrets.token_hex(4)
    log.error("handler failed", reference=reference, update_id=update.update_id, exc_info=error)
    await _tell(update, context, error, reference)


def _for_inbox(update: Update, error: Exception, context: Context) -> Exception:
    """Turn what was raised into what the inbox goes by: later, again, or never."""
    if not isinstance(error, (PostponeError, *UNAVAILABLE)):
        return error
    times = (context.services.failures.get(-update.update_id) or 0) + 1
    context.services.failures.put(-update.update_id, times)
    if times > MOST_POSTPONEMENTS:
        return UnprocessableError("it was postponed too often")
    return error if isinstance(error, PostponeError) else PostponeError(DATABASE_PAUSE)


async def _tell(update: Update, context: Context, error: Exception, reference: str) -> None:
    """Tell the user after the last try, and the admins; that this fails too is only logged."""
    times = (context.services.failures.get(update.update_id) or 0) + 1
    context.services.failures.put(update.update_id, times)
    if times < ATTEMPTS:
        return
    try:
        message = update.message
        if message is not None and is_private(message):  # a group is not the place for our troubles
            code = message.from_user.language_code if message.from_user else None
            language = spoken(code, context.services.settings.language)
            target = Target(message.chat.id, topic(message), message.message_id)
            await send(context, target, render.plain(say(language, "error", reference=reference)))
        await _alarm(context, f"{type(error).__name__} ({reference})", type(error).__name__)
    except (TelegramError, PostponeError, *UNAVAILABLE):
        log.warning("nobody could be told of a failure", reference=reference)


async def _alarm(context: Context, line: str, kind: str) -> None:
    """Send a line to the admins, not too many of a kind."""
    if context.services.care.alarms.take(kind) is not Admission.GRANTED:
        return
    for admin in context.services.settings.admins:
        await send(context, Target(admin), render.plain(say("en", "error.admin", line=line)))
