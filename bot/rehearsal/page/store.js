// The world as the server told it: people, groups, messages by chat and topic, and who has not read what.

export const placeKey = (chat, topic) => `${chat}/${topic ?? ""}`;

export class Store extends EventTarget {
  constructor() {
    super();
    this.bot = { id: 0, username: "", listening: false };
    this.people = new Map();
    this.groups = new Map();
    this.histories = new Map(); // by place: {messages: Map, more}
    this.keyboards = new Map(); // by private chat
    this.clock = null;
    this.ready = false;
    this.connected = false;
    this._offset = 0;
  }

  on(kind, listener) {
    const heard = (event) => listener(event.detail);
    this.addEventListener(kind, heard);
    return () => this.removeEventListener(kind, heard);
  }

  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  now() {
    return Date.now() + this._offset;
  }

  // Those whose phones are shown: whoever has a slot, or everybody when nobody has one.
  get phones() {
    const everybody = [...this.people.values()];
    const slotted = everybody.filter((person) => person.slot);
    return slotted.length ? slotted : everybody;
  }

  groupsOf(person) {
    return [...this.groups.values()].filter((group) => group.members.includes(person));
  }

  nameOf(id, viewer) {
    if (id === this.bot.id) return this.people.get(viewer)?.bot ?? "";
    return this.people.get(id)?.name ?? "";
  }

  history(chat, topic) {
    const key = placeKey(chat, topic);
    if (!this.histories.has(key)) this.histories.set(key, { messages: new Map(), more: false });
    return this.histories.get(key);
  }

  message(chat, id) {
    for (const [key, history] of this.histories) {
      if (key.startsWith(`${chat}/`) && history.messages.has(id)) return history.messages.get(id);
    }
    return null;
  }

  // One event of the server.
  take(event) {
    this._offset = event.now - Date.now();
    this[`take_${event.kind}`]?.(event);
  }

  take_snapshot({ frame, histories, clock, zone }) {
    this.histories.clear();
    this.keyboards.clear();
    for (const one of histories) this._keep(one);
    this._setFrame(frame);
    this.clock = clock;
    this.zone = zone;
    this.ready = true;
    this.tell("reset");
  }

  _keep({ chat, topic, messages, more, keyboard }) {
    const kept = this.history(chat, topic);
    kept.messages = new Map(messages.map((one) => [one.id, one]));
    kept.more = more;
    this.keyboards.set(chat, keyboard);
  }

  prepend({ chat, topic, messages, more }) {
    const kept = this.history(chat, topic);
    kept.messages = new Map([...messages.map((one) => [one.id, one]), ...kept.messages]);
    kept.more = more;
    this.tell("older", { chat, topic });
  }

  take_frame({ frame }) {
    this._setFrame(frame);
    this.tell("frame");
  }

  _setFrame({ bot, people, groups }) {
    this.bot = bot;
    this.people = new Map(people.map((one) => [one.id, one]));
    this.groups = new Map(groups.map((one) => [one.id, one]));
  }

  take_sent(event) {
    this._upsert(event);
  }

  take_edited(event) {
    this._upsert(event);
  }

  _upsert({ message, keyboard }) {
    const { messages } = this.history(message.chat, message.topic);
    const known = messages.has(message.id);
    const newest = [...messages.keys()].pop() ?? 0;
    if (!known && message.id < newest) return; // older than what is loaded
    messages.set(message.id, message);
    this._setKeyboard(message.chat, keyboard);
    this.tell(known ? "changed" : "sent", message);
  }

  take_deleted({ chat, id, keyboard }) {
    const message = this.message(chat, id);
    if (message) this.history(chat, message.topic).messages.delete(id);
    this._setKeyboard(chat, keyboard);
    if (message) this.tell("deleted", message);
  }

  _setKeyboard(chat, keyboard) {
    if (keyboard === undefined) return;
    this.keyboards.set(chat, keyboard);
    this.tell("keyboard", { chat });
  }

  take_read({ chat, id }) {
    const message = this.message(chat, id);
    if (!message) return;
    message.read = true;
    this.tell("read", message);
  }

  take_action(event) {
    this.tell("action", event);
  }

  take_answered(event) {
    this.tell("answered", event);
  }

  take_clock({ to, error }) {
    this.clock = { to };
    this.tell("clock", { error });
  }

  setConnected(connected) {
    this.connected = connected;
    this.tell("connection");
  }
}
