// The input: sending, editing, replying, commands by "/" and inline results by "@bot".
import { $, attempt, h, icon, post, toast } from "./dom.js";
import { isMine, nameOf, open, state, summary, titleOf } from "./state.js";
import { t, tagOf } from "./texts.js";

const input = $("input");
const list = $("suggestions");
let mode = null;
let options = [];
let chosen = -1;
let asked = 0;
let waiting;
let inline = null;

export function setMode(kind, message) {
  mode = kind ? { kind, message } : null;
  $("context").hidden = !mode;
  if (!mode) return;
  $("context-icon").replaceChildren(icon(kind));
  $("context-title").textContent = kind === "edit" ? t("editing") : t("replyTo", nameOf(message));
  $("context-text").textContent = summary(message);
  if (kind === "edit") input.value = message.text;
  fit();
  input.focus();
}
export function clear() {
  input.value = "";
  setMode(null);
  closeList();
  fit();
}
function fit() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, innerHeight * 0.4)}px`;
}
export function sendText(text, extra = {}) {
  return attempt(post("say", { user: state.me.id, chat: state.chat, thread: state.thread, text, ...extra }));
}
export async function submit() {
  const text = input.value.trim();
  if (!text) return;
  const now = mode;
  clear();
  if (now?.kind === "edit") await attempt(post("edit", { user: state.me.id, chat: state.chat, message: now.message.message_id, text }));
  else await sendText(text, { reply_to: now?.kind === "reply" ? now.message.message_id : null });
}
function closeList() {
  options = [];
  chosen = -1;
  inline = null;
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  $("menu-button").setAttribute("aria-expanded", "false");
}
function showList(rows, before = []) {
  options = rows;
  chosen = rows.length ? 0 : -1;
  list.replaceChildren(...before, ...rows.map((row) => row.element));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  mark();
}
function mark() {
  options.forEach((option, i) => {
    option.element.id = `option-${i}`;
    option.element.setAttribute("aria-selected", String(i === chosen));
  });
  if (chosen >= 0) {
    input.setAttribute("aria-activedescendant", `option-${chosen}`);
    options[chosen].element.scrollIntoView({ block: "nearest" });
  }
}
const option = (content, deed, fill) => ({ deed, fill, element: h("div", { className: "option", role: "option", onclick: deed, onmousedown: (event) => event.preventDefault() }, content) });
const full = (name) => (open().type === "private" ? `/${name}` : `/${name}@${state.bot.username}`);
function commands(prefix) {
  return open().commands.filter((item) => item.command.startsWith(prefix)).map((item) => option(
    [h("span", { className: "name" }, `/${item.command}`), h("span", { className: "detail", lang: tagOf(item.description) || null }, item.description)],
    () => { clear(); input.focus(); sendText(full(item.command)); },
    () => { input.value = `${full(item.command)} `; closeList(); },
  ));
}
export function toggleMenu() {
  if (!list.hidden) { closeList(); return; }
  const rows = commands("");
  if (!rows.length) { input.value = "/"; input.focus(); return; }
  showList(rows);
  $("menu-button").setAttribute("aria-expanded", "true");
  input.focus();
}
function inlineRow(result, query) {
  const title = result.title ?? result.type;
  const choose = () => { clear(); input.focus(); attempt(post("choose", { query, result: result.id, chat: state.chat, thread: state.thread })); };
  const card = h("span", { className: "card", "aria-hidden": "true" }, [...title][0].toUpperCase());
  return option([card, h("div", {}, h("div", { className: "name", lang: tagOf(title) || null }, title), h("div", { className: "detail", lang: tagOf(result.description) || null }, result.description ?? ""))], choose, choose);
}
async function askInline(text, offset = "") {
  const mine = ++asked;
  if (!offset) showList([], [h("div", { className: "hint", role: "status" }, t("searching"))]);
  try {
    const answer = await post("inline", { user: state.me.id, chat: state.chat, text, offset });
    if (mine !== asked || !isInline(input.value)) return;
    const rows = answer.results.map((result) => inlineRow(result, answer.query));
    const start = answer.button?.start_parameter;
    const before = answer.button ? [h("button", { type: "button", className: "option hint", onclick: () => { clear(); document.dispatchEvent(new CustomEvent("deeplink", { detail: start })); } }, answer.button.text)] : [];
    const kept = chosen;
    if (offset) { showList([...options, ...rows], []); chosen = kept; mark(); } else showList(rows, rows.length ? before : [...before, h("div", { className: "hint", role: "status" }, t("noResults"))]);
    inline = answer.next_offset ? { text, offset: answer.next_offset } : null;
  } catch (error) {
    closeList();
    toast(error.message);
  }
}
function isInline(text) {
  const handle = `@${state.bot.username} `.toLowerCase();
  return state.bot.inline && text.toLowerCase().startsWith(handle) ? text.slice(handle.length) : null;
}
export function switchInline(query) {
  input.value = `@${state.bot.username} ${query}`;
  input.focus();
  changed();
}
function changed() {
  fit();
  clearTimeout(waiting);
  const query = isInline(input.value);
  if (query !== null) { waiting = setTimeout(() => askInline(query), 250); return; }
  asked += 1;
  const typed = /^\/([a-z0-9_]*)$/i.exec(input.value);
  const rows = typed ? commands(typed[1].toLowerCase()) : [];
  if (rows.length) showList(rows); else closeList();
}
function editLast() {
  const last = state.messages.findLast((message) => isMine(message) && message.text !== undefined && !message.via_bot);
  if (last) setMode("edit", last);
}
function inList(event) {
  if (event.key === "ArrowDown") chosen = Math.min(chosen + 1, options.length - 1);
  else if (event.key === "ArrowUp") chosen = Math.max(chosen - 1, 0);
  else if (event.key === "Enter") options[chosen].deed();
  else if (event.key === "Tab") options[chosen].fill();
  else return false;
  event.preventDefault();
  if (chosen >= options.length - 3 && inline) { const next = inline; inline = null; askInline(next.text, next.offset); }
  if (options.length) mark();
  return true;
}
// Returns whether there was something to close.
export function escape() {
  if (!list.hidden) { closeList(); return true; }
  if (mode) { clear(); return true; }
  return false;
}
export function listen() {
  input.addEventListener("input", changed);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (options.length && !event.shiftKey && inList(event)) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); submit(); }
    if (event.key === "ArrowUp" && !input.value) { event.preventDefault(); editLast(); }
  });
  list.addEventListener("scroll", () => {
    if (inline && list.scrollTop + list.clientHeight > list.scrollHeight - 80) { const next = inline; inline = null; askInline(next.text, next.offset); }
  });
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("context-close").addEventListener("click", () => { clear(); input.focus(); });
  $("menu-button").addEventListener("click", toggleMenu);
}
export function drawComposer() {
  const chat = open();
  const topic = chat.topics.find((one) => one.id === state.thread);
  const waits = chat.type === "private" && (chat.blocked || !state.messages.length);
  const mute = !chat.can_write || (topic?.closed && !chat.is_admin);
  $("composer").hidden = waits || mute;
  $("start").hidden = !(waits || mute);
  $("start").disabled = mute;
  $("start").textContent = mute ? t(topic?.closed ? "closed" : "readOnly") : chat.blocked ? t("unblock") : t("start");
  const menu = $("menu-button");
  menu.hidden = !chat.commands.length;
  menu.textContent = chat.type === "private" ? t("menu") : "/";
  menu.setAttribute("aria-label", t("commands"));
  input.placeholder = t(chat.type === "channel" ? "broadcast" : "message");
  input.setAttribute("aria-label", `${t("message")}, ${titleOf(chat)}`);
}
