"""The rows of a list of bases out of an xlsx or CSV file that anybody may have made."""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from xml.parsers import expat

from domain import roster
from domain.roster import COLUMNS

MAX_ROWS = 20_000
_MAX_COLUMNS = 200
_MB = 1024 * 1024
_MAX_FILE = 50 * _MB
_MAX_UNPACKED = 100 * _MB
_MAX_RATIO = 100
_MAX_ENTRIES = 2_000
_LINES_OF_HEAD = 10  # a title and a note may stand above the headings
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number

Line = tuple[int, list[str]]


class Unreadable(Exception):
    """The file is no list of bases: one line says why."""


def read(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of an xlsx or CSV file, numbered as a spreadsheet numbers them. Raises Unreadable."""
    try:
        if file.stat().st_size > _MAX_FILE:
            raise Unreadable(f"{file.name}: larger than {_MAX_FILE // _MB} MB")
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from None
    try:
        yield from _under_headings(_lines(content, file.suffix.lower()))
    except _Wrong as error:
        raise Unreadable(f"{file.name}: {error}") from None


class _Wrong(Exception):
    """Why a file is no list of bases."""


def _lines(content: bytes, suffix: str) -> Iterable[Line]:
    if content.startswith(b"PK\x03\x04"):
        return _of_workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Wrong("an old .xls file, or one with a password: save it as .xlsx without one")
    if suffix not in (".csv", ".txt", ".tsv"):
        raise _Wrong("not an .xlsx workbook, and not called .csv")
    return _of_csv(_decoded(content))


def _under_headings(lines: Iterable[Line]) -> Iterator[tuple[int, dict[str, str]]]:
    lines = iter(lines)
    head = list(islice(lines, _LINES_OF_HEAD))
    columns, below = _headings(head)
    count = 0
    for number, cells in chain(below, lines):
        if not any(cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise _Wrong(f"more than {MAX_ROWS:,} rows: split it")
        named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
        yield number, {column: named.get(column, "") for column in COLUMNS}


def _headings(head: list[Line]) -> tuple[list[str | None], list[Line]]:
    """The columns of the line that names most of them, and the lines below it."""
    found = [roster.columns_of(cells) for _, cells in head] or [[]]
    best = max(range(len(found)), key=lambda place: len(set(found[place])))
    columns = [column for column in found[best] if column]
    line = f"line {head[best][0]}" if best else "the first line"
    if missing := [roster.shown(column) for column in COLUMNS if column not in columns]:
        raise _Wrong(f"{line} lacks the columns {', '.join(missing)}")
    if twice := [roster.shown(column) for column in COLUMNS if columns.count(column) > 1]:
        raise _Wrong(f"{line} has more than one column for {', '.join(twice)}")
    return found[best], head[best + 1 :]


def _decoded(content: bytes) -> str:
    """UTF-8, or else GB18030, which takes nearly any bytes: so never for UTF-8 that was damaged."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        lenient = content.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    whole = sum(character > "\x7f" for character in lenient) - broken
    try:
        if content.startswith(codecs.BOM_UTF8) or whole > broken:
            raise _Wrong("damaged: UTF-8 with bytes that are not")
        return content.decode("gb18030")
    except UnicodeDecodeError:
        raise _Wrong("not a CSV file in UTF-8 or GB18030") from None


def _of_csv(text: str) -> Iterator[Line]:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text))
    try:
        for cells in reader:
            yield reader.line_num, [_text(cell) for cell in cells]
    except csv.Error as error:
        raise _Wrong(f"line {reader.line_num}: not a line of a CSV file ({error})") from None


def _delimiter(text: str) -> str:
    """The one that separates most headings."""
    head = text[:10_000].splitlines()[:_LINES_OF_HEAD]

    def named(delimiter: str) -> int:
        return max((len(set(roster.columns_of(line.split(delimiter)))) for line in head), default=0)

    return max(",;\t", key=named)


def _of_workbook(content: bytes) -> Iterator[Line]:
    """The first sheet's rows; cells that are merged all have the value that shows."""
    from python_calamine import CalamineError, load_workbook

    try:
        with load_workbook(io.BytesIO(_admitted(content))) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
    except CalamineError as error:
        raise _Wrong(f"not an .xlsx workbook ({error})") from None
    texts = [[_text(value) for value in row] for row in rows]
    _fill(texts, merged)
    return enumerate(texts, start=1)


