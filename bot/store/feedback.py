"""What people thought of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select, update

from bot.store.statements import upsert
from bot.store.tables import feedback

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


Reason = Literal["wrong", "not_my_question", "unclear"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's opinion of one answer."""

    user_id: int
    chat_id: int
    message_id: int
    verdict: Literal["up", "down", "none_of_these"]
    question: str | None = None
    facts: tuple[str, ...] = ()
    reason: Reason | None = None


async def give(connection: AsyncConnection, opinion: Verdict, now: datetime) -> None:
    """Keep an opinion; a second one of the same person on the same answer replaces the first."""
    await upsert(
        connection,
        feedback,
        {"user_id": opinion.user_id, "chat_id": opinion.chat_id, "message_id": opinion.message_id},
        {
            "verdict": opinion.verdict,
            "reason": opinion.reason,
            "question": opinion.question,
            "facts": opinion.facts,
            "given_at": now,
        },
    )


async def explain(connection: AsyncConnection, user_id: int, chat_id: int, message_id: int, reason: Reason) -> bool:
    """Add why an answer was not liked; tells whether there was such an opinion."""
    changed = await connection.execute(
        update(feedback)
        .where(
            feedback.c.user_id == user_id,
            feedback.c.chat_id == chat_id,
            feedback.c.message_id == message_id,
            feedback.c.verdict == "down",
        )
        .values(reason=reason)
    )
    return changed.rowcount > 0


async def disliked(
    connection: AsyncConnection, limit: int = 20
) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    """List the newest answers that were not liked: question, reason, facts."""
    found = await connection.execute(
        select(feedback.c.question, feedback.c.reason, feedback.c.facts)
        .where(feedback.c.verdict != "up")
        .order_by(feedback.c.given_at.desc(), feedback.c.id.desc())
        .limit(limit)
    )
    return [(row.question, row.reason, tuple(row.facts)) for row in found]
