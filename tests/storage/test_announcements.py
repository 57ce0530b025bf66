"""Announcements, receipts, panels and the decisions about sends, on both databases."""

from dataclasses import replace

from domain.announcements import State
from domain.notices import Kind, SendState
from domain.people import Membership, PhoneCheck, Role
from storage import announcements, bases, jobs, outbox, people
from storage.engine import Database, Tx
from storage.outbox import Result
from tests.storage.test_obligations import a_base
from tests.storage.test_outbox import a_row

NOW = 1_790_000_000_000


async def an_announcement(tx: Tx) -> tuple[int, int]:
    """Its id and its drafter's."""
    drafter = await people.add(tx, "周明远", NOW)
    made = await announcements.add(
        tx, title="安全检查", body="请自查。", reply_by=None, drafter_id=drafter, now=NOW
    )
    return made, drafter


async def a_person(tx: Tx, name: str, role: Role, base_id: int, telegram_id: int | None) -> int:
    person_id = await people.add(tx, name, NOW)
    await people.appoint(tx, person_id, Membership(role, base_id), NOW)
    if telegram_id is not None:
        await people.enrol(
            tx, person_id, telegram_id=telegram_id, phone="1", check=PhoneCheck.NONE, locale=None, now=NOW
        )
    return person_id


async def test_it_is_kept_moved_once_and_found_again(database: Database) -> None:
    async with database.tx() as tx:
        made, drafter = await an_announcement(tx)
        draft = await announcements.lock(tx, made)
        assert draft is not None
        assert (draft.state, draft.rev, draft.issued, draft.reply_by) == (State.SUBMITTED, 0, None, None)
        moved = replace(
            draft, state=State.SIGNED, rev=1, signer_id=drafter, issued={"centre": "中心"}, signed_at=NOW
        )
        assert await announcements.save(tx, moved)
        assert not await announcements.save(tx, moved)
        assert await announcements.get(tx, made) == moved
        assert await announcements.newest(tx, 5) == [moved]
        assert await announcements.get(tx, made + 1) is None


async def test_the_audience_is_who_is_in_office_with_the_bases_that_have_nobody(database: Database) -> None:
    async with database.tx() as tx:
        ids = await bases.add_all(tx, [a_base("A"), a_base("B")])
        reached = await a_person(tx, "林知行", Role.LIAISON, ids["A"], 700)
        invited = await a_person(tx, "苏小溪", Role.DEPUTY, ids["A"], None)
        await a_person(tx, "高文博", Role.HEAD, ids["A"], 701)
        audience = await announcements.audience(tx)
    assert [(h.base, h.person_id, h.by_phone) for h in audience.offices] == [
        ("A", reached, False),
        ("A", invited, True),
        ("B", None, True),
    ]


async def test_recipients_and_receipts_are_the_bases(database: Database) -> None:
    async with database.tx() as tx:
        ids = await bases.add_all(tx, [a_base("A"), a_base("B")])
        liaison = await a_person(tx, "林知行", Role.LIAISON, ids["A"], 700)
        deputy = await a_person(tx, "苏小溪", Role.DEPUTY, ids["A"], 701)
        made, _ = await an_announcement(tx)
        offices = (await announcements.audience(tx)).offices
        await announcements.add_recipients(tx, made, offices)
        assert await announcements.bases_of(tx, made) == {ids["A"]: "A", ids["B"]: "B"}
        assert await announcements.count_by_phone(tx, made) == 1
        assert await announcements.receive(tx, made, ids["A"], liaison, NOW)
        assert not await announcements.receive(tx, made, ids["A"], deputy, NOW + 1)
        [receipt] = await announcements.receipts(tx, made)
        assert (receipt.base, receipt.name, receipt.at) == ("A", "林知行", NOW)


async def test_a_base_finds_what_was_signed_for_it(database: Database) -> None:
    async with database.tx() as tx:
        ids = await bases.add_all(tx, [a_base("A"), a_base("B")])
        await a_person(tx, "林知行", Role.LIAISON, ids["A"], 700)
        made, _ = await an_announcement(tx)
        offices = [o for o in (await announcements.audience(tx)).offices if o.base_id == ids["A"]]
        await announcements.add_recipients(tx, made, offices)
        assert await announcements.newest_of_bases(tx, [ids["A"]], 5) == []
        draft = await announcements.get(tx, made)
        assert draft is not None
        await announcements.save(tx, replace(draft, state=State.SIGNED, rev=1))
        assert [a.id for a in await announcements.newest_of_bases(tx, [ids["A"]], 5)] == [made]
        assert await announcements.newest_of_bases(tx, [ids["B"]], 5) == []


async def test_only_uncertain_sends_of_broadcasts_are_taken_as_delivered(database: Database) -> None:
    async with database.tx() as tx:
        made, person = await an_announcement(tx)
        base = replace(
            a_row(1), kind=Kind.BROADCAST, person_id=person, subject_kind="announcement", subject_id=made
        )
        rows = await outbox.insert(tx, [replace(base, state=SendState.SENDING) for _ in range(3)])
        doubt = Result(rows[0].id, SendState.UNCERTAIN, 1, 1)
        blocked = Result(rows[1].id, SendState.FAILED, 1, 0, error="blocked")
        refused = Result(rows[2].id, SendState.FAILED, 1, 0, error="x", reference="A7K2M9")
        await outbox.settle(tx, [doubt, blocked, refused], NOW)
        found = await announcements.deliveries(tx, made)
        assert [(d.uncertain, d.blocked, d.failed) for d in found] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]
        assert await announcements.of_delivery(tx, rows[0].id) == made
        assert await announcements.take_as_delivered(tx, [row.id for row in rows]) == 1
        assert await announcements.take_as_delivered(tx, [row.id for row in rows]) == 0
        assert (await announcements.deliveries(tx, made))[0].state is SendState.SENT


async def test_a_panel_is_one_a_person_and_a_watch_one_an_instant(database: Database) -> None:
    async with database.tx() as tx:
        made, drafter = await an_announcement(tx)
        await announcements.open_panels(tx, made, [drafter])
        await announcements.open_panels(tx, made, [drafter])
        [panel] = await announcements.lock_panels(tx, made)
        drawn = replace(panel, message_row=4, shown="x", drawn_at=NOW)
        await announcements.save_panel(tx, drawn)
        assert await announcements.lock_panels(tx, made) == [drawn]
        assert await announcements.watch(tx, made, NOW + 3000, NOW)
        assert not await announcements.watch(tx, made, NOW + 3000, NOW)
        assert await jobs.claim(tx, NOW, NOW + 1, 5) == []
        [job] = await jobs.claim(tx, NOW + 3000, NOW + 9000, 5)
    assert (job.kind, job.args) == (announcements.WATCH, {"announcement_id": made})
