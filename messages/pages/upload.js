// The upload page: what the person sees and presses. `transfer.js` does the sending.

import { Broken, Problem, Unreadable, ask, transfer, wait } from "./transfer.js";

const POLL_MS = 3000;
const words = JSON.parse(document.getElementById("words").textContent);
const limits = JSON.parse(document.getElementById("limits").textContent);
const SECTIONS = ["new", "yours", "elsewhere", "gone", "done"];
const $ = (id) => document.getElementById(id);

const entries = []; // in the order in which they are shown
let current = null; // the one that is being sent
let ended = false;

function fill(key, facts = {}) {
  const all = { ...facts, files: limits.files, each: sized(limits.each), total: sized(limits.total) };
  return (words[key] ?? words.failed).replace(/\{(\w+)\}/g, (_, name) => all[name]);
}

function sized(bytes) {
  return bytes >= 1048576 ? `${Math.round(bytes / 104857.6) / 10} MB` : `${Math.ceil(bytes / 1024)} KB`;
}

function show(section) {
  for (const name of SECTIONS) $(name).hidden = name !== section;
}

function say(id, key) {
  $(id).textContent = key ? fill(key) : "";
  $(id).hidden = !key;
}

// ---- one file -------------------------------------------------------------------------------------------------

// phase: waiting reading uploading paused broken unfinished error, or the state of its verdict
class Entry {
  constructor(name, size, file = null) {
    Object.assign(this, { id: null, name, size, file, received: 0, text: "", stop: null });
    this.phase = file ? "waiting" : "unfinished";
    this.node = $("entry").content.firstElementChild.cloneNode(true);
    this.part = Object.fromEntries([...this.node.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));
    this.part.pause.onclick = () => (this.phase === "paused" ? this.resume() : this.pause());
    this.part.cancel.onclick = () => this.cancel();
    $("files").append(this.node);
    entries.push(this);
    this.draw();
  }

  get open() {
    return ["waiting", "reading", "uploading", "paused", "broken", "unfinished"].includes(this.phase);
  }

  get moving() {
    return ["waiting", "reading", "uploading", "broken"].includes(this.phase) && this.file;
  }

  become(phase, text = "") {
    Object.assign(this, { phase, text });
    this.draw();
  }

  fail(key) {
    this.become("error", fill(key));
  }

  take(seen) {
    Object.assign(this, { id: seen.id, name: seen.name, size: seen.size, received: seen.received });
    if (seen.state !== "open") this.become(seen.state, seen.text);
    else this.draw();
  }

  draw() {
    const { part, phase, open } = this;
    const name = this.name || words.a_file;
    const percent = Math.floor((100 * this.received) / (this.size || 1));
    this.node.dataset.phase = phase;
    part.name.textContent = name;
    part.size.textContent = sized(this.size);
    part.percent.textContent = open ? `${percent}%` : "";
    part.bar.hidden = !open;
    part.bar.value = percent;
    part.bar.setAttribute("aria-label", fill("progress_of", { name }));
    const says = this.text || fill(phase);
    if (part.state.textContent !== says) part.state.textContent = says;
    part.pause.hidden = !(this.moving || (phase === "paused" && this.file));
    label(part.pause, phase === "paused" ? "resume" : "pause", name);
    part.cancel.hidden = !(open || phase === "error");
    label(part.cancel, phase === "error" ? "remove" : "cancel", name);
    drawEnd();
  }

  pause() {
    this.become("paused");
    this.stop?.abort();
  }

  resume() {
    this.become("waiting");
    run();
  }

  async cancel() {
    this.become("paused");
    this.stop?.abort();
    try {
      if (this.id !== null) await ask("DELETE", `/files/${this.id}`);
      this.remove();
    } catch (error) {
      heed(error);
    }
  }

  remove() {
    entries.splice(entries.indexOf(this), 1);
    this.node.remove();
    drawEnd();
  }

  async send() {
    this.stop = new AbortController();
    const told = {
      phase: (name) => this.stop.signal.aborted || this.become(name),
      seen: (file) => this.adopt(file),
      sent: (bytes) => {
        this.received = Math.min(bytes, this.size);
        this.draw();
      },
    };
    try {
      await transfer(this.file, limits.chunk, told, this.stop.signal);
    } catch (error) {
      this.halt(error);
    }
  }

