// A small menu beside what opened it.

import { el, icon } from "./dom.js";

const GAP = 6; // px

// items: {label, icon, danger, run}; false ones are left out.
export function openMenu(opener, items, container) {
  container.querySelector(".popup")?.remove();
  const menu = el("div", { class: "popup", role: "menu" });
  const close = (refocus = true) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    opener.setAttribute("aria-expanded", "false");
    if (refocus) opener.focus();
  };
  const outside = (event) => menu.contains(event.target) || close(false);
  menu.append(...items.filter(Boolean).map((item) => menuItem(item, close)));
  menu.addEventListener("keydown", (event) => steer(event, menu, close));
  container.append(menu);
  place(menu, opener, container);
  document.addEventListener("pointerdown", outside, true);
  opener.setAttribute("aria-expanded", "true");
  menu.firstElementChild.focus();
}

function menuItem(item, close) {
  const onclick = () => {
    close();
    item.run();
  };
  return el("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : null, onclick }, item.icon && icon(item.icon), el("span", { text: item.label }));
}

function steer(event, menu, close) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) items.at(to % items.length).focus();
  else if (event.key === "Escape") close();
  else if (event.key === "Tab") close(false);
  else return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
}

function place(menu, opener, container) {
  const around = container.getBoundingClientRect();
  const from = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = from.bottom - around.top + GAP;
  const top = below + height > around.height ? from.top - around.top - height - GAP : below;
  const left = Math.min(Math.max(from.right - around.left - width, GAP), around.width - width - GAP);
  menu.style.top = `${Math.max(top, GAP)}px`;
  menu.style.left = `${left}px`;
}
