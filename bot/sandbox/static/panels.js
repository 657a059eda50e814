// The settings (user, language, theme, privacy) and the menu of a chat.
import { $, attempt, h, post } from "./dom.js";
import { open, state, topicOf } from "./state.js";
import { LANGUAGES, language, t } from "./texts.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
export function applyTheme() {
  const wish = localStorage.getItem("theme") ?? "auto";
  document.documentElement.dataset.theme = wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
}
function choices(label, values, current, choose) {
  return h("fieldset", {}, h("legend", {}, label), h("div", { className: "choices" }, Object.entries(values).map(([value, text]) => h("button", {
    type: "button", "aria-pressed": String(value === String(current)), lang: value.startsWith("zh-") ? value : null, onclick: () => choose(value),
  }, text))));
}
export function drawSettings(hooks) {
  const people = Object.fromEntries(state.users.slice(0, 4).map((user) => [String(user.id), user.first_name]));
  const themes = { auto: t("auto"), light: t("light"), dark: t("dark") };
  $("settings").replaceChildren(
    choices(t("user"), people, state.me.id, (id) => hooks.become(Number(id))),
    choices(t("language"), LANGUAGES, language(), (code) => hooks.speak(code)),
    choices(t("theme"), themes, localStorage.getItem("theme") ?? "auto", (value) => { localStorage.setItem("theme", value); applyTheme(); hooks.redraw(); }),
    choices(t("privacy"), { true: t("on"), false: t("off") }, state.privacy, (value) => attempt(post("privacy", { on: value }).then(hooks.reload))),
  );
}
export function toggleSettings(on = $("settings").hidden) {
  const was = !$("settings").hidden;
  $("settings").hidden = !on;
  $("settings-button").setAttribute("aria-expanded", String(on));
  if (on) $("settings").querySelector("button[aria-pressed=true]")?.focus();
  else if (was) $("settings-button").focus();
  return was;
}
function entries(hooks) {
  const chat = open();
  const base = { user: state.me.id, chat: chat.id };
  const bot = (status) => post("bot", { ...base, status });
  if (chat.type === "private") return [[chat.blocked ? "unblock" : "block", () => post("block", { user: state.me.id, blocked: !chat.blocked }), !chat.blocked]];
  const there = !["left", "kicked"].includes(chat.bot_status);
  const list = [];
  if (there && chat.bot_status !== "administrator") list.push(["promote", () => bot("administrator")]);
  if (there && chat.bot_status === "administrator" && chat.type !== "channel") list.push(["demote", () => bot("member")]);
  if (chat.is_forum) list.push(["newTopic", () => newTopic(base)]);
  const topic = topicOf(chat, state.thread);
  if (topic) list.push([topic.closed ? "openTopic" : "closeTopic", () => post("topic", { ...base, thread: topic.id, what: topic.closed ? "open" : "close" })]);
  if (chat.type === "group") list.push(["migrate", () => post("migrate", base).then(hooks.moved)]);
  list.push(there ? ["removeBot", () => bot("kicked"), true] : ["addBot", () => bot(chat.type === "channel" ? "administrator" : "member")]);
  return list;
}
async function newTopic(base) {
  const name = window.prompt(t("topicName"))?.trim();
  if (name) await post("topic", { ...base, what: "create", name });
}
export function toggleMenu(hooks, on = $("chat-menu").hidden) {
  const was = !$("chat-menu").hidden;
  $("chat-menu").hidden = !on;
  $("chat-menu-button").setAttribute("aria-expanded", String(on));
  if (!on) { if (was) $("chat-menu-button").focus(); return was; }
  $("chat-menu").replaceChildren(...entries(hooks).map(([label, deed, danger]) => h("button", {
    type: "button", role: "menuitem", className: danger ? "danger" : "",
    onclick: () => { toggleMenu(hooks, false); attempt(deed().then(hooks.reload)); },
  }, t(label))));
  $("chat-menu").firstElementChild?.focus();
  return was;
}
export function menuKeys(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll("button")];
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
}
dark.addEventListener("change", applyTheme);
