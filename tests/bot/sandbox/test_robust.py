"""Whatever a caller sends, the sandbox answers or refuses; it never breaks."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.sandbox import people
from bot.sandbox.actions import ACTIONS
from bot.sandbox.bot_api import BotApi
from bot.sandbox.checks import Params
from bot.sandbox.errors import ApiError
from bot.sandbox.methods.table import METHODS
from bot.sandbox.server import beside
from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU, furnished

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.testing import Sandbox
    from bot.sandbox.world import World

NAMES = [
    "chat_id",
    "from_chat_id",
    "message_id",
    "message_ids",
    "text",
    "caption",
    "entities",
    "parse_mode",
    "reply_markup",
    "reply_parameters",
    "message_thread_id",
    "link_preview_options",
    "commands",
    "scope",
    "language_code",
    "results",
    "inline_query_id",
    "result",
    "button",
    "reaction",
    "user_id",
    "action",
    "allowed_updates",
    "offset",
    "menu_button",
    "document",
    "photo",
    "url",
    "secret_token",
    "max_connections",
    "callback_query_id",
    "disable_notification",
]
KEYS = st.sampled_from(
    ["type", "id", "text", "offset", "length", "message_id", "chat_id", "inline_keyboard", "emoji"]
) | (
    st.sampled_from(["command", "description", "input_message_content", "message_text", "is_disabled", "callback_data"])
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from([YOU, GROUP, FORUM, CHANNEL, 2**52])
    | (
        st.sampled_from(
            ["", "x", "HTML", "chat", "article", "bold", "emoji", "👍", "[", "{}", "<b>", "@factline_news", "\ud800"]
        )
    )
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


BROKE_ONCE: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"reply_parameters": {"message_id": 1, "chat_id": [1]}}),
    ("sendMessage", {"entities": [{"type": "text_mention", "offset": 0, "length": 1, "user": [1]}]}),
    ("sendMessage", {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "\ud800"}]]}}),
    ("sendMessage", {"text": "\ud800"}),
    ("setMessageReaction", {"reaction": [{"type": "emoji", "emoji": []}]}),
    ("deleteMessages", {"message_ids": [""]}),
    ("answerInlineQuery", {"inline_query_id": "1", "results": [], "next_offset": "\ud800"}),
    ("setChatMenuButton", {"menu_button": {"type": []}}),
]


@pytest.mark.parametrize(("method", "params"), BROKE_ONCE)
def test_what_broke_once_is_refused(method: str, params: dict[str, Any]) -> None:
    world = furnished()
    people.say(world, YOU, "/start", YOU)
    place = {"chat_id": YOU, "message_id": 1, "text": "x"}
    status, _answer = asyncio.run(BotApi(world).call(method, place | params))
    assert status == (200 if params.get("reply_parameters") or params.get("entities") else 400)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(METHODS)), st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6), st.booleans())
def test_any_parameters_are_answered_or_refused(method: str, params: dict[str, Any], sound: bool) -> None:
    world = furnished()
    people.say(world, YOU, "/start", YOU)
    # Half of the calls name a chat and a message that exist, so that the rest of their parameters is reached.
    place = {"chat_id": YOU, "from_chat_id": YOU, "message_id": 1, "text": "x", "user_id": YOU} if sound else {}
    status, answer = asyncio.run(BotApi(world).call(method, place | params))
    assert status in {200, 400, 403, 404, 409, 429}
    assert answer["ok"] is (status == 200)


async def act(world: World, action: str, params: dict[str, Any]) -> object:
    return await ACTIONS[action](world, Params(params))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(set(ACTIONS) - {"inline", "bulk"})),
    st.dictionaries(st.sampled_from(["user", "chat", "text", "thread", "message", "data", "what", "on"]), VALUES),
)
def test_any_deed_is_done_or_refused(action: str, params: dict[str, Any]) -> None:
    world = furnished()
    try:
        asyncio.run(act(world, action, params))
    except ApiError as error:
        assert error.status in {400, 403}  # noqa: PT017 - both outcomes are right


@given(
    st.sampled_from([YOU, GROUP, FORUM, CHANNEL]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.booleans(),
)
def test_every_update_is_read_by_ptb(chat: int, text: str, mei: bool) -> None:
    world = furnished()
    world.profile.can_read_all = True
    user = MEI if mei and chat != CHANNEL else YOU
    message = people.say(world, user if chat == YOU else chat, text, user)
    people.edit(world, message.chat_id, message.id, text + "!", user)
    people.press(world, message.chat_id, message.id, "data", user)
    people.type_inline(world, user, text, chat_id=message.chat_id)
    updates = [Update.de_json(update, None) for update in world.updates.pending]
    assert len(updates) == 4
    assert [update.effective_user is not None or chat == CHANNEL for update in updates] == [True] * 4


async def test_it_runs_beside_a_bot_and_says_when_the_port_is_taken() -> None:
    async with beside(furnished(), port=0) as url:
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(url)).status_code == 200
        with pytest.raises(OSError, match="in use"):
            async with beside(furnished(), port=int(url.rpartition(":")[2])):
                pass


async def test_unmet_waits_say_what_happened(sandbox: Any, call: Callable[..., dict[str, Any]]) -> None:
    call("sendMessage", chat_id=GROUP, text="four")
    with pytest.raises(TimeoutError, match=r"sendMessage .* 200 four"):
        await sandbox.wait_for_reply(FORUM, timeout=0.1)
    with pytest.raises(TimeoutError):
        sandbox.until(lambda: False, timeout=0.05)


def test_a_request_that_its_sender_s_death_broke_off_is_no_call(
    sandbox: Sandbox, call: Callable[..., dict[str, Any]]
) -> None:
    with socket.create_connection((sandbox.host, sandbox.port)) as dying:
        head = f"POST /bot{sandbox.token}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        dying.sendall((head + 'Content-Length: 400\r\n\r\n{"chat_id": ').encode())
        dying.shutdown(socket.SHUT_WR)
        while dying.recv(4096):  # until the sandbox has noticed
            pass
    assert call("sendMessage", chat_id=GROUP, text="Alive")["ok"]
    assert [entry.status for entry in sandbox.journal.calls("sendMessage")] == [200]
