// Text with entities becomes elements; offsets are UTF-16 units, as in JavaScript's own strings.
import { attempt, h, icon, toast } from "./dom.js";
import { t } from "./texts.js";

export const actions = { command: () => {}, link: () => false };

export function rich(text, entities = []) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return pieces(text, sorted, 0, text.length);
}
function pieces(text, entities, from, to) {
  const out = [];
  let at = from;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    out.push(text.slice(at, entity.offset));
    const inner = entities.slice(i + 1).filter((other) => other.offset < end);
    out.push(wrap(entity, text.slice(entity.offset, end), pieces(text, inner, entity.offset, end)));
    at = end;
    // The line break after a block belongs to the block.
    if (["pre", "blockquote", "expandable_blockquote"].includes(entity.type) && text[at] === "\n") at += 1;
  }
  out.push(text.slice(at, to));
  return out.filter((piece) => piece !== "");
}
const SIMPLE = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };
function wrap(entity, text, inner) {
  const make = { code, pre, spoiler, blockquote: quote, expandable_blockquote: foldable, url: link, text_link: link, email: mail, bot_command: command };
  if (entity.type in SIMPLE) return h(SIMPLE[entity.type], {}, inner);
  if (entity.type in make) return make[entity.type](entity, text, inner);
  if (["mention", "text_mention", "hashtag", "cashtag"].includes(entity.type)) return h("span", { className: "tap" }, inner);
  return h("span", {}, inner);
}
function code(_entity, text) {
  return h("code", { tabIndex: 0, role: "button", "aria-label": `${text}, ${t("copy")}`, onclick: () => copy(text), onkeydown: onEnter(() => copy(text)) }, text);
}
function pre(entity, text) {
  const button = h("button", { type: "button", onclick: () => copy(text) }, t("copy"));
  return h("span", { className: "pre" }, h("header", {}, h("span", {}, entity.language ?? ""), button), h("pre", { tabIndex: 0 }, text));
}
function spoiler(_entity, _text, inner) {
  const show = (event) => { event.stopPropagation(); span.classList.add("shown"); span.removeAttribute("role"); span.removeAttribute("aria-label"); };
  const span = h("span", { className: "spoiler", role: "button", tabIndex: 0, "aria-label": t("spoiler"), onclick: show, onkeydown: onEnter(show) }, inner);
  return span;
}
function quote(_entity, _text, inner) {
  return h("blockquote", { className: "quote" }, h("span", { className: "words" }, inner));
}
function foldable(_entity, _text, inner) {
  const words = h("span", { className: "words" }, inner);
  const label = h("span", {}, t("more_"));
  const button = h("button", { type: "button", className: "unfold", "aria-expanded": "false", onclick: toggle }, label, icon("down"));
  const box = h("blockquote", { className: "quote folded" }, words, button);
  function toggle() {
    const folded = box.classList.toggle("folded");
    label.textContent = t(folded ? "more_" : "less");
    button.setAttribute("aria-expanded", String(!folded));
  }
  // What fits into three lines needs no button.
  requestAnimationFrame(() => { button.hidden = words.scrollHeight <= words.clientHeight + 2; });
  return box;
}
function link(entity, text, inner) {
  const raw = entity.url ?? text;
  const href = /^[a-z]+:/i.test(raw) ? raw : `https://${raw}`;
  const safe = /^(https?|tg|mailto):/i.test(href) ? href : "#";
  const follow = (event) => { if (actions.link(safe)) event.preventDefault(); };
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer", onclick: follow, title: entity.url ?? null }, inner);
}
function mail(_entity, text) {
  return h("a", { href: `mailto:${text}` }, text);
}
function command(_entity, text) {
  return h("button", { type: "button", className: "tap", onclick: () => actions.command(text) }, text);
}
export const onEnter = (deed) => (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); deed(event); } };
export function copy(text) {
  attempt(navigator.clipboard.writeText(text).then(() => toast(t("copied"))));
}
