"""Announcing: preview, one press, progress, report; and everyone who may not is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.sandbox import people
from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU
from bot.store import announcements, announcements_report, audit
from bot.store.tables import announcements as table
from tests.end_to_end.conversation import Person, keys, labels

if TYPE_CHECKING:
    from bot.app import Factline
    from bot.sandbox.model import Message
    from bot.sandbox.testing import Sandbox

pytestmark = pytest.mark.usefixtures("factline")


async def subscribe(sandbox: Sandbox, *persons: Person) -> None:
    for person in persons:
        assert (await person.asks("/subscribe")).startswith(("Subscribed", "已订阅"))


async def preview(person: Person, text: str, **details: object) -> Message:
    asked = person.says(text, **details)

    def shown() -> list[Message]:
        return [m for m in person.sandbox.replies(person.chat, after=asked.id) if "Cancel" in labels(m)]

    await person.sandbox.wait_for(lambda: bool(shown()))
    return shown()[0]


def texts(sandbox: Sandbox, chat: int) -> list[str]:
    return [message.text or "" for message in sandbox.replies(chat)]


async def finished(sandbox: Sandbox, number: int = 1) -> str:
    await sandbox.wait_for(
        lambda: any(f"#{number}" in text and "done" in text and "█" not in text for text in texts(sandbox, YOU)),
        timeout=15,
    )
    return next(t for t in texts(sandbox, YOU) if f"#{number}" in t and "done" in t and "█" not in t)


async def test_a_fact_goes_to_everyone_in_their_language_once(sandbox: Sandbox, you: Person) -> None:
    mei = Person(sandbox, MEI)
    await mei.asks("/language zh-hans")
    await subscribe(sandbox, you, mei, you.in_chat(GROUP))
    summary = await preview(you, "/announce fact QDLP quota")
    assert "in 3 chats: English 2, 简体中文 1" in (summary.text or "")
    assert labels(summary) == ["Send to 3 chats", "Cancel"]
    send = keys(summary)[0]["callback_data"]
    first, second = await you.sends(summary, send), await you.sends(summary, send)
    assert (first, second) == ("Accepted.", "That has been done already.")
    report = await finished(sandbox)
    assert "Sent: 3" in report
    assert sum("$730 million" in text for text in texts(sandbox, GROUP)) == 1
    assert sum("7.3亿美元" in text for text in texts(sandbox, MEI)) == 1

    def status() -> Message:
        return next(m for m in sandbox.messages(YOU) if m.id == summary.id)

    await sandbox.wait_for(lambda: "3/3" in (status().text or ""))
    assert keys(status()) == []


async def test_a_message_is_copied_as_it_is(sandbox: Sandbox, you: Person) -> None:
    await subscribe(sandbox, you.in_chat(GROUP))
    photo = {"photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]}
    original = you.says("Look & see", media=photo)
    summary = await preview(you, "/announce", reply_to=original.id)
    await you.presses(summary, "Send")
    await finished(sandbox)
    copy = sandbox.replies(GROUP)[-1]
    assert (copy.text, copy.media) == ("Look & see", photo)


async def test_topics_channels_and_closed_topics_are_settled_with_their_reason(sandbox: Sandbox, you: Person) -> None:
    open_topic, closed_topic = list(sandbox.world.chat(FORUM).topics)[:2]
    # In a channel the post itself is signed like the reply: only what comes after it is the reply.
    await subscribe(sandbox, you.in_chat(FORUM, open_topic), you.in_chat(FORUM, closed_topic), you.in_chat(CHANNEL))
    sandbox.run(lambda: setattr(sandbox.world.chat(FORUM).topics[closed_topic], "closed", True))
    summary = await preview(you, "/announce Hello <all>")
    assert "in 3 chats" in (summary.text or "")
    await you.presses(summary, "Send")
    report = await finished(sandbox)
    assert "Sent: 2" in report
    assert "failed: topic_closed (1)" in report.lower()
    assert any(m.text == "Hello <all>" and m.thread_id == open_topic for m in sandbox.messages(FORUM))
    assert any(m.text == "Hello <all>" for m in sandbox.messages(CHANNEL))


async def test_correct_retract_and_the_report_as_a_file(sandbox: Sandbox, you: Person, factline: Factline) -> None:
    group = you.in_chat(GROUP)
    await subscribe(sandbox, group)
    await you.presses(await preview(you, "/announce First words"), "Send")
    await finished(sandbox)
    await you.presses(await preview(you, "/announce correct 1 Better words"), "Change")
    await sandbox.wait_for(lambda: "Better words" in texts(sandbox, GROUP), timeout=10)
    assert "First words" not in texts(sandbox, GROUP)
    listed = await you.gets("/announcements")
    assert "#1" in labels(listed)
    await you.presses(listed, "#1")

    def details() -> list[Message]:  # the report of the correction may come in between
        return [m for m in sandbox.replies(YOU, after=listed.id) if any("CSV" in label for label in labels(m))]

    await sandbox.wait_for(lambda: bool(details()))
    detail = details()[0]
    assert "Sent: 1" in (detail.text or "")
    await you.presses(detail, "CSV")
    await sandbox.wait_for(lambda: bool(sandbox.world.files))
    (stored,) = sandbox.world.files.values()
    assert stored.data.decode("utf-8-sig").splitlines()[1].startswith(f"{GROUP},Chongqing desk,0,en,sent,,2")
    await you.presses(detail, "Delete")
    asked = await sandbox.wait_for_reply(YOU, after=detail.id)
    while "Delete every copy" not in labels(asked):
        asked = await sandbox.wait_for_reply(YOU, after=asked.id)
    await you.presses(asked, "Delete")
    await sandbox.wait_for(lambda: "Better words" not in texts(sandbox, GROUP), timeout=10)
    async with factline.store.reading() as connection:
        found = await announcements.find(connection, 1)
        assert found is not None
        report = await announcements_report.report(connection, found)
    assert report.counts["retracted"] + report.counts["sent"] == 1


async def test_what_is_planned_waits_and_can_be_cancelled(sandbox: Sandbox, you: Person, factline: Factline) -> None:
    await subscribe(sandbox, you.in_chat(GROUP))
    when = datetime.now(UTC) + timedelta(days=2)
    summary = await preview(you, f"/announce at {when:%Y-%m-%d %H:%M} Soon")
    assert f"{when:%Y-%m-%d %H:%M} UTC" in (summary.text or "")
    await you.presses(summary, "Send")
    await sandbox.wait_for(lambda: any("goes out at" in text for text in texts(sandbox, YOU)))
    planned = next(m for m in sandbox.messages(YOU) if m.id == summary.id)
    assert "cancelled" in await you.presses(planned, "Cancel")
    async with factline.store.reading() as connection:
        assert await connection.scalar(select(table.c.state)) == "cancelled"
    assert "Soon" not in texts(sandbox, GROUP)


async def test_until_and_resend_are_shown_and_kept(sandbox: Sandbox, you: Person, factline: Factline) -> None:
    await subscribe(sandbox, you.in_chat(GROUP))
    summary = await preview(you, "/announce resend until 2031-12-01 12:00 at 2031-12-01 09:00 Hold on")
    shown = summary.text or ""
    assert "It goes out at 2031-12-01 09:00 UTC" in shown
    assert "What is not sent by 2031-12-01 12:00 UTC is not sent at all." in shown
    assert "may come twice" in shown
    plain = await preview(you, "/announce Hold on")
    assert "it is not sent again" in (plain.text or "")
    async with factline.store.reading() as connection:
        made, other = [await announcements.find(connection, number) for number in (1, 2)]
    assert made is not None
    assert other is not None
    assert (made.on_uncertain, made.expires_at) == ("resend", datetime(2031, 12, 1, 12, tzinfo=UTC))
    assert (other.on_uncertain, other.expires_at, other.title) == ("hold", None, "Hold on")


async def test_a_text_corrects_the_caption_of_a_photo(sandbox: Sandbox, you: Person, factline: Factline) -> None:
    await subscribe(sandbox, you.in_chat(GROUP))
    photo = {"photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]}
    original = you.says("Four firms", media=photo)
    await you.presses(await preview(you, "/announce", reply_to=original.id), "Send")
    await finished(sandbox)
    shown = await preview(you, "/announce correct 1 Five <firms>")
    asked = [m for m in sandbox.replies(YOU) if m.id < shown.id and m.media]
    assert (asked[-1].text, asked[-1].media) == ("Five <firms>", photo), "the preview shows the photo, too"
    await you.presses(shown, "Change")
    await sandbox.wait_for(lambda: texts(sandbox, GROUP)[-1] == "Five <firms>", timeout=10)
    copy = sandbox.replies(GROUP)[-1]
    assert (copy.text, copy.media) == ("Five <firms>", photo)
    assert sandbox.journal.calls("editMessageCaption")
    assert "write at most 1024" in await you.asks("/announce correct 1 " + "x" * 1025)
    async with factline.store.reading() as connection:
        found = await announcements.find(connection, 1)
    assert found is not None
    assert found.content["renderings"]["*"]["params"]["caption"] == "Five &lt;firms&gt;", "what is yet to be sent"


BAD = [
    ("", "Write /announce and a text"),
    ("fact", "Write the fact's name"),
    ("topic nonsense", "There is no topic"),
    ("fact zzzzqqq", "There is no fact"),
    ("at tomorrow noon Hello", "Write the time as"),
    ("at 2020-01-01 09:00 Hello", "That time is past"),
    ("at 2027-02-30 09:00 Hello", "Write the time as"),
    ("at 2027-03-28 02:30 Europe/Berlin Hello", "does not exist in Europe/Berlin"),
    ("at 2027-10-31 02:30 Europe/Berlin Hello", "comes twice in Europe/Berlin"),
    ("at 2027-01-01 09:00 Europe/Atlantis Hello", "There is no time zone"),
    ("until tomorrow Hello", "Write the time as"),
    ("until 2020-01-01 09:00 Hello", "That time is past"),
    ("at 2031-01-01 09:00 until 2031-01-01 09:00 Hello", "It ends before it begins"),
    ("until 2031-01-01 09:00 until 2031-01-02 09:00 Hello", "once each"),
    ("hold resend Hello", "once each"),
    ("resend", "Write /announce and a text"),
    ("resend correct 1 Hello", "Write /announce correct"),
    ("correct", "Write /announce correct"),
    ("correct 99 Hello", "There is no announcement 99"),
    ("Hello", "Nobody is subscribed yet"),
]


async def test_bad_input_gets_one_sentence(sandbox: Sandbox, you: Person) -> None:
    for words, said in BAD:
        reply = await you.asks(f"/announce {words}", count=2 if words == "Hello" else 1)
        assert said in reply, words


async def test_others_are_refused_and_it_is_kept(sandbox: Sandbox, you: Person, factline: Factline) -> None:
    mei = Person(sandbox, MEI)
    assert await mei.asks("/announce Buy now") == "只有机器人管理员可以发布公告。"
    bot = sandbox.world.bot.username
    said = sandbox.run(lambda: people.say_anonymously(sandbox.world, GROUP, f"/announce@{bot} Buy now"))
    assert "admins may announce" in ((await sandbox.wait_for_reply(GROUP, after=said.id)).text or "")
    signed = sandbox.say(GROUP, f"/announce@{bot} Buy now", user=MEI, sender_chat_id=CHANNEL)
    assert "admins may announce" in ((await sandbox.wait_for_reply(GROUP, after=signed.id)).text or "")
    async with factline.store.reading() as connection:
        refused = [row for row in await audit.newest(connection) if not row["allowed"]]
    assert len(refused) == 3
    assert {row["action"] for row in refused} == {"announce"}


async def test_a_forged_or_foreign_button_does_nothing(sandbox: Sandbox, you: Person, factline: Factline) -> None:
    await subscribe(sandbox, you.in_chat(GROUP))
    summary = await preview(you, "/announce Hello")
    assert await you.sends(summary, "A" * 16) != "Accepted."
    in_group = sandbox.replies(GROUP)[-1]
    data = keys(summary)[0]["callback_data"]
    assert await Person(sandbox, MEI, GROUP).sends(in_group, data) != "Accepted."
    async with factline.store.reading() as connection:
        assert await connection.scalar(select(table.c.state)) == "draft"
