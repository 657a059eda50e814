"""What protects people and the bot: limits, faults, hostile input, errors, secrets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.world import GROUP, MEI, YOU
from bot.store import chats, inbox
from handlers.care import Buckets
from tests.end_to_end.conversation import Person

if TYPE_CHECKING:
    from bot.app import Factline
    from bot.sandbox.testing import Sandbox


async def test_too_much_at_once_gets_one_notice_then_silence(sandbox: Sandbox, factline: Factline, you: Person) -> None:
    factline.services.care.people = Buckets(burst=3, rate=0.001)
    for _ in range(6):
        you.says("How many QDLP pilots?")
    await sandbox.wait_for(lambda: len(sandbox.replies(YOU)) >= 4)
    await asyncio.sleep(0.3)
    texts = [reply.text or "" for reply in sandbox.replies(YOU)]
    assert ["4 pilot" in text for text in texts] == [True, True, True, False]
    assert "Please give me a minute" in texts[3]
    assert "4家" in await Person(sandbox, MEI).asks("QDLP试点企业有几家？"), "nobody else waits for that"


@pytest.mark.parametrize("fault", ["429", "500", "502", "reset-before", "reset-after", "502-after"])
async def test_an_answer_goes_out_whatever_the_network_does(sandbox: Sandbox, you: Person, fault: str) -> None:
    sandbox.faults.next(fault, "sendMessage", times=2)
    assert "4 pilot" in await you.asks("How many QDLP pilots?")


async def test_an_answer_outlives_a_long_outage(sandbox: Sandbox, you: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.sending.PAUSES", (0.05, 0.05))
    monkeypatch.setattr("handlers.sending.AGAIN", 0.2)
    sandbox.faults.next("500", "sendMessage", times=10)
    assert "4 pilot" in await you.asks("How many QDLP pilots?")
    assert sum(1 for entry in sandbox.journal.calls("sendMessage") if entry.fault) == 10


async def test_refused_entities_go_out_as_plain_text(
    sandbox: Sandbox, you: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.render.TAGS", dict.fromkeys(("bold", "italic", "quote"), ("<b>", "</i>")))
    answer = await you.gets("How many QDLP pilots?")
    assert "4 pilot enterprises\nChongqing" in (answer.text or "")
    assert answer.entities == []


HOSTILE = (
    "<b>bold</b> <a href='tg://user?id=1'>x</a> &lt; QFLP?",
    "What is <script>alert(1)</script>?",
    "\u202eQDLP\u202c pilots\u200b?",
    "\u0000",
    "QDLP?" * 800,
    "{title} {0} %s %(x)s \\u0000",
    "' OR 1=1; --",
    "@@@@ ///// #### $$$$",
    "𝐐𝐃𝐋𝐏" * 100,
    "💥" * 4096,
    "/ask <b>",
    "/fact </code><b>",
    "/verify <i>5</i> QDLP pilots",
    "/compare <a> <b>",
    "/start " + "A" * 64,
    "/language ../../etc/passwd",
    "/source@factline_bot <pre>",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_text(sandbox: Sandbox, you: Person, text: str) -> None:
    reply = await you.gets(text)
    assert reply.text
    assert {entity["type"] for entity in reply.entities} <= {
        "bold",
        "italic",
        "code",
        "pre",
        "expandable_blockquote",
        "bot_command",
        "mention",
        "hashtag",
        "cashtag",
        "url",
    }
    assert sandbox.journal.refused() == []


async def test_a_failing_handler_is_told_in_one_sentence_and_quarantined(
    sandbox: Sandbox,
    factline: Factline,
    you: Person,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_args: object) -> Any:
        raise ZeroDivisionError("inner details")

    await you.asks("/start")
    monkeypatch.setattr(factline.services.knowledge, "answer", broken)
    asked = Person(sandbox, MEI).says("QDLP试点企业有几家？")
    reply = await sandbox.wait_for_reply(MEI, after=asked.id)
    assert "出了点问题" in (reply.text or "")
    assert "inner details" not in (reply.text or "")

    def alarms() -> list[str]:
        return [reply.text or "" for reply in sandbox.replies(YOU) if "could not be handled" in (reply.text or "")]

    await sandbox.wait_for(lambda: bool(alarms()))
    monkeypatch.undo()
    assert "4家" in await Person(sandbox, MEI).asks("QDLP试点企业有几家？"), "those behind it go on"
    async with factline.store.reading() as connection:
        ((_, error, _),) = await inbox.quarantined(connection)
    assert error.startswith("ZeroDivisionError")
    (line,) = alarms()
    assert "ZeroDivisionError (" in line
    assert "inner details" not in line


async def test_a_blocked_person_is_not_answered(sandbox: Sandbox, factline: Factline) -> None:
    async with factline.store.writing() as connection:
        await chats.block(connection, MEI, factline.services.now())
    said = Person(sandbox, MEI).says("QDLP试点企业有几家？")
    in_group = Person(sandbox, MEI, GROUP).says("@factline_bot QDLP试点企业有几家？")
    await Person(sandbox, YOU).asks("How many QDLP pilots?")
    await asyncio.sleep(0.3)
    assert not sandbox.replies(MEI, after=said.id)
    assert not sandbox.replies(GROUP, after=in_group.id)


async def test_a_person_who_blocks_the_bot_meanwhile_is_no_error(
    sandbox: Sandbox, factline: Factline, you: Person
) -> None:
    await you.asks("How many QDLP pilots?")
    before = len(sandbox.journal.calls("sendMessage"))
    sandbox.faults.latency = (1.0, 1.0)
    asked = you.says("How many QDLP pilots?")
    await sandbox.wait_for(lambda: len(sandbox.journal.calls("sendMessage")) > before)
    sandbox.block(YOU)  # the answer is on its way and takes a second
    sandbox.faults.clear()
    await sandbox.wait_for(lambda: sandbox.journal.calls("sendMessage")[before].status != 0)
    assert sandbox.journal.calls("sendMessage")[before].status == 403
    assert sandbox.replies(YOU, after=asked.id) == []
    assert "4家" in await Person(sandbox, MEI).asks("QDLP试点企业有几家？")
    async with factline.store.reading() as connection:
        assert await inbox.quarantined(connection) == []


async def test_questions_of_many_come_in_order_and_all_are_answered(sandbox: Sandbox, factline: Factline) -> None:
    chats_ = sandbox.bulk_chats(20)
    for round_ in range(3):
        for chat in chats_:
            sandbox.say(chat, ("How many QDLP pilots?", "and the quota?", "hello")[round_], user=chat)
    await sandbox.wait_for(lambda: all(len(sandbox.replies(chat)) == 3 for chat in chats_), timeout=30)
    for chat in chats_:
        texts = [reply.text or "" for reply in sandbox.replies(chat)]
        assert "4 pilot" in texts[0]
        assert "$730 million" in texts[1]
        assert texts[2].startswith("Hello")
