// One row of a chat: a message, or an album, with its inline keyboard.

import { fileUrl } from "./api.js";
import { avatar, el, icon, iconButton } from "./dom.js";
import { richText } from "./richtext.js";
import { t } from "./strings.js";
import { clockTime } from "./time.js";

const UNITS = ["B", "KB", "MB", "GB"];

// `chat` is the open chat (see chat.js): person, store, and what can be done with a message.
export function row(messages, chat) {
  const [first] = messages;
  const last = messages[messages.length - 1];
  if (first.service) return el("div", { class: "row service", "data-id": first.id }, el("span", { class: "note", text: serviceText(first) }));
  const own = first.from === chat.person.id;
  const stack = el("div", { class: "stack" }, bubble(messages, chat, own), inlineKeyboard(last, chat), reactions(messages));
  const ids = messages.map((one) => one.id).join(" ");
  return el("div", { class: `row ${own ? "own" : "other"}`, "data-id": ids, "data-album": first.album, tabindex: "-1" }, stack);
}

function bubble(messages, chat, own) {
  const [first] = messages;
  const worded = messages.find((one) => one.text) ?? first;
  const photos = messages.filter((one) => one.file?.kind === "photo");
  const actions = iconButton("more", t("message_actions"), (event) => chat.openActions(worded, event.currentTarget), { tabindex: "-1", class: "icon-button actions" });
  const bare = messages.length === 1 && first.file?.kind === "sticker";
  return el(
    "div",
    { class: `bubble${photos.length ? " with-photos" : ""}${bare ? " bare" : ""}` },
    sender(first, chat, own),
    first.forwarded && el("div", { class: "forwarded", text: t("forwarded", { name: first.forwarded }) }),
    first.reply && quote(first.reply, chat),
    photos.length > 0 && el("div", { class: `photos count-${Math.min(photos.length, 4)}` }, photos.map((one) => photo(one, chat))),
    messages.filter((one) => one.file && one.file.kind !== "photo").map((one) => attachment(one.file)),
    first.contact && contact(first.contact),
    el("div", { class: "words" }, worded.text ? richText(worded.text, worded.entities, chat) : null, meta(messages, own)),
    actions,
  );
}

function sender(message, chat, own) {
  if (own || !chat.group) return null;
  return el("div", { class: `sender hue-${Math.abs(message.from) % 6}`, text: chat.nameOf(message.from) });
}

function meta(messages, own) {
  const last = messages[messages.length - 1];
  const edited = messages.some((one) => one.edited);
  return el(
    "span",
    { class: "meta" },
    edited && el("span", { class: "edited", text: t("edited") }),
    el("time", { datetime: new Date(last.date).toISOString(), text: clockTime(last.date) }),
    own && ticks(last.read),
  );
}

function ticks(read) {
  const label = t(read ? "read" : "sent");
  return el("span", { class: `ticks${read ? " read" : ""}`, role: "img", "aria-label": label, title: label }, icon("check"), read ? icon("check") : null);
}

export function showRead(element) {
  element.querySelector(".ticks")?.replaceWith(ticks(true));
}

function quote(reply, chat) {
  const onclick = () => chat.showMessage(reply.id);
  return el(
    "button",
    { type: "button", class: "quote", onclick },
    el("span", { class: "quote-name", text: chat.nameOf(reply.from) }),
    el("span", { class: "quote-text", text: quoteText(reply) }),
  );
}

export function quoteText(message) {
  if (message.text) return message.text;
  if (message.service) return serviceText(message);
  const kind = message.kind ?? message.file?.kind ?? (message.contact ? "contact" : null);
  return message.name ?? message.file?.name ?? (kind ? t(kind) : "…");
}

function photo(message, chat) {
  const url = fileUrl(message.file.id);
  return el("button", { type: "button", class: "photo", "aria-label": t("open_photo"), onclick: () => chat.viewPhoto(url) }, el("img", { src: url, alt: message.text || t("photo"), loading: "lazy" }));
}

function attachment(file) {
  if (file.kind === "sticker") return el("span", { class: "sticker", role: "img", "aria-label": t("sticker"), text: file.emoji ?? "🙂" });
  const name = file.name ?? t(file.kind);
  return el(
    "a",
    { class: "attachment", href: fileUrl(file.id), download: name, "aria-label": t("download", { name }) },
    el("span", { class: "attachment-icon" }, icon(file.kind === "document" ? "file" : "download"), el("span", { class: "extension", text: extension(name) })),
    el("span", { class: "attachment-words" }, el("span", { class: "attachment-name", text: name }), el("span", { class: "attachment-size", text: size(file.size) })),
  );
}

function extension(name) {
  const found = /\.([a-z0-9]{1,4})$/i.exec(name);
  return found ? found[1].toUpperCase() : "";
}

export function size(bytes) {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

function contact({ first_name, last_name, phone_number, user_id }) {
  const name = [first_name, last_name].filter(Boolean).join(" ");
  return el(
    "div",
    { class: "contact" },
    avatar(name, user_id ?? 0),
    el("span", { class: "attachment-words" }, el("span", { class: "attachment-name", text: name }), el("span", { class: "attachment-size", text: `+${phone_number.replace(/^\+/, "")}` })),
  );
}

function reactions(messages) {
  const given = messages.flatMap((one) => one.reactions);
  return given.length ? el("div", { class: "reactions" }, given.map((emoji) => el("span", { text: emoji }))) : null;
}

function inlineKeyboard(message, chat) {
  if (!message.buttons.length) return null;
  return el(
    "div",
    { class: "inline-keyboard" },
    message.buttons.map((buttons) => el("div", { class: "button-row" }, buttons.map((button) => inlineButton(button, message, chat)))),
  );
}

function inlineButton(button, message, chat) {
  const mark = button.url ? "link" : button.copy_text ? "copy" : null;
  const onclick = (event) => chat.pressButton(button, message, event.currentTarget);
  return el("button", { type: "button", class: "inline-button", onclick }, el("span", { text: button.text }), mark && icon(mark));
}

function serviceText(message) {
  const [kind, value] = Object.entries(message.service)[0];
  if (kind === "new_chat_members") return t("joined", { names: value.map((one) => one.first_name).join("、") });
  if (kind === "left_chat_member") return t("left", { name: value.first_name });
  if (kind === "forum_topic_created") return t("topic_opened", { name: value.name });
  if (kind === "users_shared") return t("picked", { names: value.users.map((one) => one.first_name ?? one.user_id).join("、") });
  return t("moved");
}
