"""Signatures belong to a content, versions stay what they were, and an officer may record either."""

from dataclasses import replace
from datetime import date

import pytest

from domain.annual_content import File, Purpose
from domain.annual_editing import Editing, attach, detach, enter
from domain.annual_papers import Period
from domain.annual_report import Move, Signing, State, Via
from domain.errors import Forbidden, Refused
from domain.people import Role
from tests.domain.test_annual import (
    DEPUTY,
    EMPTY,
    LIAISON,
    NEIGHBOUR,
    NOW,
    OFFICER,
    PAGE,
    REMARKS,
    UP_TO_SUBMITTED,
    at_state,
    do,
    through,
    where,
    wrote,
)

# --- signatures and versions -------------------------------------------------------------------------------


def test_what_is_edited_after_the_review_is_reviewed_anew() -> None:
    approved = at_state(State.APPROVED)
    outcome = enter(approved, [wrote("I04", "3")], Editing(DEPUTY, NOW + 5))
    assert outcome.report.state is State.DRAFT
    assert outcome.report.signed() == {}
    [notice] = outcome.notices
    assert (notice.template, notice.to.roles) == (
        "annual/edited_after_review",
        {Role.REVIEWER, Role.HEAD},
    )
    assert do(outcome.report, Move.SEND).report.state is State.REVIEWING


def test_what_is_put_back_as_it_was_keeps_its_signatures() -> None:
    edited = enter(at_state(State.APPROVED), [wrote("I04", "3")], Editing(LIAISON, NOW + 5)).report
    back = enter(edited, [wrote("I04", "0")], Editing(LIAISON, NOW + 6)).report
    assert set(back.signed()) == set(Signing)
    assert do(back, Move.SEND).report.state is State.APPROVED


def test_an_entry_that_changes_nothing_leaves_the_review_alone() -> None:
    outcome = enter(at_state(State.APPROVING), [wrote("I04", "0")], Editing(LIAISON, NOW + 5))
    assert (outcome.report.state, outcome.notices) == (State.APPROVING, ())
    assert len(outcome.entries) == 1


def test_a_period_that_the_centre_fixes_anew_is_signed_anew() -> None:
    moved_on = replace(at_state(State.APPROVED), period=Period(date(2025, 12, 1), date(2026, 10, 31)))
    with pytest.raises(Refused, match="annual/unsigned") as refused:
        do(moved_on, Move.SUBMIT)
    assert refused.value.facts["missing"] == ["review", "approval"]
    assert do(moved_on, Move.SEND).report.state is State.REVIEWING


def test_the_same_submitted_twice_is_one_version() -> None:
    submitted = at_state(State.SUBMITTED)
    again = do(submitted, Move.SUBMIT, DEPUTY, seen_rev=submitted.rev - 1)
    assert again.report is submitted
    assert (again.repeated, again.snapshot, again.notices) == (submitted.versions[0], None, ())
    with pytest.raises(Forbidden):
        do(submitted, Move.SUBMIT, NEIGHBOUR)


def test_a_version_is_what_was_signed_and_stays_what_it_was() -> None:
    outcome = do(at_state(State.APPROVED), Move.SUBMIT)
    assert outcome.snapshot is not None
    assert outcome.snapshot.intact
    assert outcome.snapshot.content == at_state(State.APPROVED).content
    assert not replace(outcome.snapshot, content=EMPTY.content).intact


def test_after_a_return_a_second_version_differs_and_is_signed_by_both() -> None:
    returned = at_state(State.RETURNED)
    assert returned.returned
    with pytest.raises(Refused, match="annual/unchanged"):
        do(do(returned, Move.SEND).report, Move.SUBMIT)
    edited = enter(returned, [wrote("I04", "3")], Editing(LIAISON, NOW + 5)).report
    assert edited.state is State.RETURNED
    second = through(edited, *UP_TO_SUBMITTED)
    assert [one.number for one in second.versions] == [1, 2]
    assert not second.returned


