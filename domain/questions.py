"""A question of a base (沟通交流, Article 8): what may happen to it, who hears of it, when it is nudged.

open ─answer─▶ answered ─close, thank─▶ closed
  ▲              │                        │
  └──── add ─────┴────────────────────────┘      any of them ─turn─▶ turned
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from domain.access import TABLE, Action, may, require
from domain.calendar import Calendar
from domain.errors import Refused, Stale
from domain.notices import Kind, Notice, Offer, Rows, Subject, To
from domain.obligations import Planned
from domain.people import Actor, Role

FOLLOWS_MS = 30 * 60 * 1000
"""People write in several messages: for so long after the last word the next one goes on with it."""
ANSWER_WORKING_DAYS = 1
NUDGE_GOOD_FOR_MS = 72 * 60 * 60 * 1000
NUDGE = "questions/nudge"


class State(StrEnum):
    OPEN = "open"  # waits for the centre
    ANSWERED = "answered"
    CLOSED = "closed"  # 已解决
    TURNED = "turned"  # 已转为服务申请


UNSETTLED = frozenset({State.OPEN, State.ANSWERED})
_BEFORE_TURNED = frozenset(State) - {State.TURNED}


class Move(StrEnum):
    ASK = "ask"
    ADD = "add"
    ANSWER = "answer"
    THANK = "thank"
    CLOSE = "close"
    TURN = "turn"


@dataclass(frozen=True, slots=True)
class Rule:
    action: Action
    allowed_in: frozenset[State]
    leads_to: State


RULES: dict[Move, Rule] = {
    Move.ADD: Rule(Action.QUESTION_ASK, _BEFORE_TURNED, State.OPEN),
    Move.ANSWER: Rule(Action.QUESTION_ANSWER, _BEFORE_TURNED, State.ANSWERED),
    Move.THANK: Rule(Action.QUESTION_ASK, frozenset({State.ANSWERED}), State.CLOSED),
    Move.CLOSE: Rule(Action.QUESTION_ASK, UNSETTLED, State.CLOSED),
    Move.TURN: Rule(Action.REQUEST_FILE, _BEFORE_TURNED, State.TURNED),
}


@dataclass(frozen=True, slots=True)
class Question:
    """It is the base's, whoever asked. Instants in ms UTC; `waiting_since` while the centre owes an answer,
    `spoken_at` the last word of either side.
    """

    id: int
    number: str
    base_id: int
    state: State
    rev: int
    asked_by: int
    asked_at: int
    spoken_at: int
    waiting_since: int | None = None
    answered_by: int | None = None
    closed_at: int | None = None
    request_id: int | None = None

    @property
    def subject(self) -> Subject:
        return Subject("question", self.id)


def decide(question: Question, move: Move, actor: Actor, now: int, seen_rev: int | None = None) -> Question:
    """The question after the move; `seen_rev` is what the person's screen showed, if there was one.

    Raises Forbidden, Stale, or Refused where it is a request by now.
    """
    rule = RULES[move]
    require(actor, rule.action, question.base_id)
    if seen_rev is not None and seen_rev != question.rev:
        raise Stale("question", question.id)
    if question.state is State.TURNED:
        raise Refused("questions/turned_already", number=question.number)
    if question.state not in rule.allowed_in:
        raise Stale("question", question.id)
    moved = replace(question, state=rule.leads_to, rev=question.rev + 1, spoken_at=now)
    match move:
        case Move.ADD:
            return replace(moved, waiting_since=question.waiting_since or now, closed_at=None)
        case Move.ANSWER:
            return replace(moved, waiting_since=None, answered_by=actor.person_id, closed_at=None)
    return replace(moved, waiting_since=None, closed_at=now)


def readable(actor: Actor, question: Question) -> bool:
    """Whether the actor may see it; another base's question does not exist for them."""
    return may(actor, Action.QUESTION_READ, question.base_id)


def goes_on(question: Question, now: int) -> bool:
    """Whether a word that names no question belongs to this one."""
    return question.state in UNSETTLED and now - question.spoken_at <= FOLLOWS_MS


