"""Handlers are tested within the whole bot: the same sandbox, the same running bot."""

from tests.end_to_end.conftest import factline, knowledge, sandbox, settings_of, you

__all__ = ["factline", "knowledge", "sandbox", "settings_of", "you"]
