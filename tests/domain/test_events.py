"""Events and their places: what may happen, and whatever happens in any order."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain import event_places as places
from domain import events
from domain.errors import Forbidden, Refused, Stale
from domain.event_places import HOLDING, Attendee, Registration, Roll, Standing
from domain.events import HOUR_MS, Event, Kind, Plan, State
from domain.people import Actor, Membership, Role

NOW = 1_790_000_000_000
START = NOW + 10 * 24 * HOUR_MS
PLAN = Plan(
    Kind.SUPPLY, "供需对接会", START, START + 3 * HOUR_MS, "一号会议室", START - 24 * HOUR_MS, quota=2
)
OFFICER = Actor(9, "周明远", (Membership(Role.OFFICER, None),))
_codes = count()


def liaison(base_id: int = 1) -> Actor:
    return Actor(100 + base_id, "林知行", (Membership(Role.LIAISON, base_id),))


def published(plan: Plan = PLAN) -> Event:
    draft = Event(1, plan, State.DRAFT, 0, 0, OFFICER.person_id, NOW)
    return events.publish(draft, OFFICER, NOW, seen_rev=0, people=3)


def entered(roll: Roll, *names: str, base_id: int = 1, now: int = NOW) -> Roll:
    asked = Registration(base_id, [Attendee(name, "处长") for name in names])
    after = places.register(roll, asked, liaison(base_id), now, lambda: str(next(_codes)))
    numbered = tuple(replace(entry, id=n) for n, entry in enumerate(after.entries, 1))
    return replace(after, entries=numbered)


def standings(roll: Roll) -> list[str]:
    return [entry.standing.value for entry in roll.entries]


# --- the plan ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"starts_at": NOW}, "events/starts_in_the_past"),
        ({"ends_at": START}, "events/ends_before_start"),
        ({"register_until": START + 1}, "events/deadline_after_start"),
        ({"register_until": NOW}, "events/deadline_after_start"),
    ],
)
def test_days_that_do_not_fit_are_refused(changes: dict[str, int], refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        events.check(replace(PLAN, **changes), NOW)
    assert refused.value.template == refusal


def test_an_event_may_last_over_midnight() -> None:
    late = replace(PLAN, ends_at=START + 20 * HOUR_MS)
    assert events.check(late, NOW) == late


def test_it_is_published_once_and_to_somebody() -> None:
    draft = Event(1, PLAN, State.DRAFT, 0, 0, 9, NOW)
    with pytest.raises(Refused, match="events/nobody"):
        events.publish(draft, OFFICER, NOW, seen_rev=0, people=0)
    with pytest.raises(Forbidden):
        events.publish(draft, liaison(), NOW, seen_rev=0, people=1)
    with pytest.raises(Stale):
        events.publish(published(), OFFICER, NOW, seen_rev=1, people=1)


def test_the_sequence_counts_what_calendars_show_and_nothing_else() -> None:
    event = published()
    wider = events.change(event, replace(PLAN, quota=5), OFFICER, NOW, seen_rev=1)
    moved = events.change(wider, replace(wider.plan, where="二号会议室"), OFFICER, NOW, seen_rev=2)
    cancelled = events.cancel(moved, OFFICER, NOW, seen_rev=3, reason="场地维修")
    assert [one.sequence for one in (event, wider, moved, cancelled)] == [0, 0, 1, 2]


def test_the_registered_are_told_what_changed_and_only_that() -> None:
    later = replace(PLAN, starts_at=START + HOUR_MS, ends_at=PLAN.ends_at + HOUR_MS, quota=7)
    assert [(c.field, c.new) for c in events.told(PLAN, later)] == [
        ("starts_at", START + HOUR_MS),
        ("ends_at", PLAN.ends_at + HOUR_MS),
    ]


def test_what_has_begun_is_not_changed_and_what_is_over_not_cancelled() -> None:
    with pytest.raises(Refused, match="events/begun"):
        events.change(published(), replace(PLAN, quota=9), OFFICER, START, seen_rev=1)
    with pytest.raises(Refused, match="events/over"):
        events.cancel(published(), OFFICER, PLAN.ends_at, seen_rev=1, reason="迟了")


# --- places -----------------------------------------------------------------------------------------------


def test_who_comes_after_the_quota_waits_and_moves_up_in_order() -> None:
    roll = entered(entered(Roll(published()), "甲", "乙"), "丙", "丁", base_id=2)
    assert standings(roll) == ["registered", "registered", "waiting", "waiting"]
    roll = places.withdraw(roll, 1, liaison(), NOW)
    assert standings(roll) == ["cancelled", "registered", "offered", "waiting"]
    roll = places.confirm(roll, 3, liaison(2), NOW)
    assert standings(roll) == ["cancelled", "registered", "registered", "waiting"]


def test_an_offer_that_is_not_taken_in_time_goes_to_the_next() -> None:
    roll = entered(entered(Roll(published()), "甲", "乙"), "丙", "丁", base_id=2)
    roll = places.withdraw(roll, 1, liaison(), NOW)
    late = NOW + events.CONFIRM_MS
    with pytest.raises(Refused, match="events/offer_expired"):
        places.confirm(roll, 3, liaison(2), late)
    roll = places.settle(roll, late)
    assert standings(roll) == ["cancelled", "registered", "expired", "offered"]


def test_the_time_to_confirm_never_goes_beyond_the_start_and_nobody_moves_up_after_it() -> None:
    roll = entered(Roll(published()), "甲", "乙", "丙", "丁")
    roll = places.withdraw(roll, 1, liaison(), START - HOUR_MS)
    assert roll.entries[2].confirm_by == START
    assert places.next_instant(roll) == START
    assert standings(places.settle(roll, START)) == ["cancelled", "registered", "expired", "waiting"]
    with pytest.raises(Refused, match="events/begun"):
        places.withdraw(roll, 2, liaison(), START)


def test_a_quota_for_each_base_lets_others_pass_and_keeps_its_own_waiting() -> None:
    roll = Roll(published(replace(PLAN, quota=3, quota_per_base=1)))
    roll = entered(entered(entered(roll, "甲", "乙"), "丙", base_id=2), "丁", base_id=3)
    assert standings(roll) == ["registered", "waiting", "registered", "registered"]
    roll = places.withdraw(roll, 3, liaison(2), NOW)
    assert standings(roll) == ["registered", "waiting", "cancelled", "registered"]


def test_a_smaller_quota_takes_back_offers_but_no_places() -> None:
    roll = entered(Roll(published()), "甲", "乙", "丙")
    roll = places.withdraw(roll, 1, liaison(), NOW)
    smaller = events.change(roll.event, replace(PLAN, quota=1), OFFICER, NOW, seen_rev=1)
    assert standings(places.replan(roll, smaller, NOW)) == ["cancelled", "registered", "waiting"]
    full = entered(Roll(published()), "甲", "乙")
    with pytest.raises(Refused, match="events/quota_taken"):
        places.replan(full, smaller, NOW)


def test_nobody_is_registered_twice_however_the_name_is_spaced() -> None:
    roll = entered(Roll(published()), "王 伟")
    with pytest.raises(Refused) as refused:
        entered(roll, "王伟")
    assert refused.value.facts == {"names": ["王伟"]}
    with pytest.raises(Refused, match="events/twice"):
        entered(Roll(published()), "王伟", "王伟")
    assert standings(entered(roll, "王伟", base_id=2)) == ["registered", "registered"]


def test_nobody_registers_after_the_deadline_or_acts_for_another_base() -> None:
    with pytest.raises(Refused, match="events/closed"):
        entered(Roll(published()), "甲", now=PLAN.register_until)
    roll = entered(Roll(published()), "甲")
    with pytest.raises(Forbidden):
        places.withdraw(roll, 1, liaison(2), NOW)
    assert standings(places.withdraw(roll, 1, OFFICER, NOW)) == ["cancelled"]


# --- in any order -----------------------------------------------------------------------------------------


class Places(RuleBasedStateMachine):
    """Register, cancel, confirm, change the quotas, let time pass: in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.roll = Roll(published(replace(PLAN, quota=3, quota_per_base=2)))
        self.now = NOW
        self.names = count()
        self.confirmed: set[int] = set()

    def tried(self, step: object) -> None:
        try:
            self.roll = step()  # type: ignore[operator]
        except Refused:
            return

    @rule(base=st.integers(1, 4), n=st.integers(1, 3))
    def register(self, base: int, n: int) -> None:
        names = [f"人{next(self.names)}" for _ in range(n)]
        self.tried(lambda: entered(self.roll, *names, base_id=base, now=self.now))

    @rule(name=st.integers(0, 5), base=st.integers(1, 2))
    def register_again(self, name: int, base: int) -> None:
        self.tried(lambda: entered(self.roll, f"人{name}", base_id=base, now=self.now))

    @precondition(lambda self: self.roll.entries)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.roll.entries))
        self.tried(lambda: places.withdraw(self.roll, entry.id, liaison(entry.base_id), self.now))
        self.confirmed.discard(entry.id)

    @precondition(lambda self: self.roll.of(Standing.OFFERED))
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.roll.of(Standing.OFFERED)))
        in_time = self.now < (entry.confirm_by or 0)
        self.tried(lambda: places.confirm(self.roll, entry.id, liaison(entry.base_id), self.now))
        if in_time:
            self.confirmed.add(entry.id)

    @rule(quota=st.none() | st.integers(1, 6), each=st.none() | st.integers(1, 3))
    def change_quota(self, quota: int | None, each: int | None) -> None:
        plan = replace(self.roll.event.plan, quota=quota, quota_per_base=each)

        def step() -> Roll:
            event = events.change(self.roll.event, plan, OFFICER, self.now, seen_rev=self.roll.event.rev)
            return places.replan(self.roll, event, self.now)

        self.tried(step)

    @rule(hours=st.sampled_from([1, 23, 24, 100]))
    def wait(self, hours: int) -> None:
        self.now += hours * HOUR_MS
        self.roll = places.settle(self.roll, self.now)

    @invariant()
    def never_over_quota(self) -> None:
        plan = self.roll.event.plan
        assert plan.quota is None or self.roll.held() <= plan.quota
        for base in range(1, 5):
            assert plan.quota_per_base is None or self.roll.held(base) <= plan.quota_per_base

    @invariant()
    def no_place_is_empty_while_somebody_waits_who_could_have_it(self) -> None:
        if self.now < self.roll.event.plan.starts_at:
            assert not [e for e in self.roll.of(Standing.WAITING) if self.roll.has_room(e.base_id)]

    @invariant()
    def who_confirmed_has_a_place(self) -> None:
        there = {e.id for e in self.roll.of(Standing.REGISTERED)}
        assert self.confirmed <= there

    @invariant()
    def nobody_is_there_twice(self) -> None:
        alive = [(e.base_id, e.attendee.name) for e in self.roll.entries if e.alive]
        assert len(alive) == len(set(alive))

    @invariant()
    def an_offer_ends_by_the_start(self) -> None:
        for entry in self.roll.entries:
            assert (entry.confirm_by is not None) == (entry.standing is Standing.OFFERED)
            assert entry.confirm_by is None or entry.confirm_by <= self.roll.event.plan.starts_at

    @invariant()
    def moving_up_keeps_the_order_of_the_presses(self) -> None:
        for base in range(1, 5):
            mine = [e for e in self.roll.entries if e.base_id == base]
            waiting = [e.id for e in mine if e.standing is Standing.WAITING]
            offered = [e.id for e in mine if e.standing is Standing.OFFERED]
            assert not waiting or not offered or max(offered) < min(waiting)


TestPlaces = Places.TestCase
TestPlaces.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


def test_an_offer_holds_its_place() -> None:
    assert {Standing.REGISTERED, Standing.OFFERED} == HOLDING
