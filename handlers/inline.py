"""Inline mode and guest mode: `@bot words` in any chat becomes a card with a figure, its scope and its source."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers import render, texts
from handlers.addressing import question
from handlers.care import Admission
from handlers.questions import note
from handlers.sending import PREVIEW, insist
from handlers.texts import say
from knowledge import text
from knowledge.outcome import Answer

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import Context
    from handlers.render import Reply
    from knowledge.engine import Knowledge
    from knowledge.outcome import Language, Outcome

PAGE = 10
CACHE_SECONDS = 60
MAX_OFFSET = 5
"""Digits of an offset; a client may send anything."""

log = structlog.get_logger(__name__)


async def search(update: Update, context: Context) -> None:
    """Answer what someone types after the bot's name in any chat."""
    query = update.inline_query
    if query is None or context.services.care.inline.take(query.from_user.id) is not Admission.GRANTED:
        return
    language = text.language_of(query.query, context.asker.language)
    start = (
        int(query.offset)
        if query.offset.isascii() and query.offset.isdigit() and len(query.offset) <= MAX_OFFSET
        else 0
    )
    cards = _cards(query.query, language, context)
    page = cards[start : start + PAGE]
    following = str(start + PAGE) if start + PAGE < len(cards) else ""
    button = InlineQueryResultsButton(say(context.asker.language, "inline.button"), start_parameter="inline")

    async def call() -> None:
        await context.bot.answer_inline_query(
            query.id, page, cache_time=CACHE_SECONDS, is_personal=True, next_offset=following, button=button
        )

    try:
        await insist(call)
    except BadRequest as error:  # whoever typed has typed on
        log.info("an inline query was not answered", reason=error.message)


def _cards(query: str, language: Language, context: Context) -> list[InlineQueryResultArticle]:
    """Choose the facts to offer: what answers the query first, then what its words name."""
    knowledge = context.services.knowledge
    words = " ".join(query.split())
    if not words:
        return [_fact_card(fact, language, context) for fact in knowledge.base.newest().key_facts]
    outcome = context.services.answer(words, None, language)
    cards = []
    stated = [fact for fact in outcome.facts if fact in knowledge.entries]
    if isinstance(outcome, Answer) and (len(stated) != 1 or outcome.verdict):
        cards.append(_outcome_card(outcome, words, context))
    near = [each.fact for each in outcome.suggestions if each.fact in knowledge.entries]
    facts = dict.fromkeys([*stated, *near, *_named(knowledge, words)])
    return [*cards, *(_fact_card(fact, language, context) for fact in facts)]


def _named(knowledge: Knowledge, words: str) -> list[str]:
    """Return the facts that words name."""
    return [fact for fact in knowledge.find(words) if fact in knowledge.entries]


def _fact_card(fact: str, language: Language, context: Context) -> InlineQueryResultArticle:
    """Make the card of a fact; its id stays the same as long as the fact and the language do."""
    knowledge = context.services.knowledge
    stated = knowledge.statement(fact, language)
    name = texts.pick(knowledge.entries[fact].name, language)
    reply = render.statement(stated, language)
    title = stated.figure or name
    description = f"{name} · {stated.source}" if stated.figure else stated.source
    return _card(f"fact:{fact}:{language}", title, description, reply, fact, context)


def _outcome_card(outcome: Outcome, words: str, context: Context) -> InlineQueryResultArticle:
    """Make the card of an answer that is more than one fact: a verdict, a comparison, a list."""
    reply = render.with_rows(render.outcome(outcome, context.asker.language))
    first, _, rest = outcome.text.partition("\n")
    return _card(f"answer:{words}:{outcome.language}", first, rest, reply, "", context)


def _card(
    identity: str, title: str, description: str, reply: Reply, fact: str, context: Context
) -> InlineQueryResultArticle:
    """Make a card with a link back to the bot."""
    digest = hashlib.sha256(identity.encode()).hexdigest()
    url = f"https://t.me/{context.bot.username}?start={fact or 'inline'}"
    return InlineQueryResultArticle(
        id=digest[:32],
        title=render.label(title),
        description=render.short(description),
        input_message_content=InputTextMessageContent(
            reply.html, parse_mode=ParseMode.HTML, link_preview_options=PREVIEW
        ),
        reply_markup=InlineKeyboardMarkup(
            [[InlineKeyboardButton(say(context.asker.language, "inline.more"), url=url)]]
        ),
    )


async def chosen(update: Update, context: Context) -> None:
    """Note what was asked by inline mode, once someone has sent a card."""
    result = update.chosen_inline_result
    if result is not None and result.query.strip():
        outcome = context.services.answer(result.query)
        note(context.services, "inline", outcome, context.asker, chat_id=None)


async def guest(update: Update, context: Context) -> None:
    """Answer a mention in a chat that the bot is not in, with one message."""
    message = update.guest_message
    if message is None or not message.guest_query_id:
        return
    query_id, words = message.guest_query_id, question(message, context.bot.bot)
    language = text.language_of(words, context.asker.language)
    outcome = context.services.answer(words, None, language)
    reply = render.with_rows(render.outcome(outcome, context.asker.language))
    fact = next((each for each in outcome.facts if each in context.services.knowledge.entries), "")
    card = _card(f"guest:{words}", say(language, "inline.more"), "", reply, fact, context)
    try:
        await insist(lambda: context.bot.answer_guest_query(query_id, card))
    except BadRequest as error:
        log.info("a guest query was not answered", reason=error.message)
    note(context.services, "guest", outcome, context.asker, chat_id=None)
