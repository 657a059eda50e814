"""The rest of the Bot API as PTB uses it: menus, chats, files, inline, guest mode and webhooks."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MenuButtonCommands,
    ReactionTypeEmoji,
    Update,
)
from telegram.constants import ChatAction, ChatMemberStatus

from bot.sandbox.model import Chat, Member
from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU

if TYPE_CHECKING:
    from starlette.requests import Request
    from telegram import Bot

    from bot.sandbox.testing import Sandbox


async def test_get_me_tells_what_is_switched_on(bot: Bot) -> None:
    me = await bot.get_me()
    assert me.username == "factline_bot"
    assert me.supports_inline_queries
    assert me.can_read_all_group_messages is False


async def test_menus_by_scope_and_language(sandbox: Sandbox, bot: Bot) -> None:
    def menu(chat: int, user: int) -> list[str]:
        place, person = sandbox.world.chat(chat), sandbox.world.users[user]
        found = sandbox.world.profile.menu(place, user, person.language_code, is_admin=user == YOU)
        return [item["description"] for item in found]

    await bot.set_my_commands([BotCommand("ask", "Ask")])
    await bot.set_my_commands([BotCommand("ask", "提问")], language_code="zh")
    await bot.set_my_commands([BotCommand("ask", "Private")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([BotCommand("ask", "Here")], scope=BotCommandScopeChat(GROUP))
    assert menu(YOU, YOU) == ["Private"]
    assert menu(MEI, MEI) == ["Private"], "the scope comes first, then the language"
    assert menu(GROUP, MEI) == ["Here"]
    assert menu(FORUM, MEI) == ["提问"]
    assert (await bot.get_my_commands(language_code="zh"))[0].description == "提问"
    assert await bot.delete_my_commands(scope=BotCommandScopeChat(GROUP))
    assert menu(GROUP, MEI) == ["提问"]


async def test_names_and_descriptions(bot: Bot) -> None:
    assert await bot.set_my_name("Facts")
    assert await bot.set_my_description("Long")
    assert await bot.set_my_description("长", language_code="zh")
    assert await bot.set_my_short_description("Short")
    assert (await bot.get_my_name()).name == "Facts"
    assert (await bot.get_my_description("zh")).description == "长"
    assert (await bot.get_my_description("fr")).description == "Long"
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_chat_menu_button()).type == "commands"


async def test_chats_and_members(sandbox: Sandbox, bot: Bot) -> None:
    group = await bot.get_chat(GROUP)
    assert (group.title, group.type) == ("Chongqing desk", "group")
    assert (await bot.get_chat("@factline_news")).id == CHANNEL
    assert (await bot.get_chat_member(GROUP, YOU)).status == ChatMemberStatus.OWNER
    assert (await bot.get_chat_member(GROUP, MEI)).status == ChatMemberStatus.MEMBER
    admins = {member.user.id: member.status for member in await bot.get_chat_administrators(CHANNEL)}
    assert admins == {YOU: ChatMemberStatus.OWNER, bot.id: ChatMemberStatus.ADMINISTRATOR}
    assert await bot.get_chat_member_count(GROUP) == 3
    assert await bot.leave_chat(GROUP)
    assert sandbox.world.bot_member(sandbox.world.chat(GROUP)).status == "left"


async def test_files_captions_and_copies(sandbox: Sandbox, bot: Bot) -> None:
    report = io.BytesIO(b"chat,state\r\n1,sent\r\n")
    sent = await bot.send_document(GROUP, report, filename="报告.csv", caption="<b>Report</b>", parse_mode="HTML")
    assert sent.document is not None
    assert sent.document.file_name == "报告.csv"
    assert sent.caption == "Report"
    assert sandbox.world.files[sent.document.file_id].data == report.getvalue()
    again = await bot.send_document(GROUP, sent.document.file_id)
    assert again.document == sent.document
    edited = await bot.edit_message_caption(GROUP, sent.message_id, caption="Final report")
    assert not isinstance(edited, bool)
    assert edited.caption == "Final report"
    photo = await bot.send_photo(CHANNEL, b"\x89PNG" + bytes(100))
    assert len(photo.photo) == 2
    copied = await bot.copy_message(FORUM, GROUP, sent.message_id)
    assert sandbox.world.chat(FORUM).messages[copied.message_id].text == "Final report"
    forwarded = await bot.forward_message(FORUM, CHANNEL, photo.message_id)
    assert forwarded.forward_origin is not None


async def test_small_things(sandbox: Sandbox, bot: Bot) -> None:
    asked = sandbox.say(GROUP, "hello")
    assert await bot.send_chat_action(GROUP, ChatAction.TYPING)
    assert await bot.set_message_reaction(GROUP, asked.id, ReactionTypeEmoji("👍"))
    assert sandbox.world.chat(GROUP).messages[asked.id].reactions == {bot.id: "👍"}
    sandbox.set_bot(GROUP, "administrator")
    assert await bot.pin_chat_message(GROUP, asked.id)
    pinned = (await bot.get_chat(GROUP)).pinned_message
    assert pinned is not None
    assert pinned.message_id == asked.id
    assert await bot.unpin_chat_message(GROUP)
    assert await bot.log_out()
    assert await bot.close()


async def test_inline_results_are_chosen_and_edited(sandbox: Sandbox, bot: Bot) -> None:
    query_id = sandbox.ask_inline("qdlp", user=MEI, chat=GROUP)
    (update,) = await bot.get_updates(timeout=1)
    query = update.inline_query
    assert query is not None
    assert (query.id, query.query, query.chat_type) == (query_id, "qdlp", "group")
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    content = InputTextMessageContent("<b>Four</b>", parse_mode="HTML")
    card = InlineQueryResultArticle("pilots", "Pilots", content, reply_markup=buttons)
    assert await bot.answer_inline_query(query.id, [card], is_personal=True, next_offset="1")
    answer = await sandbox.wait_for_answer(query_id)
    assert [result["title"] for result in answer["results"]] == ["Pilots"]
    message = sandbox.choose_inline(query_id, "pilots", GROUP)
    assert (message.text, message.sender_id) == ("Four", MEI)
    posted, chosen = await bot.get_updates(offset=update.update_id + 1, timeout=1)
    assert posted.message is not None
    assert posted.message.via_bot is not None
    assert chosen.chosen_inline_result is not None
    inline_id = chosen.chosen_inline_result.inline_message_id
    assert await bot.edit_message_text("Five", inline_message_id=inline_id) is True
    assert sandbox.world.chat(GROUP).messages[message.id].text == "Five"


async def test_a_guest_answers_once_where_it_is_not_a_member(sandbox: Sandbox, bot: Bot) -> None:
    chat = Chat(-1_004_000_000_001, "supergroup", "Elsewhere")
    sandbox.run(lambda: sandbox.world.add_chat(chat, Member(YOU, "creator")))
    asked = sandbox.say(chat.id, "@factline_bot how many pilots?")
    (update,) = await bot.get_updates(timeout=1, allowed_updates=Update.ALL_TYPES)
    assert update.guest_message is not None
    guest_query_id = update.guest_message.guest_query_id
    assert guest_query_id
    card = InlineQueryResultArticle("1", "Four", InputTextMessageContent("Four"))
    sent = await bot.answer_guest_query(guest_query_id, card)
    assert sent.inline_message_id
    reply = await sandbox.wait_for_reply(chat.id, after=asked.id)
    assert (reply.text, reply.guest_caller_id) == ("Four", YOU)


class _Hook:
    """A webhook that refuses the first delivery of each update."""

    def __init__(self) -> None:
        self.got: list[tuple[str | None, str]] = []
        self.seen: set[int] = set()

    async def __call__(self, request: Request) -> Response:
        body: dict[str, Any] = await request.json()
        self.got.append((request.headers.get("x-telegram-bot-api-secret-token"), body["message"]["text"]))
        if body["update_id"] not in self.seen:
            self.seen.add(body["update_id"])
            return Response(status_code=503)
        return JSONResponse(
            {"method": "sendMessage", "chat_id": body["message"]["chat"]["id"], "text": "from the hook"}
        )


async def test_webhooks_are_retried_in_order_and_their_answers_carried_out(sandbox: Sandbox, bot: Bot) -> None:
    hook = _Hook()
    app = Starlette(routes=[Route("/hook", hook.__call__, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    assert await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s3cret")
    sandbox.say(YOU, "one")
    sandbox.say(YOU, "two")
    await sandbox.wait_for_reply(YOU, count=2)
    assert hook.got == [("s3cret", "one"), ("s3cret", "one"), ("s3cret", "two"), ("s3cret", "two")]
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 0
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    assert await bot.delete_webhook()
    server.should_exit = True
    await running


async def test_get_updates_is_refused_while_a_webhook_is_set(sandbox: Sandbox, call: Any) -> None:
    assert call("setWebhook", url="http://127.0.0.1:9/hook")["ok"]
    refused = call("getUpdates")
    assert refused["error_code"] == 409
    assert "can't use getUpdates method while webhook is active" in refused["description"]
