"""What an announcement looks like in each language: the calls that send it, and those that edit its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.constants import MessageLimit

from bot.delivery.calls import plain_text
from handlers import render, texts
from handlers.announcing_request import RequestError
from handlers.render import Reply, Span
from handlers.texts import LANGUAGES, pick, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Message

    from knowledge.base import Entry
    from knowledge.engine import Knowledge
    from knowledge.outcome import Language

Rendering = dict[str, Any]
ANY = "*"
MOST_FACTS = 12


def of_reply(reply: Reply) -> Rendering:
    """Return the call that sends a reply."""
    params = {"text": reply.html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return {"method": "sendMessage", "params": params}


def of_text(words: str) -> dict[str, Rendering]:
    """Announce words as they are, alike in every language."""
    return {ANY: of_reply(render.plain(words))}


def of_fact(knowledge: Knowledge, name: str) -> dict[str, Rendering]:
    """Announce a fact, in each chat's language."""
    found = next((each for each in knowledge.find(name) if each in knowledge.entries), None)
    if found is None:
        raise RequestError("announce.fact", name=render.short(name, 60))
    return {language: of_reply(fact_reply(knowledge, found, language)) for language in LANGUAGES}


def fact_reply(knowledge: Knowledge, fact: str, language: Language) -> Reply:
    """Make the message of a fact."""
    name = pick(knowledge.entries[fact].name, language)
    return render.statement(knowledge.statement(fact, language), language, name=name[:1].upper() + name[1:])


def of_topic(knowledge: Knowledge, name: str) -> dict[str, Rendering]:
    """Announce the facts of a topic, in each chat's language."""
    wanted = name.casefold()
    topics = knowledge.base.newest().topics
    known = [each for each in topics if wanted in {each.id.casefold(), each.title.en.casefold(), each.title.zh}]
    known = known or [each for each in topics if wanted in f"{each.id} {each.title.en} {each.title.zh}".casefold()]
    if not known:
        raise RequestError("announce.topic", name=render.short(name, 60), topics=", ".join(each.id for each in topics))
    topic = known[0]
    facts = [each for each in knowledge.entries.values() if each.topic == topic.id and not each.derived]
    return {
        language: of_reply(_topic_reply(pick(topic.title, language), facts[:MOST_FACTS], language))
        for language in LANGUAGES
    }


def _topic_reply(title: str, facts: list[Entry], language: Language) -> Reply:
    """List the facts of a topic."""
    spans = [Span(title[:1].upper() + title[1:], "bold")]
    spans += [Span(f"\n• {pick(each.sentence, language)}") for each in facts]
    if facts:
        spans += [Span("\n"), Span(say(language, "source", source=pick(facts[0].source, language)), "italic")]
    return Reply(tuple(spans))


def of_message(message: Message) -> dict[str, Rendering]:
    """Announce a message as it is: copied, with the buttons that lead somewhere."""
    params: dict[str, Any] = {"from_chat_id": message.chat.id, "message_id": message.message_id}
    rows = [
        [{"text": key.text, "url": key.url} for key in row if key.url]
        for row in (message.reply_markup.inline_keyboard if message.reply_markup else ())
    ]
    if any(rows):
        params["reply_markup"] = {"inline_keyboard": [row for row in rows if row]}
    rendering: Rendering = {"method": "copyMessage", "params": params, "edit": _edit(message, params)}
    return {ANY: rendering}


def _edit(message: Message, params: dict[str, Any]) -> Rendering:
    """Return the edit that gives a copy the words of a message."""
    markup = {"reply_markup": params["reply_markup"]} if "reply_markup" in params else {}
    if message.text is not None:
        return {"method": "editMessageText", "params": {"text": message.text_html, "parse_mode": "HTML", **markup}}
    caption = message.caption_html or ""
    return {"method": "editMessageCaption", "params": {"caption": caption, "parse_mode": "HTML", **markup}}


def corrected(old: Mapping[str, Mapping[str, Any]], new: dict[str, Rendering]) -> dict[str, Rendering]:
    """Fit a correction to what was announced: the words for a photo or file become its caption."""
    copied = old.get(ANY, {})
    if copied.get("edit", {}).get("method") != "editMessageCaption":
        return new
    return {language: _captioned(copied["params"], rendering) for language, rendering in new.items()}


def _captioned(copied: Mapping[str, Any], rendering: Rendering) -> Rendering:
    """Return the copy of a photo or file with other words below it, and the edit that gives older copies the same."""
    given = rendering.get("edit", rendering)["params"]
    caption = given.get("caption", given.get("text", ""))
    length = len(plain_text(caption))
    if length > MessageLimit.CAPTION_LENGTH:
        raise RequestError("announce.caption", most=int(MessageLimit.CAPTION_LENGTH), length=length)
    markup = given.get("reply_markup", copied.get("reply_markup"))
    words = {"caption": caption, "parse_mode": "HTML"} | ({"reply_markup": markup} if markup else {})
    # A correction that is itself a photo or file sends its own where nothing was sent yet.
    place = rendering["params"] if rendering.get("edit", {}).get("method") == "editMessageCaption" else copied
    params = {"from_chat_id": place["from_chat_id"], "message_id": place["message_id"], **words}
    return {"method": "copyMessage", "params": params, "edit": {"method": "editMessageCaption", "params": words}}


def is_announceable(message: Message) -> bool:
    """Tell whether Telegram copies a message: not a service message, not a poll's quiz, not what is protected."""
    return not message.has_protected_content and any(
        (message.text, message.effective_attachment, message.caption, message.venue, message.contact)
    )


def languages_of(renderings: dict[str, Rendering], audience: dict[str, int]) -> list[str]:
    """Return the renderings that anyone in the audience gets, or all where nobody is there yet."""
    if ANY in renderings:
        return [ANY]
    wanted = [language for language in renderings if audience.get(language)]
    return wanted or list(renderings)


def name_of(language: str) -> str:
    """Return the name of a language."""
    names = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
    return names.get(texts.known(language) or "", language)
