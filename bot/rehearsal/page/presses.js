// Presses of inline buttons, and the answers to them, whichever comes to the page first.

const PATIENCE = 30_000; // ms, as long as a bot may take
const KEPT = 50;

export class Presses {
  constructor(store) {
    this._waiting = new Map();
    this._early = new Map();
    store.on("answered", (answer) => this._take(answer));
  }

  // The answer to a press; null when there is none in time.
  answer({ query_id, answers }) {
    if (answers.length) return Promise.resolve(answers[0]);
    if (this._early.has(query_id)) return Promise.resolve(this._early.get(query_id));
    return new Promise((resolve) => {
      this._waiting.set(query_id, resolve);
      setTimeout(() => this._waiting.delete(query_id) && resolve(null), PATIENCE);
    });
  }

  _take(answer) {
    const resolve = this._waiting.get(answer.query);
    this._waiting.delete(answer.query);
    if (resolve) resolve(answer);
    else this._early.set(answer.query, answer);
    if (this._early.size > KEPT) this._early.delete(this._early.keys().next().value);
  }
}
