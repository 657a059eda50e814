// Small means: elements, icons, avatars, requests.
const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16", back: "M15 5l-7 7 7 7", more: "M12 5.5v.01M12 12v.01M12 18.5v.01", send: "M4 12 20 4l-4.500 16-4-6.500zM11.500 13.500 20 4",
  close: "M6 6l12 12M18 6 6 18", down: "M6 9l6 6 6-6", reply: "M10 8 5 13l5 5M5 13h9a5 5 0 0 1 5 5v1", edit: "M4 20l1-4L16 5l3 3L8 19z", trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  ticks: "M1 7.500 4.500 11 11 3.500M7 10l1 1 6.500-7.500", group: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2 20c0-4 3-6 7-6s7 2 7 6M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500c3 .5 4 2.500 4 5.500",
  channel: "M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 0 1 0 6M8 14l1 6h3", forum: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5", link: "M7 17 17 7M9 7h8v8", file: "M7 3h7l4 4v14H7zM14 3v5h4", copy: "M9 9h10v11H9zM5 15V4h10", slash: "M16 4 8 20",
};
export function icon(name, box = "0 0 24 24") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", name === "ticks" ? "0 0 16 14" : box);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", PATHS[name]);
  if (name === "more") path.setAttribute("stroke-width", "3.500");
  svg.append(path);
  return svg;
}
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else if (name in element && name !== "role" && name !== "list") element[name === "class" ? "className" : name] = value;
    else element.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
export const $ = (id) => document.getElementById(id);

const COLORS = [["#ff885e", "#ff516a"], ["#ffcd6a", "#ffa85c"], ["#82b1ff", "#665fff"], ["#a0de7e", "#54cb68"], ["#53edd6", "#28c9b7"], ["#72d5fd", "#2a9ef1"], ["#e0a2f3", "#d669ed"]];
const NAMES = ["#c03d33", "#b0661a", "#7a52c4", "#3a8a22", "#187a93", "#2470b8", "#b5417d"];
const NAMES_DARK = ["#fb6169", "#faa357", "#b48bf2", "#85de85", "#62d4e3", "#65bdf3", "#ff8ac0"];
const slot = (id) => Math.abs(Number(id)) % 7;
export const nameColor = (id) => (document.documentElement.dataset.theme === "dark" ? NAMES_DARK : NAMES)[slot(id)];
export function avatar(id, name) {
  const words = [...(name || "?").trim().split(/\s+/)];
  const letters = (/\p{Script=Han}/u.test(words[0]) ? [...words[0]][0] : words.slice(0, 2).map((word) => [...word][0]).join("")).toUpperCase();
  const [a, b] = COLORS[slot(id)];
  return h("span", { className: "avatar", "aria-hidden": "true", style: `--a:${a};--b:${b}` }, letters);
}
export const rgb = (number) => `#${(number ?? 0x6fb9f0).toString(16).padStart(6, "0")}`;

export async function get(path, query) {
  const response = await fetch(`/client/${path}?${new URLSearchParams(query)}`);
  return response.json();
}
export async function post(action, body) {
  const response = await fetch(`/client/${action}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!answer.ok) throw new Error(answer.description);
  return answer.result;
}
let fading;
export function toast(text) {
  clearTimeout(fading);
  $("toast").textContent = text;
  $("toast").className = "on";
  fading = setTimeout(() => { $("toast").className = ""; }, 3500);
}
export const attempt = (promise) => promise.catch((error) => { toast(error.message); });
