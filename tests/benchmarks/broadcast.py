"""A broadcast to thousands of chats over HTTP: the rate that is reached of the one allowed, and what was refused."""

import asyncio
import contextlib
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import insert
from telegram import Bot
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.delivery.calls import connected
from bot.delivery.limiter import ReplyLimiter
from bot.delivery.pacer import Pacer
from bot.delivery.sender import Sender
from bot.metrics import Metrics
from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from bot.store import announcements
from bot.store.announcements import Draft, Report
from bot.store.store import Store
from bot.store.tables import chats, subscriptions

CHATS, RATE = 10_000, 150.0
TEXT = {"*": {"method": "sendMessage", "params": {"text": "Four QDLP pilot enterprises."}}}


def _serve(pipe: Connection, number: int, rate: int) -> None:
    """Run the sandbox in a process of its own, as Telegram is; the journal's sum goes back over the pipe."""
    with Sandbox() as sandbox:
        ids = sandbox.bulk_chats(number)
        sandbox.limits.overall = rate
        sandbox.limits.enabled = True
        sandbox.say(YOU, "/start")
        pipe.send((sandbox.url, sandbox.token, ids))
        while pipe.recv() == "count":
            sent = [entry for entry in sandbox.journal.delivered() if entry.chat_id != YOU]
            first, last = (sent[0].clock, sent[-1].clock) if sent else (0.0, 0.0)
            pipe.send((len(sent), len({entry.chat_id for entry in sent}), sandbox.limits.refusals, last - first))


@contextlib.contextmanager
def telegram(number: int, overall: int) -> Iterator[tuple[Connection, str, str, list[int]]]:
    """Start the sandbox beside us."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, number, overall), daemon=True)
    process.start()
    try:
        yield (ours, *ours.recv())
    finally:
        ours.send("stop")
        process.join(10)


async def _subscribe(store: Store, ids: list[int]) -> None:
    now = datetime.now(UTC)
    async with store.writing() as connection:
        for start in range(0, len(ids), 1000):
            some = ids[start : start + 1000]
            await connection.execute(insert(chats), [{"id": i, "kind": "private", "seen_at": now} for i in some])
            rows = [{"chat_id": i, "created_at": now, "changed_at": now} for i in some]
            await connection.execute(insert(subscriptions), rows)


async def _replies(bot: Bot, seconds: float, pause: float = 1.2) -> list[float]:
    """Answer somebody now and then, and return how long each answer took."""
    took = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        await bot.send_message(YOU, "Four")
        took.append(time.monotonic() - began)
        await asyncio.sleep(pause)
    return took


async def _wait(store: Store, announcement_id: int) -> Report:
    """Wait for the last message of an announcement."""
    while True:
        async with store.reading() as connection:
            found = await announcements.find(connection, announcement_id)
            assert found is not None
            report = await announcements.report(connection, found)
        if not report.unsettled:
            return report
        await asyncio.sleep(0.2)


async def _broadcast(folder: Path, number: int, rate: float, url: str, token: str, ids: list[int]) -> list[float]:
    """Announce to all; returns how long replies took before and meanwhile: the medians."""
    pacer = Pacer(rate, overall=rate)
    request = HTTPXRequest(connection_pool_size=8)
    async with (
        await Store.open(f"sqlite+aiosqlite:///{folder}/bench.db") as store,
        connected(token, url) as bot,
        ExtBot(token, base_url=f"{url}/bot", request=request, rate_limiter=ReplyLimiter(pacer)) as answering,
    ):
        await _subscribe(store, ids)
        idle = await _replies(answering, 8)
        sender = Sender(store, bot, pacer, metrics=Metrics(), alone=True)
        now = datetime.now(UTC)
        async with store.writing() as connection:
            announcement_id = await announcements.create(connection, Draft("text", TEXT), now)
            await announcements.confirm(connection, announcement_id, now, "en")
        task = asyncio.create_task(sender.run())
        busy = await _replies(answering, number / rate * 0.8)
        report = await _wait(store, announcement_id)
        await sender.stop()
        await task
        assert report.counts["sent"] == number, report
        return [sorted(took)[len(took) // 2] for took in (idle, busy)]


def run(number: int = CHATS, rate: float = RATE) -> dict[str, float]:
    """Measure; returns the figures by name."""
    with tempfile.TemporaryDirectory() as folder, telegram(number, int(rate)) as (pipe, url, token, ids):
        idle, busy = asyncio.run(_broadcast(Path(folder), number, rate, url, token, ids))
        pipe.send("count")
        sent, different, refused, seconds = pipe.recv()
    return {
        "chats": different,
        "twice": sent - different,
        "refused with 429": refused,
        "rate of the allowed": (sent - 1) / seconds / rate,
        "reply while idle, ms": idle * 1000,
        "reply meanwhile, ms": busy * 1000,
        "reply, ratio": busy / idle,
    }


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name:<24}{figure:>10.3f}")
