"""Buttons under messages: the client holds a random id and nothing else, and every press is judged here.

The buttons of a message are one row: of ten rows that an answer writes, four were its buttons.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from bot.store.tables import keyboards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


LIFETIME = timedelta(days=30)
ID_BYTES = 12
"""16 characters: nobody guesses one, and 64 bytes of callback data leave room."""
DRAWN_AT_ONCE = 64
_INSERT: Final = insert(keyboards)
DATA: Final = re.compile(r"([A-Za-z0-9_-]{16})([0-9]{1,2})")
"""What a client sends back: the keyboard's id, and which of its buttons it is."""


def _random_ids() -> Iterator[str]:
    """Draw ids, many at a time: to ask the system for each took 1.6 % of an update."""
    while True:
        drawn = secrets.token_bytes(ID_BYTES * DRAWN_AT_ONCE)
        for start in range(0, len(drawn), ID_BYTES):
            yield base64.urlsafe_b64encode(drawn[start : start + ID_BYTES]).decode()


_ids = _random_ids()


@dataclass(slots=True)
class Draft:
    """A button that is about to be shown. Never changed: frozen, it would take twice as long to make."""

    action: str
    payload: dict[str, Any] = field(default_factory=dict)
    group: str = ""
    """Of the buttons of a message that share a group, one can be used."""
    repeatable: bool = False
    anyone: bool = False
    """Whether others than the owner of the keyboard may press it."""


@dataclass(slots=True)
class Keyboard:
    """The buttons of one message, when they are shown, and who may press them where."""

    drafts: Sequence[Draft]
    at: datetime
    owner_id: int | None = None
    """NULL: anyone in the chat."""
    chat_id: int | None = None
    """NULL: anywhere, as below an inline result."""
    id: str = field(default_factory=lambda: next(_ids))

    def data(self, index: int) -> str:
        """Return what the client gets for one of the buttons, and sends back."""
        return f"{self.id}{index}"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that was pressed by one who may."""

    action: str
    payload: dict[str, Any]


class Refusal(StrEnum):
    """Why a press does nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    ACTED = "acted"


async def keep(connection: AsyncConnection, shown: Sequence[Keyboard]) -> None:
    """Keep the buttons of messages."""
    if shown:
        await connection.execute(_INSERT, [_row(keyboard) for keyboard in shown])


def _row(keyboard: Keyboard) -> dict[str, Any]:
    """Return the row of a keyboard."""
    return {
        "id": keyboard.id,
        "buttons": [[each.action, each.payload, each.group, each.repeatable, each.anyone] for each in keyboard.drafts],
        "owner_id": keyboard.owner_id,
        "chat_id": keyboard.chat_id,
        "expires_at": keyboard.at + LIFETIME,
        "used": {},
    }


async def press(
    connection: AsyncConnection,
    data: str,
    user_id: int,
    chat_id: int | None,
    now: datetime,
    update_id: int | None = None,
) -> Button | Refusal:
    """Judge a press, and use the button up, with those of its group; two presses at once act once.

    An update that has used a button up may do so again: something broke it off before it was done, perhaps a kill.
    """
    named = DATA.fullmatch(data)
    if named is None:
        return Refusal.UNKNOWN
    id_, index = named[1], int(named[2])
    # The row is locked until the commit, so that two presses wait for each other.
    row = (await connection.execute(select(keyboards).where(keyboards.c.id == id_).with_for_update())).first()
    if row is None or index >= len(row.buttons):
        return Refusal.UNKNOWN
    draft = Draft(*row.buttons[index])
    slot = draft.group or str(index)
    again = update_id is not None and row.used.get(slot) == update_id
    refusal = None if again else _refusal(row, draft, slot, (user_id, chat_id), now)
    if refusal is not None:
        return refusal
    if not draft.repeatable:
        used = {**row.used, slot: update_id}
        await connection.execute(update(keyboards).where(keyboards.c.id == id_).values(used=used))
    return Button(draft.action, draft.payload)


def _refusal(row: Row[Any], draft: Draft, slot: str, by: tuple[int, int | None], now: datetime) -> Refusal | None:
    """Say why a press must not act; that it is someone else's comes first, so that it tells nothing more."""
    user_id, chat_id = by
    if row.owner_id not in {None, user_id} and not draft.anyone:
        return Refusal.FOREIGN
    if row.chat_id not in {None, chat_id}:
        return Refusal.FOREIGN
    if row.expires_at <= now:
        return Refusal.EXPIRED
    if slot in row.used and not draft.repeatable:
        return Refusal.ACTED
    return None


async def trim(connection: AsyncConnection, now: datetime) -> int:
    """Delete keyboards that have expired; returns how many."""
    return (await connection.execute(delete(keyboards).where(keyboards.c.expires_at <= now))).rowcount
