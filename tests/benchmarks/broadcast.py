"""A broadcast over HTTP: the share of the allowed rate, refusals, answers meanwhile; and queueing a million chats.

The bot is the whole program in a process of its own, and so is the sandbox, whose journal is what is measured.
``python -m tests.benchmarks.broadcast 10000`` broadcasts to as many chats as it says.
"""

import asyncio
import contextlib
import multiprocessing
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import text

from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from bot.store import announcements
from bot.store.announcements import Draft
from bot.store.store import Store
from tests.benchmarks.row import Row
from tests.end_to_end.program import Program

CHATS = 4000
RATE = 50
"""Announcements a second that the settings allow; Telegram, as at the default of 25, a fifth more over all."""
HEADROOM = 1.2
MILLION = 1_000_000
BEFORE = 20.0
"""Seconds of questions without a broadcast, to compare with."""
PAUSE = 1.1
QUESTION = "How many QDLP pilots are there in Chongqing?"
TEXT = {"*": {"method": "sendMessage", "params": {"text": "Four QDLP pilot enterprises."}}}
CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Broadcast:
    """What the sandbox saw of one."""

    arrived: int
    chats: int
    share: float
    refusals: int
    answer_before: float
    answer_meanwhile: float


# --- the sandbox: a process of its own ----------------------------------------------------------------------------


def _answer(sandbox: Sandbox) -> float:
    """Ask, and return the seconds until the answer arrived, by the clock of whom it arrived at."""
    sent, began = len(sandbox.journal), time.monotonic()
    sandbox.say(YOU, QUESTION)

    def answers() -> list[float]:
        new = sandbox.journal.entries[sent:]
        return [each.clock for each in new if each.chat_id == YOU and each.method == "sendMessage" and each.applied]

    sandbox.until(lambda: bool(answers()), timeout=30)
    return answers()[0] - began


def _ask_until(sandbox: Sandbox, enough: threading.Event) -> list[float]:
    """Ask again and again; returns how long each answer took."""
    took = []
    while not enough.is_set():
        took.append(_answer(sandbox))
        time.sleep(PAUSE)
    return took


def _serve(pipe: Connection, number: int, rate: float) -> None:
    """Be the sandbox; ask before and during the broadcast, and report."""
    with Sandbox() as sandbox:
        ids = sandbox.bulk_chats(number)
        sandbox.limits.overall = int(rate * HEADROOM)
        sandbox.limits.enabled = True
        pipe.send((sandbox.url, sandbox.token, ids))
        pipe.recv()
        _answer(sandbox)  # the first one is slower
        time.sleep(PAUSE)
        enough = threading.Event()
        threading.Timer(BEFORE, enough.set).start()
        before = _ask_until(sandbox, enough)
        pipe.send("go")
        wanted, started = set(ids), len(sandbox.journal)
        sandbox.until(lambda: any(entry.chat_id in wanted for entry in sandbox.journal.entries[started:]), timeout=60)
        over = threading.Event()

        def watch() -> None:
            while len(sandbox.journal) - started < number:
                time.sleep(0.1)
            over.set()

        threading.Thread(target=watch, daemon=True).start()
        meanwhile = _ask_until(sandbox, over)
        sandbox.until(lambda: len({each.chat_id for each in sandbox.journal.delivered()} & wanted) == number)
        pipe.send(_judged(sandbox, wanted, rate, before, meanwhile))
        pipe.recv()


def _judged(sandbox: Sandbox, wanted: set[int], rate: float, before: list[float], meanwhile: list[float]) -> Broadcast:
    """Read the journal: what counts towards the rate is all that arrived between the first and the last copy."""
    delivered = sandbox.journal.delivered()
    copies = [each for each in delivered if each.chat_id in wanted]
    first, last = copies[0].clock, copies[-1].clock
    counted = sum(1 for each in delivered if first <= each.clock <= last)
    return Broadcast(
        arrived=len(copies),
        chats=len({each.chat_id for each in copies}),
        share=(counted - 1) / (last - first) / rate,
        refusals=sandbox.limits.refusals,
        answer_before=statistics.median(before),
        answer_meanwhile=statistics.median(meanwhile),
    )


