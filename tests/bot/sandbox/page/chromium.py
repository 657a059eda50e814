"""A real headless Chromium, and what a person does on the chat page."""

from __future__ import annotations

import os
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import async_playwright, expect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from bot.sandbox.testing import Sandbox

CHROMIUM: Final = shutil.which("chromium")
PATIENCE_MS: Final = 30_000
"""On a busy machine Chromium's five seconds passed once before the bot behind the page was given the processor."""
expect.set_options(timeout=PATIENCE_MS)
FLAGS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
in_chromium: Final = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="Debian's chromium is not installed (apt-get install chromium)",
    ),
]


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    assert CHROMIUM is not None, "In CI the browser tests must run: install chromium."
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


async def visit(page: Page, sandbox: Sandbox) -> list[str]:
    """Open the page; what goes wrong on it from now on stands in the list that is returned."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith(sandbox.url) else problems.append(request.url))
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(sandbox.url)
    await page.wait_for_selector("body[data-ready]")
    return problems


async def send(page: Page, text: str) -> None:
    await page.fill("#input", text)
    await page.press("#input", "Enter")


async def start(page: Page) -> None:
    await page.click("#start")
    await expect(page.locator(".row:not(.out) .text")).to_contain_text("Hello!")
