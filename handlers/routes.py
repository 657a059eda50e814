"""The routing table: every handler of the bot, in the order in which they are tried. Nothing else adds handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    ChosenInlineResultHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers import (
    admin,
    announcing,
    announcing_list,
    browsing,
    checking,
    commands,
    digests,
    explaining,
    failures,
    gate,
    groups,
    inline,
    opinions,
    questions,
    subscriptions,
)
from handlers.pressing import Action, press_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.context import App

ALLOWED_UPDATES: Final = (
    *("message", "edited_message", "callback_query", "inline_query", "chosen_inline_result"),
    *("my_chat_member", "guest_message", "channel_post"),
)
MESSAGE = filters.UpdateType.MESSAGE
EDITED = filters.UpdateType.EDITED_MESSAGE
GUEST = filters.UpdateType.GUEST_MESSAGE
CHANNEL_POST = filters.UpdateType.CHANNEL_POST
PRIVATE = filters.ChatType.PRIVATE
WORDS = filters.TEXT | filters.CAPTION

COMMANDS: Final = {
    "start": commands.start,
    "help": commands.help_,
    "ask": questions.ask,
    "topics": browsing.topics,
    "figures": browsing.figures,
    "fact": browsing.fact,
    "verify": checking.verify,
    "compare": checking.compare,
    "source": browsing.source,
    "why": explaining.why,
    "language": commands.language_,
    "privacy": commands.privacy,
    "forget": commands.forget,
    "subscribe": subscriptions.subscribe,
    "unsubscribe": subscriptions.unsubscribe,
    "settings": subscriptions.settings,
    # These refuse by themselves: an attempt is told so, and kept.
    "announce": announcing.announce,
    "announcements": announcing_list.list_,
}
ADMIN_COMMANDS: Final = {"unanswered": admin.unanswered, "stats": admin.stats, "reload": digests.reload}
BUTTONS: Final[dict[str, Action]] = {
    "related": opinions.related,
    "why": opinions.why,
    "up": opinions.up,
    "down": opinions.down,
    "reason": opinions.reason,
    "option": opinions.option,
    "none": opinions.none_of_these,
    "topic": browsing.show_topic,
    "fact": browsing.show_fact,
    "language": commands.choose_language,
    "done": admin.done,
    "setting": subscriptions.press_setting,
    "announcement.send": announcing.send_now,
    "announcement.discard": announcing.discard,
    "announcement.correct": announcing.correct,
    "announcement.leave": announcing.leave,
    "announcement.show": announcing_list.show,
    "announcement.cancel": announcing_list.cancel,
    "announcement.retract?": announcing_list.ask_retract,
    "announcement.retract": announcing_list.retract,
    "announcement.resend": announcing_list.resend,
    "announcement.csv": announcing_list.csv,
}


def add_routes(app: App, admins: Iterable[int]) -> None:
    """Add every handler; the first that fits an update gets it, after the gate has let it through."""
    # Rights go by number, in private, and never by the name of a chat that someone speaks in.
    is_admin = MESSAGE & PRIVATE & filters.User(list(admins), allow_empty=True) & ~filters.SenderChat.ALL
    # The gate knows people; in a channel nobody in particular posts.
    app.add_handler(MessageHandler(CHANNEL_POST & filters.COMMAND, subscriptions.in_channel), group=-2)
    app.add_handler(TypeHandler(Update, gate.admit), group=-1)
    # What most updates are is tried first: thirty handlers that do not want it took 2 % of an update.
    app.add_handler(MessageHandler(MESSAGE & WORDS & ~filters.COMMAND, questions.ask))
    app.add_handler(ChatMemberHandler(groups.member, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(MESSAGE & filters.StatusUpdate.MIGRATE, groups.migrate))
    for name, callback in COMMANDS.items():
        app.add_handler(CommandHandler(name, callback, MESSAGE))
    for name, callback in ADMIN_COMMANDS.items():
        app.add_handler(CommandHandler(name, callback, is_admin))
    app.add_handler(MessageHandler(MESSAGE & filters.COMMAND, commands.unknown))
    app.add_handler(MessageHandler(EDITED & WORDS, questions.ask_again))
    app.add_handler(MessageHandler(MESSAGE & PRIVATE & ~filters.StatusUpdate.ALL, questions.hint))
    app.add_handler(MessageHandler(GUEST, inline.guest))
    app.add_handler(CallbackQueryHandler(press_with(BUTTONS)))
    app.add_handler(InlineQueryHandler(inline.search))
    app.add_handler(ChosenInlineResultHandler(inline.chosen))
    app.add_error_handler(failures.failed)
