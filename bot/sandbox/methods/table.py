"""All methods that the sandbox knows, by Telegram's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.sandbox.methods import chats, editing, profiles, queries, receiving, sending

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.methods.call import Call

METHODS: Final[dict[str, Callable[[Call], object | Awaitable[object]]]] = {
    "getMe": receiving.get_me,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "logOut": receiving.log_out,
    "close": receiving.close,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "copyMessage": sending.copy_message,
    "forwardMessage": sending.forward_message,
    "sendChatAction": sending.send_chat_action,
    "pinChatMessage": sending.pin_chat_message,
    "unpinChatMessage": sending.unpin_chat_message,
    "setMessageReaction": sending.set_message_reaction,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    "answerGuestQuery": queries.answer_guest_query,
    "setMyCommands": profiles.set_my_commands,
    "getMyCommands": profiles.get_my_commands,
    "deleteMyCommands": profiles.delete_my_commands,
    "setMyName": profiles.set_my_name,
    "getMyName": profiles.get_my_name,
    "setMyDescription": profiles.set_my_description,
    "getMyDescription": profiles.get_my_description,
    "setMyShortDescription": profiles.set_my_short_description,
    "getMyShortDescription": profiles.get_my_short_description,
    "setChatMenuButton": profiles.set_chat_menu_button,
    "getChatMenuButton": profiles.get_chat_menu_button,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
}
# Telegram takes method names in any case.
BY_LOWER_NAME: Final = {name.lower(): name for name in METHODS}
