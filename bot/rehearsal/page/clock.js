// The clock in the header, and the ways to move it.

import { lookAtClock, moveClock, stopClock } from "./api.js";
import { askForm, field } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { t } from "./strings.js";
import { clockTime, dayAndTime, fieldValue, fromField, fullDay } from "./time.js";

const HOUR = 3_600_000;
const MINUTE = 60_000;

export class Clock {
  constructor(store, say) {
    this.store = store;
    this.say = say;
    this.day = el("span", { class: "clock-day" });
    this.hour = el("span", { class: "clock-hour" });
    const face = el("div", { class: "clock-face", role: "timer", "aria-label": t("clock") }, icon("clock"), this.day, this.hour);
    this.ways = el("div", { class: "clock-ways" });
    this.root = el("div", { class: "clock" }, face, this.ways);
    this._stop = store.on("clock", ({ error }) => this._told(error));
    this.show();
    this.tick();
  }

  close() {
    this._stop();
  }

  tick() {
    const now = this.store.now();
    this.day.textContent = fullDay(now);
    this.hour.textContent = clockTime(now);
  }

  _told(error) {
    if (error) this.say(t("clock_failed", { reason: error }));
    this.show();
    this.tick();
  }

  show() {
    const { clock } = this.store;
    if (!clock) this.ways.replaceChildren();
    else if (clock.to !== null) this._showWay(clock.to);
    else if (!this._still) this._showWays();
  }

  _showWay(to) {
    this._still = false;
    const stop = el("button", { type: "button", class: "quiet", text: t("stop"), onclick: () => this._attempt(stopClock) });
    this.ways.replaceChildren(el("span", { class: "spinner", "aria-hidden": "true" }), el("span", { class: "on-the-way", role: "status", text: t("winding", { when: dayAndTime(to) }) }), stop);
  }

  _showWays() {
    this._still = true;
    const way = (key, run) => el("button", { type: "button", class: "way", text: t(key), onclick: () => this._attempt(run) });
    this.ways.replaceChildren(
      way("plus_hour", () => moveClock({ by: HOUR })),
      way("plus_day", () => moveClock({ by: 24 * HOUR })),
      way("to_due", () => this._toDue()),
      way("to_date", () => this._askDate()),
    );
  }

  async _attempt(deed) {
    try {
      await deed();
    } catch (error) {
      this.say(t("not_done", { reason: error.message }));
    }
  }

  async _toDue() {
    const { next_due } = await lookAtClock();
    if (next_due === null) this.say(t("nothing_due"));
    else await moveClock({ to: next_due });
  }

  async _askDate() {
    const { next_due } = await lookAtClock();
    const now = this.store.now();
    const when = field("when", t("date_and_time"), { type: "datetime-local", required: true, min: fieldValue(now + MINUTE), value: fieldValue(now + 24 * HOUR) });
    const due = el("p", { class: "hint", text: next_due === null ? t("nothing_due") : t("to_due_at", { when: dayAndTime(next_due) }) });
    askForm(t("to_date"), [when, due], t("go"), async (values) => {
      const to = fromField(values.get("when"));
      if (to <= this.store.now()) throw new Error(t("forward_only"));
      await moveClock({ to });
    });
  }
}
