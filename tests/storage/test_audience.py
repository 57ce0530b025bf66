"""Audiences as they are picked, on both databases."""

from dataclasses import replace

from domain.audience import USUAL, By, select
from domain.notices import Subject
from domain.people import Role
from storage import audience, bases
from storage.engine import Database
from tests.storage.test_announcements import a_person
from tests.storage.test_obligations import a_base


async def test_what_is_picked_for_a_subject_is_the_usual_until_somebody_picks(database: Database) -> None:
    subject = Subject("event", 7)
    async with database.tx() as tx:
        picked = await audience.of_subject(tx, subject)
        assert (picked.words, picked.rev) == (USUAL, 0)
        await audience.save(tx, replace(picked, words={By.CITY: ("成都",)}, rev=1))
        again = await audience.of_subject(tx, subject)
        assert (again.id, again.words, again.rev) == (picked.id, {By.CITY: ("成都",)}, 1)
        assert await audience.lock(tx, picked.id) == again
        assert await audience.lock(tx, picked.id + 1) is None
        assert (await audience.of_subject(tx, Subject("event", 8))).words == USUAL


async def test_the_offices_are_those_held_now_in_the_order_of_the_directory(database: Database) -> None:
    async with database.tx() as tx:
        ids = await bases.add_all(tx, [a_base("A"), a_base("B")])
        second = await a_person(tx, "蒋晓岚", Role.LIAISON, ids["B"], 702)
        first = await a_person(tx, "林知行", Role.LIAISON, ids["A"], 701)
        await a_person(tx, "高文博", Role.HEAD, ids["A"], None)
        offices = await audience.offices(tx)
        picked = await audience.of_subject(tx, Subject("event", 7))
    assert [(one.base.code, one.role) for one in offices] == [
        ("A", Role.LIAISON),
        ("A", Role.HEAD),
        ("B", Role.LIAISON),
    ]
    assert [person.id for person in select(offices, picked).people] == [first, second]
