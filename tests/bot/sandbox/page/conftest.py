"""A browser, a bot that answers by a script, and a window on the chat page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.sandbox.page.chromium import launched, visit
from tests.bot.sandbox.scripted import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page
    from telegram import Bot

    from bot.sandbox.testing import Sandbox


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as chromium:
        yield chromium


@pytest.fixture
async def scripted(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with running(sandbox) as bot:
        yield bot


@pytest.fixture
async def page(sandbox: Sandbox, scripted: Bot, browser: Browser) -> AsyncIterator[Page]:
    """A desktop window; a script that fails or a message on the console fails the test."""
    opened = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems = await visit(opened, sandbox)
    yield opened
    assert problems == []
