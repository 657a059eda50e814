"""kill -9 in the middle of a broadcast, again and again: the sandbox's journal of what arrived is the judge."""

import asyncio
import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import insert, select, text

from bot.sandbox.faults import COMMON
from bot.sandbox.testing import Sandbox
from bot.store import announcements
from bot.store.announcements import Draft
from bot.store.store import Store
from bot.store.tables import chats, outbox, subscriptions
from tests.bot.delivery.broadcasting import QUICK, run

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.bot.delivery.broadcasting"])
CHATS = 2000
RATE = 400.0
TEXT = {"*": {"method": "sendMessage", "params": {"text": "Four pilots"}}}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.faults.set(0.05, COMMON, methods=["sendMessage"], hold_seconds=0.2)
        yield running


async def accept(store: Store, ids: list[int], policy: str = "hold") -> int:
    now = datetime.now(UTC)
    async with store.writing() as connection:
        await connection.execute(insert(chats), [{"id": i, "kind": "private", "seen_at": now} for i in ids])
        rows = [{"chat_id": i, "created_at": now, "changed_at": now} for i in ids]
        await connection.execute(insert(subscriptions), rows)
        number = await announcements.create(connection, Draft("text", TEXT, on_uncertain=policy), now)
        assert await announcements.confirm(connection, number, now, "en")
    return number


def start(sandbox: Sandbox, database: str, *, alone: bool, rate: float = RATE) -> BaseProcess:
    """Start a sender in a process of its own; the fork server has imported everything already."""
    given = {"database": database, "token": sandbox.token, "api": sandbox.url, "alone": alone, "rate": rate}
    process = SERVER.Process(target=run, args=(given,), daemon=True)
    process.start()
    return process


async def ended(process: BaseProcess, seconds: float) -> int | None:
    """Wait for a process to end; returns its exit code."""
    await asyncio.to_thread(process.join, seconds)
    return process.exitcode


async def kill_when_sending(sandbox: Sandbox, process: BaseProcess, chance: random.Random) -> None:
    """Kill a sender a moment after it began to send."""
    before = len(sandbox.journal)
    deadline = time.monotonic() + 20
    calls = chance.randint(5, 60)
    while len(sandbox.journal) < before + calls and process.is_alive():
        assert time.monotonic() < deadline, sandbox.tail()
        await asyncio.sleep(0.005)
    process.kill()
    assert await ended(process, 10) == -signal.SIGKILL


async def fates(store: Store) -> dict[int, tuple[str, str | None]]:
    async with store.reading() as connection:
        rows = await connection.execute(select(outbox.c.chat_id, outbox.c.state, outbox.c.last_error))
        return {row.chat_id: (row.state, row.last_error) for row in rows}


def judge(
    sandbox: Sandbox, ids: list[int], settled: dict[int, tuple[str, str | None]], kills: int, policy: str
) -> None:
    """Compare what the outbox says with what arrived."""
    arrived = Counter(entry.chat_id for entry in sandbox.journal.delivered())
    assert set(settled) == set(ids), "every chat has its row"
    states = Counter(state for state, _ in settled.values())
    assert set(states) <= {"sent", "failed", "uncertain"}, states
    assert all(reason for state, reason in settled.values() if state in {"failed", "uncertain"})
    lost = [chat for chat, (state, _) in settled.items() if state == "sent" and not arrived[chat]]
    assert lost == [], "sent, it says, and nothing arrived"
    twice = {chat: number for chat, number in arrived.items() if number > 1}
    if policy == "hold":
        assert twice == {}
    else:
        faults = sum(1 for entry in sandbox.journal.delivered() if entry.fault)
        assert sum(twice.values()) - len(twice) <= QUICK.slots * kills + faults
        assert not states["uncertain"]


@dataclass(frozen=True)
class Trial:
    """How often a sender of which database is killed under which policy."""

    kind: str
    kills: int
    policy: str
    database: str = ""


TRIALS = (Trial("sqlite", 10, "hold"), Trial("postgresql", 5, "hold"), Trial("sqlite", 3, "resend"))


@pytest.fixture(
    params=[
        pytest.param(each, id=f"{each.kind}-{each.policy}", marks=[pytest.mark.postgresql] * (each.kind != "sqlite"))
        for each in TRIALS
    ]
)
def trial(request: pytest.FixtureRequest) -> Trial:
    chosen: Trial = request.param
    return replace(chosen, database=request.getfixturevalue(f"{chosen.kind}_url"))


async def test_nothing_is_lost_and_nothing_comes_twice(trial: Trial, sandbox: Sandbox) -> None:
    kind, kills, policy, database = trial.kind, trial.kills, trial.policy, trial.database
    chance = random.Random(kills)
    ids = sandbox.bulk_chats(CHATS)
    async with await Store.open(database) as store:
        await accept(store, ids, policy)
    for _ in range(kills):
        process = start(sandbox, database, alone=kind == "sqlite")
        await kill_when_sending(sandbox, process, chance)
    sandbox.faults.set(0.01, COMMON, methods=["sendMessage"], hold_seconds=0.2)
    assert await ended(start(sandbox, database, alone=kind == "sqlite"), 60) == 0
    async with await Store.open(database) as store:
        judge(sandbox, ids, await fates(store), kills, policy)
        if kind == "sqlite":
            async with store.reading() as connection:
                assert await connection.scalar(text("PRAGMA integrity_check")) == "ok"


@pytest.mark.postgresql
async def test_two_processes_share_an_outbox_and_one_takes_over_from_the_other(
    postgresql_url: str, sandbox: Sandbox
) -> None:
    sandbox.faults.clear()
    ids = sandbox.bulk_chats(600)
    async with await Store.open(postgresql_url) as store:
        await accept(store, ids)
        first, second = [start(sandbox, postgresql_url, alone=False, rate=60.0) for _ in range(2)]
        await sandbox.wait_for(lambda: len(sandbox.journal) > 100, timeout=30)
        async with store.reading() as connection:
            senders = select(outbox.c.claimed_by).distinct().where(outbox.c.state == "sending")
            deadline = time.monotonic() + 5
            while len((await connection.scalars(senders)).all()) < 2:
                assert time.monotonic() < deadline, "both take part"
        first.kill()
        await ended(first, 10)
        died = time.monotonic()
        while True:
            async with store.reading() as connection:
                left = select(outbox.c.id).where(outbox.c.state == "sending", outbox.c.lease_until < datetime.now(UTC))
                orphans = (await connection.scalars(left)).all()
                uncertain = (await connection.scalars(select(outbox.c.id).where(outbox.c.state == "uncertain"))).all()
            if uncertain and not orphans:
                break
            assert time.monotonic() - died < QUICK.lease.total_seconds() + 2
            await asyncio.sleep(0.1)
        assert await ended(second, 60) == 0
        judge(sandbox, ids, await fates(store), 1, "hold")
