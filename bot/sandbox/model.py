"""What the sandbox's world is made of: people, chats, topics and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# Telegram's fixed accounts: whoever writes anonymously as an admin, and whoever writes as a channel.
ANONYMOUS_ADMIN = 1087968824
CHANNEL_BOT = 136817688

BOT_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
ALL_RIGHTS = frozenset(BOT_RIGHTS + CHANNEL_RIGHTS + GROUP_RIGHTS)

SEND_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)


@dataclass(slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    deactivated: bool = False

    @property
    def name(self) -> str:
        """The name as chat lists show it."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Member:
    """Someone's place in a chat: status and, for administrators, rights."""

    user_id: int
    status: str = "member"
    rights: frozenset[str] = frozenset()

    @property
    def is_admin(self) -> bool:
        """Whether this is an administrator or the owner."""
        return self.status in {"administrator", "creator"}

    @property
    def is_present(self) -> bool:
        """Whether this one is in the chat at all."""
        return self.status not in {"left", "kicked"}


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is the id of the message that created it."""

    id: int
    name: str
    icon_color: int = 7322096
    closed: bool = False


@dataclass(slots=True)
class Message:
    """A message as the world keeps it; `views.message_json` is how the bot sees it."""

    chat_id: int
    id: int
    date: int
    sender_id: int | None
    text: str | None = None
    entities: list[Json] = field(default_factory=list)
    media: Json | None = None
    service: Json | None = None
    thread_id: int | None = None
    reply_to: int | None = None
    markup: Json | None = None
    sender_chat_id: int | None = None
    edit_date: int | None = None
    via_bot: bool = False
    inline_id: str = ""
    guest_caller_id: int | None = None
    guest_query_id: str = ""
    origin: Json | None = None
    preview: Json | None = None
    protected: bool = False
    silent: bool = False
    reactions: dict[int, str] = field(default_factory=dict)
    raw: Json | None = None


@dataclass(slots=True)
class Chat:
    """A private chat, group, supergroup, forum or channel with its messages."""

    id: int
    type: str
    title: str = ""
    username: str = ""
    description: str = ""
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    pinned: int | None = None
    permissions: frozenset[str] = frozenset(SEND_PERMISSIONS)
    slow_mode: int = 0
    last_sent: dict[int, float] = field(default_factory=dict)
    migrated_to: int | None = None
    started: bool = True
    blocked: bool = False
    last_bot: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether people talk to each other here."""
        return self.type in {"group", "supergroup"}
