"""Chats and people: who is there, in which language, and what becomes of a chat that moves or closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BindParameter, bindparam, delete, exists, select, update

from bot.store.statements import insert, upsert, upsert_all
from bot.store.tables import chats, keyboards, outbox, subscriptions, users

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


TITLE_LENGTH = 128
_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)
_CHAT_LANGUAGES: Final = select(chats.c.id, chats.c.language).where(chats.c.id.in_(_IDS), chats.c.language.is_not(None))
_PEOPLE: Final = select(users.c.id, users.c.language, users.c.blocked).where(users.c.id.in_(_IDS))


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
    at: datetime
    title: str = ""
    is_forum: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for someone in a chat."""

    language: str | None = None
    """By the person."""
    of_chat: str | None = None
    """The language that was chosen for the chat."""
    blocked: bool = False


async def see(connection: AsyncConnection, seen: Sequence[Seen]) -> None:
    """Note that chats are there and may be written to."""
    await upsert_all(connection, chats, ["id"], [_row(each) for each in seen])


def _row(seen: Seen) -> dict[str, Any]:
    """Return the row of a chat."""
    return {
        "id": seen.id,
        "kind": seen.kind,
        "title": seen.title[:TITLE_LENGTH],
        "is_forum": seen.is_forum,
        "active": True,
        "reason": None,
        "seen_at": seen.at,
    }


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


async def _move_subscriptions(connection: AsyncConnection, old: int, new: int) -> None:
    """Move subscriptions, except where the new chat already has one of its own."""
    own = subscriptions.alias()
    taken = exists().where(own.c.chat_id == new, own.c.thread_id == subscriptions.c.thread_id)
    await connection.execute(update(subscriptions).where(subscriptions.c.chat_id == old, ~taken).values(chat_id=new))
    await connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == old))


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


async def chosen(connection: AsyncConnection, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Chosen]:
    """Return what was chosen, by chat and person, for many at once."""
    of_chats = await connection.execute(_CHAT_LANGUAGES, {"ids": [chat for chat, _ in keys]})
    languages = {row.id: row.language for row in of_chats}
    of_people = await connection.execute(_PEOPLE, {"ids": [person for _, person in keys]})
    people = {row.id: row for row in of_people}
    found = {}
    for chat, person in keys:
        known = people.get(person)
        found[chat, person] = Chosen(
            known.language if known else None, languages.get(chat), blocked=bool(known and known.blocked)
        )
    return found
