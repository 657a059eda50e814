"""People who talk to the bot, so that a test reads like a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.world import MEI, YOU

if TYPE_CHECKING:
    from bot.sandbox.model import Message
    from bot.sandbox.testing import Sandbox


@dataclass
class Person:
    """Someone in a chat, or in a topic of it."""

    sandbox: Sandbox
    user: int = YOU
    chat: int = 0
    thread: int | None = None

    def __post_init__(self) -> None:
        self.chat = self.chat or self.user

    def says(self, text: str | None, **details: Any) -> Message:
        """Write, without waiting for anything."""
        return self.sandbox.say(self.chat, text, user=self.user, thread=self.thread, **details)

    async def asks(self, text: str | None, *, count: int = 1, **details: Any) -> str:
        """Write, and return the text of the reply."""
        return (await self.gets(text, count=count, **details)).text or ""

    async def gets(self, text: str | None, *, count: int = 1, **details: Any) -> Message:
        """Write, and return the reply."""
        asked = self.says(text, **details)
        return await self.sandbox.wait_for_reply(self.chat, after=asked.id, count=count)

    async def presses(self, message: Message, label: str) -> str:
        """Press a button, and return what the client shows for a moment."""
        data = [key["callback_data"] for key in keys(message) if label in key["text"]]
        assert data, f"no button {label!r} below {message.text!r}: {labels(message)}"
        return await self.sends(message, data[0])

    async def sends(self, message: Message, data: str) -> str:
        """Press a button that need not be there, and return what the client shows for a moment."""
        query = self.sandbox.press(self.chat, message.id, data, user=self.user)
        answer = await self.sandbox.wait_for_answer(query)
        return str(answer.get("text") or "")

    def in_chat(self, chat: int, thread: int | None = None) -> Person:
        """Go to another chat."""
        return Person(self.sandbox, self.user, chat, thread)


def keys(message: Message) -> list[dict[str, Any]]:
    """List the buttons below a message."""
    return [key for row in (message.markup or {}).get("inline_keyboard", []) for key in row]


def labels(message: Message) -> list[str]:
    """List what the buttons below a message say."""
    return [key["text"] for key in keys(message)]


def two(sandbox: Sandbox) -> tuple[Person, Person]:
    """You and Mei, each in their private chat."""
    return Person(sandbox, YOU), Person(sandbox, MEI)
