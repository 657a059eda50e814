"""/announcements: what was announced, how it went, and what can still be done about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from telegram import InputFile

from bot.delivery.report import report_file
from bot.store import announcements, announcements_amending, announcements_report, audit
from handlers import render
from handlers.announcing import allowed, may_announce
from handlers.announcing_words import report_text, state_name
from handlers.render import Key, Reply, Span
from handlers.sending import back_to, insist, send
from handlers.texts import say

if TYPE_CHECKING:
    from telegram import Update

    from bot.store.announcements import Announcement
    from bot.store.announcements_report import Report
    from handlers.context import Context
    from handlers.pressing import Press
    from knowledge.outcome import Language

MOST = 10


async def list_(update: Update, context: Context) -> None:
    """List the newest announcements, each with a button."""
    message = update.message
    if message is None or not await may_announce(message, context, "announcements"):
        return
    language = context.asker.language
    async with context.services.store.reading() as connection:
        found = await announcements.newest(connection, MOST)
    if not found:
        await send(context, back_to(message, None), render.plain(say(language, "announcements.none")))
        return
    lines = [_line(each, language) for each in found]
    keys = [Key(f"#{each.id}", "announcement.show", {"id": each.id}, repeatable=True) for each in found]
    rows = tuple(tuple(keys[at : at + 5]) for at in range(0, len(keys), 5))
    reply = render.titled(say(language, "announcements.title"), "\n".join(lines), *rows)
    await send(context, back_to(message, context.asker.person), reply)


def _line(found: Announcement, language: Language) -> str:
    """Write an announcement in one line."""
    when = found.send_at or found.confirmed_at or found.created_at
    return f"#{found.id} · {when:%Y-%m-%d %H:%M} UTC · {state_name(found, language)} · {found.total} · {found.title}"


async def show(press: Press, context: Context) -> str | None:
    """Show one announcement with what can be done about it."""
    if not await allowed(press, context, "announcement.show"):
        return say(context.asker.language, "button.foreign")
    number = int(press.button.payload["id"])
    async with context.services.store.reading() as connection:
        found = await announcements.find(connection, number)
        report = await announcements_report.report(connection, found) if found else None
    if found is None or report is None:
        return say(context.asker.language, "button.outdated")
    await press.follow(context, _detail(found, report, context.asker.language))
    return None


def _detail(found: Announcement, report: Report, language: Language) -> Reply:
    """Make the view of one announcement."""
    keys: list[Key] = []

    def add(label: str, do: str, **values: object) -> None:
        action = {"id": found.id}
        keys.append(Key(say(language, f"button.{label}", **values), f"announcement.{do}", action, repeatable=True))

    if found.state in {"sending", "scheduled"}:
        add("cancel", "cancel")
    if found.state in announcements.CORRECTABLE and report.counts["sent"]:
        add("retract", "retract?")
    if report.counts["uncertain"]:
        add("resend", "resend", number=report.counts["uncertain"])
    if report.total:
        add("csv", "csv")
    spans = [Span(f"#{found.id} {found.title}", "bold"), Span("\n" + report_text(found, report, language))]
    if found.state in announcements.CORRECTABLE:
        spans.append(Span("\n" + say(language, "announce.how.correct", number=found.id)))
    return Reply(tuple(spans), tuple((key,) for key in keys))


async def cancel(press: Press, context: Context) -> str:
    """Send no more of it."""
    number, language, now = int(press.button.payload["id"]), context.asker.language, context.services.now()
    if not await allowed(press, context, "announcement.cancel"):
        return say(language, "button.foreign")
    left = await context.services.commits.run(lambda c: announcements_amending.cancel(c, number, now))
    await _note(press, context, "cancel", number)
    return say(language, "announce.already") if left is None else say(language, "announce.stopped", number=left)


async def ask_retract(press: Press, context: Context) -> None:
    """Ask before every copy is deleted."""
    language, number = context.asker.language, int(press.button.payload["id"])
    keys = (
        Key(say(language, "button.retract"), "announcement.retract", {"id": number}, repeatable=True),
        Key(say(language, "button.cancel"), "announcement.leave", {}, repeatable=True),
    )
    await press.follow(context, render.plain(say(language, "announce.retract", number=number), keys))


async def retract(press: Press, context: Context) -> str:
    """Delete every copy."""
    number, language, now = int(press.button.payload["id"]), context.asker.language, context.services.now()
    if not await allowed(press, context, "announcement.retract"):
        return say(language, "button.foreign")
    begun = await context.services.commits.run(lambda c: announcements_amending.retract(c, number, now))
    if not begun:
        return say(language, "announce.already")
    await _note(press, context, "retract", number)
    await press.replace(context, render.plain(say(language, "announce.retracting", number=number)))
    return say(language, "announce.accepted")


async def resend(press: Press, context: Context) -> str:
    """Send again what may not have arrived."""
    number, language, now = int(press.button.payload["id"]), context.asker.language, context.services.now()
    if not await allowed(press, context, "announcement.resend"):
        return say(language, "button.foreign")
    again = await context.services.commits.run(lambda c: announcements_amending.resend_uncertain(c, number, now))
    await _note(press, context, "resend", number)
    return say(language, "announce.resent", number=again)


async def csv(press: Press, context: Context) -> str | None:
    """Send the report as a file."""
    number, language = int(press.button.payload["id"]), context.asker.language
    if not await allowed(press, context, "announcement.csv"):
        return say(language, "button.foreign")
    data = await context.services.store.read(partial(report_file, announcement_id=number))
    await insist(
        lambda: context.bot.send_document(press.chat_id, InputFile(data, filename=f"announcement-{number}.csv"))
    )
    return None


async def _note(press: Press, context: Context, action: str, number: int) -> None:
    """Keep what an admin did."""
    now, who, where = context.services.now(), press.person, press.chat_id
    await context.services.commits.run(
        lambda c: audit.note(c, now, action=action, user_id=who, chat_id=where, detail={"id": number})
    )