def test_what_the_unit_refuses_goes_back_to_where_it_came_from() -> None:
    refused = do(at_state(State.APPROVING), Move.REFUSE_APPROVAL)
    assert refused.report.state is State.DRAFT
    assert refused.remarks is not None
    assert refused.remarks.items == REMARKS
    edited = enter(at_state(State.RETURNED), [wrote("I04", "3")], Editing(LIAISON, NOW + 5)).report
    twice = do(do(edited, Move.SEND).report, Move.REFUSE_REVIEW).report
    assert twice.state is State.RETURNED
    assert enter(twice, [wrote("I04", "4")], Editing(LIAISON, NOW + 6)).report.state is State.RETURNED


def test_what_is_returned_after_it_was_passed_needs_another_seal() -> None:
    returned = do(at_state(State.SEALED), Move.RETURN).report
    assert (returned.seal, returned.seal_due_on) == (None, None)


# --- in other ways than by a press -------------------------------------------------------------------------


def test_a_signed_page_stands_for_both_presses_and_for_one_content() -> None:
    paged = attach(at_state(State.REVIEWING), PAGE, Editing(LIAISON, NOW)).report
    told = {"via": Via.SIGNED_PAGE, "attachment_id": 80}
    approving = do(paged, Move.REVIEW, LIAISON, signed_by="赵审", **told).report
    approved = do(approving, Move.APPROVE, LIAISON, signed_by="钱处", **told).report
    assert approved.state is State.APPROVED
    assert [(one.name, one.attachment_id) for one in approved.signatures] == [("赵审", 80), ("钱处", 80)]
    edited = enter(approved, [wrote("I04", "3")], Editing(LIAISON, NOW + 5)).report
    with pytest.raises(Refused, match="annual/signed_page_missing"):
        do(do(edited, Move.SEND).report, Move.REVIEW, LIAISON, signed_by="赵审", **told)
    with pytest.raises(Refused, match="annual/signed_page_kept"):
        detach(edited, 80, Editing(LIAISON, NOW))


def test_a_page_that_is_not_there_or_bears_no_name_is_none() -> None:
    report = at_state(State.REVIEWING)
    with pytest.raises(Refused, match="annual/signed_page_missing"):
        do(report, Move.REVIEW, LIAISON, via=Via.SIGNED_PAGE, signed_by="赵审", attachment_id=80)
    with pytest.raises(Refused, match="annual/signer_missing"):
        do(report, Move.REVIEW, OFFICER, via=Via.PHONE)
    with pytest.raises(Forbidden):
        do(report, Move.REVIEW, LIAISON, via=Via.PHONE, signed_by="赵审")
    with pytest.raises(Forbidden):
        do(report, Move.REVIEW, OFFICER, via=Via.SIGNED_PAGE, signed_by="赵审")


def test_what_came_on_paper_is_recorded_by_an_officer_and_counts_from_its_arrival() -> None:
    told = {"via": Via.PAPER, "findings": None}
    with pytest.raises(Refused, match="annual/nothing_recorded"):
        do(EMPTY, Move.SEND, OFFICER, **told)
    scan = File(72, Purpose.NARRATIVE, "总结扫描件.pdf", "e5" * 32, 5, NOW)
    report = attach(EMPTY, scan, Editing(OFFICER, NOW)).report
    for move in UP_TO_SUBMITTED:
        report = do(
            report, move, OFFICER, signed_by="纸质报告", received_on=date(2026, 11, 28), **told
        ).report
    assert report.state is State.SUBMITTED
    [version] = report.versions
    assert (version.via, version.counts_on) == (Via.PAPER, date(2026, 11, 28))
    with pytest.raises(Refused, match="annual/incomplete"):
        do(report, Move.PASS)


def test_the_copy_that_came_by_post_is_recorded() -> None:
    passed = do(at_state(State.SUBMITTED), Move.PASS).report
    sealed = do(passed, Move.SEAL, OFFICER, via=Via.PAPER).report
    assert sealed.seal is not None
    assert (sealed.seal.via, sealed.seal.by, sealed.seal.attachment_id) == (Via.PAPER, 5, None)
    with pytest.raises(Forbidden):
        do(passed, Move.SEAL, LIAISON, via=Via.PAPER)


@pytest.mark.parametrize("move", [Move.PASS, Move.ACCEPT, Move.RETURN, Move.REFUSE_REVIEW])
def test_the_centres_own_moves_and_refusals_are_made_by_a_press(move: Move) -> None:
    with pytest.raises(Forbidden):
        do(at_state(where(move)), move, OFFICER, via=Via.MAIL)
