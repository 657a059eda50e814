"""Faults, flood limits and the journal: what the network does, and what really happened."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from bot.sandbox.errors import ApiError
from bot.sandbox.faults import COMMON, Fault, FaultPlan
from bot.sandbox.journal import Journal
from bot.sandbox.limits import FloodLimits
from bot.sandbox.model import Chat
from bot.sandbox.server import require_loopback
from bot.sandbox.testing import Sandbox
from bot.sandbox.world import GROUP, World, furnished

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        ("429", RetryAfter, False),
        ("500", NetworkError, False),
        ("502", NetworkError, False),
        ("502-after", NetworkError, True),
        ("reset-before", NetworkError, False),
        ("reset-after", NetworkError, True),
        ("timeout-before", TimedOut, False),
        ("timeout-after", TimedOut, True),
    ],
)
async def test_each_fault_does_what_its_name_says(sandbox: Sandbox, fault: str, error: type, arrives: bool) -> None:
    sandbox.faults.hold_seconds = 1.0
    sandbox.faults.next(fault, "sendMessage", chat_id=GROUP)
    async with Bot(sandbox.token, base_url=sandbox.base_url, request=HTTPXRequest(read_timeout=0.4)) as bot:
        with pytest.raises(error):
            await bot.send_message(GROUP, "once")
        assert [entry.text for entry in sandbox.journal.delivered(GROUP)] == (["once"] if arrives else [])
        assert (await bot.send_message(GROUP, "twice")).text == "twice", "a scripted fault strikes once"
    entry = sandbox.journal.calls("sendMessage")[0]
    assert (entry.fault, entry.applied) == (fault, arrives)


def test_a_plan_is_reproducible_and_leaves_polling_alone() -> None:
    plan = FaultPlan()

    def run(seed: int) -> list[Fault | None]:
        plan.set(0.3, COMMON, seed=seed)
        return [plan.draw("sendMessage", 1) for _ in range(200)]

    first = run(7)
    assert first == run(7)
    assert first != run(8)
    assert 30 < sum(fault is not None for fault in first) < 90
    assert {plan.draw("getUpdates", None) for _ in range(200)} == {None}
    plan.set(1.0, ["500"], methods=["sendMessage"])
    assert plan.draw("editMessageText", 1) is None
    assert plan.draw("sendMessage", 1) is Fault.INTERNAL
    plan.clear()
    assert plan.draw("sendMessage", 1) is None


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _refused(limits: FloodLimits, chat: Chat) -> bool:
    try:
        limits.check("sendMessage", chat)
    except ApiError as error:
        return error.status == 429 and error.parameters["retry_after"] >= 1
    return False


def test_limits_per_chat_group_and_overall() -> None:
    clock = _Clock()
    limits = FloodLimits(enabled=True, clock=clock, tolerance=0.0)
    person, group = Chat(1, "private"), Chat(-1, "group")
    assert not _refused(limits, person)
    assert _refused(limits, person)
    clock.now += 1
    assert not _refused(limits, person)
    for _ in range(20):
        clock.now += 1
        assert not _refused(limits, group)
    clock.now += 1
    assert _refused(limits, group), "twenty a minute"
    clock.now += 40
    assert not _refused(limits, group)
    clock.now += 10
    outcomes = [_refused(limits, Chat(i, "private")) for i in range(100, 140)]
    assert outcomes == [False] * 30 + [True] * 10
    limits.check("answerCallbackQuery", person)  # unlimited
    assert limits.refusals == 12


async def test_limits_over_http(sandbox: Sandbox) -> None:
    sandbox.limits.enabled = True
    async with Bot(sandbox.token, base_url=sandbox.base_url) as bot:
        await bot.send_message(GROUP, "one")
        with pytest.raises(RetryAfter):
            await bot.send_message(GROUP, "two")
    assert [entry.status for entry in sandbox.journal.calls("sendMessage")] == [200, 429]


async def test_the_journal_survives_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    world: World = furnished()
    world.journal = Journal(path)
    with Sandbox(world) as sandbox:
        async with Bot(sandbox.token, base_url=sandbox.base_url) as bot:
            await bot.send_message(GROUP, "中文")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["method"], line["text"], line["applied"]) for line in lines][-1] == ("sendMessage", "中文", True)


async def test_thousands_of_chats_are_served_quickly(sandbox: Sandbox) -> None:
    chats = sandbox.bulk_chats(10_000)
    assert len(set(chats)) == 10_000
    started = time.monotonic()
    async with Bot(sandbox.token, base_url=sandbox.base_url) as bot:
        await asyncio.gather(*(bot.send_message(chat, "hello") for chat in chats[:400]))
    assert {entry.chat_id for entry in sandbox.journal.delivered()} == set(chats[:400])
    # A bound against something pathological only; PTB itself takes most of this time.
    assert time.monotonic() - started < 30


def test_answers_do_not_wait_for_acknowledgements(sandbox: Sandbox) -> None:
    """Without TCP_NODELAY each answer took 40 ms, and a broadcast crawled at 22 messages a second."""
    with httpx.Client(base_url=sandbox.url, trust_env=False) as client:
        client.get(f"/bot{sandbox.token}/getMe")
        started = time.monotonic()
        for _ in range(50):
            client.get(f"/bot{sandbox.token}/getMe")
        assert time.monotonic() - started < 50 * 0.035


def test_only_loopback_is_listened_on() -> None:
    require_loopback("127.0.0.1")
    require_loopback("::1")
    with pytest.raises(ValueError, match="loopback only"):
        require_loopback("0.0.0.0")
