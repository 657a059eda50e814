"""Shared transactions: what fails takes nothing else down, and what nobody waits for is still written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.store import chats
from bot.store.transactions import Transactions
from tests.bot.store import looking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.store import Store


def block(user: int) -> Callable[[AsyncConnection], Awaitable[None]]:
    return lambda connection: chats.block(connection, user, datetime.now(UTC))


async def block_all(connection: AsyncConnection, people: Sequence[int]) -> None:
    for user in people:
        await block(user)(connection)


async def is_blocked(store: Store, user: int) -> bool:
    async with store.reading() as connection:
        return await looking.is_blocked(connection, user)


async def test_one_that_fails_fails_alone(store: Store) -> None:
    async def broken(connection: AsyncConnection) -> None:
        await chats.block(connection, 9, datetime.now(UTC))
        raise ZeroDivisionError

    commits = store.commits
    given = await asyncio.gather(
        commits.run(block(1)), commits.run(broken), commits.run(block(2)), return_exceptions=True
    )
    assert [type(each) for each in given] == [type(None), ZeroDivisionError, type(None)]
    assert [await is_blocked(store, user) for user in (1, 2, 9)] == [True, True, False]


async def test_those_that_come_together_share_a_transaction(store: Store) -> None:
    begun = 0
    write = store.write

    async def counted(verb: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        nonlocal begun
        begun += 1
        return await write(verb)

    commits = Transactions(counted, store.url)
    await asyncio.gather(*(commits.run(block(user)) for user in range(1, 21)))
    assert begun == 1
    assert all([await is_blocked(store, user) for user in range(1, 21)])


async def test_close_waits_for_what_nobody_waits_for(store: Store) -> None:
    commits = store.commits
    commits.later(block(3))
    commits.leave(block_all, 4)
    await commits.close()
    assert await is_blocked(store, 3)
    assert await is_blocked(store, 4)


async def test_a_write_that_is_left_comes_before_the_next_and_its_failure_harms_none(store: Store) -> None:
    async def broken(_connection: AsyncConnection, _people: Sequence[int]) -> None:
        raise ZeroDivisionError

    commits = store.commits
    commits.leave(broken, 5)
    commits.leave(block_all, 6)
    assert await commits.run(lambda connection: looking.is_blocked(connection, 6))


async def test_a_verb_for_many_gets_all_that_came_together(store: Store) -> None:
    given: list[list[int]] = []

    async def block_each(connection: AsyncConnection, people: Sequence[int]) -> None:
        given.append(list(people))
        await block_all(connection, people)
        assert 13 not in people, "unlucky"

    commits = store.commits
    await asyncio.gather(commits.add(block_each, 1), commits.run(block(2)), commits.add(block_each, 3))
    assert given == [[1, 3]]
    assert all([await is_blocked(store, user) for user in (1, 2, 3)])
    failed = await asyncio.gather(*(commits.add(block_each, user) for user in (12, 13, 14)), return_exceptions=True)
    assert [type(each) for each in failed] == [type(None), AssertionError, type(None)]
    assert [await is_blocked(store, user) for user in (12, 13, 14)] == [True, False, True]
