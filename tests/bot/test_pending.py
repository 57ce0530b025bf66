"""Everybody who is not enrolled gets one working invitation, in a file for handing out."""

import io
import stat
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import segno
from openpyxl import load_workbook

from bot import pending
from domain.bases import Base
from domain.people import Membership, PhoneCheck, Role
from messages import Catalog
from storage import bases, people
from storage.engine import Database

NOW = 1_790_000_000_000
SHEET = pending.Sheet("demo_bot", Catalog(), ZoneInfo("Asia/Shanghai"))
BASE = Base(
    id=0,
    code="YS01",
    name="蜀江理工大学（演示）",
    short_name="蜀江理工",
    uscc="12510000DEM000014E",
    kind="高校",
    city="成都",
    batch="第一批",
    recognised_on="2024-12-20",
    project_start=None,
    department="科技处",
)


async def populate(database: Database) -> None:
    """A liaison who is head as well, an officer, and a deputy who is enrolled."""
    async with database.tx() as tx:
        base_id = await bases.add(tx, BASE)
        liaison = await people.add(tx, "=林知行", NOW, phone="+8613800138000")
        deputy = await people.add(tx, "苏小溪", NOW, phone="+8610000000102")
        officer = await people.add(tx, "周明远", NOW)
        await people.add(tx, "已离任", NOW)
        for person_id, role, of_base in (
            (liaison, Role.LIAISON, base_id),
            (liaison, Role.HEAD, base_id),
            (deputy, Role.DEPUTY, base_id),
            (officer, Role.OFFICER, None),
        ):
            await people.appoint(tx, person_id, Membership(role, of_base), NOW)
        await enrol(tx, deputy)


async def enrol(tx: Any, person_id: int) -> None:
    await people.enrol(
        tx,
        person_id,
        telegram_id=person_id,
        phone="",
        check=PhoneCheck.NONE,
        locale=None,
        now=NOW,
    )


async def hand_out(database: Database, out: Path, now: int = NOW, *, force: bool = False) -> int:
    with pending.reserved(out, force=force) as file:
        return await pending.invite(database, SHEET, file, now)


def rows(out: Path) -> list[tuple[Any, ...]]:
    return list(load_workbook(out).active.iter_rows(values_only=True))


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def code_of(row: tuple[Any, ...]) -> str:
    return str(row[4]).partition("?start=")[2]


async def test_a_row_a_person_with_a_link_that_works(database: Database, tmp_path: Path) -> None:
    await populate(database)
    out = tmp_path / "out.xlsx"
    assert await hand_out(database, out) == 2
    head, officer, liaison = rows(out)
    assert head == ("单位", "姓名", "角色", "手机", "链接", "二维码", "有效期至")
    assert officer[:4] == (None, "周明远", "经办人", None)
    assert liaison[:4] == ("蜀江理工大学（演示）", "=林知行", "联络员、责任处室负责人", "138****8000")
    assert liaison[6] == "2026-10-21"
    assert load_workbook(out).active["B3"].data_type == "s"
    async with database.tx() as tx:
        invitation = await people.lock_invitation(tx, code_of(liaison))
        assert invitation is not None
        assert (invitation.role, (await people.get(tx, invitation.person_id)).name) == (
            Role.LIAISON,
            "=林知行",
        )
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert names(tmp_path) - {"lianluo.db", "lianluo.db-wal", "lianluo.db-shm"} == {"out.xlsx"}


async def test_the_picture_beside_a_link_is_its_code(sqlite_migrated_url: str, tmp_path: Path) -> None:
    from storage.engine import connect

    database = await connect(sqlite_migrated_url)
    try:
        await populate(database)
        await hand_out(database, tmp_path / "out.xlsx")
    finally:
        await database.close()
    sheet = load_workbook(tmp_path / "out.xlsx").active
    drawn = {image.anchor._from.row + 1: image._data() for image in sheet._images}
    for number in (2, 3):
        expected = io.BytesIO()
        link = str(sheet.cell(number, 5).value)
        segno.make_qr(link, error="m").save(expected, kind="png", scale=3)
        assert drawn[number] == expected.getvalue()


async def test_only_the_newest_code_works(database: Database, tmp_path: Path) -> None:
    await populate(database)
    await hand_out(database, tmp_path / "first.xlsx")
    first = code_of(rows(tmp_path / "first.xlsx")[2])
    async with database.tx() as tx:
        opened = await people.lock_invitation(tx, first)
        assert opened is not None
        await people.claim_invitation(tx, opened, 99, NOW)
    await hand_out(database, tmp_path / "second.xlsx", NOW + 1)
    newest = code_of(rows(tmp_path / "second.xlsx")[2])
    async with database.tx() as tx:
        old, new = await people.lock_invitation(tx, first), await people.lock_invitation(tx, newest)
        assert old is not None
        assert new is not None
        assert old.expires_at == NOW + 1 < new.expires_at
        assert await people.claimed_invitation(tx, 99) is None


async def test_who_enrolled_meanwhile_gets_no_code(database: Database, tmp_path: Path) -> None:
    await populate(database)
    async with database.read() as tx:
        codes = [(people.new_code(), holder) for holder, _ in await people.pending(tx)]
    async with database.tx() as tx:
        await enrol(tx, codes[0][1].person.id)
    async with database.tx() as tx:
        given = await people.invite_all(tx, codes, now=NOW, expires_at=NOW + 1)
        assert await people.lock_invitation(tx, codes[0][0]) is None
    assert {membership.role for _, membership in given} == {Role.LIAISON, Role.HEAD}


async def test_a_file_that_is_there_is_kept_unless_forced(database: Database, tmp_path: Path) -> None:
    await populate(database)
    out = tmp_path / "out.xlsx"
    out.write_text("mine")
    with pytest.raises(FileExistsError):
        await hand_out(database, out)
    assert out.read_text() == "mine"
    await hand_out(database, out, force=True)
    assert len(rows(out)) == 3
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


@pytest.mark.parametrize("force", [False, True])
def test_nothing_is_left_of_what_failed(tmp_path: Path, force: bool) -> None:
    def fail(file: Path) -> None:
        file.write_text("half")
        raise OSError("the disk is full")

    out = tmp_path / "out.xlsx"
    with pytest.raises(OSError, match="the disk is full"), pending.reserved(out, force=force) as file:
        fail(file)
    assert names(tmp_path) == set()
