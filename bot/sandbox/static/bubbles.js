// Messages as bubbles, grouped by sender, with dates between them.
import { $, attempt, avatar, h, icon, nameColor, post, toast } from "./dom.js";
import { copy, rich } from "./rich.js";
import { isMine, nameOf, open, replyOf, senderId, serviceText, state, summary } from "./state.js";
import { clock } from "./chats.js";
import { languageTag, t, tagOf } from "./texts.js";

export const hooks = { reply: () => {}, edit: () => {}, inline: () => {}, link: () => false };
const GROUP_SECONDS = 600;
const busy = new Map();

function dayLabel(seconds) {
  const date = new Date(seconds * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  return new Intl.DateTimeFormat(languageTag(), { month: "long", day: "numeric", year: "numeric" }).format(date);
}
function replyBox(message) {
  const reply = replyOf(message);
  if (!reply) return null;
  return h("button", { type: "button", className: "reply", onclick: () => find(reply.message_id) }, h("b", {}, nameOf(reply)), h("span", { lang: tagOf(summary(reply)) || null }, summary(reply)));
}
function forwardLine(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.chat?.title ?? origin.sender_user_name ?? origin.sender_user?.first_name;
  return h("div", { className: "forward" }, `${t("forwarded")} `, h("b", {}, name));
}
function media(message) {
  if (message.photo) return h("img", { className: "photo", src: `/client/file/${message.photo.at(-1).file_id}`, alt: message.caption ?? t("photo") });
  if (!message.document) return null;
  const size = message.document.file_size;
  const about = size < 1024 ? `${size} B` : size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;
  return h("a", { className: "document", href: `/client/file/${message.document.file_id}`, download: message.document.file_name }, h("span", { className: "card" }, icon("file")), h("span", {}, h("b", {}, message.document.file_name), h("small", {}, about)));
}
function meta(message, mine) {
  const time = h("time", { dateTime: new Date(message.date * 1000).toISOString() }, clock(message.date));
  return h("span", { className: "meta" }, message.edit_date ? h("span", {}, t("edited")) : null, time, mine ? icon("ticks") : null);
}
function keyboard(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return h("div", { className: "keys" }, rows.map((row) => h("div", {}, row.map((button) => key(message, button)))));
}
function key(message, button) {
  const text = h("span", { lang: tagOf(button.text) || null }, button.text);
  if (button.url) return h("a", { className: "key", href: button.url, target: "_blank", rel: "noopener noreferrer", onclick: (event) => { if (hooks.link(button.url)) event.preventDefault(); } }, text, icon("link"));
  const onclick = () => {
    if (button.callback_data !== undefined) press(message, button, element);
    else if (button.copy_text) copy(button.copy_text.text);
    else hooks.inline(button.switch_inline_query_current_chat ?? button.switch_inline_query ?? "");
  };
  const element = h("button", { type: "button", className: "key", onclick }, text, button.copy_text ? icon("copy") : null);
  return element;
}
async function press(message, button, element) {
  element.classList.add("busy");
  element.setAttribute("aria-busy", "true");
  try {
    const id = await post("press", { user: state.me.id, chat: message.chat.id, message: message.message_id, data: button.callback_data });
    if (busy.get(id) === "answered") settle(element);
    busy.set(id, element);
    setTimeout(() => { if (busy.delete(id)) settle(element); }, 15000);
  } catch (error) {
    settle(element);
    toast(error.message);
  }
}
const settle = (element) => { element.classList.remove("busy"); element.removeAttribute("aria-busy"); };
export function answered(event) {
  const element = busy.get(event.query_id);
  if (element instanceof Element) { settle(element); busy.delete(event.query_id); } else busy.set(event.query_id, "answered");
  if (event.text && event.show_alert) { $("alert-text").textContent = event.text; $("alert").showModal(); } else if (event.text) toast(event.text);
  if (event.url) hooks.link(event.url);
}
function tools(message, mine) {
  const tool = (name, label, deed) => h("button", { type: "button", title: t(label), "aria-label": t(label), onclick: deed }, icon(name));
  return h("div", { className: "tools" }, open().can_write ? tool("reply", "reply", () => hooks.reply(message)) : null,
    mine && message.text !== undefined && !message.via_bot ? tool("edit", "edit", () => hooks.edit(message)) : null,
    mine || open().is_admin ? tool("trash", "remove", () => attempt(post("delete", { chat: message.chat.id, message: message.message_id }))) : null);
}
const EMOJI = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*){1,3}$/u;
function bubble(message, mine, withName) {
  const said = message.text ?? message.caption;
  const name = withName ? h("div", { className: "sender", style: `--name:${nameColor(senderId(message))}` }, h("span", {}, nameOf(message)), message.sender_chat && !message.from ? null : roleOf(message)) : null;
  const via = message.via_bot ? h("div", { className: "via" }, `${t("via")} @${message.via_bot.username}`) : null;
  const guest = message.guest_bot_caller_user ? h("div", { className: "via" }, t("guest", message.guest_bot_caller_user.first_name)) : null;
  const text = said === undefined ? null : h("span", { className: EMOJI.test(said) ? "text big" : "text", lang: tagOf(said) || null }, rich(said, message.entities ?? message.caption_entities));
  const reactions = Object.entries(message.reactions ?? {});
  const marks = reactions.length ? h("div", { className: "reactions" }, reactions.map(([emoji, count]) => h("span", {}, `${emoji} ${count}`))) : null;
  return h("div", { className: "bubble" }, name, via, guest, forwardLine(message), replyBox(message), h("div", { className: "body" }, media(message), text, marks, meta(message, mine)));
}
function roleOf(message) {
  if (message.from?.is_bot && message.from.id === state.bot.id) return h("small", {}, t("bot"));
  return message.sender_chat ? h("small", {}, t("admin")) : null;
}
function groups(a, b) {
  return a && b && !serviceText(a) && !serviceText(b) && senderId(a) === senderId(b) && Math.abs(a.date - b.date) < GROUP_SECONDS && new Date(a.date * 1000).toDateString() === new Date(b.date * 1000).toDateString();
}
function row(message, before, after, fresh) {
  const service = serviceText(message);
  if (service) return h("div", { className: "service", "data-id": String(message.message_id) }, h("span", { className: "pill" }, service));
  const mine = isMine(message);
  const [first, last] = [!groups(before, message), !groups(message, after)];
  const talk = ["group", "supergroup"].includes(message.chat.type) && !mine;
  const face = !talk ? null : last ? avatar(senderId(message), nameOf(message)) : h("span", { className: "gap" });
  const classes = ["row", mine ? "out" : "", first ? "first" : "", last ? "last" : "", fresh ? "new" : ""].filter(Boolean).join(" ");
  const stack = h("div", { className: "stack" }, bubble(message, mine, first && (talk || message.chat.type === "channel")), keyboard(message));
  stack.firstElementChild.append(tools(message, mine));
  const element = h("div", { className: classes, "data-id": String(message.message_id), ondblclick: (event) => { if (!event.target.closest("button, a, code")) hooks.reply(message); } }, face, stack);
  stack.addEventListener("click", (event) => { if (event.target.closest("button, a, [role=button]")) return; const was = element.classList.contains("tapped"); document.querySelectorAll(".tapped").forEach((other) => other.classList.remove("tapped")); element.classList.toggle("tapped", !was); });
  return element;
}
function find(id) {
  const element = document.querySelector(`#log [data-id="${id}"]`);
  element?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  element?.classList.add("found");
  setTimeout(() => element?.classList.remove("found"), 1500);
}
const sameDay = (a, b) => a && b && new Date(a.date * 1000).toDateString() === new Date(b.date * 1000).toDateString();
const dayRow = (message) => h("div", { className: "day" }, h("span", { className: "pill" }, dayLabel(message.date)));
export function drawAll() {
  const log = $("log");
  const list = state.messages;
  log.className = open().type;
  log.setAttribute("aria-busy", "true");
  const about = state.bot.description;
  const card = open().type === "private" && !list.length && about ? [h("div", { className: "about", lang: tagOf(about) || null }, h("b", {}, t("about")), about)] : [];
  log.replaceChildren(...card, ...list.flatMap((message, i) => [sameDay(list[i - 1], message) ? null : dayRow(message), row(message, list[i - 1], list[i + 1])]).filter(Boolean));
  log.removeAttribute("aria-busy");
}
// A message that a reload brought before its own event is there already.
export function append(message) {
  const list = state.messages;
  const known = list.findIndex((one) => one.message_id === message.message_id);
  if (known >= 0) { list[known] = message; redraw(message.message_id); return; }
  const before = list.at(-1);
  if (!list.length) $("log").replaceChildren();
  list.push(message);
  if (before && groups(before, message)) redraw(before.message_id);
  if (!sameDay(before, message)) $("log").append(dayRow(message));
  $("log").append(row(message, before, undefined, true));
}
export function redraw(id) {
  const at = state.messages.findIndex((message) => message.message_id === id);
  const old = document.querySelector(`#log > [data-id="${id}"]`);
  if (at < 0 || !old) return;
  const unfolded = old.querySelector(".quote:not(.folded) .unfold") !== null;
  const fresh = row(state.messages[at], state.messages[at - 1], state.messages[at + 1]);
  old.replaceWith(fresh);
  if (unfolded) fresh.querySelector(".quote.folded .unfold")?.click();
}
