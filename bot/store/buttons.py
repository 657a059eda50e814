"""Buttons under messages: the client holds a random id and nothing else, and every press is judged here."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, insert, or_, select, update

from bot.store.tables import buttons

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


LIFETIME = timedelta(days=30)
ID_BYTES = 12
"""16 characters: nobody guesses one, and 64 bytes of callback data leave room."""
DRAWN_AT_ONCE = 64


def _random_ids() -> Iterator[str]:
    """Draw ids, many at a time: to ask the system for each took 1.6 % of an update."""
    while True:
        drawn = secrets.token_bytes(ID_BYTES * DRAWN_AT_ONCE)
        for start in range(0, len(drawn), ID_BYTES):
            yield base64.urlsafe_b64encode(drawn[start : start + ID_BYTES]).decode()


_ids = _random_ids()


def new_id() -> str:
    """Return a random id, for a button or for a group of buttons of which one may be used."""
    return next(_ids)


@dataclass(slots=True)
class Draft:
    """A button that is about to be shown. Never changed: frozen, it would take twice as long to make."""

    action: str
    payload: dict[str, Any] = field(default_factory=dict)
    owner_id: int | None = None
    chat_id: int | None = None
    group_id: str | None = None
    repeatable: bool = False
    lifetime: timedelta = LIFETIME
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """Buttons of one message, and when they are shown."""

    drafts: Sequence[Draft]
    at: datetime


@dataclass(frozen=True, slots=True)
class Button:
    """A button that was pressed by one who may."""

    id: str
    action: str
    payload: dict[str, Any]


class Refusal(StrEnum):
    """Why a press does nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    ACTED = "acted"


async def create(connection: AsyncConnection, drafts: Sequence[Draft], now: datetime) -> list[str]:
    """Keep buttons and return their ids, in order."""
    await keep(connection, [Shown(drafts, now)])
    return [draft.id for draft in drafts]


async def keep(connection: AsyncConnection, shown: Sequence[Shown]) -> None:
    """Keep the buttons of many messages."""
    rows = [_row(draft, each.at) for each in shown for draft in each.drafts]
    if rows:
        await connection.execute(insert(buttons), rows)


def _row(draft: Draft, now: datetime) -> dict[str, Any]:
    """Return the row of a button."""
    return {
        "id": draft.id,
        "action": draft.action,
        "payload": draft.payload,
        "owner_id": draft.owner_id,
        "chat_id": draft.chat_id,
        "group_id": draft.group_id,
        "repeatable": draft.repeatable,
        "created_at": now,
        "expires_at": now + draft.lifetime,
    }


async def press(
    connection: AsyncConnection,
    button_id: str,
    user_id: int,
    chat_id: int | None,
    now: datetime,
    update_id: int | None = None,
) -> Button | Refusal:
    """Judge a press, and use the button up; two presses at once act once.

    An update that has used a button up may do so again: something broke it off before it was done, perhaps a kill.
    """
    group = select(buttons.c.group_id).where(buttons.c.id == button_id).scalar_subquery()
    found = await connection.execute(  # the whole group, in one order, so that two presses wait for each other
        select(buttons)
        .where(or_(buttons.c.id == button_id, buttons.c.group_id == group))
        .order_by(buttons.c.id)
        .with_for_update()
    )
    button = next((row for row in found if row.id == button_id), None)
    if button is None:
        return Refusal.UNKNOWN
    again = update_id is not None and button.acted_update == update_id
    refusal = None if again else _refusal(button, user_id, chat_id, now)
    if refusal is not None:
        return refusal
    if not button.repeatable:
        alone = button.group_id is None
        used = buttons.c.id == button_id if alone else buttons.c.group_id == button.group_id
        await connection.execute(
            update(buttons).where(used).values(acted_at=now, acted_by=user_id, acted_update=update_id)
        )
    return Button(button.id, button.action, button.payload)


def _refusal(button: Row[Any], user_id: int, chat_id: int | None, now: datetime) -> Refusal | None:
    """Say why a press must not act; that it is someone else's comes first, so that it tells nothing more."""
    if button.owner_id is not None and button.owner_id != user_id:
        return Refusal.FOREIGN
    if button.chat_id is not None and button.chat_id != chat_id:
        return Refusal.FOREIGN
    if button.expires_at <= now:
        return Refusal.EXPIRED
    if button.acted_at is not None and not button.repeatable:
        return Refusal.ACTED
    return None


async def trim(connection: AsyncConnection, now: datetime) -> int:
    """Delete buttons that have expired; returns how many."""
    return (await connection.execute(delete(buttons).where(buttons.c.expires_at <= now))).rowcount
