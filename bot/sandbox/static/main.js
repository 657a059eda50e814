// The page: opens chats, follows the server's events, and ties the parts together.
import { append, answered, drawAll, hooks as bubbleHooks, redraw } from "./bubbles.js";
import { drawChats, noteLast } from "./chats.js";
import { clear, drawComposer, escape, listen, sendText, setMode, switchInline } from "./composer.js";
import { $, attempt, avatar, get, h, icon, post } from "./dom.js";
import { applyTheme, drawSettings, menuKeys, toggleMenu, toggleSettings } from "./panels.js";
import { actions } from "./rich.js";
import { chatOf, isMine, load, nameOf, open, placeOf, state, summary, titleOf, topicOf } from "./state.js";
import { setLanguage, t } from "./texts.js";

const scroller = $("scroller");
const narrow = matchMedia("(max-width: 719px)");
let source;
let typing;
let heard = 0;

// What was read before an event came in would undo that event: it is read again.
async function unovertaken(read) {
  let before, found;
  do { before = heard; found = await read(); } while (before !== heard);
  return found;
}
const messagesOf = (chat, thread) => get("messages", { user: state.me.id, chat, ...(thread ? { thread } : {}) });

async function openChat(id, thread = null, { focus = true } = {}) {
  const view = await unovertaken(() => messagesOf(id, thread));
  Object.assign(state, { chat: id, thread, messages: view.messages });
  replaceChat(view.chat);
  delete state.unread[placeOf(id, thread)];
  if (open().is_forum) state.opened.add(id);
  $("chat").classList.add("open");
  $("app").dataset.view = "chat";
  clear();
  draw();
  toEnd();
  if (focus && !$("composer").hidden && !narrow.matches) $("input").focus();
  else if (focus && !$("start").hidden) $("start").focus();
}
function replaceChat(chat) {
  const at = state.chats.findIndex((one) => one.id === chat.id);
  if (at >= 0) state.chats[at] = chat;
}
function closeChat() {
  const line = document.querySelector(`.line[aria-current="true"]`);
  Object.assign(state, { chat: null, thread: null, messages: [] });
  $("chat").classList.remove("open");
  $("app").dataset.view = "list";
  drawChats(openChat);
  (line?.dataset.chat && document.querySelector(`.line[data-chat="${line.dataset.chat}"]`))?.focus();
}
function draw() {
  drawChats(openChat);
  drawSettings(panelHooks);
  if (!open()) return;
  drawHeader();
  drawAll();
  drawComposer();
}
function drawHeader() {
  const chat = open();
  const topic = topicOf(chat, state.thread);
  const title = chat.is_forum ? topic?.name ?? t("general") : titleOf(chat);
  $("chat-title").textContent = title;
  $("chat-avatar").replaceChildren(avatar(chat.type === "private" ? state.bot.id : chat.id, titleOf(chat)));
  clearTimeout(typing);
  $("chat-status").className = "";
  $("chat-status").textContent = chat.type === "private" ? t("bot") : chat.is_forum ? t("topicOf", chat.title) : t(chat.type === "channel" ? "subscribers" : "members", chat.members);
  $("pinned").hidden = !chat.pinned;
  if (chat.pinned) $("pinned").replaceChildren(h("span", {}, h("b", {}, t("pinned")), summary(chat.pinned)));
}
const nearEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  $("to-end").hidden = true;
}
function isOpen(message) {
  if (message.chat.id !== state.chat) return false;
  return !open().is_forum || (message.message_thread_id ?? null) === state.thread;
}
const on = {
  message({ message }) {
    noteLast(message);
    if (isOpen(message)) {
      const follow = nearEnd() || isMine(message);
      const empty = !state.messages.length;
      append(message);
      if (follow) toEnd(); else $("to-end").hidden = false;
      if (empty) drawComposer();
      if (empty && !$("composer").hidden && !narrow.matches) $("input").focus();
      if (!isMine(message)) drawHeader();
    }
    if ((!isOpen(message) || document.hidden) && !isMine(message)) {
      const place = placeOf(message.chat.id, message.message_thread_id);
      state.unread[place] = (state.unread[place] ?? 0) + 1;
    }
    drawChats(openChat);
  },
  edit({ message }) {
    const at = state.messages.findIndex((one) => isOpen(message) && one.message_id === message.message_id);
    if (at >= 0) {
      const follow = nearEnd();
      state.messages[at] = message;
      redraw(message.message_id);
      if (follow) toEnd();
    }
    const chat = chatOf(message.chat.id);
    if (chat?.last?.message_id === message.message_id) noteLast(message);
    drawChats(openChat);
  },
  delete({ chat_id, message_id }) {
    if (chat_id !== state.chat) return;
    state.messages = state.messages.filter((message) => message.message_id !== message_id);
    drawAll();
    drawComposer();
  },
  action({ chat_id, thread_id }) {
    if (chat_id !== state.chat || (open().is_forum && (thread_id ?? null) !== state.thread)) return;
    $("chat-status").className = "typing";
    $("chat-status").textContent = open().type === "private" ? `${t("typing")}…` : `${state.bot.name} · ${t("typing")}…`;
    clearTimeout(typing);
    typing = setTimeout(drawHeader, 5000);
  },
  callback_answer: answered,
  inline_answer() {},
  chat: () => reload(),
  pinned: () => reload(),
  profile: () => reload(),
  bye() {},
};
function follow() {
  source?.close();
  source = new EventSource(`/client/events?user=${state.me.id}`);
  source.onopen = () => { heard += 1; $("offline").hidden = true; reload(); };
  source.onerror = () => { $("offline").hidden = false; };
  source.onmessage = ({ data }) => { const event = JSON.parse(data); heard += 1; on[event.event]?.(event); };
}
let reloading = null;
// Several events in a row ask for one reload only.
function reload() {
  reloading ??= refresh().finally(() => { reloading = null; });
  return reloading;
}
async function refresh() {
  let place;
  const view = await unovertaken(async () => {
    await load(state.me.id);
    place = placeOf(state.chat, state.thread);
    return open() ? messagesOf(state.chat, state.thread) : null;
  });
  if (view && place === placeOf(state.chat, state.thread)) {
    const changed = JSON.stringify(view.messages) !== JSON.stringify(state.messages);
    const end = nearEnd();
    state.messages = view.messages;
    replaceChat(view.chat);
    drawHeader();
    if (changed || !view.messages.length) drawAll();
    drawComposer();
    if (end) toEnd();
  } else if (state.chat !== null && !open()) closeChat();
  drawChats(openChat);
  if ($("settings").hidden) drawSettings(panelHooks);
}
const panelHooks = {
  async become(id) {
    const place = [state.chat, state.thread];
    await load(id);
    setLanguage(state.me.language_code);
    Object.assign(state, { unread: {}, chat: null, thread: null, messages: [] });
    $("chat").classList.remove("open");
    sessionStorage.setItem("user", String(id));
    follow();
    draw();
    toggleSettings(false);
    const id2 = place[0] > 0 ? state.me.id : place[0];
    if (chatOf(id2) && !narrow.matches) await openChat(id2, place[1]); else $("app").dataset.view = "list";
  },
  async speak(code) {
    await attempt(post("language", { user: state.me.id, code }));
    setLanguage(code);
    await reload();
    draw();
    toggleSettings(true);
  },
  redraw() { draw(); toggleSettings(true); },
  reload: () => reload(),
  async moved(id) { await reload(); await openChat(id); },
};
async function deepLink(payload) {
  await openChat(state.me.id);
  await sendText(`/start ${payload ?? ""}`.trim());
}
function followLink(url) {
  const match = /^(?:https?:\/\/t\.me\/|tg:\/\/resolve\?domain=)([^/?&]+)(?:[?&]start=([\w-]+))?/i.exec(url);
  if (match?.[1].toLowerCase() !== state.bot.username.toLowerCase()) return false;
  deepLink(match[2]);
  return true;
}
function onEscape() {
  if ($("alert").open) return;
  if (!$("settings").hidden) toggleSettings(false);
  else if (!$("chat-menu").hidden) toggleMenu(panelHooks, false);
  else if (!escape() && state.chat !== null) closeChat();
}
function wire() {
  for (const [id, name] of Object.entries({ "settings-button": "menu", back: "back", "chat-menu-button": "more", send: "send", "context-close": "close", "to-end": "down" })) $(id).append(icon(name));
  listen();
  Object.assign(bubbleHooks, { reply: (message) => setMode("reply", message), edit: (message) => setMode("edit", message), inline: switchInline, link: followLink });
  Object.assign(actions, { link: followLink, command: (text) => sendText(text) });
  $("settings-button").addEventListener("click", () => toggleSettings());
  $("chat-menu-button").addEventListener("click", () => toggleMenu(panelHooks));
  $("chat-menu").addEventListener("keydown", menuKeys);
  $("back").addEventListener("click", closeChat);
  $("to-end").addEventListener("click", toEnd);
  $("start").addEventListener("click", async () => {
    if (open().blocked) await attempt(post("block", { user: state.me.id, blocked: false }));
    await sendText("/start");
  });
  $("pinned").addEventListener("click", () => document.querySelector(`#log [data-id="${open().pinned?.message_id}"]`)?.scrollIntoView({ block: "center" }));
  scroller.addEventListener("scroll", () => { if (nearEnd()) $("to-end").hidden = true; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") onEscape(); });
  document.addEventListener("deeplink", (event) => deepLink(event.detail));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#settings, #settings-button") && !$("settings").hidden && document.contains(event.target)) toggleSettings(false);
    if (!event.target.closest("#chat-menu, #chat-menu-button") && !$("chat-menu").hidden) toggleMenu(panelHooks, false);
  });
  new ResizeObserver(() => { if (nearEnd()) toEnd(); }).observe(scroller);
}
async function begin() {
  applyTheme();
  const users = await get("people", {});
  const wish = Number(sessionStorage.getItem("user"));
  await load(users.some((user) => user.id === wish) ? wish : users[0].id);
  setLanguage(state.me.language_code);
  wire();
  draw();
  follow();
  if (!narrow.matches) await openChat(state.me.id);
  document.body.dataset.ready = "true";
}
begin();
