"""A list of bases as centres really keep it, read and kept on both databases."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from stdnum.cn import uscc as credit_code

from bot import roster, sheets
from domain.notices import Subject
from domain.people import PhoneCheck, Role
from domain.roster import COLUMNS
from storage import audit, bases, people
from storage.engine import Database

NOW = 1_790_000_000_000
CHINESE = (
    "基地代码",
    "单位全称*",
    "简称",
    "统一社会信用代码",
    "类型",
    "所在市",
    "批次",
    "认定日期（年-月-日）",
    "项目开始日期",
    "责任处室",
    "联络员",
    "联络员电话",
    "备岗联络员（B角）",
    "电话",
    "责任处室负责人",
    "电话",
)


def uscc_of(number: int) -> str:
    stem = f"12510000D{number:08d}"
    return stem + str(credit_code.calc_check_digit(stem))


def row(number: int, **changes: object) -> list[Any]:
    cells: dict[str, object] = {
        "code": f"YS{number:02d}",
        "name": f"蜀江第{number}大学（演示）",
        "short_name": "",
        "uscc": uscc_of(number),
        "kind": "高校",
        "city": "成都",
        "batch": "第一批",
        "recognised_on": "2024-12-20",
        "project_start": "",
        "department": "科技处",
        "liaison_name": f"林知行{number}",
        "liaison_phone": f"1000{number:07d}",
        "deputy_name": "",
        "deputy_phone": "",
        "head_name": "",
        "head_phone": "",
    }
    return list((cells | changes).values())


def xlsx(folder: Path, *rows: list[Any], edit: Callable[[Any], None] = lambda _: None) -> Path:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    edit(book.active)
    book.save(folder / "bases.xlsx")
    return folder / "bases.xlsx"


def csv(folder: Path, *rows: list[Any], separator: str = ",", encoding: str = "utf-8") -> Path:
    text = "".join(separator.join(map(str, cells)) + "\r\n" for cells in rows)
    (folder / "bases.csv").write_bytes(text.encode(encoding))
    return folder / "bases.csv"


async def codes(database: Database) -> list[str]:
    async with database.read() as tx:
        return [base.code for base in await bases.listed(tx)]


async def holders(database: Database, role: Role = Role.LIAISON) -> list[tuple[str, str | None]]:
    async with database.read() as tx:
        return [(h.person.name, h.person.phone) for h in await people.holders(tx, [role])]


async def enrol(database: Database, name: str) -> None:
    async with database.tx() as tx:
        [person] = [h.person for h in await people.holders(tx, [Role.LIAISON]) if h.person.name == name]
        await people.enrol(
            tx,
            person.id,
            telegram_id=7,
            phone=person.phone or "",
            check=PhoneCheck.MATCHES,
            locale=None,
            now=NOW,
        )


async def test_a_workbook_is_read_as_excel_shows_it(database: Database, tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "示范基地名录"
        sheet.merge_cells("A1:P1")
        sheet.merge_cells("F3:F4")  # 所在市 of both

    changes = {"recognised_on": date(2024, 12, 20), "liaison_phone": 10000000101.0}
    changed = {"recognised_on": datetime(2025, 1, 2, 8, 30), "city": None}  # noqa: DTZ001  a workbook knows no zone
    file = xlsx(tmp_path, list(CHINESE), row(1, **changes), row(2, **changed), [None], edit=edit)
    outcome = await roster.load(database, file, NOW)
    assert (outcome.added, outcome.problems) == (2, [])
    async with database.read() as tx:
        first, second = await bases.listed(tx)
    assert (first.recognised_on, first.short_name) == ("2024-12-20", first.name)
    assert (second.recognised_on, second.city) == ("2025-01-02", "成都")
    assert await holders(database) == [("林知行1", "+8610000000101"), ("林知行2", "+8610000000002")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_however_it_was_saved(tmp_path: Path, encoding: str, separator: str) -> None:
    file = csv(tmp_path, list(CHINESE), row(1), separator=separator, encoding=encoding)
    [(number, cells)] = sheets.read(file)
    assert (number, cells["name"], cells["liaison_name"]) == (2, "蜀江第1大学（演示）", "林知行1")


def test_damaged_utf_8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    file = csv(tmp_path, list(COLUMNS), row(1))
    file.write_bytes(file.read_bytes().replace("蜀".encode(), "蜀".encode()[:2]))
    with pytest.raises(sheets.Unreadable, match="damaged: UTF-8"):
        list(sheets.read(file))


async def test_importing_again_updates_and_says_what_changed(database: Database, tmp_path: Path) -> None:
    file = csv(tmp_path, list(COLUMNS), row(1), row(2), row(3), row(4))
    await roster.load(database, file, NOW)
    await enrol(database, "林知行1")
    again = csv(
        tmp_path,
        list(COLUMNS),
        row(1, city="绵阳", project_start="2025-01-01", liaison_name="林知星1", deputy_name="苏小溪"),
        row(2, liaison_phone="10000000222"),
        row(3, liaison_name="周明远", liaison_phone="10000000333"),
        row(4, liaison_phone=""),
        row(5),
    )
    outcome = await roster.load(database, again, NOW + 1)
    assert [line for change in outcome.updated for line in change.lines()] == [
        "YS01: city: 成都 → 绵阳",
        "YS01: project_start: ∅ → 2025-01-01",
        "YS01: liaison: 林知行1 → 林知星1 (renamed)",
        "YS01: deputy: 苏小溪 added",
        "YS02: liaison: 林知行2: number 100****0002 → 100****0222",
        "YS03: liaison: 林知行3 → 周明远 (replaced)",
    ]
    assert str(outcome) == "1 bases imported, 3 updated, 1 unchanged"
    assert sorted(await holders(database)) == [
        ("周明远", "+8610000000333"),
        ("林知星1", "+8610000000001"),
        ("林知行2", "+8610000000222"),
        ("林知行4", "+8610000000004"),
        ("林知行5", "+8610000000005"),
    ]
    async with database.read() as tx:
        renamed = await people.by_telegram(tx, 7)
        trail = [line["action"] for line in await audit.trail(tx, Subject("base", 1))]
    assert renamed is not None
    assert (renamed.name, renamed.enrolled_at) == ("林知星1", NOW)
    assert trail == ["base_imported", "base_updated"]


async def test_who_is_enrolled_is_not_replaced_by_a_list(database: Database, tmp_path: Path) -> None:
    await roster.load(database, csv(tmp_path, list(COLUMNS), row(1)), NOW)
    await enrol(database, "林知行1")
    other = csv(tmp_path, list(COLUMNS), row(1, liaison_name="周明远", liaison_phone="10000000333"))
    outcome = await roster.load(database, other, NOW)
    assert [str(problem) for problem in outcome.problems] == [
        "row 2: liaison_name: is not 林知行1, who is enrolled: that is changed by a handover"
    ]
    assert await holders(database) == [("林知行1", "+8610000000001")]


async def test_who_is_replaced_can_use_no_code_any_more(database: Database, tmp_path: Path) -> None:
    await roster.load(database, csv(tmp_path, list(COLUMNS), row(1)), NOW)
    async with database.tx() as tx:
        [holder] = await people.holders(tx, [Role.LIAISON])
        code = await people.invite(tx, holder.person.id, Role.LIAISON, 1, now=NOW, expires_at=NOW + 9_999)
    other = csv(tmp_path, list(COLUMNS), row(1, liaison_name="周明远", liaison_phone="10000000333"))
    await roster.load(database, other, NOW + 1)
    async with database.tx() as tx:
        invitation = await people.lock_invitation(tx, code)
    assert invitation is not None
    assert invitation.expires_at == NOW + 1


async def test_valid_rows_leaves_out_the_bad_ones(database: Database, tmp_path: Path) -> None:
    rows = row(1), row(2, uscc=uscc_of(2)[:-1] + "X"), row(3), row(4), row(4, liaison_name="周明远")
    file = csv(tmp_path, list(COLUMNS), *rows)
    refused = await roster.load(database, file, NOW)
    assert (refused.changes, await codes(database)) == ([], [])
    outcome = await roster.load(database, file, NOW, valid_rows=True)
    assert await codes(database) == ["YS01", "YS03"]
    assert [str(problem) for problem in outcome.problems] == [
        "row 3: uscc: is not a unified social credit code (18 characters, GB 32100)",
        "row 5: liaison_name: YS04 is listed with more than one liaison",
        "row 6: code: is there already",
        "row 6: uscc: is there already",
        "row 6: liaison_name: YS04 is listed with more than one liaison",
    ]


async def test_a_credit_code_of_another_base_is_refused(database: Database, tmp_path: Path) -> None:
    await roster.load(database, csv(tmp_path, list(COLUMNS), row(1)), NOW)
    outcome = await roster.load(database, csv(tmp_path, list(COLUMNS), row(2, uscc=uscc_of(1))), NOW)
    assert [str(problem) for problem in outcome.problems] == ["row 2: uscc: is YS01's on record"]


async def test_two_thousand_bases_take_less_than_ten_seconds(database: Database, tmp_path: Path) -> None:
    named = {"deputy_name": "苏小溪", "deputy_phone": "10000000102", "head_name": "高文博"}
    file = xlsx(tmp_path, list(CHINESE), *(row(number, **named) for number in range(2_000)))
    seen: list[tuple[int, int]] = []
    begun = time.monotonic()
    outcome = await roster.load(database, file, NOW, progress=lambda *done: seen.append(done))
    taken = time.monotonic() - begun
    assert outcome.added == 2_000
    assert len(await holders(database, Role.DEPUTY)) == 2_000
    assert (seen[0], seen[-1]) == ((0, 4_000), (3_500, 4_000))
    assert taken < 10


def test_a_number_that_excel_cut_short_is_named(tmp_path: Path) -> None:
    file = xlsx(tmp_path, list(COLUMNS), row(1, uscc=510100000000000014.0))
    [problem] = roster.roster.check(list(sheets.read(file)))[1]
    assert problem.reason == "lost digits when a spreadsheet made a number of it: enter it as text"


def test_what_a_formula_gives_is_read(tmp_path: Path) -> None:
    file = xlsx(tmp_path, list(COLUMNS), row(1, city="CITY"))
    _rewrite(file, "xl/worksheets/sheet1.xml", lambda xml: _with_formula(xml, b"<v>Chengdu</v>"))
    [(_, cells)] = sheets.read(file)
    assert cells["city"] == "Chengdu"


def _with_formula(xml: bytes, value: bytes, kind: bytes = b"str") -> bytes:
    begin = xml.index(b'<c r="F2"')
    end = xml.index(b"</c>", begin)
    return xml[:begin] + b'<c r="F2" t="' + kind + b'"><f>A1</f>' + value + xml[end:]


def _rewrite(file: Path, name: str, edit: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, part in parts.items():
            archive.writestr(entry, edit(part) if entry == name else part)


def _formula(folder: Path) -> Path:
    return xlsx(folder, list(COLUMNS), row(1, city='="成"&"都"'))


def _error(folder: Path) -> Path:
    file = xlsx(folder, list(COLUMNS), row(1))
    _rewrite(file, "xl/worksheets/sheet1.xml", lambda xml: _with_formula(xml, b"<v>#REF!</v>", b"e"))
    return file


def _far(folder: Path) -> Path:
    return xlsx(folder, list(COLUMNS), row(1), edit=lambda sheet: sheet.cell(1_048_576, 16_384, "x"))


def _wide(folder: Path) -> Path:
    return xlsx(folder, list(COLUMNS), row(1), edit=lambda sheet: sheet.cell(2, 16_384, "x"))


def _long_csv(folder: Path) -> Path:
    return csv(folder, list(COLUMNS), *([row(1)] * 100_000))


def _bytes(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def _zip(entries: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _lying_bomb(folder: Path) -> Path:
    """60 MB under the name of 100 bytes."""
    content = bytearray(_zip({"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 60_000_000}))
    directory = content.rindex(b"PK\x01\x02")
    for place in (content.index(b"PK\x03\x04") + 22, directory + 24):
        content[place : place + 4] = (100_000).to_bytes(4, "little")
    return _bytes("bases.xlsx", bytes(content))(folder)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_formula, "bases.xlsx: row 2, column 6: a formula without its value"),
        (_error, "bases.xlsx: row 2, column 6: an error instead of a value"),
        (_far, "bases.xlsx: more than 20,000 rows"),
        (_wide, "bases.xlsx: more than 200 columns"),
        (_long_csv, "bases.csv: more than 20,000 rows"),
        (_bytes("bases.xlsx", b"%PDF-1.7\n"), "bases.xlsx: not an .xlsx workbook"),
        (_bytes("bases.xlsx", b""), "bases.xlsx: not an .xlsx workbook"),
        (_bytes("bases.csv", b""), "bases.csv: the first line lacks the columns code"),
        (
            _bytes("bases.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            "an old .xls file, or one with a password",
        ),
        (_bytes("bases.xlsx", _zip({"a.xml": b"<a/>"})), "not an .xlsx workbook"),
        (_bytes("bases.xlsx", _zip({"a.xml": b"<a"})), "its XML is damaged"),
        (_bytes("bases.xlsx", b"PK\x03\x04 and no more"), "the archive is damaged"),
        (_bytes("bases.xlsx", _zip({"a.xml": b" " * 51 * 1024 * 1024})), "unpacks to far more"),
        (_bytes("bases.xlsx", _zip({f"{n}.xml": b"<a/>" for n in range(2_001)})), "unpacks to far more"),
        (_bytes("bases.xlsx", _zip({"a.xml": b" " * 1024 * 1024})), "unpacks to far more"),
        (_lying_bomb, "the archive is damaged"),
        (lambda folder: csv(folder, [*COLUMNS, "代码"], row(1)), "more than one column for code"),
    ],
)
def test_what_is_no_list_is_said_in_one_line(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    with pytest.raises(sheets.Unreadable) as raised:
        list(sheets.read(make(tmp_path)))
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_hundred_thousand_rows_of_a_workbook_are_refused_before_they_are_read(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(COLUMNS))
    for number in range(100_000):
        sheet.append(row(number)[:4])
    book.save(tmp_path / "bases.xlsx")
    begun = time.process_time()
    with pytest.raises(sheets.Unreadable, match="more than 20,000 rows"):
        list(sheets.read(tmp_path / "bases.xlsx"))
    assert time.process_time() - begun < 5
