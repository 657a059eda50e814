"""A private chat: every text is a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.sandbox.world import MEI, YOU
from bot.store.tables import answers, questions, receipts, users
from tests.end_to_end.conversation import Person, labels

if TYPE_CHECKING:
    from bot.app import Factline
    from bot.sandbox.testing import Sandbox


async def test_an_answer_shows_figure_then_sentence_then_source(you: Person) -> None:
    answer = await you.gets("How many QDLP pilots?")
    figure, sentence, source = (answer.text or "").split("\n")
    assert figure == "4 pilot enterprises"
    assert "4 QDLP pilot" in sentence
    assert source.startswith("Source: Sou Hu Cai Jing, 2026-01-14")
    assert [entity["type"] for entity in answer.entities] == ["bold", "italic"]
    assert labels(answer) == ["Related", "Why?", "👍", "👎"]


async def test_it_says_what_the_article_does_not(you: Person) -> None:
    answer = await you.asks("How many QFLP pilots?")
    assert "QFLP" in answer
    assert "does not mention" in answer
    assert "QDLP" in answer, "the nearest that it does say"


async def test_chinese_is_answered_in_the_question_s_script(sandbox: Sandbox, factline: Factline) -> None:
    mei = Person(sandbox, MEI)
    assert "4家试点企业" in await mei.asks("QDLP试点企业有几家？")
    assert "4家試點企業" in await mei.asks("重慶有幾家QDLP試點企業？")
    assert "4 pilot" in await mei.asks("How many QDLP pilots?")


async def test_a_follow_up_leans_on_the_question_before(you: Person) -> None:
    await you.asks("How many QDLP pilots are there in Chongqing?")
    assert "$730 million" in await you.asks("and the quota?")


async def test_two_people_do_not_share_a_conversation(sandbox: Sandbox, you: Person) -> None:
    await you.asks("How many QDLP pilots are there?")
    mei = Person(sandbox, MEI)
    alone = await mei.asks("and in which city?")
    assert "Chongqing now has 4 QDLP" not in alone.split("\n")[0]


async def test_an_edited_question_edits_its_answer(sandbox: Sandbox, you: Person) -> None:
    asked = you.says("How many QDLP pilots?")
    answer = await sandbox.wait_for_reply(YOU, after=asked.id)
    sandbox.edit(YOU, asked.id, "What is the QDLP quota?")
    await sandbox.wait_for(lambda: "$730 million" in (sandbox.replies(YOU, after=asked.id)[0].text or ""))
    (edited,) = sandbox.replies(YOU, after=asked.id)
    assert edited.id == answer.id
    assert edited.markup, "the buttons stay"


async def test_an_edited_command_edits_its_answer_too(sandbox: Sandbox, you: Person) -> None:
    asked = you.says("/ask How many QDLP pilots?")
    await sandbox.wait_for_reply(YOU, after=asked.id)
    sandbox.edit(YOU, asked.id, "/ask What is the QDLP quota?")
    await sandbox.wait_for(lambda: "$730 million" in (sandbox.replies(YOU, after=asked.id)[0].text or ""))
    assert len(sandbox.replies(YOU, after=asked.id)) == 1


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("/start", "I answer questions about the article"),
        ("/start qdlp-quota", "$730 million"),
        ("/start <b>nobody</b>", "I answer questions"),
        ("/start unknown-key_0", "I answer questions"),
        ("/help", "/compare — Compare two figures"),
        ("/ask", "Write your question"),
        ("/ask How many QDLP pilots?", "4 pilot enterprises"),
        ("/topics", "topics of the article"),
        ("/figures", "$730 million"),
        ("/fact", "Name a fact"),
        ("/fact qdlp qouta", "$730 million"),
        ("/fact zzzzqqqq", "no fact by that name"),
        ("/verify", "Write a claim"),
        ("/verify there are five QDLP pilots", "No."),
        ("/verify QDLP试点有5家", "不是"),
        ("/compare", "Name two things"),
        ("/compare policies bonds", "36 more"),
        ("/compare policies and bonds", "36 more"),
        ("/compare 政策 债券", "36"),
        ("/source", "Sou Hu Cai Jing"),
        ("/why", "Reply with /why"),
        ("/language", "In which language"),
        ("/privacy", "30 days"),
        ("/figres", "Did you mean /figures?"),
        ("/qwertyuiop", "do not know this command"),
    ],
)
async def test_commands(you: Person, command: str, says: str) -> None:
    assert says in await you.asks(command)


async def test_the_table_of_figures_fits_a_phone(sandbox: Sandbox, you: Person) -> None:
    table = await you.gets("/figures")
    (pre,) = [e for e in table.entities if e["type"] == "pre"]
    lines = (table.text or "")[pre["offset"] : pre["offset"] + pre["length"]].split("\n")
    assert max(map(len, lines)) <= 32
    assert any(line.startswith("New bonds issued") and line.endswith("38 new bonds") for line in lines)


async def test_why_shows_how_the_question_was_read(you: Person) -> None:
    await you.asks("How many QDLP pilots?")
    why = await you.asks("/why")
    assert "how many qdlp pilots" in why
    assert "QDLP pilot enterprises" in why


async def test_the_language_of_the_interface(you: Person) -> None:
    assert "界面语言已设为中文" in await you.asks("/language zh")
    assert "使用帮助" in await you.asks("/help")
    assert "4 pilot" in await you.asks("How many QDLP pilots?"), "the answer follows the question"
    assert "已設為中文" in await you.asks("/language zh-hant")
    choice = await you.gets("/language")
    assert labels(choice)[:3] == ["English", "简体中文", "繁體中文"]
    assert "English" in await you.presses(choice, "English")
    assert "How to ask" in await you.asks("/help")


async def test_what_is_no_text_gets_a_hint(you: Person) -> None:
    assert "only text" in await you.asks(
        None, media={"photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]}
    )


async def test_a_caption_is_a_question(you: Person) -> None:
    photo = {"photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]}
    assert "4 pilot" in await you.asks("How many QDLP pilots?", media=photo)


async def test_a_reply_to_what_was_deleted_still_goes_out(sandbox: Sandbox, factline: Factline, you: Person) -> None:
    asked = you.says("How many QDLP pilots?")
    sandbox.run(lambda: sandbox.world.chat(YOU).messages.pop(asked.id, None))
    assert "4 pilot" in ((await sandbox.wait_for_reply(YOU, after=asked.id)).text or "")
    assert sandbox.journal.refused() == []


async def test_forget_erases_at_once(sandbox: Sandbox, factline: Factline, you: Person) -> None:
    await you.asks("How many QDLP pilots?")
    await you.asks("/language zh")
    assert "全部删除" in await you.asks("/forget")
    async with factline.store.reading() as connection:
        for table in (answers, questions, receipts, users):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0, table.name


async def test_menus_are_set_for_scopes_and_languages(sandbox: Sandbox, you: Person) -> None:
    await you.asks("/start")
    calls = sandbox.journal.calls("setMyCommands")
    await sandbox.wait_for(lambda: len(sandbox.journal.calls("setMyShortDescription")) == 2)
    asked = {(str(call.params.get("scope")), call.params.get("language_code") or "") for call in calls}
    assert {code for _, code in asked} == {"", "zh"}
    assert any("all_group_chats" in scope for scope, _ in asked)
