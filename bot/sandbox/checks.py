"""Reads a call's parameters: the right type and within the limits, or refused as Telegram refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.model import Json

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_RAW_BYTES: Final = 32768
MAX_ENTITIES: Final = 100
TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


class Params:
    """The parameters of one call, by name; values are strings (a form) or JSON (a JSON body)."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def text(self, name: str, default: str = "") -> str:
        """Return a string; numbers are not refused, since a form cannot tell them apart."""
        value = self.raw.get(name)
        if value is None:
            return default
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return _sound(str(value))
        raise bad_request(f'field "{name}" must be of type String')

    def integer(self, name: str, default: int | None = None) -> int | None:
        """Return an integer, or the default where the parameter is absent."""
        value = self.raw.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f'field "{name}" must be of type Integer') from None

    def number(self, name: str, default: int) -> int:
        """Return an integer where absence means the default."""
        value = self.integer(name)
        return default if value is None else value

    def flag(self, name: str) -> bool:
        """Return a boolean; absent is false."""
        value = self.raw.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        try:
            return TRUTHS[str(value).lower()]
        except KeyError:
            raise bad_request(f'field "{name}" must be of type Boolean') from None

    def obj(self, name: str, what: str = "") -> Json | None:
        """Return a JSON object, or nothing where the parameter is absent."""
        value = self._json(name, what)
        if value is None or isinstance(value, dict):
            return value
        raise bad_request(f"object expected as {what or name}")

    def array(self, name: str, what: str = "") -> list[Any] | None:
        """Return a JSON array, or nothing where the parameter is absent."""
        value = self._json(name, what)
        if value is None or isinstance(value, list):
            return value
        raise bad_request(f"expected an Array of {what or name}")

    def _json(self, name: str, what: str) -> object:
        value = self.raw.get(name)
        if isinstance(value, str):
            if value == "":
                return None
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {what or name} JSON object") from None
        _sound(json.dumps(value, ensure_ascii=False))
        return value


def _sound(text: str) -> str:
    """Refuse lone surrogates, which no encoding of UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return text


def field_of(data: Json, name: str, kind: type, what: str) -> object:
    """Return a field of a nested object after a look at its type; None where it is absent."""
    value = data.get(name)
    wrong = isinstance(value, bool) and kind is not bool
    if value is not None and (wrong or not isinstance(value, kind)):
        names = {int: "Integer", str: "String", bool: "Boolean", list: "Array", dict: "Object"}
        raise bad_request(f'can\'t parse {what}: Field "{name}" must be of type {names[kind]}')
    return value


def utf16(text: str) -> int:
    """Return the length in UTF-16 code units, the unit of entity offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
