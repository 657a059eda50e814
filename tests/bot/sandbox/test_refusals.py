"""Telegram's refusals, in Telegram's words: each mistake a bot can make shows here first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.sandbox.world import CHANNEL, FORUM, GROUP, YOU

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.testing import Sandbox

    Call = Callable[..., dict[str, Any]]


def keyboard(**button: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Press", **button}]]}


REFUSED = [
    # what is sent, and what Telegram says to it
    ({}, "chat_id is empty"),
    ({"chat_id": 12345}, "chat not found"),
    ({"chat_id": "@nobody_here"}, "chat not found"),
    ({"chat_id": "not a number"}, "chat not found"),
    ({"chat_id": YOU}, "message text is empty"),
    ({"chat_id": YOU, "text": ""}, "message text is empty"),
    ({"chat_id": YOU, "text": " \n\t "}, "text must be non-empty"),
    ({"chat_id": YOU, "text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ({"chat_id": YOU, "text": "x" * 4097}, "message is too long"),
    ({"chat_id": YOU, "text": "\U0001f600" * 4097}, "message is too long"),
    ({"chat_id": YOU, "text": "<i></i>" * 9000, "parse_mode": "HTML"}, "text is too long"),
    ({"chat_id": YOU, "text": ["x"]}, 'field "text" must be of type String'),
    ({"chat_id": YOU, "text": "x", "message_thread_id": "one"}, 'field "message_thread_id" must be of type Integer'),
    ({"chat_id": YOU, "text": "x", "disable_notification": "maybe"}, "must be of type Boolean"),
    ({"chat_id": YOU, "text": "x", "parse_mode": "RTF"}, "unsupported parse_mode"),
    ({"chat_id": YOU, "text": "a < b", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
    ({"chat_id": YOU, "text": "x", "entities": [{"type": "bold"}]}, "Can't find required field"),
    ({"chat_id": YOU, "text": "x", "entities": [{"type": "shiny", "offset": 0, "length": 1}]}, "unsupported type"),
    ({"chat_id": YOU, "text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ({"chat_id": YOU, "text": "x", "reply_parameters": {"message_id": "1"}}, 'Field "message_id" must be of type'),
    ({"chat_id": YOU, "text": "x", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ({"chat_id": YOU, "text": "x", "link_preview_options": {"is_disabled": 1}}, "must be of type Boolean"),
    ({"chat_id": YOU, "text": "x", "reply_markup": keyboard(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
    ({"chat_id": YOU, "text": "x", "reply_markup": keyboard(callback_data="数" * 22)}, "BUTTON_DATA_INVALID"),
    ({"chat_id": YOU, "text": "x", "reply_markup": keyboard(callback_data="")}, "BUTTON_DATA_INVALID"),
    ({"chat_id": YOU, "text": "x", "reply_markup": keyboard()}, "Text buttons are unallowed"),
    ({"chat_id": YOU, "text": "x", "reply_markup": keyboard(url="no url")}, "Wrong HTTP URL"),
    ({"chat_id": YOU, "text": "x", "reply_markup": {"inline_keyboard": [{}]}}, "Array of Arrays"),
    ({"chat_id": YOU, "text": "x", "reply_markup": {"inline_keyboard": {}}}, "must be of type Array"),
    ({"chat_id": YOU, "text": "x", "reply_markup": {"buttons": []}}, "object expected as reply markup"),
    ({"chat_id": FORUM, "text": "x", "message_thread_id": 999}, "message thread not found"),
    ({"chat_id": FORUM, "text": "x", "message_thread_id": 1}, "message thread not found"),
]


@pytest.mark.parametrize(("params", "words"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_send_message_is_refused(sandbox: Sandbox, call: Call, params: dict[str, Any], words: str) -> None:
    sandbox.say(YOU, "/start")
    answer = call("sendMessage", **params)
    assert answer["error_code"] == 400
    assert answer["description"].startswith("Bad Request: ")
    assert words in answer["description"]
    assert sandbox.journal.delivered() == []
    assert len(sandbox.journal.refused()) == 1


def test_limits_count_code_points_after_parsing(sandbox: Sandbox, call: Call) -> None:
    sandbox.say(YOU, "/start")
    assert call("sendMessage", chat_id=YOU, text="\U0001f600" * 4096)["ok"]
    assert call("sendMessage", chat_id=YOU, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")["ok"]
    assert call("sendMessage", chat_id=YOU, text="x", reply_markup=keyboard(callback_data="数" * 21 + "x"))["ok"]


def test_a_missing_reply_target_can_be_allowed(sandbox: Sandbox, call: Call) -> None:
    sandbox.say(YOU, "/start")
    reply = {"message_id": 999, "allow_sending_without_reply": True}
    answer = call("sendMessage", chat_id=YOU, text="x", reply_parameters=reply)
    assert answer["ok"]
    assert "reply_to_message" not in answer["result"]


def test_a_thread_id_means_nothing_outside_forums(call: Call) -> None:
    answer = call("sendMessage", chat_id=GROUP, text="x", message_thread_id=77)
    assert answer["ok"]
    assert "message_thread_id" not in answer["result"]


def test_unknown_methods_and_tokens(sandbox: Sandbox, call: Call) -> None:
    assert call("sendRocket")["error_code"] == 404
    assert call("SENDMESSAGE", chat_id=GROUP, text="x")["ok"], "names are taken in any case"
    wrong = httpx.get(f"{sandbox.url}/bot1:wrong/getMe", trust_env=False)
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert httpx.get(f"{sandbox.url}/botnonsense/getMe", trust_env=False).status_code == 404


def test_bodies_that_are_no_bodies(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/bot{sandbox.token}/sendMessage"
    for headers, body in (
        ({"content-type": "application/json"}, b"{"),
        ({"content-type": "application/json"}, b"[]"),
        ({"content-type": "application/x-www-form-urlencoded"}, b"text=\xff\xfe"),
        ({"content-type": "multipart/form-data"}, b"--x"),
    ):
        answer = httpx.post(url, headers=headers, content=body, trust_env=False)
        assert answer.status_code == 400, body


def test_private_chats_that_cannot_be_written_to(sandbox: Sandbox, call: Call) -> None:
    assert "can't initiate conversation" in call("sendMessage", chat_id=YOU, text="x")["description"]
    sandbox.say(YOU, "/start")
    sandbox.block()
    blocked = call("sendMessage", chat_id=YOU, text="x")
    assert (blocked["error_code"], blocked["description"]) == (403, "Forbidden: bot was blocked by the user")
    sandbox.block(blocked=False)
    assert call("sendMessage", chat_id=YOU, text="x")["ok"]
    sandbox.world.users[YOU].deactivated = True
    assert call("sendMessage", chat_id=YOU, text="x")["description"] == "Forbidden: user is deactivated"


@pytest.mark.parametrize(("chat", "kind"), [(GROUP, "group"), (FORUM, "supergroup"), (CHANNEL, "channel")])
def test_chats_without_the_bot(sandbox: Sandbox, call: Call, chat: int, kind: str) -> None:
    sandbox.set_bot(chat, "kicked")
    kicked = call("sendMessage", chat_id=chat, text="x")
    assert (kicked["error_code"], kicked["description"]) == (403, f"Forbidden: bot was kicked from the {kind} chat")
    sandbox.set_bot(chat, "left")
    assert call("sendMessage", chat_id=chat, text="x")["description"] == (
        f"Forbidden: bot is not a member of the {kind} chat"
    )


def test_a_migrated_group_names_its_new_id(sandbox: Sandbox, call: Call) -> None:
    new = sandbox.migrate(GROUP)
    answer = call("sendMessage", chat_id=GROUP, text="x")
    assert answer["error_code"] == 400
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    assert call("sendMessage", chat_id=new, text="x")["ok"]


def test_rights_topics_and_slow_mode(sandbox: Sandbox, call: Call) -> None:
    forum = sandbox.world.chat(FORUM)
    topic = next(iter(forum.topics))
    forum.topics[topic].closed = True
    assert call("sendMessage", chat_id=FORUM, text="x", message_thread_id=topic)["description"] == (
        "Bad Request: TOPIC_CLOSED"
    )
    sandbox.set_bot(FORUM, "administrator")
    assert call("sendMessage", chat_id=FORUM, text="x", message_thread_id=topic)["ok"]
    sandbox.set_bot(FORUM, "member")
    forum.slow_mode = 30
    assert call("sendMessage", chat_id=FORUM, text="x")["error_code"] == 429
    forum.slow_mode = 0
    forum.permissions = frozenset()
    assert "not enough rights to send text messages" in call("sendMessage", chat_id=FORUM, text="x")["description"]
    sandbox.set_bot(CHANNEL, "member")
    assert (
        "need administrator rights in the channel chat" in call("sendMessage", chat_id=CHANNEL, text="x")["description"]
    )


def test_edits(sandbox: Sandbox, call: Call) -> None:
    asked = sandbox.say(GROUP, "/ask")
    sent = call("sendMessage", chat_id=GROUP, text="four", reply_markup=keyboard(callback_data="1"))["result"]
    mine = {"chat_id": GROUP, "message_id": sent["message_id"]}
    same = call("editMessageText", **mine, text="four", reply_markup=keyboard(callback_data="1"))
    assert same["description"].startswith("Bad Request: message is not modified")
    assert call("editMessageText", **mine, text="four")["ok"], "the keyboard goes, so this is a change"
    assert "is not modified" in call("editMessageReplyMarkup", **mine)["description"]
    assert call("editMessageText", chat_id=GROUP, message_id=asked.id, text="x")["description"] == (
        "Bad Request: message can't be edited"
    )
    assert (
        "message to edit not found" in call("editMessageText", chat_id=GROUP, message_id=999, text="x")["description"]
    )
    assert "identifier is not specified" in call("editMessageText", chat_id=GROUP, text="x")["description"]
    assert "MESSAGE_ID_INVALID" in call("editMessageText", inline_message_id="no", text="x")["description"]
    assert "there is no caption" in call("editMessageCaption", **mine, caption="x")["description"]
    assert "message text is empty" in call("editMessageText", **mine)["description"]


def test_deletions(sandbox: Sandbox, call: Call) -> None:
    theirs = sandbox.say(GROUP, "hello")
    assert "message can't be deleted" in call("deleteMessage", chat_id=GROUP, message_id=theirs.id)["description"]
    assert "to delete not found" in call("deleteMessage", chat_id=GROUP, message_id=999)["description"]
    sandbox.set_bot(GROUP, "administrator")
    assert call("deleteMessage", chat_id=GROUP, message_id=theirs.id)["ok"]
    old = call("sendMessage", chat_id=GROUP, text="old")["result"]["message_id"]
    sandbox.world.chat(GROUP).messages[old].date -= 49 * 3600
    assert "can't be deleted for everyone" in call("deleteMessage", chat_id=GROUP, message_id=old)["description"]
    assert "too many" in call("deleteMessages", chat_id=GROUP, message_ids=list(range(101)))["description"]
    fresh = call("sendMessage", chat_id=GROUP, text="new")["result"]["message_id"]
    assert call("deleteMessages", chat_id=GROUP, message_ids=[fresh, 12345])["ok"]
    assert fresh not in sandbox.world.chat(GROUP).messages


def test_callback_answers(sandbox: Sandbox, call: Call) -> None:
    sent = call("sendMessage", chat_id=GROUP, text="x", reply_markup=keyboard(callback_data="1"))["result"][
        "message_id"
    ]
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert call("answerCallbackQuery", callback_query_id="unknown")["description"] == too_old
    query = sandbox.press(GROUP, sent, "1")
    assert call("answerCallbackQuery", callback_query_id=query, text="x" * 201)["description"].endswith("TOO_LONG")
    assert call("answerCallbackQuery", callback_query_id=query)["ok"]
    assert call("answerCallbackQuery", callback_query_id=query)["description"] == too_old, "once only"
    late = sandbox.press(GROUP, sent, "1")
    sandbox.world.callbacks[late].asked -= 3600
    assert call("answerCallbackQuery", callback_query_id=late)["description"] == too_old


def test_inline_answers(sandbox: Sandbox, call: Call) -> None:
    def article(**changes: object) -> dict[str, object]:
        return {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "x"}} | changes

    def refusal(*results: object, **more: object) -> str:
        query = sandbox.ask_inline("qdlp")
        answer = call("answerInlineQuery", inline_query_id=query, results=list(results), **more)
        return str(answer.get("description", ""))

    assert "RESULT_ID_DUPLICATE" in refusal(article(), article())
    assert "RESULT_ID_INVALID" in refusal(article(id="x" * 65))
    assert "ARTICLE_TITLE_EMPTY" in refusal(article(title=" "))
    assert "message content is not specified" in refusal(article(input_message_content=None))
    assert "message text is empty" in refusal(article(input_message_content={"message_text": ""}))
    assert "RESULTS_TOO_MUCH" in refusal(*[article(id=str(i)) for i in range(51)])
    assert "NEXT_OFFSET_INVALID" in refusal(article(), next_offset="x" * 65)
    assert "START_PARAM_INVALID" in refusal(article(), button={"text": "Open", "start_parameter": "no way!"})
    broken = {"message_text": "<b>x", "parse_mode": "HTML"}
    assert "can't parse entities" in refusal(article(input_message_content=broken))
    assert refusal(article()) == ""
    late = sandbox.ask_inline("qdlp")
    sandbox.world.inline_queries[late].asked -= 11
    assert "query is too old" in call("answerInlineQuery", inline_query_id=late, results=[article()])["description"]


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("setMyCommands", {"commands": [{"command": "Ask", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "ask", "description": ""}]}, "DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": [], "language_code": "zh-hans"}, "LANGUAGE_CODE_INVALID"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 1}}, "chat not found"),
        ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}, "Unsupported type"),
        ("setMyDescription", {"description": "x" * 513}, "BOT_DESCRIPTION_INVALID"),
        ("setMyName", {"name": "x" * 65}, "BOT_TITLE_INVALID"),
        ("setWebhook", {"url": "http://example.org/hook"}, "An HTTPS URL must be provided"),
        ("setWebhook", {"url": "https://example.org:8080/hook"}, "only on ports"),
        ("setWebhook", {"url": "https://example.org/hook", "secret_token": "a b"}, "unallowed characters"),
        ("sendChatAction", {"chat_id": GROUP, "action": "dancing"}, "wrong parameter action"),
        ("setMessageReaction", {"chat_id": GROUP, "message_id": 9}, "message to react not found"),
        ("pinChatMessage", {"chat_id": GROUP, "message_id": 9}, "not enough rights to manage pinned messages"),
        ("getChatMember", {"chat_id": GROUP, "user_id": 9}, "user not found"),
        ("copyMessage", {"chat_id": GROUP, "from_chat_id": GROUP, "message_id": 9}, "message to copy not found"),
        ("forwardMessage", {"chat_id": GROUP, "from_chat_id": GROUP, "message_id": 9}, "to forward not found"),
        ("sendDocument", {"chat_id": GROUP, "document": "unknown-id"}, "wrong file identifier"),
        ("sendPhoto", {"chat_id": GROUP}, "there is no photo in the request"),
        ("answerGuestQuery", {"guest_query_id": "x"}, "result is empty"),
    ],
)
def test_other_methods_refuse(call: Call, method: str, params: dict[str, Any], words: str) -> None:
    answer = call(method, **params)
    assert answer["error_code"] == 400
    assert words in answer["description"]
