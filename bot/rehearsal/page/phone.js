// One person's phone: which screen it shows, and what lies over it.

import { addGroup, changeGroup } from "./api.js";
import { Chat } from "./chat.js";
import { ChatList, TopicList } from "./chatlist.js";
import { askForm, check, field } from "./dialogs.js";
import { el } from "./dom.js";
import { slotLabel, t } from "./strings.js";
import { clockTime } from "./time.js";

const TOAST = 3500; // ms

export class Phone {
  constructor(store, unread, presses, personId) {
    this.store = store;
    this.unread = unread;
    this.presses = presses;
    this.personId = personId;
    this.time = el("span", { class: "phone-time" });
    this.screen = el("div", { class: "phone-screen" });
    this.toasts = el("div", { class: "toasts", role: "status" });
    const bar = el("div", { class: "phone-bar" }, this.time, el("span", { class: "demo", text: t("demo_both") }));
    this.role = el("span", { class: "caption-role" });
    this.name = el("span", { class: "caption-name" });
    this.root = el(
      "section",
      { class: "phone-slot", id: `phone-${personId}`, "data-person": personId, "aria-label": t("phone_of", { name: this.person.name }) },
      el("h2", { class: "caption" }, this.role, this.name),
      el("div", { class: "phone" }, bar, this.screen, this.toasts),
    );
    this._stops = [store.on("frame", () => this.refresh()), store.on("sent", () => this.look())];
    this._watch = new IntersectionObserver(([seen]) => {
      this.visible = seen.isIntersecting;
      this.look();
    });
    this._watch.observe(this.root);
    this.refresh();
    this.open(this._remembered());
  }

  get person() {
    return this.store.people.get(this.personId);
  }

  close() {
    this._stops.forEach((stop) => stop());
    this._watch.disconnect();
    this.shown?.close();
    this.root.remove();
  }

  refresh() {
    if (!this.person) return;
    this.role.textContent = slotLabel(this.person.slot);
    this.name.textContent = this.person.name;
    if (this.place && !this._exists(this.place)) this.showChats();
  }

  tick() {
    this.time.textContent = clockTime(this.store.now());
  }

  // Whatever is open and on the screen counts as seen.
  look() {
    if (this.place && this.visible) this.unread.seen(this.personId, this.place);
  }

  _exists({ chat, topic }) {
    if (chat === this.personId) return true;
    const group = this.store.groups.get(chat);
    return Boolean(group?.members.includes(this.personId)) && (!topic || group.topics.some((one) => one.id === topic));
  }

  _remembered() {
    const kept = JSON.parse(sessionStorage.getItem(`place ${this.personId}`) ?? "null");
    return kept && this._exists(kept) ? kept : { chat: this.personId, topic: null };
  }

  open(place) {
    this._show(new Chat(this, place), place);
    sessionStorage.setItem(`place ${this.personId}`, JSON.stringify(place));
    this.shown.history.toEnd();
    this.look();
  }

  openGroup(group) {
    if (group.forum) this._show(new TopicList(this, group));
    else this.open({ chat: group.id, topic: null });
  }

  back() {
    const group = this.store.groups.get(this.place?.chat);
    if (group?.forum) this.openGroup(group);
    else this.showChats();
  }

  showChats() {
    this._show(new ChatList(this));
  }

  _show(screen, place = null) {
    this.shown?.close();
    this.shown = screen;
    this.place = place;
    this.screen.replaceChildren(screen.root);
  }

  toast(text) {
    const shown = el("div", { class: "toast", text });
    this.toasts.append(shown);
    setTimeout(() => shown.remove(), TOAST);
  }

  alert(text) {
    const back = document.activeElement;
    const close = () => {
      cover.remove();
      if (back?.isConnected) back.focus();
    };
    const ok = el("button", { type: "button", class: "primary", text: t("ok"), onclick: close });
    const box = el("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": this.person.bot }, el("h4", { text: this.person.bot }), el("p", { text }), ok);
    const cover = el("div", { class: "cover" }, box);
    cover.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Tab") event.preventDefault();
    });
    this.screen.append(cover);
    ok.focus();
  }

  askGroup() {
    const others = this.store.phones.filter((one) => one.id !== this.personId);
    const fields = [
      field("title", t("group_name"), { required: true, maxlength: 128 }),
      el("fieldset", {}, el("legend", { text: t("members") }), others.map((one) => check("member", one.name, { value: one.id, checked: true }))),
      check("forum", t("with_topics"), { checked: true }),
      check("admin", t("bot_is_admin"), { checked: true }),
    ];
    askForm(t("new_group"), fields, t("create"), (values) =>
      addGroup({
        title: values.get("title").trim(),
        members: [this.personId, ...values.getAll("member").map(Number)],
        forum: values.has("forum"),
        admin: values.has("admin"),
      }),
    );
  }

  askTopic(group) {
    const name = field("name", t("topic_name"), { required: true, maxlength: 128 });
    askForm(t("new_topic"), [name], t("create"), (values) => changeGroup(group.id, "topic", { name: values.get("name").trim() }));
  }
}
