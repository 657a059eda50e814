"""Shared commits: what fails takes nothing else down, and what nobody waits for is still written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.store import chats
from handlers.commits import Commits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    import pytest
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.store import Store


def block(user: int) -> Callable[[AsyncConnection], Awaitable[None]]:
    return lambda connection: chats.block(connection, user, datetime.now(UTC))


async def is_blocked(store: Store, user: int) -> bool:
    async with store.reading() as connection:
        return await chats.is_blocked(connection, user)


async def test_one_that_fails_fails_alone(store: Store) -> None:
    async def broken(connection: AsyncConnection) -> None:
        await chats.block(connection, 9, datetime.now(UTC))
        raise ZeroDivisionError

    commits = Commits(store)
    given = await asyncio.gather(
        commits.run(block(1)), commits.run(broken), commits.run(block(2)), return_exceptions=True
    )
    assert [type(each) for each in given] == [type(None), ZeroDivisionError, type(None)]
    assert [await is_blocked(store, user) for user in (1, 2, 9)] == [True, True, False]


async def test_those_that_come_together_share_a_transaction(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = 0
    writing = store.writing

    def counted() -> AbstractAsyncContextManager[AsyncConnection]:
        nonlocal begun
        begun += 1
        return writing()

    monkeypatch.setattr(store, "writing", counted)
    commits = Commits(store)
    await asyncio.gather(*(commits.run(block(user)) for user in range(1, 21)))
    assert begun == 1
    assert all([await is_blocked(store, user) for user in range(1, 21)])


async def test_close_waits_for_what_nobody_waits_for(store: Store) -> None:
    commits = Commits(store)
    commits.later(block(3))
    await commits.close()
    assert await is_blocked(store, 3)
