"""What the operator may set: environment variables that begin with FACTLINE_, or lines of a `.env` file."""

import re
import zoneinfo
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings import LOOPBACK, PREFIX, TOKEN_PATTERN, Secret, Settings, SettingsError

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


def _numbers(value: object) -> object:
    """Read `1, 2 3` as numbers: people separate ids by commas or by blanks."""
    return re.split(r"[,;\s]+", value.strip(" ,;\t\n")) if isinstance(value, str) else value


def _token(value: object) -> object:
    """Take only what looks like a token, so that whatever is a token is also recognised in the logs."""
    if isinstance(value, str) and not re.fullmatch(TOKEN_PATTERN.replace("(?::|%3A)", ":"), value.strip()):
        raise ValueError
    return value.strip() if isinstance(value, str) else value


def _secret(value: object) -> object:
    """Take only the characters that Telegram allows in the secret header."""
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError
    return value


def _database(value: object) -> object:
    """Name the asynchronous driver, whichever common spelling of the address was used."""
    if not isinstance(value, str):
        return value
    scheme, separator, rest = value.strip().partition("://")
    if scheme in {"sqlite", "sqlite+aiosqlite"} and re.match(r"/[^?]", rest) and ":memory:" not in rest:
        return f"sqlite{separator}{rest}"
    if scheme in {"postgres", "postgresql", "postgresql+asyncpg"} and rest:
        return f"postgresql+asyncpg{separator}{rest}"
    raise ValueError


def _address(value: object) -> object:
    """Take only an http(s) address with a host, without a slash at its end."""
    if not isinstance(value, str):
        return value
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return value.strip().rstrip("/")


def _zone(value: object) -> object:
    """Take only a zone that the time zone database knows."""
    try:
        zoneinfo.ZoneInfo(str(value))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError from None
    return value


class Form(BaseSettings):
    """What is checked of each setting; what each of them is for says :class:`bot.settings.Settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    token: Annotated[SecretStr, BeforeValidator(_token)] | None = None
    api_url: Annotated[str, BeforeValidator(_address)] = Settings.api_url
    admins: Annotated[frozenset[Annotated[int, Field(gt=0, lt=2**52)]], NoDecode, BeforeValidator(_numbers)] = (
        Settings.admins
    )
    database_url: Annotated[SecretStr, BeforeValidator(_database)] = SecretStr(Settings.database_url.get_secret_value())
    webhook_url: Annotated[str, BeforeValidator(_address)] | None = None
    webhook_secret: Annotated[SecretStr, BeforeValidator(_secret)] | None = None
    listen: Annotated[str, Field(min_length=1, pattern=r"^[0-9A-Za-z.:_-]+$")] = Settings.listen
    port: Annotated[int, Field(ge=1, le=65535)] = Settings.port
    articles: Path | None = None
    language: Literal["en", "zh-Hans", "zh-Hant"] = Settings.language
    timezone: Annotated[str, BeforeValidator(_zone)] = Settings.timezone
    broadcast_rate: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = Settings.broadcast_rate

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        """Refuse a webhook that Telegram would refuse; plain http only between two programs of one machine."""
        if self.webhook_url is not None:
            hook, api = urlsplit(self.webhook_url), urlsplit(self.api_url)
            if hook.scheme != "https" and not (hook.hostname in LOOPBACK and api.hostname in LOOPBACK):
                raise SettingsError(f"{PREFIX}WEBHOOK_URL {RULES['webhook_url']}.")
        if self.articles is not None and not self.articles.is_dir():
            raise SettingsError(f"{PREFIX}ARTICLES {RULES['articles']}.")
        return self

    def settled(self) -> Settings:
        """Return what is set, without pydantic."""
        values = dict(self)
        for name, value in values.items():
            if isinstance(value, SecretStr):
                values[name] = Secret(value.get_secret_value())
        return Settings(**values)


def load(**changes: Any) -> Settings:  # noqa: ANN401 - any setting
    """Read the settings; whatever is wrong with them becomes one sentence."""
    try:
        return Form(**changes).settled()
    except ValidationError as error:
        names = dict.fromkeys(str(item["loc"][0]) for item in error.errors(include_input=False, include_context=False))
        raise SettingsError("; ".join(_complaint(name) for name in names) + ".") from None
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not UTF-8 text.") from None
    except OSError as error:
        raise SettingsError(f"The file .env cannot be read: {error.strerror}.") from None


def _complaint(name: str) -> str:
    """Say what a setting must be."""
    return f"{PREFIX}{name.upper()} {RULES.get(name, 'is malformed')}"
