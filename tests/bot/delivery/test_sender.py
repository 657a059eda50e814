"""The sender over real HTTP: each refusal, fault and limit of the sandbox ends as the table of outcomes says."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.delivery.calls import connected
from bot.delivery.pacer import Pacer
from bot.delivery.running import limits_for
from bot.delivery.sender import Limits, Sender
from bot.metrics import Metrics
from bot.sandbox.faults import Fault
from bot.sandbox.testing import Sandbox
from bot.sandbox.world import CHANNEL, FORUM, GROUP, YOU
from bot.store import outbox
from bot.store.outbox import ANNOUNCED, Message
from bot.store.store import Store
from bot.store.tables import chats
from bot.store.tables import outbox as rows

SLOW = Limits(seconds=3.0, lease=timedelta(seconds=8), poll=0.1)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.say(YOU, "/start")
        yield running


@asynccontextmanager
async def sending(sandbox: Sandbox, store: Store, rate: float = 500.0, limits: Limits = SLOW) -> AsyncIterator[Sender]:
    async with connected(sandbox.token, sandbox.url, seconds=limits.seconds) as bot:
        pacer = Pacer(rate, overall=rate * 2)
        sender = Sender(store, bot, pacer, metrics=Metrics(), alone=store.is_sqlite, limits=limits)
        task = asyncio.create_task(sender.run())
        try:
            yield sender
        finally:
            await sender.stop()
            await task


def message(chat: int, words: str = "Four", **details: Any) -> Message:
    payload = details.pop("payload", {"text": words})
    basic = Message(f"{chat}:{words}", "digest", chat, payload, datetime.now(UTC), priority=ANNOUNCED)
    return replace(basic, **details)


async def put(store: Store, *messages: Message) -> None:
    now = datetime.now(UTC)
    async with store.writing() as connection:
        await outbox.put(connection, messages, now)


async def fates(store: Store) -> dict[int, tuple[str, str]]:
    async with store.reading() as connection:
        found = await connection.execute(select(rows.c.chat_id, rows.c.state, rows.c.last_error))
        return {row.chat_id: (row.state, (row.last_error or "").lower()) for row in found}


async def settled(
    store: Store, until: Callable[[dict[int, tuple[str, str]]], bool] | None = None
) -> dict[int, tuple[str, str]]:
    deadline = asyncio.get_running_loop().time() + 20
    while True:
        found = await fates(store)
        if until(found) if until else all(state not in {"pending", "sending"} for state, _ in found.values()):
            return found
        assert asyncio.get_running_loop().time() < deadline, found
        await asyncio.sleep(0.05)


async def test_every_refusal_is_settled_with_its_reason_and_the_rest_go_on(store: Store, sandbox: Sandbox) -> None:
    fine, blocked, gone, kicked = *sandbox.bulk_chats(2), 6_999_999_999, sandbox.bulk_chats(1, "group")[0]
    forbidding, channel = sandbox.bulk_chats(1, "supergroup")[0], sandbox.bulk_chats(1, "channel")[0]
    sandbox.block(blocked)
    sandbox.set_bot(kicked, "kicked")
    sandbox.set_bot(channel, "member")
    sandbox.run(lambda: setattr(sandbox.world.chat(forbidding), "permissions", frozenset()))
    ids = (fine, blocked, gone, kicked, forbidding, channel)
    async with store.writing() as connection:
        now = datetime.now(UTC)
        await connection.execute(insert(chats), [{"id": i, "kind": "group", "seen_at": now} for i in ids])
    await put(store, *map(message, ids), message(FORUM, thread_id=999))
    async with sending(sandbox, store):
        found = await settled(store)
    assert found == {
        fine: ("sent", ""),
        blocked: ("blocked", "bot was blocked by the user"),
        gone: ("blocked", "chat not found"),
        kicked: ("blocked", "bot was kicked from the group chat"),
        forbidding: ("failed", "not enough rights to send text messages to the chat"),
        channel: ("failed", "need administrator rights in the channel chat"),
        FORUM: ("failed", "message thread not found"),
    }
    async with store.reading() as connection:
        active = set(await connection.scalars(select(chats.c.id).where(chats.c.active)))
    assert active == {fine, forbidding, channel}


async def test_a_migrated_group_gets_it_once_at_its_new_place(store: Store, sandbox: Sandbox) -> None:
    new = sandbox.migrate(GROUP)
    await put(store, message(GROUP))
    async with sending(sandbox, store):
        found = await settled(store, lambda now: now.get(new, ("",))[0] == "sent")
    assert set(found) == {new}
    assert [entry.text for entry in sandbox.journal.delivered(new)] == ["Four"]


async def test_markup_that_telegram_refuses_goes_out_as_plain_text(store: Store, sandbox: Sandbox) -> None:
    await put(store, message(YOU, payload={"text": "<b>4 &amp; 5</i>", "parse_mode": "HTML"}))
    async with sending(sandbox, store):
        assert await settled(store) == {YOU: ("sent", "")}
    assert [entry.text for entry in sandbox.journal.delivered(YOU)] == ["4 & 5"]


@pytest.mark.parametrize(
    ("fault", "kind", "state", "arrived"),
    [
        (Fault.TOO_MANY, "digest", "sent", 1),
        (Fault.INTERNAL, "digest", "uncertain", 0),
        (Fault.BAD_GATEWAY_AFTER, "digest", "uncertain", 1),
        (Fault.RESET_BEFORE, "digest", "uncertain", 0),
        (Fault.RESET_AFTER, "digest", "uncertain", 1),
        (Fault.RESET_AFTER, "answer", "sent", 2),
        (Fault.INTERNAL, "answer", "sent", 1),
    ],
)
async def test_each_fault_ends_as_its_policy_says(
    sqlite_url: str, sandbox: Sandbox, fault: Fault, kind: str, state: str, arrived: int
) -> None:
    sandbox.faults.next(fault, "sendMessage")
    async with await Store.open(sqlite_url) as store:
        await put(store, message(YOU, kind=kind))
        async with sending(sandbox, store):
            found = await settled(store)
    assert found[YOU][0] == state, found
    assert len(sandbox.journal.delivered(YOU)) == arrived


async def test_nothing_is_lost_while_telegram_is_away(store: Store, sandbox: Sandbox) -> None:
    await put(store, message(YOU))
    port = sandbox.port
    sandbox.stop()
    with Sandbox(sandbox.world, port=port) as back:
        back.stop()
        async with sending(sandbox, store):
            await asyncio.sleep(0.5)
            assert (await fates(store))[YOU][0] in {"pending", "sending"}
            back.start()
            assert (await settled(store))[YOU] == ("sent", "")
        assert len(back.journal.delivered(YOU)) == 1


async def test_what_is_too_late_is_not_sent(store: Store, sandbox: Sandbox) -> None:
    await put(store, message(YOU, expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    async with sending(sandbox, store):
        assert (await settled(store))[YOU][0] == "expired"
    assert sandbox.journal.delivered(YOU) == []


async def test_a_lease_that_is_about_to_end_sends_nothing(store: Store, sandbox: Sandbox) -> None:
    short = replace(SLOW, seconds=3.0, lease=timedelta(seconds=2))
    await put(store, message(YOU))
    async with sending(sandbox, store, limits=short):
        await asyncio.sleep(1)
    assert sandbox.journal.delivered(YOU) == []
    assert (await fates(store))[YOU][0] == "pending"


async def test_the_limits_are_kept_and_nothing_is_refused(store: Store, sandbox: Sandbox) -> None:
    ids = [*sandbox.bulk_chats(60), CHANNEL]
    sandbox.limits.overall = 30
    sandbox.limits.enabled = True
    await put(store, *map(message, ids), *(message(YOU, str(number)) for number in range(3)))
    async with sending(sandbox, store, rate=25.0):
        async with asyncio.timeout(20):  # by row: the three of one chat go out a second apart
            counted = Counter({"pending": 64})
            while counted["pending"] or counted["sending"]:
                await asyncio.sleep(0.1)
                async with store.reading() as connection:
                    counted = Counter(await connection.scalars(select(rows.c.state)))
    assert counted == {"sent": 64}
    assert sandbox.limits.refusals == 0
    times = [entry.clock for entry in sandbox.journal.delivered(YOU)]
    assert all(later - earlier > 0.95 for earlier, later in pairwise(times))


@pytest.mark.parametrize(("rate", "paid"), [(25.0, False), (30.0, False), (31.0, True), (1000.0, True)])
async def test_only_broadcasts_above_the_free_rate_are_paid_for(
    sqlite_url: str, sandbox: Sandbox, rate: float, paid: bool
) -> None:
    kinds = ("announce", "digest", "change", "status", "answer")
    chats_of = dict(zip(kinds, sandbox.bulk_chats(len(kinds)), strict=True))
    async with await Store.open(sqlite_url) as store:
        await put(store, *(message(chat, kind=kind) for kind, chat in chats_of.items()))
        async with sending(sandbox, store, rate=rate, limits=replace(limits_for(rate), poll=0.1)):
            await settled(store)
    marked = {kind: sandbox.journal.delivered(chat)[0].params for kind, chat in chats_of.items()}
    assert {kind for kind, params in marked.items() if "allow_paid_broadcast" in params} == (
        {"announce", "digest", "change"} if paid else set()
    )
