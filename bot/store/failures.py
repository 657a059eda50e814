"""What a driver reports, as one sentence for the operator."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.store.engine import file_of
from bot.store.errors import StoreError

# What a call to the database may raise. While PostgreSQL is down, asyncpg's errors come through SQLAlchemy as they are.
UNAVAILABLE = (DBAPIError, PoolTimeoutError, OSError, TimeoutError)

# What SQLite and PostgreSQL say, and what it means for whoever runs the bot.
SENTENCES = (
    ("readonly", "The database cannot be written: {where} is read-only."),
    ("read-only", "The database cannot be written: {where} is read-only."),
    ("disk is full", "The disk of the database is full: {where}."),
    ("no space left", "The disk of the database is full: {where}."),
    ("not a database", "This file is not a database: {where}."),
    ("malformed", "The database is damaged: {where}; restore a back-up."),
    ("unable to open", "The database cannot be opened: {where}."),
    ("locked", "Another program holds the database: {where}."),
    ("password", "The database refused the user or the password: {where}."),
    ("does not exist", "The database, or its user, does not exist: {where}."),
    ("permission denied", "The database's user may not do this: {where}."),
)


def sentence(error: BaseException, url: URL) -> str:
    """Say what is wrong, naming the file or the host and nothing else of the address."""
    where = str(file_of(url) or f"{url.host or url.query.get('host', 'local')}/{url.database}")
    original = getattr(error, "orig", None) or error
    said = str(original).lower()
    for mark, words in SENTENCES:
        if mark in said:
            return words.format(where=where)
    if isinstance(original, OSError | TimeoutError | PoolTimeoutError):
        return f"The database does not answer: {where}."
    return f"The database reports an error: {where} ({type(original).__name__})."


@contextlib.contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the driver raises into a sentence."""
    try:
        yield
    except UNAVAILABLE as error:
        raise StoreError(sentence(error, url)) from error
