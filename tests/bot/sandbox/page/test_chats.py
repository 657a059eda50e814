"""The chat page in Chromium: groups, topics and channels, and what happens while the page is reading."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playwright.async_api import expect

from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU
from tests.bot.sandbox.page.chromium import PATIENCE_MS, in_chromium, send, start, visit

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route
    from telegram import Bot

    from bot.sandbox.testing import Sandbox

pytestmark = in_chromium

SLOW_MESSAGES = """
window.EventSource = class extends EventSource {
  set onmessage(heard) {
    super.onmessage = (event) => {
      if (event.data.includes('"event": "message"')) setTimeout(() => heard(event), 300);
      else heard(event);
    };
  }
};
"""
"""Lets a message's event come in after a reload that another event asked for."""


async def test_groups_topics_and_badges(page: Page, sandbox: Sandbox) -> None:
    topic = next(iter(sandbox.world.chat(FORUM).topics))
    sandbox.say(FORUM, "@factline_bot how many bonds?", user=MEI, thread=topic)
    forum = page.locator(f'.line[data-chat="{FORUM}"]').first
    await expect(forum.locator(".badge")).to_have_text("2")
    await forum.click()
    await expect(page.locator(".line.topic")).to_have_count(4)
    await page.get_by_role("button", name="Green finance").click()
    await expect(forum.locator(".badge")).to_have_count(0)
    await expect(page.locator("#chat-title")).to_have_text("Green finance")
    await expect(page.locator(".service").first).to_contain_text("Green finance")
    await expect(page.locator(".row:not(.out)")).to_have_count(2)
    await expect(page.locator(".sender").first).to_contain_text("Mei Lin")
    assert sandbox.replies(FORUM)[-1].thread_id == topic
    await page.fill("#input", "/as")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row.out .text")).to_have_text("/ask@factline_bot")


async def test_channels_can_be_read_by_all_and_written_by_admins(page: Page, sandbox: Sandbox) -> None:
    await page.click(f'.line[data-chat="{CHANNEL}"]')
    await send(page, "Fact of the day")
    await expect(page.locator(".bubble .text")).to_have_text("Fact of the day")
    await page.click("#settings-button")
    await page.get_by_role("button", name="Mei").click()
    await expect(page.locator("#chat-title")).to_have_text("Factline news")
    await expect(page.locator("#composer")).to_be_hidden()
    await expect(page.locator("#start")).to_have_text("只有管理员可以发言")


async def test_typing_shows_and_the_bot_can_be_blocked_and_removed(page: Page, sandbox: Sandbox) -> None:
    await start(page)
    await send(page, "slow question")
    await expect(page.locator("#chat-status")).to_have_text("typing…")
    await expect(page.locator("#chat-status")).to_have_text("bot")
    await page.click("#chat-menu-button")
    await page.get_by_role("menuitem", name="Block bot").click()
    await expect(page.locator("#start")).to_have_text("Unblock bot")
    assert sandbox.world.chat(YOU).blocked
    await page.click("#start")
    await expect(page.locator(".row.out")).to_have_count(3)
    await page.click(f'.line[data-chat="{GROUP}"]')
    await page.click("#chat-menu-button")
    await page.get_by_role("menuitem", name="Remove the bot").click()
    await expect(page.locator(".service")).to_contain_text("You removed Factline")
    await page.click("#chat-menu-button")
    await page.get_by_role("menuitem", name="Upgrade to supergroup").click()
    await expect(page.locator(".service").last).to_contain_text("upgraded to a supergroup")


async def test_a_message_that_a_reload_brings_before_its_event_shows_once(
    sandbox: Sandbox, scripted: Bot, browser: Browser
) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    await page.add_init_script(SLOW_MESSAGES)
    problems = await visit(page, sandbox)
    await start(page)
    await page.click("#chat-menu-button")
    await page.get_by_role("menuitem", name="Block bot").click()
    await expect(page.locator("#start")).to_have_text("Unblock bot")
    await page.click("#start")
    await expect(page.locator(".row.out")).to_have_count(2)
    await send(page, "How many pilots?")
    await expect(page.locator(".row:not(.out) .text").last).to_contain_text("Four")
    assert await page.locator(".row.out .text").all_inner_texts() == ["/start", "/start", "How many pilots?"]
    assert problems == []


async def test_a_reload_that_an_event_overtook_is_read_again(page: Page, sandbox: Sandbox) -> None:
    await page.click(f'.line[data-chat="{GROUP}"]')
    await page.wait_for_selector("#input:visible")
    overtaken = asyncio.Event()

    async def overtake(route: Route) -> None:
        early = await route.fetch()
        if not overtaken.is_set():
            sandbox.say(GROUP, "said meanwhile", user=MEI)
            await expect(page.locator(".text")).to_have_text("said meanwhile")
        await route.fulfill(response=early)
        overtaken.set()

    await page.route("**/client/messages?*", overtake)
    await page.click("#chat-menu-button")
    await page.get_by_role("menuitem", name="Remove the bot").click()
    await asyncio.wait_for(overtaken.wait(), PATIENCE_MS / 1000)
    sandbox.say(GROUP, "said after", user=MEI)
    await expect(page.locator(".text")).to_have_text(["said meanwhile", "said after"])
