"""典型案例 (Article 10): from its filing to the shelf and, where the base so wishes, back.

submitted ─pass─▶ passed ─publish─▶ published
    │ ▲             └──────┬────────────┘
 return └─file again       └─withdraw─▶ withdrawn   (so may be what waits or was returned)
    ▼ │
  returned

A consent is given for one use of one version, and can be taken back; without it nothing more is sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.access import TABLE, Action, may, require
from domain.errors import Refused, Stale
from domain.matching import pairs
from domain.notices import Offer, Rows, Subject
from domain.people import Actor, Role

MOST_QUOTED = 8


class State(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PASSED = "passed"  # 审核通过, on no shelf yet
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Use(StrEnum):
    """What a base may consent to."""

    INTERNAL = "internal"  # 发给各示范基地
    WEBSITE = "website"
    AWARD = "award"  # 推荐评选


class Section(StrEnum):
    BACKGROUND = "background"
    PRACTICE = "practice"
    RESULTS = "results"
    REPLICABLE = "replicable"


class Move(StrEnum):
    PASS = "pass"  # noqa: S105
    RETURN = "return"
    FILE_AGAIN = "file_again"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    action: Action
    allowed_in: frozenset[State]
    leads_to: State


RULES: Mapping[Move, Rule] = {
    Move.PASS: Rule(Action.CASE_REVIEW, frozenset({State.SUBMITTED}), State.PASSED),
    Move.RETURN: Rule(Action.CASE_REVIEW, frozenset({State.SUBMITTED}), State.RETURNED),
    Move.FILE_AGAIN: Rule(Action.CASE_FILE, frozenset({State.RETURNED}), State.SUBMITTED),
    Move.PUBLISH: Rule(Action.CASE_REVIEW, frozenset({State.PASSED, State.PUBLISHED}), State.PUBLISHED),
    Move.WITHDRAW: Rule(Action.CASE_FILE, frozenset(State) - {State.WITHDRAWN}, State.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A figure as the verified report of a year has it."""

    year: int
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class Case:
    """It is the base's, whoever filed it. `version` counts its filings; `consents` are to the present."""

    id: int
    number: str
    base_id: int
    state: State
    rev: int
    version: int
    title: str
    sections: Mapping[Section, str]
    filed_by: int
    filed_at: int
    figures: tuple[Quoted, ...] = ()
    consents: frozenset[Use] = field(default_factory=frozenset)
    remark: str | None = None

    @property
    def subject(self) -> Subject:
        return Subject("case", self.id)

    @property
    def on_shelf(self) -> bool:
        return self.state is State.PUBLISHED and Use.INTERNAL in self.consents


def decide(
    case: Case, move: Move, actor: Actor | None, *, seen_rev: int | None = None, remark: str | None = None
) -> Case:
    """The case after the move.

    Raises Forbidden, Stale where it is not as the person saw it, Refused where it would be sent to bases
    without consent to that use.
    """
    rule = RULES[move]
    require(actor, rule.action, case.base_id if rule.action is Action.CASE_FILE else None)
    if case.state not in rule.allowed_in or (seen_rev is not None and seen_rev != case.rev):
        raise Stale("case", case.id)
    if move is Move.PUBLISH and Use.INTERNAL not in case.consents:
        raise Refused("cases/no_consent", number=case.number)
    again = move is Move.FILE_AGAIN
    return replace(
        case,
        state=rule.leads_to,
        rev=case.rev + 1,
        version=case.version + again,
        consents=frozenset() if again else case.consents,
        remark=remark if move is Move.RETURN else case.remark,
    )


def consenting(case: Case, use: Use, actor: Actor | None, seen_rev: int) -> Case:
    """With the consent to a use given or, where it was given, taken back. Raises Forbidden or Stale."""
    require(actor, Action.CASE_CONSENT, case.base_id)
    if case.state is State.WITHDRAWN or seen_rev != case.rev:
        raise Stale("case", case.id)
    return replace(case, consents=case.consents ^ {use}, rev=case.rev + 1)


def quoting(case: Case, figure: Quoted, actor: Actor | None, seen_rev: int) -> Case:
    """With the figure quoted or, where it was, not any more. Raises Forbidden, Stale, Refused when full."""
    require(actor, Action.CASE_FILE, case.base_id)
    if case.state not in (State.SUBMITTED, State.RETURNED) or seen_rev != case.rev:
        raise Stale("case", case.id)
    had = figure in case.figures
    if not had and len(case.figures) >= MOST_QUOTED:
        raise Refused("cases/enough_figures", most=MOST_QUOTED)
    figures = tuple(one for one in case.figures if one != figure) if had else (*case.figures, figure)
    return replace(case, figures=figures, rev=case.rev + 1)


def rewritten(case: Case, title: str, sections: Mapping[Section, str]) -> Case:
    """What a case that is filed again says."""
    return replace(case, title=title, sections=dict(sections))


def readable(actor: Actor | None, case: Case) -> bool:
    """One's own and, for the centre's people, all; what is on the shelf for every base's people."""
    if may(actor, Action.CASE_READ) or may(actor, Action.CASES, case.base_id):
        return True
    return case.on_shelf and may(actor, Action.CASES)


def matching(cases: Iterable[Case], words: str) -> list[Case]:
    """Those that say all the words, or else most of their pairs; the likest first."""
    wanted = pairs(words)
    if not wanted:
        return list(cases)
    scored = [(len(wanted & pairs(_text(case))) / len(wanted), case) for case in cases]
    return [case for score, case in sorted(scored, key=lambda one: (-one[0], one[1].id)) if score > _ENOUGH]


_ENOUGH = 0.5


def _text(case: Case) -> str:
    return "\n".join((case.title, *case.sections.values()))


_MOVES: tuple[tuple[Move, ...], ...] = (
    (Move.PASS, Move.RETURN),
    (Move.PUBLISH,),
    (Move.FILE_AGAIN, Move.WITHDRAW),
)


def offers(case: Case, roles: frozenset[Role]) -> Rows:
    """The moves that somebody of these roles could make."""

    def offered(move: Move) -> bool:
        return case.state in RULES[move].allowed_in and bool(roles & TABLE[RULES[move].action])

    here = (case.id, case.rev)
    rows = (tuple(Offer(f"case_{move}", *here) for move in row if offered(move)) for row in _MOVES)
    return tuple(row for row in rows if row)
