"""What of a report is there, at which stage the reminders find it, and whether it is late."""

from dataclasses import replace
from datetime import date

import pytest

from domain.annual_content import Part
from domain.annual_editing import Editing, enter, revise
from domain.annual_progress import is_late, late, progress, stage
from domain.annual_report import Move, State, Via
from domain.ladders import Stage
from tests.domain.test_annual import (
    EMPTY,
    LIAISON,
    NOW,
    OFFICER,
    at_state,
    do,
    findings,
    wrote,
)

ITEMS = 1 + 30 + 5 + 7 + 4
TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        (State.DRAFT, ("step:review", "step:approval", "step:submission", "step:seal")),
        (State.APPROVING, ("step:approval", "step:submission", "step:seal")),
        (State.APPROVED, ("step:submission", "step:seal")),
        (State.SUBMITTED, ("step:seal",)),
        (State.SEALING, ("step:seal",)),
        (State.ACCEPTED, ()),
    ],
)
def test_what_is_still_missing_at_each_state(state: State, missing: tuple[str, ...]) -> None:
    report = at_state(state)
    found = progress(report, findings(report))
    assert (found.state, found.missing) == (state, missing)
    assert (found.done, found.total) == (ITEMS - len(missing), ITEMS)


def test_a_report_without_an_entry_has_not_begun() -> None:
    empty = progress(EMPTY, findings(EMPTY))
    assert (empty.stage, empty.done, empty.total) == (Stage.NOT_STARTED, 1, ITEMS)  # the period
    begun = enter(EMPTY, [wrote("I04", "2")], Editing(LIAISON, NOW)).report
    found = progress(begun, findings(begun))
    assert (found.stage, found.done) == (Stage.DRAFT, 2)
    assert "figure:I04" not in found.missing


def test_a_question_is_an_item_that_its_word_settles() -> None:
    asked = enter(at_state(State.DRAFT), [wrote("I14", "1")], Editing(LIAISON, NOW)).report
    before = progress(asked, findings(asked))
    assert "word:R10:I14+I16" in before.missing
    word = wrote("R10:I14+I16", "无偿转让", Part.EXPLANATION)
    after = progress(enter(asked, [word], Editing(LIAISON, NOW)).report, findings(asked))
    assert (after.total, after.done) == (before.total, before.done + 1)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.REVIEWING, Stage.IN_REVIEW),
        (State.APPROVING, Stage.IN_REVIEW),
        (State.APPROVED, Stage.REVIEWED),
        (State.SUBMITTED, Stage.WITH_CENTRE),
        (State.RETURNED, Stage.RETURNED),
        (State.SEALING, Stage.SEAL_MISSING),
        (State.SEALED, Stage.WITH_CENTRE),
    ],
)
def test_the_stage_that_the_reminders_go_by(state: State, expected: Stage) -> None:
    assert progress(at_state(state), ()).stage is expected
    assert stage(state, begun=False, submitted=False) is expected  # what came on paper has no entries


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_stage(state: State) -> None:
    assert stage(state, begun=True, submitted=True) in Stage


def test_no_deadline_is_told_for_what_was_returned_wherever_in_the_unit_it_lies() -> None:
    edited = enter(at_state(State.RETURNED), [wrote("I04", "3")], Editing(LIAISON, NOW + 5)).report
    for report in (
        edited,
        do(edited, Move.SEND).report,
        do(do(edited, Move.SEND).report, Move.REVIEW).report,
    ):
        assert progress(report, ()).stage is Stage.RETURNED


def test_a_later_correction_takes_nothing_back() -> None:
    revised = revise(at_state(State.ACCEPTED), "I04", "5", "误", Editing(LIAISON, NOW)).report
    assert progress(revised, findings(revised)).missing == ()


@pytest.mark.parametrize(
    ("counts_on", "until", "today", "expected"),
    [
        (None, None, "2026-12-15", False),
        (None, None, "2026-12-16", True),
        ("2026-12-15", None, "2027-03-01", False),
        ("2026-12-16", None, "2027-03-01", True),
        (None, "2026-12-25", "2026-12-25", False),
        (None, "2026-12-25", "2026-12-26", True),
        ("2026-12-25", "2026-12-25", "2027-03-01", False),
    ],
)
def test_it_is_late_from_the_sixteenth_or_the_day_after_its_extension(
    counts_on: str | None, until: str | None, today: str, expected: bool
) -> None:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    assert is_late(2026, day(counts_on), day(until), date.fromisoformat(today)) is expected


def test_in_time_is_what_was_first_submitted_in_time_whatever_is_returned_later() -> None:
    returned = at_state(State.RETURNED)
    assert not late(returned, date(2027, 2, 1))
    assert late(at_state(State.APPROVED), date(2026, 12, 16))
    assert not late(replace(at_state(State.APPROVED), extended_until=date(2026, 12, 20)), date(2026, 12, 16))


def test_what_came_on_paper_in_time_and_was_recorded_later_is_in_time() -> None:
    approved = at_state(State.APPROVED)
    told = {"via": Via.PAPER, "now": NOW + 20 * 86_400_000}
    in_time = do(approved, Move.SUBMIT, OFFICER, received_on=date(2026, 12, 15), **told).report
    assert not late(in_time, date(2026, 12, 21))
    assert late(do(approved, Move.SUBMIT, OFFICER, **told).report, date(2026, 12, 21))
