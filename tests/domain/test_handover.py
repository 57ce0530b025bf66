"""A change of liaison: which step may follow which."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import Calendar
from domain.errors import Refused, Stale
from domain.handover import Handover, State, Via, cancel, complete, confirm, register, require_free, seen
from domain.people import Role

NOW = round(datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
PROPOSED = Handover(1, 1, Role.LIAISON, 2, None, "苏小溪", None, State.PROPOSED, 0, 2, NOW)

STEPS: dict[str, Callable[[Handover], Handover]] = {
    "confirm": lambda one: confirm(one, Via.PRESS, "秦望舒", NOW),
    "register": lambda one: register(one, 9, NOW, Calendar()),
    "complete": lambda one: complete(one, 3, NOW, {}),
    "cancel": lambda one: cancel(one, NOW),
}


def test_what_is_registered_before_the_bases_word_awaits_the_form() -> None:
    registered = STEPS["register"](PROPOSED)
    assert registered.form_awaited
    assert registered.form_due_on == date(2026, 12, 9)  # ten working days
    assert not STEPS["confirm"](registered).form_awaited
    assert STEPS["register"](STEPS["confirm"](PROPOSED)).form_due_on is None


@pytest.mark.parametrize("order", list(permutations(STEPS)))
def test_whatever_the_order_nothing_is_completed_unregistered_or_moved_after_its_end(
    order: tuple[str, ...],
) -> None:
    one, done = PROPOSED, list[str]()
    for name in order:
        try:
            after = STEPS[name](one)
        except Stale:
            continue
        assert after.rev == one.rev + 1
        one, done = after, [*done, name]
    assert ("complete" not in done) or done.index("register") < done.index("complete")
    assert not {"complete", "cancel"} <= set(done)
    if "cancel" in done:
        assert done[-1] == "cancel"


@pytest.mark.parametrize("step", STEPS.values())
def test_no_step_is_made_twice(step: Callable[[Handover], Handover]) -> None:
    before = PROPOSED if step is not STEPS["complete"] else STEPS["register"](PROPOSED)
    after = step(before)
    with pytest.raises(Stale):
        step(after)


def test_an_old_page_moves_nothing_and_an_office_changes_once_at_a_time() -> None:
    with pytest.raises(Stale):
        seen(PROPOSED, 1)
    with pytest.raises(Refused):
        require_free(PROPOSED)
    require_free(None)
