"""Updates of the shape that Telegram's schema allows, filled at random: what no test of a conversation thinks of."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from bot.sandbox.model import ANONYMOUS_ADMIN, CHANNEL_BOT
from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.world import World

Json = dict[str, Any]

BIG = 2**52 - 1
WORDS = (
    *(
        "how many",
        "QDLP",
        "pilots",
        "quota",
        "QFLP",
        "policies",
        "有几家",
        "試點企業",
        "额度",
        "@factline_bot",
        "@other",
    ),
    *("/start", "/ask", "/fact", "/verify", "/compare", "/why", "/source", "/forget", "/language", "/stats", "/reload"),
    *(
        "/topics",
        "/figures",
        "/unanswered",
        "/help@factline_bot",
        "/x@other_bot",
        "/",
        "@",
        "<b>",
        "&amp;",
        "💥",
        "\u202e",
    ),
    *(
        "730",
        "million",
        "$7.3亿",
        "1.03",
        "-5",
        "9" * 40,
        "and",
        "和",
        "?",
        "？",
        "\n",
        "zh-hant",
        "qdlp-quota",
        "\u0000",
    ),
)
ENTITY_TYPES = ("mention", "bot_command", "text_mention", "bold", "url", "custom_emoji", "a_new_kind", "blockquote")
MEDIA: dict[str, Any] = {
    "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}],
    "sticker": {
        "file_id": "a",
        "file_unique_id": "b",
        "width": 1,
        "height": 1,
        "type": "regular",
        "is_animated": False,
        "is_video": False,
    },
    "location": {"latitude": 29.5, "longitude": 106.5},
    "contact": {"phone_number": "1", "first_name": "x"},
    "dice": {"emoji": "🎲", "value": 3},
    "new_chat_members": [{"id": 5, "is_bot": True, "first_name": "b"}],
    "new_chat_title": "title",
    "pinned_message": None,
    "group_chat_created": True,
    "a_field_of_tomorrow": {"x": [1, None, {"y": 2}]},
}
MEMBERS: tuple[Json, ...] = (
    {"status": "member"},
    {"status": "left"},
    {"status": "kicked", "until_date": 0},
    {"status": "creator", "is_anonymous": False},
)


class Maker:
    """Makes updates from a seed; chats and people are the sandbox's, so that every reply has somewhere to go."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.topics = list(world.chat(FORUM).topics)

    def update(self) -> Json:
        """Make one update, without its id."""
        kinds: dict[str, Callable[[], Json]] = {
            "message": self.message,
            "edited_message": self.message,
            "callback_query": self.callback,
            "inline_query": self.inline,
            "chosen_inline_result": self.chosen,
            "my_chat_member": self.member,
            "channel_post": lambda: self.message(CHANNEL),
            "edited_channel_post": lambda: self.message(CHANNEL),
            "business_message": self.message,
            "guest_message": self.guest,
            "poll": lambda: {"id": "1", "question": self.text(), "options": []},
            "kind_of_tomorrow": lambda: {"x": self.text()},
        }
        kind = self.chance.choices(list(kinds), [30, 12, 12, 12, 4, 8, 4, 2, 3, 4, 1, 2])[0]
        made = {kind: kinds[kind]()}
        return self.broken(made) if self.chance.random() < 0.05 else made

    def broken(self, made: Json) -> Json:
        """Spoil a field as a surprise of the API would: the update cannot be read, and those behind it must be."""
        ((kind, body),) = made.items()
        field = self.chance.choice(sorted(body)) if body else "x"
        spoilt: Any = self.chance.choice([None, "", -1, [], {}, {"id": "x"}, "text"])
        return (
            {kind: {**body, field: spoilt}}
            if field not in {"id", "chat", "message", "guest_query_id"}
            else {kind: spoilt}
        )

    def text(self) -> str:
        """Make a text."""
        return " ".join(self.chance.choices(WORDS, k=self.chance.choice((1, 1, 2, 3, 4, 6, 9, 60))))

    def entities(self, text: str) -> list[Json]:
        """Mark commands and mentions as Telegram does, and now and then something else."""
        found, at = [], 0
        for word in text.split(" "):
            size = len(word.encode("utf-16-le")) // 2
            kind = {"/": "bot_command", "@": "mention"}.get(word[:1])
            if kind and size > 1:
                found.append({"type": kind, "offset": at, "length": size})
            at += size + 1
        if self.chance.random() < 0.2:
            kind = self.chance.choice(ENTITY_TYPES)
            extra = {"user": self.user()} if kind == "text_mention" else {}
            found.append(
                {"type": kind, "offset": self.chance.randrange(9), "length": self.chance.randrange(1, 9), **extra}
            )
        return found

    def user(self) -> Json:
        """Make a person; also ones of 52 bits, without a language, and bots."""
        return self.chance.choice(
            (
                {"id": YOU, "is_bot": False, "first_name": "You", "language_code": "en"},
                {"id": MEI, "is_bot": False, "first_name": "<b>Mei</b>", "language_code": "zh-hans"},
                {"id": BIG, "is_bot": False, "first_name": "", "language_code": "pt-br"},
                {"id": 77, "is_bot": True, "first_name": "robot", "username": "robot_bot"},
                {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
                {"id": CHANNEL_BOT, "is_bot": True, "first_name": "Channel"},
                {"id": 777000, "is_bot": False, "first_name": "Telegram"},
                self.bot(),
            )
        )

    def bot(self) -> Json:
        """The bot itself."""
        return {"id": self.world.bot.id, "is_bot": True, "first_name": "Factline", "username": "factline_bot"}

    def chat(self, chat_id: int) -> Json:
        """Make a chat as messages show it."""
        chat = self.world.chat(chat_id)
        shown: Json = {"id": chat_id, "type": chat.type}
        if chat.type != "private":
            shown["title"] = self.chance.choice(("Chongqing desk", "<i>", "", "標題" * 99))
        return shown | ({"is_forum": True} if chat.is_forum else {})

    def message(self, chat_id: int | None = None) -> Json:
        """Make a message."""
        chance = self.chance
        place = chat_id or chance.choice((YOU, MEI, GROUP, GROUP, FORUM, FORUM))
        made: Json = {"message_id": chance.choice((1, 7, chance.randrange(1, 10**6), BIG)), "date": 1_768_000_000}
        made["chat"] = self.chat(place)
        if chance.random() < 0.95 and place != CHANNEL:
            made["from"] = self.user()
        if place == FORUM and chance.random() < 0.7:
            made |= {"message_thread_id": chance.choice(self.topics), "is_topic_message": True}
        kind = chance.random()
        if kind < 0.8:
            made["text"] = self.text()
            made["entities"] = self.entities(made["text"])
        else:
            name = chance.choice(sorted(MEDIA))
            made[name] = MEDIA[name]
            if name == "photo" and chance.random() < 0.6:
                made["caption"] = self.text()
                made["caption_entities"] = self.entities(made["caption"])
        for name, make in self.details(place).items():
            if chance.random() < 0.08:
                made[name] = make()
        return made

    def details(self, place: int) -> dict[str, Callable[[], Any]]:
        """What a message may carry besides."""
        return {
            "reply_to_message": lambda: self.message(place),
            "sender_chat": lambda: self.chat(self.chance.choice((place, CHANNEL))),
            "via_bot": lambda: self.chance.choice((self.bot(), self.user())),
            "edit_date": lambda: 1_768_000_100,
            "is_automatic_forward": lambda: True,
            "media_group_id": lambda: "1",
            "author_signature": self.text,
            "quote": lambda: {"text": "x", "position": 0},
            "reply_markup": lambda: {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]},
        }

    def callback(self) -> Json:
        """Make a pressed button: data of a kind that the bot gives, or anything."""
        user = self.chance.choice((YOU, MEI))
        query = self.world.new_query(self.world.callbacks, user, user)
        made: Json = {"id": query.id, "from": {"id": user, "is_bot": False, "first_name": "x"}, "chat_instance": "1"}
        if self.chance.random() < 0.1:
            return made | {"inline_message_id": "x", "data": self.text()[:64]}
        message = self.message(self.chance.choice((user, GROUP)))
        data, shown = self.shown_button(user)
        if data and self.chance.random() < 0.5:
            return made | {"message": {**self.message(user), "message_id": shown}, "data": data}
        forged = self.chance.choice(("A" * 16, "up", "", self.text()[:64]))
        message["message_id"] = BIG
        return made | {"message": message} | ({"data": forged} if forged else {"game_short_name": "g"})

    def shown_button(self, chat: int) -> tuple[str, int]:
        """Return the data of a button that the bot has shown, and the message that it is under."""
        found = [
            (str(key.get("callback_data", "")), message.id)
            for message in list(self.world.chat(chat).messages.values())[-20:]
            if message.markup and message.sender_id == self.world.bot.id
            for row in message.markup["inline_keyboard"]
            for key in row
        ]
        return self.chance.choice(found) if found else ("", 0)

    def inline(self) -> Json:
        """Make an inline query."""
        user = self.chance.choice((YOU, MEI))
        query = self.world.new_query(self.world.inline_queries, user, None)
        offset = self.chance.choice(("", "10", "-1", "x" * 64, "²", "99999999"))
        sender = {"id": user, "is_bot": False, "first_name": "x"}
        return {"id": query.id, "from": sender, "query": self.text()[:256], "offset": offset}

    def chosen(self) -> Json:
        """Make the note that an inline result was sent."""
        return {"result_id": "x" * 32, "from": self.user(), "query": self.text()[:256]}

    def member(self) -> Json:
        """Make a change of the bot's place in a chat."""
        old, new = self.chance.choices(MEMBERS, k=2)
        return {
            "chat": self.chat(self.chance.choice((YOU, GROUP, FORUM))),
            "from": self.user(),
            "date": 1_768_000_000,
            "old_chat_member": {**old, "user": self.bot()},
            "new_chat_member": {**new, "user": self.bot()},
        }

    def guest(self) -> Json:
        """Make a mention in a chat that the bot is not in."""
        query = self.world.new_query(self.world.guest_queries, MEI, GROUP)
        return {**self.message(GROUP), "guest_query_id": query.id}
