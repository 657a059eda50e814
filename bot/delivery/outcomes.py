"""What the end of a call to Telegram means: delivered, refused, to be tried again, or nobody knows."""

from dataclasses import dataclass
from enum import Enum, auto

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.flood import seconds_of
from bot.http import UnsentError
from bot.logs import redact

# What Telegram says of a call that asks for what is so already.
ALREADY = ("message is not modified", "message to delete not found")
MARKUP = ("can't parse entities", "can't parse message text", "unsupported start tag")
GONE = (
    ("blocked by the user", "blocked"),
    ("user is deactivated", "gone"),
    ("chat not found", "gone"),
    ("bot was kicked", "kicked"),
    ("bot is not a member", "left"),
    ("initiate conversation", "blocked"),
    ("group chat was deactivated", "gone"),
    ("have no rights to send", ""),
)


class Fate(Enum):
    """What has become of a message."""

    SENT = auto()
    FAILED = auto()
    BLOCKED = auto()
    RETRY = auto()
    UNCERTAIN = auto()
    MIGRATED = auto()
    PLAIN = auto()
    OFFLINE = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended."""

    fate: Fate
    reason: str = ""
    seconds: float = 0.0
    """How long Telegram asks to wait."""
    chat_id: int | None = None
    """The supergroup that the chat has become."""
    closed: str | None = None
    """Why the chat cannot be written to any more."""


def judge(error: BaseException) -> Outcome:
    """Say what an error of a call means for its message."""
    if isinstance(error, RetryAfter):
        return Outcome(Fate.RETRY, "429", seconds=seconds_of(error))
    if isinstance(error, ChatMigrated):
        return Outcome(Fate.MIGRATED, "the group became a supergroup", chat_id=error.new_chat_id)
    if isinstance(error, BadRequest | Forbidden):
        return _refused(error)
    if isinstance(error, InvalidToken | EndPointNotFound | Conflict | UnsentError):
        return Outcome(Fate.OFFLINE, _said(error))
    return Outcome(Fate.UNCERTAIN, _said(error))


def _refused(error: TelegramError) -> Outcome:
    """Read a 400 or 403; it is final, unless it is our markup that was at fault."""
    said = error.message.lower()
    if any(mark in said for mark in ALREADY):
        return Outcome(Fate.SENT)
    if any(mark in said for mark in MARKUP):
        return Outcome(Fate.PLAIN, _said(error))
    closed = next((reason for mark, reason in GONE if mark in said), "")
    if isinstance(error, Forbidden) and not closed:
        closed = "refused"
    return Outcome(Fate.BLOCKED if closed else Fate.FAILED, _said(error), closed=closed or None)


def _said(error: BaseException) -> str:
    """Return what Telegram said, without its prefix and without a token."""
    words = redact(getattr(error, "message", None) or str(error) or type(error).__name__)
    for prefix in ("Bad Request: ", "Forbidden: "):
        words = words.removeprefix(prefix)
    return words
