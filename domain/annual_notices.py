"""Who hears of what happens to an annual report (Article 9): names of templates and facts."""

from dataclasses import replace

from domain.annual_report import Move, Outcome, Report, State
from domain.annual_rules import offers
from domain.notices import Kind, Notice, To
from domain.people import BASE_ROLES, Actor, Role

_BASE = frozenset({Role.LIAISON, Role.DEPUTY})
_REVIEWER = frozenset({Role.REVIEWER})
_HEAD = frozenset({Role.HEAD})
_CENTRE = frozenset({Role.OFFICER})

Told = tuple[tuple[frozenset[Role], str], ...]

_NEXT: dict[State, Told] = {
    State.REVIEWING: ((_REVIEWER, "annual/review_asked"),),
    State.APPROVING: ((_HEAD, "annual/approval_asked"),),
    State.APPROVED: ((_BASE, "annual/approved"),),
}
"""Within the unit whoever is next is told, by the state that was reached."""

_TOLD: dict[Move, Told] = {
    Move.REFUSE_REVIEW: ((_BASE, "annual/refused"),),
    Move.REFUSE_APPROVAL: ((_BASE, "annual/refused"),),
    Move.SUBMIT: ((_BASE | _HEAD, "annual/receipt"), (_CENTRE, "annual/submitted_officer")),
    Move.RETURN: ((_BASE, "annual/returned"),),
    Move.PASS: ((_BASE, "annual/passed"),),
    Move.SEAL: ((_CENTRE, "annual/sealed_officer"),),
    Move.RESEAL: ((_BASE, "annual/reseal"),),
    Move.ACCEPT: ((_BASE | _HEAD, "annual/accepted"),),
}

_EDITED: dict[State, Told] = {
    State.REVIEWING: ((_REVIEWER, "annual/edited_after_review"),),
    State.APPROVING: ((_REVIEWER | _HEAD, "annual/edited_after_review"),),
    State.APPROVED: ((_REVIEWER | _HEAD, "annual/edited_after_review"),),
}
"""Those who had signed, or had it before them, by the state that was left."""


def told(outcome: Outcome, move: Move, actor: Actor) -> Outcome:
    """With its notices."""
    return _telling(outcome, _TOLD.get(move) or _NEXT[outcome.report.state], actor)


def told_of_edit(outcome: Outcome, left: State, actor: Actor) -> Outcome:
    """With the notices of an edit that ended a review."""
    return _telling(outcome, _EDITED[left], actor)


def _telling(outcome: Outcome, whom: Told, actor: Actor) -> Outcome:
    report = outcome.report
    facts = _facts(outcome, actor)
    notices = tuple(
        Notice(
            _to(report, roles),
            template,
            facts,
            offers(report, roles),
            kind=Kind.RECEIPT,
            subject=report.subject,
        )
        for roles, template in whom
    )
    return replace(outcome, notices=notices)


def _to(report: Report, roles: frozenset[Role]) -> To:
    return To(base_id=report.base_id if roles <= BASE_ROLES else None, roles=roles)


def _facts(outcome: Outcome, actor: Actor) -> dict[str, object]:
    """The same for every text; the base's name and the receipt's number are added by who knows them."""
    report = outcome.report
    return {
        "year": report.year,
        "state": report.state.value,
        "version": len(report.versions),
        "actor": actor.name,
        "remarks": dict(outcome.remarks.items) if outcome.remarks else {},
        "seal_due": report.seal_due_on.isoformat() if report.seal_due_on else None,
    }
