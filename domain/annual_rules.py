"""What may happen to an annual report, by whom, from which state to which, on what demands: one table."""

from dataclasses import dataclass
from enum import StrEnum

from domain.access import TABLE, Action, may
from domain.annual_report import EDITABLE, RECORDED, Move, Report, State, Via
from domain.notices import Offer, Rows
from domain.people import Actor, Role


class Demand(StrEnum):
    """What a move asks for beside the right and the state."""

    VERIFIED = "verified"  # everything is there, no error is left, every question has its word
    SIGNED = "signed"  # both signatures belong to the present content
    CHANGED = "changed"  # it differs from the version that was returned
    REMARKS = "remarks"
    SIGNED_PAGE = "signed_page"  # where a page stands for the press
    SEALED_COPY = "sealed_copy"  # or an officer's record of it


@dataclass(frozen=True, slots=True)
class Rule:
    """`after` None: the state follows from the signatures, or from where the report came from."""

    action: Action
    before: frozenset[State]
    after: State | None
    demands: tuple[Demand, ...] = ()
    other_ways: frozenset[Via] = frozenset()


_PAGE_OR_RECORD = RECORDED | {Via.SIGNED_PAGE}

RULES: dict[Move, Rule] = {
    Move.SEND: Rule(Action.REPORT_FILL, EDITABLE, None, (Demand.VERIFIED,), RECORDED),
    Move.REVIEW: Rule(
        Action.REPORT_REVIEW, frozenset({State.REVIEWING}), None, (Demand.SIGNED_PAGE,), _PAGE_OR_RECORD
    ),
    Move.REFUSE_REVIEW: Rule(Action.REPORT_REVIEW, frozenset({State.REVIEWING}), None, (Demand.REMARKS,)),
    Move.APPROVE: Rule(
        Action.REPORT_APPROVE, frozenset({State.APPROVING}), None, (Demand.SIGNED_PAGE,), _PAGE_OR_RECORD
    ),
    Move.REFUSE_APPROVAL: Rule(Action.REPORT_APPROVE, frozenset({State.APPROVING}), None, (Demand.REMARKS,)),
    Move.SUBMIT: Rule(
        Action.REPORT_FILL,
        frozenset({State.APPROVED}),
        State.SUBMITTED,
        (Demand.SIGNED, Demand.VERIFIED, Demand.CHANGED),
        RECORDED,
    ),
    Move.RETURN: Rule(
        Action.REPORT_CHECK,
        frozenset({State.SUBMITTED, State.SEALING, State.SEALED}),
        State.RETURNED,
        (Demand.REMARKS,),
    ),
    Move.PASS: Rule(Action.REPORT_CHECK, frozenset({State.SUBMITTED}), State.SEALING, (Demand.VERIFIED,)),
    Move.SEAL: Rule(
        Action.REPORT_FILL, frozenset({State.SEALING}), State.SEALED, (Demand.SEALED_COPY,), RECORDED
    ),
    Move.RESEAL: Rule(Action.REPORT_CHECK, frozenset({State.SEALED}), State.SEALING, (Demand.REMARKS,)),
    Move.ACCEPT: Rule(Action.REPORT_CHECK, frozenset({State.SEALED}), State.ACCEPTED),
}


_WORDS: dict[Move, str] = {
    Move.REFUSE_REVIEW: "revise",
    Move.REFUSE_APPROVAL: "revise",
    Move.RETURN: "revise",
    Move.ACCEPT: "admit",
}
"""The label of the button, where several have the same words: 请修改, 接收."""


def moves(report: Report, actor: Actor) -> tuple[Move, ...]:
    """What the actor could press now; what is demanded beside it is not looked at."""
    return tuple(
        move
        for move, rule in RULES.items()
        if report.state in rule.before and may(actor, rule.action, report.base_id)
    )


def offers(report: Report, roles: frozenset[Role]) -> Rows:
    """The buttons under a notice for somebody of these roles: to read it comes first."""
    theirs = [
        move
        for move, rule in RULES.items()
        if report.state in rule.before and not roles.isdisjoint(TABLE[rule.action])
    ]
    shown = (Offer("annual", report.id, report.rev),)
    return (shown, *((offer(move, report),) for move in theirs))


def offer(move: Move, report: Report) -> Offer:
    """The button of a move."""
    return Offer(f"annual_{move}", report.id, report.rev, label=_WORDS.get(move))
