"""Formatted text: the HTML parse mode, entities given by the caller, and the ones that Telegram finds itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.sandbox.checks import MAX_ENTITIES, MAX_RAW_BYTES, field_of, utf16
from bot.sandbox.errors import ApiError, bad_request

if TYPE_CHECKING:
    from bot.sandbox.model import Json

SIMPLE_TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "blockquote": "blockquote",
    "pre": "pre",
}
OTHER_TAGS: Final = {"a": "text_link", "span": "spoiler", "tg-emoji": "custom_emoji"}
NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
GIVEN_TYPES: Final = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "text_link", "text_mention"}
    | {"expandable_blockquote", "custom_emoji", *SIMPLE_TAGS.values()}
)
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));?")
ATTRIBUTE = re.compile(r"""\s+([^\s=<>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=]+))?""")
END_TAG = re.compile(r"</\s*([a-zA-Z0-9-]*)\s*>")
START_NAME = re.compile(r"<([a-zA-Z0-9-]*)")
FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"“”（）]+[^\s<>\"“”（）.,!?;:)'。，！？；：])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w/])@[a-zA-Z]\w{2,31}\b)"
    r"|(?P<bot_command>(?<![\w/@<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z]\w{2,31})?\b(?!/))"
    r"|(?P<hashtag>(?u:(?<![\w#])#\w*[^\W\d]\w*))",
    re.ASCII,
)


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    kind: str
    start: int
    at: int
    extra: Json = field(default_factory=dict)


def parse_error(text: str) -> ApiError:
    """Return the refusal of markup that does not parse."""
    return bad_request(f"can't parse entities: {text}")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return plain text and entities of HTML as Telegram reads it, or refuse it."""
    if len(source.encode("utf-8", "surrogatepass")) > MAX_RAW_BYTES:
        raise bad_request("text is too long")
    return _Html(source).run()


