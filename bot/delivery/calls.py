"""From a row of the outbox to a call of the Bot API, and the connections that such calls go over."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot

from bot.http import Http, Patience
from bot.store.outbox import Item

CONNECT_SECONDS = 3.0
_TAG = re.compile(r"<[^<>]*>")
# Edits of a copy need not repeat what stands there: where it came from, or how it was announced.
_SENDING_ONLY = frozenset({"from_chat_id", "message_id", "disable_notification", "protect_content"})
BROADCAST = frozenset({"announce", "digest", "change"})
"""What goes to many; a report or an answer goes to one and is never paid for."""


@dataclass(frozen=True, slots=True)
class Call:
    """A method of the Bot API with its parameters."""

    method: str
    params: dict[str, Any]

    def plain(self) -> "Call | None":
        """Return the same without markup, for a Telegram that does not understand it; None if it has none."""
        if "parse_mode" not in self.params:
            return None
        params = {key: value for key, value in self.params.items() if key != "parse_mode"}
        for name in ("text", "caption"):
            if name in params:
                params[name] = plain_text(params[name])
        return Call(self.method, params)


def plain_text(markup: str) -> str:
    """Return the text of a message without its tags."""
    return html.unescape(_TAG.sub("", markup))


def call_of(item: Item, content: Mapping[str, Any] | None, *, paid: bool = False) -> Call:
    """Return the call that a row stands for, `paid` if it is a broadcast; raises LookupError if its content is gone."""
    call = _call_of(item, content)
    if paid and item.kind in BROADCAST:
        return Call(call.method, {**call.params, "allow_paid_broadcast": True})
    return call


def _call_of(item: Item, content: Mapping[str, Any] | None) -> Call:
    """Return the call that a row stands for."""
    if item.kind == "retract":
        return Call("deleteMessage", _place(item))
    if item.kind == "correct":
        return _edit(item, rendering(content, item.language))
    if item.payload is not None:
        return Call(item.method, _addressed(item, item.payload))
    chosen = rendering(content, item.language)
    return Call(chosen["method"], _addressed(item, chosen["params"]))


def rendering(content: Mapping[str, Any] | None, language: str | None) -> Mapping[str, Any]:
    """Return what an announcement says in a language, or in the one that it has."""
    renderings: Mapping[str, Mapping[str, Any]] = (content or {}).get("renderings", {})
    if not renderings:
        raise LookupError("the announcement has no content")
    return renderings.get(language or "") or renderings.get("*") or next(iter(renderings.values()))


def _place(item: Item) -> dict[str, Any]:
    """Return which message is meant: the chat as it was when the message was sent."""
    return {"chat_id": item.payload["chat_id"], "message_id": item.payload["message_id"]}


def _edit(item: Item, chosen: Mapping[str, Any]) -> Call:
    """Return the edit that turns a copy into a rendering."""
    edit = chosen.get("edit") or {"method": "editMessageText", "params": chosen["params"]}
    params = {key: value for key, value in edit["params"].items() if key not in _SENDING_ONLY}
    return Call(edit["method"], {**params, **_place(item)})


def _addressed(item: Item, params: Mapping[str, Any]) -> dict[str, Any]:
    """Add where it goes; a method that edits names its message itself."""
    addressed: dict[str, Any] = {**params, "chat_id": item.chat_id}
    if item.thread_id:
        addressed["message_thread_id"] = item.thread_id
    if item.silent:
        addressed["disable_notification"] = True
    return addressed


async def carry_out(bot: Bot, call: Call) -> int | None:
    """Call Telegram; returns the id of the message that came of it. Raises what PTB raises."""
    # With its last character PTB would not let the raw answer of a method through that it also wraps itself.
    result: Any = await bot.do_api_request(f"{call.method}_", api_kwargs=call.params)
    return result.get("message_id") if isinstance(result, dict) else None


@asynccontextmanager
async def connected(token: str, api_url: str, *, connections: int = 12, seconds: float = 10.0) -> AsyncIterator[Bot]:
    """Open connections of the delivery's own, so that announcements take none from the replies."""
    patience = Patience(connect=CONNECT_SECONDS, read=seconds, write=seconds, pool=CONNECT_SECONDS)
    request = Http(api_url, connections=connections, patience=patience)
    await request.initialize()
    # Not initialised: that would ask Telegram who we are, and fail where Telegram is away.
    bot = Bot(token, base_url=f"{api_url}/bot", request=request, get_updates_request=request)
    try:
        yield bot
    finally:
        await request.shutdown()
