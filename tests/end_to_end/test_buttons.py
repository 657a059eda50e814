"""Buttons: each acts once, for whom it is meant, also after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot import app
from bot.sandbox.world import YOU
from bot.store.tables import feedback, receipts
from knowledge.text import normalise
from tests.end_to_end.conversation import Person, keys, labels

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from bot.sandbox.model import Message
    from bot.sandbox.testing import Sandbox
    from bot.settings import Settings
    from knowledge.engine import Knowledge


async def test_related_and_why_answer_below(sandbox: Sandbox, you: Person) -> None:
    answer = await you.gets("How many QDLP pilots?")
    await you.presses(answer, "Related")
    related = await sandbox.wait_for_reply(YOU, after=answer.id)
    assert "$730 million" in (related.text or "")
    assert related.reply_to == answer.id
    await you.presses(answer, "Why")
    why = await sandbox.wait_for_reply(YOU, after=related.id)
    assert "how many qdlp pilots" in (why.text or "")


async def test_a_verdict_is_kept_once(sandbox: Sandbox, factline: app.Factline, you: Person) -> None:
    answer = await you.gets("How many QDLP pilots?")
    assert await you.presses(answer, "👍") == "Thank you!"
    assert await you.presses(answer, "👍") == "That was noted already."
    assert await you.presses(answer, "👎") == "That was noted already.", "one verdict an answer"
    async with factline.store.reading() as connection:
        (row,) = (await connection.execute(select(feedback))).all()
    assert (row.verdict, row.question, row.facts) == ("up", "how many qdlp pilots?", ["qdlp-enterprises"])


async def test_a_bad_verdict_asks_for_its_reason(sandbox: Sandbox, factline: app.Factline, you: Person) -> None:
    answer = await you.gets("How many QDLP pilots?")
    assert await you.presses(answer, "👎") == "What was wrong with it?"
    await sandbox.wait_for(lambda: "Not my question" in labels(_again(sandbox, answer.id)))
    asking = _again(sandbox, answer.id)
    assert labels(asking) == ["Related", "Why?", "It is wrong", "Not my question", "It is unclear"]
    assert "Thank you" in await you.presses(asking, "Not my question")
    await sandbox.wait_for(lambda: labels(_again(sandbox, answer.id)) == ["Related", "Why?"])
    async with factline.store.reading() as connection:
        (row,) = (await connection.execute(select(feedback))).all()
    assert (row.verdict, row.reason) == ("down", "not_my_question")


AMBIGUOUS = "QDLP " * 100
"""Longer than what is read: what it seems to ask is offered, never answered."""


async def test_did_you_mean_is_answered_in_its_place(sandbox: Sandbox, factline: app.Factline, you: Person) -> None:
    card = await you.gets(AMBIGUOUS)
    shown = labels(card)
    assert shown[-1] == "None of these"
    assert 2 <= len(shown) <= 4
    other = keys(card)[1]["callback_data"]
    await you.presses(card, shown[0])
    await sandbox.wait_for(lambda: "👍" in labels(_again(sandbox, card.id)))
    assert "Source:" in (_again(sandbox, card.id).text or "")
    assert "noted already" in await you.sends(card, other)
    async with factline.store.reading() as connection:
        given = (await connection.execute(select(receipts.c.fact_id))).scalars().all()
    assert len(given) == 1


async def test_a_follow_up_leans_on_what_was_chosen(sandbox: Sandbox, you: Person) -> None:
    card = await you.gets("What's the deal with the western provinces?")
    assert labels(card)[-1] == "None of these"
    await you.presses(card, labels(card)[1])
    await sandbox.wait_for(lambda: "👍" in labels(_again(sandbox, card.id)))
    assert "$7 billion" in await you.asks("And when?")


async def test_none_of_these_is_logged(sandbox: Sandbox, factline: app.Factline, you: Person) -> None:
    card = await you.gets(AMBIGUOUS)
    await you.presses(card, "None of these")
    await sandbox.wait_for(lambda: "will be looked at" in (_again(sandbox, card.id).text or ""))
    async with factline.store.reading() as connection:
        (row,) = (await connection.execute(select(feedback))).all()
    assert (row.verdict, row.question) == ("none_of_these", normalise(AMBIGUOUS))


async def test_a_topic_can_be_opened_again_and_again(sandbox: Sandbox, you: Person) -> None:
    topics = await you.gets("/topics")
    for _ in range(2):
        before = max(m.id for m in sandbox.messages(YOU))
        await you.presses(topics, "QDLP")
        shown = await sandbox.wait_for_reply(YOU, after=before)
        assert "$730 million" in (shown.text or "")


async def test_forged_data_does_nothing(sandbox: Sandbox, you: Person) -> None:
    answer = await you.gets("How many QDLP pilots?")
    for data in ("up", "x" * 64, "A" * 16, "'; DROP TABLE buttons; --", "💥"):
        assert "not known any more" in await you.sends(answer, data)
    assert len(sandbox.replies(YOU, after=answer.id)) == 0


async def test_buttons_work_after_a_restart(
    sandbox: Sandbox, settings_of: Callable[..., Settings], knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "load_knowledge", lambda _settings: knowledge)
    you = Person(sandbox)
    async with app.started(settings_of(), web=False):
        answer = await you.gets("How many QDLP pilots?")
    async with app.started(settings_of(), web=False):
        assert await you.presses(answer, "👍") == "Thank you!"
        assert "Cross-Border Channels" in await you.asks("/source", reply_to=answer.id)
        assert "how many qdlp pilots" in await you.asks("/why", reply_to=answer.id)


async def test_a_follow_up_leans_on_what_was_asked_before_a_restart_and_on_nothing_after_forget(
    sandbox: Sandbox, settings_of: Callable[..., Settings], knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "load_knowledge", lambda _settings: knowledge)
    you = Person(sandbox)
    async with app.started(settings_of(), web=False):
        await you.gets("How many QDLP pilots?")
    async with app.started(settings_of(), web=False):
        assert "$730 million" in await you.asks("and the quota?")
        await you.asks("/forget")
        assert "$730 million" not in await you.asks("and when did that start?")


def _again(sandbox: Sandbox, message_id: int) -> Message:
    """The message as it stands now."""
    return next(m for m in sandbox.messages(YOU) if m.id == message_id)
