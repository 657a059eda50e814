"""What reaches the bot, and what does not: privacy mode, membership, offsets, kinds of updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import Update

from bot.sandbox import membership
from bot.sandbox.model import User
from bot.sandbox.people import say_anonymously
from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU

if TYPE_CHECKING:
    from telegram import Bot

    from bot.sandbox.testing import Sandbox


async def texts(bot: Bot) -> list[str | None]:
    updates = await bot.get_updates(timeout=0)
    return [u.effective_message.text if u.effective_message else None for u in updates]


SEEN = ["/ask pilots", "/ask@factline_bot pilots", "what about @factline_bot?", "@Factline_Bot hi"]
NOT_SEEN = ["hello", "/ask@other_bot pilots", "mail me@factline_bot.example", "how many QDLP pilots?"]


@pytest.mark.parametrize("text", SEEN)
async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(sandbox: Sandbox, bot: Bot, text: str) -> None:
    sandbox.say(GROUP, text)
    assert await texts(bot) == [text]


@pytest.mark.parametrize("text", NOT_SEEN)
async def test_privacy_mode_hides_the_rest(sandbox: Sandbox, bot: Bot, text: str) -> None:
    sandbox.say(GROUP, text)
    assert await texts(bot) == []
    sandbox.set_bot(GROUP, "administrator", quiet=True)
    sandbox.say(GROUP, text)
    assert await texts(bot) == [text], "an admin sees everything"


async def test_replies_to_the_bot_reach_it(sandbox: Sandbox, bot: Bot) -> None:
    sent = await bot.send_message(GROUP, "Four")
    sandbox.say(GROUP, "and the quota?", user=MEI, reply_to=sent.message_id)
    assert await texts(bot) == ["and the quota?"]


async def test_a_plain_command_is_lost_when_another_bot_wrote_last(sandbox: Sandbox, bot: Bot) -> None:
    other = User(8_000_000_001, "Other", username="other_bot", is_bot=True)
    sandbox.run(lambda: sandbox.world.add_user(other))
    sandbox.world.chat(GROUP).last_bot = other.id
    sandbox.say(GROUP, "/ask pilots")
    sandbox.say(GROUP, "/ask@factline_bot pilots")
    assert await texts(bot) == ["/ask@factline_bot pilots"]


async def test_anonymous_admins_and_channels_have_no_person_behind_them(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.run(lambda: say_anonymously(sandbox.world, GROUP, "/announce"))
    sandbox.say(CHANNEL, "news")
    anonymous, post = await bot.get_updates(timeout=0)
    assert anonymous.message is not None
    assert anonymous.message.sender_chat is not None
    assert anonymous.message.sender_chat.id == GROUP
    assert anonymous.message.from_user is not None
    assert anonymous.message.from_user.id == 1087968824
    assert post.channel_post is not None
    assert post.effective_user is None


async def test_the_bot_hears_of_its_own_membership(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.set_bot(GROUP, "kicked")
    sandbox.set_bot(GROUP, "member")
    sandbox.say(YOU, "/start")
    sandbox.block()
    updates = await bot.get_updates(timeout=0)
    changes = [u.my_chat_member for u in updates if u.my_chat_member]
    statuses = [(c.chat.id, c.old_chat_member.status, c.new_chat_member.status) for c in changes]
    assert statuses == [(GROUP, "member", "kicked"), (GROUP, "kicked", "member"), (YOU, "member", "kicked")]
    joined = [u.message.new_chat_members for u in updates if u.message and u.message.new_chat_members]
    assert [user.id for users in joined for user in users] == [bot.id]


async def test_migration_tells_both_ids(sandbox: Sandbox, bot: Bot) -> None:
    new = sandbox.migrate(GROUP)
    leaving, arriving = await bot.get_updates(timeout=0)
    assert leaving.message is not None
    assert arriving.message is not None
    assert leaving.message.migrate_to_chat_id == new
    assert arriving.message.migrate_from_chat_id == GROUP
    assert str(new).startswith("-100")


async def test_offsets_limits_and_allowed_kinds(sandbox: Sandbox, bot: Bot) -> None:
    for i in range(5):
        sandbox.say(YOU, str(i))
    first = await bot.get_updates(limit=2, timeout=0)
    assert len(first) == 2
    assert len(await bot.get_updates(offset=-1, timeout=0)) == 1, "a negative offset keeps the end and forgets the rest"
    assert await bot.get_updates(offset=first[-1].update_id + 100, timeout=0) == ()
    assert await bot.get_updates(allowed_updates=[Update.CALLBACK_QUERY], timeout=0) == ()
    sandbox.say(YOU, "unheard")
    assert await bot.get_updates(timeout=0) == (), "the last setting holds"
    assert await bot.get_updates(allowed_updates=[], timeout=0) == ()
    sandbox.say(YOU, "heard")
    assert await texts(bot) == ["heard"]


async def test_topics_close_and_open(sandbox: Sandbox, bot: Bot) -> None:
    topic = next(iter(sandbox.world.chat(FORUM).topics))
    sandbox.run(lambda: membership.set_topic(sandbox.world, FORUM, topic, closed=True, by=YOU))
    (update,) = await bot.get_updates(timeout=0)
    assert update.message is not None
    assert update.message.forum_topic_closed is not None
    assert update.message.message_thread_id == topic


async def test_odd_updates_can_be_queued_as_they_are(sandbox: Sandbox, call: object) -> None:
    assert callable(call)
    update_id = sandbox.put_update({"message": {"date": "yesterday"}})
    assert call("getUpdates")["result"] == [{"update_id": update_id, "message": {"date": "yesterday"}}]
