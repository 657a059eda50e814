"""Calls of the Bot API: what arrives, what each failure is called, and that none of them tells the token."""

import asyncio
import base64
import io
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.delivery.outcomes import Fate, judge
from bot.http import Http, Patience, UnsentError
from bot.sandbox.testing import Sandbox
from bot.sandbox.world import GROUP

QUICK = Patience(connect=0.3, read=0.3, write=0.3, pool=0.3)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@asynccontextmanager
async def bot_at(
    url: str, token: str, *, connections: int = 4, patience: Patience | None = QUICK
) -> AsyncIterator[Bot]:
    request = Http(url, connections=connections, patience=patience)
    await request.initialize()
    try:
        yield Bot(token, base_url=f"{url}/bot", request=request, get_updates_request=request)
    finally:
        await request.shutdown()
        await asyncio.sleep(0)


@asynccontextmanager
async def bot_in(sandbox: Sandbox, *, connections: int = 4, patience: Patience | None = QUICK) -> AsyncIterator[Bot]:
    async with bot_at(sandbox.url, sandbox.token, connections=connections, patience=patience) as bot:
        yield bot


async def failure_of(bot: Bot) -> NetworkError:
    """Send something that fails; the failure, having made sure that nothing about it tells the token."""
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(GROUP, "once")
    error = caught.value
    seen: list[BaseException] = [error]
    while below := seen[-1].__cause__ or seen[-1].__context__:
        seen.append(below)
    for each in seen:
        assert bot.token not in f"{each} {each!r} {each.args}"
        assert bot.token not in "".join(traceback.format_exception(each))
    return error


async def test_texts_and_parameters_arrive_as_they_are(sandbox: Sandbox) -> None:
    async with bot_in(sandbox) as bot:
        sent = await bot.send_message(GROUP, "<b>Four</b> 试点 & 🙂", parse_mode="HTML", disable_notification=True)
        assert sent.text == "Four 试点 & 🙂"
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(424242, "nobody")


async def test_a_file_arrives_with_its_name_and_its_caption(sandbox: Sandbox) -> None:
    report = io.BytesIO("事实,4\n".encode())
    async with bot_in(sandbox, patience=None) as bot:
        sent = await bot.send_document(GROUP, report, filename="报告.csv", caption="<b>Report</b>", parse_mode="HTML")
        assert sent.document is not None
        assert (sent.document.file_name, sent.caption) == ("报告.csv", "Report")
        assert sandbox.world.files[sent.document.file_id].data == report.getvalue()


async def test_a_refused_connection_has_sent_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        async with bot_at(f"http://127.0.0.1:{taken.getsockname()[1]}", "123456789:" + "A" * 35) as bot:
            error = await failure_of(bot)
    assert isinstance(error, UnsentError)
    assert judge(error).fate is Fate.OFFLINE


async def test_an_unknown_host_has_been_sent_nothing() -> None:
    async with bot_at("https://telegram.invalid", "123456789:" + "A" * 35) as bot:
        assert judge(await failure_of(bot)).fate is Fate.OFFLINE


async def test_who_finds_no_free_connection_has_sent_nothing(sandbox: Sandbox) -> None:
    sandbox.faults.hold_seconds = 1.5
    sandbox.faults.next("timeout-after", "sendMessage")
    patience = Patience(connect=0.1, read=5, write=5, pool=0.1)
    async with bot_in(sandbox, connections=1, patience=patience) as bot:
        first = asyncio.create_task(bot.send_message(GROUP, "first"))
        await asyncio.sleep(0.2)
        assert judge(await failure_of(bot)).fate is Fate.OFFLINE
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    assert [entry.text for entry in sandbox.journal.delivered(GROUP)] == ["first"]


@pytest.mark.parametrize("fault", ["timeout-before", "timeout-after", "reset-before", "reset-after", "502-after"])
async def test_what_was_on_its_way_is_uncertain(sandbox: Sandbox, fault: str) -> None:
    sandbox.faults.hold_seconds = 1.0
    sandbox.faults.next(fault, "sendMessage")
    async with bot_in(sandbox) as bot:
        error = await failure_of(bot)
        assert isinstance(error, TimedOut) == fault.startswith("timeout")
        assert judge(error).fate is Fate.UNCERTAIN
        assert (await bot.send_message(GROUP, "twice")).text == "twice", "the next call gets a connection that works"
    tries = [entry for entry in sandbox.journal.entries if entry.text == "once" or entry.params.get("text") == "once"]
    assert len(tries) == 1, "nothing below us sends it again"


async def test_a_server_that_closed_an_idle_connection_is_called_on_a_new_one(sandbox: Sandbox) -> None:
    async with bot_in(sandbox) as bot:
        await bot.send_message(GROUP, "one")
        port = sandbox.port
        sandbox.stop()
        again = Sandbox(sandbox.world, port=port)
        with again:
            await asyncio.sleep(0.05)
            assert (await bot.send_message(GROUP, "two")).text == "two"


async def test_what_is_closed_or_not_yet_open_has_sent_nothing(sandbox: Sandbox) -> None:
    request = Http(sandbox.url, connections=1)
    bot = Bot(sandbox.token, base_url=sandbox.base_url, request=request, get_updates_request=request)
    assert judge(await failure_of(bot)).fate is Fate.OFFLINE
    await request.initialize()
    await request.initialize()
    await bot.send_message(GROUP, "open")
    await request.shutdown()
    await request.shutdown()
    assert judge(await failure_of(bot)).fate is Fate.OFFLINE


async def proxied(monkeypatch: pytest.MonkeyPatch, url: str) -> list[bytes]:
    """Send a message where the environment names a proxy; what the proxy was told."""
    told: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as proxy:
        address = f"http://me:pass%20word@127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, address)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        async with bot_at(url, "123456789:" + "A" * 35) as bot:
            with pytest.raises(Exception) as caught:  # noqa: PT011 - each scheme fails in its own way
                await bot.send_message(GROUP, "hello")
            assert bot.token not in str(caught.value)
            if url.startswith("https"):
                assert judge(caught.value).fate is Fate.OFFLINE
    return told


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    (plain,) = await proxied(monkeypatch, "http://telegram.invalid")
    assert plain.startswith(b"POST http://telegram.invalid/bot")
    assert base64.b64encode(b"me:pass word") in plain
    (tunnel,) = await proxied(monkeypatch, "https://telegram.invalid")
    assert tunnel.startswith(b"CONNECT telegram.invalid:443")


async def test_the_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert await proxied(monkeypatch, f"http://127.0.0.1:{taken.getsockname()[1]}") == []
