"""Groups: answers for those who ask the bot, silence for everything else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.sandbox import people
from bot.sandbox.model import User
from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU
from bot.store import chats
from tests.end_to_end.conversation import Person, labels

if TYPE_CHECKING:
    from bot.app import Factline
    from bot.sandbox.testing import Sandbox

QUIET_SECONDS = 0.4


@pytest.fixture
def mei(sandbox: Sandbox, factline: Factline) -> Person:
    """Mei in the group; the bot sees every message there."""
    sandbox.world.profile.can_read_all = True
    return Person(sandbox, MEI, GROUP)


async def silence(sandbox: Sandbox, chat: int, after: int) -> bool:
    """Whether the bot says nothing; a later question proves that it is not merely slow."""
    await asyncio.sleep(QUIET_SECONDS)
    return not sandbox.replies(chat, after=after)


@pytest.mark.parametrize(
    "text",
    [
        "How many QDLP pilots are there?",
        "@someone_else how many QDLP pilots?",
        "hello all",
        "/ask@other_bot pilots?",
        "/qwertz",
    ],
)
async def test_talk_among_people_is_left_alone(sandbox: Sandbox, mei: Person, text: str) -> None:
    said = mei.says(text)
    assert await silence(sandbox, GROUP, said.id)


@pytest.mark.parametrize(
    "text",
    [
        "@factline_bot how many QDLP pilots?",
        "how many QDLP pilots, @Factline_Bot?",
        "/ask how many QDLP pilots?",
        "/ask@factline_bot how many QDLP pilots?",
    ],
)
async def test_commands_and_mentions_are_answered_as_replies(sandbox: Sandbox, mei: Person, text: str) -> None:
    said = mei.says(text)
    answer = await sandbox.wait_for_reply(GROUP, after=said.id)
    assert "4 pilot enterprises" in (answer.text or "")
    assert answer.reply_to == said.id


async def test_a_reply_to_the_bot_is_a_question(sandbox: Sandbox, mei: Person) -> None:
    first = await mei.gets("@factline_bot how many QDLP pilots?")
    assert "$730 million" in await mei.asks("and the quota?", reply_to=first.id)


async def test_an_unknown_command_is_answered_only_if_it_is_ours(sandbox: Sandbox, mei: Person) -> None:
    assert "/figures" in await mei.asks("/figuers@factline_bot")


async def test_a_mention_alone_shows_how_to_ask(sandbox: Sandbox, mei: Person) -> None:
    assert "/ask" in await mei.asks("@factline_bot")


async def test_buttons_are_for_the_one_who_asked(sandbox: Sandbox, mei: Person) -> None:
    answer = await mei.gets("@factline_bot how many QDLP pilots?")
    you = Person(sandbox, YOU, GROUP)
    assert await you.presses(answer, "👍") == "This button is for whoever asked.", "in the language of who presses"
    assert await mei.presses(answer, "👍") in {"Thank you!", "谢谢！"}


async def test_private_talk_does_not_leak_into_a_group(sandbox: Sandbox, mei: Person) -> None:
    await mei.in_chat(MEI).asks("How many QDLP pilots are there?")
    assert "$730 million" not in await mei.asks("@factline_bot and how much is it?")


async def test_topics_of_a_forum_are_kept_apart(sandbox: Sandbox, factline: Factline) -> None:
    first, second, *_ = sandbox.world.chat(FORUM).topics
    here, there = Person(sandbox, MEI, FORUM, first), Person(sandbox, MEI, FORUM, second)
    asked = here.says("/ask how many QDLP pilots?")
    answer = await sandbox.wait_for_reply(FORUM, after=asked.id, thread=first)
    assert answer.thread_id == first
    assert "$730 million" not in await there.asks("/ask and how much is it?")
    general = Person(sandbox, YOU, FORUM)
    answer = await general.gets("@factline_bot how many QDLP pilots?")
    assert answer.thread_id is None
    assert sandbox.journal.refused() == []


async def test_the_message_that_opens_a_topic_is_no_message_to_reply_to(sandbox: Sandbox, mei: Person) -> None:
    topic = next(iter(sandbox.world.chat(FORUM).topics))
    said = Person(sandbox, MEI, FORUM, topic).says("how many QDLP pilots?")
    assert await silence(sandbox, FORUM, said.id)


async def test_an_anonymous_admin_is_answered_and_anyone_may_press(sandbox: Sandbox, mei: Person) -> None:
    said = sandbox.run(lambda: people.say_anonymously(sandbox.world, GROUP, "@factline_bot how many QDLP pilots?"))
    answer = await sandbox.wait_for_reply(GROUP, after=said.id)
    assert "4 pilot" in (answer.text or "")
    assert await mei.presses(answer, "👍") == "谢谢！"


async def test_channels_other_bots_and_cards_are_left_alone(sandbox: Sandbox, mei: Person) -> None:
    post = sandbox.say(CHANNEL, "@factline_bot how many QDLP pilots?")
    robot = sandbox.run(lambda: sandbox.world.add_user(User(6_000_000_001, "Robot", username="robot_bot", is_bot=True)))
    said = sandbox.say(GROUP, "@factline_bot how many QDLP pilots?", user=robot.id)
    card = mei.says("@factline_bot how many QDLP pilots?", via_bot=True)
    assert await silence(sandbox, GROUP, said.id)
    assert not sandbox.replies(GROUP, after=card.id)
    assert [m.id for m in sandbox.messages(CHANNEL)] == [post.id]


async def test_the_bot_says_hello_once_in_a_group_that_adds_it(sandbox: Sandbox, factline: Factline) -> None:
    sandbox.set_bot(GROUP, "left")
    sandbox.set_bot(GROUP, "member")
    hello = await sandbox.wait_for_reply(GROUP)
    assert "I am silent otherwise" in (hello.text or "")
    sandbox.set_bot(GROUP, "administrator")
    assert await silence(sandbox, GROUP, hello.id)


async def test_a_group_that_becomes_a_supergroup_keeps_its_place(
    sandbox: Sandbox, factline: Factline, mei: Person
) -> None:
    await mei.asks("@factline_bot how many QDLP pilots?")
    new = sandbox.migrate(GROUP)
    assert "4 pilot" in await mei.in_chat(new).asks("@factline_bot how many QDLP pilots?")
    async with factline.store.reading() as connection:
        old = await chats.find(connection, GROUP)
    assert old is not None
    assert (old.active, old.migrated_to) == (False, new)


async def test_a_block_is_noted(sandbox: Sandbox, factline: Factline) -> None:
    await Person(sandbox, YOU).asks("/start")
    sandbox.block(YOU)

    async def reason() -> str | None:
        async with factline.store.reading() as connection:
            chat = await chats.find(connection, YOU)
        return chat.reason if chat else None

    for _ in range(100):
        if await reason() == "blocked":
            break
        await asyncio.sleep(0.05)
    assert await reason() == "blocked"


async def test_help_in_a_group_lists_what_works_there(sandbox: Sandbox, mei: Person) -> None:
    text = await mei.asks("/help@factline_bot")
    assert "/ask" in text
    assert "/forget" not in text
    assert labels(await mei.gets("/topics@factline_bot"))
