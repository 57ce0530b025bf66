"""What may happen to a request, and who hears of it."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Forbidden, Refused, Stale
from domain.people import Actor, Membership, Role
from domain.requests import RULES, Command, Move, Request, State, decide, offers, other_side, readable

BASE = 7
LIAISON = Actor(1, "林知行", (Membership(Role.LIAISON, BASE),))
OFFICER = Actor(2, "周明远", (Membership(Role.OFFICER, None),))
OUTSIDER = Actor(3, "谭嘉禾", (Membership(Role.LIAISON, 8),))
ACTORS = {move: LIAISON if move in (Move.SAY, Move.WITHDRAW) else OFFICER for move in Move}


def request(state: State = State.SUBMITTED, **changes: object) -> Request:
    facts: dict[str, object] = {
        "id": 5,
        "number": "FW-2026-0001",
        "base_id": BASE,
        "service": "S301",
        "state": state,
        "rev": 3,
        "answers": {},
        "submitted_by": 1,
        "submitted_at": 1_000,
        "due_at": 9_000,
        "due_confirmed": True,
    }
    return Request(**(facts | changes))  # type: ignore[arg-type]


def move(subject: Request, what: Move, actor: Actor | None = None, rev: int | None = None) -> Request:
    return decide(subject, Command(what, actor or ACTORS[what], 2_000, rev)).request


def test_the_main_story() -> None:
    subject = move(request(), Move.ACCEPT)
    assert (subject.state, subject.officer_id, subject.accepted_at) == (State.ACCEPTED, 2, 2_000)
    subject = move(subject, Move.SUPPLEMENT)
    assert (subject.state, subject.waiting_since) == (State.WAITING, 2_000)
    subject = move(subject, Move.SAY)
    assert (subject.state, subject.waiting_since) == (State.ACCEPTED, None)
    subject = move(subject, Move.ANSWER)
    assert (subject.state, subject.answered_at) == (State.ANSWERED, 2_000)
    subject = move(subject, Move.CLOSE)
    assert (subject.state, subject.closed_at, subject.rev) == (State.CLOSED, 2_000, 8)


@pytest.mark.parametrize("what", list(Move))
@pytest.mark.parametrize("state", list(State))
def test_a_move_is_made_where_its_rule_allows_and_nowhere_else(what: Move, state: State) -> None:
    if state in RULES[what].allowed_in:
        assert move(request(state), what).rev == 4
    else:
        with pytest.raises(Refused, match="requests/not_in_this_state"):
            move(request(state), what)


@pytest.mark.parametrize("what", list(Move))
def test_another_base_moves_nothing(what: Move) -> None:
    with pytest.raises(Forbidden):
        move(request(State.ACCEPTED), what, OUTSIDER)


def test_a_page_of_an_earlier_rev_moves_nothing() -> None:
    with pytest.raises(Stale) as refused:
        move(request(), Move.ACCEPT, rev=2)
    assert (refused.value.kind, refused.value.subject_id) == ("request", 5)


def test_the_first_answer_is_the_one_that_counts() -> None:
    assert move(request(State.ANSWERED, answered_at=1_500), Move.ANSWER).answered_at == 1_500


def test_a_word_of_the_base_before_acceptance_ends_the_wait_where_it_began() -> None:
    waiting = move(request(), Move.SUPPLEMENT)
    assert move(waiting, Move.SAY).state is State.SUBMITTED


@pytest.mark.parametrize("what", [Move.ACCEPT, Move.ANSWER, Move.SUPPLEMENT, Move.CLOSE])
def test_the_base_hears_of_what_the_centre_does(what: Move) -> None:
    [notice] = decide(request(next(iter(RULES[what].allowed_in))), Command(what, OFFICER, 2_000)).notices
    assert (notice.to.base_id, notice.to.roles) == (BASE, {Role.LIAISON, Role.DEPUTY})


def test_the_officer_who_has_it_hears_of_what_the_base_says() -> None:
    [notice] = decide(request(State.ACCEPTED, officer_id=2), Command(Move.SAY, LIAISON, 2_000)).notices
    assert notice.to.person_id == 2


def test_before_acceptance_every_officer_on_the_route_hears() -> None:
    to = other_side(request(), of_centre=False)
    assert (to.person_id, to.roles, to.route) == (None, {Role.OFFICER}, "预审")


def test_only_what_is_allowed_is_offered() -> None:
    def ops(subject: Request, role: Role) -> list[str]:
        return [offer.op for row in offers(subject, frozenset({role})) for offer in row]

    assert ops(request(), Role.OFFICER) == ["accept", "supplement", "record", "show"]
    assert ops(request(State.ACCEPTED), Role.OFFICER) == ["answer", "supplement", "close", "record", "show"]
    assert ops(request(State.CLOSED), Role.OFFICER) == ["record", "show"]
    assert ops(request(), Role.LIAISON) == ["say", "withdraw", "show"]
    assert ops(request(), Role.HEAD) == ["show"]


def test_the_time_limit_stands_still_while_the_base_is_waited_for() -> None:
    friday, tuesday = at("2026-11-27T16:00"), at("2026-12-01T10:00")
    waiting = request(State.WAITING, accepted_at=1, waiting_since=friday, due_at=at("2026-11-27T17:30"))
    said = decide(waiting, Command(Move.SAY, LIAISON, tuesday)).request
    assert said.due_at == at("2026-12-01T17:30")
    same_day = decide(waiting, Command(Move.SAY, LIAISON, friday + 60_000)).request
    assert same_day.due_at == waiting.due_at
    assert decide(waiting, Command(Move.CLOSE, OFFICER, tuesday)).request.due_at == waiting.due_at


def at(text: str) -> int:
    return round(datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000)


def test_an_officer_makes_the_bases_move_for_it_and_the_base_is_told() -> None:
    waiting = request(State.WAITING, officer_id=2, accepted_at=1_500, waiting_since=1_800)
    outcome = decide(waiting, Command(Move.SAY, OFFICER, 2_000, recorded=True))
    assert outcome.request.state is State.ACCEPTED
    [notice] = outcome.notices
    assert (notice.template, notice.to.base_id) == ("requests/recorded", BASE)
    with pytest.raises(Forbidden):
        decide(waiting, Command(Move.SAY, LIAISON, 2_000, recorded=True))


def test_another_bases_request_does_not_exist() -> None:
    assert readable(LIAISON, request())
    assert not readable(OUTSIDER, request())


@given(st.lists(st.sampled_from(list(Move))))
def test_no_sequence_of_moves_leaves_the_table(moves: list[Move]) -> None:
    subject = request()
    for what in moves:
        try:
            moved = move(subject, what)
        except Refused:
            continue
        assert moved.rev == subject.rev + 1
        assert (moved.waiting_since is not None) == (moved.state is State.WAITING)
        assert (moved.closed_at is not None) == (moved.state in (State.CLOSED, State.WITHDRAWN))
        subject = moved
