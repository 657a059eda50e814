"""The round trip: a user writes, PTB polls, answers, edits, and buttons are pressed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import Conflict

from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU

if TYPE_CHECKING:
    from bot.sandbox.testing import Sandbox


async def test_a_question_reaches_the_bot_and_its_answer_the_chat(sandbox: Sandbox, bot: Bot) -> None:
    asked = sandbox.say(YOU, "How many QDLP pilots?")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.text == "How many QDLP pilots?"
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "en"
    sent = await bot.send_message(
        YOU,
        "<b>Four</b> &amp; more",
        parse_mode="HTML",
        reply_parameters=ReplyParameters(asked.id, allow_sending_without_reply=True),
    )
    assert sent.text == "Four & more"
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == asked.id
    assert [e.type for e in sent.entities] == ["bold"]
    reply = await sandbox.wait_for_reply(YOU, after=asked.id)
    assert reply.text == "Four & more"
    assert [e.text for e in sandbox.journal.delivered(YOU)] == ["Four & more"]
    assert await bot.get_updates(offset=update.update_id + 1, timeout=0) == ()


async def test_edits_and_buttons(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.say(YOU, "/start")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Why", callback_data="why:1")]])
    sent = await bot.send_message(YOU, "Four", reply_markup=keyboard)
    query_id = sandbox.press(YOU, sent.message_id, "why:1")
    updates = await bot.get_updates(timeout=1)
    query = updates[-1].callback_query
    assert query is not None
    assert (query.id, query.data) == (query_id, "why:1")
    assert await bot.answer_callback_query(query.id, "Because", show_alert=True)
    answer = await sandbox.wait_for_answer(query_id)
    assert answer["text"] == "Because"
    assert answer["show_alert"] is True
    edited = await bot.edit_message_text("Five", YOU, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.text == "Five"
    assert edited.edit_date is not None
    assert edited.reply_markup is None, "a keyboard vanishes when an edit leaves it out"


async def test_an_edited_question_arrives_as_an_edit(sandbox: Sandbox, bot: Bot) -> None:
    asked = sandbox.say(YOU, "How meny pilots?")
    sandbox.edit(YOU, asked.id, "How many pilots?")
    first, second = await bot.get_updates(timeout=1)
    assert first.message is not None
    assert second.edited_message is not None
    assert second.edited_message.text == "How many pilots?"


async def test_a_second_poll_ends_the_first(sandbox: Sandbox, bot: Bot) -> None:
    # Two bots, as PTB keeps one connection only for getUpdates.
    async with Bot(sandbox.token, base_url=sandbox.base_url) as other:
        first = asyncio.create_task(other.get_updates(timeout=5))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(bot.get_updates(timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        sandbox.say(YOU, "hello")
        assert len(await second) == 1


async def test_messages_of_topics_carry_their_place(sandbox: Sandbox, bot: Bot) -> None:
    topic = next(iter(sandbox.world.chat(FORUM).topics))
    sandbox.say(FORUM, "/ask pilots", thread=topic, user=MEI)
    (update,) = await bot.get_updates(timeout=1)
    message = update.message
    assert message is not None
    assert message.message_thread_id == topic
    assert message.is_topic_message
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None
    assert message.from_user is not None
    assert message.from_user.id > 2**51
    sent = await bot.send_message(FORUM, "Four", message_thread_id=topic)
    assert sent.is_topic_message
    replied = await bot.send_message(FORUM, "Four", reply_parameters=ReplyParameters(message.message_id))
    assert replied.message_thread_id == topic, "a reply stands in the topic of what it replies to"


async def test_a_channel_post_has_no_sender(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.say(CHANNEL, "News")
    (update,) = await bot.get_updates(timeout=1)
    assert update.channel_post is not None
    assert update.channel_post.from_user is None
    assert update.effective_chat is not None
    assert update.effective_chat.id == CHANNEL


async def test_message_ids_are_unique_only_within_their_chat(sandbox: Sandbox, bot: Bot) -> None:
    first = await bot.send_message(CHANNEL, "one")
    sandbox.say(YOU, "hello")
    in_group = await bot.send_message(GROUP, "two")
    assert first.message_id == 1
    assert in_group.message_id == 2, "private chats and basic groups share the bot's numbers"
