"""Answers to inline and guest queries, with the checks that Telegram makes of their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.sandbox.checks import field_of
from bot.sandbox.errors import bad_request, query_too_old
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.methods.call import rich_text
from bot.sandbox.model import Message

if TYPE_CHECKING:
    from bot.sandbox.methods.call import Call
    from bot.sandbox.model import Json
    from bot.sandbox.world import Query, World

MAX_RESULTS: Final = 50
MAX_BYTES: Final = 64
MAX_CACHE: Final = 24 * 3600
SHOWN: Final = ("type", "id", "title", "description", "thumbnail_url", "url")


def answer_inline_query(call: Call) -> bool:
    """Answer what a user typed after the bot's name: once, in time, with at most fifty well-formed results."""
    params, world = call.params, call.world
    given = params.array("results", "InlineQueryResult")
    if given is None:
        raise bad_request("results are empty")
    if len(given) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    next_offset = params.text("next_offset")
    if len(next_offset.encode()) > MAX_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    cache_time = params.number("cache_time", 300)
    params.flag("is_personal")
    results = [_result(world, item) for item in given]
    ids = [result["id"] for result in results]
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    query = world.inline_queries.get(params.text("inline_query_id"))
    if query is None or query.answer is not None or world.clock() - query.asked > world.inline_seconds:
        raise query_too_old()
    query.results = {result["id"]: result for result in results}
    query.answer = {
        "results": [_shown(result) for result in results],
        "next_offset": next_offset,
        "cache_time": min(max(cache_time, 0), MAX_CACHE),
        "button": _button(params.obj("button", "InlineQueryResultsButton")),
    }
    world.events.tell("inline_answer", query.chat_id, user_id=query.user_id, query_id=query.id)
    return True


def _result(world: World, item: Any) -> Json:  # noqa: ANN401 - whatever the caller's JSON holds
    what = "InlineQueryResult"
    if not isinstance(item, dict):
        raise bad_request(f"can't parse {what}: expected an Object")
    kind, result_id = field_of(item, "type", str, what), field_of(item, "id", str, what)
    if not kind:
        raise bad_request(f"can't parse {what}: Can't find field \"type\"")
    if not result_id or len(str(result_id).encode()) > MAX_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if kind == "article" and not str(field_of(item, "title", str, what) or "").strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = field_of(item, "input_message_content", dict, what)
    if not isinstance(content, dict):
        # Media results carry their own content; the sandbox shows their caption.
        if kind == "article":
            raise bad_request("message content is not specified")
        content = {
            "message_text": item.get("caption") or item.get("title") or kind,
            "parse_mode": item.get("parse_mode"),
        }
    return item | {"sandbox_content": _content(world, content), "reply_markup": _markup(item)}


def _content(world: World, content: Json) -> Json:
    what = "InputTextMessageContent"
    source = field_of(content, "message_text", str, what)
    if not source:
        raise bad_request("message text is empty")
    mode = field_of(content, "parse_mode", str, what) or ""
    entities = field_of(content, "entities", list, what) or []
    text, found = rich_text(world, str(source), str(mode), list(entities) if isinstance(entities, list) else [])
    if not text:
        raise bad_request("text must be non-empty")
    return {"text": text, "entities": found}


def _markup(item: Json) -> Json | None:
    markup = field_of(item, "reply_markup", dict, "InlineQueryResult")
    return checked_markup(markup, inline_only=True) if isinstance(markup, dict) else None


def _button(button: Json | None) -> Json | None:
    if button is None:
        return None
    text = field_of(button, "text", str, "InlineQueryResultsButton")
    start = str(field_of(button, "start_parameter", str, "InlineQueryResultsButton") or "")
    if not text or (not start and "web_app" not in button):
        raise bad_request("can't parse InlineQueryResultsButton: exactly one of the optional fields must be used")
    if len(start) > MAX_BYTES or not start.replace("-", "").replace("_", "").isalnum():
        raise bad_request("START_PARAM_INVALID")
    return button


def _shown(result: Json) -> Json:
    return {name: result[name] for name in SHOWN if name in result} | {"text": result["sandbox_content"]["text"]}


def answer_guest_query(call: Call) -> Json:
    """Post the one message that a bot may leave in a chat where it is only a guest."""
    world = call.world
    query = world.guest_queries.get(call.params.text("guest_query_id"))
    given = call.params.obj("result", "InlineQueryResult")
    if given is None:
        raise bad_request("result is empty")
    result = _result(world, given)
    if query is None or query.answer is not None or world.clock() - query.asked > world.callback_seconds:
        raise query_too_old()
    message = _guest_message(world, query, result)
    query.answer = {"message_id": message.id}
    return {"inline_message_id": message.inline_id}


def _guest_message(world: World, query: Query, result: Json) -> Message:
    chat = world.chat(query.chat_id or 0)
    body = result["sandbox_content"]
    message = Message(chat.id, 0, world.now(), world.bot.id, body["text"], body["entities"], thread_id=query.thread_id)
    message.markup = result["reply_markup"]
    message.reply_to = query.message_id
    message.guest_caller_id = query.user_id
    message.inline_id = world.serial("inline")
    world.post(chat, message)
    world.inline_messages[message.inline_id] = (chat.id, message.id)
    return message
