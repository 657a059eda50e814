"""What Telegram asks to wait is read alike, whichever type PTB gives it, and by default without a warning."""

import os
import warnings

import pytest
from telegram.error import RetryAfter
from telegram.warnings import PTBDeprecationWarning

from bot.flood import prefer_timedelta, seconds_of


def test_either_type_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    assert seconds_of(RetryAfter(7)) == 7.0
    monkeypatch.setenv("PTB_TIMEDELTA", "0")
    with pytest.warns(PTBDeprecationWarning):
        assert seconds_of(RetryAfter(7)) == 7.0


def test_the_coming_type_is_the_default_and_the_operator_s_choice_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PTB_TIMEDELTA")
    prefer_timedelta()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert seconds_of(RetryAfter(1)) == 1.0
    monkeypatch.setenv("PTB_TIMEDELTA", "0")
    prefer_timedelta()
    assert os.environ["PTB_TIMEDELTA"] == "0"