_OFFERED = {
    "question_answer": Action.QUESTION_ANSWER,
    "question_close": Action.QUESTION_ASK,
    "question_add": Action.QUESTION_ASK,
    "question_turn": Action.QUESTION_TURN,
}
_LABELS = {"question_answer": "answer"}
_LAYOUT = (("question_answer",), ("question_close", "question_add"), ("question_turn",))


def offers(question: Question, roles: frozenset[Role]) -> Rows:
    """The buttons under it for somebody of these roles."""

    def offered(op: str) -> bool:
        if question.state is State.TURNED or (op == "question_close" and question.state is State.CLOSED):
            return False
        return not roles.isdisjoint(TABLE[_OFFERED[op]])

    here = (question.id, question.rev)
    rows = (tuple(Offer(op, *here, label=_LABELS.get(op)) for op in row if offered(op)) for row in _LAYOUT)
    return tuple(row for row in rows if row)


# --- the reminder -----------------------------------------------------------------------------------------


def nudge_at(waiting_since: int, calendar: Calendar) -> int:
    """When it has waited one working day: at the same hour of the next one, where that is an office hour."""
    begun, opening = _beginning(waiting_since, calendar)
    return calendar.at(calendar.working_day_after(begun, ANSWER_WORKING_DAYS), opening)


def nudges(question: Question, officers: Iterable[int], calendar: Calendar) -> list[Planned]:
    """To each officer who looks after the base: once for every time that it waits."""
    if question.state is not State.OPEN or question.waiting_since is None:
        return []
    due_at = nudge_at(question.waiting_since, calendar)
    prefix = f"question:{question.id}:{question.waiting_since}"
    return [
        Planned(
            Notice(
                To(person_id=officer),
                NUDGE,
                {"since": question.waiting_since},
                kind=Kind.NUDGE,
                subject=question.subject,
                key=f"{prefix}:person {officer}",
            ),
            due_at,
            due_at + NUDGE_GOOD_FOR_MS,
        )
        for officer in officers
    ]


def _beginning(since: int, calendar: Calendar) -> tuple[date, time]:
    """The working day and the office hour from which the waiting counts."""
    day = calendar.today(since)
    clock = datetime.fromtimestamp(since / 1000, calendar.zone).time()
    opening = next((max(clock, opens) for opens, closes in calendar.hours if clock < closes), None)
    if opening is not None and calendar.day(day).working:
        return day, opening
    return calendar.working_day_after(day, 1), calendar.hours[0][0]


# --- what is no question ----------------------------------------------------------------------------------

_THANKS = (
    "非常感谢",
    "十分感谢",
    "感谢",
    "谢谢",
    "多谢",
    "辛苦",
    "收到",
    "知道",
    "明白",
    "清楚",
    "好的",
    "可以",
    "解决",
    "thankyou",
    "thanks",
    "thx",
    "gotit",
    "understood",
    "received",
    "okay",
    "ok",
    "great",
    "perfect",
)
_BESIDE = (
    "老师",
    "领导",
    "主任",
    "您",
    "你",
    "了",
    "啦",
    "的",
    "已",
    "我",
    "们",
    "啊",
    "哈",
    "verymuch",
    "alot",
    "somuch",
    "all",
    "very",
    "clear",
)
_DOUBT = re.compile(r"[?吗呢么哪谁何怎几不没未]|\bnot?\b")
_THUMBS = frozenset("👍🙏👌🤝❤")
LONGEST_THANKS = 30
_NODS = frozenset({"好", "嗯", "行"})
MOST_LEFT = 2
"""A name beside the thanks: 谢谢周老师."""


def is_thanks(text: str) -> bool:
    """Whether a text does nothing but thank or acknowledge: 谢谢周老师，收到了."""
    told = unicodedata.normalize("NFKC", text).casefold()
    if _DOUBT.search(told) or len(told) > LONGEST_THANKS:
        return False
    letters = "".join(c for c in told if c.isalnum())
    if letters in _NODS:
        return True
    if not letters:
        return any(c in _THUMBS for c in told)
    rest = _without(letters, _THANKS)
    return rest != letters and len(_without(rest, _BESIDE)) <= MOST_LEFT


def says_something(text: str) -> bool:
    """A lone sign or emoji asks nothing."""
    return any(c.isalnum() for c in text)


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text
