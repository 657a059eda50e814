"""The bot as a program of its own, so that it can be killed like one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from bot.sandbox.testing import Sandbox

ROOT = Path(__file__).parents[2]
START = "import sys; from bot.commands.run import run; sys.exit(run(level=sys.argv[1]))"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """A running bot; everything that it writes is kept."""

    def __init__(self, sandbox: Sandbox, database_url: str, *, level: str = "WARNING", **settings: str) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FACTLINE_")},
            "PYTHONPATH": str(ROOT),
            "FACTLINE_TOKEN": sandbox.token,
            "FACTLINE_API_URL": sandbox.url,
            "FACTLINE_DATABASE_URL": database_url,
            "FACTLINE_PORT": str(free_port()),
            **settings,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, level],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._chunks: list[bytes] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self._chunks.extend(self._process.stdout)
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def output(self) -> str:
        """All that it has written so far."""
        return b"".join(self._chunks).decode("utf-8", "replace")

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()
        self._end()

    def terminate(self) -> int:
        """Ask it to end, as an operator would; returns its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = 40) -> int:
        """Wait until it ends by itself; returns its exit code."""
        self._process.wait(seconds)
        self._end()
        return self._process.returncode

    def _end(self) -> None:
        self._process.wait(10)
        self._reader.join(10)
