"""What the bot says about itself: name, descriptions and command menus by scope and language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.model import Chat, Json

Scope = tuple[str, int, int]
DEFAULT: Final[Scope] = ("default", 0, 0)


@dataclass
class Profile:
    """Texts by language ("" is every language without its own), commands by scope and language."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    can_read_all: bool = False
    supports_inline: bool = True
    supports_guest: bool = True

    def menu(self, chat: Chat, user_id: int, language: str, *, is_admin: bool) -> list[Json]:
        """Return the commands that this user sees in this chat, by Telegram's order of scopes."""
        short = language.split("-", maxsplit=1)[0].lower()
        for scope in _scopes(chat, user_id, is_admin=is_admin):
            for code in (short, ""):
                if found := self.commands.get((scope, code)):
                    return found
        return []

    def localised(self, texts: dict[str, str], language: str) -> str:
        """Return a text in the user's language, else the one for every language."""
        return texts.get(language.split("-", maxsplit=1)[0].lower()) or texts.get("", "")


def _scopes(chat: Chat, user_id: int, *, is_admin: bool) -> Iterator[Scope]:
    if chat.type == "private":
        yield ("chat", chat.id, 0)
        yield ("all_private_chats", 0, 0)
    else:
        yield ("chat_member", chat.id, user_id)
        if is_admin:
            yield ("chat_administrators", chat.id, 0)
        yield ("chat", chat.id, 0)
        if is_admin:
            yield ("all_chat_administrators", 0, 0)
        yield ("all_group_chats", 0, 0)
    yield DEFAULT