class _Html:
    """One pass over the source; positions in errors are byte offsets, positions in entities UTF-16 units."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.found: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        position = 0
        while position < len(self.source):
            char = self.source[position]
            if char == "<":
                position = self._end(position) if self.source.startswith("</", position) else self._start(position)
            elif char == "&" and (match := REFERENCE.match(self.source, position)) and (decoded := _decode(match)):
                self._put(decoded)
                position = match.end()
            else:
                self._put(char)
                position += 1
        if self.open:
            raise parse_error(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.out), sorted(self.found, key=lambda e: (e["offset"], -e["length"]))

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16(text)

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _start(self, position: int) -> int:
        match = START_NAME.match(self.source, position)
        tag = match.group(1).lower() if match else ""
        end = position + 1 + len(tag)
        offset = self._bytes(position)
        if tag not in SIMPLE_TAGS and tag not in OTHER_TAGS:
            raise parse_error(f'Unsupported start tag "{tag}" at byte offset {offset}')
        attributes: dict[str, str] = {}
        while attribute := ATTRIBUTE.match(self.source, end):
            attributes[attribute.group(1).lower()] = _unquote(attribute.group(2) or "")
            end = attribute.end()
        while end < len(self.source) and self.source[end].isspace():
            end += 1
        if self.source[end : end + 1] != ">":
            raise parse_error(f"Unclosed start tag at byte offset {offset}")
        kind, extra = self._meaning(tag, attributes, offset)
        self.open.append(_Open(tag, kind, len(self.out), self.length, extra))
        return end + 1

    def _meaning(self, tag: str, attributes: dict[str, str], offset: int) -> tuple[str, Json]:
        if tag == "span":
            if attributes.get("class") != "tg-spoiler":
                raise parse_error(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
            return "spoiler", {}
        if tag == "a":
            return "text_link", {"url": attributes.get("href", "")}
        if tag == "tg-emoji":
            if not attributes.get("emoji-id", "").isdigit():
                raise parse_error("Invalid custom emoji identifier specified")
            return "custom_emoji", {"custom_emoji_id": attributes["emoji-id"]}
        if tag == "blockquote" and "expandable" in attributes:
            return "expandable_blockquote", {}
        language = attributes.get("class", "")
        if tag == "code" and language.startswith("language-"):
            return "code", {"language": language.removeprefix("language-")}
        return SIMPLE_TAGS[tag], {}

    def _end(self, position: int) -> int:
        offset = self._bytes(position)
        match = END_TAG.match(self.source, position)
        if match is None:
            raise parse_error(f"Unclosed end tag at byte offset {offset}")
        if not self.open:
            raise parse_error(f"Unexpected end tag at byte offset {offset}")
        name, tag = match.group(1).lower(), self.open.pop()
        if name not in {"", tag.tag}:
            raise parse_error(f'Unmatched end tag at byte offset {offset}, expected "</{tag.tag}>", found "</{name}>"')
        self._close(tag)
        return match.end()

    def _close(self, tag: _Open) -> None:
        length = self.length - tag.at
        if tag.kind == "text_link":
            url = tag.extra["url"] or "".join(self.out[tag.start :])
            if not _is_url(url):
                return  # a link that leads nowhere is plain text, not an error
            tag.extra = {"url": url}
            if user := re.fullmatch(r"tg://user\?id=(\d+)", url):
                tag.kind, tag.extra = "text_mention", {"user_id": int(user.group(1))}
        if tag.kind == "code" and "language" in tag.extra:
            tag.extra = self._nested_language(tag, length)
            if not tag.extra.pop("keep", True):
                return
        if length:
            self.found.append({"type": tag.kind, "offset": tag.at, "length": length, **tag.extra})

    def _nested_language(self, tag: _Open, length: int) -> Json:
        """Move `language` from a code tag to the pre around it; elsewhere it means nothing."""
        if self.open and self.open[-1].kind == "pre" and self.open[-1].at == tag.at and length:
            self.open[-1].extra = {"language": tag.extra["language"]}
            return {"keep": False}
        return {}


def _unquote(value: str) -> str:
    if value[:1] in {'"', "'"}:
        value = value[1:-1]
    return REFERENCE.sub(lambda match: _decode(match) or match.group(), value)


def _decode(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        return NAMED.get(name, "")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _is_url(url: str) -> bool:
    return bool(re.fullmatch(r"(?:https?://|tg://)\S+|[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", url))


def given_entities(items: list[Json], text: str) -> list[Json]:
    """Return the entities that a caller passed, checked; those outside the text are cut as Telegram cuts them."""
    kept: list[Json] = []
    size = utf16(text)
    for item in items:
        if not isinstance(item, dict):
            raise bad_request("can't parse MessageEntity: expected an Object")
        kind = field_of(item, "type", str, "MessageEntity")
        offset = field_of(item, "offset", int, "MessageEntity")
        length = field_of(item, "length", int, "MessageEntity")
        if not isinstance(kind, str) or not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("can't parse MessageEntity: Can't find required field")
        if kind not in GIVEN_TYPES:
            raise bad_request("can't parse MessageEntity: unsupported type specified")
        if offset < 0 or length <= 0 or offset >= size:
            continue
        kept.append(item | {"length": min(length, size - offset)})
    return kept


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Strip white space at both ends and move the entities along."""
    stripped = text.rstrip()
    lead = len(stripped) - len(stripped.lstrip())
    shift, stripped = utf16(stripped[:lead]), stripped[lead:]
    size = utf16(stripped)
    kept: list[Json] = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, size)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return stripped, kept


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """Add commands, mentions, links, hashtags and addresses outside code, at most a hundred entities in all."""
    if not any(mark in text for mark in "@/#"):
        return entities[:MAX_ENTITIES]
    opaque = [e for e in entities if e["type"] in {"code", "pre", "text_link", "text_mention"}]
    found: list[Json] = []
    for match in FOUND.finditer(text):
        offset = utf16(text[: match.start()])
        length = utf16(match.group())
        if not any(offset < e["offset"] + e["length"] and e["offset"] < offset + length for e in opaque):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    merged = sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"]))
    return merged[:MAX_ENTITIES]
