"""The world of the sandbox: its people, chats and messages, and what the bot shall hear of them."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import bad_request
from bot.sandbox.events import Events
from bot.sandbox.faults import FaultPlan
from bot.sandbox.journal import Journal
from bot.sandbox.limits import FloodLimits
from bot.sandbox.model import Chat, Json, Member, Message, Topic, User
from bot.sandbox.profile import Profile
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.views import message_json

if TYPE_CHECKING:
    from collections.abc import Callable

BOT_ID: Final = 7_000_000_001
# Has the shape of a token and opens nothing: it is accepted by this sandbox only.
TOKEN: Final = f"{BOT_ID}:{'SANDBOX' * 5}"
YOU: Final = 5_000_000_001
MEI: Final = 4_503_599_627_370_001
GROUP: Final = -4_000_000_001
FORUM: Final = -1_002_000_000_001
CHANNEL: Final = -1_003_000_000_001


@dataclass(slots=True)
class Query:
    """A callback, inline or guest query that waits for its answer."""

    id: str
    user_id: int
    chat_id: int | None
    asked: float
    text: str = ""
    message_id: int | None = None
    answer: Json | None = None
    results: dict[str, Json] = field(default_factory=dict)
    thread_id: int | None = None


@dataclass(slots=True)
class StoredFile:
    """A file that the bot sent."""

    id: str
    name: str
    mime: str
    data: bytes


class World:
    """Everything the sandbox knows; methods of the Bot API and the people's deeds change it."""

    def __init__(
        self, *, token: str = TOKEN, username: str = "factline_bot", clock: Callable[[], float] = time.time
    ) -> None:
        self.token = token
        self.clock = clock
        self.bot = User(int(token.partition(":")[0]), "Factline", username=username, is_bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue()
        self.journal = Journal()
        self.faults = FaultPlan()
        self.limits = FloodLimits()
        self.events = Events()
        self.profile = Profile()
        self.files: dict[str, StoredFile] = {}
        self.callbacks: dict[str, Query] = {}
        self.inline_queries: dict[str, Query] = {}
        self.guest_queries: dict[str, Query] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self.callback_seconds = 30.0
        self.inline_seconds = 10.0
        self.webhook: Json = {}
        self.webhook_changed = itertools.count()
        self._private_ids = itertools.count(1)
        self._serial = itertools.count(1)

    def now(self) -> int:
        """Return the time as Telegram gives it: whole seconds."""
        return int(self.clock())

    def serial(self, prefix: str = "") -> str:
        """Return an identifier that is used once."""
        return f"{prefix}{next(self._serial) + 4_382_000_000_000_000_000}"

    def add_user(self, user: User, *, started: bool = False) -> User:
        """Bring in a user, with a private chat if they have started the bot."""
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", started=started)
        return user

    def add_chat(self, chat: Chat, *members: Member) -> Chat:
        """Bring in a chat with its members; the bot is one only if it is named."""
        self.chats[chat.id] = chat
        chat.members.update((member.user_id, member) for member in members)
        return chat

    def add_topic(self, chat: Chat, name: str, icon_color: int = 7322096) -> Topic:
        """Create a topic in a forum, with the service message that stands at its beginning."""
        service = {"forum_topic_created": {"name": name, "icon_color": icon_color}}
        owner = next((m.user_id for m in chat.members.values() if m.status == "creator"), None)
        message = self.post(chat, Message(chat.id, 0, self.now(), owner, service=service))
        message.thread_id = message.id
        topic = Topic(message.id, name, icon_color)
        chat.topics[topic.id] = topic
        return topic

    def chat(self, chat_id: int) -> Chat:
        """Return a chat, or refuse."""
        try:
            return self.chats[chat_id]
        except KeyError:
            raise bad_request("chat not found") from None

    def bot_member(self, chat: Chat) -> Member:
        """Return the bot's place in a chat; one that was never there has left."""
        return chat.members.get(self.bot.id) or Member(self.bot.id, "left")

    def next_id(self, chat: Chat) -> int:
        """Return the next message id: per supergroup and channel, shared by all private chats and basic groups."""
        chat.last_id = chat.last_id + 1 if chat.type in {"supergroup", "channel"} else next(self._private_ids)
        return chat.last_id

    def post(self, chat: Chat, message: Message) -> Message:
        """Put a message into its chat and tell those who watch."""
        message.id = self.next_id(chat)
        chat.messages[message.id] = message
        if message.sender_id == self.bot.id:
            chat.last_bot = self.bot.id
        self.show("message", message)
        return message

    def show(self, kind: str, message: Message) -> None:
        """Tell those who watch of a message that is new or has changed."""
        if self.events:
            self.events.tell(kind, message.chat_id, message=self.page_json(message))

    def page_json(self, message: Message) -> Json:
        """Return a message as the chat page needs it: the Bot API's view and what only a client sees."""
        counts: dict[str, int] = {}
        for emoji in message.reactions.values():
            counts[emoji] = counts.get(emoji, 0) + 1
        return message_json(self, message) | {"reactions": counts, "silent": message.silent}

    def new_query(self, store: dict[str, Query], user_id: int, chat_id: int | None, text: str = "") -> Query:
        """Open a query of a user that the bot has to answer in time."""
        query = Query(self.serial(), user_id, chat_id, self.clock(), text)
        store[query.id] = query
        return query


def furnished(world: World | None = None) -> World:
    """Return a world with You and Mei, their chats with the bot, a group, a forum with three topics and a channel."""
    world = world or World()
    you = world.add_user(User(YOU, "You", username="you_here", language_code="en"), started=False)
    mei = world.add_user(User(MEI, "Mei", "Lin", "mei_lin", "zh-hans"), started=False)
    owner, guest, bot = Member(you.id, "creator"), Member(mei.id), Member(world.bot.id)
    world.add_chat(Chat(GROUP, "group", "Chongqing desk"), owner, guest, bot)
    forum = Chat(FORUM, "supergroup", "Research forum", is_forum=True)
    world.add_chat(forum, Member(you.id, "creator"), Member(mei.id), Member(world.bot.id))
    forum.last_id = 1  # ids of topics start after the one that stands for General
    for name, color in (("Green finance", 0x8EEE98), ("Pilots", 0x6FB9F0), ("Off topic", 0xFFD67E)):
        world.add_topic(forum, name, color)
    rights = frozenset({"can_manage_chat", "can_post_messages", "can_edit_messages", "can_delete_messages"})
    channel = Chat(CHANNEL, "channel", "Factline news", "factline_news")
    world.add_chat(channel, Member(you.id, "creator"), Member(mei.id), Member(world.bot.id, "administrator", rights))
    return world
