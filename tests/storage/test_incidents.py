"""The register of what was blocked, on both databases."""

import asyncio
from typing import Any

from domain.confidential.findings import Part, Place, Rule
from domain.incidents import Carrier, Deletion, Found, Incident
from storage import incidents, people
from storage.engine import Database

NOW = 1_000_000
FOUND = (Found(Rule.STATE_MARK, Place(Part.PAGE, (3, 2))), Found(Rule.TRADE_MARK, Place(Part.FOOTER)))


async def add(database: Database, person_id: int, **changes: Any) -> int:
    values: dict[str, Any] = {
        "year": 2026,
        "attachment_id": None,
        "kind": Carrier.FILE,
        "found": FOUND,
        "sha256": "ab" * 32,
        "chat_id": 7,
        "message_id": 11,
        "sent_at": NOW - 5,
        "now": NOW,
    }
    async with database.tx() as tx:
        return await incidents.add(tx, person_id=person_id, **values | changes)


async def somebody(database: Database, name: str = "林知行") -> int:
    async with database.tx() as tx:
        return await people.add(tx, name, 1)


async def get(database: Database, incident_id: int) -> Incident | None:
    async with database.read() as tx:
        return await incidents.get(tx, incident_id)


async def test_what_is_registered_is_read_again(database: Database) -> None:
    person_id = await somebody(database)
    incident_id = await add(database, person_id)
    assert await get(database, incident_id) == Incident(
        id=incident_id,
        number="BM-2026-0001",
        person_id=person_id,
        kind=Carrier.FILE,
        found=FOUND,
        sha256="ab" * 32,
        chat_id=7,
        message_id=11,
        sent_at=NOW - 5,
        recorded_at=NOW,
        deletion=Deletion.OPEN,
        settled_at=None,
        acknowledged_at=None,
    )
    assert await get(database, incident_id + 1) is None


async def test_without_a_message_there_is_nothing_to_delete(database: Database) -> None:
    person_id = await somebody(database)
    incident_id = await add(
        database, person_id, chat_id=None, message_id=None, kind=Carrier.UPLOAD, attachment_id=5
    )
    async with database.read() as tx:
        incident = await incidents.of_attachment(tx, 5)
    assert incident is not None
    assert (incident.id, incident.deletion) == (incident_id, Deletion.NONE)


async def test_of_two_that_settle_it_one_does(database: Database) -> None:
    incident_id = await add(database, await somebody(database))

    async def settle(deletion: Deletion) -> bool:
        async with database.tx() as tx:
            return await incidents.settle(tx, incident_id, deletion, NOW + 1)

    assert sorted(await asyncio.gather(settle(Deletion.DONE), settle(Deletion.DONE))) == [False, True]
    assert not await settle(Deletion.FAILED)
    incident = await get(database, incident_id)
    assert incident is not None
    assert (incident.deletion, incident.settled_at) == (Deletion.DONE, NOW + 1)


async def test_only_whoever_sent_it_says_that_it_is_understood_and_once(database: Database) -> None:
    sender, other = await somebody(database), await somebody(database, "谭嘉禾")
    incident_id = await add(database, sender)
    async with database.tx() as tx:
        said = [
            await incidents.acknowledge(tx, incident_id, who, at)
            for who, at in ((other, 1), (sender, 2), (sender, 3))
        ]
    assert said == [False, True, False]
    incident = await get(database, incident_id)
    assert incident is not None
    assert incident.acknowledged_at == 2


async def test_the_newest_come_first(database: Database) -> None:
    person_id = await somebody(database)
    for _ in range(3):
        await add(database, person_id)
    async with database.read() as tx:
        assert [i.number for i in await incidents.newest(tx, 2)] == ["BM-2026-0003", "BM-2026-0002"]
