"""A year taken along: whole or not at all, every figure and file of it, and what is wrong with it said."""

import asyncio
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from bot.collation.collate import Empty, Outcome, collate
from bot.collation.export import into_folder
from bot.collation.tree import Unfit, new_archive, new_folder
from domain.annual_content import Part, Source
from domain.annual_editing import Editing, Written, enter, revise
from domain.annual_report import Move, State
from domain.notices import Subject
from storage import annual, audit
from storage.engine import Database
from tests.bot.year import AS_OF, NOW, OFFICE, Books, acting, at

ODD = "岷江/医科..\\大学:“甲”<…>"


@pytest.fixture
async def books(database: Database, tmp_path: Path) -> Books:
    """Accepted; submitted on the 18th, late; nothing; returned with changes; a draft."""
    made = Books(database, tmp_path)
    await made.open("蜀江理工", "涪川材料院", "=1+1某所", ODD, "草稿单位")
    await made.report(1, State.ACCEPTED, {"I04": "20", "I16": "100.5"})
    await made.report(2, State.SUBMITTED, {"I04": "7", "D01": "是"}, now=at("2026-12-18T10:00"))
    await made.report(4, State.RETURNED, {"I04": "3"})
    await made.report(5, State.DRAFT, {"I04": "9999"})
    return made


async def taken(books: Books, target: Path, year: int = 2026) -> Outcome:
    return await into_folder(books.database, books.files, OFFICE, year, target, lambda done, total: None)


