// Text with entities as nodes. JavaScript strings count in UTF-16, as entities do.

import { el } from "./dom.js";
import { t } from "./strings.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };
const SAFE = ["http:", "https:", "mailto:"];

// `on` has: command(text), link(url) -> true when it was dealt with.
export function richText(text, entities, on) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return inside(text, 0, text.length, ordered, on);
}

function inside(text, begin, end, entities, on) {
  const nodes = [];
  let at = begin;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i];
    const start = Math.max(entity.offset, at);
    const stop = Math.min(entity.offset + entity.length, end);
    let next = i + 1;
    while (next < entities.length && entities[next].offset < stop) next++;
    if (start < stop) {
      if (at < start) nodes.push(text.slice(at, start));
      nodes.push(wrapped(entity, text.slice(start, stop), inside(text, start, stop, entities.slice(i + 1, next), on), on));
      at = stop;
    }
    i = next;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrapped(entity, words, children, on) {
  const { type } = entity;
  if (type in TAGS) return el(TAGS[type], {}, ...children);
  if (type === "blockquote") return el("blockquote", {}, ...children);
  if (type === "expandable_blockquote") return expandable(children);
  if (type === "spoiler") return spoiler(children);
  if (type === "text_link") return link(entity.url, children, on);
  if (type === "url") return link(/^[a-z]+:/i.test(words) ? words : `http://${words}`, children, on);
  if (type === "email") return link(`mailto:${words}`, children, on);
  if (type === "bot_command") return el("button", { type: "button", class: "inline-link", onclick: () => on.command(words) }, ...children);
  return el("span", { class: `entity-${type}` }, ...children);
}

export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return SAFE.includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

function link(url, children, on) {
  const href = safeUrl(url);
  if (!href) return el("span", {}, ...children);
  const onclick = (event) => on.link(href) && event.preventDefault();
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", onclick }, ...children);
}

function spoiler(children) {
  const shown = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("reveal") }, ...children);
  const reveal = () => {
    shown.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) shown.removeAttribute(name);
  };
  shown.addEventListener("click", reveal);
  shown.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && reveal());
  return shown;
}

function expandable(children) {
  const quote = el("blockquote", { class: "folded" }, ...children);
  const more = el("button", { type: "button", class: "inline-link", "aria-expanded": "false", text: t("expand") });
  more.addEventListener("click", () => {
    const folded = quote.classList.toggle("folded");
    more.textContent = t(folded ? "expand" : "collapse");
    more.setAttribute("aria-expanded", String(!folded));
  });
  return el("span", { class: "expandable" }, quote, more);
}
