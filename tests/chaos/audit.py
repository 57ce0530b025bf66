"""What came of it: the record and the server's log against the ledger."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal import Call, World
from domain.forms import COLLECTING
from storage.dialect import prepare
from storage.engine import Database, Dialect
from tests.chaos.ledger import Begun, Filed, Ledger, Word
from tests.chaos.people import Officer, Somebody

Found = dict[str, Any]
Send = tuple[int, str]
"""A chat and a text: what two sends have in common."""

_TABLES = {
    "updates": "SELECT * FROM updates ORDER BY id",
    "requests": "SELECT * FROM requests ORDER BY id",
    "entries": "SELECT e.*, r.number FROM entries e JOIN requests r ON r.id = e.request_id ORDER BY e.id",
    "drafts": "SELECT * FROM drafts ORDER BY id",
    "outbox": "SELECT * FROM outbox ORDER BY id",
    "audit": "SELECT * FROM audit ORDER BY id",
    "persons": "SELECT id, telegram_id FROM persons",
}
_TABLES_PREPARED = {name: prepare(sql) for name, sql in _TABLES.items()}

COMMANDS = {
    "help": ("<b>使用说明", "<b>您正在填写"),
    "desk": ("<b>待办件",),
    "requests": ("<b>我的申请",),
}
"""How the page of a command begins; in the middle of a form, help is about that."""


@dataclass(slots=True)
class Line:
    """`lost` is what was asked and not done, `doubled` what was done more often than asked."""

    asked: int = 0
    done: int = 0
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0

    def count(self, done: int) -> None:
        """One thing that was asked, and how often it was done."""
        self.asked += 1
        self.done += min(done, 1)
        self.lost += done == 0
        self.doubled += max(done - 1, 0)


@dataclass(slots=True)
class Report:
    lines: dict[str, Line] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    kills: int = 0
    ends: list[int] = field(default_factory=list)
    """Exit codes of the times at which the bot ended by itself."""
    log: str = ""

    def table(self) -> str:
        head = f"{'':<18}{'asked':>8}{'done':>8}{'lost':>8}{'doubled':>9}{'uncertain':>11}"
        rows = [
            f"{name:<18}{v.asked:>8}{v.done:>8}{v.lost:>8}{v.doubled:>9}{v.uncertain:>11}"
            for name, v in self.lines.items()
        ]
        said = [f"kills {self.kills}, ended by itself {self.ends or 'never'}"]
        return "\n".join([head, *rows, *said, *(f"WRONG: {what}" for what in self.wrong)])


class Audit:
    def __init__(self, world: World, database: Database, ledger: Ledger, cast: list[Somebody]) -> None:
        self._world = world
        self._database = database
        self._ledger = ledger
        self._cast = cast
        self._rows: dict[str, list[Found]] = {}
        self._telegram: dict[int, int] = {}
        self._out = Report()

    async def report(self) -> Report:
        await self._read()
        for check in (
            self._updates,
            self._requests,
            self._words,
            self._form_answers,
            self._commands,
            self._presses,
            self._audit_lines,
            self._notices,
            self._messages,
            self._edits,
            self._order_of_effects,
            self._order_of_sends,
        ):
            check()
        return self._out

    async def _read(self) -> None:
        async with self._database.read() as tx:
            for name, statement in _TABLES_PREPARED.items():
                self._rows[name] = [dict(row) for row in await tx.rows(statement, {})]
            if self._database.dialect is Dialect.SQLITE:
                for pragma, sound in (("integrity_check", ["ok"]), ("foreign_key_check", [])):
                    rows = [dict(row) for row in await tx.rows(prepare(f"PRAGMA {pragma}"), {})]
                    found = [str(value) for row in rows for value in row.values()]
                    self._expect(found == sound, f"{pragma}: {found}")
        self._telegram = {row["id"]: row["telegram_id"] for row in self._rows["persons"]}

    def _line(self, name: str) -> Line:
        return self._out.lines.setdefault(name, Line())

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self._out.wrong.append(otherwise)

    # what was asked

    def _updates(self) -> None:
        kept = Counter(row["update_id"] for row in self._rows["updates"])
        first = min(kept, default=0)
        line = self._line("updates")
        for update_id in range(first, self._world.state.next_update_id):
            line.count(kept[update_id])
            self._expect(kept[update_id] == 1, f"update {update_id} is {kept[update_id]} times in the inbox")
        for row in self._rows["updates"]:
            settled = row["state"] in ("done", "ignored") and row["payload"] is None
            self._expect(settled, f"update {row['update_id']} is {row['state']}: {row['error']}")

    def _requests(self) -> None:
        by_nonce: dict[str, list[Found]] = defaultdict(list)
        for row in self._rows["requests"]:
            by_nonce[_told(row)].append(row)
        line = self._line("requests")
        for filed in self._ledger.filed:
            found = by_nonce.pop(filed.nonce, [])
            line.count(len(found))
            self._expect(len(found) == 1, f"{filed.nonce} was filed {len(found)} times")
            for row in found:
                self._same_request(filed, row)
        self._expect(not by_nonce, f"nobody filed {sorted(by_nonce)}")
        numbers = [int(row["number"][-4:]) for row in self._rows["requests"]]
        self._expect(sorted(numbers) == [*range(1, len(numbers) + 1)], "the numbers have gaps")

    def _same_request(self, filed: Filed, row: Found) -> None:
        same = json.loads(row["answers"]) == filed.answers
        self._expect(same, f"{row['number']}: {row['answers']} where {filed.answers} was answered")
        self._expect(self._telegram[row["submitted_by"]] == filed.person, f"{row['number']}: by another")

    def _words(self) -> None:
        said: dict[str, list[Found]] = defaultdict(list)
        accepted: Counter[str] = Counter()
        for row in self._rows["entries"]:
            if row["kind"] == "accept":
                accepted[row["number"]] += 1
            else:
                said[_nonce_of(row)].append(row)
        line = self._line("thread entries")
        for word in self._ledger.words:
            found = said.pop(word.nonce, [])
            line.count(len(found))
            self._expect(len(found) == 1, f"{word} is {len(found)} times in the thread")
            self._expect(all(self._is(word, row) for row in found), f"{word} became {found}")
        self._expect(not said, f"nobody said {sorted(said)}")
        self._expect(max(accepted.values(), default=0) <= 1, f"accepted twice: {accepted.most_common(3)}")

    def _is(self, word: Word, row: Found) -> bool:
        asked = (word.number, word.move, word.person)
        return (row["number"], row["kind"], self._telegram[row["person_id"]]) == asked

    def _form_answers(self) -> None:
        """Those of finished forms are in the requests and threads; here those of forms still open."""
        line = self._line("form answers")
        line.asked = line.done = self._ledger.answers
        drafts = [row for row in self._rows["drafts"] if row["form"].startswith("service:") or row["rev"]]
        for begun in filter(None, (somebody.begun() for somebody in self._cast)):
            found = [row for row in drafts if self._is_draft(begun, row)]
            drafts = [row for row in drafts if row not in found]
            wanted = [begun.answers]
            self._expect([_answers(row) for row in found] == wanted, f"{begun} is kept as {found}")
            line.lost += not found
        self._expect(not drafts, f"nobody has begun {drafts}")

    def _is_draft(self, begun: Begun, row: Found) -> bool:
        return self._telegram[row["person_id"]] == begun.person and row["form"] == begun.form

    def _commands(self) -> None:
        line = self._line("commands")
        for (person, name), asked in self._ledger.commands.items():
            if name not in COMMANDS:
                continue
            texts = [_text(r) for r in self._sends("reply") if r["chat_id"] == person]
            done = sum(text.startswith(COMMANDS[name]) for text in texts)
            line.asked += asked
            line.done += min(done, asked)
            line.lost += max(asked - done, 0)
            line.doubled += max(done - asked, 0)
            self._expect(done == asked, f"/{name} of {person}: {done} replies to {asked}")

    def _presses(self) -> None:
        answered = Counter(
            json.loads(row["payload"])["callback_query_id"]
            for row in self._rows["outbox"]
            if row["method"] == "answerCallbackQuery"
        )
        line = self._line("presses")
        for query in self._world.state.queries:
            line.count(answered[query])
            self._expect(answered[query] == 1, f"press {query} has {answered[query]} answers")

    def _audit_lines(self) -> None:
        """One line a step."""
        lines = Counter((row["action"], row["subject_id"]) for row in self._rows["audit"])
        steps = Counter((f"request_{row['kind']}", row["request_id"]) for row in self._rows["entries"])
        steps.update(("request_submitted", row["id"]) for row in self._rows["requests"])
        kept = Counter({key: n for key, n in lines.items() if key[0].startswith("request_")})
        self._expect(kept == steps, f"the audit says otherwise: {kept - steps} {steps - kept}")

    def _notices(self) -> None:
        """Everybody who has to hear of a request or a word has a row for it, once."""
        officers = sum(isinstance(somebody, Officer) for somebody in self._cast)
        line = self._line("notices")
        new = Counter(r["subject_id"] for r in self._sends("receipt") if "新申请" in _text(r))
        for row in self._rows["requests"]:
            self._count_notices(line, row["number"], new[row["id"]], {officers})
        hearers = {"say": {1, officers}, "answer": {2}, "close": {2}}
        receipts = [_text(row) for row in self._sends("receipt")]
        for word in self._ledger.words:
            heard = sum(word.nonce in text for text in receipts)
            self._count_notices(line, word.nonce, heard, hearers[word.move])

    def _count_notices(self, line: Line, what: str, heard: int, wanted: set[int]) -> None:
        line.asked += max(wanted) if heard not in wanted else heard
        line.done += heard
        self._expect(heard in wanted, f"{what}: {heard} notices, not {wanted}")

    # what was sent

    def _sends(self, *kinds: str) -> list[Found]:
        return [
            row for row in self._rows["outbox"] if row["kind"] in kinds and row["method"] == "sendMessage"
        ]

    def _messages(self) -> None:
        """Each row that is sent is in the server's log; what is there oftener is named by a row in doubt."""
        rows: dict[Send, list[Found]] = defaultdict(list)
        for row in self._sends("reply", "receipt"):
            rows[row["chat_id"], json.loads(row["payload"])["text"]].append(row)
        calls: dict[Send, list[Call]] = defaultdict(list)
        for call in self._world.calls.executed("sendMessage"):
            calls[int(call.params["chat_id"]), call.params["text"]].append(call)
        line = self._line("messages")
        for send, alike in rows.items():
            self._judge(line, send, alike, calls.pop(send, []))
        self._expect(not calls, f"sent without a row: {[*calls][:3]}")

    def _judge(self, line: Line, send: Send, rows: list[Found], calls: list[Call]) -> None:
        states = Counter(row["state"] for row in rows)
        doubts = sum(row["doubts"] for row in rows)
        line.asked += len(rows)
        line.done += states["sent"]
        line.uncertain += states["uncertain"]
        doubled = max(len(calls) - len(rows), 0)
        line.doubled += doubled
        line.lost += max(states["sent"] - len(calls), 0)
        self._expect(set(states) <= {"sent", "uncertain"}, f"{send}: {states} {_errors(rows)}")
        self._expect(len(calls) >= states["sent"], f"{send}: {states} but {len(calls)} in the log")
        self._expect(doubled <= doubts, f"{send}: {doubled} doubles, {doubts} doubts")
        delivered = {call.result["message_id"] for call in calls}
        named = {row["message_id"] for row in rows if row["state"] == "sent"}
        self._expect(named <= delivered, f"{send}: rows name {named}, the log {delivered}")
        self._expect(len(named) == states["sent"], f"{send}: two rows name one message")
        certain = all(row["doubts"] >= 2 for row in rows if row["state"] == "uncertain")
        self._expect(certain, f"{send}: given up after one doubt")

    def _edits(self) -> None:
        """Edits and answers to presses are repeated until they are done."""
        for method, name in (("editMessageText", "edits"), ("answerCallbackQuery", "press answers")):
            line = self._line(name)
            done = Counter(_canonical(call.params) for call in self._world.calls.of(method) if _took(call))
            for row in (r for r in self._rows["outbox"] if r["method"] == method):
                key = _canonical(json.loads(row["payload"]))
                line.asked += 1
                line.done += row["state"] == "sent"
                line.doubled += row["doubts"]
                fine = row["state"] == "sent" or row["error"] == "too late"
                self._expect(fine, f"{name} {row['id']}: {row['state']} {row['error']}")
                self._expect(row["state"] != "sent" or done[key] > 0, f"{name} {row['id']} is not in the log")

    # order

    def _order_of_effects(self) -> None:
        """What a person asked first was done first."""
        places: dict[str, int] = {filed.nonce: filed.place for filed in self._ledger.filed}
        requests = [(r["submitted_by"], places.get(_told(r), 0)) for r in self._rows["requests"]]
        self._rising("requests", requests)
        places = {word.nonce: word.place for word in self._ledger.words if word.move == "say"}
        words = [(r["person_id"], places.get(_nonce_of(r), 0)) for r in self._rows["entries"]]
        self._rising("words", [word for word in words if word[1]])
        inbox: dict[int, list[int]] = defaultdict(list)
        for row in self._rows["updates"]:
            inbox[row["chat_id"]].append(row["update_id"])
        self._rising("inbox", [(chat, update) for chat, ids in inbox.items() for update in ids])

    def _order_of_sends(self) -> None:
        """In a chat, replies come in the order of what they reply to; so do the notices of one request."""
        where = {call.result["message_id"]: call.number for call in self._world.calls.executed("sendMessage")}
        streams = []
        for row in self._sends("reply", "receipt"):
            if row["state"] == "sent":
                about = row["subject_id"] if row["kind"] == "receipt" else "replies"
                streams.append(((row["chat_id"], about), where.get(row["message_id"], 0)))
        self._rising("sends", streams)

    def _rising(self, what: str, pairs: Iterable[tuple[Any, int]]) -> None:
        last: dict[Any, int] = {}
        for key, place in pairs:
            self._expect(
                place >= last.get(key, 0), f"order of {what} in {key}: {place} after {last.get(key)}"
            )
            last[key] = max(place, last.get(key, 0))


def _text(row: Found) -> str:
    return str(json.loads(row["payload"])["text"])


def _told(row: Found) -> str:
    """The nonce of a request."""
    answers = json.loads(row["answers"])
    return str(answers.get("claim") or answers.get("title_masked"))


def _nonce_of(row: Found) -> str:
    body = json.loads(row["body"])
    return str(body.get("text") or body.get("answer") or body.get("summary"))


def _answers(row: Found) -> dict[str, object]:
    """Without what a step has collected so far."""
    kept = json.loads(row["answers"])
    return {key: value for key, value in kept.items() if not key.endswith(COLLECTING)}


def _errors(rows: list[Found]) -> list[str]:
    return [row["error"] for row in rows if row["error"]]


def _canonical(params: dict[str, Any]) -> str:
    return json.dumps(params, sort_keys=True, ensure_ascii=False)


def _took(call: Call) -> bool:
    return call.outcome in ("executed", "unheard") or "not modified" in (call.description or "")
