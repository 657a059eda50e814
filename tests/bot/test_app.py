"""The assembly: what it starts it stops, and what it builds answers to nobody but Telegram."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot import app
from bot.running import Tasks
from bot.sandbox.testing import Sandbox
from bot.settings import SettingsError
from bot.settings_form import load

if TYPE_CHECKING:
    from pathlib import Path


def test_a_bot_without_a_token_is_not_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FACTLINE_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="FACTLINE_TOKEN is missing"):
        app.build(load())


async def test_nothing_is_left_running(sqlite_url: str) -> None:
    before = asyncio.all_tasks()
    with Sandbox() as sandbox:
        settings = load(_env_file=None, token=sandbox.token, api_url=sandbox.url, database_url=sqlite_url)
        async with app.started(settings, web=False) as factline:
            assert factline.poller is not None
            await sandbox.wait_for(lambda: factline.app.bot.username == "factline_bot")
            assert asyncio.all_tasks() > before
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_the_first_task_that_fails_is_heard_of() -> None:
    tasks = Tasks()

    async def fail() -> None:
        raise ZeroDivisionError

    waiting = tasks.start("waiting", asyncio.sleep(60))
    tasks.start("failing", fail())
    with pytest.raises(ZeroDivisionError):
        await tasks.failure()
    await tasks.cancel()
    assert waiting.cancelled()


async def test_a_task_that_will_not_end_is_left_behind() -> None:
    tasks = Tasks()
    ended = asyncio.Event()

    async def stubborn() -> None:
        while not ended.is_set():
            try:
                await ended.wait()
            except asyncio.CancelledError:
                continue

    task = tasks.start("stubborn", stubborn())
    await asyncio.sleep(0)
    await tasks.cancel(task, deadline=0.05)
    assert not task.done()
    ended.set()
    await task
