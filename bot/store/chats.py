"""Chats and people: who is there, in which language, and what becomes of a chat that moves or closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from bot.store.statements import insert, upsert
from bot.store.tables import chats, conversations, keyboards, outbox, subscriptions, users

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


TITLE_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as the store knows it."""

    id: int
    kind: str
    title: str
    language: str | None
    is_forum: bool
    active: bool
    reason: str | None
    migrated_to: int | None
    introduced_at: datetime | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A chat as an update shows it."""

    id: int
    kind: str
    title: str = ""
    is_forum: bool = False


async def see(connection: AsyncConnection, seen: Seen, now: datetime) -> None:
    """Note that a chat is there and may be written to."""
    values = {
        "kind": seen.kind,
        "title": seen.title[:TITLE_LENGTH],
        "is_forum": seen.is_forum,
        "active": True,
        "reason": None,
        "seen_at": now,
    }
    await upsert(connection, chats, {"id": seen.id}, values)


async def find(connection: AsyncConnection, chat_id: int) -> Chat | None:
    """Find a chat."""
    row = (await connection.execute(select(chats).where(chats.c.id == chat_id))).first()
    return Chat(**row._mapping) if row else None  # noqa: SLF001 - the public way to a row's names


async def introduce(connection: AsyncConnection, chat_id: int, now: datetime) -> bool:
    """Tell whether the bot has yet to introduce itself to a chat; only the first who asks is told so."""
    changed = await connection.execute(
        update(chats).where(chats.c.id == chat_id, chats.c.introduced_at.is_(None)).values(introduced_at=now)
    )
    return changed.rowcount > 0


async def close(connection: AsyncConnection, chat_id: int, reason: str, now: datetime) -> None:
    """Note that a chat cannot be written to: blocked, kicked, left, gone."""
    await connection.execute(
        update(chats).where(chats.c.id == chat_id).values(active=False, reason=reason, seen_at=now)
    )


async def migrate(connection: AsyncConnection, old: int, new: int, now: datetime) -> None:
    """Move everything of a group to the supergroup that it became; doing it twice does no harm."""
    if old == new:
        return
    before = await find(connection, old)
    await connection.execute(
        insert(connection, chats)
        .values(
            id=new,
            kind="supergroup",
            title=before.title if before else "",
            language=before.language if before else None,
            introduced_at=before.introduced_at if before else None,
            seen_at=now,
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    if before is not None and before.language is not None:
        await connection.execute(
            update(chats).where(chats.c.id == new, chats.c.language.is_(None)).values(language=before.language)
        )
    await connection.execute(
        update(chats).where(chats.c.id == old).values(active=False, reason="migrated", migrated_to=new, seen_at=now)
    )
    await _move_subscriptions(connection, old, new)
    waiting = outbox.c.state.in_(("pending", "uncertain"))
    await connection.execute(update(outbox).where(outbox.c.chat_id == old, waiting).values(chat_id=new))
    await connection.execute(update(keyboards).where(keyboards.c.chat_id == old).values(chat_id=new))
    await connection.execute(delete(conversations).where(conversations.c.chat_id == old))


async def _move_subscriptions(connection: AsyncConnection, old: int, new: int) -> None:
    """Move subscriptions, except where the new chat already has one of its own."""
    own = subscriptions.alias()
    taken = exists().where(own.c.chat_id == new, own.c.thread_id == subscriptions.c.thread_id)
    await connection.execute(update(subscriptions).where(subscriptions.c.chat_id == old, ~taken).values(chat_id=new))
    await connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == old))


async def languages(connection: AsyncConnection, chat_id: int, user_id: int | None) -> tuple[str | None, str | None]:
    """Return the language that was chosen for a chat, and by a person."""
    chat = await connection.scalar(select(chats.c.language).where(chats.c.id == chat_id))
    if user_id is None:
        return chat, None
    return chat, await connection.scalar(select(users.c.language).where(users.c.id == user_id))


async def choose_language(connection: AsyncConnection, user_id: int, language: str | None, now: datetime) -> None:
    """Keep the language that a person chose."""
    await upsert(connection, users, {"id": user_id}, {"language": language, "changed_at": now})


async def choose_chat_language(connection: AsyncConnection, chat_id: int, language: str | None) -> bool:
    """Keep the language that was chosen for a chat that is known; tells whether it is."""
    changed = await connection.execute(update(chats).where(chats.c.id == chat_id).values(language=language))
    return changed.rowcount > 0


async def block(connection: AsyncConnection, user_id: int, now: datetime, *, blocked: bool = True) -> None:
    """Stop, or begin again, to answer a person."""
    await upsert(connection, users, {"id": user_id}, {"blocked": blocked, "changed_at": now})


async def is_blocked(connection: AsyncConnection, user_id: int) -> bool:
    """Tell whether a person is not to be answered."""
    return bool(await connection.scalar(select(users.c.blocked).where(users.c.id == user_id)))
