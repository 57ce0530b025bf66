"""What an erasure looks for, who may go, and which consent is missing."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import TABLE, Action
from domain.errors import Refused
from domain.people import Actor, ConsentKind, Membership, Role
from domain.privacy import (
    WAITS_FOR_CONSENT,
    Seen,
    SeenOn,
    by_day,
    known_as,
    looks_as,
    needles,
    outdated,
    require_successor,
)

PHONE = "+8613800138000"


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "+8613800138000",
        "86 138 0013 8000",
        "+86-138-0013-8000",
        "138-0013-8000",
        "013800138000",
    ],
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    [needle] = needles(None, [PHONE])
    assert needle.out_of(f"请拨{written}，谢谢") == "请拨***，谢谢"
    assert _like(needle.like, f"请拨{written}，谢谢")


@pytest.mark.parametrize("other", ["138001380001", "213800138000", "1380013800", "13900138000"])
def test_another_number_is_left_alone(other: str) -> None:
    [needle] = needles(None, [PHONE])
    assert needle.out_of(other) == other


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text(max_size=20), st.text(max_size=20))
def test_whatever_stands_around_it_the_candidate_is_found_in_sql_first(
    digits: str, before: str, after: str
) -> None:
    [needle] = needles(None, [f"+86{digits}"])
    text = f"{before}{digits}{after}"
    assert needle.out_of(text) == text or _like(needle.like, text)


def _like(pattern: str, text: str) -> bool:
    """SQL's LIKE, of a pattern without _."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("%"))), text, re.DOTALL) is not None


def test_a_telegram_id_leaves_json_as_json_and_longer_numbers_as_they_are() -> None:
    [needle] = needles(700_000_001, [])
    assert needle.out_of('{"chat_id": 700000001, "n": 7000000012}') == '{"chat_id": 0, "n": 7000000012}'


def test_what_is_too_short_for_a_number_is_not_looked_for() -> None:
    assert needles(None, ["123456", ""]) == []


def test_a_foreign_number_is_looked_for_without_its_plus() -> None:
    [needle] = needles(None, ["+4930123456"])
    assert needle.out_of("Tel. 4930123456.") == "Tel. ***."


def test_access_is_told_by_day_role_and_occasion() -> None:
    day = date(2026, 12, 3)
    seen = [(day, Role.OFFICER, Seen.FILE), (day, Role.ADMIN, Seen.FILE), (day, Role.OFFICER, Seen.FILE)]
    assert by_day(seen) == [SeenOn(day, Role.OFFICER, Seen.FILE, 2), SeenOn(day, Role.ADMIN, Seen.FILE, 1)]


def of(*roles: Role) -> Actor:
    return Actor(1, "甲", tuple(Membership(role, None) for role in roles))


def test_somebody_with_two_roles_looks_in_the_one_nearest_to_the_work() -> None:
    assert looks_as(of(Role.ADMIN, Role.OFFICER)) is Role.OFFICER
    assert looks_as(of(Role.DEPUTY)) is Role.DEPUTY


def test_records_speak_of_the_first_of_somebodys_offices() -> None:
    assert known_as([Role.DEPUTY, Role.LIAISON]) is Role.LIAISON


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER])
def test_the_last_admin_and_the_last_officer_stay_until_there_is_another(role: Role) -> None:
    with pytest.raises(Refused):
        require_successor(of(role), {role: 0})
    require_successor(of(role), {role: 1})
    require_successor(of(Role.SUPERVISOR), {})


def test_the_first_consent_that_is_not_of_this_version_is_missing() -> None:
    old = [(kind, "1") for kind in ConsentKind]
    assert outdated(old, "1") is None
    assert outdated(old, "2") is ConsentKind.PROCESSING
    assert outdated([*old, (ConsentKind.PROCESSING, "2")], "2") is ConsentKind.CROSS_BORDER


def test_nothing_of_a_deadline_waits_for_a_consent() -> None:
    assert {action for action in TABLE if action.value.startswith("report")}.isdisjoint(WAITS_FOR_CONSENT)
    assert WAITS_FOR_CONSENT.isdisjoint(
        {Action.NOTICE_RECEIVE, Action.REQUEST_SAY, Action.GATE_ANSWER, Action.PRIVACY, Action.MENU}
    )
