"""Whom a notice reaches."""

from domain.notices import To
from domain.people import CONSENT_VERSION, ConsentKind, Membership, PhoneCheck, Role
from storage import people
from storage.engine import Database, Tx
from storage.people import Known

OFFICERS = frozenset({Role.OFFICER})


async def officer(tx: Tx, name: str, routes: set[str], telegram_id: int | None) -> int:
    person_id = await people.add(tx, name, 1)
    await people.appoint(tx, person_id, Membership(Role.OFFICER, None, frozenset(routes)), 1)
    if telegram_id is not None:
        await people.enrol(
            tx,
            person_id,
            telegram_id=telegram_id,
            phone="+8610000000901",
            check=PhoneCheck.NONE,
            locale=None,
            now=2,
        )
    return person_id


async def told(database: Database, to: To) -> list[str]:
    async with database.read() as tx:
        return [person.name for person in await people.recipients(tx, to)]


async def test_the_route_decides_and_where_nobody_enrolled_takes_it_all_hear(database: Database) -> None:
    async with database.tx() as tx:
        await officer(tx, "周明远", {"金融"}, 101)
        await officer(tx, "何静宜", {"预审"}, None)
    assert await told(database, To(roles=OFFICERS, route="金融")) == ["周明远"]
    assert await told(database, To(roles=OFFICERS, route="预审")) == ["周明远"]
    async with database.tx() as tx:
        await officer(tx, "秦守一", {"预审"}, 102)
    assert await told(database, To(roles=OFFICERS, route="预审")) == ["秦守一"]


async def test_an_officer_without_routes_takes_every_route(database: Database) -> None:
    async with database.tx() as tx:
        await officer(tx, "周明远", set(), 101)
        await officer(tx, "秦守一", {"金融"}, 102)
    assert await told(database, To(roles=OFFICERS, route="预审")) == ["周明远"]
    assert await told(database, To(roles=OFFICERS)) == ["周明远", "秦守一"]


async def test_somebody_who_is_not_enrolled_is_not_written_to(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await officer(tx, "周明远", set(), None)
    assert await told(database, To(person_id=person_id)) == []


async def test_an_account_is_known_by_its_person_and_what_they_are_now(database: Database) -> None:
    async with database.tx() as tx:
        await officer(tx, "周明远", {"金融"}, 101)
        person_id = await officer(tx, "何静宜", set(), 102)
        await people.appoint(tx, person_id, Membership(Role.SUPERVISOR, None), 1)
        leaver = await people.add(tx, "秦守一", 1)
        await people.enrol(tx, leaver, telegram_id=103, phone="", check=PhoneCheck.NONE, locale=None, now=2)
        known = [
            await people.known_by_telegram(tx, telegram_id, CONSENT_VERSION)
            for telegram_id in (101, 102, 103, 104)
        ]
        for telegram_id, found in zip((101, 102, 103), known, strict=False):
            person = await people.by_telegram(tx, telegram_id)
            assert person is not None
            assert found == Known(person, await people.actor(tx, person), consent_due=False)
    assert known[3] is None
    assert known[2] is not None
    assert known[2].actor.memberships == ()


async def test_who_consented_to_an_older_notice_is_known_to_be_asked_again(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await officer(tx, "周明远", set(), 101)
        for version, kinds, due in (("1", ConsentKind, False), ("2", [], True), ("2", ConsentKind, False)):
            for kind in kinds:
                await people.consent(tx, person_id, kind, version, 1)
            known = await people.known_by_telegram(tx, 101, version)
            assert known is not None
            assert known.consent_due is due


async def test_a_role_held_twice_is_told_once(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await officer(tx, "周明远", set(), 101)
        await people.appoint(tx, person_id, Membership(Role.SUPERVISOR, None), 1)
    assert await told(database, To(roles=OFFICERS | {Role.SUPERVISOR})) == ["周明远"]


async def test_a_role_of_the_centre_ends_like_one_of_a_base(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await officer(tx, "周明远", set(), 101)
        await people.appoint(tx, person_id, Membership(Role.SUPERVISOR, None), 1)
        await people.relieve_all(tx, [(person_id, Membership(Role.OFFICER, None))], 5)
    assert await told(database, To(roles=OFFICERS)) == []
    assert await told(database, To(roles=frozenset({Role.SUPERVISOR}))) == ["周明远"]
