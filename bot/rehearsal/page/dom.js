// Elements, made without markup: whatever people and bots write stays text.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  attach: "M20 11.5l-8 8a5 5 0 01-7-7l8.5-8.5a3.4 3.4 0 014.8 4.8L10 17a1.7 1.7 0 01-2.4-2.4l7.4-7.4",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12zM11.500 13.500L20 4",
  keyboard: "M3 7h18v10H3zM7 11v.01M11 11v.01M15 11v.01M8 14h8",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  down: "M12 5v14M6 13l6 6 6-6",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7.500V12l3 2",
  reply: "M10 6L4 12l6 6M4 12h10a6 6 0 016 6",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  group: "M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 010 6.500M18 14.500c2.300.8 3.500 2.700 3.500 5.500",
  link: "M14 5h5v5M19 5l-8 8M17 14v5H5V7h5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.500l4.500 4.500L19 7",
};

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "text") node.textContent = value;
  else if (name === "value") node.value = value;
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, more = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

export function avatar(name, number, kind = "") {
  const first = Array.from(name.trim())[0] ?? "?";
  const hue = Math.abs(number) % 6;
  return el("span", { class: `avatar hue-${hue} ${kind}`, "aria-hidden": "true", text: first.toUpperCase() });
}