def told(target: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# --- whole ------------------------------------------------------------------------------------------------


async def test_the_manifest_has_every_file_with_its_checksum(books: Books, tmp_path: Path) -> None:
    target = tmp_path / "out"
    outcome = await taken(books, target)
    listed = {one["path"]: one for one in told(target)["files"]}
    assert files_in(target) == {"manifest.json", *listed}
    for path, one in listed.items():
        content = (target / path).read_bytes()
        assert (one["size"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert told(target)["problems"] == []
    assert (outcome.bases, len(outcome.written)) == (5, len(listed))


async def test_each_base_has_a_folder_that_is_no_path(books: Books, tmp_path: Path) -> None:
    await taken(books, tmp_path / "out")
    folders = sorted(path.name for path in (tmp_path / "out" / "各基地").iterdir())
    assert folders == ["YS01 蜀江理工", "YS02 涪川材料院", "YS04 岷江_医科._大学_“甲”_…_"]
    assert files_in(tmp_path / "out" / "各基地" / folders[0]) == {
        "蜀江理工2026年度工作总结（第1版）.docx",
        "填报内容（第1版）.json",
        "01 附表与佐证 附表_转化合同_清单….xlsx",
        "02 盖章件 盖章件.pdf",
    }
    assert {path.name for path in tmp_path.iterdir()} >= {"out"}
    assert not any(path.name.startswith(".out") for path in tmp_path.iterdir())


async def test_what_was_entered_is_kept_as_it_was_signed(books: Books, tmp_path: Path) -> None:
    await taken(books, tmp_path / "out")
    record = tmp_path / "out" / "各基地" / "YS01 蜀江理工" / "填报内容（第1版）.json"
    async with books.database.read() as tx:
        found = await annual.of_base(tx, 1, 2026)
    assert found is not None
    assert hashlib.sha256(record.read_bytes()).hexdigest() == found.versions[0].sha256


async def test_a_draft_that_nobody_submitted_stays_with_its_base(books: Books, tmp_path: Path) -> None:
    await taken(books, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "2026年度数据汇总.xlsx")
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert 9999 not in values
    assert 20 in values


# --- the figures ------------------------------------------------------------------------------------------


async def test_totals_are_of_what_was_submitted_and_compared_where_both_years_were(
    books: Books, tmp_path: Path
) -> None:
    await books.report(1, State.ACCEPTED, {"I04": "16", "I16": "0"}, year=2025)
    await taken(books, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "2026年度数据汇总.xlsx")
    totals = {row[0]: row for row in book["汇总"].iter_rows(min_row=2, values_only=True)}
    assert totals["I04"][3:] == (3, 30, 1, 20, 16, 4, 25)
    assert totals["I16"][3:] == (3, 100.5, 1, 100.5, 0, 100.5, None)
    assert totals["P01"][3:] == (0, None, None, None, None, None, None)
    rows = {row[1]: row for row in book["2026年"].iter_rows(values_only=True)}
    heading = next(book["2026年"].iter_rows(values_only=True))
    place = next(n for n, text in enumerate(heading) if str(text).startswith("I04 "))
    assert [rows[name][place] for name in ("蜀江理工", "涪川材料院", "=1+1某所", "合计")] == [20, 7, None, 30]
    assert rows["涪川材料院"][2:6] == ("审核中", 1, "2026-12-18", "逾期")
    before = {row[1]: row for row in book["2025年"].iter_rows(values_only=True)}
    assert before["蜀江理工"][5] == before["合计"][5] == 16
    changes = {row[1]: row for row in book["增减"].iter_rows(values_only=True)}
    assert changes["蜀江理工"][5] == changes["合计"][5] == 4
    assert changes["涪川材料院"][5] is None


async def test_no_name_becomes_a_formula(books: Books, tmp_path: Path) -> None:
    await taken(books, tmp_path / "out")
    package = zipfile.ZipFile(tmp_path / "out" / "2026年度数据汇总.xlsx")
    sheets = [package.read(name).decode() for name in package.namelist() if "sheets/sheet" in name]
    assert not any("<f>" in sheet for sheet in sheets)


async def test_a_later_correction_counts_and_what_was_returned_counts_as_submitted(
    books: Books, tmp_path: Path
) -> None:
    async with books.database.tx() as tx:
        accepted, returned = await annual.of_base(tx, 1, 2026), await annual.of_base(tx, 4, 2026)
    assert accepted is not None
    assert returned is not None
    officer, liaison = acting(Move.PASS, 1), acting(Move.SEND, 4)
    await books.kept(revise(accepted, "I04", "21", "笔误", Editing(officer, NOW)), NOW)
    draft = [Written(Part.FIGURE, "I04", "8888", Source.TYPED)]
    await books.kept(enter(returned, draft, Editing(liaison, NOW)), NOW)
    await taken(books, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "2026年度数据汇总.xlsx")
    totals = {row[0]: row for row in book["汇总"].iter_rows(min_row=2, values_only=True)}
    assert totals["I04"][4] == 21 + 7 + 3


# --- the summary ------------------------------------------------------------------------------------------


async def test_the_summary_says_how_each_base_stands(books: Books, tmp_path: Path) -> None:
    await taken(books, tmp_path / "out")
    document = Document(io.BytesIO((tmp_path / "out" / "2026年度情况汇总.docx").read_bytes()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert (
        "截至2026年12月20日，应报 5 家，已接收 1 家，审核中 1 家，补正中 1 家，未报 2 家"
        "（其中已批准延期 0 家）；逾期 3 家。" in text
    )
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[1] == ["1", "蜀江理工", "已接收", "2026-12-01", ""]
    assert rows[2] == ["2", "涪川材料院", "审核中", "2026-12-18", "逾期"]
    assert rows[3] == ["3", "=1+1某所", "未报", "—", "逾期"]
    assert not re.search("排名|名次", text)
    assert document.inline_shapes


# --- not whole --------------------------------------------------------------------------------------------


async def test_a_year_of_which_nothing_is_there_makes_no_folder(books: Books, tmp_path: Path) -> None:
    with pytest.raises(Empty):
        await taken(books, tmp_path / "out", 2031)
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


async def test_a_file_that_is_missing_or_altered_is_said_and_the_rest_is_there(
    books: Books, tmp_path: Path
) -> None:
    sealed = hashlib.sha256(b"sealed" * 1000).hexdigest()
    books.files.path(sealed).write_bytes(b"rotten")
    books.files.path(hashlib.sha256(b"contracts").hexdigest()).unlink()
    outcome = await taken(books, tmp_path / "out")
    assert [one.problem for one in outcome.problems] == ["missing", "altered", "missing", "missing"]
    assert [one["problem"] for one in told(tmp_path / "out")["problems"]] == [
        one.problem for one in outcome.problems
    ]
    assert (tmp_path / "out" / "2026年度情况汇总.docx").is_file()


async def test_nothing_stays_of_an_export_that_fails(books: Books, tmp_path: Path) -> None:
    def full(done: int, total: int) -> None:
        if done == 2:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await into_folder(books.database, books.files, OFFICE, 2026, tmp_path / "out", full)
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


async def test_nothing_stays_of_an_export_that_is_broken_off(books: Books, tmp_path: Path) -> None:
    reached = asyncio.Event()

    def progress(done: int, total: int) -> None:
        if done == 1:
            reached.set()

    export = asyncio.create_task(
        into_folder(books.database, books.files, OFFICE, 2026, tmp_path / "out", progress)
    )
    await reached.wait()
    export.cancel()
    with pytest.raises(asyncio.CancelledError):
        await export
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


async def test_an_empty_folder_is_filled_and_another_is_left_alone(books: Books, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    await taken(books, tmp_path / "empty")
    before = files_in(tmp_path / "empty")
    with pytest.raises(Unfit, match="not an empty folder"):
        await taken(books, tmp_path / "empty")
    with pytest.raises(Unfit, match="no such folder"):
        await taken(books, tmp_path / "nowhere" / "out")
    assert files_in(tmp_path / "empty") == before


async def test_an_export_is_on_the_record(books: Books, tmp_path: Path) -> None:
    outcome = await taken(books, tmp_path / "out")
    async with books.database.read() as tx:
        [line] = await audit.trail(tx, Subject("annual_year", 2026))
    assert (line["at"], line["action"]) == (AS_OF, "exported")
    assert json.loads(line["facts"]) == {"files": len(outcome.written)}


# --- the tree ---------------------------------------------------------------------------------------------


async def test_an_archive_has_what_the_folder_has(books: Books, tmp_path: Path) -> None:
    await taken(books, tmp_path / "out")
    with new_archive(tmp_path / "out.zip") as archive:
        await collate(books.database, books.files, OFFICE, 2026, archive, lambda done, total: None)
    package = zipfile.ZipFile(tmp_path / "out.zip")
    assert package.testzip() is None
    assert set(package.namelist()) == files_in(tmp_path / "out")


def test_nothing_stays_of_an_archive_that_fails(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"1"
        raise OSError("no")

    with pytest.raises(OSError, match="no"), new_archive(tmp_path / "out.zip") as archive:
        archive.add("a", broken())
    assert list(tmp_path.iterdir()) == []


async def test_no_file_is_written_over_another(tmp_path: Path) -> None:
    async with new_folder(tmp_path / "out") as folder:
        folder.add("a/b", [b"1"])
        with pytest.raises(FileExistsError):
            folder.add("a/b", [b"2"])
    assert (tmp_path / "out" / "a" / "b").read_bytes() == b"1"


# --- the command ------------------------------------------------------------------------------------------


def lianluo(url: str, books: Books, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")}
    settings = {
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "LIANLUO_DATABASE_URL": url,
        "LIANLUO_DATA_DIR": str(books.files.root.parent),
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", "export", *arguments],
        cwd=cwd,
        env=clean | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


async def test_the_command_says_what_it_took_along_and_ends_as_a_shell_expects(
    books: Books, database_url: str, tmp_path: Path
) -> None:
    done = lianluo(database_url, books, "--year", "2026", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"5 bases, \d+ files, \d+\.\d MB in out\n", done.stdout)
    assert len(told(tmp_path / "out")["files"]) + 1 == len(files_in(tmp_path / "out"))

    again = lianluo(database_url, books, "--year", "2026", "out", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == "lianluo: out: not an empty folder; name a new one\n"

    empty = lianluo(database_url, books, "--year", "2031", "other", cwd=tmp_path)
    assert (empty.returncode, empty.stdout) == (1, "")
    assert empty.stderr == "lianluo: 2031: no base has entered anything; nothing was exported\n"
    assert not (tmp_path / "other").exists()

    books.files.path(hashlib.sha256(b"contracts").hexdigest()).unlink()
    lacking = lianluo(database_url, books, "--year", "2026", "lacking", cwd=tmp_path)
    assert lacking.returncode == 1
    assert lacking.stderr.count(": missing\n") == 3
    assert lacking.stderr.endswith("3 files are not as they were recorded; manifest.json says which\n")
