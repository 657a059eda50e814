"""Buttons, conversations, chats, questions, opinions and /forget, on both databases."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.store import audit, buttons, chats, conversations, erasure, feedback, inbox, questions, upkeep
from bot.store.buttons import Button, Draft, Keyboard, Refusal
from bot.store.chats import Chosen, Seen
from bot.store.conversations import Answered, Place
from bot.store.feedback import Verdict
from bot.store.inbox import Arrival
from bot.store.journal import Journal
from bot.store.questions import Asked, Unanswered
from bot.store.store import Store
from bot.store.tables import metadata, outbox, subscriptions
from tests.bot.store.looking import chosen, recall

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANN, BOB, GROUP, SUPERGROUP = 11, 22, -333, -1001234567890


def asked(text: str = "how many qdlp pilots", outcome: str = "none", **more: Any) -> Asked:
    basis: dict[str, Any] = {"asked_at": NOW, "user_id": ANN, "chat_id": ANN, "source": "private", "language": "en"}
    return Asked(text=text, outcome=outcome, **(basis | more))


async def press(store: Store, button: str, user: int = ANN, chat: int = GROUP, now: datetime = NOW) -> Button | Refusal:
    async with store.writing() as connection:
        return await buttons.press(connection, button, user, chat, now)


async def show(store: Store, *drafts: Draft, owner: int | None = None, chat: int | None = GROUP) -> Sequence[str]:
    keyboard = Keyboard(drafts, NOW, owner, chat)
    async with store.writing() as connection:
        await buttons.keep(connection, [keyboard])
    return [keyboard.data(index) for index in range(len(drafts))]


async def test_a_button_acts_once_and_only_for_whom_it_was_meant(store: Store) -> None:
    mine, anyones = await show(store, Draft("why", {"fact": "qdlp-pilots"}), Draft("like", anyone=True), owner=ANN)
    assert len(mine) == 17
    assert await press(store, mine, user=BOB) is Refusal.FOREIGN
    assert await press(store, mine, chat=SUPERGROUP) is Refusal.FOREIGN
    assert await press(store, mine) == Button("why", {"fact": "qdlp-pilots"})
    assert await press(store, mine) is Refusal.ACTED
    assert await press(store, anyones, user=BOB, now=NOW + buttons.LIFETIME) is Refusal.EXPIRED
    assert await press(store, anyones, user=BOB) == Button("like", {})


@pytest.mark.parametrize(
    "data", ["forged", "", "A" * 16, "A" * 17, "A" * 16 + "0", "'; DROP TABLE keyboards; --", "💥"]
)
async def test_what_a_client_makes_up_is_unknown(store: Store, data: str) -> None:
    await show(store, Draft("why"))
    assert await press(store, data) is Refusal.UNKNOWN


@pytest.mark.parametrize("number", ["2", "99", "-1", "", "x", "00000"])
async def test_a_button_that_the_keyboard_has_not_is_unknown(store: Store, number: str) -> None:
    first, _second = await show(store, Draft("why"), Draft("more"))
    assert await press(store, first[:16] + number) is Refusal.UNKNOWN


async def test_one_of_a_group_uses_up_the_group_and_nothing_else(store: Store) -> None:
    up, down, more, lone = await show(
        store, Draft("up", group="verdict"), Draft("down", group="verdict"), Draft("more", repeatable=True), Draft("x")
    )
    assert isinstance(await press(store, more), Button)
    assert isinstance(await press(store, more), Button)
    assert isinstance(await press(store, up), Button)
    assert await press(store, down) is Refusal.ACTED
    assert isinstance(await press(store, lone), Button)
    (other,) = await show(store, Draft("up", group="verdict"))
    assert isinstance(await press(store, other), Button), "a group is one of its own keyboard"


async def test_the_next_try_of_the_update_that_used_a_button_up_goes_on(store: Store) -> None:
    up, down = await show(store, Draft("up", group="verdict"), Draft("down", group="verdict"))

    async def tried(button: str, update: int) -> Button | Refusal:
        return await store.write(lambda connection: buttons.press(connection, button, ANN, GROUP, NOW, update))

    assert await tried(up, 1) == Button("up", {})
    assert await tried(up, 1) == Button("up", {}), "broken off by a kill, it comes again"
    assert await tried(up, 2) is Refusal.ACTED, "a double tap is another update"
    assert await tried(down, 3) is Refusal.ACTED
    assert await tried(up, 1) == Button("up", {}), "what came in between changes nothing"


async def test_many_presses_at_once_act_once(store: Store) -> None:
    ids = await show(store, *(Draft("send", group="send") for _ in range(3)))
    results = await asyncio.gather(*(press(store, ids[number % 3], user=number) for number in range(30)))
    assert sum(isinstance(result, Button) for result in results) == 1
    assert results.count(Refusal.ACTED) == 29


async def test_follow_ups_are_kept_apart_and_end(store: Store) -> None:
    place = Place(GROUP, ANN, 7)
    async with store.writing() as connection:
        for question, fact in ((1, "a"), (3, "b")):
            answered = Answered(GROUP, question, question + 1, ANN, "en", 7, context={"facts": [fact]})
            await conversations.note_answer(connection, answered, NOW)
        assert await recall(connection, place, NOW) == {"facts": ["b"]}
        for other in (Place(GROUP, BOB, 7), Place(GROUP, ANN), Place(ANN, ANN, 7)):
            assert await recall(connection, other, NOW) is None
        assert await recall(connection, place, NOW + conversations.FOLLOW_UP) is None


async def test_an_edited_question_finds_its_answer(store: Store) -> None:
    first = Answered(GROUP, 100, 101, ANN, "en", explanation={"read": ["pilots"]})
    second = Answered(GROUP, 102, 103, ANN, "zh-Hans")
    async with store.writing() as connection:
        await conversations.note_answer(connection, first, NOW)
        await conversations.note_answer(connection, second, NOW + timedelta(seconds=1))
        await conversations.note_receipts(connection, first, ["qdlp-pilots", "qdlp-pilots", "quota"], "v1", NOW)
        await conversations.note_receipts(connection, first, ["quota"], "v1", NOW)
        assert await conversations.answer_to(connection, GROUP, 100) == first
        assert await conversations.answer_to(connection, ANN, 100) is None
        assert await conversations.answer_at(connection, GROUP, 103) == second
        assert await conversations.last_answer(connection, Place(GROUP, ANN)) == second
        assert await conversations.last_answer(connection, Place(GROUP, BOB)) is None


async def test_a_group_moves_with_everything(store: Store) -> None:
    async with store.writing() as connection:
        await chats.see(connection, [Seen(GROUP, "group", NOW, "Team")])
        await chats.choose_chat_language(connection, GROUP, "zh-Hans")
        assert await chats.introduce(connection, GROUP, NOW)
        assert not await chats.introduce(connection, GROUP, NOW)
        await connection.execute(insert(subscriptions).values(chat_id=GROUP, created_at=NOW, changed_at=NOW))
        for number, state in enumerate(("pending", "sent")):
            await connection.execute(
                insert(outbox).values(
                    dedupe_key=str(number),
                    kind="announce",
                    chat_id=GROUP,
                    method="sendMessage",
                    state=state,
                    due_at=NOW,
                    created_at=NOW,
                )
            )
        await chats.see(connection, [Seen(SUPERGROUP, "supergroup", NOW, "Team")])
        for _ in range(2):
            await chats.migrate(connection, GROUP, SUPERGROUP, NOW)
        old, new = await chats.find(connection, GROUP), await chats.find(connection, SUPERGROUP)
        assert old is not None
        assert (old.active, old.reason, old.migrated_to) == (False, "migrated", SUPERGROUP)
        assert new is not None
        assert (new.active, new.language, new.kind) == (True, "zh-Hans", "supergroup")
        assert (await connection.scalars(select(subscriptions.c.chat_id))).all() == [SUPERGROUP]
        moved = await connection.scalars(select(outbox.c.chat_id).order_by(outbox.c.id))
        assert moved.all() == [SUPERGROUP, GROUP]


async def test_a_chat_that_closed_comes_back_when_it_is_seen(store: Store) -> None:
    async with store.writing() as connection:
        await chats.see(connection, [Seen(ANN, "private", NOW, "Ann" * 100)])
        await chats.close(connection, ANN, "blocked", NOW)
        closed = await chats.find(connection, ANN)
        assert closed is not None
        assert (closed.active, closed.reason, len(closed.title)) == (False, "blocked", chats.TITLE_LENGTH)
        await chats.see(connection, [Seen(ANN, "private", NOW)])
        again = await chats.find(connection, ANN)
        assert again is not None
        assert (again.active, again.reason) == (True, None)


async def test_languages_and_blocks(store: Store) -> None:
    async with store.writing() as connection:
        assert await chosen(connection, GROUP, ANN) == Chosen()
        await chats.choose_language(connection, ANN, "zh-Hant", NOW)
        assert not await chats.choose_chat_language(connection, GROUP, "en")
        assert await chosen(connection, GROUP, ANN) == Chosen("zh-Hant")
        await chats.block(connection, ANN, NOW)
        await chats.see(connection, [Seen(GROUP, "group", NOW)])
        assert await chats.choose_chat_language(connection, GROUP, "en")
        assert await chosen(connection, GROUP, ANN) == Chosen("zh-Hant", "en", blocked=True)
        assert await chosen(connection, ANN, BOB) == Chosen()
        await erasure.forget(connection, ANN)
        assert await chosen(connection, GROUP, ANN) == Chosen(None, "en", blocked=True)


async def test_many_are_looked_up_at_once_and_not_mistaken_for_each_other(store: Store) -> None:
    places = [Place(chat, person, thread) for chat in (GROUP, SUPERGROUP) for person in (ANN, BOB) for thread in (0, 7)]
    async with store.writing() as connection:
        for number, place in enumerate(places[:5]):
            answered = Answered(place.chat_id, number, number, place.user_id, "en", place.thread_id, context=number)
            await conversations.note_answer(connection, answered, NOW)
        await chats.choose_language(connection, BOB, "en", NOW)
        await chats.see(connection, [Seen(GROUP, "group", NOW), Seen(SUPERGROUP, "supergroup", NOW)])
        await chats.choose_chat_language(connection, SUPERGROUP, "zh-Hans")
        found = await conversations.recall(connection, [(place, NOW) for place in places])
        assert found == {(place, NOW): number for number, place in enumerate(places[:5])}
        pairs = [(place.chat_id, place.user_id) for place in places]
        assert await chats.chosen(connection, pairs) == {
            (GROUP, ANN): Chosen(),
            (GROUP, BOB): Chosen("en"),
            (SUPERGROUP, ANN): Chosen(None, "zh-Hans"),
            (SUPERGROUP, BOB): Chosen("en", "zh-Hans"),
        }


async def test_unanswered_questions_are_grouped_until_they_are_dealt_with(store: Store) -> None:
    later = NOW + timedelta(minutes=1)
    async with store.writing() as connection:
        rows = [asked("b"), asked("a"), asked("a", asked_at=later, user_id=BOB), asked("c", "answer", facts=("f",))]
        await questions.note(connection, rows)
        assert await questions.unanswered(connection) == [
            Unanswered("a", "en", 2, later),
            Unanswered("b", "en", 1, NOW),
        ]
        assert await questions.mark_done(connection, "a", later) == 2
        assert [found.text for found in await questions.unanswered(connection)] == ["b"]
        await questions.note(connection, [asked("a")])
        assert {found.text: found.times for found in await questions.unanswered(connection)} == {"a": 1, "b": 1}
        counted = await questions.statistics(connection, NOW)
        assert counted.outcomes == {"none": 4, "answer": 1}
        assert (counted.languages, counted.sources, counted.people) == ({"en": 5}, {"private": 5}, 2)


async def test_an_opinion_can_be_changed_and_explained(store: Store) -> None:
    async with store.writing() as connection:
        await feedback.give(connection, Verdict(ANN, GROUP, 5, "up"), NOW)
        assert not await feedback.explain(connection, ANN, GROUP, 5, "wrong")
        await feedback.give(connection, Verdict(ANN, GROUP, 5, "down", "how many", ("f",)), NOW)
        assert await feedback.explain(connection, ANN, GROUP, 5, "wrong")
        assert await feedback.disliked(connection) == [("how many", "wrong", ("f",))]
        assert (await questions.statistics(connection, NOW)).verdicts == {"down": 1}


async def fill(store: Store, user: int) -> None:
    answered = Answered(user, 1, 2, user, "en")
    async with store.writing() as connection:
        await questions.note(connection, [asked(user_id=user, chat_id=user)])
        await feedback.give(connection, Verdict(user, GROUP, user, "up"), NOW)
        await conversations.note_answer(connection, answered, NOW)
        await conversations.note_receipts(connection, answered, ["f"], "v", NOW)
        await buttons.keep(connection, [Keyboard([Draft("why")], NOW, owner_id=user)])
        await chats.see(connection, [Seen(user, "private", NOW, "name")])
        await chats.choose_language(connection, user, "en", NOW)
        await audit.note(connection, NOW, action="announce", user_id=user, allowed=False)
        await inbox.put(connection, [Arrival(user, user, user, "{}")], NOW)
        (row,) = await inbox.claim(connection, inbox.Worker("a", timedelta(1), alone=True), NOW, 1)
        await inbox.finish(connection, [row.id], NOW)
        await connection.execute(insert(subscriptions).values(chat_id=user, created_at=NOW, changed_at=NOW))
        await connection.execute(
            insert(outbox).values(
                dedupe_key=f"announce:1:{user}",
                kind="announce",
                chat_id=user,
                method="sendMessage",
                due_at=NOW,
                created_at=NOW,
            )
        )


async def mentions(store: Store, user: int) -> list[str]:
    found: list[str] = []
    async with store.reading() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if column.name in {"user_id", "chat_id", "owner_id"}]
            columns += [table.c.id] if table.name in {"chats", "users"} else []
            for column in columns:
                rows = await connection.execute(select(column).where(column == user).limit(1))
                found += [f"{table.name}.{column.name}" for _ in rows]
    return found


async def test_forgetting_leaves_nothing_of_a_person_and_everything_of_others(store: Store) -> None:
    await fill(store, ANN)
    await fill(store, BOB)
    before = await mentions(store, BOB)
    assert len(before) > 11
    async with store.writing() as connection:
        assert await erasure.forget(connection, ANN) >= 11
    assert await mentions(store, ANN) == []
    assert await mentions(store, BOB) == before
    async with store.writing() as connection:
        assert await erasure.forget(connection, ANN) == 0
        kept = await connection.execute(select(outbox.c.state, outbox.c.dedupe_key).order_by(outbox.c.id))
        assert [tuple(row) for row in kept] == [("cancelled", "forgotten:1"), ("pending", f"announce:1:{BOB}")]


@pytest.mark.parametrize(("days", "left"), [(29, True), (31, False)])
async def test_nothing_is_kept_longer_than_it_may_be(store: Store, days: int, left: bool) -> None:
    await fill(store, ANN)
    await upkeep.trim(store, NOW + timedelta(days=days))
    async with store.reading() as connection:
        assert bool((await questions.statistics(connection, NOW)).outcomes) is left
        assert bool(await conversations.answer_to(connection, ANN, 1)) is left


async def test_the_journal_writes_in_batches_and_at_the_end(store: Store) -> None:
    journal = Journal(store)
    task = asyncio.create_task(journal.run())
    for number in range(450):
        journal.note(asked(f"question {number}"))
    await asyncio.sleep(0.3)
    journal.note(asked("the last one"))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with store.reading() as connection:
        assert (await questions.statistics(connection, NOW)).outcomes == {"none": 451}


async def test_the_audit_keeps_attempts(store: Store) -> None:
    async with store.writing() as connection:
        await audit.note(connection, NOW, action="announce", user_id=BOB, allowed=False, detail={"why": "no admin"})
        (entry,) = await audit.newest(connection)
    assert (entry["user_id"], entry["allowed"], entry["detail"]) == (BOB, False, {"why": "no admin"})
