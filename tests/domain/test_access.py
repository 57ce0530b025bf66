"""The access table: every action is in it, and nobody gets in by default."""

import pytest

from domain.access import TABLE, Action, may, require
from domain.errors import Forbidden
from domain.people import BASE_ROLES, Actor, Membership, Role


def actor(role: Role, base_id: int | None = None) -> Actor:
    return Actor(1, "林知行", (Membership(role, base_id),))


def test_every_action_but_open_has_a_row() -> None:
    assert set(TABLE) == set(Action) - {Action.OPEN}


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.OPEN])
def test_a_stranger_may_do_nothing(action: Action) -> None:
    assert not may(None, action)


def test_anybody_may_do_what_is_open() -> None:
    assert may(None, Action.OPEN)


def test_a_liaison_works_for_their_own_base_only() -> None:
    liaison = actor(Role.LIAISON, base_id=7)
    assert may(liaison, Action.REQUEST_FILE, 7)
    assert not may(liaison, Action.REQUEST_FILE, 8)
    assert not may(liaison, Action.REQUEST_READ, 8)


def test_an_officer_works_for_every_base() -> None:
    assert may(actor(Role.OFFICER), Action.REQUEST_ACCEPT, 7)


def test_an_auditor_reads_and_does_nothing_else() -> None:
    auditor = actor(Role.AUDITOR)
    assert may(auditor, Action.REQUEST_READ, 7)
    changing = [Action.REQUEST_ACCEPT, Action.REQUEST_ANSWER, Action.REQUEST_CLOSE, Action.REQUEST_SAY]
    assert not any(may(auditor, action, 7) for action in changing)


@pytest.mark.parametrize("role", sorted(BASE_ROLES))
def test_nobody_of_a_base_does_the_desks_work(role: Role) -> None:
    assert not may(actor(role, base_id=7), Action.REQUEST_ACCEPT, 7)
    assert not may(actor(role, base_id=7), Action.DESK)


def test_a_role_for_two_bases_counts_for_each() -> None:
    two = Actor(1, "苏小溪", (Membership(Role.DEPUTY, 1), Membership(Role.DEPUTY, 2)))
    assert two.bases == (1, 2)
    assert may(two, Action.REQUEST_SAY, 1)
    assert may(two, Action.REQUEST_SAY, 2)
    assert not may(two, Action.REQUEST_SAY, 3)


def test_require_gives_the_actor_or_refuses() -> None:
    officer = actor(Role.OFFICER)
    assert require(officer, Action.DESK) is officer
    with pytest.raises(Forbidden):
        require(actor(Role.LIAISON, 1), Action.DESK)
