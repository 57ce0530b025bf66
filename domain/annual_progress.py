"""How far an annual report has come: for the reminders, for the queue, and whether it is late (Article 9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.annual_checklist import Item, checklist
from domain.annual_report import EDITABLE, Report, Signing, State
from domain.indicators import edition
from domain.ladders import ANNUAL_REPORT, Stage, ladder
from domain.verification import Discrepancy

_STAGES = {
    State.DRAFT: Stage.DRAFT,
    State.REVIEWING: Stage.IN_REVIEW,
    State.APPROVING: Stage.IN_REVIEW,
    State.APPROVED: Stage.REVIEWED,
    State.SUBMITTED: Stage.WITH_CENTRE,
    State.RETURNED: Stage.RETURNED,
    State.SEALING: Stage.SEAL_MISSING,
    State.SEALED: Stage.WITH_CENTRE,
    State.ACCEPTED: Stage.WITH_CENTRE,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` items; `missing` are the keys of the others, in the order of the way."""

    state: State
    stage: Stage
    done: int
    total: int
    missing: tuple[str, ...]


def stage(state: State, *, begun: bool, submitted: bool) -> Stage:
    """What the reminders go by. `begun`: anything was ever entered or attached; `submitted`: any version.

    What is worked on after a submission was returned: no deadline is told for it any more, wherever in the
    unit it lies.
    """
    if state in EDITABLE and submitted:
        return Stage.RETURNED
    return _STAGES[state] if begun or state is not State.DRAFT else Stage.NOT_STARTED


def progress(report: Report, findings: Iterable[Discrepancy]) -> Progress:
    """Everything that the content needs, then step:review, step:approval, step:submission, step:seal."""
    items = (*checklist(report.content, edition(report.year), findings), *_steps(report))
    missing = tuple(item.key for item in items if not item.done)
    reached = stage(report.state, begun=report.begun, submitted=bool(report.versions))
    return Progress(report.state, reached, len(items) - len(missing), len(items), missing)


def is_late(year: int, counts_on: date | None, until: date | None, today: date) -> bool:
    """Whether it was first submitted on a day that is late, or is late today and was not submitted.

    `until` is the day to which it was put off. It is late from 00:00 of the day after the last one.
    """
    annual = ladder(ANNUAL_REPORT)
    return (counts_on or today) >= annual.late_on(until or annual.due_on(year))


def late(report: Report, today: date) -> bool:
    counts_on = report.versions[0].counts_on if report.versions else None
    return is_late(report.year, counts_on, report.extended_until, today)


def _steps(report: Report) -> tuple[Item, ...]:
    """A later correction takes nothing back of what was signed and submitted."""
    submitted = report.state not in EDITABLE
    signed = report.signed()
    return (
        Item("step:review", submitted or Signing.REVIEW in signed),
        Item("step:approval", submitted or Signing.APPROVAL in signed),
        Item("step:submission", submitted),
        Item("step:seal", report.seal is not None),
    )
