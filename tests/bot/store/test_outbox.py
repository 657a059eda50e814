"""Messages are accepted once, claimed by one, settled by whoever holds them, and recovered by their policy."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store import chats, claiming, outbox
from bot.store.chats import Seen
from bot.store.outbox import ANNOUNCED, ANSWER, Claimer, Item, Message, Settlement, State
from bot.store.store import Store
from bot.store.tables import outbox as table

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE = timedelta(seconds=10)
A, B, ALONE = Claimer("a", LEASE), Claimer("b", LEASE), Claimer("c", LEASE, alone=True)


def message(key: str, chat: int = 1, kind: str = "digest", due: datetime = NOW, priority: int = ANNOUNCED) -> Message:
    return Message(key, kind, chat, {"text": key}, due, priority=priority)


async def put(store: Store, *messages: Message) -> int:
    async with store.writing() as connection:
        return await outbox.put(connection, messages, NOW)


async def claim(store: Store, claimer: Claimer = A, now: datetime = NOW, limit: int = 10) -> list[Item]:
    async with store.writing() as connection:
        return await claiming.claim(connection, claimer, now, limit)


async def settle(store: Store, claimer: Claimer, *settlements: Settlement) -> None:
    async with store.writing() as connection:
        await outbox.settle(connection, claimer, settlements, NOW)


async def states(store: Store) -> dict[str, str]:
    async with store.reading() as connection:
        rows = await connection.execute(select(table.c.dedupe_key, table.c.state))
        return {row.dedupe_key: row.state for row in rows}


async def test_a_key_is_accepted_once(store: Store) -> None:
    assert await put(store, message("x"), message("y", 2)) == 2
    assert await put(store, message("x"), message("z", 3)) == 1


async def test_the_urgent_come_first_and_the_early_wait(store: Store) -> None:
    soon = NOW + timedelta(seconds=5)
    await put(store, message("slow", 1), message("late", 2, due=soon), message("quick", 3, priority=ANSWER))
    assert [item.chat_id for item in await claim(store)] == [3, 1]
    async with store.reading() as connection:
        assert await outbox.next_due(connection) == soon


async def test_a_chat_is_sent_to_by_one_at_a_time(store: Store) -> None:
    await put(store, message("first"), message("second"))
    (first,) = await claim(store, A, limit=1)
    assert await claim(store, B) == []
    await settle(store, A, Settlement(first, State.SENT, 7))
    later = NOW + timedelta(seconds=1)
    assert [item.payload for item in await claim(store, B, later)] == [{"text": "second"}]


async def test_one_claim_takes_one_message_of_a_chat(store: Store) -> None:
    await put(store, message("first"), message("second"), message("urgent", priority=ANSWER), message("other", 2))
    assert [item.payload["text"] for item in await claim(store)] == ["urgent", "other"]


@pytest.mark.postgresql
async def test_processes_never_claim_two_messages_of_a_chat_at_once(postgresql_url: str) -> None:
    claimers = [Claimer(name, LEASE) for name in "abcd"]
    async with contextlib.AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(await Store.open(postgresql_url)) for _ in claimers]
        await put(stores[0], *(message(f"{chat}:{n}", chat) for chat in range(1, 31) for n in range(4)))
        for _ in range(3):
            taken = await asyncio.gather(*(claim(s, c, limit=10) for s, c in zip(stores, claimers, strict=True)))
            chats_taken = [item.chat_id for items in taken for item in items]
            assert sorted(chats_taken) == list(range(1, 31))
            for s, c, items in zip(stores, claimers, taken, strict=True):
                await settle(s, c, *(Settlement(item, State.FAILED, error="no matter") for item in items))


@pytest.mark.postgresql
async def test_a_chat_rests_a_second_whichever_process_sent(postgresql_url: str) -> None:
    async with await Store.open(postgresql_url) as store:
        await put(store, message("first"), message("second"))
        (first,) = await claim(store, A)
        await settle(store, A, Settlement(first, State.SENT, 7))
        assert await claim(store, B, NOW + timedelta(seconds=0.9)) == []
        assert len(await claim(store, B, NOW + timedelta(seconds=1))) == 1


@pytest.mark.postgresql
async def test_a_group_gets_twenty_a_minute_from_all_processes_together(postgresql_url: str) -> None:
    async with await Store.open(postgresql_url) as store:
        await put(store, *(message(str(n), chat) for chat in (-1, 1) for n in range(chat * 100, chat * 100 + 22)))
        got = {-1: 0, 1: 0}
        for second in range(25):
            now = NOW + timedelta(seconds=2 * second)
            claimer = (A, B)[second % 2]
            for item in await claim(store, claimer, now):
                got[item.chat_id] += 1
                async with store.writing() as connection:
                    await outbox.settle(connection, claimer, [Settlement(item, State.SENT, second)], now)
        assert got == {-1: 20, 1: 22}
        assert len(await claim(store, A, NOW + timedelta(seconds=60))) == 1


async def test_a_pause_stops_what_it_names(store: Store) -> None:
    await put(store, message("x", 1), message("y", 2))
    async with store.writing() as connection:
        await outbox.pause(connection, 1, NOW + LEASE, 10.0)
    assert [item.chat_id for item in await claim(store)] == [2]
    async with store.writing() as connection:
        await outbox.pause(connection, None, NOW + LEASE, 10.0)
    await put(store, message("z", 3))
    assert await claim(store) == []
    assert len(await claim(store, now=NOW + LEASE)) == 2


async def test_what_was_taken_over_is_left_to_the_other(store: Store) -> None:
    await put(store, message("x", kind="status"))
    (mine,) = await claim(store)
    late = NOW + LEASE + timedelta(seconds=1)
    async with store.writing() as connection:
        assert await claiming.recover(connection, B, late) == 1
    (theirs,) = await claim(store, B, late)
    await settle(store, A, Settlement(mine, State.FAILED, error="late"))
    assert (await states(store))["x"] == "sending"
    await settle(store, B, Settlement(theirs, State.SENT, 9))
    assert (await states(store))["x"] == "sent"


async def test_who_was_only_slow_knows_better_than_uncertain(store: Store) -> None:
    await put(store, message("x"))
    (mine,) = await claim(store)
    async with store.writing() as connection:
        await claiming.recover(connection, B, NOW + LEASE + timedelta(seconds=1))
    assert await states(store) == {"x": "uncertain"}
    await settle(store, A, Settlement(mine, State.SENT, 9))
    assert await states(store) == {"x": "sent"}


@pytest.mark.parametrize(("kind", "state"), [("digest", "uncertain"), ("status", "pending"), ("answer", "pending")])
async def test_a_dead_sender_leaves_what_its_policy_says(store: Store, kind: str, state: str) -> None:
    await put(store, message("x", kind=kind))
    await claim(store)
    async with store.writing() as connection:
        assert await claiming.recover(connection, B, NOW) == 0, "the lease has not run out"
        assert await claiming.recover(connection, ALONE, NOW, starting=True) == 1, "there is nobody else"
    assert await states(store) == {"x": state}


async def test_a_closed_chat_gets_nothing_any_more(store: Store) -> None:
    async with store.writing() as connection:
        await chats.see(connection, [Seen(1, "private", NOW)])
    await put(store, message("x"), message("y"), message("z", 2))
    items = {item.payload["text"]: item for item in await claim(store, limit=1)}
    await settle(store, A, Settlement(items["x"], State.BLOCKED, error="blocked", closed="blocked"))
    assert await states(store) == {"x": "blocked", "y": "blocked", "z": "pending"}
    async with store.reading() as connection:
        found = await chats.find(connection, 1)
    assert found is not None
    assert (found.active, found.reason) == (False, "blocked")


async def test_a_migrated_chat_gets_it_at_its_new_place(store: Store) -> None:
    await put(store, message("x", -5))
    (item,) = await claim(store)
    await settle(store, A, Settlement(item, State.PENDING, due_at=NOW, moved_to=-1005))
    assert [found.chat_id for found in await claim(store)] == [-1005]


async def test_many_claimers_share_and_none_takes_twice(store: Store) -> None:
    await put(store, *(message(str(number), number) for number in range(60)))

    async def work(name: str) -> list[int]:
        taken: list[int] = []
        while items := await claim(store, Claimer(name, LEASE), limit=3):
            taken += [item.id for item in items]
            await settle(store, Claimer(name, LEASE), *(Settlement(item, State.SENT, 1) for item in items))
        return taken

    shares = await asyncio.gather(*(work(name) for name in "abcd"))
    everything = [number for share in shares for number in share]
    assert len(everything) == len(set(everything)) == 60
