"""A card's life, who may make which move, and an introduction between two."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import Forbidden, Stale
from domain.people import Actor, Membership, Role
from domain.supply import (
    LISTED_DAYS,
    RULES,
    Card,
    Introduction,
    Move,
    Side,
    Standing,
    State,
    answered,
    decide,
    offers,
    readable,
)
from tests.domain.test_matching import card

TODAY = date(2026, 11, 25)
LIAISON = Actor(1, "甲", (Membership(Role.LIAISON, 1),))
STRANGER = Actor(2, "乙", (Membership(Role.LIAISON, 2),))
OFFICER = Actor(3, "丙", (Membership(Role.OFFICER, None),))
AUDITOR = Actor(4, "丁", (Membership(Role.AUDITOR, None),))


def in_state(state: State) -> Card:
    return replace(card(1, Side.OFFER, base=1), state=state)


def who(move: Move) -> Actor | None:
    return {Move.PASS: OFFICER, Move.RETURN: OFFICER, Move.EXPIRE: None}.get(move, LIAISON)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_a_move_is_made_where_the_table_allows_it_and_nowhere_else(move: Move, state: State) -> None:
    if state in RULES[move].allowed_in:
        after = decide(in_state(state), move, who(move), TODAY)
        assert (after.state, after.rev) == (RULES[move].leads_to, 2)
    else:
        with pytest.raises(Stale):
            decide(in_state(state), move, who(move), TODAY)


@pytest.mark.parametrize("move", [move for move in Move if RULES[move].action])
@pytest.mark.parametrize("actor", [STRANGER, AUDITOR, None])
def test_nobody_else_makes_a_move(move: Move, actor: Actor | None) -> None:
    state = next(iter(RULES[move].allowed_in))
    with pytest.raises(Forbidden):
        decide(in_state(state), move, actor, TODAY)


def test_an_officer_files_nothing_for_a_base_and_a_base_publishes_nothing() -> None:
    with pytest.raises(Forbidden):
        decide(in_state(State.LISTED), Move.WITHDRAW, OFFICER, TODAY)
    with pytest.raises(Forbidden):
        decide(in_state(State.SUBMITTED), Move.PASS, LIAISON, TODAY)


def test_publishing_and_renewing_begin_the_half_year_anew() -> None:
    listed = decide(in_state(State.SUBMITTED), Move.PASS, OFFICER, TODAY)
    assert listed.expires_on == TODAY + timedelta(days=LISTED_DAYS)
    later = TODAY + timedelta(days=100)
    assert decide(listed, Move.RENEW, LIAISON, later).expires_on == later + timedelta(days=LISTED_DAYS)


def test_a_press_on_an_old_page_moves_nothing() -> None:
    with pytest.raises(Stale):
        decide(in_state(State.SUBMITTED), Move.PASS, OFFICER, TODAY, seen_rev=0)


def test_what_may_be_done_is_offered_and_to_others_the_card_does_not_exist() -> None:
    waiting = in_state(State.SUBMITTED)
    assert [one.op for row in offers(waiting, frozenset({Role.OFFICER})) for one in row] == [
        "supply_pass",
        "supply_return",
    ]
    assert [one.op for row in offers(waiting, frozenset({Role.LIAISON})) for one in row] == [
        "supply_withdraw"
    ]
    assert offers(waiting, frozenset({Role.AUDITOR})) == ()
    assert readable(LIAISON, waiting)
    assert readable(AUDITOR, waiting)
    assert not readable(STRANGER, waiting)


def test_contacts_are_exchanged_when_both_agree_in_either_order() -> None:
    made = Introduction(1, 1, 2, Standing.RELEASED, 0)
    for first in Side:
        half = answered(made, first, agrees=True)
        assert half.standing is Standing.RELEASED
        with pytest.raises(Stale):
            answered(half, first, agrees=True)
        assert answered(half, first.other, agrees=True).standing is Standing.EXCHANGED
        ended = answered(half, first.other, agrees=False)
        assert ended.standing is Standing.DECLINED
        with pytest.raises(Stale):
            answered(ended, first.other, agrees=True)
