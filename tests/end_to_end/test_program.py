"""The program as an operator meets it: exit codes in one sentence, secrets kept, an orderly end, the webhook."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from tests.end_to_end.program import ROOT, START, Program, free_port

TOKEN = "123456789:" + "A" * 35
# A program with a home of its own would parse the knowledge base anew; what the tests' own user has cached will do.
CACHE = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")


def environment(folder: Path) -> dict[str, str]:
    """The environment of a program that no setting of ours reaches."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_CACHE_HOME": CACHE, "PYTHONPATH": str(ROOT)}


def ended(folder: Path, **settings: str) -> tuple[int, str]:
    """Run the program to its end; returns its exit code and everything that it wrote."""
    done = subprocess.run(
        [sys.executable, "-c", START, "DEBUG"],
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "XDG_CACHE_HOME": CACHE,
            "PYTHONPATH": str(ROOT),
            **settings,
        },
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "code", "sentence"),
    [
        ({}, 2, "FACTLINE_TOKEN is missing"),
        ({"FACTLINE_TOKEN": "hello"}, 2, "FACTLINE_TOKEN must be the token"),
        ({"FACTLINE_TOKEN": TOKEN, "FACTLINE_WEBHOOK_URL": "http://example.org"}, 2, "begins with https://"),
        ({"FACTLINE_TOKEN": TOKEN, "FACTLINE_DATABASE_URL": "sqlite:////no/such/folder/x.db"}, 3, "does not exist"),
        ({"FACTLINE_TOKEN": TOKEN, "FACTLINE_API_URL": "http://127.0.0.1:9"}, 4, "cannot be reached"),
    ],
    ids=["no token", "no real token", "webhook without https", "no folder", "nobody there"],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, settings: dict[str, str], code: int, sentence: str) -> None:
    given, output = ended(tmp_path, **settings)
    assert given == code
    (line,) = [line for line in output.splitlines() if line.startswith("factline:")]
    assert sentence in line
    assert "Traceback" not in output
    assert TOKEN not in output


def test_a_refused_token_is_one_sentence(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        code, output = ended(tmp_path, FACTLINE_TOKEN=TOKEN, FACTLINE_API_URL=sandbox.url)
    assert code == 4
    assert "does not accept the bot's token (401)" in output
    assert TOKEN not in output
    assert "Traceback" not in output


def test_a_newer_database_is_one_sentence(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "factline.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999_from_the_future')")
    connection.close()
    with Sandbox() as sandbox:
        code, output = ended(tmp_path, FACTLINE_TOKEN=sandbox.token, FACTLINE_API_URL=sandbox.url)
    assert code == 3
    assert "newer version" in output
    assert "Traceback" not in output


def test_the_token_is_nowhere_in_the_output_at_debug(sqlite_url: str) -> None:
    with Sandbox() as sandbox, Program(sandbox, sqlite_url, level="DEBUG", FACTLINE_ADMINS=str(YOU)) as bot:
        for number, fault in enumerate(("", "500", "reset-after", "429")):
            if fault:
                sandbox.faults.next(fault, "sendMessage")
            asked = sandbox.say(YOU, f"How many QDLP pilots? {number}" if number > 2 else "How many QDLP pilots?")
            sandbox.until(lambda asked=asked: bool(sandbox.replies(YOU, after=asked.id)), timeout=30)  # type: ignore[misc]
        assert bot.terminate() == 0
        assert "started" in bot.output
        secret = sandbox.token.partition(":")[2]
        assert secret not in bot.output
        assert "How many QDLP" not in bot.output, "nor what people write"


def test_sigterm_drains_what_is_being_answered(sqlite_url: str) -> None:
    with Sandbox() as sandbox, Program(sandbox, sqlite_url) as bot:
        people = sandbox.bulk_chats(10)
        sandbox.faults.latency = (0.3, 0.4)
        asked = {person: sandbox.say(person, "How many QDLP pilots?", user=person).id for person in people}
        sandbox.until(lambda: bool(sandbox.journal.calls("sendMessage")), timeout=30)
        assert bot.terminate() == 0
        out = [person for person in people if sandbox.replies(person, after=asked[person])]
        assert out, "what had begun was finished"
        before = len(sandbox.journal.calls("setMyCommands"))
        with Program(sandbox, sqlite_url) as again:
            sandbox.until(lambda: len(sandbox.journal.calls("setMyCommands")) > before, timeout=30)
            sandbox.until(lambda: all(sandbox.replies(p, after=asked[p]) for p in people), timeout=30)
            assert again.terminate() == 0
        assert all(len(sandbox.replies(p, after=asked[p])) == 1 for p in people), "and nothing came twice"


def test_a_second_bot_on_the_same_database_waits_or_gives_up(sqlite_url: str) -> None:
    with Sandbox() as sandbox, Program(sandbox, sqlite_url) as first:
        asked = sandbox.say(YOU, "How many QDLP pilots?")
        sandbox.until(lambda: bool(sandbox.replies(YOU, after=asked.id)), timeout=30)
        with Program(sandbox, sqlite_url, handover=0.5) as second:
            assert second.wait() == 4
            assert "only one may" in second.output
        assert first.is_running


def test_a_webhook_delivers_with_its_secret_only(sqlite_url: str) -> None:
    port = free_port()
    hook = f"http://127.0.0.1:{port}/hook"
    with Sandbox() as sandbox, Program(sandbox, sqlite_url, FACTLINE_WEBHOOK_URL=hook, FACTLINE_PORT=str(port)) as bot:
        sandbox.until(lambda: bool(sandbox.world.webhook.get("url")), timeout=30)
        asked = sandbox.say(YOU, "How many QDLP pilots?")
        sandbox.until(lambda: bool(sandbox.replies(YOU, after=asked.id)), timeout=20)
        with httpx.Client(trust_env=False) as stranger:
            assert stranger.post(hook, json={"update_id": 1}).status_code == 403
            assert stranger.get(f"http://127.0.0.1:{port}/healthz").json()["status"] == "ok"
            assert "factline_updates_received" in stranger.get(f"http://127.0.0.1:{port}/metrics").text
        assert bot.terminate() == 0, bot.output


def test_a_webhook_s_port_that_is_taken_is_one_sentence(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, Sandbox() as sandbox:
        port = str(taken.getsockname()[1])
        url = f"http://127.0.0.1:{port}/hook"
        with Program(sandbox, sqlite_url, FACTLINE_WEBHOOK_URL=url, FACTLINE_PORT=port) as bot:
            assert bot.wait() == 4
            assert "cannot listen" in bot.output
            assert "Traceback" not in bot.output


def test_the_sandbox_command_says_where_it_is(tmp_path: Path) -> None:
    port = free_port()
    start = f"import sys; from bot.commands.sandbox import sandbox; sys.exit(sandbox({port}))"
    with subprocess.Popen(
        [sys.executable, "-c", start],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
