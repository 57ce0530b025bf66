// An open chat on a phone: its head, its messages, and the foot where one writes, starts or unblocks.

import { act } from "./api.js";
import { pickContact, pickFiles, pickUser, sendFiles } from "./attaching.js";
import { quoteText } from "./bubble.js";
import { Composer } from "./composer.js";
import { askForm, field, viewPhoto } from "./dialogs.js";
import { avatar, el, icon, iconButton } from "./dom.js";
import { Foot } from "./foot.js";
import { listenToHands } from "./gestures.js";
import { History } from "./history.js";
import { codeIn, codeInLink } from "./invitations.js";
import { openMenu } from "./menu.js";
import { safeUrl } from "./richtext.js";
import { t } from "./strings.js";

const SHOWN_FOR = 5000; // ms, of "typing"

export class Chat {
  // place: {chat, topic}; phone: see phone.js
  constructor(phone, place) {
    this.phone = phone;
    this.store = phone.store;
    this.personId = phone.personId;
    this.place = place;
    this.subtitle = el("span", { class: "chat-subtitle" });
    this.pinned = el("button", { type: "button", class: "pinned", hidden: true });
    this.history = new History(this);
    this.composer = new Composer(this);
    this.foot = new Foot(this);
    this.root = el("div", { class: "chat screen" }, this._head(), this.pinned, this.history.root, this.foot.root);
    this._listen();
    this.refresh();
    listenToHands(this);
  }

  close() {
    this._stops.forEach((stop) => stop());
    clearTimeout(this._quiet);
    this.history.close();
  }

  get person() {
    return this.store.people.get(this.personId);
  }

  get group() {
    return this.store.groups.get(this.place.chat) ?? null;
  }

  get topic() {
    return this.group?.topics.find((one) => one.id === this.place.topic) ?? null;
  }

  get title() {
    if (!this.group) return this.person.bot;
    return this.group.forum ? this.topic?.name ?? t("general") : this.group.title;
  }

  get commands() {
    return this.person.commands[this.place.chat] ?? [];
  }

  get keyboard() {
    return this.group ? null : this.store.keyboards.get(this.place.chat);
  }

  nameOf(id) {
    return this.store.nameOf(id, this.personId);
  }

  // Which chat an act is in, as its terms say it; the private chat needs no word.
  where(deed) {
    if (!this.group) return {};
    const topic = ["send", "upload"].includes(deed) && this.place.topic ? { topic: this.place.topic } : {};
    return { chat: this.place.chat, ...topic };
  }

  _here({ chat, topic }) {
    return chat === this.place.chat && (topic ?? null) === (this.place.topic ?? null);
  }

  _listen() {
    const here = (deed) => (message) => this._here(message) && deed(message);
    this._stops = [
      this.store.on("sent", here((message) => this._arrived(message))),
      this.store.on("changed", here((message) => this.history.change(message))),
      this.store.on("deleted", here((message) => this.history.remove(message))),
      this.store.on("read", here((message) => this.history.markRead(message))),
      this.store.on("older", here(() => this.history.extend())),
      this.store.on("keyboard", ({ chat }) => chat === this.place.chat && this.composer.showKeyboard()),
      this.store.on("action", (event) => event.chat === this.place.chat && this._showAction(event.action)),
      this.store.on("frame", () => this.refresh()),
      this.store.on("unread", () => this._showElsewhere()),
    ];
  }

  _arrived(message) {
    if (message.from === this.personId) this.history.toEnd();
    this.history.append(message);
    if (message.from !== this.store.bot.id) return;
    this._showAction(null);
    if (message.force_reply && !this.group) this.composer.reply(message);
  }

  _showAction(action) {
    clearTimeout(this._quiet);
    this.action = action;
    if (action) this._quiet = setTimeout(() => this._showAction(null), SHOWN_FOR);
    this._showSubtitle();
  }

  _showSubtitle() {
    const count = this.group?.members.length;
    const still = this.group ? t("group_of", { count }) : t("bot");
    const doing = this.action?.includes("document") || this.action?.includes("photo") ? t("sending_file") : t("typing");
    this.subtitle.textContent = this.action ? doing : still;
    this.subtitle.classList.toggle("acting", Boolean(this.action));
  }

  // How much is unread in this person's other chats, on the way back to them.
  _showElsewhere() {
    const count = this.phone.unread.elsewhere(this.personId, this.place);
    this.elsewhere.hidden = !count;
    this.elsewhere.textContent = count;
    this.elsewhere.setAttribute("aria-label", t("unread", { count }));
  }

  _head() {
    this.name = el("h3", { class: "chat-title" });
    this.elsewhere = el("span", { class: "badge" });
    const more = iconButton("more", t("more"), (event) => this._openMenu(event.currentTarget), { "aria-haspopup": "menu" });
    const back = iconButton("back", t("back"), () => this.phone.back());
    back.append(this.elsewhere);
    const face = this.group ? avatar(this.group.title, this.group.id, "square") : avatar(this.person.bot, this.store.bot.id, "bot");
    return el("div", { class: "chat-head" }, back, face, el("div", { class: "chat-names", "aria-live": "polite" }, this.name, this.subtitle), more);
  }

