"""The value of each fact as the store last saw it, and what differs from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.statements import upsert
from bot.store.tables import fact_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that has a new value."""

    fact: str
    old: dict[str, Any]
    new: dict[str, Any]


async def compare(
    connection: AsyncConnection, values: Mapping[str, dict[str, Any]], version: str, now: datetime
) -> list[Change]:
    """Return the facts whose `value` is another than before, and keep the new ones; a new fact is no change."""
    rows = await connection.execute(select(fact_values.c.fact_id, fact_values.c.value).with_for_update())
    before = {row.fact_id: row.value for row in rows}
    changes = []
    for fact, value in values.items():
        old = before.get(fact)
        if old == value:
            continue
        await upsert(connection, fact_values, {"fact_id": fact}, {"value": value, "knowledge": version, "seen_at": now})
        if old is not None and old["value"] != value["value"]:
            changes.append(Change(fact, old, value))
    return changes
