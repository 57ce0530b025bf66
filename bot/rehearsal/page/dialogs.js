// Questions and notices over the page. Each says 演示, as every screen does.

import { el } from "./dom.js";
import { t } from "./strings.js";

function show(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
  return dialog;
}

function heading(title) {
  return el("div", { class: "dialog-head" }, el("h2", { id: "dialog-title", text: title }), el("span", { class: "demo", text: t("demo") }));
}

// Asks with a form; `submit(values)` may throw, and what it says is shown.
export function askForm(title, fields, verb, submit) {
  const problem = el("p", { class: "problem", role: "alert" });
  const go = el("button", { type: "submit", class: "primary", text: verb });
  const form = el("form", { novalidate: true }, heading(title), fields, problem, buttons(() => dialog.close(), go));
  const dialog = el("dialog", { class: "card", "aria-labelledby": "dialog-title" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity() || go.disabled) return;
    go.disabled = true;
    form.setAttribute("aria-busy", "true");
    try {
      await submit(new FormData(form));
      dialog.close();
    } catch (error) {
      problem.textContent = t("not_done", { reason: error.message });
    }
    form.removeAttribute("aria-busy");
    go.disabled = false;
  });
  return show(dialog);
}

function buttons(cancel, go) {
  return el("div", { class: "dialog-buttons" }, el("button", { type: "button", class: "quiet", text: t("cancel"), onclick: cancel }), go);
}

export function field(name, label, more = {}) {
  return el("label", { class: "field" }, el("span", { text: label }), el("input", { name, autocomplete: "off", ...more }));
}

export function choice(name, label, options) {
  return el("label", { class: "field" }, el("span", { text: label }), el("select", { name }, options.map(([value, text]) => el("option", { value, text }))));
}

export function check(name, label, more = {}) {
  return el("label", { class: "check" }, el("input", { type: "checkbox", name, ...more }), el("span", { text: label }));
}

// A list to choose one from.
export function choose(title, options, chosen) {
  const list = el("div", { class: "options" }, options.map(({ label, hint, disabled, value }) => {
    const onclick = () => {
      dialog.close();
      chosen(value);
    };
    return el("button", { type: "button", disabled, onclick }, el("span", { text: label }), el("small", { text: hint }));
  }));
  const cancel = el("div", { class: "dialog-buttons" }, el("button", { type: "button", class: "quiet", text: t("cancel"), onclick: () => dialog.close() }));
  const dialog = el("dialog", { class: "card", "aria-labelledby": "dialog-title" }, heading(title), list, cancel);
  return show(dialog);
}

export function viewPhoto(url) {
  const close = el("button", { type: "button", class: "primary", text: t("close"), onclick: () => dialog.close() });
  const dialog = el("dialog", { class: "viewer", "aria-label": t("photo") }, el("img", { src: url, alt: t("photo") }), el("div", { class: "viewer-foot" }, el("span", { class: "demo", text: t("demo") }), close));
  return show(dialog);
}
