"""Logging: one line per event, as JSON or for people, without tokens and without control characters."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from bot.settings import TOKEN_PATTERN

MASK = "[token]"
# These print addresses that hold the token, or statements that hold what people wrote, below WARNING.
QUIET = ("aiohttp", "aiosqlite", "alembic", "asyncio", "httpcore", "httpx", "sqlalchemy", "telegram")

_TOKEN = re.compile(TOKEN_PATTERN, re.IGNORECASE)
# C0, DEL and C1 drive terminals; U+2028/2029 end lines in some viewers; the bidirectional marks reorder what is read.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CONTROL_IN_TRACEBACK = re.compile(_CONTROL.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))
_MULTILINE = frozenset({"exception", "stack"})


def redact(text: str) -> str:
    """Replace every bot token in a text."""
    return _TOKEN.sub(MASK, text)


def escape(text: str, *, multiline: bool = False) -> str:
    """Write control characters as escapes, so that a text can neither forge a line nor drive a terminal."""
    pattern = _CONTROL_IN_TRACEBACK if multiline else _CONTROL
    return pattern.sub(lambda match: match.group().encode("unicode_escape").decode(), text)


class RedactTokens(logging.Filter):
    """Takes tokens out of a record of the standard library: message, arguments and exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        if isinstance(record.msg, dict):  # structlog's own events; its processors have been over them
            return True
        try:
            record.msg = redact(record.getMessage())
        except (TypeError, ValueError):  # arguments that do not fit the format: keep both, still without tokens
            record.msg = redact(f"{record.msg} {record.args!r}")
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def clean_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor of structlog: redact and escape every text of an event, however deep."""
    return {key: _clean(value, multiline=key in _MULTILINE) for key, value in event.items()}


def _clean(value: object, *, multiline: bool = False) -> object:
    """Redact and escape a value; what is no plain value is shown as its repr, which may hold a token too."""
    if isinstance(value, str):
        return escape(redact(value), multiline=multiline)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(_clean(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return escape(redact(str(value) if isinstance(value, BaseException) else repr(value)))


def _exception_text(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Carry over the redacted text that the filter made, instead of formatting the raw exception again."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and record.exc_text:
        event.pop("exc_info", None)
        event["exception"] = record.exc_text
    return event


def configure(*, level: str = "INFO", json: bool | None = None, stream: TextIO | None = None) -> None:
    """Set up logging for the process; JSON unless the stream is a terminal."""
    out = stream or sys.stderr
    as_json = not out.isatty() if json is None else json
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            clean_event,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.addFilter(RedactTokens())
    handler.setFormatter(_formatter(shared, as_json=as_json, colors=out.isatty()))
    root = logging.getLogger()
    for other in root.handlers:  # whoever added a handler earlier shall not see tokens either
        other.addFilter(RedactTokens())
    root.handlers = [*(other for other in root.handlers if type(other) is not logging.StreamHandler), handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(
    shared: list[structlog.typing.Processor], *, as_json: bool, colors: bool
) -> structlog.stdlib.ProcessorFormatter:
    """Build the last step, which structlog's events and the records of other libraries share."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _exception_text, structlog.processors.format_exc_info, clean_foreign],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def clean_foreign(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Clean an event of another library, and keep the private keys that the formatter still needs."""
    private = {key: event.pop(key) for key in ("_record", "_from_structlog") if key in event}
    return {**clean_event(logger, method, event), **private}
