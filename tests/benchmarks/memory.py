"""Memory: the idle bot against an idle PTB echo bot, and what twenty thousand updates add after a warm-up."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.testing import Sandbox
from tests.benchmarks.row import Row
from tests.benchmarks.updates import ask, echo, questions, whole

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

WARM, MEASURED, AT_ONCE = 4_000, 20_000, 1_000
"""People take turns, so that no one is asked to wait; each asks a few times."""
MOST_IDLE, MOST_GROWTH = 1.5, 0.05
STEADY_SECONDS = 3.0


def settled(process: subprocess.Popen[bytes]) -> int:
    """Resident bytes of a process, once they have stopped growing."""
    resident, since = _resident(process), time.monotonic()
    while time.monotonic() - since < STEADY_SECONDS:
        time.sleep(0.1)
        now = _resident(process)
        if now > resident * 1.002:
            since = time.monotonic()
        resident = max(now, resident)
    return _resident(process)


def _resident(process: subprocess.Popen[bytes]) -> int:
    """Resident bytes of a process now."""
    pages = Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def idle() -> tuple[int, int]:
    """Resident bytes of the idle bot and of the idle echo bot, each after one answer."""
    with Sandbox() as ours, Sandbox() as theirs, whole(ours) as bot, echo(theirs) as plain:
        return settled(bot), settled(plain)


def growth(warm: int = WARM, measured: int = MEASURED) -> float:
    """What the updates after the warm-up added, as a share of what there was."""
    with Sandbox() as sandbox, whole(sandbox) as bot:
        people, texts = sandbox.bulk_chats(AT_ONCE), questions(AT_ONCE)

        def answered(number: int) -> int:
            for turn in range(number // AT_ONCE):
                ask(sandbox, people, texts[turn:] + texts[:turn])
            return settled(bot)

        before = answered(warm)
        return answered(measured) / before - 1


def rows() -> Iterator[Row]:
    """The rows of memory."""
    ours, theirs = idle()
    measured = f"{ours / theirs:.2f} × ({ours / 2**20:.0f} MB against {theirs / 2**20:.0f} MB)"
    yield Row("idle memory, PTB echo bot", measured, f"≤ {MOST_IDLE} ×", ours <= MOST_IDLE * theirs)
    more = growth()
    yield Row(f"memory after {MEASURED:,} more updates", f"{more:+.1%}", f"≤ {MOST_GROWTH:+.0%}", more <= MOST_GROWTH)


if __name__ == "__main__":
    for row in rows():
        print(row)
