"""Subscribing and its settings, in every kind of chat, by those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

from bot.sandbox import people
from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU
from bot.store import audit, chats, subscriptions
from handlers.subscriptions import read_setting
from tests.end_to_end.conversation import Person, keys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.app import Factline
    from bot.sandbox.testing import Sandbox
    from bot.store.subscriptions import Subscription

T = TypeVar("T")


async def stored(factline: Factline, chat: int, thread: int = 0) -> Subscription | None:
    async with factline.store.reading() as connection:
        return await subscriptions.find(connection, chat, thread)


async def test_alone_it_subscribes_and_shows_the_settings(factline: Factline, you: Person) -> None:
    shown = await you.gets("/subscribe")
    assert "Announcements: on" in (shown.text or "")
    assert "Digest: weekly Mon 09:00 UTC" in (shown.text or "")
    made = await stored(factline, YOU)
    assert made is not None
    assert (made.active, made.announcements, made.digest) == (True, True, "weekly")
    assert "Unsubscribed" in await you.asks("/unsubscribe")
    assert "no subscription" in await you.asks("/settings")


async def test_buttons_change_the_settings_in_place(sandbox: Sandbox, factline: Factline, you: Person) -> None:
    shown = await you.gets("/subscribe")
    for label in ("daily", "18:00", "Shanghai", "繁體", "Without sound", "Quiet"):
        menu = next(m for m in sandbox.messages(YOU) if m.id == shown.id)
        assert await you.presses(menu, label) == "Saved."
    made = await stored(factline, YOU)
    assert made is not None
    assert (made.digest, made.digest_time, made.zone, made.language) == ("daily", "18:00", "Asia/Shanghai", "zh-Hant")
    assert (made.silent, made.quiet_from, made.quiet_until) == (True, "22:00", "08:00")
    menu = next(m for m in sandbox.messages(YOU) if m.id == shown.id)
    assert "daily 18:00 Asia/Shanghai" in (menu.text or "")
    assert all(len(key["callback_data"].encode()) <= 64 for key in keys(menu))


async def test_words_change_them_too_and_nonsense_says_how(factline: Factline, you: Person) -> None:
    await you.asks("/subscribe")
    assert "Europe/Berlin" in await you.asks("/settings zone Europe/Berlin")
    assert "Write for example" in await you.asks("/settings zone Europe/Atlantis")
    made = await stored(factline, YOU)
    assert made is not None
    assert made.zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("time 8:30", {"digest_time": "08:30"}),
        ("time 24:00", None),
        ("day friday", {"digest_day": 4}),
        ("quiet 22:00-7:00", {"quiet_from": "22:00", "quiet_until": "07:00"}),
        ("quiet off", {"quiet_from": None, "quiet_until": None}),
        ("quiet 22:00-22:00", None),
        ("zone ../../etc/passwd", None),
        ("nonsense", None),
    ],
)
def test_settings_in_words(words: str, changes: dict[str, object] | None) -> None:
    assert read_setting(words.split()) == changes


async def test_in_a_group_only_admins_may(sandbox: Sandbox, factline: Factline, you: Person) -> None:
    mei = Person(sandbox, MEI, GROUP)
    assert "管理员" in await mei.asks("/subscribe")
    assert await stored(factline, GROUP) is None
    anonymous = sandbox.run(lambda: people.say_anonymously(sandbox.world, GROUP, "/subscribe"))
    menu = await sandbox.wait_for_reply(GROUP, after=anonymous.id)
    assert await stored(factline, GROUP) is not None
    data = next(key["callback_data"] for key in keys(menu) if "daily" in key["text"])
    assert "管理员" in await mei.sends(menu, data)
    assert await you.in_chat(GROUP).sends(menu, data) == "Saved."
    async with factline.store.reading() as connection:
        refused = [row["action"] for row in await audit.newest(connection) if not row["allowed"]]
    assert sorted(refused) == ["settings", "subscribe"]


async def test_a_topic_is_remembered_and_a_channel_subscribes_itself(
    sandbox: Sandbox, factline: Factline, you: Person
) -> None:
    topic = next(iter(sandbox.world.chat(FORUM).topics))
    menu = await you.in_chat(FORUM, topic).gets("/subscribe")
    assert menu.thread_id == topic
    assert await stored(factline, FORUM, topic) is not None
    post = you.in_chat(CHANNEL).says("/subscribe")
    await sandbox.wait_for_reply(CHANNEL, after=post.id)
    assert await stored(factline, CHANNEL) is not None


async def test_what_leaves_goes_inactive_and_what_migrates_takes_all_along(
    sandbox: Sandbox, factline: Factline, you: Person
) -> None:
    await you.in_chat(GROUP).asks("/subscribe")
    new = sandbox.migrate(GROUP)
    moved = await _until(factline, you, lambda c: subscriptions.find(c, new), lambda found: found is not None)
    assert moved is not None
    assert moved.active
    sandbox.set_bot(new, "kicked")
    chat = await _until(factline, you, lambda c: chats.find(c, new), lambda found: found and not found.active)
    assert chat is not None
    assert (chat.active, chat.reason) == (False, "kicked")


async def _until(
    factline: Factline, you: Person, look: Callable[[AsyncConnection], Awaitable[T]], enough: Callable[[T], object]
) -> T:
    """Look into the store until it is so; each question waits for those before it."""
    while True:
        async with factline.store.reading() as connection:
            found = await look(connection)
        if enough(found):
            return found
        await you.asks("/help")
