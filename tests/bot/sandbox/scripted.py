"""A tiny scripted bot on PTB, for tests of the page: it polls, and answers by fixed rules."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    ReplyParameters,
    Update,
)
from telegram.error import TelegramError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.testing import Sandbox

ANSWER = (
    "<b>Four</b> pilot enterprises\nScope: Chongqing\n"
    "<blockquote expandable>First line of the quotation, which goes on for a while so that it has to wrap.\n"
    "Second line of it, also not short, as they are.\nThird line.\nFourth line.\nFifth and last line.</blockquote>"
    '<i>Example Journal</i>, <a href="https://example.org/article">section 2</a> · <code>[2]</code>'
)
CHINESE = (
    "<b>四家</b>试点企业\n范围：重庆\n"
    "<blockquote expandable>引文第一行，写得长一些。\n第二行。\n第三行。\n第四行。\n第五行。</blockquote>"
    "<i>示例周刊</i>，第二节"
)
TABLE = (
    '<pre><code class="language-text">policies    74\nbonds       38\npilots       4</code></pre>'
    "<tg-spoiler>and one secret</tg-spoiler>"
)
BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Quota", callback_data="quota"), InlineKeyboardButton("Why", callback_data="why")],
        [InlineKeyboardButton("👍", callback_data="up"), InlineKeyboardButton("👎", callback_data="down")],
        [InlineKeyboardButton("Source", url="https://example.org/article")],
    ]
)


async def set_up(bot: Bot) -> None:
    """Set the menus and texts that a bot sets at its start."""
    english = [
        BotCommand("ask", "Ask a question"),
        BotCommand("figures", "Key figures"),
        BotCommand("help", "What I can do"),
    ]
    await bot.set_my_commands(english)
    await bot.set_my_commands([BotCommand("ask", "提问"), BotCommand("help", "我能做什么")], language_code="zh")
    await bot.set_my_commands([BotCommand("ask", "Ask the bot")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_description("I answer questions about an article with its own figures, and show where they stand.")
    await bot.set_my_description("我用文章里的数字回答问题，并注明出处。", language_code="zh")


async def handle(bot: Bot, update: Update) -> None:
    """Answer one update."""
    if update.message is not None:
        await _message(bot, update.message)
    elif update.edited_message is not None:
        message = update.edited_message
        await bot.send_message(message.chat_id, f"You changed it to: {message.text}")
    elif update.callback_query is not None:
        await _button(bot, update)
    elif update.inline_query is not None:
        cards = (
            [_card(i, update.inline_query.query) for i in range(3)] if update.inline_query.query != "nothing" else []
        )
        await bot.answer_inline_query(update.inline_query.id, cards)


async def _message(bot: Bot, message: Message) -> None:
    text = message.text or ""
    if not text or message.via_bot:
        return
    await bot.send_chat_action(message.chat_id, "typing", message_thread_id=message.message_thread_id)
    place = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    if "slow" in text:
        await asyncio.sleep(0.6)
    if text.startswith("/start"):
        await bot.send_message(message.chat_id, f"Hello! Ask me, or try /figures.\nYour payload: {text[7:] or 'none'}")
    elif text.startswith("/figures"):
        await bot.send_message(message.chat_id, TABLE, parse_mode="HTML")
    else:
        answer = CHINESE if any("\u4e00" <= char <= "\u9fff" for char in text) else ANSWER
        await bot.send_message(message.chat_id, answer, parse_mode="HTML", reply_markup=BUTTONS, reply_parameters=place)


async def _button(bot: Bot, update: Update) -> None:
    query = update.callback_query
    assert query is not None
    if query.data == "why":
        await bot.answer_callback_query(query.id, "Because the article says so.", show_alert=True)
    elif query.data == "quota":
        await bot.answer_callback_query(query.id)
        assert query.message is not None
        await bot.edit_message_text(
            "<b>$730 million</b>", query.message.chat.id, query.message.message_id, parse_mode="HTML"
        )
    else:
        await bot.answer_callback_query(query.id, "Thank you!")


def _card(number: int, text: str) -> InlineQueryResultArticle:
    content = InputTextMessageContent(f"<b>Card {number}</b> about {text}", parse_mode="HTML")
    return InlineQueryResultArticle(f"card-{number}", f"Card {number}: {text}", content, description=f"Figure {number}")


@asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """Run the bot while the block lasts."""
    async with Bot(sandbox.token, base_url=sandbox.base_url) as bot:
        await set_up(bot)
        task = asyncio.create_task(_poll(bot))
        try:
            yield bot
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _poll(bot: Bot) -> None:
    offset = 0
    while True:
        try:
            updates = await bot.get_updates(offset=offset, timeout=10, allowed_updates=Update.ALL_TYPES)
        except TelegramError:
            await asyncio.sleep(0.1)
            continue
        for update in updates:
            offset = update.update_id + 1
            await handle(bot, update)
