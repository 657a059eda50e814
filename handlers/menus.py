"""The commands, and the menus and descriptions that Telegram shows, by scope and language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.intake.errors import PostponeError
from handlers.sending import insist
from handlers.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telegram import Bot

    from knowledge.outcome import Language

PRIVATE: Final = (
    *("ask", "figures", "topics", "fact", "verify", "compare", "source", "why"),
    *("subscribe", "unsubscribe", "settings", "language", "privacy", "forget", "help", "start"),
)
GROUP: Final = (
    *("ask", "figures", "topics", "fact", "verify", "compare", "source", "why"),
    *("subscribe", "unsubscribe", "settings", "language", "help"),
)
ADMIN: Final = ("announce", "announcements", "unanswered", "stats", "reload")
MENU_LANGUAGES: Final[dict[str, Language]] = {"": "en", "zh": "zh-Hans"}
"""Telegram's two letters do not tell Traditional from Simplified."""

log = structlog.get_logger(__name__)


async def publish(bot: Bot, admins: Iterable[int] = ()) -> None:
    """Set menus and descriptions; that one of them is refused stops nothing."""
    scopes: list[tuple[BotCommandScope, tuple[str, ...]]] = [
        (BotCommandScopeDefault(), PRIVATE),
        (BotCommandScopeAllPrivateChats(), PRIVATE),
        (BotCommandScopeAllGroupChats(), GROUP),
        *((BotCommandScopeChat(admin), (*PRIVATE, *ADMIN)) for admin in admins),
    ]
    for code, language in MENU_LANGUAGES.items():
        for scope, names in scopes:
            commands = [BotCommand(name, say(language, f"command.{name}")) for name in names]
            await _publish(bot, commands, scope, code)
        await _describe(bot, language, code)


async def _publish(bot: Bot, commands: list[BotCommand], scope: BotCommandScope, code: str) -> None:
    """Set one menu."""
    try:
        await insist(lambda: bot.set_my_commands(commands, scope=scope, language_code=code or None))
    except (TelegramError, PostponeError) as error:
        # An admin who has never written to the bot has no chat with it yet.
        log.info("a menu was not set", scope=scope.type, language=code, reason=str(error))


async def _describe(bot: Bot, language: Language, code: str) -> None:
    """Set what Telegram shows before a chat begins."""
    try:
        await insist(lambda: bot.set_my_description(say(language, "bot.description"), language_code=code or None))
        short = say(language, "bot.short_description")
        await insist(lambda: bot.set_my_short_description(short, language_code=code or None))
    except (TelegramError, PostponeError) as error:
        log.info("a description was not set", language=code, reason=str(error))
