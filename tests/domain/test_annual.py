"""The annual report's life (Article 9): the way of it, who may move it, what is demanded; properties."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.annual import SEAL_WORKING_DAYS, Command, decide
from domain.annual_content import Entry, File, Part, Purpose, Source
from domain.annual_editing import Editing, Written, attach, enter
from domain.annual_papers import Period
from domain.annual_report import Move, Outcome, Report, Signing, State
from domain.annual_rules import RULES, moves, offers
from domain.errors import Forbidden, Refused, Stale
from domain.indicators import edition
from domain.people import Actor, Membership, Role
from domain.verification import Discrepancy, verify

ZONE = ZoneInfo("Asia/Shanghai")
EDITION = edition(2026)
BASE = 7


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


def somebody(person_id: int, role: Role, base_id: int | None = None) -> Actor:
    return Actor(person_id, f"{role}甲", (Membership(role, base_id),))


LIAISON = somebody(1, Role.LIAISON, BASE)
DEPUTY = somebody(2, Role.DEPUTY, BASE)
REVIEWER = somebody(3, Role.REVIEWER, BASE)
HEAD = somebody(4, Role.HEAD, BASE)
OFFICER = somebody(5, Role.OFFICER)
NEIGHBOUR = somebody(6, Role.LIAISON, BASE + 1)
AUDITOR = somebody(8, Role.AUDITOR)
NOW = at("2026-12-01T10:00")

WHO = {
    Move.REVIEW: REVIEWER,
    Move.REFUSE_REVIEW: REVIEWER,
    Move.APPROVE: HEAD,
    Move.REFUSE_APPROVAL: HEAD,
    Move.RETURN: OFFICER,
    Move.PASS: OFFICER,
    Move.RESEAL: OFFICER,
    Move.ACCEPT: OFFICER,
}
REMARKED = {Move.RETURN, Move.RESEAL, Move.REFUSE_REVIEW, Move.REFUSE_APPROVAL}
REMARKS = {"I04": "与附表不一致"}


def entry(part: Part, key: str, text: str) -> Entry:
    return Entry(part, key, text, Source.TYPED, 1, NOW)


def complete_entries() -> dict[tuple[Part, str], Entry]:
    figures = [one.code for one in EDITION.indicators if one.required] + [one.code for one in EDITION.duties]
    written = {(Part.FIGURE, code): entry(Part.FIGURE, code, "0") for code in figures}
    prose = {(Part.SECTION, one.key): entry(Part.SECTION, one.key, "略") for one in EDITION.sections}
    return written | prose


PERIOD = Period(date(2025, 12, 1), date(2026, 11, 30))
EMPTY = Report(id=1, base_id=BASE, year=2026, state=State.DRAFT, rev=0, since=NOW, period=PERIOD)
FULL = replace(EMPTY, entries=complete_entries())
PAGE = File(80, Purpose.SIGNED_PAGE, "签字页.jpg", "b2" * 32, 1, NOW)
SEALED_COPY = File(91, Purpose.SEALED, "盖章件.pdf", "a1" * 32, 1, NOW + 90)


def findings(report: Report) -> list[Discrepancy]:
    return verify(report.content.figures, edition=EDITION)


def do(report: Report, move: Move, actor: Actor | None = None, **told: Any) -> Outcome:
    told = {"now": NOW + 1, "findings": findings(report)} | told
    if move in REMARKED:
        told.setdefault("remarks", REMARKS)
    return decide(report, Command(move, actor or WHO.get(move, LIAISON), **told))


def through(report: Report, *path: Move) -> Report:
    for move in path:
        report = do(report, move).report
    return report


UP_TO_SUBMITTED = (Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT)


def at_state(state: State) -> Report:
    """A report that came the whole way to the state."""
    path: Mapping[State, tuple[Move, ...]] = {
        State.DRAFT: (),
        State.REVIEWING: UP_TO_SUBMITTED[:1],
        State.APPROVING: UP_TO_SUBMITTED[:2],
        State.APPROVED: UP_TO_SUBMITTED[:3],
        State.SUBMITTED: UP_TO_SUBMITTED,
        State.RETURNED: (*UP_TO_SUBMITTED, Move.RETURN),
    }
    if state in path:
        return through(FULL, *path[state])
    passed = through(FULL, *UP_TO_SUBMITTED, Move.PASS)
    copied = attach(passed, SEALED_COPY, Editing(LIAISON, NOW + 90)).report
    rest = {State.SEALING: (), State.SEALED: (Move.SEAL,), State.ACCEPTED: (Move.SEAL, Move.ACCEPT)}
    return through(copied, *rest[state])


def where(move: Move) -> State:
    """The first state in which the move is made."""
    return next(state for state in State if state in RULES[move].before)


def wrote(key: str, text: str, part: Part = Part.FIGURE, **told: Any) -> Written:
    return Written(part, key, text, **({"source": Source.TYPED} | told))


# --- the way -----------------------------------------------------------------------------------------------


def test_the_whole_way_from_a_draft_to_acceptance() -> None:
    accepted = at_state(State.ACCEPTED)
    assert accepted.state is State.ACCEPTED
    [version] = accepted.versions
    assert (version.number, version.counts_on, version.by) == (1, date(2026, 12, 1), 1)
    assert {one.signing: (one.name, one.sha256) for one in accepted.signatures} == {
        Signing.REVIEW: (REVIEWER.name, version.sha256),
        Signing.APPROVAL: (HEAD.name, version.sha256),
    }
    assert accepted.seal is not None
    assert accepted.seal.attachment_id == SEALED_COPY.attachment_id


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_a_move_is_made_where_its_rule_allows_and_nowhere_else(move: Move, state: State) -> None:
    report = at_state(state)
    if move is Move.SUBMIT and state is State.SUBMITTED:
        return  # the same twice: told below
    if state in RULES[move].before:
        assert do(report, move).report.rev == report.rev + 1
    else:
        with pytest.raises(Refused, match="annual/not_in_this_state"):
            do(report, move)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("stranger", [NEIGHBOUR, AUDITOR])
def test_nobody_else_moves_it(move: Move, stranger: Actor) -> None:
    report = at_state(where(move))
    with pytest.raises(Forbidden):
        do(report, move, stranger)


@pytest.mark.parametrize(("move", "actor"), [(Move.REVIEW, LIAISON), (Move.APPROVE, REVIEWER)])
def test_nobody_signs_for_another(move: Move, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        do(at_state(where(move)), move, actor)


def test_the_base_does_not_check_itself_and_the_centre_does_not_press_for_the_base() -> None:
    for move, actor in ((Move.PASS, LIAISON), (Move.ACCEPT, HEAD), (Move.SEND, OFFICER)):
        with pytest.raises(Forbidden):
            do(at_state(where(move)), move, actor)


def test_a_page_of_an_earlier_rev_moves_nothing() -> None:
    report = at_state(State.REVIEWING)
    with pytest.raises(Stale) as refused:
        do(report, Move.REVIEW, seen_rev=report.rev - 1)
    assert (refused.value.kind, refused.value.subject_id) == ("annual_report", 1)


def test_the_seal_is_due_on_a_working_day() -> None:
    sealing = at_state(State.SEALING)
    assert SEAL_WORKING_DAYS == 10
    assert sealing.seal_due_on == date(2026, 12, 15)
    assert do(at_state(State.SUBMITTED), Move.PASS, seal_days=3).report.seal_due_on == date(2026, 12, 4)


# --- what is demanded --------------------------------------------------------------------------------------


def test_what_is_incomplete_is_not_sent_to_review_and_everything_missing_is_told_at_once() -> None:
    with pytest.raises(Refused, match="annual/incomplete") as refused:
        do(replace(EMPTY, period=None), Move.SEND)
    missing = refused.value.facts["missing"]
    assert isinstance(missing, tuple)
    assert len(missing) == 1 + 30 + 5 + 7
    assert {"period", "figure:I04", "duty:D01", "section:overview"} <= set(missing)
    assert "section:annex" not in missing


def test_an_error_is_corrected_and_a_question_is_answered() -> None:
    wrong = enter(FULL, [wrote("I05", "1"), wrote("I14", "1")], Editing(LIAISON, NOW)).report
    with pytest.raises(Refused) as refused:
        do(wrong, Move.SEND)
    assert refused.value.facts["missing"] == ("error:R01:I05+I04", "word:R10:I14+I16", "word:R12:I14+I15")
    words = [wrote(key, "无偿转让", Part.EXPLANATION) for key in ("R10:I14+I16", "R12:I14+I15")]
    right = enter(wrong, [wrote("I05", "0"), *words], Editing(LIAISON, NOW)).report
    assert do(right, Move.SEND).report.state is State.REVIEWING


def test_without_findings_nothing_passes_for_verified() -> None:
    with pytest.raises(ValueError, match="without findings"):
        do(FULL, Move.SEND, findings=None)


def test_what_was_changed_last_year_meanwhile_is_found_again_at_submission() -> None:
    report = at_state(State.APPROVED)
    found = verify(report.content.figures, last={"I14": "90"}, edition=EDITION)
    assert found
    with pytest.raises(Refused, match="annual/incomplete"):
        do(report, Move.SUBMIT, findings=found)
    with pytest.raises(Refused, match="annual/incomplete"):
        do(at_state(State.SUBMITTED), Move.PASS, findings=found)


@pytest.mark.parametrize("move", sorted(REMARKED))
def test_nothing_is_sent_back_without_a_word(move: Move) -> None:
    with pytest.raises(Refused, match="annual/remarks_missing"):
        do(at_state(where(move)), move, remarks={"I04": "  "})


def test_without_a_stamped_copy_there_is_none() -> None:
    with pytest.raises(Refused, match="annual/sealed_copy_missing"):
        do(do(at_state(State.SUBMITTED), Move.PASS).report, Move.SEAL)


def test_a_stamped_copy_from_before_it_was_asked_for_does_not_serve() -> None:
    early = attach(at_state(State.SUBMITTED), replace(SEALED_COPY, at=NOW), Editing(LIAISON, NOW)).report
    with pytest.raises(Refused, match="annual/sealed_copy_missing"):
        do(do(early, Move.PASS).report, Move.SEAL)


def test_an_unusable_copy_is_asked_for_again_with_a_new_day() -> None:
    again = do(at_state(State.SEALED), Move.RESEAL, now=NOW + 5 * 86_400_000).report
    assert (again.state, again.seal, again.seal_due_on) == (State.SEALING, None, date(2026, 12, 18))
    assert not again.returned
    with pytest.raises(Refused, match="annual/sealed_copy_missing"):
        do(again, Move.SEAL)


# --- who hears of it, and what is offered ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "heard"),
    [
        (Move.SEND, {"annual/review_asked": {Role.REVIEWER}}),
        (Move.REVIEW, {"annual/approval_asked": {Role.HEAD}}),
        (Move.APPROVE, {"annual/approved": {Role.LIAISON, Role.DEPUTY}}),
        (
            Move.SUBMIT,
            {
                "annual/receipt": {Role.LIAISON, Role.DEPUTY, Role.HEAD},
                "annual/submitted_officer": {Role.OFFICER},
            },
        ),
        (Move.RETURN, {"annual/returned": {Role.LIAISON, Role.DEPUTY}}),
        (Move.PASS, {"annual/passed": {Role.LIAISON, Role.DEPUTY}}),
        (Move.SEAL, {"annual/sealed_officer": {Role.OFFICER}}),
        (Move.ACCEPT, {"annual/accepted": {Role.LIAISON, Role.DEPUTY, Role.HEAD}}),
    ],
)
def test_who_hears_of_a_move(move: Move, heard: dict[str, set[Role]]) -> None:
    outcome = do(at_state(where(move)), move)
    assert {one.template: set(one.to.roles) for one in outcome.notices} == heard
    for notice in outcome.notices:
        assert notice.to.base_id == (None if notice.to.roles == {Role.OFFICER} else BASE)
    told = outcome.told(receipt="HZ-2026-0001").notices
    assert {one.facts["receipt"] for one in told} == {"HZ-2026-0001"}


def test_remarks_are_told_all_at_once() -> None:
    remarks = {"I04": "与附表不一致", "overview": "缺机构名称", "I05": " "}
    [notice] = do(at_state(State.SUBMITTED), Move.RETURN, remarks=remarks).notices
    assert notice.facts["remarks"] == {"I04": "与附表不一致", "overview": "缺机构名称"}


def test_only_what_is_allowed_is_offered() -> None:
    assert moves(at_state(State.SUBMITTED), OFFICER) == (Move.RETURN, Move.PASS)
    assert moves(at_state(State.SUBMITTED), LIAISON) == ()
    rows = offers(at_state(State.REVIEWING), frozenset({Role.REVIEWER}))
    assert [one.op for row in rows for one in row] == ["annual", "annual_review", "annual_refuse_review"]
