"""/forget: takes a person out of the store at once, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, case, cast, delete, literal, or_, update

from bot.store.tables import (
    answers,
    audit,
    chats,
    feedback,
    inbox,
    keyboards,
    outbox,
    questions,
    receipts,
    subscriptions,
    users,
)

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def forget(connection: AsyncConnection, user_id: int) -> int:
    """Erase a person, and their private chat (whose id is theirs); returns how many rows were erased or changed."""
    own_chat = user_id
    statements = (
        delete(feedback).where(feedback.c.user_id == user_id),
        *(
            delete(table).where(or_(table.c.user_id == user_id, table.c.chat_id == own_chat))
            for table in (questions, answers, receipts)
        ),
        delete(keyboards).where(or_(keyboards.c.owner_id == user_id, keyboards.c.chat_id == own_chat)),
        # A block that an admin set outlives /forget; else it would be the way around it.
        delete(users).where(users.c.id == user_id, ~users.c.blocked),
        update(users).where(users.c.id == user_id).values(language=None),
        delete(subscriptions).where(subscriptions.c.chat_id == own_chat),
        update(subscriptions).where(subscriptions.c.created_by == user_id).values(created_by=None),
        delete(chats).where(chats.c.id == own_chat),
        delete(audit).where(audit.c.user_id == user_id, ~audit.c.allowed),
        # What waits to be handled stays (this very request is among it); it goes by itself when it is done.
        delete(inbox).where(inbox.c.user_id == user_id, inbox.c.state == "quarantined"),
        update(inbox).where(inbox.c.user_id == user_id, inbox.c.state == "done").values(user_id=None, chat_id=0),
        # Rows of announcements stay as counts; what is being sent at this moment is not touched.
        update(outbox)
        .where(outbox.c.chat_id == own_chat, outbox.c.state != "sending")
        .values(
            chat_id=0,
            payload=None,
            last_error=None,
            dedupe_key=literal("forgotten:") + cast(outbox.c.id, String),
            state=case((outbox.c.state.in_(("pending", "uncertain")), "cancelled"), else_=outbox.c.state),
        ),
    )
    erased = 0
    for statement in statements:
        erased += (await connection.execute(statement)).rowcount
    return erased
