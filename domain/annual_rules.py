"""What may happen to an annual report, by whom, from which state to which, on what demands: one table."""

from dataclasses import dataclass
from enum import StrEnum

from domain.annual_report import EDITABLE, RECORDED, Move, Report, State, Via
from domain.annual_rights import RIGHTS, Right, may
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

    right: Right
    before: frozenset[State]
    after: State | None
    demands: tuple[Demand, ...] = ()
    other_ways: frozenset[Via] = frozenset()


_PAGE_OR_RECORD = RECORDED | {Via.SIGNED_PAGE}

RULES: dict[Move, Rule] = {
    Move.SEND: Rule(Right.FILL, EDITABLE, None, (Demand.VERIFIED,), RECORDED),
    Move.REVIEW: Rule(
        Right.REVIEW, frozenset({State.REVIEWING}), None, (Demand.SIGNED_PAGE,), _PAGE_OR_RECORD
    ),
    Move.REFUSE_REVIEW: Rule(Right.REVIEW, frozenset({State.REVIEWING}), None, (Demand.REMARKS,)),
    Move.APPROVE: Rule(
        Right.APPROVE, frozenset({State.APPROVING}), None, (Demand.SIGNED_PAGE,), _PAGE_OR_RECORD
    ),
    Move.REFUSE_APPROVAL: Rule(Right.APPROVE, frozenset({State.APPROVING}), None, (Demand.REMARKS,)),
    Move.SUBMIT: Rule(
        Right.FILL,
        frozenset({State.APPROVED}),
        State.SUBMITTED,
        (Demand.SIGNED, Demand.VERIFIED, Demand.CHANGED),
        RECORDED,
    ),
    Move.RETURN: Rule(
        Right.CHECK,
        frozenset({State.SUBMITTED, State.SEALING, State.SEALED}),
        State.RETURNED,
        (Demand.REMARKS,),
    ),
    Move.PASS: Rule(Right.CHECK, frozenset({State.SUBMITTED}), State.SEALING, (Demand.VERIFIED,)),
    Move.SEAL: Rule(Right.FILL, frozenset({State.SEALING}), State.SEALED, (Demand.SEALED_COPY,), RECORDED),
    Move.RESEAL: Rule(Right.CHECK, frozenset({State.SEALED}), State.SEALING, (Demand.REMARKS,)),
    Move.ACCEPT: Rule(Right.CHECK, frozenset({State.SEALED}), State.ACCEPTED),
}


def moves(report: Report, actor: Actor) -> tuple[Move, ...]:
    """What the actor could press now; what is demanded beside it is not looked at."""
    return tuple(
        move
        for move, rule in RULES.items()
        if report.state in rule.before and may(actor, rule.right, report.base_id)
    )


def offers(report: Report, roles: frozenset[Role]) -> Rows:
    """The buttons under the report for somebody of these roles."""
    theirs = [
        move
        for move, rule in RULES.items()
        if report.state in rule.before and not roles.isdisjoint(RIGHTS[rule.right])
    ]
    shown = (Offer("annual", report.id, report.rev),)
    return (*((Offer(f"annual_{move}", report.id, report.rev),) for move in theirs), shown)
