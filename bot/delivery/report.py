"""The report of an announcement as a file that a spreadsheet opens and nothing in it opens anything."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.store import announcements_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


HEADER = ("chat", "title", "topic", "language", "state", "reason", "sent_at")
# What makes a spreadsheet take a cell for a formula, also behind blanks.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


def cell(value: object) -> str:
    """Write a value so that no spreadsheet computes it; a number of ours stays one."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value)
    if isinstance(value, int):
        return text
    return f"'{text}" if text.lstrip(" \n\v\f").startswith(FORMULA) else text


def table(rows: Sequence[Sequence[Any]]) -> bytes:
    """Write rows as CSV, which Excel recognises as UTF-8 by the mark at its beginning."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADER)
    writer.writerows([cell(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


async def report_file(connection: AsyncConnection, announcement_id: int) -> bytes:
    """Return the report of an announcement: a line for each message."""
    return table(await announcements_report.messages(connection, announcement_id))
