"""Announcements from draft to report: each step is one transaction, and a step that is taken twice is taken once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import insert as plain_insert

from bot.store import subscriptions as subscribers
from bot.store.outbox import ANNOUNCED, State
from bot.store.statements import insert
from bot.store.tables import announcements, chats, outbox, subscriptions, users

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


# "*" is a rendering for every language.
Renderings = Mapping[str, Mapping[str, Any]]
UNSETTLED = (State.PENDING, State.SENDING)
CORRECTABLE = ("sending", "done", "cancelled", "correcting")


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement that is about to be shown to whoever makes it."""

    kind: str
    renderings: Renderings
    """By language: the method of the Bot API and its parameters."""
    title: str = ""
    language: str = "en"
    """Of whoever makes it: of its progress and report."""
    created_by: int | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None
    silent: bool = False
    on_uncertain: str = "hold"
    status_chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement as the store knows it."""

    id: int
    kind: str
    content: dict[str, Any]
    state: str
    on_uncertain: str
    send_at: datetime | None
    expires_at: datetime | None
    silent: bool
    total: int
    status_chat_id: int | None
    status_message_id: int | None
    status_text: str | None
    created_by: int | None
    created_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None

    @property
    def title(self) -> str:
        """What lists call it."""
        return str(self.content.get("title", ""))

    @property
    def language(self) -> str:
        """The language of its progress and report."""
        return str(self.content.get("language", "en"))

    @property
    def revision(self) -> int:
        """How often it was corrected."""
        return int(self.content.get("revision", 0))


COLUMNS = [announcements.c[name] for name in Announcement.__dataclass_fields__]


async def create(connection: AsyncConnection, draft: Draft, now: datetime) -> int:
    """Keep a draft; nothing is sent before it is confirmed."""
    values = {
        "kind": draft.kind,
        "content": {
            "title": draft.title,
            "language": draft.language,
            "renderings": {key: dict(value) for key, value in draft.renderings.items()},
        },
        "created_by": draft.created_by,
        "send_at": draft.send_at,
        "expires_at": draft.expires_at,
        "silent": draft.silent,
        "on_uncertain": draft.on_uncertain,
        "status_chat_id": draft.status_chat_id,
        "priority": ANNOUNCED,
        "created_at": now,
    }
    made = await connection.execute(plain_insert(announcements).values(**values).returning(announcements.c.id))
    return int(made.scalar_one())


async def find(connection: AsyncConnection, announcement_id: int) -> Announcement | None:
    """Find an announcement."""
    row = (await connection.execute(select(*COLUMNS).where(announcements.c.id == announcement_id))).first()
    return Announcement(*row) if row else None


async def newest(connection: AsyncConnection, limit: int = 10) -> list[Announcement]:
    """List the newest announcements that were confirmed."""
    chosen = select(*COLUMNS).where(announcements.c.confirmed_at.is_not(None))
    rows = await connection.execute(chosen.order_by(announcements.c.id.desc()).limit(limit))
    return [Announcement(*row) for row in rows]


async def running(connection: AsyncConnection) -> list[Announcement]:
    """List the announcements that something still has to be done for."""
    chosen = select(*COLUMNS).where(
        announcements.c.state.in_(("sending", "done", "cancelled", "correcting", "retracting", "retracted")),
        announcements.c.confirmed_at.is_not(None),
        announcements.c.finished_at.is_(None),
    )
    return [Announcement(*row) for row in await connection.execute(chosen.order_by(announcements.c.id))]


# --- who gets it --------------------------------------------------------------------------------------------------


def _audience(kind: str) -> tuple[FromClause, ColumnElement[bool]]:
    """Return the tables of an audience, and who of them belongs to it."""
    wanted = subscriptions.c.on_change if kind == "change" else subscriptions.c.announcements
    joined = subscriptions.join(chats, chats.c.id == subscriptions.c.chat_id).outerjoin(
        users, users.c.id == subscriptions.c.chat_id
    )
    return joined, and_(subscriptions.c.active, wanted, chats.c.active)


def _language(default: str) -> ColumnElement[str]:
    """Return a subscription's language: its own, the chat's, the person's, or the default."""
    return func.coalesce(subscriptions.c.language, chats.c.language, users.c.language, literal(default))


