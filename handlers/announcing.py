"""Announcing: a command, a preview as each language will see it, and one press that sends it, once."""

from __future__ import annotations

import math
import zoneinfo
from typing import TYPE_CHECKING

import structlog
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden

from bot.delivery.calls import Call, carry_out
from bot.store import announcements, announcements_amending, audit
from bot.store.announcements import Draft
from handlers import announcing_content as content
from handlers import render
from handlers.addressing import question
from handlers.announcing_request import Request, RequestError, read
from handlers.render import Key, Reply, Span
from handlers.sending import back_to, insist, send
from handlers.texts import say

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import Message, Update

    from handlers.announcing_content import Rendering
    from handlers.context import Context
    from handlers.pressing import Press

log = structlog.get_logger(__name__)


async def announce(update: Update, context: Context) -> None:
    """Show an announcement before it is sent."""
    message = update.message
    if message is None or not await may_announce(message, context, "announce"):
        return
    services, language = context.services, context.asker.language
    target = back_to(message, context.asker.person)
    replied = message.reply_to_message
    try:
        request = read(
            question(message, context.bot.bot),
            replies=replied is not None,
            now=services.now(),
            zone=services.settings.timezone,
        )
        renderings = _renderings(request, replied, context)
        if request.corrects is not None:
            renderings = await _correcting(request.corrects, renderings, context)
        reply = await _preview(request, renderings, message, context)
    except RequestError as error:
        reply = render.plain(say(language, error.key, **error.values))
    await send(context, target, reply)


async def may_announce(message: Message, context: Context, action: str) -> bool:
    """Let admins through, in private and under their own name; everybody else is told so, and it is kept."""
    person = context.asker.person
    private = message.chat.type == ChatType.PRIVATE
    if private and person is not None and person in context.services.settings.admins:
        return True
    known = person is not None and person in context.services.settings.admins
    await refuse(context, action, message.chat.id, message.from_user.id if message.from_user else None)
    words = say(context.asker.language, "announce.private" if known else "announce.refused")
    await send(context, back_to(message, None), render.plain(words))
    return False


async def refuse(context: Context, action: str, chat_id: int, user_id: int | None) -> None:
    """Keep a refused attempt."""
    now = context.services.now()
    log.warning("refused", action=action, chat_id=chat_id, user_id=user_id)
    await context.services.commits.run(
        lambda c: audit.note(c, now, action=action, user_id=user_id, chat_id=chat_id, allowed=False)
    )


def _renderings(request: Request, replied: Message | None, context: Context) -> dict[str, Rendering]:
    """Make what is to be announced, in each language."""
    knowledge = context.services.knowledge
    if request.kind == "fact":
        return content.of_fact(knowledge, request.words)
    if request.kind == "topic":
        return content.of_topic(knowledge, request.words)
    if request.kind == "text":
        return content.of_text(request.words)
    if replied is None or not content.is_announceable(replied):
        raise RequestError("announce.cannot")
    return content.of_message(replied)


async def _correcting(announcement_id: int, renderings: dict[str, Rendering], context: Context) -> dict[str, Rendering]:
    """Fit a correction to what was announced; refuse one of what is not there, or not to be corrected."""
    async with context.services.store.reading() as connection:
        found = await announcements.find(connection, announcement_id)
    if found is None or found.confirmed_at is None or found.state not in announcements.CORRECTABLE:
        raise RequestError("announce.uncorrectable", number=announcement_id)
    return content.corrected(found.content["renderings"], renderings)


async def _preview(request: Request, renderings: dict[str, Rendering], message: Message, context: Context) -> Reply:
    """Show each rendering as its readers will see it; return the summary with the buttons."""
    services, language = context.services, context.asker.language
    async with services.store.reading() as connection:
        audience = await announcements.audience(connection, request.kind, services.settings.language)
    number = sum(audience.values())
    for each in content.languages_of(renderings, audience):
        await _show(renderings[each], message, context)
    if request.corrects is not None:
        return _correction(request.corrects, renderings, context)
    if number == 0 and request.options.send_at is None:
        return render.plain(say(language, "announce.nobody"))
    draft = Draft(
        request.kind,
        renderings,
        title=render.short(request.words or (message.reply_to_message and _words(message.reply_to_message)) or "", 60),
        language=language,
        created_by=context.asker.person,
        send_at=request.options.send_at,
        expires_at=request.options.expires_at,
        on_uncertain=request.options.on_uncertain,
        status_chat_id=message.chat.id,
    )
    now = services.now()
    draft_id = await services.commits.run(lambda c: announcements.create(c, draft, now))
    return _summary(draft_id, request, audience, context)


async def _show(rendering: Rendering, message: Message, context: Context) -> None:
    """Send one rendering to whoever announces; what Telegram refuses here it would refuse everywhere."""
    call = Call(rendering["method"], {**rendering["params"], "chat_id": message.chat.id})
    try:
        await insist(lambda: carry_out(context.bot, call))
    except (BadRequest, Forbidden) as error:
        reason = error.message.removeprefix("Bad Request: ")
        raise RequestError("announce.broken", reason=reason) from error


