"""Who may sign what, what a supervisor has seen, and what fits a message."""

import pytest

from domain.announcements import (
    Announcement,
    Audience,
    Delivery,
    Held,
    State,
    fitting,
    give_back,
    mark,
    minds,
    rewrite,
    sign,
)
from domain.errors import Forbidden, Invalid, Refused, Stale
from domain.notices import SendState
from domain.people import Actor, Membership, Role

DRAFTER = Actor(1, "周明远", (Membership(Role.OFFICER, None),))
OTHER = Actor(2, "吴清越", (Membership(Role.OFFICER, None),))
HEAD = Actor(3, "何以宁", (Membership(Role.SUPERVISOR, None),))
DRAFT = Announcement(7, "安全检查", "请自查。", None, State.SUBMITTED, 4, drafter_id=1)
LIAISON = Held(1, "蜀江理工", 11, "林知行", Role.LIAISON, 700, reachable=True)
DEPUTY = Held(1, "蜀江理工", 12, "苏小溪", Role.DEPUTY, 701, reachable=True)
SOMEBODY = Audience((LIAISON, DEPUTY))


def signed(actor: Actor, draft: Announcement = DRAFT, audience: Audience = SOMEBODY) -> Announcement:
    return sign(draft, actor, 99, seen_rev=4, issued={"centre": "中心"}, audience=audience)


def test_a_supervisor_signs_what_was_submitted() -> None:
    done = signed(HEAD)
    assert (done.state, done.rev, done.signer_id, done.signed_at) == (State.SIGNED, 5, 3, 99)


def test_an_officer_signs_nothing_not_even_their_own() -> None:
    with pytest.raises(Forbidden):
        signed(DRAFTER)


def test_nothing_is_signed_twice() -> None:
    done = signed(HEAD)
    with pytest.raises(Stale):
        sign(done, HEAD, 100, seen_rev=done.rev, issued={}, audience=SOMEBODY)


def test_what_changed_since_it_was_seen_is_not_signed() -> None:
    with pytest.raises(Stale):
        sign(DRAFT, HEAD, 100, seen_rev=3, issued={}, audience=SOMEBODY)


def test_to_nobody_is_refused() -> None:
    unenrolled = Audience((Held(1, "蜀江理工", 11, "林知行", Role.LIAISON), Held(2, "涪川材料院")))
    with pytest.raises(Refused) as refusal:
        signed(HEAD, audience=unenrolled)
    assert refusal.value.template == "announcements/nobody"


def test_given_back_it_is_submitted_anew_by_its_drafter_alone() -> None:
    returned = give_back(DRAFT, HEAD, seen_rev=4, reason="补充时间")
    assert (returned.state, returned.reason, returned.rev) == (State.RETURNED, "补充时间", 5)
    with pytest.raises(Forbidden):
        rewrite(returned, OTHER, "新", "新", None)
    again = rewrite(returned, DRAFTER, "新", "新", "2026-12-01")
    assert (again.state, again.title, again.reason, again.rev) == (State.SUBMITTED, "新", None, 6)
    with pytest.raises(Stale):
        rewrite(again, DRAFTER, "又", "又", None)


def test_an_officer_gives_nothing_back() -> None:
    with pytest.raises(Forbidden):
        give_back(DRAFT, DRAFTER, seen_rev=4, reason="x")


def test_each_person_is_reached_once_and_the_rest_are_telephoned() -> None:
    elsewhere = Held(2, "涪川材料院", 12, "苏小溪", Role.DEPUTY, 701, reachable=True)
    blocked = Held(2, "涪川材料院", 13, "谭嘉禾", Role.LIAISON, 702, reachable=False)
    nobody = Held(3, "锦江转化院")
    audience = Audience((LIAISON, DEPUTY, elsewhere, blocked, nobody))
    assert audience.reached == [LIAISON, DEPUTY]
    assert audience.by_phone == [blocked, nobody]
    assert audience.bases == 3


def test_another_text_or_another_audience_has_another_fingerprint() -> None:
    seen = SOMEBODY.fingerprint(["一"])
    assert seen == Audience((LIAISON, DEPUTY)).fingerprint(["一"])
    assert seen != SOMEBODY.fingerprint(["二"])
    assert seen != Audience((LIAISON,)).fingerprint(["一"])


def test_a_mark_is_of_just_these_sends_as_they_stand() -> None:
    def one(row_id: int, doubts: int) -> Delivery:
        return Delivery(row_id, 1, "x", SendState.UNCERTAIN, refused=False, attempts=1, doubts=doubts)

    assert mark([one(1, 1), one(2, 1)]) == mark([one(2, 1), one(1, 1)])
    assert mark([one(1, 1)]) != mark([one(1, 2)])
    assert mark([one(1, 1)]) != mark([one(2, 1)])


@pytest.mark.parametrize(
    ("state", "refused", "stands"),
    [
        (SendState.FAILED, True, "failed"),
        (SendState.FAILED, False, "blocked"),
        (SendState.UNCERTAIN, False, "uncertain"),
        (SendState.QUEUED, False, "open"),
        (SendState.SENDING, False, "open"),
    ],
)
def test_a_send_stands_in_one_way(state: SendState, refused: bool, stands: str) -> None:
    delivery = Delivery(1, 1, "x", state, refused=refused, attempts=1, doubts=0)
    ways = ("failed", "blocked", "uncertain", "open")
    assert [way for way in ways if getattr(delivery, way)] == [stands]


def test_the_drafter_and_the_supervisors_mind_its_sends() -> None:
    assert [minds(actor, DRAFT) for actor in (DRAFTER, OTHER, HEAD)] == [True, False, True]


def test_a_text_is_measured_as_telegram_measures() -> None:
    assert fitting("字" * 10, 10) == "字" * 10
    with pytest.raises(Invalid) as refusal:
        fitting("𠀀" * 6, 10)
    assert refusal.value.facts == {"max": 10, "got": 12}
