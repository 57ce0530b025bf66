// Where a message is written: text, reply, edit, commands, attachments, and the reply keyboard under it.

import { act } from "./api.js";
import { quoteText } from "./bubble.js";
import { el, icon, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { placeKey } from "./store.js";
import { t } from "./strings.js";

const LONGEST = 4096; // of one message; more is sent as several
const drafts = new Map(); // by person and place

export class Composer {
  constructor(chat) {
    this.chat = chat;
    this.replying = null;
    this.editing = null;
    this.keyboardOpen = true;
    this._draft = `${chat.person.id} ${placeKey(chat.place.chat, chat.place.topic)}`;
    this.banner = el("div", { class: "composer-banner", hidden: true });
    this.suggestions = el("div", { class: "suggestions", hidden: true, role: "group", "aria-label": t("commands") });
    this.keyboard = el("div", { class: "reply-keyboard", hidden: true, role: "group", "aria-label": t("keyboard") });
    this.text = this._textarea();
    this.menuButton = el("button", { type: "button", class: "menu-button", hidden: true, "aria-expanded": "false", onclick: () => this._toggleCommands() }, icon("menu"), el("span", { text: t("menu") }));
    this.keyboardButton = iconButton("keyboard", t("keyboard_hide"), () => this._toggleKeyboard(), { hidden: true });
    this.sendButton = iconButton("send", t("send"), () => this.send(), { class: "icon-button send" });
    const attach = iconButton("attach", t("attach"), (event) => this._openAttach(event.currentTarget), { "aria-haspopup": "menu" });
    const line = el("div", { class: "composer-line" }, this.menuButton, attach, this.text, this.keyboardButton, this.sendButton);
    this.root = el("div", { class: "composer" }, this.suggestions, this.banner, line, this.keyboard);
    this.refresh();
    this.showKeyboard();
  }

  _textarea() {
    const text = el("textarea", { rows: "1", placeholder: t("message"), "aria-label": t("message"), value: drafts.get(this._draft) ?? "" });
    text.addEventListener("input", () => this._typed());
    text.addEventListener("keydown", (event) => this._key(event));
    text.addEventListener("paste", (event) => this._pasted(event));
    return text;
  }

  _typed() {
    drafts.set(this._draft, this.text.value);
    this._suggest();
  }

  _key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      this._settle();
    } else if (event.key === "ArrowUp" && !this.suggestions.hidden) {
      event.preventDefault();
      this.suggestions.lastElementChild.focus();
    }
  }

  _pasted(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.chat.sendFiles(files);
  }

  // The commands may have changed.
  refresh() {
    this.menuButton.hidden = !this.chat.commands.length;
  }

  async send() {
    const text = this.text.value.trim();
    if (!text) return;
    const { editing } = this;
    const reply = this.replying?.id;
    const done = await this.chat.attempt(async () => {
      if (editing) await act(this.chat.person.id, "edit", { message: editing.id, text, ...this.chat.where("edit") });
      else for (const part of parts(text)) await this.chat.say(part, reply);
    });
    if (!done) return;
    this.text.value = "";
    this._settle();
    this._typed();
  }

  reply(message) {
    this._settle();
    this.replying = message;
    this._showBanner("reply", t("reply_to", { name: this.chat.nameOf(message.from) }), quoteText(message));
  }

  edit(message) {
    this._settle();
    this.editing = message;
    this.text.value = message.text;
    this._showBanner("edit", t("editing"), message.text);
  }

  _showBanner(sign, title, text) {
    const words = el("span", { class: "quote" }, el("span", { class: "quote-name", text: title }), el("span", { class: "quote-text", text }));
    this.banner.replaceChildren(icon(sign), words, iconButton("close", t("cancel"), () => this._settle()));
    this.banner.hidden = false;
    this.text.focus();
  }

  takeReply() {
    const reply = this.replying?.id;
    this._settle();
    return reply;
  }

  _settle() {
    if (this.editing) this.text.value = "";
    this.replying = this.editing = null;
    this.banner.hidden = true;
    this._hideCommands();
  }

  // Commands: by the menu button, or while one is being typed.

  _suggest() {
    const typed = /^\/(\w*)$/.exec(this.text.value);
    const fitting = typed ? this.chat.commands.filter((one) => one.command.startsWith(typed[1].toLowerCase())) : [];
    if (fitting.length) this._showCommands(fitting);
    else this._hideCommands();
  }

  _toggleCommands() {
    if (!this.suggestions.hidden) return this._hideCommands();
    this._showCommands(this.chat.commands);
    this.suggestions.firstElementChild.focus();
  }

  _showCommands(commands) {
    this.suggestions.replaceChildren(...commands.map((one) => this._command(one)));
    this.suggestions.hidden = false;
    this.menuButton.setAttribute("aria-expanded", "true");
    this.suggestions.onkeydown = (event) => this._steer(event);
  }

  _command({ command, description }) {
    const onclick = () => {
      this._hideCommands();
      this.text.value = "";
      this._typed();
      this.chat.command(`/${command}`);
      this.text.focus();
    };
    return el("button", { type: "button", onclick }, el("b", { text: `/${command}` }), el("span", { text: description }));
  }

  _steer(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (event.key === "Escape") {
      this._hideCommands();
      this.menuButton.focus();
    } else if (step) {
      event.preventDefault();
      (document.activeElement[step] ?? this.text).focus();
    }
  }

  _hideCommands() {
    this.suggestions.hidden = true;
    this.menuButton.setAttribute("aria-expanded", "false");
  }

  // The reply keyboard.

  showKeyboard() {
    const keyboard = this.chat.keyboard;
    if (keyboard?.message !== this._keyboardOf) this.keyboardOpen = true;
    this._keyboardOf = keyboard?.message;
    this.text.placeholder = keyboard?.input_field_placeholder ?? t("message");
    this.keyboardButton.hidden = !keyboard;
    this.keyboard.hidden = !keyboard || !this.keyboardOpen;
    const label = t(this.keyboardOpen ? "keyboard_hide" : "keyboard_show");
    this.keyboardButton.setAttribute("aria-label", label);
    this.keyboardButton.title = label;
    this.keyboardButton.setAttribute("aria-pressed", String(this.keyboardOpen));
    this.keyboard.replaceChildren(...(keyboard?.keyboard ?? []).map((row) => el("div", { class: "button-row" }, row.map((button) => this._replyButton(button, keyboard)))));
  }

  _replyButton(button, keyboard) {
    const onclick = async () => {
      if (button.web_app || button.request_location || button.request_poll || button.request_chat) return this.chat.toast(t("not_here"));
      if (button.request_users) return this.chat.pickUser(button.text, () => keyboard.one_time_keyboard && this._toggleKeyboard());
      const done = await this.chat.attempt(() => act(this.chat.person.id, "tap", { label: button.text }));
      if (done && keyboard.one_time_keyboard) this._toggleKeyboard();
    };
    return el("button", { type: "button", class: "reply-button", onclick }, el("span", { text: button.text }));
  }

  _toggleKeyboard() {
    this.keyboardOpen = !this.keyboardOpen;
    this.showKeyboard();
  }

  _openAttach(opener) {
    const items = [
      { label: t("photos"), icon: "plus", run: () => this.chat.pickFiles("photo") },
      { label: t("files"), icon: "file", run: () => this.chat.pickFiles("document") },
      !this.chat.group && { label: t("contact_card"), icon: "group", run: () => this.chat.pickContact() },
    ];
    openMenu(opener, items, this.chat.phone.screen);
  }
}

function parts(text) {
  const found = [];
  for (let at = 0; at < text.length; at += LONGEST) found.push(text.slice(at, at + LONGEST));
  return found;
}
