"""A handover amid work: each thing that was in the leaver's hands goes over, or ends (Article 8)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.rehearsal.people import Person
from domain.notices import Kind, Lane, SendState
from domain.people import Role
from domain.uploads import State
from handlers import letters
from storage import attachments, download_links, drafts, obligations, outbox, upload_links
from tests import papers
from tests.flows.conftest import House
from tests.flows.handing import LEAVER, NAME, PATIENCE, person_id_of, sends_to, succeed
from tests.flows.test_bad_input import at_files

FAR = 10**13
WARNED = papers.letter("联系人林某，手机 13800138000。")


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


@pytest.fixture
async def liaison(house: House, officer: Person) -> Person:
    return await house.enrolled(Role.LIAISON, LEAVER, "YS01")


async def test_a_held_file_asks_the_successor_and_goes_on_by_their_answer(
    house: House, officer: Person, liaison: Person
) -> None:
    await house.enrolled(Role.REVIEWER, "严守正（演示）", "YS01", phone="+8610000000103")
    await at_files(house, liaison)
    liaison.send_document("名单.docx", WARNED)
    asked = await liaison.expect("请核对后再使用")
    newcomer = await succeed(house)
    assert "未完成表单 1 份" in "".join(m.text for m in newcomer.messages())
    again = await newcomer.expect("请核对后再使用", timeout=PATIENCE)
    await liaison.press_data(again.data("请保密审查人确认"), asked).answered()
    async with house.database.read() as tx:
        [file] = await attachments.list_by(tx, range(1, 9))
    assert file.state is State.HELD
    assert file.person_id == await person_id_of(house, newcomer)
    newcomer.send("/requests")  # the draft that the file is for is theirs too
    await newcomer.expect("我的申请")
    async with house.database.tx() as tx:
        draft = await drafts.find(tx, "say", person_id=file.person_id, base_id=None, subject_id=1)
    assert draft is not None
    assert draft.answers["text"] == "见附件"
    newcomer.press("请保密审查人确认", again)
    await newcomer.expect("严守正（演示）")


async def test_links_that_the_leaver_was_given_end(house: House, liaison: Person) -> None:
    leaver_id = await person_id_of(house, liaison)
    now = SystemClock().now()
    async with house.database.tx() as tx:
        up = await upload_links.add(
            tx, person_id=leaver_id, purpose="draft.files", subject_id=1, title="补充材料", now=now
        )
        down = await download_links.add(
            tx,
            person_id=leaver_id,
            sha256="0" * 64,
            name="a.pdf",
            media_type="application/pdf",
            size=1,
            now=now,
        )
    await succeed(house)
    async with house.database.read() as tx:
        link = await upload_links.get(tx, up)
        assert await download_links.get(tx, down) is None
    assert link is not None
    assert link.ended_at is not None


async def test_reminders_are_the_successors_and_would_be_planned_anew_for_one_who_returns(
    house: House, liaison: Person
) -> None:
    leaver_id = await person_id_of(house, liaison)
    due, now = date.today() + timedelta(days=20), SystemClock().now()  # noqa: DTZ011
    async with house.database.tx() as tx:
        [obligation_id] = (await obligations.open_year(tx, "annual_report", due.year, due, now))[:1]
    await queued(house, liaison, leaver_id, Kind.NUDGE, "annual_report:T-7:person:", obligation_id)
    newcomer = await succeed(house)
    [left] = await sends_to(house, leaver_id, Kind.NUDGE)
    assert (left["state"], left["key"]) == ("dropped", None)
    theirs = await sends_to(house, await person_id_of(house, newcomer), Kind.NUDGE)
    assert {row["state"] for row in theirs} == {"planned"}
    assert {row["facts"] is not None and json.loads(row["facts"])["step"] for row in theirs} >= {"T-7", "T-1"}


async def test_an_announcement_that_waits_for_the_leaver_goes_to_the_successor(
    house: House, officer: Person, liaison: Person
) -> None:
    leaver_id = await person_id_of(house, liaison)
    await queued(house, liaison, leaver_id, Kind.BROADCAST, "announcement:7:person:")
    await queued(house, liaison, leaver_id, Kind.RECEIPT, "")
    newcomer = await succeed(house)
    new_id = await person_id_of(house, newcomer)
    [left] = await sends_to(house, leaver_id, Kind.BROADCAST)
    assert (left["state"], left["error"]) == ("dropped", "not in office")
    [theirs] = await sends_to(house, new_id, Kind.BROADCAST)
    assert (theirs["state"], theirs["chat_id"]) == ("queued", newcomer.id)
    assert theirs["key"] == f"announcement:7:person:{new_id}"
    assert json.loads(theirs["payload"])["chat_id"] == newcomer.id
    waiting = [row for row in await sends_to(house, leaver_id, Kind.RECEIPT) if row["due_at"] == FAR]
    assert [row["state"] for row in waiting] == ["dropped"]
    async with house.database.tx() as tx:  # what a person of the centre might have sent again
        uncertain = outbox.Result(left["id"], SendState.UNCERTAIN, 1, 1)
        await outbox.settle(tx, [uncertain], 1)
        assert await outbox.requeue(tx, [left["id"]], 2) == []


async def queued(
    house: House, person: Person, person_id: int, kind: Kind, key: str, obligation_id: int | None = None
) -> None:
    """A send that waits for its hour."""
    payload = letters.message(person.id, "通知")
    row = letters.row(
        "sendMessage", payload, FAR, chat_id=person.id, kind=kind, lane=Lane.BULK, person_id=person_id
    )
    async with house.database.tx() as tx:
        about: dict[str, Any] = (
            {"subject_kind": "obligation", "subject_id": obligation_id} if obligation_id else {}
        )
        await outbox.insert(tx, [replace(row, key=f"{key}{person_id}" if key else None, **about)])


async def test_a_leaver_whose_account_is_gone_is_succeeded_all_the_same(
    house: House, officer: Person, liaison: Person
) -> None:
    await at_files(house, liaison)
    liaison.deactivate()
    newcomer = await succeed(house)
    assert f"{LEAVER} → {NAME}" in (await officer.expect("联络员已变更", timeout=PATIENCE)).text
    newcomer.send("/menu")
    await newcomer.expect("蜀江理工")
