"""The chat page in Chromium: languages, themes, phones, the keyboard and names for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from bot.sandbox.world import YOU
from tests.bot.sandbox.page.chromium import in_chromium, send, start, visit

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page
    from telegram import Bot

    from bot.sandbox.testing import Sandbox

pytestmark = in_chromium


async def test_languages_of_client_and_page(page: Page, sandbox: Sandbox) -> None:
    await page.click("#settings-button")
    await page.get_by_role("button", name="简体中文").click()
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    await expect(page.locator(".about")).to_contain_text("我用文章里的数字回答问题")
    await expect(page.locator("#start")).to_have_text("开始")
    assert sandbox.world.users[YOU].language_code == "zh-hans"
    await page.get_by_role("button", name="繁體中文").click()
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    await expect(page.locator("#app-title")).to_have_text("聊天")
    await page.keyboard.press("Escape")
    await page.click("#start")
    await send(page, "重庆有几家？")
    answer = page.locator(".row:not(.out) .text").last
    await expect(answer).to_contain_text("四家")
    await expect(page.locator("#input")).to_have_attribute("placeholder", "輸入訊息")


async def test_themes(page: Page) -> None:
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.emulate_media(color_scheme="dark")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.click("#settings-button")
    await page.get_by_role("button", name="Light").click()
    await expect(root).to_have_attribute("data-theme", "light")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize("width", [360, 390])
async def test_phones_show_one_pane_with_a_way_back(
    sandbox: Sandbox, scripted: Bot, browser: Browser, width: int
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 740}, has_touch=True, reduced_motion="reduce")
    problems = await visit(page, sandbox)
    await expect(page.locator("#chat")).to_be_hidden()
    await page.locator(".line").first.tap()
    await expect(page.locator("#sidebar")).to_be_hidden()
    await page.locator("#start").tap()
    await send(page, "How many pilots?")
    await page.locator(".unfold").tap()
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0
    for name in ("Quota", "Why"):
        box = await page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["height"] >= 38
    await page.locator("#back").tap()
    await expect(page.locator("#sidebar")).to_be_visible()
    assert problems == []


async def test_everything_that_can_be_pressed_has_a_name(page: Page) -> None:
    await start(page)
    await send(page, "How many pilots?")
    await page.wait_for_selector(".keys")
    script = """() => [...document.querySelectorAll('button, a, [role=button], input, textarea')]
        .filter((e) => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim())).map((e) => e.outerHTML)"""
    assert await page.evaluate(script) == []


async def test_focus_is_seen_and_the_list_of_chats_works_by_keyboard(page: Page) -> None:
    await page.locator("#settings-button").focus()
    await page.keyboard.press("Tab")
    line = page.locator(".line").first
    await expect(line).to_be_focused()
    assert await line.evaluate("(element) => getComputedStyle(element).outlineStyle") == "solid"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#chat-title")).to_have_text("Chongqing desk")
    await expect(page.locator("#input")).to_be_focused()
