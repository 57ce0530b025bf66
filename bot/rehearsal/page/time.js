// Instants as people read them, in the zone of the rehearsal.

import { locale } from "./strings.js";

let zone = "Asia/Shanghai";
const formats = new Map();

export function setZone(name) {
  zone = name;
}

function format(instant, options) {
  const key = JSON.stringify([locale(), zone, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }));
  return formats.get(key).format(instant);
}

export const clockTime = (instant) => format(instant, { hour: "2-digit", minute: "2-digit", hour12: false });
const weekday = (instant) => format(instant, { weekday: "short" });
const withWeekday = (day, instant) => (locale() === "en-GB" ? `${weekday(instant)} ${day}` : `${day} ${weekday(instant)}`);
export const dayName = (instant) => withWeekday(format(instant, { month: "long", day: "numeric" }), instant);
export const fullDay = (instant) => withWeekday(format(instant, { year: "numeric", month: "long", day: "numeric" }), instant);
export const shortDay = (instant) => format(instant, { month: "numeric", day: "numeric" });
export const dayAndTime = (instant) => `${format(instant, { month: "long", day: "numeric" })} ${clockTime(instant)}`;
export const dayKey = (instant) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant);

// The value of a datetime-local field and back.
export const fieldValue = (instant) => `${dayKey(instant)}T${clockTime(instant)}`;

export function fromField(value) {
  const asUtc = Date.parse(`${value}:00Z`);
  return asUtc - offsetAt(asUtc - offsetAt(asUtc));
}

function offsetAt(instant) {
  const whole = Math.floor(instant / 60000) * 60000;
  return Date.parse(`${fieldValue(whole)}:00Z`) - whole;
}
