// What the page asks of the server.

import { t } from "./strings.js";

async function ask(method, path, body) {
  const json = body !== undefined && !(body instanceof FormData);
  const options = { method, body: json ? JSON.stringify(body) : body, headers: json ? { "Content-Type": "application/json" } : {} };
  const answer = await fetch(`/control/${path}`, options).catch(() => {
    throw new Error(t("no_server"));
  });
  const told = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(told?.error ?? `${answer.status}`);
  return told;
}

export const act = (person, deed, terms = {}) => ask("POST", `people/${person}/${deed}`, terms);
export const addPerson = (terms) => ask("POST", "people", terms);
export const addGroup = (terms) => ask("POST", "groups", terms);
export const changeGroup = (group, deed, terms) => ask("POST", `groups/${group}/${deed}`, terms);
export const lookAtClock = () => ask("GET", "clock");
export const moveClock = (terms) => ask("POST", "clock", terms);
export const stopClock = () => ask("DELETE", "clock");
export const fileUrl = (id) => `/control/files/${encodeURIComponent(id)}`;

export function older(chat, topic, before) {
  const query = new URLSearchParams({ before, ...(topic ? { topic } : {}) });
  return ask("GET", `chats/${chat}/messages?${query}`);
}

export function upload(person, files, terms) {
  const form = new FormData();
  for (const [name, value] of Object.entries(terms)) if (value) form.append(name, value);
  for (const file of files) form.append("files", file, file.name);
  return ask("POST", `people/${person}/upload`, form);
}
