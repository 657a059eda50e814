"""kill -9 while fifty people ask: every question is answered, and only answers in flight come twice."""

from __future__ import annotations

import json
import random
import time
from collections import Counter

import pytest

from bot.intake.workers import Limits
from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from tests.end_to_end.conversation import keys
from tests.end_to_end.program import Program

PEOPLE = 50
QUESTIONS = ("How many QDLP pilots?", "What is the QDLP quota?", "How many policies?", "How many bonds?")


def killed_while_asked(
    sandbox: Sandbox, database_url: str, kills: int
) -> tuple[Counter[tuple[int, int]], set[tuple[int, int]]]:
    """Ask and kill in turn, then let the last one finish; returns answers by question, and the questions."""
    chance = random.Random(kills)
    sandbox.faults.latency = (0.002, 0.03)
    people = sandbox.bulk_chats(PEOPLE)
    asked: set[tuple[int, int]] = set()

    def all_ask(number: int) -> None:
        for person in people:
            message = sandbox.say(person, QUESTIONS[number % len(QUESTIONS)], user=person)
            asked.add((person, message.id))

    for number in range(kills):
        before = len(sandbox.journal.delivered())
        with Program(sandbox, database_url) as bot:
            all_ask(number)
            sandbox.until(lambda before=before: len(sandbox.journal.delivered()) > before, timeout=30)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.4))
            assert bot.is_running, bot.output
    with Program(sandbox, database_url) as bot:
        all_ask(kills)
        sandbox.until(lambda: asked <= set(answers(sandbox)), timeout=60)
        assert bot.terminate() == 0, bot.output
    return answers(sandbox), asked


def answers(sandbox: Sandbox) -> Counter[tuple[int, int]]:
    """Count the answers that exist, whether or not their sender learnt it, by the question that they reply to."""
    found: Counter[tuple[int, int]] = Counter()
    for entry in sandbox.journal.delivered():
        reply = entry.params.get("reply_parameters")
        if reply is not None and entry.chat_id is not None:
            given = json.loads(reply) if isinstance(reply, str) else reply
            found[entry.chat_id, int(given["message_id"])] += 1
    return found


def judge(sandbox: Sandbox, database_url: str, kills: int) -> None:
    """Ask, kill and count."""
    found, asked = killed_while_asked(sandbox, database_url, kills)
    assert set(found) == asked
    duplicates = found.total() - len(asked)
    print(f"\n{kills} kills, {len(asked)} questions, {duplicates} answers came twice")
    assert duplicates <= kills * Limits().slots
    assert sandbox.journal.refused() == []


@pytest.mark.timeout(240)
def test_on_sqlite(sqlite_url: str) -> None:
    with Sandbox() as sandbox:
        judge(sandbox, sqlite_url, kills=10)


@pytest.mark.postgresql
@pytest.mark.timeout(240)
def test_on_postgresql(postgresql_url: str) -> None:
    with Sandbox() as sandbox:
        judge(sandbox, postgresql_url, kills=5)


def test_a_press_that_a_kill_broke_off_is_not_lost(sqlite_url: str) -> None:
    with Sandbox() as sandbox:
        with Program(sandbox, sqlite_url) as bot:
            asked = sandbox.say(YOU, QUESTIONS[0])
            sandbox.until(lambda: bool(sandbox.replies(YOU, after=asked.id)), timeout=30)
            (answer,) = sandbox.replies(YOU, after=asked.id)
            (related,) = [key["callback_data"] for key in keys(answer) if key["text"] == "Related"]
            sandbox.faults.hold_seconds = 30
            sandbox.faults.next("timeout-before", "sendMessage")
            for _ in range(2):
                sandbox.press(YOU, answer.id, related)
            sandbox.until(lambda: len(sandbox.journal.calls("sendMessage")) == 2, timeout=30)
            bot.kill()  # the button is used up, and what it asked for never left
        with Program(sandbox, sqlite_url):
            sandbox.until(lambda: len(sandbox.journal.calls("answerCallbackQuery")) == 2, timeout=30)
        assert len(sandbox.replies(YOU, after=answer.id)) == 1
