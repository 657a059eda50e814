"""Who asks, in which language they are spoken to, and whether they are answered at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import chats
from handlers import texts
from handlers.context import Profile

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import Chat, Message, Update, User

    from handlers.context import Context, Services
    from knowledge.outcome import Language


@dataclass(frozen=True, slots=True)
class Asker:
    """Someone who asks: a person, or whoever speaks in the name of a chat."""

    id: int
    person: int | None
    """The person's id, which buttons and /forget go by; None where a chat speaks."""
    language: Language
    """Language of the interface: chosen, else the client's."""


async def asker_of(update: Update, context: Context) -> Asker | None:
    """Return who an update is from; None if nobody is, or an admin has blocked them."""
    message = update.message or update.edited_message
    user, chat = update.effective_user, update.effective_chat
    speaker = message.sender_chat if message is not None else None
    if user is None and speaker is None:
        return None
    identity = speaker.id if speaker is not None else user.id if user is not None else 0
    person = user.id if user is not None and speaker is None else None
    known = await profile(context.services, chat, identity)
    if known.blocked:
        return None
    return Asker(identity, person, _language(context.services, known, user if person else None))


def _language(services: Services, known: Profile, user: User | None) -> Language:
    """Choose the interface's language: the person's choice, the client's, the chat's, the operator's."""
    if known.chosen is not None:
        return known.chosen
    otherwise = known.chat or services.settings.language
    return texts.spoken(user.language_code if user else None, otherwise)


async def profile(services: Services, chat: Chat | None, identity: int) -> Profile:
    """Look up what was chosen; not for every message anew."""
    key = (chat.id if chat is not None else identity, identity)
    found = services.profiles.get(key)
    if found is not None:
        return found
    chosen = await services.store.lookups.find(chats.chosen, key) or chats.Chosen()
    return services.profiles.put(
        key, Profile(texts.known(chosen.language), texts.known(chosen.of_chat), chosen.blocked)
    )


def note_chat(services: Services, message: Message) -> None:
    """Have the store know a chat, which need not be written down for every message."""
    chat = message.chat
    mark = f"{chat.type} {chat.title} {chat.is_forum}"
    if services.seen.get(chat.id) == mark:
        return
    services.seen.put(chat.id, mark)
    services.commits.leave(chats.see, sighting(chat, services.now()))


def sighting(chat: Chat, now: datetime) -> chats.Seen:
    """Return what is kept of a chat that an update shows."""
    return chats.Seen(chat.id, chat.type, now, chat.title or "", bool(chat.is_forum))
