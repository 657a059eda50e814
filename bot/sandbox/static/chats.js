// The list of chats, with the topics of a forum below it.
import { $, avatar, h, icon, rgb } from "./dom.js";
import { chatOf, nameOf, placeOf, serviceText, state, summary, titleOf } from "./state.js";
import { languageTag, t, tagOf } from "./texts.js";

export function clock(seconds) {
  return new Intl.DateTimeFormat(languageTag(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);
}
function when(seconds) {
  if (!seconds) return "";
  const date = new Date(seconds * 1000);
  if (date.toDateString() === new Date().toDateString()) return clock(seconds);
  return new Intl.DateTimeFormat(languageTag(), { month: "short", day: "numeric" }).format(date);
}
function preview(chat, message) {
  const said = summary(message);
  const named = message && chat.type !== "private" && chat.type !== "channel" && !serviceText(message);
  const name = named ? (message.from?.id === state.me.id ? t("you") : nameOf(message)) : "";
  return h("span", { className: "said", lang: tagOf(said) || null }, name ? `${name}: ${said}` : said);
}
function badge(count) {
  return count ? h("span", { className: "badge", "aria-label": t("unread", count) }, String(count)) : null;
}
const KINDS = { group: "group", supergroup: "group", channel: "channel" };
function chatLine(chat, openChat) {
  const unread = chat.is_forum ? [null, ...chat.topics.map((topic) => topic.id)].reduce((sum, id) => sum + (state.unread[placeOf(chat.id, id)] ?? 0), 0) : state.unread[placeOf(chat.id)];
  const kind = chat.is_forum ? "forum" : KINDS[chat.type];
  const title = h("span", { className: "title" }, kind ? icon(kind) : null, titleOf(chat));
  const current = state.chat === chat.id && !chat.is_forum;
  return h("button", {
    type: "button", className: "line", "aria-current": current ? "true" : null, "aria-expanded": chat.is_forum ? String(state.opened.has(chat.id)) : null,
    onclick: () => { if (chat.is_forum) toggle(chat.id, openChat); else openChat(chat.id, null); }, "data-chat": String(chat.id),
  }, avatar(chat.type === "private" ? state.bot.id : chat.id, titleOf(chat)),
  h("span", { className: "names" }, h("span", { className: "top" }, title, h("span", { className: "when" }, when(chat.last?.date))),
    h("span", { className: "bottom" }, preview(chat, chat.last), badge(unread))));
}
function topicLine(chat, topic, openChat) {
  const name = topic ? topic.name : t("general");
  const last = topic ? chat.last_in_topics[topic.id] : chat.last_general;
  const mark = h("span", { className: "topic-mark", "aria-hidden": "true", style: `background:${topic ? rgb(topic.color) : "#8d9aa5"}` }, topic ? [...name][0].toUpperCase() : "#");
  const current = state.chat === chat.id && state.thread === (topic?.id ?? null);
  return h("button", {
    type: "button", className: "line topic", "aria-current": current ? "true" : null, onclick: () => openChat(chat.id, topic?.id ?? null),
    "data-chat": String(chat.id), "data-thread": String(topic?.id ?? ""),
  }, mark, h("span", { className: "names" },
    h("span", { className: "top" }, h("span", { className: "title" }, name, topic?.closed ? " 🔒" : ""), h("span", { className: "when" }, when(last?.date))),
    h("span", { className: "bottom" }, preview(chat, last), badge(state.unread[placeOf(chat.id, topic?.id)]))));
}
function toggle(id, openChat) {
  if (!state.opened.delete(id)) state.opened.add(id);
  drawChats(openChat);
  document.querySelector(`.line[data-chat="${id}"]`)?.focus();
}
export function drawChats(openChat) {
  const focused = document.activeElement?.closest?.(".line")?.dataset;
  const recent = [...state.chats].sort((a, b) => (a.type !== "private") - (b.type !== "private") || (b.last?.date ?? 0) - (a.last?.date ?? 0));
  $("chats").replaceChildren(...recent.flatMap((chat) => {
    const topics = chat.is_forum && state.opened.has(chat.id) ? [null, ...chat.topics].map((topic) => topicLine(chat, topic, openChat)) : [];
    return [chatLine(chat, openChat), ...topics];
  }));
  if (focused?.chat) document.querySelector(`.line[data-chat="${focused.chat}"]${focused.thread === undefined ? ":not(.topic)" : `[data-thread="${focused.thread}"]`}`)?.focus();
}
export function noteLast(message) {
  const chat = chatOf(message.chat.id);
  if (!chat) return;
  chat.last = message;
  if (message.message_thread_id) chat.last_in_topics[message.message_thread_id] = message;
  else chat.last_general = message;
}
