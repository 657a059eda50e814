"""``factline announce`` and ``factline announcements``: from scripts; the running bot sends what they accept."""

from __future__ import annotations

import asyncio
import math
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.commands.ask import print_line
from bot.settings import Settings, SettingsError
from bot.settings_form import load
from bot.store import announcements, announcements_report, audit
from bot.store.announcements import Draft
from bot.store.errors import StoreError
from bot.store.failures import UNAVAILABLE, sentence
from bot.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from handlers.announcing_request import Options, Request

DONE: Final = 0
REFUSED: Final = 1
MOST: Final = 20


def announce(
    *,
    fact: str | None = None,
    text_file: Path | None = None,
    at: str | None = None,
    until: str | None = None,
    on_uncertain: str = "hold",
    dry_run: bool = False,
) -> int:
    """Queue an announcement, or with ``dry_run`` only show it; 0 when it is accepted, 1 with one sentence when not."""
    from handlers.announcing_request import RequestError
    from handlers.texts import say

    try:
        settings = load()
        request = _request(settings, fact, text_file, _options(at, until, on_uncertain))
        return asyncio.run(_announce(settings, request, dry_run=dry_run))
    except RequestError as error:
        print_line(sys.stderr, say("en", error.key, **error.values))
    except (SettingsError, StoreError) as error:
        print_line(sys.stderr, str(error))
    return REFUSED


def _options(at: str | None, until: str | None, on_uncertain: str) -> str:
    """Write the options as /announce takes them, so that both are judged alike."""
    if on_uncertain not in {"hold", "resend"}:
        raise SettingsError("Give --on-uncertain hold or --on-uncertain resend.")
    given = (("at", at), ("until", until))
    return " ".join([f"{name} {value}" for name, value in given if value is not None] + [on_uncertain])


def _request(settings: Settings, fact: str | None, text_file: Path | None, written: str) -> Request:
    """Read what is to be announced; the words of a file are words, whatever they begin with."""
    from handlers.announcing_request import RequestError, read, read_options, text_request

    if (fact is None) == (text_file is None):
        raise SettingsError("Give either --fact NAME or --text FILE.")
    now, zone = datetime.now(UTC), settings.timezone
    if text_file is None:
        return read(f"{written} fact {fact}", replies=False, now=now, zone=zone)
    try:
        words = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{text_file} cannot be read: {type(error).__name__}.") from None
    options, rest = read_options(written, now=now, zone=zone)
    if rest:
        raise RequestError("announce.when")
    return text_request(words, options)


async def _announce(settings: Settings, request: Request, *, dry_run: bool) -> int:
    """Show the announcement and queue it."""
    from bot.app import load_knowledge
    from bot.delivery.calls import plain_text
    from handlers import announcing_content as content

    now, options = datetime.now(UTC), request.options
    is_fact = request.kind == "fact"
    renderings = content.of_fact(load_knowledge(settings), request.words) if is_fact else content.of_text(request.words)
    async with await Store.open(settings.database_url.get_secret_value()) as store:
        async with store.reading() as connection:
            audience = await announcements.audience(connection, request.kind, settings.language)
        for language in content.languages_of(renderings, audience):
            print_line(sys.stdout, f"--- {content.name_of(language) if language != content.ANY else 'all languages'}")
            print_line(sys.stdout, plain_text(renderings[language]["params"]["text"]))
        number = sum(audience.values())
        seconds = math.ceil(number / settings.broadcast_rate)
        print_line(sys.stdout, f"--- to {number} chats, in about {seconds} s{_conditions(options)}")
        if dry_run:
            return DONE
        draft = Draft(
            request.kind,
            renderings,
            title=request.words[:60],
            send_at=options.send_at,
            expires_at=options.expires_at,
            on_uncertain=options.on_uncertain,
        )
        try:
            async with store.writing() as connection:
                made = await announcements.create(connection, draft, now)
                await announcements.confirm(connection, made, now, settings.language)
                await audit.note(connection, now, action="announce", user_id=None, detail={"id": made, "from": "cli"})
        except UNAVAILABLE as error:
            raise StoreError(sentence(error, store.url)) from error
    when = f"at {options.send_at:%Y-%m-%d %H:%M} UTC" if options.send_at else "as soon as the bot runs"
    print_line(sys.stdout, f"Announcement #{made} is accepted; it goes out {when}.")
    return DONE


def _conditions(options: Options) -> str:
    """Say what is not sent, and what is sent again."""
    until = f"; not after {options.expires_at:%Y-%m-%d %H:%M} UTC" if options.expires_at else ""
    return until + ("; what may not have arrived is sent again" if options.on_uncertain == "resend" else "")


def list_announcements() -> int:
    """Print the newest announcements, one a line."""
    try:
        return asyncio.run(_list(load()))
    except (SettingsError, StoreError) as error:
        print_line(sys.stderr, str(error))
        return REFUSED


async def _list(settings: Settings) -> int:
    """Print a line for each announcement."""
    async with await Store.open(settings.database_url.get_secret_value()) as store, store.reading() as connection:
        for found in await announcements.newest(connection, MOST):
            report = await announcements_report.report(connection, found)
            counts = ", ".join(f"{state} {number}" for state, number in sorted(report.counts.items())) or "nothing yet"
            when = found.send_at or found.confirmed_at or found.created_at
            line = f"#{found.id}\t{when:%Y-%m-%d %H:%M} UTC\t{found.state}\t{counts}\t{found.title}"
            print_line(sys.stdout, line)
    return DONE
