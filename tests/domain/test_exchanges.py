"""Exchanges (Article 8): whose turn it is, what stays, and when the next is due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Action, may
from domain.errors import Forbidden, Refused, Stale
from domain.exchange_cadence import MONTHS, NONE, Cadence, Change, change, months_after
from domain.exchanges import (
    OPEN,
    RULES,
    Command,
    Exchange,
    Move,
    Plan,
    Record,
    Side,
    State,
    Way,
    Whose,
    decide,
    moves,
    side_of,
)
from domain.people import Actor, Membership, Role
from domain.requests import Source

TODAY = date(2026, 12, 3)
LIAISON = Actor(1, "林知行", (Membership(Role.LIAISON, 1),))
HEAD = Actor(2, "负责人", (Membership(Role.HEAD, 1),))
STRANGER = Actor(3, "蒋晓岚", (Membership(Role.LIAISON, 2),))
OFFICER = Actor(4, "周明远", (Membership(Role.OFFICER, None),))
AUDITOR = Actor(5, "监督", (Membership(Role.AUDITOR, None),))
PEOPLE = (LIAISON, HEAD, STRANGER, OFFICER, AUDITOR)
PLAN = Plan(regular=True, planned_on=TODAY + timedelta(days=3), way=Way.TALK, purpose="建设进度")
RECORD = Record(TODAY, Way.TALK, "林知行、周明远", "建设进度", "年内完成")
PLANNED = Exchange(1, 1, regular=True, state=State.PLANNED, rev=0, changed_at=0, plan=PLAN)
TELLING = frozenset({Move.RECORD, Move.CORRECT})


def made(exchange: Exchange, move: Move, actor: Actor, source: Source | None = None) -> Exchange:
    command = Command(move, actor, exchange.changed_at + 1, exchange.rev, source)
    return decide(
        exchange,
        command,
        TODAY,
        planned_on=TODAY if move is Move.MOVE else None,
        record=RECORD if move in TELLING else None,
    )


@pytest.mark.parametrize(("recorder", "other"), [(LIAISON, OFFICER), (OFFICER, LIAISON)])
def test_either_side_records_and_the_other_confirms(recorder: Actor, other: Actor) -> None:
    recorded = made(PLANNED, Move.RECORD, recorder)
    assert recorded.waits_for is side_of(other)
    with pytest.raises(Forbidden):
        made(recorded, Move.CONFIRM, recorder)
    confirmed = made(recorded, Move.CONFIRM, other)
    assert (confirmed.state, confirmed.waits_for) == (State.CONFIRMED, None)


def test_what_is_disputed_waits_for_whoever_recorded_it_and_is_a_version_when_corrected() -> None:
    disputed = made(made(PLANNED, Move.RECORD, LIAISON), Move.DISPUTE, OFFICER)
    assert disputed.waits_for is Side.BASE
    with pytest.raises(Forbidden):
        made(disputed, Move.CORRECT, OFFICER)
    corrected = made(disputed, Move.CORRECT, LIAISON)
    assert (corrected.state, corrected.version, corrected.recorded_by) == (State.RECORDED, 2, Side.BASE)


def test_an_officer_confirms_for_the_base_with_a_source_and_nobody_of_the_base_does() -> None:
    recorded = made(PLANNED, Move.RECORD, OFFICER)
    assert made(recorded, Move.CONFIRM, OFFICER, Source.PHONE).state is State.CONFIRMED
    with pytest.raises(Forbidden):
        made(recorded, Move.CONFIRM, LIAISON, Source.PHONE)


def test_a_page_that_shows_it_otherwise_moves_nothing() -> None:
    with pytest.raises(Stale):
        decide(PLANNED, Command(Move.CANCEL, LIAISON, 1, seen_rev=7), TODAY)


def test_it_is_planned_for_no_day_gone_by_and_recorded_for_no_day_to_come() -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    with pytest.raises(Refused) as past:
        decide(PLANNED, Command(Move.MOVE, LIAISON, 1, 0), TODAY, planned_on=yesterday)
    assert past.value.template == "fields/not_before"
    with pytest.raises(Refused) as ahead:
        decide(PLANNED, Command(Move.RECORD, LIAISON, 1, 0), TODAY, record=replace(RECORD, held_on=tomorrow))
    assert ahead.value.template == "fields/not_after"


@given(st.lists(st.tuples(st.sampled_from(list(RULES)), st.sampled_from(PEOPLE)), max_size=12))
def test_however_people_press_nobody_confirms_their_own_record_and_what_is_settled_stays(
    presses: list[tuple[Move, Actor]],
) -> None:
    exchange = PLANNED
    for move, actor in presses:
        offered = moves(exchange, actor)
        try:
            after = made(exchange, move, actor)
        except (Forbidden, Stale):
            assert move not in offered
            continue
        assert move in offered
        assert exchange.state in OPEN
        assert may(actor, Action.EXCHANGE_KEEP, exchange.base_id)
        assert after.rev == exchange.rev + 1
        assert after.version - exchange.version == (move in TELLING)
        if RULES[move].whose is Whose.OTHER:
            assert side_of(actor) is not exchange.recorded_by
        assert (after.record is None) == (after.version == 0)
        exchange = after


# --- how often --------------------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
CADENCES = st.builds(
    Cadence,
    base_id=st.just(1),
    months=st.sampled_from((*MONTHS, NONE)),
    since_on=DAYS,
    held_on=st.none() | DAYS,
    planned_on=st.none() | DAYS,
    open_id=st.none() | st.just(9),
    open_due_on=DAYS,
)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2026-12-02", 12, "2027-12-02"),
        ("2026-12-02", 1, "2027-01-02"),
    ],
)
def test_the_same_day_of_a_later_month(day: str, months: int, later: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(later)


@given(CADENCES)
def test_the_next_is_due_after_the_last_and_not_while_one_is_arranged(one: Cadence) -> None:
    if one.months == NONE or one.planned_on is not None:
        assert one.due_on is None
        return
    last = max(one.since_on, one.held_on or one.since_on)
    assert one.due_on is not None
    assert timedelta(days=28 * one.months) <= one.due_on - last <= timedelta(days=31 * one.months)


@given(CADENCES)
def test_a_duty_that_was_brought_up_to_date_is_left_alone(one: Cadence) -> None:
    settled = replace(one, open_id=None if one.due_on is None else 9, open_due_on=one.due_on)
    assert change(settled) is Change.NOTHING
    if one.open_id is not None and one.open_due_on != one.due_on:
        assert change(one) is not Change.NOTHING


def test_a_duty_is_met_by_an_exchange_and_replaced_by_another_cadence() -> None:
    stands = Cadence(1, 3, date(2026, 9, 1), open_id=9, open_due_on=date(2026, 12, 1))
    assert change(replace(stands, held_on=date(2026, 11, 20))) is Change.MET
    assert change(replace(stands, planned_on=date(2026, 11, 20))) is Change.MET
    assert change(replace(stands, months=6)) is Change.REPLACED
    assert change(replace(stands, months=NONE)) is Change.REPLACED
