"""What the running bot does not hold in its memory after it has answered; each of these has been there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from tests.end_to_end.program import ROOT, free_port

NOT_HELD = {
    "alembic": "an upgrade that is due, and then elsewhere",
    "mako": "Alembic",
    "asyncpg": "PostgreSQL",
    "sqlalchemy.dialects.postgresql": "PostgreSQL",
    "sqlalchemy.ext.asyncio": "PostgreSQL",
    "sqlalchemy.orm": "PostgreSQL",
    "greenlet": "PostgreSQL",
    "uvicorn": "the sandbox",
    "starlette": "the sandbox",
    "typer": "other commands",
    "rich": "other commands",
    "pygments": "rich",
    "prompt_toolkit": "other commands",
    "argparse": "other commands",
    "httpx": "PTB's own HTTP",
    "bot.sandbox": "the sandbox",
    "pydantic": "reading settings and data",
    "ruamel": "reading data",
    "pypinyin": "compiling data",
    "babel.numbers": "compiling data, and claims",
    "opencc": "Traditional Chinese",
    "cn2an": "Chinese numerals",
    "rapidfuzz": "misspelt words",
    "numpy": "a very large knowledge base",
}
"""Module → what alone needs it."""
SCRIPT = """
import sys
from bot.__main__ import main
listed = sys.argv.pop()
try:
    main()
finally:
    with open(listed, "w") as file:
        print(*sys.modules, *(["documented"] if main.__doc__ else []), file=file)
"""


@pytest.fixture
def modules(sandbox: Sandbox, tmp_path: Path) -> set[str]:
    """The modules of `factline run`, from a cold cache and a new database, at the end of its life."""
    ours = {
        "XDG_CACHE_HOME": str(tmp_path),
        "FACTLINE_TOKEN": sandbox.token,
        "FACTLINE_API_URL": sandbox.url,
        "FACTLINE_DATABASE_URL": f"sqlite:///{tmp_path}/factline.db",
        "FACTLINE_PORT": str(free_port()),
    }
    command = [sys.executable, "-c", SCRIPT, "run", str(tmp_path / "modules")]
    with subprocess.Popen(command, env={**os.environ, **ours}, cwd=ROOT) as process:
        for asked in ("how many QDLP pilots?", "重庆QDLP额度多少"):
            sent = sandbox.say(YOU, asked)
            sandbox.until(lambda number=sent.id: bool(sandbox.replies(YOU, after=number)), timeout=60)  # type: ignore[misc]
        process.send_signal(signal.SIGTERM)
    return set((tmp_path / "modules").read_text(encoding="utf-8").split())


def test_the_running_bot_holds_no_more_than_it_needs(modules: set[str]) -> None:
    assert {"telegram", "sqlalchemy", "knowledge.engine"} <= modules
    assert "documented" not in modules, "its docstrings are 7.5 MB"
    for name, needed_for in NOT_HELD.items():
        assert name not in modules, f"{name} is needed for {needed_for} only"
