"""What is set: plain values, since the running bot has no use for what read and checked them.

:mod:`bot.settings_form` reads them, in a process of its own: pydantic would stay in the bot's memory, 11 MB.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "FACTLINE_"
# Whatever passes as a token here is also what bot/logs.py takes out of every line.
TOKEN_PATTERN = r"[0-9]{6,}(?::|%3A)[A-Za-z0-9_-]{30,}"  # noqa: S105 - the shape of a token, not one
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """A setting is missing or malformed; the text is one sentence for the operator and holds no secret."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that is shown only where it is asked for by name, as pydantic's SecretStr."""

    _value: str

    def get_secret_value(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"


@dataclass(frozen=True)
class Settings:
    """All settings, read once at start and never changed."""

    token: Secret | None = None
    """The bot's token; without one Factline starts the sandbox."""
    api_url: str = "https://api.telegram.org"
    """Root of the Bot API server: requests go to `{api_url}/bot{token}/METHOD`."""
    admins: frozenset[int] = frozenset()
    """Numeric ids of the people who may administer; names can be given away, ids cannot."""
    database_url: Secret = Secret("sqlite:///factline.db")
    """Where the store is; a secret, because it may hold a password."""
    webhook_url: str | None = None
    """The public address that Telegram delivers to; without it the bot polls."""
    webhook_secret: Secret | None = None
    """What Telegram has to send with each delivery; without it one is derived from the token."""
    listen: str = "127.0.0.1"
    """Address of the web server: webhook, health, metrics."""
    port: int = 8080
    """Port of the web server."""
    articles: Path | None = None
    """Folder with texts of articles, for exact quotations."""
    language: Literal["en", "zh-Hans", "zh-Hant"] = "en"
    """Language of those of whom no other is known."""
    timezone: str = "UTC"
    """Zone of those of whom no other is known."""
    broadcast_rate: float = 25.0
    """Announcements a second, over all chats."""

    def secret_of_webhook(self) -> str:
        """Return the secret of the webhook: the one that is set, else one that every replica derives alike."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        token = self.token.get_secret_value() if self.token else ""
        return hmac.new(token.encode(), b"factline webhook", hashlib.sha256).hexdigest()
