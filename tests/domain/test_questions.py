"""Questions: what may happen to them, what is thanks, when a reminder is due."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.errors import Forbidden, Refused, Stale
from domain.people import Actor, Membership, Role
from domain.questions import (
    FOLLOWS_MS,
    Move,
    Question,
    State,
    decide,
    goes_on,
    is_thanks,
    nudge_at,
    nudges,
    offers,
    says_something,
)

NOW = 1_796_279_400_000
LIAISON = Actor(1, "林知行", (Membership(Role.LIAISON, 1),))
OFFICER = Actor(2, "周明远", (Membership(Role.OFFICER, None),))
HEAD = Actor(3, "秦望舒", (Membership(Role.HEAD, 1),))
REVIEWER = Actor(4, "何谨言", (Membership(Role.REVIEWER, 1),))
OTHER = Actor(5, "唐可", (Membership(Role.LIAISON, 2),))
ASKED = Question(7, "WT-2026-0001", 1, State.OPEN, 0, 1, NOW, NOW, waiting_since=NOW)


def at(text: str) -> int:
    zone = ZoneInfo("Asia/Shanghai")
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def test_an_answer_ends_the_wait_and_a_word_of_the_base_begins_it_anew() -> None:
    answered = decide(ASKED, Move.ANSWER, OFFICER, NOW + 1)
    assert (answered.state, answered.waiting_since, answered.answered_by) == (State.ANSWERED, None, 2)
    again = decide(answered, Move.ADD, LIAISON, NOW + 2)
    assert (again.state, again.waiting_since, again.rev) == (State.OPEN, NOW + 2, 2)
    more = decide(again, Move.ADD, HEAD, NOW + 3)
    assert (more.waiting_since, more.spoken_at) == (NOW + 2, NOW + 3)


def test_what_became_a_request_goes_on_there() -> None:
    turned = decide(ASKED, Move.TURN, LIAISON, NOW)
    for move, actor in ((Move.ADD, LIAISON), (Move.ANSWER, OFFICER), (Move.CLOSE, LIAISON)):
        with pytest.raises(Refused) as refused:
            decide(turned, move, actor, NOW)
        assert refused.value.template == "questions/turned_already"


@pytest.mark.parametrize(
    ("move", "actor"),
    [
        (Move.ADD, OTHER),
        (Move.ADD, REVIEWER),
        (Move.ADD, OFFICER),
        (Move.ANSWER, LIAISON),
        (Move.CLOSE, OFFICER),
        (Move.TURN, HEAD),
        (Move.TURN, OFFICER),
    ],
)
def test_who_may_not(move: Move, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        decide(ASKED, move, actor, NOW)


def test_an_old_page_is_stale_and_thanks_are_for_an_answer() -> None:
    with pytest.raises(Stale):
        decide(ASKED, Move.ANSWER, OFFICER, NOW, seen_rev=1)
    with pytest.raises(Stale):
        decide(ASKED, Move.THANK, LIAISON, NOW)


def test_the_buttons_are_those_of_ones_office() -> None:
    def ops(question: Question, role: Role) -> list[str]:
        return [offer.op for row in offers(question, frozenset({role})) for offer in row]

    assert ops(ASKED, Role.OFFICER) == ["question_answer", "question_turn"]
    assert ops(ASKED, Role.LIAISON) == ["question_close", "question_add", "question_turn"]
    assert ops(ASKED, Role.HEAD) == ["question_close", "question_add"]
    assert ops(ASKED, Role.AUDITOR) == []
    assert ops(decide(ASKED, Move.CLOSE, LIAISON, NOW), Role.HEAD) == ["question_add"]
    assert ops(decide(ASKED, Move.TURN, LIAISON, NOW), Role.LIAISON) == []


def test_a_word_goes_on_with_a_question_for_half_an_hour() -> None:
    assert goes_on(ASKED, NOW + FOLLOWS_MS)
    assert not goes_on(ASKED, NOW + FOLLOWS_MS + 1)
    assert not goes_on(decide(ASKED, Move.CLOSE, LIAISON, NOW), NOW)


@pytest.mark.parametrize(
    "text",
    [
        "谢谢",
        "谢谢周老师，收到！",
        "好",
        "好的，明白了",
        "收到，非常感谢您",
        "已解决，谢谢",
        "Thanks!",
        "ok, thank you very much",
        "👍",
        "🙏🙏",
    ],
)
def test_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "您好",
        "可以吗",
        "谢谢，但是证书复印件可以吗？",
        "还是不清楚",
        "没收到",
        "收到材料后多久能办完",
        "谢谢。另外想咨询预审的事",
        "ok, but when",
        "not ok",
        "老师您好",
        "。",
        "",
    ],
)
def test_no_thanks(text: str) -> None:
    assert not is_thanks(text)


@given(st.text())
def test_whatever_is_written_is_judged(text: str) -> None:
    assert not (is_thanks(text) and len(text) > 120)
    assert says_something(text) == any(c.isalnum() for c in text)


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ("2026-11-23T10:00", "2026-11-24T10:00"),  # Monday
        ("2026-11-23T12:30", "2026-11-24T14:00"),  # at noon
        ("2026-11-23T08:00", "2026-11-24T09:00"),
        ("2026-11-23T20:00", "2026-11-25T09:00"),  # in the evening: it counts from Tuesday
        ("2026-11-27T15:00", "2026-11-30T15:00"),  # Friday
        ("2026-11-28T10:00", "2026-12-01T09:00"),  # Saturday
        ("2026-09-30T15:00", "2026-10-08T15:00"),  # before the national holidays
    ],
)
def test_a_reminder_is_due_when_it_has_waited_one_working_day(asked_at: str, due: str) -> None:
    assert nudge_at(at(asked_at), Calendar()) == at(due)


@given(st.integers(at("2026-01-01T00:00"), at("2026-12-30T00:00")))
def test_a_reminder_comes_in_office_hours_after_at_least_a_day(asked_at: int) -> None:
    due = nudge_at(asked_at, Calendar())
    assert due - asked_at >= 23 * 60 * 60 * 1000
    calendar = Calendar()
    clock = datetime.fromtimestamp(due / 1000, calendar.zone).time()
    assert calendar.day(calendar.today(due)).working
    assert any(opens <= clock < closes for opens, closes in calendar.hours)


def test_one_reminder_for_each_wait_and_none_once_it_is_answered() -> None:
    calendar = Calendar()
    first = nudges(ASKED, [2, 8], calendar)
    assert [one.notice.to.person_id for one in first] == [2, 8]
    answered = decide(ASKED, Move.ANSWER, OFFICER, NOW + 1)
    assert nudges(answered, [2], calendar) == []
    again = nudges(decide(answered, Move.ADD, LIAISON, NOW + 2), [2], calendar)
    assert again[0].notice.key != first[0].notice.key
