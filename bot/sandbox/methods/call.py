"""One call of the Bot API and what it may touch: the target chat, its rights, and the content to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.checks import MAX_CAPTION, MAX_TEXT, Params, field_of
from bot.sandbox.entities import given_entities, parse_html, trim, with_found
from bot.sandbox.errors import ApiError, bad_request, forbidden, too_many_requests
from bot.sandbox.views import user_json

if TYPE_CHECKING:
    from bot.sandbox.model import Chat, Json, Message
    from bot.sandbox.world import World

GENERAL_TOPIC = 1


@dataclass(slots=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Call:
    """A call: the world, the parameters, and the files that came along."""

    world: World
    params: Params
    files: dict[str, Upload] = field(default_factory=dict)


@dataclass(slots=True)
class Target:
    """Where a message shall go."""

    chat: Chat
    thread_id: int | None


def find_chat(call: Call, name: str = "chat_id") -> Chat:
    """Return the chat that a parameter names by number or @username; the bot need not be in it."""
    given = call.params.text(name).strip()
    if not given:
        raise bad_request("chat_id is empty" if name == "chat_id" else f"{name} is empty")
    if given.startswith("@"):
        handle = given[1:].lower()
        chats = (c for c in call.world.chats.values() if c.username and c.username.lower() == handle)
        if (chat := next(chats, None)) is None:
            raise bad_request("chat not found")
        return chat
    try:
        chat_id = int(given)
    except ValueError:
        raise bad_request("chat not found") from None
    return call.world.chat(chat_id)


def open_chat(call: Call, name: str = "chat_id") -> Chat:
    """Return a chat that the bot may look into, or refuse: migrated, kicked, blocked, not a member."""
    chat = find_chat(call, name)
    if chat.type == "private":
        _check_private(call.world, chat)
        return chat
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    member = call.world.bot_member(chat)
    if member.status == "kicked":
        raise forbidden(f"bot was kicked from the {_kind(chat)} chat")
    if member.status == "left":
        raise forbidden(f"bot is not a member of the {_kind(chat)} chat")
    return chat


def _kind(chat: Chat) -> str:
    return chat.type


def _check_private(world: World, chat: Chat) -> None:
    if world.users[chat.id].deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")


def target(call: Call, what: str = "text messages") -> Target:
    """Return where to send, after all that may stand against it."""
    chat = open_chat(call)
    member = call.world.bot_member(chat)
    if chat.type == "channel" and not (member.is_admin and "can_post_messages" in member.rights):
        raise bad_request("need administrator rights in the channel chat")
    if chat.is_group and not member.is_admin:
        permission = "can_send_messages" if what == "text messages" else f"can_send_{what}"
        if not {"can_send_messages", permission} <= chat.permissions or member.status == "restricted":
            raise bad_request(f"not enough rights to send {what} to the chat")
    thread_id = _thread(call, chat)
    _check_slow_mode(call.world, chat)
    return Target(chat, thread_id)


def _thread(call: Call, chat: Chat) -> int | None:
    thread_id = call.params.integer("message_thread_id")
    if not thread_id or not chat.is_forum:
        return None
    topic = chat.topics.get(thread_id)
    if thread_id == GENERAL_TOPIC or topic is None:
        raise bad_request("message thread not found")
    member = call.world.bot_member(chat)
    if topic.closed and not (member.is_admin and "can_manage_topics" in member.rights):
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def _check_slow_mode(world: World, chat: Chat) -> None:
    if not chat.slow_mode or world.bot_member(chat).is_admin:
        return
    wait = chat.last_sent.get(world.bot.id, 0.0) + chat.slow_mode - world.clock()
    if wait > 0:
        raise too_many_requests(int(wait) + 1)


def need_right(call: Call, chat: Chat, right: str, text: str) -> None:
    """Refuse unless the bot is an administrator with this right."""
    member = call.world.bot_member(chat)
    if not (member.is_admin and right in member.rights):
        raise bad_request(text)


def content(call: Call, source: str, *, caption: bool = False) -> tuple[str, list[Json]]:
    """Return a text or caption with its entities, parsed, trimmed and within Telegram's limits."""
    names = ("caption", "caption_entities") if caption else ("text", "entities")
    return rich_text(
        call.world,
        source,
        call.params.text("parse_mode"),
        call.params.array(names[1], "MessageEntity") or [],
        limit=MAX_CAPTION if caption else MAX_TEXT,
    )


