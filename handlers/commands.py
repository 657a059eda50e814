"""Commands about the bot itself: start, help, language, privacy, forget, and those that do not exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.store import chats, erasure
from handlers import render, texts
from handlers.addressing import command, is_named, is_private
from handlers.browsing import fact_reply
from handlers.menus import ADMIN, GROUP, PRIVATE
from handlers.render import Key
from handlers.sending import back_to, send
from handlers.texts import say

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import Context
    from handlers.pressing import Press
    from handlers.render import Reply
    from knowledge.outcome import Language

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
NEAREST = 2
"""So many letters may be wrong in a command for the right one to be suggested."""


async def start(update: Update, context: Context) -> None:
    """Introduce the bot, or show the one fact that a link leads to."""
    message = update.message
    if message is None:
        return
    payload = (context.args or [""])[0]
    known = PAYLOAD.fullmatch(payload) is not None and payload in context.services.knowledge.entries
    reply = fact_reply(context, payload) if known else _welcome(context)
    await send(context, back_to(message, context.asker.person), reply)


def _welcome(context: Context) -> Reply:
    """Say what the bot is for, with questions to try."""
    language = context.asker.language
    article = context.services.knowledge.base.newest()
    title = texts.pick(article.title, language)
    examples = [texts.phrasing(context.services.knowledge.entries[fact], language) for fact in article.key_facts[:3]]
    body = say(language, "start", title=title, examples="\n".join(f"• {each}" for each in examples))
    return render.titled(say(language, "start.title"), body)


async def help_(update: Update, context: Context) -> None:
    """Say how to ask, and list the commands."""
    message = update.message
    if message is None:
        return
    language, services = context.asker.language, context.services
    names: tuple[str, ...] = PRIVATE if is_private(message) else GROUP
    if is_private(message) and context.asker.person in services.settings.admins:
        names = (*PRIVATE, *ADMIN)
    lines = [f"/{name} — {say(language, f'command.{name}')}" for name in names]
    body = say(language, "help", bot=context.bot.username, commands="\n".join(lines))
    await send(context, back_to(message, None), render.titled(say(language, "help.title"), body))


async def language_(update: Update, context: Context) -> None:
    """Show the languages to choose from, or choose the one that is named."""
    message, asker = update.message, context.asker
    if message is None:
        return
    if asker.person is None:
        await send(context, back_to(message, None), render.plain(say(asker.language, "language.person")))
        return
    wanted = (context.args or [""])[0]
    if wanted:
        language: Language | None = next((each for each in texts.LANGUAGES if each.lower() == wanted.lower()), None)
        if language is None and wanted.lower().startswith(("en", "zh")):
            language = texts.spoken(wanted, "en")
        if language is not None:
            await _choose(context, asker.person, language)
            await send(context, back_to(message, None), render.plain(say(language, "language.chosen")))
            return
    rows = [(Key(name, "language", {"language": code}, "language"),) for code, name in NAMES.items()]
    rows.append((Key(say(asker.language, "button.automatic"), "language", {"language": None}, "language"),))
    await send(context, back_to(message, asker.person), render.plain(say(asker.language, "language.choose"), *rows))


async def choose_language(press: Press, context: Context) -> str:
    """Keep the language of a button."""
    chosen = texts.known(press.button.payload.get("language"))
    await _choose(context, press.person, chosen)
    language = chosen or texts.spoken(press.query.from_user.language_code, context.services.settings.language)
    await press.replace(context, render.plain(say(language, "language.chosen")))
    return say(language, "language.chosen")


async def _choose(context: Context, person: int, language: Language | None) -> None:
    """Keep a person's language; None is the client's."""
    now = context.services.now()
    await context.services.commits.run(lambda c: chats.choose_language(c, person, language, now))
    context.services.profiles.clear()


async def privacy(update: Update, context: Context) -> None:
    """Say what is kept, for how long, and how to have it erased."""
    if update.message is not None:
        language = context.asker.language
        reply = render.titled(say(language, "privacy.title"), say(language, "privacy"))
        await send(context, back_to(update.message, None), reply)


async def forget(update: Update, context: Context) -> None:
    """Erase a person at once."""
    message, asker, services = update.message, context.asker, context.services
    if message is None:
        return
    if asker.person is None:
        await send(context, back_to(message, None), render.plain(say(asker.language, "language.person")))
        return
    person = asker.person
    await services.journal.flush()
    await services.commits.run(lambda connection: erasure.forget(connection, person))
    services.profiles.clear()
    services.threads.clear()
    services.answers.clear()
    services.seen.forget(message.chat.id)
    await send(context, back_to(message, None), render.plain(say(asker.language, "forgotten")))


async def unknown(update: Update, context: Context) -> None:
    """Suggest the nearest command; in a group only if no other bot can be meant."""
    # Loaded here: 3 MB that are needed where a command, or a word of a question, is misspelt.
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import DamerauLevenshtein  # noqa: PLC0415

    message = update.message
    if message is None or not is_named(message, context.bot.bot):
        return
    given = command(message, context.bot.bot)
    if given is None:
        return
    language = context.asker.language
    nearest = process.extractOne(
        given, PRIVATE, scorer=DamerauLevenshtein.distance, processor=None, score_cutoff=NEAREST
    )
    text = say(language, "unknown.nearest", nearest=nearest[0]) if nearest else say(language, "unknown")
    await send(context, back_to(message, None), render.plain(text))
