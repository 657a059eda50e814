"""kill -9 at any moment: every update is handled, and no more are handled twice than were in flight."""

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

from bot.intake.receiver import Receiver
from bot.intake.workers import Limits
from bot.metrics import Metrics
from bot.store import inbox
from bot.store.store import Store
from tests.bot.intake.fake_telegram import message

UPDATES, KILLS = 600, 5

PROGRAM = """
import asyncio, os, sys
from bot.intake.workers import Workers
from bot.metrics import Metrics
from bot.store.store import Store

async def main(url, path):
    journal = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def process(raw):
        await asyncio.sleep(0.002)
        os.write(journal, b"%d\\n" % raw["update_id"])

    async with await Store.open(url) as store:
        print("open", flush=True)
        await Workers(store, process, metrics=Metrics(), alone=True).run()

asyncio.run(main(*sys.argv[1:]))
"""


async def start(url: str, journal: Path) -> asyncio.subprocess.Process:
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, url, str(journal), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"open\n"
    return worker


async def test_kill_9_loses_nothing_and_repeats_only_what_was_in_flight(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    receiver = Receiver(store, wake=lambda: None, metrics=Metrics())
    for begin in range(1, UPDATES + 1, 100):
        await receiver.receive([message(number, chat=number % 40) for number in range(begin, begin + 100)])
    for kill in range(KILLS + 1):
        worker = await start(database_url, journal)
        if kill < KILLS:
            await asyncio.sleep(0.03 + 0.03 * kill)
            worker.send_signal(signal.SIGKILL)
        else:
            async with asyncio.timeout(60):
                while await receiver.measure():
                    await asyncio.sleep(0.05)
            worker.kill()
        await worker.wait()
    handled = Counter(map(int, journal.read_text().split()))
    assert sorted(handled) == list(range(1, UPDATES + 1))
    assert sum(handled.values()) - UPDATES <= Limits().slots * (KILLS + 1)
    async with store.reading() as connection:
        assert await inbox.quarantined(connection) == []
