"""The webhook judges the sender first, keeps what it acknowledges, and says how the bot is."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.intake.receiver import Receiver
from bot.intake.webhook import MAX_BODY, Health, Webhook, serve, web_app
from bot.metrics import Metrics
from bot.store import inbox
from bot.store.store import Store
from tests.bot.intake.fake_telegram import message
from tests.bot.intake.test_polling import kept

SECRET = "s3cret-Header"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json; charset=utf-8"}


OpenSite = Callable[..., Awaitable["Site"]]


class Site:
    """The web application of a bot, on a port of its own."""

    def __init__(self, store: Store, capacity: int) -> None:
        self.woken = 0
        self.metrics = Metrics()
        self.receiver = Receiver(store, wake=self.wake, metrics=self.metrics, capacity=capacity)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.listener.getsockname()
        self.client = httpx.AsyncClient(base_url="http://{}:{}".format(*self.address), trust_env=False)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Self]:
        app = web_app(Health(self.receiver), self.metrics, Webhook("/telegram", SECRET))
        runner = await serve(app, self.listener, patience=5)
        async with self.client:
            yield self
        await runner.cleanup()

    def wake(self) -> None:
        self.woken += 1

    async def deliver(self, content: Any, **headers: str) -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return await self.client.post("/telegram", content=body, headers=HEADERS | headers)


@pytest_asyncio.fixture
async def open_site() -> AsyncIterator[OpenSite]:
    """Opens sites that are closed at the end of the test."""
    async with AsyncExitStack() as stack:
        yield lambda store, capacity=5000: stack.enter_async_context(Site(store, capacity).served())


async def test_a_delivery_is_kept_before_it_is_acknowledged(open_site: OpenSite, store: Store) -> None:
    site = await open_site(store)
    assert (await site.deliver(message(5))).status_code == 200
    assert (await site.deliver(message(5))).status_code == 200
    assert await kept(store) == [5]
    assert site.woken >= 1


async def test_deliveries_at_the_same_moment_are_all_kept(open_site: OpenSite, store: Store) -> None:
    site = await open_site(store)
    answers = await asyncio.gather(*(site.deliver(message(number, chat=number)) for number in range(1, 101)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(await kept(store)) == list(range(1, 101))


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "s\xe9cret"])
async def test_a_stranger_is_refused_before_the_body_is_read(open_site: OpenSite, store: Store, secret: str) -> None:
    site = await open_site(store)
    reader, writer = await asyncio.open_connection(*site.address)
    head = ("POST /telegram HTTP/1.1", "Host: bot", f"X-Telegram-Bot-Api-Secret-Token: {secret}", "Content-Length: 900")
    writer.write("\r\n".join((*head, "", "")).encode("latin-1"))  # and nothing of the body
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"Connection: close" in answer
    assert await kept(store) == []


async def test_a_body_that_is_too_large_is_refused(open_site: OpenSite, store: Store) -> None:
    site = await open_site(store)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65536

    assert (await site.deliver(b"x" * (MAX_BODY + 1))).status_code == 413
    with contextlib.suppress(httpx.TransportError):  # it is cut off while it still writes
        assert (await site.client.post("/telegram", content=endless(), headers=HEADERS)).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'"text"', b"{}", b'{"update_id": "x"}'])
async def test_what_can_never_be_handled_is_not_delivered_again(open_site: OpenSite, store: Store, body: bytes) -> None:
    site = await open_site(store)
    assert (await site.deliver(body)).status_code == 200
    assert await kept(store) == []


async def test_a_full_inbox_asks_telegram_to_come_back(open_site: OpenSite, store: Store) -> None:
    site = await open_site(store, capacity=2)
    assert [(await site.deliver(message(number))).status_code for number in (1, 2)] == [200, 200]
    refused = await site.deliver(message(3))
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    async with store.writing() as connection:
        await connection.execute(text("DELETE FROM inbox"))
    assert (await site.deliver(message(3))).status_code == 200


async def test_a_database_that_is_away_asks_telegram_to_come_back(open_site: OpenSite, sqlite_url: str) -> None:
    async with await Store.open(sqlite_url) as store:
        site = await open_site(store)
        async with store.writing() as connection:
            await connection.execute(text("ALTER TABLE inbox RENAME TO elsewhere"))
        refused = await site.deliver(message(3))
        assert refused.status_code == 503
        assert "Retry-After" in refused.headers
        health = await site.client.get("/healthz")
        assert health.status_code == 503
        assert health.json()["status"] == "failing"


async def test_health_and_metrics(open_site: OpenSite, store: Store) -> None:
    site = await open_site(store)
    await site.deliver(message(1))
    health = await site.client.get("/healthz")
    assert health.status_code == 200
    assert health.json() == {"status": "ok", "last_poll_age_seconds": None, "database": "ok", "inbox": 1}
    metrics = (await site.client.get("/metrics")).text
    assert "factline_updates_received_total 1.0" in metrics
    assert 'factline_webhook_deliveries_total{status="200"} 1.0' in metrics
    assert "factline_inbox_depth 1.0" in metrics


class StillPoller:
    paused = False
    age: float | None = None


async def test_a_poller_that_gets_nothing_is_not_healthy(store: Store) -> None:
    poller: Any = StillPoller()
    receiver = Receiver(store, wake=lambda: None, metrics=Metrics())
    assert (await Health(receiver, poller).report())[0]
    assert not (await Health(receiver, poller, started=time.monotonic() - 1000).report())[0]
    poller.age = 1000.0
    assert not (await Health(receiver, poller).report())[0]
    poller.paused = True
    assert (await Health(receiver, poller).report())[0]
    poller.paused, poller.age = False, 1.0
    assert (await Health(receiver, poller).report()) == (
        True,
        {"status": "ok", "last_poll_age_seconds": 1.0, "database": "ok", "inbox": 0},
    )


async def test_a_cancelled_delivery_harms_no_other(store: Store) -> None:
    receiver = Receiver(store, wake=lambda: None, metrics=Metrics())
    for start in range(0, 200, 20):
        tasks = [asyncio.create_task(receiver.receive([message(start + number)])) for number in range(20)]
        await asyncio.sleep(0.0005 * (start / 20))
        tasks[0].cancel()
        await asyncio.gather(*tasks[1:], return_exceptions=False)
        await asyncio.gather(tasks[0], return_exceptions=True)
    found = set(await kept(store))
    assert {number for number in range(200) if number % 20} <= found
    async with store.reading() as connection:
        assert await inbox.depth(connection) == len(found)
