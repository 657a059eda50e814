"""Statements that SQLAlchemy words differently for each database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Insert, Table
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Begin an INSERT that may say what to do on a conflict."""
    return _insert(connection.dialect.name, table)


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 4 MB that SQLite does not need

        return postgresql.insert(table)
    return sqlite.insert(table)


async def upsert(connection: AsyncConnection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert a row, or change the one that has this key."""
    await upsert_all(connection, table, list(key), [{**key, **values}])


async def upsert_all(
    connection: AsyncConnection, table: Table, key: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows that name the same columns, or change those that have their keys, in order."""
    if rows:
        await connection.execute(_upsert(connection.dialect.name, table, tuple(key), tuple(rows[0])), rows)


async def insert_new(
    connection: AsyncConnection, table: Table, key: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows; one whose key is there already is left as it is."""
    if rows:
        await connection.execute(_insert_new(connection.dialect.name, table, tuple(key)), rows)


# SQLAlchemy keeps what a statement compiles to, but has to take the statement apart to find it, which costs as much as
# to build it; of one that is kept itself it knows the key.


@cache
def _upsert(dialect: str, table: Table, key: tuple[str, ...], names: tuple[str, ...]) -> Insert:
    """Build the statement that inserts or changes."""
    statement = _insert(dialect, table)
    changes = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changes)


@cache
def _insert_new(dialect: str, table: Table, key: tuple[str, ...]) -> Insert:
    """Build the statement that inserts what is not there."""
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(key))
