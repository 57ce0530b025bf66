"""Whom something is for."""

from dataclasses import replace

from domain.audience import USUAL, By, Office, Picked, cleared, options, select, toggled
from domain.bases import Base, Status
from domain.people import Person, PhoneCheck, Role

PERSON = Person(1, "林知行", 700, None, None, None, PhoneCheck.NONE, None, True, 1)
BASE = Base(1, "A", "甲大学", "甲", "U", "高校", "成都", "第一批", "2024-12-20", None, "转化处")
OTHER = replace(BASE, id=2, short_name="乙", city="绵阳", batch="第二批", kind="科研院所")
LEFT = replace(BASE, id=3, short_name="丙", status=Status.LEFT)
OFFICES = [
    Office(BASE, Role.LIAISON, PERSON),
    Office(BASE, Role.HEAD, PERSON),
    Office(BASE, Role.DEPUTY, replace(PERSON, id=2, telegram_id=None)),
    Office(OTHER, Role.LIAISON, replace(PERSON, id=3)),
    Office(OTHER, Role.DEPUTY, PERSON),  # one person in two offices
    Office(LEFT, Role.LIAISON, replace(PERSON, id=4)),
]
PICKED = Picked(1, "event", 1)


def ids(picked: Picked) -> list[int]:
    return [person.id for person in select(OFFICES, picked).people]


def test_usually_it_is_the_liaisons_and_deputies_of_active_bases_each_once() -> None:
    found = select(OFFICES, PICKED)
    assert [person.id for person in found.people] == [1, 3]
    assert [one.person.id for one in found.by_phone] == [2]
    assert [base.id for base in found.bases] == [1, 2]


def test_dimensions_must_all_agree_and_of_a_dimension_any_word_will_do() -> None:
    assert ids(replace(PICKED, words={**USUAL, By.CITY: ("绵阳",)})) == [3, 1]
    assert ids(replace(PICKED, words={**USUAL, By.CITY: ("绵阳", "成都")})) == [1, 3]
    assert ids(replace(PICKED, words={**USUAL, By.CITY: ("绵阳",), By.BATCH: ("第一批",)})) == []
    assert ids(replace(PICKED, words={By.ROLE: ("head",)})) == [1]
    assert ids(replace(PICKED, words={By.BASE: ("3",)})) == [4]
    assert ids(replace(PICKED, words={})) == [1, 3, 4]


def test_a_word_is_taken_in_and_out_and_all_are_cleared() -> None:
    once = replace(PICKED, words=toggled(PICKED, By.CITY, "绵阳"))
    assert once.of(By.CITY) == ("绵阳",)
    assert replace(PICKED, words=toggled(once, By.CITY, "绵阳")).of(By.CITY) == ()
    assert replace(PICKED, words=cleared(PICKED, By.ROLE)).of(By.ROLE) == ()


def test_the_options_are_those_of_the_directory() -> None:
    assert options(OFFICES, By.CITY) == ["成都", "绵阳"]
    assert options(OFFICES, By.STATUS) == ["active", "left"]
    assert options(OFFICES, By.BASE) == ["1", "2", "3"]


def test_another_audience_has_another_fingerprint() -> None:
    seen = select(OFFICES, PICKED).fingerprint
    assert select(OFFICES, PICKED).fingerprint == seen
    assert select(OFFICES[1:], PICKED).fingerprint != seen
    blocked = [replace(OFFICES[0], person=replace(PERSON, reachable=False)), *OFFICES[1:]]
    assert select(blocked, PICKED).fingerprint != seen