async def audience(connection: AsyncConnection, kind: str, default_language: str) -> dict[str, int]:
    """Count who would get an announcement now, by language."""
    tables, belongs = _audience(kind)
    language = _language(default_language).label("language")
    counted = select(language, func.count()).select_from(tables).where(belongs).group_by(language)
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def confirm(
    connection: AsyncConnection,
    announcement_id: int,
    now: datetime,
    default_language: str,
    status_message_id: int | None = None,
) -> bool:
    """Accept a draft with one row for each recipient, or plan it; tells whether this was the first time."""
    due = or_(announcements.c.send_at.is_(None), announcements.c.send_at <= now)
    changed = await connection.execute(
        update(announcements)
        .where(announcements.c.id == announcement_id, announcements.c.state == "draft")
        .values(state=case((due, "sending"), else_="scheduled"), confirmed_at=now, status_message_id=status_message_id)
        .returning(announcements.c.state)
    )
    state = changed.scalar()
    if state == "sending":
        await _fan_out(connection, announcement_id, now, default_language)
    return state is not None


async def start_due(connection: AsyncConnection, now: datetime, default_language: str) -> list[int]:
    """Begin the planned announcements whose time has come."""
    changed = await connection.execute(
        update(announcements)
        .where(announcements.c.state == "scheduled", announcements.c.send_at <= now)
        .values(state="sending")
        .returning(announcements.c.id)
    )
    begun = list(changed.scalars())
    for announcement_id in begun:
        await _fan_out(connection, announcement_id, now, default_language)
    return begun


async def _fan_out(connection: AsyncConnection, announcement_id: int, now: datetime, default_language: str) -> None:
    """Put a row for each recipient into the outbox; the database does it alone, however many they are."""
    found = await find(connection, announcement_id)
    if found is None:
        return
    tables, belongs = _audience(found.kind)
    key = literal(f"announce:{found.id}:") + cast(subscriptions.c.chat_id, Text) + ":"
    method = next(iter(found.content["renderings"].values()))["method"]
    values: dict[str, Any] = {
        "dedupe_key": key + cast(subscriptions.c.thread_id, Text),
        "announcement_id": literal(found.id, announcements.c.id.type),
        "kind": literal("announce"),
        "chat_id": subscriptions.c.chat_id,
        "thread_id": subscriptions.c.thread_id,
        "language": _language(default_language),
        "method": literal(method),
        "silent": or_(subscriptions.c.silent, literal(found.silent, Boolean)),
        "priority": literal(ANNOUNCED, outbox.c.priority.type),
        "due_at": literal(now, outbox.c.due_at.type),
        "expires_at": literal(found.expires_at, outbox.c.expires_at.type),
        "created_at": literal(now, outbox.c.created_at.type),
    }
    chosen = select(*values.values()).select_from(tables).where(belongs)
    statement = insert(connection, outbox).from_select(list(values), chosen, include_defaults=False)
    await connection.execute(statement.on_conflict_do_nothing(index_elements=["dedupe_key"]))
    await subscribers.keep_quiet(connection, found.id, now)
    total = select(func.count()).where(outbox.c.announcement_id == found.id, outbox.c.kind == "announce")
    await connection.execute(
        update(announcements).where(announcements.c.id == found.id).values(total=total.scalar_subquery())
    )


# --- what becomes of it ---------------------------------------------------------------------------------------------


async def discard(connection: AsyncConnection, announcement_id: int, now: datetime) -> bool:
    """Drop a draft, or a planned announcement of which nothing has been queued; tells whether there was one."""
    changed = await connection.execute(
        update(announcements)
        .where(announcements.c.id == announcement_id, announcements.c.state.in_(("draft", "scheduled")))
        .values(state="cancelled", finished_at=now)
    )
    return changed.rowcount > 0


async def contents(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the contents of some announcements, as they are now."""
    if not ids:
        return {}
    chosen = select(announcements.c.id, announcements.c.content).where(announcements.c.id.in_(sorted(set(ids))))
    return {row[0]: row[1] for row in await connection.execute(chosen)}


async def show_status(connection: AsyncConnection, announcement_id: int, message_id: int | None, text: str) -> None:
    """Note what the status message says, and which one it is."""
    changes: dict[str, Any] = {"status_text": text} | ({"status_message_id": message_id} if message_id else {})
    await connection.execute(update(announcements).where(announcements.c.id == announcement_id).values(**changes))
