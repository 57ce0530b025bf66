"""What is entered and attached, when it is open, and what is put right after acceptance."""

from dataclasses import replace
from datetime import date

import pytest

from domain.annual_content import File, Part, Purpose, Source
from domain.annual_editing import Editing, attach, detach, enter, fix_period, revise
from domain.annual_papers import Period
from domain.annual_report import EDITABLE, Move, State
from domain.errors import Forbidden, Refused, Stale
from tests.domain.test_annual import (
    DEPUTY,
    EMPTY,
    FULL,
    LIAISON,
    NEIGHBOUR,
    NOW,
    OFFICER,
    PERIOD,
    REVIEWER,
    SEALED_COPY,
    at_state,
    do,
    wrote,
)


@pytest.mark.parametrize("state", State)
def test_the_content_is_open_until_it_is_submitted_and_when_it_is_returned(state: State) -> None:
    report = at_state(state)
    if state in EDITABLE:
        assert enter(report, [wrote("I04", "2")], Editing(LIAISON, NOW)).report.rev == report.rev + 1
    else:
        with pytest.raises(Refused, match="annual/not_editable"):
            enter(report, [wrote("I04", "2")], Editing(LIAISON, NOW))


def test_an_entry_is_kept_as_it_was_written_and_an_empty_one_takes_it_back() -> None:
    report = enter(EMPTY, [wrote("I04", " 1,2３4 ")], Editing(LIAISON, NOW)).report
    assert report.content.figures == {"I04": " 1,2３4 "}
    assert enter(report, [wrote("I04", "")], Editing(LIAISON, NOW)).report.content == EMPTY.content


def test_a_figure_that_cannot_be_seen_is_missing() -> None:
    report = enter(FULL, [wrote("I04", "\u3000\u200b")], Editing(LIAISON, NOW)).report
    with pytest.raises(Refused) as refused:
        do(report, Move.SEND)
    assert refused.value.facts["missing"] == ("figure:I04",)


def test_a_proposal_is_put_right_with_a_reason() -> None:
    with pytest.raises(Refused, match="annual/reason_missing"):
        enter(EMPTY, [wrote("I04", "2", source=Source.CORRECTED, reason=" ")], Editing(LIAISON, NOW))
    kept = enter(
        EMPTY, [wrote("I04", "2", source=Source.CORRECTED, reason="含联合申请")], Editing(LIAISON, NOW)
    )
    assert kept.entries[0].reason == "含联合申请"


def test_what_an_officer_enters_is_marked_and_nobody_else_may_mark_so() -> None:
    for actor, source in (
        (OFFICER, Source.TYPED),
        (LIAISON, Source.RECORDED),
        (LIAISON, Source.REVISED),
        (REVIEWER, Source.TYPED),
        (NEIGHBOUR, Source.TYPED),
    ):
        with pytest.raises(Forbidden):
            enter(EMPTY, [wrote("I04", "2", source=source, reason="电话")], Editing(actor, NOW))
    [kept] = enter(EMPTY, [wrote("I04", "2", source=Source.RECORDED)], Editing(OFFICER, NOW)).entries
    assert (kept.source, kept.by) == (Source.RECORDED, 5)


def test_of_two_at_once_the_second_sees_the_page_anew() -> None:
    first = enter(EMPTY, [wrote("I04", "2")], Editing(LIAISON, NOW, seen_rev=0)).report
    with pytest.raises(Stale):
        enter(first, [wrote("I04", "3")], Editing(DEPUTY, NOW, seen_rev=0))


def test_evidence_is_content_and_the_same_file_is_attached_once() -> None:
    evidence = File(70, Purpose.EVIDENCE, "合同.xlsx", "c3" * 32, 1, NOW)
    editing = Editing(LIAISON, NOW)
    attached = attach(FULL, evidence, editing)
    assert attached.report.content != FULL.content
    assert attach(attached.report, evidence, editing).files == ()
    assert detach(attached.report, 70, editing).report.content == FULL.content
    assert detach(FULL, 70, editing).detached == ()
    with pytest.raises(Refused, match="annual/not_editable"):
        attach(at_state(State.SUBMITTED), evidence, editing)
    with pytest.raises(Refused, match="annual/not_editable"):
        attach(at_state(State.ACCEPTED), SEALED_COPY, editing)


def test_one_document_may_stand_for_the_sections() -> None:
    figures = {key: one for key, one in FULL.entries.items() if key[0] is Part.FIGURE}
    bare = replace(FULL, entries=figures)
    with pytest.raises(Refused, match="annual/incomplete"):
        do(bare, Move.SEND)
    narrative = File(71, Purpose.NARRATIVE, "总结.docx", "d4" * 32, 1, NOW)
    told = attach(bare, narrative, Editing(LIAISON, NOW)).report
    assert do(told, Move.SEND).report.state is State.REVIEWING


def test_last_years_figure_is_put_right_with_a_trace() -> None:
    accepted = at_state(State.ACCEPTED)
    outcome = revise(accepted, "I04", "5", "授权公告日有误", Editing(LIAISON, NOW + 9))
    [kept] = outcome.entries
    assert (kept.source, kept.reason, kept.text) == (Source.REVISED, "授权公告日有误", "5")
    assert outcome.report.state is State.ACCEPTED
    assert outcome.report.versions == accepted.versions
    with pytest.raises(Refused, match="annual/reason_missing"):
        revise(accepted, "I04", "5", " ", Editing(OFFICER, NOW))
    with pytest.raises(Refused, match="annual/not_in_this_state"):
        revise(at_state(State.SEALED), "I04", "5", "误", Editing(LIAISON, NOW))
    with pytest.raises(Forbidden):
        revise(accepted, "I04", "5", "误", Editing(NEIGHBOUR, NOW))


def test_the_centre_fixes_a_period_that_ends_in_the_year() -> None:
    assert fix_period(PERIOD, 2026, OFFICER) is PERIOD
    with pytest.raises(Forbidden):
        fix_period(PERIOD, 2026, LIAISON)
    for wrong in (Period(PERIOD.cut_off, PERIOD.first), replace(PERIOD, cut_off=date(2027, 1, 1))):
        with pytest.raises(Refused, match="annual/no_period_of_the_year"):
            fix_period(wrong, 2026, OFFICER)
