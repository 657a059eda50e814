"""Pressed buttons: each press is judged by the store, acts once, and is always answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from telegram import Message
from telegram.error import BadRequest

from bot.intake.errors import PostponeError
from bot.store import buttons
from bot.store.buttons import Button, Refusal
from handlers.sending import Target, edit, insist, send
from handlers.texts import say

if TYPE_CHECKING:
    from telegram import CallbackQuery, Update

    from handlers.context import Context
    from handlers.render import Reply

MAX_TOAST = 200
"""Characters that Telegram shows as the answer to a press."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Press:
    """A press that may act."""

    query: CallbackQuery
    button: Button
    person: int
    chat_id: int
    message_id: int
    thread_id: int | None

    @property
    def target(self) -> Target:
        """Where a reply to the message with the button goes."""
        return Target(self.chat_id, self.thread_id, self.message_id, self.person)

    async def follow(self, context: Context, reply: Reply) -> None:
        """Answer below the message with the button."""
        await send(context, self.target, reply)

    async def replace(self, context: Context, reply: Reply) -> None:
        """Put a reply in the place of the message with the button."""
        await edit(context, self.target, self.message_id, reply)


Action = Callable[[Press, "Context"], Awaitable[str | None]]
"""What a button does; it returns what the client shows for a moment."""


def press_with(actions: Mapping[str, Action]) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """Return the handler of presses for a table of actions."""

    async def press(update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        toast: str | None = None
        try:
            toast = await _act(update.update_id, query, context, actions)
        finally:  # also after a failure: until it is answered, the button spins
            await _answer(query, context, toast)

    return press


async def _act(update_id: int, query: CallbackQuery, context: Context, actions: Mapping[str, Action]) -> str | None:
    """Judge a press and do what the button does."""
    language, message = context.asker.language, query.message
    if message is None:
        return say(language, "button.unknown")
    judged = await _judge(update_id, query, message.chat.id, context)
    if isinstance(judged, Refusal):
        return say(language, f"button.{judged.value}")
    action = actions.get(judged.action)
    if action is None:
        return say(language, "button.outdated")
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    press = Press(query, judged, query.from_user.id, message.chat.id, message.message_id, thread)
    return await action(press, context)


async def _judge(update_id: int, query: CallbackQuery, chat_id: int, context: Context) -> Button | Refusal:
    """Use a button up; the next try of an update that has already done so goes on where the first one failed."""
    services, data, person = context.services, query.data or "", query.from_user.id
    now = services.now()
    return await services.commits.run(lambda c: buttons.press(c, data, person, chat_id, now, update_id))


async def _answer(query: CallbackQuery, context: Context, toast: str | None) -> None:
    """Tell the client that the press has arrived; one that is too old does not wait for it any more."""
    try:
        await insist(lambda: context.bot.answer_callback_query(query.id, toast[:MAX_TOAST] if toast else None))
    except (BadRequest, PostponeError) as error:
        log.info("a press was not answered", reason=type(error).__name__)
