"""The people's deeds by name, for the client API: each reads its parameters and returns JSON."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.sandbox import membership, people
from bot.sandbox.errors import bad_request
from bot.sandbox.model import Member, User

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.checks import Params
    from bot.sandbox.world import World


def _required(params: Params, name: str) -> int:
    value = params.integer(name)
    if value is None:
        raise bad_request(f"{name} is empty")
    return value


def _user(world: World, params: Params) -> int:
    user_id = _required(params, "user")
    if user_id not in world.users:
        raise bad_request("user not found")
    return user_id


async def say(world: World, params: Params) -> object:
    """Write a text."""
    text = params.text("text")
    if not text.strip():
        raise bad_request("message text is empty")
    thread, reply = params.integer("thread"), params.integer("reply_to")
    chat_id = _required(params, "chat")
    if params.flag("anonymous"):
        return world.page_json(people.say_anonymously(world, chat_id, text, thread))
    return world.page_json(people.say(world, chat_id, text, _user(world, params), thread_id=thread, reply_to=reply))


async def edit(world: World, params: Params) -> object:
    """Change a message of one's own."""
    chat_id, message_id = _required(params, "chat"), _required(params, "message")
    return world.page_json(people.edit(world, chat_id, message_id, params.text("text"), _user(world, params)))


async def delete(world: World, params: Params) -> object:
    """Delete a message."""
    people.delete(world, _required(params, "chat"), _required(params, "message"))
    return True


async def press(world: World, params: Params) -> object:
    """Press a button; the answer comes as an event."""
    chat_id, message_id = _required(params, "chat"), _required(params, "message")
    return people.press(world, chat_id, message_id, params.text("data"), _user(world, params)).id


async def inline(world: World, params: Params) -> object:
    """Ask the bot inline and wait for its results, as long as Telegram does."""
    query = people.type_inline(
        world, _user(world, params), params.text("text"), offset=params.text("offset"), chat_id=params.integer("chat")
    )
    with world.events.watch() as queue:
        deadline = asyncio.get_running_loop().time() + world.inline_seconds
        while query.answer is None and (left := deadline - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.wait_for(queue.get(), left)
            except TimeoutError:
                break
    return {"query": query.id, **(query.answer or {"results": [], "next_offset": ""})}


async def choose(world: World, params: Params) -> object:
    """Send one of the inline results."""
    message = people.choose_inline(
        world,
        params.text("query"),
        params.text("result"),
        _required(params, "chat"),
        thread_id=params.integer("thread"),
    )
    return world.page_json(message)


async def bot(world: World, params: Params) -> object:
    """Give the bot a status in a chat: member, administrator, left, kicked."""
    status = params.text("status")
    if status not in {"member", "administrator", "left", "kicked", "restricted"}:
        raise bad_request("unknown status")
    membership.set_bot(world, _required(params, "chat"), status, _user(world, params))
    return True


async def block(world: World, params: Params) -> object:
    """Block the bot, or unblock it."""
    membership.set_blocked(world, _user(world, params), blocked=params.flag("blocked"))
    return True


async def migrate(world: World, params: Params) -> object:
    """Turn a group into a supergroup; return its new id."""
    return membership.migrate(world, _required(params, "chat"), _user(world, params)).id


async def topic(world: World, params: Params) -> object:
    """Create a topic, or close, open or delete one."""
    chat_id, thread = _required(params, "chat"), params.integer("thread")
    what = params.text("what", "create")
    if what == "create":
        return membership.new_topic(world, chat_id, params.text("name")).id
    if thread not in world.chat(chat_id).topics:
        raise bad_request("message thread not found")
    if what == "delete":
        membership.delete_topic(world, chat_id, thread)
    else:
        membership.set_topic(world, chat_id, thread, closed=what == "close", by=_user(world, params))
    return True


async def language(world: World, params: Params) -> object:
    """Set the language of a user's client."""
    world.users[_user(world, params)].language_code = params.text("code")
    return True


async def bulk(world: World, params: Params) -> object:
    """Create many chats."""
    kind = params.text("kind", "private")
    if kind not in membership.BULK_BASE:
        raise bad_request("unknown kind of chat")
    return membership.bulk_chats(world, params.number("number", 0), kind)


async def user(world: World, params: Params) -> object:
    """Bring in a user, and into a group if one is named."""
    person = User(_required(params, "id"), params.text("name", "Someone"), username=params.text("username"))
    person.language_code = params.text("language")
    world.add_user(person, started=params.flag("started"))
    if chat_id := params.integer("chat"):
        world.chat(chat_id).members[person.id] = Member(person.id)
    return person.id


async def privacy(world: World, params: Params) -> object:
    """Switch privacy mode."""
    world.profile.can_read_all = not params.flag("on")
    return True


async def faults(world: World, params: Params) -> object:
    """Set the rate and kinds of injected faults."""
    kinds = [str(kind) for kind in params.array("kinds") or world.faults.kinds]
    methods = [str(name) for name in params.array("methods") or ()]
    percent = params.number("percent", 0)
    try:
        world.faults.set(percent / 100, kinds, methods=methods, seed=params.number("seed", 0))
    except ValueError:
        raise bad_request("unknown kind of fault") from None
    return True


async def limits(world: World, params: Params) -> object:
    """Switch the flood limits, with other numbers if given."""
    flood = world.limits
    flood.enabled = params.flag("on")
    flood.per_chat = params.number("per_chat", flood.per_chat)
    flood.per_group = params.number("per_group", flood.per_group)
    flood.overall = params.number("overall", flood.overall)
    return True


ACTIONS: Final[dict[str, Callable[[World, Params], Awaitable[object]]]] = {
    "say": say,
    "edit": edit,
    "delete": delete,
    "press": press,
    "inline": inline,
    "choose": choose,
    "bot": bot,
    "block": block,
    "migrate": migrate,
    "topic": topic,
    "language": language,
    "bulk": bulk,
    "user": user,
    "privacy": privacy,
    "faults": faults,
    "limits": limits,
}
