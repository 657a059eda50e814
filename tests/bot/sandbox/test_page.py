"""The chat page in a real headless Chromium, with a scripted bot behind it."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import async_playwright, expect

from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU
from tests.bot.sandbox.scripted import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page
    from telegram import Bot

    from bot.sandbox.testing import Sandbox

CHROMIUM = shutil.which("chromium")
PATIENCE_MS = 30_000
"""On a busy machine Chromium's five seconds passed once before the bot behind the page was given the processor."""
expect.set_options(timeout=PATIENCE_MS)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="Debian's chromium is not installed (apt-get install chromium)",
    ),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM is not None, "In CI the browser tests must run: install chromium."
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


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


async def visit(page: Page, sandbox: Sandbox) -> list[str]:
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


async def test_an_empty_chat_has_a_description_and_a_start_button(page: Page, sandbox: Sandbox) -> None:
    await expect(page.locator(".about")).to_contain_text("I answer questions about an article")
    await expect(page.locator("#composer")).to_be_hidden()
    await start(page)
    await expect(page.locator(".row.out .text")).to_have_text("/start")
    await expect(page.locator("#input")).to_be_focused()
    assert sandbox.world.chat(YOU).started


async def test_a_question_and_its_answer(page: Page) -> None:
    await start(page)
    await send(page, "How many <b>pilots</b>?")
    answer = page.locator(".row:not(.out)").last
    await expect(answer.locator(".text b").first).to_have_text("Four")
    await expect(page.locator(".row.out .text").last).to_have_text("How many <b>pilots</b>?")
    await expect(answer.locator(".reply")).to_contain_text("How many")
    await expect(answer.locator(".text a")).to_have_attribute("href", "https://example.org/article")
    await expect(answer.locator("code")).to_have_text("[2]")
    await expect(answer.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    assert await page.locator("#log").get_attribute("role") == "log"


async def test_long_quotations_unfold(page: Page) -> None:
    await start(page)
    await send(page, "How many pilots?")
    quote, button = page.locator(".quote"), page.locator(".unfold")
    folded = (await quote.bounding_box() or {"height": 0})["height"]
    await expect(button).to_have_attribute("aria-expanded", "false")
    await button.click()
    await expect(button).to_have_text("Show less")
    assert (await quote.bounding_box() or {"height": 0})["height"] > folded
    await button.click()
    await expect(button).to_have_text("Show more")


async def test_buttons_toast_alert_and_edit(page: Page) -> None:
    await start(page)
    await send(page, "How many pilots?")
    await page.get_by_role("button", name="👍").click()
    await expect(page.locator("#toast")).to_have_text("Thank you!")
    await page.get_by_role("button", name="Why", exact=True).click()
    await expect(page.locator("#alert-text")).to_have_text("Because the article says so.")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_role("button", name="Quota", exact=True).click()
    answer = page.locator(".row:not(.out)").last
    await expect(answer.locator(".text")).to_have_text("$730 million")
    await expect(answer.locator(".meta")).to_contain_text("edited")
    await expect(answer.locator(".keys")).to_have_count(0)


async def test_commands_complete_by_keyboard(page: Page) -> None:
    await start(page)
    await page.click("#menu-button")
    await expect(page.locator(".option")).to_have_count(3)
    await page.keyboard.press("Escape")
    await expect(page.locator("#suggestions")).to_be_hidden()
    await page.keyboard.type("/f")
    await expect(page.locator(".option .name")).to_have_text("/figures")
    await page.keyboard.press("Tab")
    await expect(page.locator("#input")).to_have_value("/figures ")
    await page.fill("#input", "/")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator('.option[aria-selected="true"] .name')).to_have_text("/figures")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pre pre")).to_contain_text("policies    74")
    await expect(page.locator(".spoiler")).to_have_attribute("role", "button")
    await page.locator(".spoiler").press("Enter")
    await expect(page.locator(".spoiler.shown")).to_have_text("and one secret")


async def test_arrow_up_edits_the_last_message(page: Page) -> None:
    await start(page)
    await send(page, "How meny pilots?")
    await expect(page.locator(".row:not(.out)")).to_have_count(2)
    await page.press("#input", "ArrowUp")
    await expect(page.locator("#input")).to_have_value("How meny pilots?")
    await expect(page.locator("#context")).to_contain_text("Edit message")
    await send(page, "How many pilots?")
    await expect(page.locator(".row.out").last.locator(".meta")).to_contain_text("edited")
    await expect(page.locator(".row:not(.out) .text").last).to_have_text("You changed it to: How many pilots?")
    await page.press("#input", "ArrowUp")
    await page.keyboard.press("Escape")
    await expect(page.locator("#input")).to_have_value("")
    await page.keyboard.press("Escape")
    await expect(page.locator("#nothing")).to_be_visible()


async def test_replies(page: Page, sandbox: Sandbox) -> None:
    await start(page)
    await page.locator(".row:not(.out)").last.hover()
    await page.get_by_role("button", name="Reply").last.click()
    await expect(page.locator("#context")).to_contain_text("Reply to Factline")
    await send(page, "thanks")
    await expect(page.locator(".row.out .reply").last).to_contain_text("Hello!")
    asked = next(message for message in sandbox.messages(YOU) if message.text == "thanks")
    assert asked.reply_to is not None


async def test_inline_results(page: Page) -> None:
    await page.click(f'.line[data-chat="{GROUP}"]')
    await page.fill("#input", "@factline_bot qdlp")
    await expect(page.locator(".option")).to_have_count(3)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row.out .text")).to_have_text("Card 1 about qdlp")
    await expect(page.locator(".via")).to_have_text("via @factline_bot")
    await page.fill("#input", "@factline_bot nothing")
    await expect(page.locator("#suggestions")).to_have_text("No results")


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


async def test_deep_links_open_the_private_chat(page: Page, sandbox: Sandbox) -> None:
    await page.click(f'.line[data-chat="{GROUP}"]')
    await page.wait_for_selector("#input:visible")
    sandbox.say(GROUP, "see https://t.me/factline_bot?start=qdlp-pilots")
    await page.locator(".text a").click()
    await expect(page.locator("#chat-title")).to_have_text("Factline")
    await expect(page.locator(".row:not(.out) .text")).to_contain_text("Your payload: qdlp-pilots")


async def test_hostile_text_stays_text(page: Page, sandbox: Sandbox) -> None:
    await page.click(f'.line[data-chat="{GROUP}"]')
    await page.wait_for_selector("#input:visible")
    nasty = "<img src=x onerror=document.title='owned'> javascript:alert(1) \u202e gnp.exe"
    link = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:document.title='owned'"}]
    sandbox.say(GROUP, nasty, user=MEI, entities=link)
    await expect(page.locator(".text")).to_contain_text("onerror")
    assert await page.locator(".text a").get_attribute("href") == "#"
    assert await page.title() == "Factline sandbox"


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
