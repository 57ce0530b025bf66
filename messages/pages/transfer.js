// The way of a file: read, begun or found begun, then sent piece by piece for as long as it takes.

const BASE = location.pathname.replace(/\/$/, "");
const READ_BYTES = 4 * 1024 * 1024;
const PIECE_TIMEOUT_MS = 180000;
const MOST_WAIT_MS = 30000;

export class Broken extends Error {} // the connection or the server failed: worth another try
export class Problem extends Error { // the server said no: `key` names the sentence, `answer` is all it said
  constructor(answer) {
    super(answer.error);
    this.key = answer.error;
    this.answer = answer;
  }
}
export class Unreadable extends Error {}

export async function ask(method, path, body, signal) {
  const init = { method, signal, cache: "no-store", credentials: "same-origin" };
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  let answer;
  try {
    answer = await fetch(BASE + path, init);
    return judged(answer.status, await answer.text());
  } catch (error) {
    if (error instanceof Problem || error.name === "AbortError") throw error;
    throw new Broken();
  }
}

function judged(status, text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Broken(); // not our server's words: a proxy's page
  }
  if (status < 400) return answer;
  if (status >= 500 && status !== 507) throw new Broken();
  throw new Problem(answer);
}

function put(id, offset, piece, signal, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const settle = (how, value) => {
      signal.removeEventListener("abort", abort);
      how(value);
    };
    request.open("PUT", `${BASE}/files/${id}`);
    request.setRequestHeader("Upload-Offset", offset);
    request.timeout = PIECE_TIMEOUT_MS;
    request.upload.onprogress = (event) => onprogress(offset + event.loaded);
    request.onerror = request.ontimeout = () => settle(reject, new Broken());
    request.onabort = () => settle(reject, new DOMException("", "AbortError"));
    request.onload = () => {
      try {
        settle(resolve, judged(request.status, request.responseText));
      } catch (error) {
        settle(reject, error);
      }
    };
    signal.addEventListener("abort", abort);
    request.send(piece);
  });
}

// Sends the file and returns it as the server has it then. `told.phase(name)`, `told.seen(file)`, `told.sent(bytes)`.
export async function transfer(file, chunk, told, signal) {
  told.phase("reading");
  const key = await fingerprint(file, signal);
  let seen = await persist(() => ask("POST", "/files", { key, name: file.name, size: file.size }, signal), told, signal);
  told.seen(seen);
  while (seen.state === "open") {
    const next = await persist(() => one(file, seen, chunk, told, signal), told, signal);
    if (next.state === "open" && next.received === seen.received) await wait(500, signal); // another tab is at it
    seen = next;
    told.seen(seen);
  }
  return seen;
}

async function one(file, seen, chunk, told, signal) {
  const piece = file.slice(seen.received, seen.received + chunk);
  const bytes = await read(piece); // a file that was changed since it was chosen fails here, and not as a connection
  told.phase("uploading");
  try {
    return await put(seen.id, seen.received, bytes, signal, told.sent);
  } catch (error) {
    if (error.key === "offset") return error.answer.file;
    throw error;
  }
}

async function persist(action, told, signal) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      told.phase("broken");
      await wait(Math.min(1000 * 2 ** failures, MOST_WAIT_MS), signal);
    }
  }
}

// Comes back earlier when the network, or the person, does.
export function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    const quit = new AbortController();
    const settle = (how, value) => {
      clearTimeout(timer);
      quit.abort();
      how(value);
    };
    const timer = setTimeout(() => settle(resolve), ms);
    addEventListener("online", () => settle(resolve), { signal: quit.signal });
    document.addEventListener("visibilitychange", () => document.hidden || settle(resolve), { signal: quit.signal });
    signal?.addEventListener("abort", () => settle(reject, new DOMException("", "AbortError")), { signal: quit.signal });
    if (signal?.aborted) settle(reject, new DOMException("", "AbortError"));
  });
}

// What the content and the name make: the same file chosen again goes on, in another tab too, and another one of the
// same name and size does not. It keeps no secret and need not withstand anybody; crypto.subtle cannot read in pieces.
async function fingerprint(file, signal) {
  const state = new Uint32Array([0x9e3779b9, 0x85ebca6b]);
  mix(state, new TextEncoder().encode(file.name));
  for (let at = 0; at < file.size; at += READ_BYTES) {
    mix(state, new Uint8Array(await read(file.slice(at, at + READ_BYTES))));
    signal.throwIfAborted?.();
  }
  return `${file.size.toString(16)}-${[...state].map((half) => half.toString(16).padStart(8, "0")).join("")}`;
}

async function read(piece) {
  try {
    return await piece.arrayBuffer();
  } catch {
    throw new Unreadable();
  }
}

function mix(state, bytes) {
  let [a, b] = state;
  const whole = bytes.length >> 2;
  const take = (word) => {
    a = Math.imul(a ^ word, 0x9e3779b1);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ word, 0x5f356495);
    b = (b << 17) | (b >>> 15);
  };
  new Uint32Array(bytes.buffer, bytes.byteOffset, whole).forEach(take);
  bytes.subarray(whole * 4).forEach(take);
  take(bytes.length);
  state[0] = a;
  state[1] = b;
}
