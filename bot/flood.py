"""How long Telegram asked to wait (429): one place that reads it, since PTB is about to change its type."""

import os
from datetime import timedelta

from telegram.error import RetryAfter


def prefer_timedelta() -> None:
    """Choose PTB's coming type for the whole process; with the old one PTB warns each time a 429 is made or read."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")


def seconds_of(error: RetryAfter) -> float:
    """Return the seconds to wait; PTB gives a number or a timedelta, by the setting above."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
