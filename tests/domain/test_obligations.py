"""What is owed, and the reminders planned for it; properties with hypothesis."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.errors import Forbidden, Refused, Stale
from domain.ladders import Stage, ladder
from domain.obligations import (
    INCOMPLETE,
    Extension,
    Move,
    Obligation,
    Owed,
    Planned,
    Standing,
    State,
    Why,
    by_hand_notice,
    decide,
    expect,
    extend,
    hindrance,
    hindrance_by_hand,
    moves,
    next_instant,
    plan,
    report_due,
    season,
)
from domain.people import BASE_ROLES, Actor, Membership, Role
from messages.manifest import TEMPLATES

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


# --- by the stage of the work -----------------------------------------------------------------------------

BEGUN = at("2026-11-20T15:00")


def standing(stage: Stage, **told: object) -> Owed:
    return replace(OWED, standing=Standing(stage, **({"since": BEGUN} | told)))  # type: ignore[arg-type]


def said(owed: Owed) -> list[tuple[str, str]]:
    """The steps that the liaison hears, and their days."""
    mine = [one for one in plan([owed], END * 2, CALENDAR) if one.notice.to.person_id == 5]
    return [(str(one.notice.facts["step"]), CALENDAR.today(one.due_at).isoformat()) for one in mine]


BEFORE_T = [("T-7", "2026-12-08"), ("T-3", "2026-12-11"), ("T-1", "2026-12-14"), ("overdue", "2026-12-16")]


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.IN_REVIEW, Stage.REVIEWED])
def test_what_has_begun_is_spoken_of_nearer_to_the_day(stage: Stage) -> None:
    assert said(standing(stage)) == BEFORE_T


def test_the_reviewer_and_the_head_hear_while_it_lies_with_them() -> None:
    owed = replace(standing(Stage.IN_REVIEW), people=(*OWED.people, (Role.REVIEWER, 8)))
    told = {one.notice.to.person_id for one in plan([owed], END, CALENDAR)}
    assert {7, 8} <= told


def test_what_was_returned_counts_from_its_return() -> None:
    returned = standing(Stage.RETURNED, since=at("2026-12-18T16:00"))
    assert said(returned) == [
        ("returned+3", "2026-12-21"),
        ("returned+7", "2026-12-25"),
        ("returned+14", "2027-01-04"),  # 1 to 3 January are a holiday
    ]
    again = standing(Stage.RETURNED, since=at("2026-12-28T16:00"))
    assert set(keys(plan([returned], END * 2, CALENDAR))).isdisjoint(keys(plan([again], END * 2, CALENDAR)))


def test_a_missing_seal_counts_from_the_day_of_the_seal() -> None:
    assert said(standing(Stage.SEAL_MISSING, seal_by=date(2026, 12, 30))) == [
        ("seal-3", "2026-12-25"),
        ("seal-0", "2026-12-30"),
        ("seal+3", "2027-01-04"),
    ]


def test_what_lies_with_the_centre_reminds_nobody() -> None:
    assert plan([standing(Stage.WITH_CENTRE)], END * 2, CALENDAR) == []


def test_nothing_is_said_of_a_stage_for_an_hour_before_it_began() -> None:
    late = standing(Stage.DRAFT, since=at("2026-12-08T10:00"))
    assert said(late) == BEFORE_T[1:]


def test_a_step_that_was_planned_in_one_stage_is_said_in_another_once() -> None:
    ahead, begun = keys(plan([OWED], END, CALENDAR)), keys(plan([standing(Stage.DRAFT)], END, CALENDAR))
    assert "annual_report:2026:base 1:T-7:person 5" in set(ahead) & set(begun)
    planned = OPEN.ladder.step("T-7")
    now_said = standing(Stage.DRAFT).step("T-7")
    assert now_said is not None
    assert (planned.template, now_said.template) == ("reports/nudge", "reports/nudge_draft")
    now = at("2026-12-08T09:00")
    draft, with_centre = standing(Stage.DRAFT), standing(Stage.WITH_CENTRE)
    assert hindrance(draft, planned, 5, CALENDAR, now, active=True, reachable=True) is None
    assert hindrance(with_centre, planned, 5, CALENDAR, now, active=True, reachable=True) is Why.MOVED_ON
    first = OPEN.ladder.step("T-30")
    assert hindrance(draft, first, 5, CALENDAR, now, active=True, reachable=True) is Why.MOVED_ON


def test_an_extension_moves_the_whole_ladder_and_what_was_planned_before_it_is_dropped() -> None:
    until = date(2026, 12, 25)
    put_off = standing(Stage.NOT_STARTED, since=0, until=until, extended_at=at("2026-12-10T10:00"))
    assert said(put_off) == [("T-7", "2026-12-18"), ("T-1", "2026-12-24"), ("overdue", "2026-12-28")]
    assert "annual_report:2026:base 1:T-1@2026-12-25:person 5" in keys(plan([put_off], END, CALENDAR))
    step, now = OPEN.ladder.step("T-1"), at("2026-12-14T09:00")
    told = {"active": True, "reachable": True}
    assert hindrance(put_off, step, 5, CALENDAR, now, **told) is Why.ANOTHER_DAY
    assert hindrance(put_off, step, 5, CALENDAR, now, own_day="2026-12-25", **told) is None
    assert hindrance(OWED, step, 5, CALENDAR, now, own_day="2026-12-25", **told) is Why.ANOTHER_DAY


def test_bases_that_were_put_off_alike_share_a_list_of_calls_and_others_have_their_own() -> None:
    until = standing(Stage.NOT_STARTED, since=0, until=date(2026, 12, 25))
    other = replace(until, obligation=replace(OPEN, id=2, base_id=2))
    third = replace(OWED, obligation=replace(OPEN, id=3, base_id=3))
    calls = [key for key in keys(plan([until, other, third], END, CALENDAR)) if key and "calls" in key]
    assert len(calls) == 8
    assert len({key for key in calls if "@2026-12-25" in key}) == 4


def test_an_own_day_of_one_base_makes_no_list_of_calls() -> None:
    for owed in (standing(Stage.RETURNED), standing(Stage.SEAL_MISSING, seal_by=date(2026, 12, 30))):
        assert not any("calls" in str(key) for key in keys(plan([owed], END * 2, CALENDAR)))


stages = st.builds(
    Standing,
    st.sampled_from(Stage),
    st.one_of(st.just(0), instants),
    st.sampled_from([None, date(2026, 12, 25), date(2027, 1, 15)]),
    st.one_of(st.just(0), instants),
    st.just(date(2026, 12, 30)),
)


@steady
@given(owed_lists, stages, st.lists(instants, min_size=1, max_size=12))
def test_in_every_stage_the_clock_in_any_steps_plans_what_one_step_plans(
    owed: list[Owed], now_at: Standing, ticks: list[int]
) -> None:
    at_stage = [replace(one, standing=now_at) for one in owed]
    stored: dict[str | None, Planned] = {}
    for now in sorted(ticks):
        for planned in plan(at_stage, now, CALENDAR):
            stored.setdefault(planned.notice.key, planned)
    assert stored == {one.notice.key: one for one in plan(at_stage, max(ticks), CALENDAR)}


@steady
@given(stages, st.booleans())
def test_what_was_planned_in_a_stage_may_be_said_in_it(now_at: Standing, vacation: bool) -> None:
    away = ((date(2026, 12, 1), date(2027, 2, 20)),) if vacation else ()
    owed = replace(OWED, standing=now_at, vacations=away)
    for one in plan([owed], END * 2, CALENDAR):
        if one.notice.template == "reports/calls":
            continue
        step = owed.step(str(one.notice.facts["step"]))
        own_day = one.notice.facts.get("own_day")
        assert step is not None
        assert own_day is None or isinstance(own_day, str)
        told = {"active": True, "reachable": True, "own_day": own_day}
        why = hindrance(owed, step, one.notice.to.person_id or 0, CALENDAR, one.due_at, **told)  # type: ignore[arg-type]
        assert why is None or (vacation and not step.urgent and why is Why.VACATION)


def test_what_was_returned_or_lacks_the_seal_is_put_off_from_where_it_is() -> None:
    until, granted = date(2026, 12, 30), at("2026-12-18T10:00")
    sealing = standing(
        Stage.SEAL_MISSING, since=BEGUN, seal_by=date(2026, 12, 21), until=until, extended_at=granted
    )
    assert said(sealing)[0] == ("seal-3", "2026-12-25")
    returned = standing(Stage.RETURNED, since=BEGUN, until=until, extended_at=granted)
    assert said(returned)[-1] == ("returned+14", "2027-01-13")
    before = standing(Stage.RETURNED, since=granted + 1, until=until, extended_at=granted)
    assert said(before)[0] == ("returned+3", "2026-12-21")


# --- by hand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
def test_by_hand_a_base_is_told_in_the_words_of_its_stage_or_left_in_peace(stage: Stage) -> None:
    step = standing(stage).by_hand(date(2026, 12, 1))
    assert (step is None) == (stage is Stage.WITH_CENTRE)
    if step is not None:
        assert step.template == OPEN.ladder.of(stage)[0].template
        assert {Role.LIAISON, Role.DEPUTY} <= step.roles


def test_by_hand_what_is_late_is_told_as_late_and_what_was_put_off_is_not() -> None:
    late = date(2026, 12, 16)
    overdue = OWED.by_hand(late)
    assert overdue is not None
    assert overdue.template == "reports/overdue"
    put_off = replace(OWED, standing=Standing(until=date(2026, 12, 25))).by_hand(late)
    assert put_off is not None
    assert put_off.template == "reports/nudge"


def test_by_hand_a_person_is_told_once_a_day() -> None:
    today, tomorrow = date(2026, 12, 1), date(2026, 12, 2)
    first, again = by_hand_notice(OWED, 5, today), by_hand_notice(standing(Stage.DRAFT), 5, today)
    assert first.key == again.key
    assert len({first.key, by_hand_notice(OWED, 6, today).key, by_hand_notice(OWED, 5, tomorrow).key}) == 3
    with pytest.raises(ValueError, match="not to be reminded"):
        by_hand_notice(standing(Stage.WITH_CENTRE), 5, today)


@pytest.mark.parametrize(
    ("owed", "person", "why"),
    [
        (OWED, 5, None),
        (OWED, 7, Why.NOT_IN_OFFICE),
        (replace(OWED, obligation=replace(OPEN, state=State.RECEIVED)), 5, Why.RECEIVED),
        (replace(OWED, obligation=replace(OPEN, state=State.CLAIMED)), 5, Why.CLAIMED),
        (replace(OWED, standing=Standing(Stage.WITH_CENTRE)), 5, Why.MOVED_ON),
    ],
)
def test_by_hand_it_is_looked_at_once_more_before_it_is_said(
    owed: Owed, person: int, why: Why | None
) -> None:
    told = {"active": True, "reachable": True}
    assert hindrance_by_hand(owed, person, date(2026, 12, 1), **told) is why


@pytest.mark.parametrize(("kind", "page"), [("annual_report", "obligation"), ("milestone:2", "milestone")])
def test_a_stale_press_leads_to_the_page_of_its_kind(kind: str, page: str) -> None:
    with pytest.raises(Stale) as refused:
        decide(replace(OPEN, kind=kind, rev=3), Move.RECEIVE, OFFICER, 2, MADE)
    assert refused.value.kind == page


def test_an_extension_has_a_later_day_and_a_reason() -> None:
    granted = extend(OPEN, OFFICER, date(2026, 12, 25), "校历寒假", MADE + 1)
    assert granted == Extension(1, date(2026, 12, 25), "校历寒假", 9, MADE + 1)
    with pytest.raises(Refused, match="obligations/extension_too_early"):
        extend(OPEN, OFFICER, OPEN.due_on, "校历寒假", MADE)
    with pytest.raises(Refused, match="obligations/extension_reason_missing"):
        extend(OPEN, OFFICER, date(2026, 12, 25), " ", MADE)
    with pytest.raises(Forbidden):
        extend(OPEN, LIAISON, date(2026, 12, 25), "校历寒假", MADE)
    with pytest.raises(Stale):
        extend(replace(OPEN, state=State.RECEIVED), OFFICER, date(2026, 12, 25), "校历寒假", MADE)


# --- Articles 4 and 6 on the same engine ------------------------------------------------------------------


def test_a_milestone_and_its_funds_are_told_at_180_90_and_30_days() -> None:
    for kind in ("milestone:2", "funds"):
        own = replace(OWED, obligation=replace(OPEN, kind=kind, due_on=date(2026, 10, 30)))
        assert said(own) == [
            ("T-180", "2026-04-30"),  # the 3rd of May is in the holiday
            ("T-90", "2026-07-31"),  # the 1st of August is a Saturday
            ("T-30", "2026-09-30"),
            ("overdue", "2026-11-02"),
        ]


def test_several_milestones_of_a_base_and_those_of_others_do_not_hide_one_another() -> None:
    def milestone(n: int, base: int, due_on: date) -> Owed:
        obligation = replace(OPEN, id=10 * base + n, base_id=base, kind=f"milestone:{n}", due_on=due_on)
        return replace(OWED, obligation=obligation)

    all_of_them = [
        milestone(1, 1, date(2026, 10, 30)),
        milestone(2, 1, date(2026, 10, 30)),
        milestone(1, 2, date(2026, 11, 20)),
    ]
    alone = [len(plan([one], END, CALENDAR)) for one in all_of_them]
    assert len(plan(all_of_them, END, CALENDAR)) == sum(alone)


def test_a_milestone_is_put_off_with_a_reason_and_told_again() -> None:
    own = replace(OPEN, kind="milestone:1", due_on=date(2026, 10, 30))
    granted = extend(own, OFFICER, date(2027, 1, 29), "合作单位变更", MADE + 1)
    until = Standing(until=granted.until, extended_at=at("2026-10-12T10:00"))
    assert said(replace(OWED, obligation=own, standing=until)) == [
        ("T-90", "2026-10-30"),
        ("T-30", "2026-12-30"),
        ("overdue", "2027-02-01"),
    ]


def test_the_conditions_of_admission_are_checked_again_every_year() -> None:
    self_check = ladder("self_check")
    own = replace(OWED, obligation=replace(OPEN, kind="self_check", due_on=self_check.due_on(2026)))
    assert said(own) == [
        ("T-30", "2026-05-29"),
        ("T-7", "2026-06-23"),
        ("T-1", "2026-06-29"),
        ("overdue", "2026-07-01"),
    ]


def test_a_kind_without_a_day_for_all_says_so() -> None:
    with pytest.raises(LookupError):
        ladder("milestone").due_on(2026)


@pytest.mark.parametrize("kind", ["annual_report", "self_check", "milestone", "funds"])
def test_every_stage_names_templates_that_exist_and_roles_of_a_base(kind: str) -> None:
    for stage in Stage:
        names = [step.name for step in ladder(kind).of(stage)]
        assert len(names) == len(set(names))
        for step in ladder(kind).of(stage):
            assert step.template in TEMPLATES
            assert step.roles <= BASE_ROLES
