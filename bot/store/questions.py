"""What was asked and how it went: normalised text only, for 30 days at most."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, distinct, func, insert, select, update

from bot.store.tables import chats, feedback, questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


KEEP = timedelta(days=30)
_INSERT: Final = insert(questions)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is kept."""

    asked_at: datetime
    user_id: int | None
    chat_id: int | None
    source: str
    text: str
    outcome: str
    language: str
    grade: str | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that found nothing, however often it was asked."""

    text: str
    language: str
    times: int
    last_asked_at: datetime


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts without anything personal."""

    outcomes: dict[str, int]
    languages: dict[str, int]
    sources: dict[str, int]
    verdicts: dict[str, int]
    people: int
    chats: dict[str, int]


async def note(connection: AsyncConnection, asked: Sequence[Asked]) -> None:
    """Keep questions, many at a time."""
    if asked:
        names = [field.name for field in fields(Asked)]  # by hand: `asdict` copies every text
        await connection.execute(_INSERT, [{name: getattr(item, name) for name in names} for item in asked])


async def unanswered(connection: AsyncConnection, limit: int = 20, offset: int = 0) -> list[Unanswered]:
    """List what found nothing and was not dealt with yet, the most frequent first."""
    times, last = func.count().label("times"), func.max(questions.c.asked_at).label("last")
    found = await connection.execute(
        select(questions.c.text, func.min(questions.c.language).label("language"), times, last)
        .where(questions.c.outcome.in_(("none", "suggest")), questions.c.done_at.is_(None))
        .group_by(questions.c.text)
        .order_by(times.desc(), last.desc(), questions.c.text)
        .limit(limit)
        .offset(offset)
    )
    return [Unanswered(row.text, row.language, row.times, row.last) for row in found]


async def mark_done(connection: AsyncConnection, text: str, now: datetime) -> int:
    """Take a question off the list, until it is asked again; returns how often it had been asked."""
    done = await connection.execute(
        update(questions).where(questions.c.text == text, questions.c.done_at.is_(None)).values(done_at=now)
    )
    return done.rowcount


async def statistics(connection: AsyncConnection, since: datetime) -> Statistics:
    """Count what was asked since a time, and the chats that are there now."""
    recent = questions.c.asked_at >= since

    async def counts(column: str) -> dict[str, int]:
        kind = questions.c[column]
        found = await connection.execute(select(kind, func.count()).where(recent).group_by(kind).order_by(kind))
        return {row[0]: row[1] for row in found}

    verdicts = await connection.execute(
        select(feedback.c.verdict, func.count()).where(feedback.c.given_at >= since).group_by(feedback.c.verdict)
    )
    active = await connection.execute(select(chats.c.kind, func.count()).where(chats.c.active).group_by(chats.c.kind))
    return Statistics(
        outcomes=await counts("outcome"),
        languages=await counts("language"),
        sources=await counts("source"),
        verdicts={row[0]: row[1] for row in verdicts},
        people=await connection.scalar(select(func.count(distinct(questions.c.user_id))).where(recent)) or 0,
        chats={row[0]: row[1] for row in active},
    )


async def trim(connection: AsyncConnection, now: datetime) -> int:
    """Delete questions, and the verdicts on answers, that are older than may be kept."""
    old = await connection.execute(delete(questions).where(questions.c.asked_at < now - KEEP))
    verdicts = await connection.execute(delete(feedback).where(feedback.c.given_at < now - KEEP))
    return old.rowcount + verdicts.rowcount
