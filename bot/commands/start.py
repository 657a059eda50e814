"""``factline`` and ``factline run``: the Telegram bot where there is a token, else the sandbox."""

from __future__ import annotations

import sys

from bot import lean
from bot.settings import SettingsError

SANDBOX = "FACTLINE_TOKEN is not set, so this is the sandbox: a local Telegram to try the bot in."


def start() -> int:
    """Start what the settings ask for, and say so where that is the sandbox; returns the exit code."""
    lean.restart()
    with lean.without(*lean.EXTRAS), lean.standing_in(*lean.UNUSED), lean.trusting_nobody():
        from bot.commands import run
        from bot.commands.settings import read

    try:
        settings = read()
    except SettingsError as error:
        return run.complain(str(error), run.ExitCode.SETTINGS)
    if settings.token is not None:
        return run.run(settings)
    # Only now: the bot on Telegram has no use for a Telegram of its own.
    from bot.commands import sandbox

    sys.stdout.write(SANDBOX + "\n")
    sys.stdout.flush()
    return sandbox.sandbox()
