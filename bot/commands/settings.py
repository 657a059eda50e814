"""The settings of a bot that is about to run, read elsewhere so that pydantic does not stay with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import child

if TYPE_CHECKING:
    from bot.settings import Settings


def read() -> Settings:
    """Read the settings in a process of its own; they come back through a pipe.

    Raises:
        SettingsError: with one sentence for the operator.

    """
    return child.call(load)


def load() -> Settings:
    """Read the settings in this process."""
    from bot import settings_form

    return settings_form.load()
