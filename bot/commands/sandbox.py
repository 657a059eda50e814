"""`factline sandbox`: the real bot against the local Telegram of `bot/sandbox`, with a chat page in the browser."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bot import app, logs
from bot.commands.run import ExitCode, complain, until_done
from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from bot.settings_form import load

PORT = 8080


def sandbox(port: int | None = None) -> int:
    """Run both until a signal ends them; without a port, 8080 or, if that is taken, any that is free."""
    logs.configure(level="WARNING")
    try:
        telegram = _started(port)
    except OSError as error:
        where = f"127.0.0.1:{PORT if port is None else port}"
        return complain(f"The sandbox cannot listen on {where}: {error.strerror}.", ExitCode.FAILED)
    try:
        with tempfile.TemporaryDirectory(prefix="factline-") as folder:
            return until_done(_run(telegram, Path(folder)))
    finally:
        telegram.stop()


def _started(port: int | None) -> Sandbox:
    """Start the local Telegram."""
    if port is not None:
        return Sandbox(port=port).start()
    try:
        return Sandbox(port=PORT).start()
    except OSError:
        return Sandbox().start()


async def _run(telegram: Sandbox, folder: Path) -> None:
    """Run the bot; its database goes when the sandbox goes, since the chats do too."""
    settings = load(
        token=telegram.token,
        api_url=telegram.url,
        database_url=f"sqlite:///{folder / 'factline.db'}",
        admins=str(YOU),
        webhook_url=None,
    )

    def ready() -> None:
        sys.stdout.write(f"Factline's sandbox is at {telegram.url} (Ctrl+C ends it).\n")
        sys.stdout.flush()

    await app.run(settings, web=False, ready=ready)
