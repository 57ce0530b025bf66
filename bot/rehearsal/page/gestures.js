// What a hand does in a chat without a button: a right click, a swipe, a drop.

const SWIPE = 60; // px to the left that mean: reply

export function listenToHands(chat) {
  const { log } = chat.history;
  log.addEventListener("contextmenu", (event) => openActions(chat, event));
  let from = null;
  log.addEventListener("touchstart", (event) => (from = event.touches[0]), { passive: true });
  log.addEventListener("touchend", (event) => swiped(from, event.changedTouches[0]) && reply(chat, event.target));
  chat.root.addEventListener("dragover", (event) => event.preventDefault());
  chat.root.addEventListener("drop", (event) => drop(chat, event));
}

function messageAt(chat, target) {
  const element = target.closest(".row:not(.service)");
  const id = Number(element?.dataset.id.split(" ")[0]);
  return { element, message: chat.store.history(chat.place.chat, chat.place.topic).messages.get(id) };
}

function openActions(chat, event) {
  const { element, message } = messageAt(chat, event.target);
  if (!message || event.target.closest("a")) return;
  event.preventDefault();
  chat.openActions(message, element.querySelector(".actions"));
}

function swiped(from, to) {
  return from.clientX - to.clientX > SWIPE && Math.abs(from.clientY - to.clientY) < SWIPE / 2;
}

function reply(chat, target) {
  const { message } = messageAt(chat, target);
  if (message && chat.foot.writing) chat.composer.reply(message);
}

function drop(chat, event) {
  event.preventDefault();
  if (event.dataTransfer.files.length && chat.foot.writing) chat.sendFiles([...event.dataTransfer.files]);
}
