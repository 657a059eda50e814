"""Who did, or tried to do, what only admins may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from bot.store.tables import audit

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


KEEP = timedelta(days=365)


async def note(  # noqa: PLR0913 - one argument per column
    connection: AsyncConnection,
    now: datetime,
    *,
    action: str,
    user_id: int | None,
    chat_id: int | None = None,
    allowed: bool = True,
    detail: Any = None,  # noqa: ANN401 - any JSON
) -> None:
    """Keep an action, or a refused attempt."""
    await connection.execute(
        insert(audit).values(at=now, action=action, user_id=user_id, chat_id=chat_id, allowed=allowed, detail=detail)
    )


async def newest(connection: AsyncConnection, limit: int = 20) -> list[dict[str, Any]]:
    """List the newest entries."""
    found = await connection.execute(select(audit).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit))
    return [dict(row) for row in found.mappings()]


async def trim(connection: AsyncConnection, now: datetime) -> int:
    """Delete entries older than a year."""
    return (await connection.execute(delete(audit).where(audit.c.at < now - KEEP))).rowcount
