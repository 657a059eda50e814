"""``factline chat``: a conversation, through a pipe and in a real terminal."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.chat import Conversation
from knowledge.engine import Knowledge
from tests.commands.command import ROOT, environment, run


def test_a_piped_conversation_with_a_follow_up() -> None:
    done = run("chat", typed="how many QDLP pilots?\nand the quota?\n/quit\nnever read\n")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Ask me about the article")
    assert "4 QDLP pilot" in done.stdout
    assert "$730 million" in done.stdout
    assert lines[-1].startswith("Source: ")
    assert done.stderr == ""


@pytest.mark.parametrize("leaving", ["", "/quit\n", "/exit\n", "/Q \n"])
def test_it_ends_at_the_end_of_input_or_when_told(leaving: str) -> None:
    assert run("chat", typed="hi\n" + leaving).returncode == 0


def test_why_explains_the_last_answer() -> None:
    done = run("chat", typed="/why\nhow many QDLP pilots?\n/why\n")
    assert "There is no answer to explain yet" in done.stdout
    assert "qdlp → qdlp" in done.stdout
    assert "rule  " in done.stdout


LONG = "how many QDLP pilots are there" + " please" * 50
"""Longer than what is read: what its beginning asks is offered as a choice, not answered."""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


def test_did_you_mean_is_answered_by_its_number(knowledge: Knowledge) -> None:
    suggestion = knowledge.answer(LONG).suggestions[0]
    conversation = Conversation(knowledge)
    assert f"1. {suggestion.question}" in conversation.reply(LONG)
    assert conversation.reply("1") == knowledge.answer(suggestion.question).text


def test_a_number_without_a_choice_is_a_message_like_any_other(knowledge: Knowledge) -> None:
    assert Conversation(knowledge).reply("1") == knowledge.answer("1").text
    conversation = Conversation(knowledge)
    conversation.reply(LONG)
    assert conversation.reply("9") == knowledge.answer("9", knowledge.answer(LONG).context).text


class Terminal:
    """A pseudo-terminal with the program in it."""

    def __init__(self) -> None:
        self.screen = ""
        self._controller, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat"],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env=environment(TERM="xterm"),
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(inside)

    def ask(self, message: str) -> None:
        """Type a message at the prompt."""
        self.wait_for("you>")
        self.type(message + ENTER)

    def type(self, keys: str) -> None:
        os.write(self._controller, keys.encode())

    def wait_for(self, words: str, seconds: float = 60) -> str:
        """The screen since the last wait, once ``words`` stand on it."""
        end = time.monotonic() + seconds
        while words not in (shown := re.sub(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|[=>])", "", self.screen)):
            ready, _, _ = select.select([self._controller], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"{words!r} never came: {shown!r}")
            try:
                piece = os.read(self._controller, 65536).decode("utf-8", "replace")
            except OSError:  # the other end is closed
                piece = ""
            if not piece:
                raise AssertionError(f"{words!r} never came: {shown!r}")
            if "\x1b[6n" in piece:  # the line editor asks where the cursor is
                os.write(self._controller, b"\x1b[1;1R")
            self.screen += piece
        before, _, self.screen = shown.partition(words)
        return before + words

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=30)
        os.close(self._controller)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal()
    yield opened
    opened.close()


UP, ENTER, END_OF_INPUT = "\x1b[A", "\r", "\x04"


def test_a_conversation_in_a_terminal_with_history_and_a_choice(terminal: Terminal) -> None:
    terminal.ask("how many QDLP pilots?")
    terminal.wait_for("4 QDLP pilot")
    terminal.ask("and the quota?")
    terminal.wait_for("$730 million")
    terminal.ask(UP + UP)  # an earlier question comes back
    terminal.wait_for("4 QDLP pilot")
    terminal.ask(LONG)
    terminal.wait_for("1. ")
    terminal.ask("1")
    terminal.wait_for("4 QDLP pilot")
    terminal.wait_for("you>")
    terminal.type(END_OF_INPUT)
    assert terminal.process.wait(timeout=30) == 0


def test_control_c_leaves_without_a_traceback(terminal: Terminal) -> None:
    terminal.wait_for("you>")
    terminal.type("\x03")
    assert terminal.process.wait(timeout=30) == 0


def test_a_broken_terminal_setting_does_not_matter(tmp_path: Path) -> None:
    done = run("chat", typed="hi\n", settings={"TERM": "dumb", "HOME": str(tmp_path / "nowhere")})
    assert done.returncode == 0
    assert "Hello!" in done.stdout
