"""Reads request bodies as the Bot API takes them: query string, form, JSON or multipart."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.call import Upload

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

MAX_BODY: Final = 60 * 2**20
HEADER_FIELD: Final = re.compile(r'(\w+\*?)="((?:[^"\\]|\\.)*)"')


async def read_body(receive: Receive) -> bytes:
    """Return the whole body, or refuse one that is too large or was broken off: its sender has died meanwhile."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise bad_request("the request was broken off")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            raise ApiError(413, "Request Entity Too Large")
        parts.append(chunk)
        if not message.get("more_body", False):
            break
    return b"".join(parts)


def parse_body(scope: Scope, body: bytes) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Return parameters and files."""
    params: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    if not body:
        return params, {}
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"").decode("latin-1")
    files: dict[str, Upload] = {}
    try:
        if kind.startswith("application/json"):
            given = json.loads(body)
            if not isinstance(given, dict):
                raise bad_request("object expected as request body")
            params |= given
        elif kind.startswith("multipart/form-data"):
            fields, files = parse_multipart(kind, body)
            params |= fields
        else:
            params |= parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise bad_request("can't parse request body") from None
    return params, files


def parse_multipart(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Return fields and files of a multipart body."""
    boundary = kind.partition("boundary=")[2].strip().strip('"').encode("latin-1")
    if not boundary:
        raise ValueError("no boundary")
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        if part.startswith(b"--"):
            break
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode("utf-8").split("\r\n") if ": " in line)
        headers = {name.lower(): value for name, value in lines.items()}
        names = dict(HEADER_FIELD.findall(headers.get("content-disposition", "")))
        if "filename" in names:
            files[names["name"]] = Upload(names["filename"], headers.get("content-type", ""), data)
        elif "name" in names:
            fields[names["name"]] = data.decode("utf-8")
    return fields, files
