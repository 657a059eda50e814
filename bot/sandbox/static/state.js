// What the page knows: who writes, which chats there are, which one is open, what is unread.
import { get } from "./dom.js";
import { t } from "./texts.js";

export const state = { me: null, users: [], bot: null, chats: [], privacy: true, chat: null, thread: null, messages: [], unread: {}, opened: new Set() };

export async function load(userId) {
  const fresh = await get("state", { user: userId });
  Object.assign(state, { me: fresh.me, users: fresh.users, bot: fresh.bot, chats: fresh.chats, privacy: fresh.privacy });
}
export const chatOf = (id) => state.chats.find((chat) => chat.id === id);
export const open = () => chatOf(state.chat);
export const titleOf = (chat) => (chat.type === "private" ? state.bot.name : chat.title);
export const topicOf = (chat, id) => chat.topics.find((topic) => topic.id === id);
export const placeOf = (chatId, thread) => `${chatId}/${thread ?? ""}`;
export const isMine = (message) => !message.sender_chat && message.from?.id === state.me.id;
export function nameOf(message) {
  if (message.sender_chat) return message.sender_chat.title;
  const from = message.from;
  if (!from) return message.chat.title ?? "";
  if (from.id === state.bot.id) return state.bot.name;
  return [from.first_name, from.last_name].filter(Boolean).join(" ");
}
export const senderId = (message) => message.sender_chat?.id ?? message.from?.id ?? message.chat.id;
// A reply that stands in the message itself; the implicit one of topics, to the creation of the topic, is none.
export function replyOf(message) {
  const reply = message.reply_to_message;
  return reply && !(reply.forum_topic_created && reply.message_id === message.message_thread_id) ? reply : null;
}
export function summary(message) {
  if (!message) return t("noMessages");
  return serviceText(message) ?? message.text ?? message.caption ?? (message.photo ? t("photo") : message.document?.file_name ?? "");
}
export function serviceText(message) {
  const who = nameOf(message);
  if (message.forum_topic_created) return t("topicCreated", message.forum_topic_created.name);
  if (message.forum_topic_closed) return t("topicClosed");
  if (message.forum_topic_reopened) return t("topicOpened");
  if (message.new_chat_members) return t("joined", who, message.new_chat_members.map((user) => user.first_name).join(", "));
  if (message.left_chat_member) return t("left", who, message.left_chat_member.first_name);
  if (message.migrate_from_chat_id || message.migrate_to_chat_id) return t("migrated");
  return null;
}