  _openMenu(opener) {
    const { person } = this;
    const items = this.group
      ? [this.group.forum && { label: t("new_topic"), icon: "plus", run: () => this.phone.askTopic(this.group) }, { label: t("chats"), icon: "back", run: () => this.phone.showChats() }]
      : [
          { label: t("use_code"), icon: "link", run: () => this._askCode() },
          person.blocked
            ? { label: t("unblock"), icon: "check", run: () => this.attempt(() => act(person.id, "unblock")) }
            : { label: t("block"), icon: "close", danger: true, run: () => this.attempt(() => act(person.id, "block")) },
        ];
    openMenu(opener, items, this.phone.screen);
  }

  // People, groups or the bot's words have changed.
  refresh() {
    if (!this.person) return;
    this.name.textContent = this.title;
    this._showSubtitle();
    this._showPinned();
    this._showElsewhere();
    this.composer.refresh();
    this.foot.refresh();
  }

  start(payload) {
    return this.attempt(() => act(this.personId, "start", { payload }));
  }

  _askCode() {
    const code = field("code", t("code"), { required: true });
    askForm(t("use_code"), [code], t("start"), (values) => act(this.personId, "start", { payload: codeIn(values.get("code"), this.store.bot.username) }));
  }

  _showPinned() {
    const pinned = this.place.topic ? null : (this.group ?? this.person).pinned;
    this.pinned.hidden = !pinned;
    if (!pinned) return;
    this.pinned.replaceChildren(icon("pin"), el("span", { class: "quote" }, el("span", { class: "quote-name", text: t("pinned") }), el("span", { class: "quote-text", text: quoteText(pinned) })));
    this.pinned.onclick = () => this.showMessage(pinned.id);
  }

  // What can be done, asked for by the bubbles and the composer.

  async attempt(deed) {
    try {
      await deed();
      return true;
    } catch (error) {
      this.complain(error);
      return false;
    }
  }

  complain(error) {
    this.toast(t("not_done", { reason: error.message }));
  }

  toast(text) {
    this.phone.toast(text);
  }

  say(text, reply_to) {
    return act(this.personId, "send", { text, ...this.where("send"), ...(reply_to ? { reply_to } : {}) });
  }

  command(text) {
    const addressed = this.group && !text.includes("@") ? `${text}@${this.store.bot.username}` : text;
    return this.attempt(() => this.say(addressed));
  }

  // A link to the bot is followed on this phone; true when it was.
  link(url) {
    const code = codeInLink(url, this.store.bot.username);
    if (code === null) return false;
    this.phone.open({ chat: this.personId, topic: null });
    this.start(code);
    return true;
  }

  async pressButton(button, message, element) {
    if (button.url) return this._follow(button.url);
    if (button.copy_text) return this._copy(button.copy_text.text);
    if (!button.callback_data) return this.toast(t("not_here"));
    element.setAttribute("aria-busy", "true");
    await this.attempt(async () => {
      const press = await act(this.personId, "press_data", { data: button.callback_data, message: message.id, ...this.where("press") });
      this._answer(await this.phone.presses.answer(press));
    });
    element.removeAttribute("aria-busy");
  }

  _answer(answer) {
    if (answer?.url) this._follow(answer.url);
    else if (answer?.text && answer.show_alert) this.phone.alert(answer.text);
    else if (answer?.text) this.toast(answer.text);
  }

  _follow(url) {
    const safe = safeUrl(url);
    if (safe && !this.link(safe)) window.open(safe, "_blank", "noopener,noreferrer");
  }

  async _copy(text) {
    const done = await this.attempt(() => navigator.clipboard.writeText(text));
    if (done) this.toast(t("copied"));
  }

  openActions(message, opener) {
    const own = message.from === this.personId;
    const items = [
      { label: t("reply"), icon: "reply", run: () => this.composer.reply(message) },
      message.text && { label: t("copy"), icon: "copy", run: () => this._copy(message.text) },
      own && message.text && { label: t("edit"), icon: "edit", run: () => this.composer.edit(message) },
      (own || !this.group) && { label: t("delete"), icon: "close", danger: true, run: () => this.attempt(() => act(this.personId, "delete", { message: message.id, ...this.where("delete") })) },
    ];
    openMenu(opener, items, this.phone.screen);
  }

  showMessage(id) {
    this.history.show(id);
  }

  viewPhoto(url) {
    viewPhoto(url);
  }

  pickFiles(kind) {
    pickFiles(this, kind);
  }

  sendFiles(files) {
    sendFiles(this, files);
  }

  pickContact() {
    pickContact(this);
  }

  pickUser(label, picked) {
    pickUser(this, label, picked);
  }
}
