// Invitation codes: typed, or inside a link https://t.me/<bot>?start=CODE.

// The code in a link to the bot, "" for a link without one, null for any other text.
export function codeInLink(text, username) {
  let url;
  try {
    url = new URL(/^[a-z]+:/i.test(text) ? text : `https://${text}`);
  } catch {
    return null;
  }
  const known = ["t.me", "telegram.me"].includes(url.hostname);
  const named = url.pathname.slice(1).toLowerCase() === username.toLowerCase();
  return known && named ? url.searchParams.get("start") ?? "" : null;
}

export function codeIn(text, username) {
  const typed = text.trim();
  return codeInLink(typed, username) ?? typed.replace(/^\/start\s+/, "");
}
