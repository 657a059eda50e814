"""`factline run`: the bot on Telegram, until a signal ends it; what prevents it is one sentence and an exit code."""

from __future__ import annotations

import asyncio
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot import app, logs
from bot.commands.settings import read
from bot.flood import prefer_timedelta
from bot.intake.errors import IntakeError
from bot.settings import SettingsError
from bot.store.errors import StoreError
from bot.store.failures import UNAVAILABLE
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.settings import Settings


class ExitCode(IntEnum):
    """What a program that starts this one can go by."""

    DONE = 0
    FAILED = 1
    SETTINGS = 2
    DATABASE = 3
    TELEGRAM = 4
    """The token is refused, the API cannot be reached, or another instance takes the updates."""
    KNOWLEDGE = 5


def run(settings: Settings | None = None, *, level: str = "INFO") -> int:
    """Run the bot with these settings, or those of the environment; returns the exit code."""
    logs.configure(level=level)
    return until_done(_run(settings))


async def _run(settings: Settings | None) -> None:
    """Read the settings, unless that is done, and run."""
    if settings is None:
        settings = read()
    if settings.token is None:
        raise SettingsError(
            "FACTLINE_TOKEN is missing: set it to the token that @BotFather gave, or try `factline sandbox`"
        )
    await app.run(settings)


def until_done(work: Coroutine[Any, Any, None]) -> int:
    """Run to the end; say in one sentence what went wrong."""
    prefer_timedelta()
    try:
        asyncio.run(work)
    except SettingsError as error:
        return complain(str(error), ExitCode.SETTINGS)
    except StoreError as error:
        return complain(str(error), ExitCode.DATABASE)
    except IntakeError as error:
        return complain(str(error), ExitCode.TELEGRAM)
    except KnowledgeError as error:
        return complain(f"The knowledge base cannot be used:\n{error}", ExitCode.KNOWLEDGE)
    except UNAVAILABLE as error:
        return complain(f"The system refuses to go on ({type(error).__name__}).", ExitCode.FAILED)
    except KeyboardInterrupt:
        return ExitCode.DONE
    return ExitCode.DONE


def complain(sentence: str, code: ExitCode) -> int:
    """Write a sentence to standard error, without tokens, and return the exit code."""
    sys.stderr.write(f"factline: {logs.redact(sentence)}\n")
    return code
