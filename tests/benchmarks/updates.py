"""Updates a second: the whole bot over HTTP, inbox and all, against PTB's plain sequential echo bot and its Updater."""

import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from tests.benchmarks.row import Row
from tests.end_to_end.program import free_port

ROUNDS = 8
PEOPLE = 660
QUESTIONS = Path(__file__).parent.parent / "questions"
FIRST = "How many QDLP pilots?"
SEED = 20261125
TARGET = 0.8


def questions(number: int) -> list[str]:
    """So many different questions of the evaluation sets that the article answers, English and Chinese, well mixed."""
    asked = set()
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            each = json.loads(line)
            if each["outcome"] == "answer" and len(each["turns"]) == 1:
                asked.add(each["turns"][0])
    return random.Random(SEED).sample(sorted(asked), number)


@contextlib.contextmanager
def program(*arguments: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a bot as a process of its own, with what it writes thrown away."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FACTLINE_")}
    with subprocess.Popen(
        [sys.executable, *arguments],
        env={**kept, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextlib.contextmanager
def whole(sandbox: Sandbox) -> Iterator[subprocess.Popen[bytes]]:
    """Run the whole bot against a sandbox, on SQLite; returns when it answers."""
    with (
        tempfile.TemporaryDirectory() as folder,
        program(
            "-m",
            "bot",
            "run",
            FACTLINE_TOKEN=sandbox.token,
            FACTLINE_API_URL=sandbox.url,
            FACTLINE_DATABASE_URL=f"sqlite:///{Path(folder) / 'bench.db'}",
            FACTLINE_PORT=str(free_port()),
        ) as process,
    ):
        _answers(sandbox, process)
        yield process


@contextlib.contextmanager
def echo(sandbox: Sandbox) -> Iterator[subprocess.Popen[bytes]]:
    """Run PTB's echo bot against a sandbox; returns when it answers."""
    with program("-m", "tests.end_to_end.echo", sandbox.url, sandbox.token) as process:
        _answers(sandbox, process)
        yield process


def _answers(sandbox: Sandbox, process: subprocess.Popen[bytes]) -> None:
    """Wait until a bot is up and has answered a first question."""
    asked = sandbox.say(YOU, FIRST)
    sandbox.until(lambda: bool(sandbox.replies(YOU, after=asked.id)) or process.poll() is not None, timeout=60)
    assert process.poll() is None, "it has ended by itself"


def ask(sandbox: Sandbox, people: list[int], texts: list[str]) -> float:
    """Let everyone ask something at once; returns the answers a second, from the asking to the last of them.

    Counted from the first answer on, all that is worked out before it would come for free.
    """
    sandbox.journal.clear()
    asked = monotonic()

    def all_ask() -> None:
        for person, text in zip(people, texts, strict=True):
            sandbox.say(person, text, user=person)

    sandbox.run(all_ask)
    sandbox.until(lambda: len(sandbox.journal.entries) >= len(people), timeout=120)
    sandbox.until(lambda: len(sandbox.journal.delivered()) >= len(people), timeout=120)
    entries = sandbox.journal.delivered()
    assert len(entries) == len(people), "each was answered once"
    return len(entries) / (entries[-1].clock - asked)


def run(texts: list[str]) -> tuple[float, float, float]:
    """Measure in turn; returns the medians of the ratio, of our rate and of the echo bot's."""
    with Sandbox() as ours, Sandbox() as theirs, whole(ours), echo(theirs):
        rates = []
        for number in range(ROUNDS + 1):
            some = texts[number * PEOPLE : (number + 1) * PEOPLE]
            rates.append([ask(sandbox, sandbox.bulk_chats(PEOPLE), some) for sandbox in (ours, theirs)])
    del rates[0]  # the first round opens connections and fills caches
    return (
        statistics.median(mine / plain for mine, plain in rates),
        statistics.median(mine for mine, _ in rates),
        statistics.median(plain for _, plain in rates),
    )


def rows() -> Iterator[Row]:
    """The rows of the rate: no question comes twice, so that no cache flatters it; and all ask the same at a time."""
    different = questions((ROUNDS + 1) * PEOPLE)
    popular = [text for text in different[: ROUNDS + 1] for _ in range(PEOPLE)]
    for texts, how in ((different, "no question twice"), (popular, "all ask the same")):
        ratio, ours, theirs = run(texts)
        measured = f"{ratio:.2f} × ({ours:.0f}/s against {theirs:.0f}/s)"
        yield Row(f"updates a second, {how}, PTB echo bot", measured, f"≥ {TARGET} ×", ratio >= TARGET)


if __name__ == "__main__":
    for row in rows():
        print(row)
