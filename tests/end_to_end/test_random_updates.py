"""Ten thousand random updates: no handler raises, each ends done or quarantined, and nothing sent is refused."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import func, select

from bot import app
from bot.sandbox.world import MEI, YOU
from bot.store.engine import connect, parse
from bot.store.tables import inbox
from handlers.care import Buckets
from tests.end_to_end.random_updates import Maker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.testing import Sandbox
    from bot.settings import Settings
    from knowledge.engine import Knowledge

AT_ONCE = 100
TIMES = 100


@pytest.fixture
def running(
    sandbox: Sandbox, settings_of: Callable[..., Settings], knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> Iterator[app.Factline]:
    """The bot in a loop of its own, so that hypothesis, which knows no loops, can drive it."""
    monkeypatch.setattr(app, "load_knowledge", lambda _settings: knowledge)
    started, ended, bots = threading.Event(), asyncio.Event(), []

    async def main() -> None:
        async with app.started(settings_of(), web=False) as factline:
            factline.services.care.people = Buckets(burst=1e9, rate=1e6)
            factline.services.care.groups = Buckets(burst=1e9, rate=1e6)
            factline.services.care.inline = Buckets(burst=1e9, rate=1e6)
            bots.append((factline, asyncio.get_running_loop()))
            started.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert started.wait(30)
    yield bots[0][0]
    bots[0][1].call_soon_threadsafe(ended.set)
    thread.join(30)
    assert not thread.is_alive()


def received(factline: app.Factline) -> int:
    """How many updates have come in; the table alone would not tell, since /forget takes rows out of it."""
    return int(factline.services.metrics.registry.get_sample_value("factline_updates_received_total") or 0)


async def counted(url: str) -> tuple[Counter[str], list[str]]:
    """Count the updates by what became of them, and list the errors."""
    engines = connect(parse(url))
    try:
        async with engines.reader.begin() as connection:
            found = await connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))
            errors = await connection.scalars(select(inbox.c.error).where(inbox.c.state == "quarantined"))
            return Counter({row[0]: row[1] for row in found}), [str(error) for error in errors]
    finally:
        await engines.dispose()


@pytest.mark.timeout(240)
def test_ten_thousand(sandbox: Sandbox, running: app.Factline, sqlite_url: str) -> None:
    for person in (YOU, MEI):
        sandbox.say(person, "/start", user=person)
    sent = 2

    @settings(max_examples=TIMES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=strategies.integers(0, 2**32 - 1))
    def hundred(seed: int) -> None:
        nonlocal sent
        maker = Maker(sandbox.world, seed)
        sandbox.run(lambda: [sandbox.world.updates.put_raw(maker.update()) for _ in range(AT_ONCE)])
        sent += AT_ONCE

        counts, errors = Counter[str](), list[str]()

        def settled() -> bool:
            nonlocal counts, errors
            if received(running) < sent or running.workers.held:
                return False
            counts, errors = asyncio.run(counted(sqlite_url))
            return not counts["pending"]

        sandbox.until(settled, timeout=30)
        raised = [error for error in errors if not error.startswith("UnprocessableError: not an update")]
        refused = [f"{entry.method} {entry.description} {entry.params}" for entry in sandbox.journal.refused()]
        assert raised == []
        assert refused == []

    hundred()
    counts, _ = asyncio.run(counted(sqlite_url))
    print(f"\n{sent} updates: {dict(counts)}, {len(sandbox.journal)} calls")
    assert received(running) == sent >= AT_ONCE * TIMES
    assert set(counts) == {"done", "quarantined"}
    assert counts["done"] > 0.9 * sent
