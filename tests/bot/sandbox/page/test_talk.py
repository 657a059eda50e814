"""The chat page in Chromium: questions, answers, buttons, commands, replies, inline results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from bot.sandbox.world import GROUP, MEI, YOU
from tests.bot.sandbox.page.chromium import in_chromium, send, start

if TYPE_CHECKING:
    from playwright.async_api import Page

    from bot.sandbox.testing import Sandbox

pytestmark = in_chromium


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
