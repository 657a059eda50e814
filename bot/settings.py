"""What the operator sets: environment variables that begin with FACTLINE_, or lines of a `.env` file.

Read by hand: every rule here is our own anyway, and pydantic would keep 10 MB of the bot's memory for twelve values.
"""

import hashlib
import hmac
import math
import os
import re
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, NoReturn, cast
from urllib.parse import urlsplit

PREFIX = "FACTLINE_"
# Whatever passes as a token here is also what bot/logs.py takes out of every line.
TOKEN_PATTERN = r"[0-9]{6,}(?::|%3A)[A-Za-z0-9_-]{30,}"  # noqa: S105 - the shape of a token, not one
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

# One human phrase per setting; the value itself is never repeated, since it may be a secret in the wrong place.
RULES = {
    "token": "must be the token that @BotFather gave, such as 123456789:AAE…",
    "api_url": "must be the root of a Bot API server, such as https://api.telegram.org",
    "admins": "must be numeric Telegram user ids with commas between them, such as 1234567,7654321",
    "database_url": "must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
    "webhook_url": "must be a public address that begins with https:// (Telegram delivers to nothing else)",
    "webhook_secret": "must have 1 to 256 characters out of A-Z, a-z, 0-9, _ and -",
    "listen": "must be the address to listen on, such as 127.0.0.1",
    "port": "must be a port number from 1 to 65535",
    "articles": "must be a folder that exists",
    "language": "must be en, zh-Hans or zh-Hant",
    "timezone": "must be the name of a time zone, such as Asia/Shanghai",
    "broadcast_rate": "must be a number of messages a second, above 0 and at most 1000",
}


class SettingsError(Exception):
    """A setting is missing or malformed; the text is one sentence for the operator and holds no secret."""


class Secret:
    """A text that shows itself to nobody who does not ask for it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """Return the text."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(**********)"


DATABASE = Secret("sqlite+aiosqlite:///factline.db")
Language = Literal["en", "zh-Hans", "zh-Hant"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, read once at start and never changed."""

    token: Secret | None = None
    """The bot's token; without one Factline starts the sandbox."""
    api_url: str = "https://api.telegram.org"
    """Root of the Bot API server: requests go to `{api_url}/bot{token}/METHOD`."""
    admins: frozenset[int] = frozenset()
    """Numeric ids of the people who may administer; names can be given away, ids cannot."""
    database_url: Secret = DATABASE
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
    language: Language = "en"
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


def _refuse() -> NoReturn:
    """Say that a value is malformed; which, and how it must be, is said by whoever asked for it."""
    raise ValueError


def _matching(pattern: str, value: str) -> str:
    """Take only what a pattern fits as a whole."""
    return value if re.fullmatch(pattern, value) else _refuse()


def _token(value: str) -> Secret:
    """Take only what looks like a token, so that whatever is a token is also recognised in the logs."""
    return Secret(_matching(TOKEN_PATTERN.replace("(?::|%3A)", ":"), value.strip()))


def _secret(value: str) -> Secret:
    """Take only the characters that Telegram allows in the secret header."""
    return Secret(_matching(r"[A-Za-z0-9_-]{1,256}", value))


def _ids(value: str) -> frozenset[int]:
    """Read `1, 2 3` as numbers: people separate ids by commas or by blanks."""
    ids = frozenset(int(_matching("[0-9]{1,16}", each)) for each in re.split(r"[,;\s]+", value.strip(" ,;\t\n")))
    return ids if all(0 < each < 2**52 for each in ids) else _refuse()


def _database(value: str) -> Secret:
    """Name the asynchronous driver, whichever common spelling of the address was used."""
    scheme, separator, rest = value.strip().partition("://")
    if scheme in {"sqlite", "sqlite+aiosqlite"} and re.match(r"/[^?]", rest) and ":memory:" not in rest:
        return Secret(f"sqlite+aiosqlite{separator}{rest}")
    if scheme in {"postgres", "postgresql", "postgresql+asyncpg"} and rest:
        return Secret(f"postgresql+asyncpg{separator}{rest}")
    return _refuse()


def _address(value: str) -> str:
    """Take only an http(s) address with a host, without a slash at its end."""
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return value.strip().rstrip("/")


def _port(value: str) -> int:
    """Take only the number of a port."""
    port = int(_matching("[0-9]{1,5}", value.strip()))
    return port if 1 <= port <= 65535 else _refuse()


def _folder(value: str) -> Path:
    """Take only a folder that is there."""
    return Path(value) if Path(value).is_dir() else _refuse()


def _language(value: str) -> Language:
    """Take only a language that the bot speaks."""
    return cast("Language", _matching("en|zh-Hans|zh-Hant", value))


def _zone(value: str) -> str:
    """Take only a zone that the time zone database knows."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, OSError):
        raise ValueError from None
    return value


def _rate(value: str) -> float:
    """Take only a rate that is one."""
    rate = float(value)
    return rate if math.isfinite(rate) and 0 < rate <= 1000 else _refuse()


READERS: Mapping[str, Callable[[str], object]] = {
    "token": _token,
    "api_url": _address,
    "admins": _ids,
    "database_url": _database,
    "webhook_url": _address,
    "webhook_secret": _secret,
    "listen": lambda value: _matching(r"[0-9A-Za-z.:_-]+", value),
    "port": _port,
    "articles": _folder,
    "language": _language,
    "timezone": _zone,
    "broadcast_rate": _rate,
}


def load(*, env_file: str | None = ".env", **changes: object) -> Settings:
    """Read the settings; whatever is wrong with them becomes one sentence."""
    given = {**_from_file(env_file), **dict(_named(os.environ)), **changes}
    values: dict[str, Any] = {}
    wrong = []
    for name in (field.name for field in fields(Settings) if field.name in given):
        try:
            values[name] = None if given[name] is None else READERS[name](str(given[name]))
        except ValueError:
            wrong.append(_complaint(name))
    if wrong:
        raise SettingsError("; ".join(wrong) + ".")
    settings = Settings(**values)
    _check_webhook(settings)
    return settings


def _from_file(env_file: str | None) -> dict[str, object]:
    """What the file sets, if there is one."""
    try:
        if env_file is None or not Path(env_file).is_file():
            return {}
        from dotenv import dotenv_values  # noqa: PLC0415 - only where there is such a file

        return dict(_named(dotenv_values(env_file, encoding="utf-8")))
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not UTF-8 text.") from None
    except OSError as error:
        raise SettingsError(f"The file .env cannot be read: {error.strerror}.") from None


def _named(variables: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Our settings among some variables; one that is set to nothing is not set."""
    for variable, value in variables.items():
        name = variable.upper().removeprefix(PREFIX).lower()
        if value and variable.upper().startswith(PREFIX) and name in READERS:
            yield name, value


def _check_webhook(settings: Settings) -> None:
    """Refuse a webhook that Telegram would refuse; plain http only between two programs of one machine."""
    if settings.webhook_url is not None:
        hook, api = urlsplit(settings.webhook_url), urlsplit(settings.api_url)
        if hook.scheme != "https" and not (hook.hostname in LOOPBACK and api.hostname in LOOPBACK):
            raise SettingsError(f"{PREFIX}WEBHOOK_URL {RULES['webhook_url']}.")


def _complaint(name: str) -> str:
    """Say what a setting must be."""
    return f"{PREFIX}{name.upper()} {RULES[name]}"
