// The foot of a chat: where one writes, or starts, or unblocks the bot.

import { act } from "./api.js";
import { el } from "./dom.js";
import { codeIn } from "./invitations.js";
import { t } from "./strings.js";

export class Foot {
  constructor(chat) {
    this.chat = chat;
    this.root = el("div", { class: "foot" });
  }

  get writing() {
    return this.state === "write";
  }

  // As the person now stands with the bot.
  refresh() {
    const state = stateOf(this.chat);
    if (state === this.state) return;
    this.state = state;
    this.root.replaceChildren(SHOWN[state](this.chat));
    this.root.classList.toggle("alone", state === "start");
  }
}

function stateOf({ person, group }) {
  if (person.deactivated) return "gone";
  if (group) return "write";
  if (person.blocked) return "blocked";
  return person.started ? "write" : "start";
}

const SHOWN = {
  write: (chat) => chat.composer.root,
  gone: () => el("p", { class: "foot-note", text: t("deactivated") }),
  blocked,
  start,
};

function blocked(chat) {
  const onclick = () => chat.attempt(() => act(chat.personId, "unblock"));
  const unblock = el("button", { type: "button", class: "primary wide", text: t("unblock"), onclick });
  return el("div", { class: "foot-start" }, el("p", { class: "foot-note", text: t("blocked") }), unblock);
}

function start(chat) {
  const words = chat.person.description || t("intro");
  const intro = el("div", { class: "intro" }, el("h4", { text: t("intro_title") }), el("p", { text: words }));
  const code = el("input", { name: "code", class: "code", placeholder: t("code_optional"), "aria-label": t("code_optional"), autocomplete: "off" });
  const onsubmit = (event) => {
    event.preventDefault();
    chat.start(codeIn(code.value, chat.store.bot.username));
  };
  return el("form", { class: "foot-start", onsubmit }, intro, code, el("button", { type: "submit", class: "primary wide", text: t("start") }));
}