def _fill(rows: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    room = sum(len(row) for row in rows)
    for (top, left), (bottom, right) in merged:
        for row in rows[top : bottom + 1]:
            width = len(row[left : right + 1])
            row[left : right + 1] = [rows[top][left]] * width if width else []
            room -= width
        if room < 0:
            raise _Wrong("its merged cells overlap")


def _text(value: object) -> str:
    """A cell as one would type it: no `.0` behind a telephone number, no time behind a date."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < _EXACT else f"{value:.15G}"
    return " ".join(str(value).split())


def _admitted(content: bytes) -> bytes:
    """The workbook's XML packed anew, once its true size is known: no bomb, no sheet without end."""
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(packed, "w") as admitted:
            _measure(archive.infolist())
            for entry in archive.infolist():
                if entry.filename.lower().endswith((".xml", ".rels")):
                    part = archive.read(entry)
                    _Extent().walk(part)
                    admitted.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        raise _Wrong("not an .xlsx workbook: the archive is damaged or has a password") from None
    except (expat.ExpatError, ValueError):
        raise _Wrong("not an .xlsx workbook: its XML is damaged") from None
    return packed.getvalue()


def _measure(entries: list[zipfile.ZipInfo]) -> None:
    packed_well = any(entry.file_size > _MAX_RATIO * max(entry.compress_size, 1) for entry in entries)
    too_large = any(entry.file_size > _MAX_FILE for entry in entries)
    total = sum(entry.file_size for entry in entries)
    if len(entries) > _MAX_ENTRIES or packed_well or too_large or total > _MAX_UNPACKED:
        raise _Wrong("unpacks to far more than a list of bases")


class _NoSheet(Exception):
    """A part of a workbook that has no cells."""


class _Extent:
    """How far a sheet reaches: a cell in its last corner would make the reader reserve all before it."""

    _REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._root
        self._cell = (0, 0)
        self._open: str | None = None
        self._has_formula = self._has_value = self._is_error = False

    def walk(self, part: bytes) -> None:
        """Raise _Wrong for a sheet that is too large or has formulas that were never worked out."""
        try:
            self._parser.Parse(part, True)
        except _NoSheet:
            return

    def _root(self, name: str, _: dict[str, str]) -> None:
        if _local(name) != "worksheet":
            raise _NoSheet
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open = _local(name)
        match self._open:
            case "row":
                self._cell = (int(attributes.get("r", self._cell[0] + 1)), 0)
            case "c":
                self._cell = self._place(attributes.get("r"))
                self._has_formula = False
                self._is_error = attributes.get("t") == "e"
                self._has_value = attributes.get("t") == "str"  # it may well be empty
            case "f":
                self._has_formula = True
            case "v" if self._is_error:
                raise _Wrong(f"{self._here()}: an error instead of a value")
            case "v" | "is":
                self._refuse_far()

    def _characters(self, _: str) -> None:
        self._has_value = self._has_value or self._open == "v"

    def _end(self, name: str) -> None:
        if _local(name) == "c" and self._has_formula and not self._has_value:
            raise _Wrong(f"{self._here()}: a formula without its value: open and save it in Excel")

    def _here(self) -> str:
        return "row {}, column {}".format(*self._cell)

    def _place(self, reference: str | None) -> tuple[int, int]:
        row, column = self._cell
        if reference is None:
            return row, column + 1
        found = self._REFERENCE.fullmatch(reference)
        if found is None:
            raise _Wrong(f"not an .xlsx workbook: {reference[:20]!r} is no cell")
        column = 0
        for letter in found[1].upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(found[2]), column

    def _refuse_far(self) -> None:
        row, column = self._cell
        if row > MAX_ROWS + _LINES_OF_HEAD:
            raise _Wrong(f"more than {MAX_ROWS:,} rows: split it")
        if column > _MAX_COLUMNS:
            raise _Wrong(f"more than {_MAX_COLUMNS} columns")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