def _summary(draft_id: int, request: Request, audience: dict[str, int], context: Context) -> Reply:
    """Say to how many chats it goes, when, and how long it takes."""
    language, settings = context.asker.language, context.services.settings
    number = sum(audience.values())
    shares = ", ".join(f"{content.name_of(each)} {count}" for each, count in sorted(audience.items()))
    lines = [say(language, "announce.preview", number=number, shares=shares or "–")]
    lines.append(say(language, "announce.duration", seconds=math.ceil(number / settings.broadcast_rate)))
    options = request.options
    if options.send_at is not None:
        lines.append(say(language, "announce.planned", time=local(options.send_at, settings.timezone)))
    if options.expires_at is not None:
        lines.append(say(language, "announce.until", time=local(options.expires_at, settings.timezone)))
    lines.append(say(language, f"announce.policy.{options.on_uncertain}"))
    keys = (
        Key(say(language, "button.send", number=number), "announcement.send", {"id": draft_id}, repeatable=True),
        Key(say(language, "button.cancel"), "announcement.discard", {"id": draft_id}, repeatable=True),
    )
    title = say(language, "announce.title", number=draft_id)
    return Reply((Span(title, "bold"), Span("\n" + "\n".join(lines))), (keys,))


def _correction(announcement_id: int, renderings: dict[str, Rendering], context: Context) -> Reply:
    """Ask before the copies are changed."""
    language = context.asker.language
    payload = {"id": announcement_id, "renderings": renderings}
    keys = (
        Key(say(language, "button.correct"), "announcement.correct", payload, repeatable=True),
        Key(say(language, "button.cancel"), "announcement.leave", {}, repeatable=True),
    )
    return render.plain(say(language, "announce.correction", number=announcement_id), keys)


def local(instant: datetime, zone: str) -> str:
    """Write an instant in a zone."""
    return f"{instant.astimezone(zoneinfo.ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def _words(message: Message) -> str:
    """Return the words of a message."""
    return message.text or message.caption or ""


# --- the buttons of the preview ---------------------------------------------------------------------------------------


async def allowed(press: Press, context: Context, action: str) -> bool:
    """Check the rights anew at each press: a button outlives them."""
    if press.person in context.services.settings.admins:
        return True
    await refuse(context, action, press.chat_id, press.person)
    return False


async def send_now(press: Press, context: Context) -> str:
    """Accept the announcement; a second tap finds it accepted."""
    services, language, now = context.services, context.asker.language, context.services.now()
    if not await allowed(press, context, "announcement.send"):
        return say(language, "button.foreign")
    draft_id = int(press.button.payload["id"])
    default = services.settings.language
    # By itself, not together with others' writes: a million rows are put down here.
    async with services.store.writing() as connection:
        first = await announcements.confirm(connection, draft_id, now, default, press.message_id)
        if first:
            who, detail = press.person, {"id": draft_id}
            await audit.note(connection, now, action="announce", user_id=who, chat_id=press.chat_id, detail=detail)
        found = await announcements.find(connection, draft_id)
    if found is None or found.state == "cancelled":
        return say(language, "announce.gone")
    if not first:
        return say(language, "announce.already")
    if found.state == "scheduled" and found.send_at is not None:
        time = local(found.send_at, services.settings.timezone)
        key = Key(say(language, "button.cancel"), "announcement.discard", {"id": draft_id}, repeatable=True)
        await press.replace(context, render.plain(say(language, "announce.will", number=draft_id, time=time), (key,)))
        return say(language, "announce.accepted")
    await press.replace(context, render.plain(say(language, "announce.sending", number=draft_id, total=found.total)))
    return say(language, "announce.accepted")


async def discard(press: Press, context: Context) -> str:
    """Drop a draft, or what is planned."""
    language, now = context.asker.language, context.services.now()
    if not await allowed(press, context, "announcement.discard"):
        return say(language, "button.foreign")
    draft_id = int(press.button.payload["id"])
    dropped = await context.services.commits.run(lambda c: announcements.discard(c, draft_id, now))
    if not dropped:
        return say(language, "announce.already")
    await press.replace(context, render.plain(say(language, "announce.dropped", number=draft_id)))
    return say(language, "announce.dropped", number=draft_id)


async def correct(press: Press, context: Context) -> str:
    """Change every copy that was sent."""
    language, now = context.asker.language, context.services.now()
    if not await allowed(press, context, "announcement.correct"):
        return say(language, "button.foreign")
    number, renderings = int(press.button.payload["id"]), press.button.payload["renderings"]
    async with context.services.store.writing() as connection:
        copies = await announcements_amending.correct(connection, number, renderings, now)
        who = press.person
        await audit.note(connection, now, action="correct", user_id=who, chat_id=press.chat_id, detail={"id": number})
    if copies is None:
        return say(language, "announce.already")
    await press.replace(context, render.plain(say(language, "announce.correcting", number=number, copies=copies)))
    return say(language, "announce.accepted")


async def leave(press: Press, context: Context) -> None:
    """Do nothing after all."""
    await press.replace(context, render.plain(say(context.asker.language, "announce.left")))
