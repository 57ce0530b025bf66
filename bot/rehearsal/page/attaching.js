// Files, photos and contacts on their way into a chat.

import { act, upload } from "./api.js";
import { size } from "./bubble.js";
import { askForm, choose, field } from "./dialogs.js";
import { el } from "./dom.js";
import { t } from "./strings.js";

const AT_ONCE = 10; // files of an album
const LARGEST_PHOTO = 10 * 1024 * 1024;

export function pickFiles(chat, kind) {
  const input = el("input", { type: "file", multiple: true, accept: kind === "photo" ? "image/*" : null, hidden: true });
  input.addEventListener("change", () => {
    input.remove();
    if (input.files.length) sendFiles(chat, [...input.files], kind);
  });
  chat.root.append(input);
  input.click();
}

export function sendFiles(chat, files, kind = null) {
  const photos = kind !== "document" && files.every((file) => file.type.startsWith("image/") && file.size <= LARGEST_PHOTO);
  const list = el("ul", { class: "file-list" }, files.map((file) => el("li", {}, el("span", { text: file.name }), el("small", { text: size(file.size) }))));
  const title = t(photos ? "send_photos" : "send_files", { count: files.length });
  askForm(title, [list, field("caption", t("caption"), { maxlength: 1024 })], t("send"), async (values) => {
    const terms = { kind: photos ? "photo" : "document", caption: values.get("caption"), ...chat.where("upload"), reply_to: chat.composer.takeReply() };
    for (let at = 0; at < files.length; at += AT_ONCE) {
      await upload(chat.person.id, files.slice(at, at + AT_ONCE), at ? { ...terms, caption: "" } : terms);
    }
  });
}

export function pickContact(chat) {
  const people = [...chat.store.people.values()].filter((one) => !one.deactivated);
  const options = people.map((one) => ({
    label: one.name + (one.id === chat.person.id ? t("mine") : ""),
    hint: one.phone ?? t("no_phone"),
    disabled: !one.phone,
    value: one.id,
  }));
  const own = chat.person.id;
  choose(t("whose_card"), options, (id) => chat.attempt(() => (id === own ? act(own, "share_contact") : act(own, "share_contact_of", { whom: id }))));
}

// Whom a button of the reply keyboard has one pick; anybody but oneself.
export function pickUser(chat, label, picked) {
  const people = [...chat.store.people.values()].filter((one) => !one.deactivated && one.id !== chat.person.id);
  const options = people.map((one) => ({ label: one.name, value: one.id }));
  choose(label, options, async (id) => {
    if (await chat.attempt(() => act(chat.person.id, "tap", { label, whom: id }))) picked();
  });
}
