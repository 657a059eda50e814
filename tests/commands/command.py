"""Runs the command line as a user does: in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FACTLINE = Path(sys.executable).parent / "factline"


def environment(**more: str) -> dict[str, str]:
    """This environment without any setting of Factline, but those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FACTLINE_")}
    return {**inherited, "PYTHONUTF8": "0", "NO_COLOR": "1", **more}


def run(
    *arguments: str, typed: str = "", settings: Mapping[str, str] | None = None, program: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m bot`` with ``arguments``; ``typed`` is its standard input."""
    return subprocess.run(
        [*(program or (sys.executable, "-m", "bot")), *arguments],
        input=typed,
        env=environment(**(settings or {})),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
