"""What is owed, and the reminders planned for it; properties with hypothesis."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.errors import Forbidden, Stale
from domain.obligations import (
    INCOMPLETE,
    Move,
    Obligation,
    Owed,
    Planned,
    State,
    Why,
    decide,
    expect,
    hindrance,
    moves,
    next_instant,
    plan,
    report_due,
    season,
)
from domain.people import Actor, Membership, Role

CALENDAR = Calendar()
steady = settings(deadline=None)  # a library is loaded within an example, on a machine that may be busy
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


MADE = at("2026-01-05T09:00")
OPEN = Obligation(
    id=1,
    kind="annual_report",
    year=2026,
    base_id=1,
    person_id=None,
    due_on=date(2026, 12, 15),
    state=State.OPEN,
    rev=0,
    created_at=MADE,
    changed_at=MADE,
)
OWED = Owed(OPEN, ((Role.LIAISON, 5), (Role.DEPUTY, 6), (Role.HEAD, 7)), officers=(9,))
LIAISON = Actor(5, "林知行", (Membership(Role.LIAISON, 1),))
OFFICER = Actor(9, "周明远", (Membership(Role.OFFICER, None),))
END = at("2026-12-31T00:00")


def keys(planned: list[Planned]) -> list[str | None]:
    return [one.notice.key for one in planned]


def test_the_whole_ladder_of_a_base() -> None:
    assert keys(plan([OWED], END, CALENDAR)) == [
        "annual_report:2026:T-30:calls:person 9",
        "annual_report:2026:base 1:T-30:person 5",
        "annual_report:2026:T-7:calls:person 9",
        "annual_report:2026:base 1:T-7:person 5",
        "annual_report:2026:base 1:T-7:person 6",
        "annual_report:2026:T-1:calls:person 9",
        "annual_report:2026:base 1:T-1:person 5",
        "annual_report:2026:base 1:T-1:person 6",
        "annual_report:2026:base 1:overdue:person 5",
        "annual_report:2026:base 1:overdue:person 6",
        "annual_report:2026:overdue:calls:person 9",
    ]


def test_an_officer_gets_one_list_for_all_bases() -> None:
    other = replace(OWED, obligation=replace(OPEN, id=2, base_id=2), people=((Role.LIAISON, 15),))
    calls = [key for key in keys(plan([OWED, other], END, CALENDAR)) if key and "calls" in key]
    assert len(calls) == len(set(calls)) == 4


def test_a_person_may_owe_something_themselves() -> None:
    own = Owed(replace(OPEN, base_id=None, person_id=5))
    assert keys(plan([own], END, CALENDAR))[0] == "annual_report:2026:person 5:T-30:person 5"


def test_nothing_is_planned_for_what_was_past_when_the_obligation_was_made() -> None:
    made = at("2026-11-25T09:00")
    late = replace(OWED, obligation=replace(OPEN, created_at=made), officers=())
    assert [key for key in keys(plan([late], END, CALENDAR)) if key and "T-30" in key] == []


def test_a_reminder_that_may_wait_is_said_before_a_vacation_and_an_urgent_one_within_it() -> None:
    away = replace(OWED, vacations=((date(2026, 12, 5), date(2026, 12, 31)),))
    due = {one.notice.key: CALENDAR.today(one.due_at) for one in plan([away], END, CALENDAR)}
    assert due["annual_report:2026:base 1:T-7:person 5"] == date(2026, 12, 4)
    assert due["annual_report:2026:base 1:T-1:person 5"] == date(2026, 12, 14)


instants = st.integers(MADE, at("2027-02-01T00:00"))
owed_lists = st.lists(
    st.builds(
        lambda n, state, made, people, officers: Owed(
            replace(OPEN, id=n, base_id=n, state=state, created_at=made),
            tuple((role, person) for role, person in people),
            tuple(officers),
        ),
        st.integers(1, 6),
        st.sampled_from(State),
        instants,
        st.lists(
            st.tuples(st.sampled_from([Role.LIAISON, Role.DEPUTY, Role.HEAD]), st.integers(1, 9)), max_size=4
        ),
        st.lists(st.integers(20, 22), unique=True, max_size=2),
    ),
    max_size=5,
    unique_by=lambda owed: owed.obligation.base_id,
)


@steady
@given(owed_lists, instants)
def test_planning_again_adds_nothing(owed: list[Owed], now: int) -> None:
    planned = plan(owed, now, CALENDAR)
    assert len(set(keys(planned))) == len(planned)
    assert plan(list(reversed(owed)), now, CALENDAR) == planned


@steady
@given(owed_lists, st.lists(instants, min_size=1, max_size=12))
def test_the_clock_in_any_steps_plans_what_one_step_plans(owed: list[Owed], ticks: list[int]) -> None:
    """Who ticks often has stored the same notices, at the same hours, as who ticks once at the end."""
    stored: dict[str | None, Planned] = {}
    for now in sorted(ticks):
        for planned in plan(owed, now, CALENDAR):
            stored.setdefault(planned.notice.key, planned)
    assert stored == {one.notice.key: one for one in plan(owed, max(ticks), CALENDAR)}


@steady
@given(owed_lists, instants)
def test_nothing_is_planned_for_what_is_complete(owed: list[Owed], now: int) -> None:
    complete = {o.obligation.base_id for o in owed if o.obligation.state not in INCOMPLETE}
    subjects = {one.notice.subject.id for one in plan(owed, now, CALENDAR) if one.notice.subject}
    assert subjects.isdisjoint(complete)


@steady
@given(owed_lists, instants)
def test_the_next_instant_is_that_of_the_next_reminder(owed: list[Owed], now: int) -> None:
    later = [one.due_at for one in plan(owed, END * 2, CALENDAR) if one.due_at > now]
    assert next_instant(owed, now, CALENDAR) == min(later, default=None)


@steady
@given(
    st.sampled_from(State),
    st.sampled_from(OPEN.ladder.steps),
    st.integers(1, 9),
    st.booleans(),
    st.booleans(),
)
def test_a_base_hears_nothing_once_it_is_complete(
    state: State, step: object, person: int, active: bool, reachable: bool
) -> None:
    owed = replace(OWED, obligation=replace(OPEN, state=state))
    ladder_step = next(s for s in OPEN.ladder.steps if s is step)
    why = hindrance(owed, ladder_step, person, CALENDAR, MADE, active=active, reachable=reachable)
    sent = state is State.OPEN and active and reachable and person in owed.told(ladder_step)
    assert (why is None) == sent


def test_what_may_wait_is_not_said_in_a_vacation() -> None:
    step, urgent = OPEN.ladder.step("T-7"), OPEN.ladder.step("T-1")
    now = at("2026-12-08T09:00")
    away = replace(OWED, vacations=((date(2026, 12, 5), date(2026, 12, 31)),))
    assert hindrance(away, step, 5, CALENDAR, now, active=True, reachable=True) is Why.VACATION
    assert hindrance(away, urgent, 5, CALENDAR, now, active=True, reachable=True) is None


def test_claimed_received_and_taken_back() -> None:
    claimed = decide(OPEN, Move.CLAIM, LIAISON, 0, MADE + 1)
    assert (claimed.state, claimed.rev, claimed.changed_at) == (State.CLAIMED, 1, MADE + 1)
    received = decide(claimed, Move.RECEIVE, OFFICER, 1, MADE + 2)
    assert received.state is State.RECEIVED
    assert decide(received, Move.REOPEN, OFFICER, 2, MADE + 3).state is State.OPEN


def test_only_the_centre_receives_and_only_the_base_claims() -> None:
    with pytest.raises(Forbidden):
        decide(OPEN, Move.RECEIVE, LIAISON, 0, MADE)
    with pytest.raises(Forbidden):
        decide(OPEN, Move.CLAIM, OFFICER, 0, MADE)
    with pytest.raises(Forbidden):
        decide(replace(OPEN, base_id=2), Move.CLAIM, LIAISON, 0, MADE)


def test_a_press_on_an_old_page_is_stale() -> None:
    with pytest.raises(Stale):
        decide(replace(OPEN, rev=3), Move.RECEIVE, OFFICER, 2, MADE)
    with pytest.raises(Stale):
        decide(replace(OPEN, state=State.RECEIVED), Move.RECEIVE, OFFICER, 0, MADE)


def test_what_each_side_is_offered() -> None:
    assert moves(OPEN, LIAISON) == (Move.CLAIM,)
    assert moves(OPEN, OFFICER) == (Move.RECEIVE, Move.WAIVE)
    assert moves(replace(OPEN, state=State.CLAIMED), OFFICER) == (Move.RECEIVE, Move.WAIVE, Move.REOPEN)
    assert moves(replace(OPEN, state=State.RECEIVED), OFFICER) == (Move.REOPEN,)
    assert moves(OPEN, Actor(3, "审计", (Membership(Role.AUDITOR, None),))) == ()


def test_the_year_that_is_spoken_of() -> None:
    assert report_due(date(2026, 12, 16)) == date(2027, 12, 15)
    assert season(date(2026, 12, 16)) == 2026
    assert season(date(2027, 2, 1)) == 2026
    assert season(date(2027, 2, 1) + timedelta(days=160)) == 2027


def test_a_base_names_the_day_while_nothing_has_arrived() -> None:
    named = expect(OPEN, LIAISON, "2026-12-20", MADE + 1)
    assert (named.expected_on, named.rev, named.state) == ("2026-12-20", 1, State.OPEN)
    with pytest.raises(Forbidden):
        expect(OPEN, OFFICER, "2026-12-20", MADE)
    with pytest.raises(Stale):
        expect(replace(OPEN, state=State.RECEIVED), LIAISON, "2026-12-20", MADE)
