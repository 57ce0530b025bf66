"""How the year stands: groups, counts, and the sentence of the briefing."""

from dataclasses import replace
from datetime import date

import pytest

from domain.ladders import Stage
from domain.obligations import Owed, Standing, State
from domain.tally import GROUPS, Briefing, briefing, group, tally
from tests.domain.test_obligations import OPEN, OWED


def one(n: int, stage: Stage = Stage.NOT_STARTED, state: State = State.OPEN, **told: object) -> Owed:
    obligation = replace(OPEN, id=n, base_id=n, state=state, expected_on=told.pop("expected", None))  # type: ignore[arg-type]
    return replace(OWED, obligation=obligation, standing=Standing(stage, **told))  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", Stage)
def test_what_is_open_is_where_its_work_is(stage: Stage) -> None:
    assert group(one(1, stage)) == stage


@pytest.mark.parametrize("state", [State.CLAIMED, State.RECEIVED, State.WAIVED])
def test_what_the_centre_has_recorded_goes_before_the_stage(state: State) -> None:
    assert group(one(1, Stage.DRAFT, state)) == state


def test_every_group_is_counted_and_each_base_once() -> None:
    owed = [one(n, stage) for n, stage in enumerate(Stage)] + [one(99, state=State.WAIVED)]
    counts = tally(owed)
    assert tuple(counts) == GROUPS
    assert sum(counts.values()) == len(owed)


def test_the_numbers_of_the_briefing_add_up() -> None:
    until = date(2026, 12, 25)
    owed = [
        one(1, state=State.RECEIVED),
        one(2, Stage.WITH_CENTRE),
        one(3, Stage.SEAL_MISSING),
        one(4, state=State.CLAIMED),
        one(5, Stage.RETURNED),
        one(6, Stage.DRAFT, expected="2026-12-20"),
        one(7, until=until),
        one(8, state=State.WAIVED),
    ]
    assert briefing(owed, {1, 5, 6}) == Briefing(7, 1, 3, 1, 2, 1, 2, until)


def test_no_day_is_promised_for_a_base_that_has_named_none() -> None:
    assert briefing([one(1, expected="2026-12-20"), one(2)], ()).expected is None
    assert briefing([one(1, state=State.RECEIVED)], ()).expected is None