def rich_text(
    world: World, source: str, parse_mode: str, entities: list[Json], *, limit: int = MAX_TEXT
) -> tuple[str, list[Json]]:
    """Return plain text and entities of a source in a parse mode, or refuse."""
    source = source.replace("\x00", "").replace("\r", "")
    mode = parse_mode.lower()
    if mode == "html":
        text, found = parse_html(source)
    elif mode in {"", "none"}:
        text, found = source, given_entities(entities, source)
    else:
        raise bad_request(f"unsupported parse_mode (the sandbox reads HTML, not {parse_mode})")
    text, found = trim(text, _with_users(world, found))
    if len(text) > limit:
        raise bad_request("message is too long" if limit == MAX_TEXT else "message caption is too long")
    return text, with_found(text, found)


def _with_users(world: World, entities: list[Json]) -> list[Json]:
    """Resolve mentions by id; a mention of somebody unknown is plain text."""
    kept: list[Json] = []
    for entity in entities:
        if entity["type"] != "text_mention":
            kept.append(entity)
            continue
        given = entity.get("user")
        user_id = given.get("id") if isinstance(given, dict) else entity.get("user_id")
        if isinstance(user_id, int) and (user := world.users.get(user_id)):
            kept.append({k: v for k, v in entity.items() if k != "user_id"} | {"user": user_json(user)})
    return kept


def reply_target(call: Call, chat: Chat) -> int | None:
    """Return the id of the message to reply to, or None, or refuse."""
    reply = call.params.obj("reply_parameters", "reply parameters")
    allow_missing = call.params.flag("allow_sending_without_reply")
    message_id = call.params.integer("reply_to_message_id")
    if reply is not None:
        given = field_of(reply, "message_id", int, "reply parameters")
        message_id = given if isinstance(given, int) else None
        allow_missing = bool(field_of(reply, "allow_sending_without_reply", bool, "reply parameters"))
        if str(reply.get("chat_id", chat.id)) != str(chat.id):
            return None  # a reply to another chat shows as a quotation, which the sandbox leaves out
    if not message_id:
        return None
    if message_id in chat.messages:
        return message_id
    if allow_missing:
        return None
    raise bad_request("message to be replied not found")


def preview_options(call: Call) -> Json | None:
    """Return the checked link preview options."""
    options = call.params.obj("link_preview_options", "link preview options")
    if options:
        field_of(options, "is_disabled", bool, "link preview options")
        field_of(options, "url", str, "link preview options")
    elif call.params.flag("disable_web_page_preview"):
        options = {"is_disabled": True}
    return options or None


def own_message(call: Call, what: str = "edit") -> Message:
    """Return the bot's own message that a call names, or refuse."""
    params = call.params
    if inline_id := params.text("inline_message_id"):
        place = call.world.inline_messages.get(inline_id)
        if place is None or place[1] not in call.world.chat(place[0]).messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return call.world.chat(place[0]).messages[place[1]]
    chat = open_chat(call)
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {what} not found")
    if message.sender_id != call.world.bot.id and not _posted_here(call, chat, message):
        raise bad_request(f"message can't be {what}ed")
    if message.service or message.origin:
        raise bad_request(f"message can't be {what}ed")
    return message


def _posted_here(call: Call, chat: Chat, message: Message) -> bool:
    member = call.world.bot_member(chat)
    return chat.type == "channel" and message.sender_chat_id == chat.id and "can_edit_messages" in member.rights


def not_modified() -> ApiError:
    """Return the 400 for an edit that changes nothing."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same"
        " as a current content and reply markup of the message"
    )
