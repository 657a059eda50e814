"""Who asks, in which language they are spoken to, and whether they are answered at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import chats
from handlers import texts
from handlers.context import Profile

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection
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
    profile = await _profile(context.services, chat, identity)
    if profile.blocked:
        return None
    return Asker(identity, person, _language(context.services, profile, user if person else None))


def _language(services: Services, profile: Profile, user: User | None) -> Language:
    """Choose the interface's language: the person's choice, the client's, the chat's, the operator's."""
    if profile.chosen is not None:
        return profile.chosen
    otherwise = profile.chat or services.settings.language
    return texts.spoken(user.language_code if user else None, otherwise)


async def _profile(services: Services, chat: Chat | None, identity: int) -> Profile:
    """Look up what was chosen; not for every message anew."""
    key = (chat.id if chat is not None else identity, identity)
    found = services.profiles.get(key)
    if found is not None:
        return found

    async def look_up(connection: AsyncConnection) -> Profile:
        of_chat, chosen = await chats.languages(connection, key[0], identity)
        blocked = await chats.is_blocked(connection, identity)
        return Profile(texts.known(chosen), texts.known(of_chat), blocked)

    return services.profiles.put(key, await services.store.read(look_up))


def note_chat(services: Services, message: Message) -> None:
    """Have the store know a chat, which need not be written down for every message."""
    chat = message.chat
    title = chat.title or ""
    mark = f"{chat.type} {title} {chat.is_forum}"
    if services.seen.get(chat.id) == mark:
        return
    services.seen.put(chat.id, mark)
    seen = chats.Seen(chat.id, chat.type, title, bool(chat.is_forum))
    now = services.now()
    services.commits.later(lambda connection: chats.see(connection, seen, now))
