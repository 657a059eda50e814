"""The indexes over part of a table; they matter to migrations only, and no running bot imports them.

SQLAlchemy loads the dialect of PostgreSQL to check a ``postgresql_where``: 3 MB for a bot on SQLite.
"""

from sqlalchemy import ColumnElement, Index, text

from bot.store.tables import inbox, metadata, outbox, schedules

__all__ = ["metadata"]


def _where(condition: str, name: str, *columns: ColumnElement[object]) -> None:
    """Add an index over the rows of which a condition is true."""
    Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


_where("state = 'pending' AND claimed_by IS NULL", "ix_inbox_free", inbox.c.chat_id, inbox.c.id)
_where("claimed_by IS NOT NULL", "ix_inbox_claimed", inbox.c.claimed_by, inbox.c.lease_until, inbox.c.chat_id)
_where("settled_at IS NOT NULL", "ix_inbox_settled", inbox.c.state, inbox.c.settled_at)
_where("state = 'pending'", "ix_outbox_pending", outbox.c.priority, outbox.c.due_at, outbox.c.id)
_where("state = 'sending'", "ix_outbox_sending", outbox.c.lease_until)
_where("enabled", "ix_schedules_due", schedules.c.next_run_at)