  // The server knows this content by now: perhaps from before, or from another tab.
  adopt(file) {
    const twin = entries.find((other) => other !== this && other.id === file.id);
    if (twin?.moving) return this.remove();
    twin?.remove();
    this.take(file);
  }

  halt(error) {
    if (error.name === "AbortError") return;
    if (error instanceof Unreadable) this.fail("unreadable");
    else if (error.key === "no_file") this.remove();
    else if (error instanceof Problem && !heed(error)) this.fail(error.key);
  }
}

function label(button, key, name) {
  button.textContent = words[key];
  button.setAttribute("aria-label", fill(`${key}_of`, { name }));
}

// ---- all of them ----------------------------------------------------------------------------------------------

async function run() {
  if (current) return;
  while ((current = entries.find((entry) => entry.phase === "waiting" && entry.file)) && !ended) await current.send();
  current = null;
}

function choose(files) {
  say("problem", null);
  for (const file of files) {
    const entry = resumed(file) ?? new Entry(file.name, file.size, file);
    if (file.size > limits.each) entry.fail("too_big");
    else if (file.size === 0) entry.fail("empty");
  }
  run();
}

// The line of a file that was not finished waits for the same file; whether it is the same is seen as it is read.
function resumed(file) {
  const entry = entries.find((one) => one.phase === "unfinished" && one.name === file.name && one.size === file.size);
  if (!entry) return null;
  entry.file = file;
  entry.become("waiting");
  return entry;
}

function drawEnd() {
  $("end").hidden = !entries.some((entry) => !entry.open && entry.phase !== "error");
}

// Whether the answer concerns the whole link.
function heed(error) {
  if (error.key !== "gone" && error.key !== "elsewhere") return false;
  if (!ended) {
    ended = true;
    entries.forEach((entry) => entry.stop?.abort());
    show(error.key);
  }
  return true;
}

function merge(files) {
  for (const entry of [...entries]) {
    if (entry.id !== null && !entry.moving && !files.some((file) => file.id === entry.id)) entry.remove();
  }
  for (const file of files) {
    const entry = entries.find((one) => one.id === file.id) ?? new Entry(file.name, file.size);
    if (entry.file && file.state === "open") continue;
    const grew = entry.id !== null && file.received > entry.received;
    entry.take(file);
    if (file.state === "open") entry.become(grew ? "uploading" : "unfinished");
  }
}

async function look() {
  const { standing, files } = await ask("GET", "/state");
  if (ended) return;
  show(standing);
  if (standing === "yours") merge(files);
}

async function watch() {
  while (!ended) {
    try {
      await look();
      say("offline", null);
    } catch (error) {
      if (heed(error)) return;
      if (error instanceof Broken) say("offline", "unavailable");
    }
    await wait(POLL_MS);
  }
}

async function start() {
  $("start").disabled = true;
  say("start-problem", null);
  try {
    const { standing, files } = await ask("POST", "/start");
    show(standing);
    merge(files);
  } catch (error) {
    if (!heed(error)) say("start-problem", error.key ?? "unavailable");
  }
  $("start").disabled = false;
}

function finish() {
  const open = entries.filter((entry) => entry.open).length;
  if (open === 0) return end();
  $("leave-text").textContent = fill("leave", { n: open });
  $("leave").showModal();
}

async function end() {
  $("finish").disabled = true;
  const sent = entries.filter((entry) => ["examining", "clean", "held"].includes(entry.phase)).length;
  try {
    const { files } = await ask("POST", "/finish");
    over(files);
  } catch (error) {
    if (error.key === "gone") over(sent); // it was ended before, and the answer was lost
    else if (!heed(error)) say("problem", error.key ?? "unavailable");
  }
  $("finish").disabled = false;
}

function over(files) {
  ended = true;
  entries.forEach((entry) => entry.stop?.abort());
  $("done-count").textContent = fill("received", { n: files });
  show("done");
}

$("start").onclick = start;
$("choose").onclick = () => $("picker").click();
$("picker").onchange = (event) => {
  choose([...event.target.files]);
  event.target.value = ""; // so that the same file can be chosen again
};
$("finish").onclick = finish;
$("stay").onclick = () => $("leave").close();
$("finish-anyway").onclick = () => {
  $("leave").close();
  end();
};
watch();