@contextlib.contextmanager
def telegram(number: int, rate: float) -> Iterator[tuple[Connection, str, str, list[int]]]:
    """Start the sandbox beside us."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_serve, args=(theirs, number, rate), daemon=True)
    process.start()
    try:
        yield (ours, *ours.recv())
    finally:
        ours.send("stop")
        process.join(10)


# --- the broadcast --------------------------------------------------------------------------------------------------


async def _subscribe(store: Store, first: int, last: int) -> None:
    """Subscribe the chats with all ids from the first to the last; the database makes them."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    now = {"first": first, "last": last, "now": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")}
    into_chats = f"INSERT INTO chats (id, kind, seen_at) {numbers} SELECT i, 'private', :now FROM n"
    into = "INSERT INTO subscriptions (chat_id, created_at, changed_at)"
    async with store.writing() as connection:
        await connection.execute(text(into_chats), now)
        await connection.execute(text(f"{into} {numbers} SELECT i, :now, :now FROM n"), now)


async def _accept(store: Store) -> int:
    """Accept an announcement to all; returns how many they are."""
    now = datetime.now(UTC)
    async with store.writing() as connection:
        number = await announcements.create(connection, Draft("text", TEXT), now)
        await announcements.confirm(connection, number, now, "en")
        found = await announcements.find(connection, number)
    assert found is not None
    return found.total


async def _prepare(url: str, first: int, last: int) -> None:
    """Subscribe the chats before the bot runs."""
    async with await Store.open(url) as store:
        await _subscribe(store, first, last)


async def _announce(url: str) -> int:
    """Accept the announcement as ``factline announce`` does: beside the running bot."""
    async with await Store.open(url) as store:
        return await _accept(store)


class _Connected(Sandbox):
    """The address of a sandbox that runs elsewhere, for a program to talk to."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__()
        self.host, port = url.removeprefix("http://").split(":")
        self.port = int(port)
        self.world.token = token


def broadcast(number: int = CHATS, rate: float = RATE) -> Broadcast:
    """Announce to so many chats and ask questions meanwhile."""
    with tempfile.TemporaryDirectory() as folder, telegram(number, rate) as (pipe, url, token, ids):
        database = f"sqlite:///{folder}/bench.db"
        assert ids == list(range(ids[0], ids[-1] + 1))
        asyncio.run(_prepare(database, ids[0], ids[-1]))
        with Program(_Connected(url, token), database, FACTLINE_BROADCAST_RATE=str(rate)) as program:
            pipe.send("ask")
            pipe.recv()
            assert asyncio.run(_announce(database)) == number
            found: Broadcast = pipe.recv()
            program.terminate()
    return found


# --- a million ------------------------------------------------------------------------------------------------------


def _queue(pipe: Connection, database: str, number: int) -> None:
    """Queue an announcement in a process of its own; reports the seconds and how much its memory grew."""

    async def queue() -> tuple[float, float]:
        async with await Store.open(database) as store:
            before, began = _memory(), time.monotonic()
            assert await _accept(store) == number
            return time.monotonic() - began, (_memory() - before) / 1024

    pipe.send(asyncio.run(queue()))


def _memory() -> int:
    """Return the most memory that this process ever had, in KiB."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says on Linux begins with the memory of the process that started this one
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def queueing(number: int = MILLION) -> tuple[float, float]:
    """Return how many seconds the queueing of so many takes, and by how many MiB the memory grows."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/million.db"
        asyncio.run(_prepare(database, 1, number))
        ours, theirs = CONTEXT.Pipe()
        process = CONTEXT.Process(target=_queue, args=(theirs, database, number), daemon=True)
        process.start()
        found: tuple[float, float] = ours.recv()
        process.join(60)
    return found


def rows(number: int = CHATS) -> Iterator[Row]:
    """The rows of announcing."""
    found = broadcast(number)
    name = f"broadcast to {number:,} chats at {RATE} a second"
    yield Row(f"{name}: share of the allowed rate", f"{found.share:.1%}", "≥ 97 %", found.share >= 0.97)
    once = found.arrived == found.chats == number
    yield Row(f"{name}: chats reached", f"{found.chats:,}, {found.arrived - found.chats} twice", "all, once", once)
    yield Row(f"{name}: refused with 429", str(found.refusals), "0", found.refusals == 0)
    times = found.answer_meanwhile / found.answer_before
    yield Row("a question and its answer meanwhile", f"{times:.2f} × without a broadcast", "≤ 1.5 ×", times <= 1.5)
    seconds, grown = queueing()
    yield Row(f"queueing {MILLION:,} chats", f"{seconds:.0f} s", "≤ 60 s", seconds <= 60)
    yield Row("its memory", f"+ {grown:.0f} MiB", "≤ 32 MiB", grown <= 32)


def main() -> None:
    """Print the rows; the number of chats may be given."""
    for row in rows(*map(int, sys.argv[1:2])):
        sys.stdout.write(f"{row.what}: {row.measured} ({row.to_hold}; {'held' if row.held else 'NOT HELD'})\n")


if __name__ == "__main__":
    main()
