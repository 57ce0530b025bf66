// The lists of a phone: its chats, and the topics of a group.

import { quoteText } from "./bubble.js";
import { avatar, el, iconButton } from "./dom.js";
import { t } from "./strings.js";
import { clockTime, dayKey, shortDay } from "./time.js";

class List {
  constructor(phone) {
    this.phone = phone;
    this.store = phone.store;
    this.list = el("ul", { class: "list" });
    this.root = el("div", { class: "screen" }, this.head(), this.list);
    this._stops = ["sent", "changed", "deleted", "frame", "unread"].map((kind) => this.store.on(kind, () => this.refresh()));
    this.refresh();
  }

  close() {
    this._stops.forEach((stop) => stop());
  }

  refresh() {
    if (this.phone.person) this.list.replaceChildren(...this.items());
  }

  item(face, name, places, open) {
    const last = places.map((place) => [...this.store.history(place.chat, place.topic).messages.values()].pop()).filter(Boolean).sort((a, b) => a.date - b.date).pop();
    const count = places.reduce((sum, place) => sum + this.phone.unread.count(this.phone.personId, place), 0);
    const when = last && (dayKey(last.date) === dayKey(this.store.now()) ? clockTime(last.date) : shortDay(last.date));
    return el("li", {}, el(
      "button",
      { type: "button", class: "list-item", onclick: open },
      face,
      el("span", { class: "list-words" }, el("span", { class: "list-name", text: name }), el("span", { class: "list-last", text: last ? quoteText(last) : "" })),
      el("span", { class: "list-side" }, el("span", { text: when }), count > 0 && el("span", { class: "badge", "aria-label": t("unread", { count }), text: count })),
    ));
  }
}

export class ChatList extends List {
  head() {
    const add = iconButton("plus", t("new_group"), () => this.phone.askGroup());
    return el("div", { class: "chat-head" }, el("h3", { class: "chat-title solo", text: t("chats") }), add);
  }

  items() {
    const { person, personId } = this.phone;
    const own = { chat: personId, topic: null };
    const groups = this.store.groupsOf(personId).map((group) => {
      const places = [null, ...group.topics.map((topic) => topic.id)].map((topic) => ({ chat: group.id, topic }));
      return this.item(avatar(group.title, group.id, "square"), group.title, places, () => this.phone.openGroup(group));
    });
    return [this.item(avatar(person.bot, this.store.bot.id, "bot"), person.bot, [own], () => this.phone.open(own)), ...groups];
  }
}

export class TopicList extends List {
  constructor(phone, group) {
    phone.listed = group.id;
    super(phone);
  }

  get group() {
    return this.store.groups.get(this.phone.listed);
  }

  head() {
    const back = iconButton("back", t("back"), () => this.phone.showChats());
    const add = iconButton("plus", t("new_topic"), () => this.phone.askTopic(this.group));
    const names = el("div", { class: "chat-names" }, el("h3", { class: "chat-title", text: this.group.title }), el("span", { class: "chat-subtitle", text: t("topics") }));
    return el("div", { class: "chat-head" }, back, avatar(this.group.title, this.group.id, "square"), names, add);
  }

  items() {
    if (!this.group) return [];
    const general = { chat: this.group.id, topic: null };
    const topics = this.group.topics.map((topic) => {
      const place = { chat: this.group.id, topic: topic.id };
      const name = topic.closed ? `${topic.name} · ${t("topic_closed")}` : topic.name;
      return this.item(avatar(topic.name, topic.id, "topic"), name, [place], () => this.phone.open(place));
    });
    return [this.item(avatar("#", 0, "topic"), t("general"), [general], () => this.phone.open(general)), ...topics];
  }
}
