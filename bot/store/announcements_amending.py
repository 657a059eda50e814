"""What can still be done about an accepted announcement: stop, correct, retract, send again, bring to its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, exists, literal, select, update

from bot.store.announcements import CORRECTABLE, UNSETTLED, Announcement, Renderings, discard, find
from bot.store.outbox import CHANGED, State
from bot.store.statements import insert
from bot.store.tables import announcements, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


async def cancel(connection: AsyncConnection, announcement_id: int, now: datetime) -> int | None:
    """Stop an announcement; returns how many messages will not be sent, None if it is not under way."""
    if await discard(connection, announcement_id, now):
        return 0
    changed = await connection.execute(
        update(announcements)
        .where(announcements.c.id == announcement_id, announcements.c.state == "sending")
        .values(state="cancelled")
    )
    return await _withdraw(connection, announcement_id) if changed.rowcount else None


async def _withdraw(connection: AsyncConnection, announcement_id: int) -> int:
    """Cancel what is pending; what is in flight is settled by its sender."""
    waiting = outbox.c.announcement_id == announcement_id, outbox.c.state == State.PENDING
    return (await connection.execute(update(outbox).where(*waiting).values(state=State.CANCELLED))).rowcount


async def correct(
    connection: AsyncConnection, announcement_id: int, renderings: Renderings, now: datetime
) -> int | None:
    """Edit every copy that was sent, and send the rest as corrected; returns how many copies, None if it may not be.

    A copy of somebody's message has no text of ours to edit; that is for the caller to know.
    """
    found = await find(connection, announcement_id)
    if found is None or found.confirmed_at is None or found.state not in CORRECTABLE:
        return None
    new = {key: dict(value) for key, value in renderings.items()}
    flying = select(outbox.c.id).where(outbox.c.announcement_id == announcement_id, outbox.c.state == State.SENDING)
    content = {
        **found.content,
        "renderings": new,
        "revision": found.revision + 1,
        "in_flight": list(await connection.scalars(flying.where(outbox.c.kind == "announce"))),
    }
    state = found.state if found.state in {"sending", "cancelled"} else "correcting"
    await connection.execute(
        update(announcements)
        .where(announcements.c.id == announcement_id)
        .values(content=content, state=state, finished_at=None)
    )
    older = outbox.c.announcement_id == announcement_id, outbox.c.kind == "correct", outbox.c.state == State.PENDING
    await connection.execute(update(outbox).where(*older).values(state=State.CANCELLED))
    corrected = replace(found, content=content)
    return await _touch(connection, corrected, "correct", now)


async def retract(connection: AsyncConnection, announcement_id: int, now: datetime) -> bool:
    """Delete every copy that was sent, and send no more; tells whether it may be."""
    changed = await connection.execute(
        update(announcements)
        .where(
            announcements.c.id == announcement_id,
            announcements.c.state.in_(CORRECTABLE),
            announcements.c.confirmed_at.is_not(None),  # a draft that was dropped is cancelled, too
        )
        .values(state="retracting", finished_at=None)
    )
    if not changed.rowcount:
        return False
    await _withdraw(connection, announcement_id)
    found = await find(connection, announcement_id)
    if found is not None:
        await _touch(connection, found, "retract", now)
    return True


async def _touch(
    connection: AsyncConnection, found: Announcement, kind: str, now: datetime, only: Sequence[int] | None = None
) -> int:
    """Queue an edit or a deletion of the copies that were sent and have none yet; returns how many."""
    row = cast(outbox.c.id, Text)
    # The place is written down: were the chat to move, the same number would name another message there.
    place = literal('{"row":') + row + ',"chat_id":' + cast(outbox.c.chat_id, Text)
    payload = place + ',"message_id":' + cast(outbox.c.message_id, Text) + "}"
    revision = 0 if kind == "retract" else found.revision
    values: dict[str, Any] = {
        "dedupe_key": literal(f"{kind}:{revision}:") + row,
        "announcement_id": outbox.c.announcement_id,
        "kind": literal(kind),
        "chat_id": outbox.c.chat_id,
        "thread_id": outbox.c.thread_id,
        "language": outbox.c.language,
        "method": literal("deleteMessage" if kind == "retract" else "editMessageText"),
        "payload": payload,
        "silent": outbox.c.silent,
        "priority": literal(CHANGED, outbox.c.priority.type),
        "due_at": literal(now, outbox.c.due_at.type),
        "created_at": literal(now, outbox.c.created_at.type),
    }
    copies = outbox.c.kind == "announce", outbox.c.state == State.SENT, outbox.c.message_id.is_not(None)
    chosen = select(*values.values()).where(outbox.c.announcement_id == found.id, *copies)
    if only is not None:
        chosen = chosen.where(outbox.c.id.in_(only))
    statement = insert(connection, outbox).from_select(list(values), chosen, include_defaults=False)
    return (await connection.execute(statement.on_conflict_do_nothing(index_elements=["dedupe_key"]))).rowcount


async def resend_uncertain(connection: AsyncConnection, announcement_id: int, now: datetime) -> int:
    """Send the messages again of which nobody knows whether they arrived; returns how many."""
    uncertain = outbox.c.announcement_id == announcement_id, outbox.c.state == State.UNCERTAIN
    changed = await connection.execute(
        update(outbox).where(*uncertain).values(state=State.PENDING, claimed_by=None, lease_until=None, due_at=now)
    )
    if changed.rowcount:
        await connection.execute(
            update(announcements)
            .where(announcements.c.id == announcement_id, announcements.c.state.in_(("done", "cancelled")))
            .values(state="sending", finished_at=None)
        )
    return changed.rowcount


async def advance(connection: AsyncConnection, found: Announcement, now: datetime) -> bool:
    """Take an announcement a step on where nothing of it is left to do; tells whether it has ended with this.

    What was in flight when a correction or a retraction began is corrected or retracted here.
    """
    left = exists().where(outbox.c.announcement_id == found.id, outbox.c.state.in_(UNSETTLED))
    if found.state == "retracting" and await _touch(connection, found, "retract", now):
        return False
    late = found.content.get("in_flight")
    if late and found.state != "retracting" and await _touch(connection, found, "correct", now, late):
        return False
    state = {"sending": "done", "correcting": "done", "retracting": "retracted"}.get(found.state, found.state)
    changed = await connection.execute(
        update(announcements)
        .where(announcements.c.id == found.id, announcements.c.state == found.state, ~left)
        .where(announcements.c.finished_at.is_(None))
        .values(state=state, finished_at=now)
    )
    return changed.rowcount > 0
