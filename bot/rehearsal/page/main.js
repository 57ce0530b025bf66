// The page: a header with the clock, and the phones.

import { addPerson } from "./api.js";
import { Clock } from "./clock.js";
import { askForm, choice, field } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { listen } from "./live.js";
import { Phone } from "./phone.js";
import { Presses } from "./presses.js";
import { Store } from "./store.js";
import { locale, slotLabel, switchLanguage, t } from "./strings.js";
import { setZone } from "./time.js";
import { Unread } from "./unread.js";

const OFFLINE = 3000; // ms without a poll after which the bot counts as away
const store = new Store();
const unread = new Unread(store);
const presses = new Presses(store);
const phones = new Map(); // by person
const places = { top: document.getElementById("top"), tabs: document.getElementById("tabs"), phones: document.getElementById("phones") };
const notices = el("div", { class: "toasts page", role: "status" });
let clock = null;
let chosen = Number(sessionStorage.getItem("chosen")) || null;
let away = null;

function say(text) {
  const shown = el("div", { class: "toast", text });
  notices.append(shown);
  setTimeout(() => shown.remove(), 4000);
}

// Everything anew: at the start, after the server came back, in another language. Who was writing goes on.
function build() {
  const writing = document.activeElement?.matches(".composer textarea") && document.activeElement.closest(".phone-slot").id;
  document.documentElement.lang = locale().startsWith("zh") ? "zh-CN" : "en";
  document.title = `${t("title")} · ${t("demo_both")}`;
  document.querySelector(".skip").textContent = t("skip");
  setZone(store.zone);
  clock?.close();
  clock = new Clock(store, say);
  places.top.replaceChildren(brand(), clock.root, tools());
  for (const phone of phones.values()) phone.close();
  phones.clear();
  places.phones.replaceChildren();
  arrange();
  showStatus();
  if (writing) document.querySelector(`#${writing} .composer textarea`)?.focus();
}

function brand() {
  const name = el("h1", {}, el("span", { text: t("title") }), el("span", { class: "demo", text: t("demo_both") }));
  return el("div", { class: "brand" }, el("img", { src: "/page/icon.svg", alt: "", width: "34", height: "34" }), el("div", {}, name, el("p", { text: t("subtitle") })));
}

function tools() {
  const status = el("span", { id: "status", class: "status", role: "status" });
  const add = el("button", { type: "button", class: "quiet", onclick: askPerson }, icon("plus"), el("span", { text: t("add_person") }));
  const language = el("button", { type: "button", class: "quiet", "aria-label": t("language_label"), text: t("language"), onclick: () => (switchLanguage(), build()) });
  return el("div", { class: "tools" }, status, add, language);
}

function askPerson() {
  const fields = [
    field("name", t("name"), { required: true, maxlength: 64 }),
    field("slot", t("role_shown"), { maxlength: 32 }),
    field("phone", t("phone"), { type: "tel", maxlength: 32 }),
    choice("language", t("telegram_language"), [["zh-hans", "中文"], ["en", "English"]]),
  ];
  askForm(t("add_person"), fields, t("add"), async (values) => {
    const added = await addPerson({
      first_name: values.get("name").trim(),
      slot: values.get("slot").trim() || "guest",
      phone: values.get("phone").trim() || null,
      language_code: values.get("language"),
    });
    choose(added.id);
  });
}

// The phones of those who are there, in their order; the tabs beside them.
function arrange() {
  const people = store.phones;
  const ids = people.map((one) => one.id);
  for (const [id, phone] of phones) {
    if (!ids.includes(id)) {
      phone.close();
      phones.delete(id);
    }
  }
  for (const id of ids) {
    if (phones.has(id)) continue;
    const phone = new Phone(store, unread, presses, id);
    phones.set(id, phone);
    places.phones.append(phone.root);
    phone.shown.history?.toEnd();
  }
  places.phones.classList.toggle("empty", !ids.length);
  places.phones.dataset.empty = t("nobody");
  places.phones.style.setProperty("--people", ids.length);
  if (!ids.includes(chosen)) chosen = ids[0] ?? null;
  showTabs();
  tick();
}

function showTabs() {
  const people = store.phones;
  const wanted = JSON.stringify([locale(), people.map((one) => [one.id, one.name, one.slot])]);
  if (places.tabs.dataset.shows !== wanted) places.tabs.replaceChildren(...people.map(tab));
  places.tabs.dataset.shows = wanted;
  places.tabs.hidden = !people.length;
  places.tabs.setAttribute("aria-label", t("people"));
  places.tabs.classList.toggle("many", people.length > 4);
  for (const [id, phone] of phones) phone.root.classList.toggle("chosen", id === chosen);
  phones.get(chosen)?.look();
  for (const one of places.tabs.children) markTab(one, Number(one.dataset.person));
}

function tab(person) {
  return el(
    "button",
    { type: "button", role: "tab", class: "tab", "aria-controls": `phone-${person.id}`, "data-person": person.id, onclick: () => choose(person.id), onkeydown: steerTabs },
    el("span", { class: "tab-role", text: slotLabel(person.slot) }),
    el("span", { class: "tab-name", text: person.name }),
    el("span", { class: "badge" }),
  );
}

// Which is chosen, and what is unread there.
function markTab(element, id) {
  const count = unread.total(id);
  const badge = element.lastElementChild;
  element.setAttribute("aria-selected", String(id === chosen));
  element.tabIndex = id === chosen ? 0 : -1;
  badge.hidden = !count;
  badge.textContent = count;
  badge.setAttribute("aria-label", t("unread", { count }));
}

function steerTabs(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const ids = store.phones.map((one) => one.id);
  choose(ids.at((ids.indexOf(chosen) + step) % ids.length));
  places.tabs.querySelector("[aria-selected=true]").focus();
}

function choose(id) {
  chosen = id;
  sessionStorage.setItem("chosen", id);
  showTabs();
  const phone = phones.get(id);
  if (!phone) return;
  phone.root.scrollIntoView({ block: "nearest", inline: "nearest" });
  phone.shown.history?.toEnd();
}

function showStatus() {
  const status = document.getElementById("status");
  if (!status) return;
  const listening = store.bot.listening || !away;
  status.className = `status ${!store.connected ? "lost" : listening ? "online" : "offline"}`;
  status.textContent = t(!store.connected ? "reconnecting" : listening ? "bot_online" : "bot_offline");
}

// A bot that is busy between two polls is not away.
function watchBot() {
  clearTimeout(watchBot.timer);
  if (store.bot.listening) away = false;
  else watchBot.timer = setTimeout(() => ((away = true), showStatus()), OFFLINE);
  showStatus();
}

function tick() {
  clock?.tick();
  for (const phone of phones.values()) phone.tick();
}

document.body.append(notices);
store.on("reset", () => (build(), watchBot()));
store.on("frame", () => (arrange(), watchBot()));
store.on("unread", showTabs);
store.on("connection", showStatus);
store.on("clock", tick);
setInterval(tick, 1000);
listen(store);
