"""The bot as a program of its own, so that it can be killed like one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot import app
from bot.commands.run import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.testing import Sandbox

ROOT = Path(__file__).parents[2]
START = "import sys; from bot.commands.run import run; sys.exit(run(level=sys.argv[1]))"
# Each program is forked from a process that has imported all this: a kill test starts a dozen, a second of import each.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bot.commands.run"])


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(environment: Mapping[str, str], output: str, level: str, handover: float | None) -> None:
    """Be the program: in its own environment and folder, writing to a file."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir("/")
    file = os.open(output, os.O_WRONLY | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(file, descriptor)
    if handover is not None:
        app.HANDOVER_SECONDS = handover
    sys.exit(run(level=level))


class Program:
    """A running bot; everything that it writes is kept."""

    def __init__(
        self,
        sandbox: Sandbox,
        database_url: str,
        *,
        level: str = "WARNING",
        handover: float | None = None,
        **settings: str,
    ) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FACTLINE_")},
            "FACTLINE_TOKEN": sandbox.token,
            "FACTLINE_API_URL": sandbox.url,
            "FACTLINE_DATABASE_URL": database_url,
            "FACTLINE_PORT": str(free_port()),
            **settings,
        }
        descriptor, name = tempfile.mkstemp(prefix="factline-output-")
        os.close(descriptor)
        self._output = Path(name)
        self._process = FORKS.Process(target=main, args=(environment, name, level, handover), daemon=True)
        self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._output.unlink()

    @property
    def output(self) -> str:
        """All that it has written so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()
        self._process.join(30)

    def terminate(self) -> int:
        """Ask it to end, as an operator would; returns its exit code."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = 60) -> int:
        """Wait until it ends by itself; returns its exit code."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, f"still running after {seconds} s:\n{self.output}"
        return self._process.exitcode
