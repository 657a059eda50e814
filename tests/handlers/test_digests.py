"""Digests by the clock, and notices of facts that have a new value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.delivery.ticker import Ticker
from bot.sandbox.world import MEI, YOU
from bot.store.tables import fact_values, outbox, schedules
from handlers import digests
from handlers.announcing_content import fact_reply
from tests.end_to_end.conversation import Person

if TYPE_CHECKING:
    from bot.app import Factline
    from bot.sandbox.testing import Sandbox


async def test_a_digest_comes_once_in_the_chats_language(sandbox: Sandbox, factline: Factline, you: Person) -> None:
    mei = Person(sandbox, MEI)
    await mei.asks("/language zh-hant")
    await mei.asks("/subscribe")
    before = len(sandbox.replies(MEI))
    async with factline.store.writing() as connection:
        now = datetime.now(UTC)
        await connection.execute(update(schedules).values(next_run_at=now - timedelta(seconds=1)))
    await sandbox.wait_for(lambda: len(sandbox.replies(MEI)) > before, timeout=15)
    digest = sandbox.replies(MEI)[-1].text or ""
    assert digest.startswith("文章摘要")
    assert digest.count("來源：") == 3
    async with factline.store.reading() as connection:
        following = await connection.scalar(select(schedules.c.next_run_at))
    assert following is not None
    assert following > now
    ticker = Ticker(
        factline.store, digests.Composer(factline.services), default_language="en", wake=factline.delivery.sender.wake
    )
    assert await ticker.tick() == 0
    assert len(sandbox.replies(MEI)) == before + 1


async def test_digests_go_through_all_facts_before_any_comes_again(factline: Factline, you: Person) -> None:
    await you.asks("/subscribe")
    composer = digests.Composer(factline.services)
    clock = [datetime.now(UTC) + timedelta(days=8)]
    ticker = Ticker(factline.store, composer, default_language="en", wake=lambda: None, clock=lambda: clock[0])
    weeks = -(-len(composer.facts()) // 3)
    await factline.delivery.stop()
    for _ in range(weeks):
        assert await ticker.tick() == 1
        clock[0] += timedelta(days=7)
    async with factline.store.reading() as connection:
        texts = [payload["text"] for payload in await connection.scalars(select(outbox.c.payload))]
    assert len(texts) == weeks
    knowledge = factline.services.knowledge
    for fact in composer.facts():
        sentence = fact_reply(knowledge, fact, "en").html
        assert sum(sentence in text for text in texts) == 1, fact


async def test_a_new_value_is_told_with_the_old_one(sandbox: Sandbox, factline: Factline, you: Person) -> None:
    await you.asks("/subscribe")
    assert await digests.tell_changes(factline.services) == 0
    knowledge = factline.services.knowledge
    fact = knowledge.base.newest().key_facts[0]
    async with factline.store.writing() as connection:
        row = (await connection.execute(select(fact_values).where(fact_values.c.fact_id == fact))).one()
        old = {**row.value, "value": "eq 3 ", "figure": {"en": "three <old>", "zh": "3"}}
        await connection.execute(update(fact_values).where(fact_values.c.fact_id == fact).values(value=old))
    before = len(sandbox.replies(YOU))
    assert await digests.tell_changes(factline.services) == 1
    assert await digests.tell_changes(factline.services) == 0
    await sandbox.wait_for(lambda: len(sandbox.replies(YOU)) > before, timeout=15)
    told = sandbox.replies(YOU)[-1].text or ""
    statement = knowledge.statement(fact, "en")
    assert f"Before: three <old> ({statement.source})" in told
    assert f"Now: {statement.figure} ({statement.source})" in told


async def test_a_quiet_or_late_digest_waits_for_the_morning(factline: Factline, you: Person) -> None:
    await you.asks("/subscribe")
    async with factline.store.writing() as connection:
        due = datetime(2030, 1, 7, 9, tzinfo=UTC)
        await connection.execute(update(schedules).values(next_run_at=due))
    night = due + timedelta(days=2, hours=17)
    composer = digests.Composer(replace(factline.services))
    ticker = Ticker(factline.store, composer, default_language="en", wake=lambda: None, clock=lambda: night)
    assert await ticker.tick() == 1
    async with factline.store.reading() as connection:
        due_at = await connection.scalar(select(outbox.c.due_at))
    assert due_at == datetime(2030, 1, 10, 8, tzinfo=UTC)
