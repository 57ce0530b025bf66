// What a person has not seen on their phone since the page was opened.

import { placeKey } from "./store.js";

export class Unread {
  constructor(store) {
    this.store = store;
    this._counts = new Map(); // by person, by place
    store.on("sent", (message) => this._came(message));
  }

  _came(message) {
    const readers = this.store.groups.get(message.chat)?.members ?? [message.chat];
    for (const person of readers) {
      if (person !== message.from && this.store.people.has(person)) this._add(person, placeKey(message.chat, message.topic));
    }
    this.store.tell("unread");
  }

  _add(person, key) {
    if (!this._counts.has(person)) this._counts.set(person, new Map());
    const places = this._counts.get(person);
    places.set(key, (places.get(key) ?? 0) + 1);
  }

  count(person, place) {
    return this._counts.get(person)?.get(placeKey(place.chat, place.topic)) ?? 0;
  }

  total(person) {
    return [...(this._counts.get(person)?.values() ?? [])].reduce((sum, one) => sum + one, 0);
  }

  // Of everything outside the place.
  elsewhere(person, place) {
    return this.total(person) - this.count(person, place);
  }

  seen(person, place) {
    if (this._counts.get(person)?.delete(placeKey(place.chat, place.topic))) this.store.tell("unread");
  }
}
