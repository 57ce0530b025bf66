"""Whatever is done in whatever order: no acceptance without what it needs, one verdict for one content."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.annual_content import File, Purpose, Source
from domain.annual_editing import Editing, attach, enter
from domain.annual_report import Move, Report, Signing, State, Via
from domain.errors import Refused
from tests.domain.test_annual import (
    DEPUTY,
    EDITION,
    EMPTY,
    FULL,
    HEAD,
    LIAISON,
    NEIGHBOUR,
    NOW,
    OFFICER,
    PAGE,
    REVIEWER,
    SEALED_COPY,
    do,
    wrote,
)

ACTORS = [LIAISON, DEPUTY, REVIEWER, HEAD, OFFICER, NEIGHBOUR]
steps = st.one_of(
    st.tuples(st.sampled_from(Move), st.sampled_from(ACTORS), st.sampled_from(Via)),
    st.tuples(st.sampled_from(["0", "3"]), st.sampled_from(ACTORS), st.none()),
    st.tuples(st.sampled_from([PAGE, SEALED_COPY]), st.sampled_from(ACTORS), st.none()),
    # the right person at the right time, so that the end is reached now and then
    st.tuples(st.just("on"), st.none(), st.none()),
)
ON = {
    State.DRAFT: Move.SEND,
    State.RETURNED: Move.SEND,
    State.REVIEWING: Move.REVIEW,
    State.APPROVING: Move.APPROVE,
    State.APPROVED: Move.SUBMIT,
    State.SUBMITTED: Move.PASS,
    State.SEALING: Move.SEAL,
    State.SEALED: Move.ACCEPT,
}


def walked(report: Report, told: tuple[Any, Any, Any], now: int) -> Report:
    what, actor, via = told
    if what == "on":
        what, actor, via = ON.get(report.state, Move.ACCEPT), None, Via.PRESS
    try:
        if isinstance(what, File):
            return attach(report, replace(what, at=now, attachment_id=now), Editing(actor, now)).report
        if not isinstance(what, Move):
            source = Source.RECORDED if actor is OFFICER else Source.TYPED
            return enter(report, [wrote("I04", what, source=source)], Editing(actor, now)).report
        pages = [one.attachment_id for one in report.files if one.purpose is Purpose.SIGNED_PAGE]
        page = pages[-1] if pages and via is Via.SIGNED_PAGE else None
        return do(report, what, actor, now=now, via=via, signed_by="赵审", attachment_id=page).report
    except Refused:
        return report


@settings(deadline=None)
@given(st.lists(steps, max_size=40))
def test_no_path_reaches_acceptance_without_both_signatures_and_the_sealed_copy(path: list[Any]) -> None:
    report = FULL
    for n, told in enumerate(path, 1):
        after = walked(report, told, NOW + n)
        assert after.rev >= report.rev
        assert after.versions[: len(report.versions)] == report.versions
        report = after
        if report.state in {State.SUBMITTED, State.SEALING, State.SEALED, State.ACCEPTED}:
            signed = {one.signing for one in report.signatures if one.sha256 == report.versions[-1].sha256}
            assert signed == set(Signing)
            assert report.versions[-1].sha256 == report.content.sha256
        if report.state in {State.SEALED, State.ACCEPTED}:
            assert report.seal is not None
            assert report.seal.at > report.versions[-1].at
            assert report.seal.attachment_id is not None or report.seal.by == OFFICER.person_id
    assert [one.number for one in report.versions] == list(range(1, len(report.versions) + 1))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(one.code for one in EDITION.indicators)),
        st.sampled_from(["0", "1", "12", "", "约3"]),
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_entry_never_changes_the_verdict(figures: dict[str, str], random: Any) -> None:
    first = [wrote(code, text) for code, text in figures.items()]
    second = list(first)
    random.shuffle(second)
    one, other = EMPTY, enter(EMPTY, [wrote("I04", "9")], Editing(LIAISON, NOW)).report
    other = enter(other, [wrote("I04", "")], Editing(LIAISON, NOW)).report
    for written in first:
        one = enter(one, [written], Editing(LIAISON, NOW)).report
    other = enter(other, second, Editing(LIAISON, NOW + 1)).report
    assert one.content.sha256 == other.content.sha256
    assert verdict(one) == verdict(other)


def verdict(report: Report) -> object:
    try:
        return do(report, Move.SEND).report.state
    except Refused as refused:
        return (refused.template, refused.facts)
