"""Column types that behave alike on SQLite and PostgreSQL, which by themselves differ in most corners."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
_MIN_INT64, _MAX_INT64 = -(2**63), 2**63 - 1


def clean_text(text: str) -> str:
    """Take out U+0000, which PostgreSQL refuses, and replace lone surrogates, which no database can encode."""
    if not _UNSTORABLE.search(text):
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def clean_value(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Clean every text of a JSON value."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_value(item) for item in value]
    return value


def encode_json(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write JSON in ASCII; NaN is an error on both databases, not on one."""
    text = _encode(value)
    if "\\u0000" in text or "\\ud" in text:  # rare: surrogate pairs of an emoji, or something to clean
        text = _encode(clean_value(value))
    return text


class CleanText(TypeDecorator[str]):
    """Text without what one of the two databases refuses; nothing else is turned into text silently."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Clean a text on its way in."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError(f"a text column was given {type(value).__name__}")
        return clean_text(value)


class Json(TypeDecorator[Any]):
    """A JSON value, stored as text: alike on both databases, and without the surprises of either."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        """Encode a value on its way in."""
        return None if value is None else encode_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        """Decode a value on its way out."""
        return None if value is None else json.loads(value)


class Int64(TypeDecorator[int]):
    """A 64-bit number: ids of Telegram do not fit into 32 bits; a text is refused, not coerced."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's own engine type
        """SQLite numbers rows by itself only in a column that is declared INTEGER."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuse what is no 64-bit number."""
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"a number column was given {type(value).__name__}")
        if not _MIN_INT64 <= value <= _MAX_INT64:
            raise ValueError("a number column was given more than 64 bits")
        return value


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite would drop the offset of an aware time silently, so it is turned to UTC before."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody knows which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone was given to the store")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
