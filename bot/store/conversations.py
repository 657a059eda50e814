"""What a follow-up follows, and which message answers which question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, and_, bindparam, delete, select

from bot.store.statements import insert_new, upsert_all
from bot.store.tables import NO_THREAD, answers, receipts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


FOLLOW_UP = timedelta(minutes=10)
"""So long a question may lean on the one before."""
KEEP_ANSWERS = timedelta(days=30)
ANSWER_KEY = ("chat_id", "question_id")
_LEFT: Final = (
    select(answers.c.chat_id, answers.c.user_id, answers.c.thread_id, answers.c.context, answers.c.answered_at)
    .where(
        answers.c.user_id.in_(bindparam("people", expanding=True)),
        answers.c.chat_id.in_(bindparam("chats", expanding=True)),
        answers.c.answered_at > bindparam("since"),
    )
    .order_by(answers.c.answered_at, answers.c.answer_id)
)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose conversation: the same person in the same chat and forum topic."""

    chat_id: int
    user_id: int
    thread_id: int = NO_THREAD


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that answers a question, what /why shows about it, and what a next question may lean on."""

    chat_id: int
    question_id: int
    answer_id: int
    user_id: int | None
    language: str
    thread_id: int = NO_THREAD
    explanation: Any = None
    context: Any = None

    @property
    def place(self) -> Place | None:
        """Whose conversation it belongs to, if anyone's."""
        return None if self.user_id is None else Place(self.chat_id, self.user_id, self.thread_id)


@dataclass(frozen=True, slots=True)
class Turn:
    """All that one answer leaves behind."""

    answered: Answered
    facts: Sequence[str]
    """Which facts it gave."""
    knowledge: str
    """Of which version of the knowledge."""
    at: datetime


async def keep(connection: AsyncConnection, turns: Sequence[Turn]) -> None:
    """Keep what answers leave behind, of many at once."""
    await upsert_all(connection, answers, ANSWER_KEY, [_answer(turn.answered, turn.at) for turn in turns])
    await _insert_receipts(
        connection,
        [row for turn in turns for row in _receipts(turn.answered, turn.facts, turn.knowledge, turn.at)],
    )


async def recall(
    connection: AsyncConnection, wanted: Sequence[tuple[Place, datetime]]
) -> dict[tuple[Place, datetime], Any]:
    """Return what the last answer in each place left, if at that time it was a moment ago."""
    asked = {
        "chats": [place.chat_id for place, _ in wanted],
        "people": [place.user_id for place, _ in wanted],
        "since": min(at for _, at in wanted) - FOLLOW_UP,
    }
    rows = await connection.execute(_LEFT, asked)
    newest = {Place(row.chat_id, row.user_id, row.thread_id): row for row in rows}
    return {
        (place, at): newest[place].context
        for place, at in wanted
        if place in newest and newest[place].answered_at > at - FOLLOW_UP
    }


async def note_answer(connection: AsyncConnection, answered: Answered, now: datetime) -> None:
    """Keep which message answers a question; an edited question keeps its answer."""
    await upsert_all(connection, answers, ANSWER_KEY, [_answer(answered, now)])


def _answer(answered: Answered, now: datetime) -> dict[str, Any]:
    """Return the row of an answer."""
    return {
        "chat_id": answered.chat_id,
        "question_id": answered.question_id,
        "answer_id": answered.answer_id,
        "thread_id": answered.thread_id,
        "user_id": answered.user_id,
        "language": answered.language,
        "explanation": answered.explanation,
        "context": answered.context,
        "answered_at": now,
    }


async def answer_to(connection: AsyncConnection, chat_id: int, question_id: int) -> Answered | None:
    """Find the answer to a question."""
    found = await connection.execute(
        select(answers).where(answers.c.chat_id == chat_id, answers.c.question_id == question_id)
    )
    return _answered(found.first())


async def answer_at(connection: AsyncConnection, chat_id: int, message_id: int) -> Answered | None:
    """Find the answer that a message is: for /why in reply to it, and for its buttons."""
    found = await connection.execute(
        select(answers).where(answers.c.chat_id == chat_id, answers.c.answer_id == message_id).limit(1)
    )
    return _answered(found.first())


async def last_answer(connection: AsyncConnection, place: Place) -> Answered | None:
    """Find the newest answer to a person in a chat and topic."""
    here = and_(
        answers.c.chat_id == place.chat_id,
        answers.c.thread_id == place.thread_id,
        answers.c.user_id == place.user_id,
    )
    newest = select(answers).where(here).order_by(answers.c.answered_at.desc(), answers.c.answer_id.desc()).limit(1)
    return _answered((await connection.execute(newest)).first())


def _answered(row: Row[Any] | None) -> Answered | None:
    """Read a row of the table of answers."""
    if row is None:
        return None
    return Answered(
        chat_id=row.chat_id,
        question_id=row.question_id,
        answer_id=row.answer_id,
        user_id=row.user_id,
        language=row.language,
        thread_id=row.thread_id,
        explanation=row.explanation,
        context=row.context,
    )


async def note_receipts(
    connection: AsyncConnection, answered: Answered, facts: Sequence[str], knowledge: str, now: datetime
) -> None:
    """Keep which facts an answer gave, and of which state of the knowledge."""
    await _insert_receipts(connection, _receipts(answered, facts, knowledge, now))


def _receipts(answered: Answered, facts: Sequence[str], knowledge: str, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of an answer's facts."""
    common = {"chat_id": answered.chat_id, "message_id": answered.answer_id, "user_id": answered.user_id}
    return [{**common, "fact_id": fact, "knowledge": knowledge, "given_at": now} for fact in dict.fromkeys(facts)]


async def _insert_receipts(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep receipts; one that is there already is left as it is."""
    await insert_new(connection, receipts, ["chat_id", "message_id", "fact_id"], rows)


async def trim(connection: AsyncConnection, now: datetime) -> int:
    """Delete answers that nobody edits or asks about any more."""
    old = await connection.execute(delete(answers).where(answers.c.answered_at < now - KEEP_ANSWERS))
    shown = await connection.execute(delete(receipts).where(receipts.c.given_at < now - KEEP_ANSWERS))
    return old.rowcount + shown.rowcount
