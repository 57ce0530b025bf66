// The messages of an open chat: older ones on the way up, new ones at the end, always in the order they came.

import { older } from "./api.js";
import { row, showRead } from "./bubble.js";
import { el, iconButton } from "./dom.js";
import { t } from "./strings.js";
import { dayKey, dayName } from "./time.js";

const NEAR = 80; // px from the end that still count as the end

export class History {
  constructor(chat) {
    this.chat = chat;
    this.rows = el("div", { class: "rows" });
    this.more = el("button", { type: "button", class: "older", text: t("older"), onclick: () => this.loadOlder() });
    this.log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": chat.title, onkeydown: (event) => this._move(event) }, this.more, this.rows);
    this.jump = iconButton("down", t("to_newest"), () => this.toEnd(true), { class: "icon-button jump", hidden: true });
    this.root = el("div", { class: "history" }, this.log, this.jump);
    this._setAtEnd(true);
    this.log.addEventListener("scroll", () => this._scrolled(), { passive: true });
    this._sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    this._sizes.observe(this.rows);
    this._sizes.observe(this.log);
    this._top = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.loadOlder(), { root: this.log });
    this._top.observe(this.more);
    this.render();
  }

  close() {
    this._sizes.disconnect();
    this._top.disconnect();
  }

  get _kept() {
    return this.chat.store.history(this.chat.place.chat, this.chat.place.topic);
  }

  render() {
    this.log.setAttribute("aria-busy", "true");
    this.rows.replaceChildren();
    this._fresh = [];
    this._day = null;
    for (const message of this._kept.messages.values()) this._add(message);
    this.more.hidden = !this._kept.more;
    this.log.removeAttribute("aria-busy");
  }

  // What comes within a frame is put in together.
  append(message) {
    this._fresh.push(message);
    this._flushing ??= requestAnimationFrame(() => this._flush());
  }

  _flush() {
    this._flushing = null;
    const fresh = this._fresh.splice(0);
    if (fresh.length) this._following(() => fresh.forEach((message) => this._add(message)));
  }

  _add(message) {
    const last = this.rows.lastElementChild;
    if (message.album && last?.dataset.album === message.album) {
      this._rebuild(last, message.album);
      return;
    }
    const day = dayKey(message.date);
    if (this._day !== day) this.rows.append(el("div", { class: "day", "data-day": day }, el("span", { class: "note", text: dayName(message.date) })));
    this._day = day;
    this.rows.append(row([message], this.chat));
  }

  _rebuild(element, album) {
    const messages = [...this._kept.messages.values()].filter((one) => one.album === album);
    element.replaceWith(row(messages, this.chat));
  }

  find(id) {
    this._flush();
    return this.rows.querySelector(`[data-id~="${id}"]`);
  }

  change(message) {
    const element = this.find(message.id);
    if (!element) return;
    this._following(() => (message.album ? this._rebuild(element, message.album) : element.replaceWith(row([message], this.chat))));
  }

  remove(message) {
    const element = this.find(message.id);
    if (!element) return;
    this._following(() => (element.dataset.id.includes(" ") ? this._rebuild(element, message.album) : this._takeOut(element)));
  }

  _takeOut(element) {
    element.remove();
    for (const day of this.rows.querySelectorAll(":scope > .day")) {
      if (!day.nextElementSibling || day.nextElementSibling.matches(".day")) day.remove();
    }
    this._day = [...this.rows.querySelectorAll(":scope > .day")].pop()?.dataset.day;
  }

  markRead(message) {
    const element = this.find(message.id);
    if (element) showRead(element);
  }

  async loadOlder() {
    const { messages, more } = this._kept;
    if (!more || this._loading || !messages.size) return;
    this._loading = true;
    const { chat, topic } = this.chat.place;
    try {
      this.chat.store.prepend(await older(chat, topic, messages.keys().next().value));
    } catch (error) {
      this.chat.complain(error);
    } finally {
      this._loading = false;
    }
  }

  // Again, with older ones on top; what was in view stays where it was.
  extend() {
    const fromEnd = this.log.scrollHeight - this.log.scrollTop;
    this.render();
    this.log.scrollTop = this.log.scrollHeight - fromEnd;
  }

  toEnd(smoothly = false) {
    this._setAtEnd(true);
    this.jump.classList.remove("news");
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smoothly && this._mayMove() ? "smooth" : "instant" });
  }

  _mayMove() {
    return !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  // Who is at the end stays there, whatever comes or changes: it is looked at before, and gone to after.
  _following(change) {
    const atEnd = this._isAtEnd();
    change();
    if (atEnd) this.toEnd();
    else this.jump.classList.add("news");
  }

  _isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  // Only who scrolls up leaves the end.
  _scrolled() {
    const atEnd = this._isAtEnd();
    if (atEnd || this.log.scrollTop < this._lastTop) this._setAtEnd(atEnd);
    this._lastTop = this.log.scrollTop;
  }

  _setAtEnd(atEnd) {
    this.atEnd = atEnd;
    this.jump.hidden = atEnd;
    this.log.classList.toggle("at-end", atEnd);
  }

  show(id) {
    const element = this.find(id);
    if (!element) return;
    this._setAtEnd(false);
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.add("shown");
    element.addEventListener("animationend", () => element.classList.remove("shown"), { once: true });
  }

  // Arrow keys go from message to message, Enter opens what can be done with one.
  _move(event) {
    const rows = [...this.rows.querySelectorAll(":scope > .row:not(.service)")];
    const current = rows.indexOf(event.target);
    if (event.target !== this.log && current < 0) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      rows[current < 0 ? rows.length - 1 : Math.min(Math.max(current + step, 0), rows.length - 1)]?.focus();
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      event.target.querySelector(".actions")?.click();
    }
  }
}
