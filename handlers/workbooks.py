"""Reads workbooks (ECMA-376 SpreadsheetML, strict or transitional) and csv, cell by cell.

Only what has passed the gate is read here; the limits are kept all the same.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from handlers.cells import Book, Cell, Odd, Sheet, Span
from handlers.extraction.drawing import joined
from handlers.extraction.guards import Archive, parse
from handlers.extraction.kinds import is_zip, kind_of_package, kind_of_plain, text_of
from handlers.extraction.package import Package, attribute
from handlers.extraction.result import Kind, NotTaken, Reason

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_XML = 6 * 1024 * 1024
"""Of a part, unpacked: some 50,000 cells."""
MAX_SHEETS = 30
MAX_CELLS = 100_000

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built into spreadsheets (ECMA-376, 18.8.30), those of China among them."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_CODE = re.compile(r"[ydh]", re.IGNORECASE)
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_SERIAL = 2_900_000  # in the year 9839
_EXACT = 10**18  # beyond, a whole number is shown with an exponent
_TRUE = ("1", "true")


def read(data: bytes) -> Book:
    """Raises NotTaken alone, whatever the bytes are."""
    if not is_zip(data):
        return _plain(data)
    package = Package(Archive(data))
    if kind_of_package(package.archive, package.types) is not Kind.XLSX:
        raise NotTaken(Reason.UNKNOWN)
    return _Workbook(package).read()


def _plain(data: bytes) -> Book:
    """A csv, whatever it is called. Raises NotTaken."""
    if kind_of_plain(data, csv=True) is not Kind.CSV:
        raise NotTaken(Reason.UNKNOWN)
    if len(data) > MAX_XML:
        raise NotTaken(Reason.TOO_BIG)
    text = text_of(data)
    delimiter = max(",;\t", key=text[:10_000].count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise NotTaken(Reason.DAMAGED) from error
    rows = {n: _typed(n, line) for n, line in enumerate(lines, 1)}
    return Book((Sheet("csv", {n: row for n, row in rows.items() if row}),))


def _typed(row: int, line: list[str]) -> list[Cell]:
    return [Cell(row, column, text) for column, text in enumerate(line, 1) if text]


class _Workbook:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._cells = 0
        self._strings: list[str] = []
        self._dates: frozenset[int] = frozenset()
        self._epoch = _EPOCH

    def read(self) -> Book:
        main = next((name for name in self._named("sheet", "template")), None)
        if main is None:
            raise NotTaken(Reason.DAMAGED)
        root = self._xml(main)
        if any(node.get("date1904") in _TRUE for node in root.iter("{*}workbookPr")):
            self._epoch = _EPOCH_1904
        for name in self._named("sharedstrings"):
            self._strings += [joined(node) for node in self._xml(name).iter("{*}si")]
        for name in self._named("styles"):
            self._dates = _date_styles(self._xml(name))
        return Book(tuple(self._sheets(main, root)), self._properties())

    def _sheets(self, main: str, root: "_Element") -> Iterator[Sheet]:
        related = self._package.related(main)
        sheets = [(node, related.get(attribute(node, "id"))) for node in root.iter("{*}sheet")]
        if len(sheets) > MAX_SHEETS:
            raise NotTaken(Reason.TOO_BIG)
        for node, target in sheets:
            if target and target[0].lower() == "worksheet" and target[1] in self._package.archive.names:
                hidden = node.get("state", "visible") != "visible"
                yield self._sheet(node.get("name", ""), self._xml(target[1]), hidden=hidden)

    def _sheet(self, name: str, root: "_Element", *, hidden: bool) -> Sheet:
        rows: dict[int, list[Cell]] = {}
        for number, node in _rows(root):
            concealed = hidden or node.get("hidden") in _TRUE
            if cells := list(self._row(number, node, hidden=concealed)):
                rows.setdefault(number, []).extend(cells)
                self._cells += len(cells)
            if self._cells > MAX_CELLS:
                raise NotTaken(Reason.TOO_BIG)
        merged = (_span(node.get("ref", "")) for node in root.iter("{*}mergeCell"))
        return Sheet(name, rows, tuple(span for span in merged if span))

    def _row(self, number: int, node: "_Element", *, hidden: bool) -> Iterator[Cell]:
        column = 0
        for one in node.iter("{*}c"):
            found = _coordinates(one.get("r", ""))
            column = found[1] if found else column + 1
            cell = self._cell(number, column, one, hidden=hidden)
            if cell.written != "" or cell.odd:
                yield cell

    def _cell(self, row: int, column: int, node: "_Element", *, hidden: bool) -> Cell:
        written, odd = self._value(node)
        formula = node.find("{*}f") is not None
        if formula and written == "" and node.get("t") != "str":
            odd = Odd.UNCOMPUTED
        return Cell(row, column, written, odd, formula, hidden)

    def _value(self, node: "_Element") -> tuple[str | float | bool, Odd | None]:
        kind, text = node.get("t", "n"), node.findtext("{*}v") or ""
        match kind:
            case "inlineStr":
                return joined(node), None
            case "s":
                return self._shared(text), None
            case "b":
                return text in _TRUE, None
            case "e":
                return text, Odd.ERROR
            case "d":
                return text[:10], Odd.DATE
            case "n" if text:
                return self._number(text, _whole(node.get("s")))
        return text, None

    def _shared(self, index: str) -> str:
        place = _whole(index)
        return self._strings[place] if index and place < len(self._strings) else ""

    def _number(self, text: str, style: int) -> tuple[str | float, Odd | None]:
        try:
            number = float(text)
        except ValueError:
            return text, None
        if style in self._dates and 0 < number < _LAST_SERIAL:
            return (self._epoch + timedelta(days=int(number))).isoformat(), Odd.DATE
        return int(number) if number.is_integer() and abs(number) < _EXACT else number, None

    def _properties(self) -> Mapping[str, str]:
        return {
            node.get("name", ""): "".join(map(str, node.itertext()))
            for name in self._named("custom-properties")
            for node in self._xml(name)
        }

    def _named(self, *roles: str) -> list[str]:
        return [name for name in self._package.archive.names if self._package.role(name) in roles]

    def _xml(self, name: str) -> "_Element":
        return parse(self._package.archive.read(name, MAX_XML))


def _rows(root: "_Element") -> Iterator[tuple[int, "_Element"]]:
    number = 0
    for node in root.iter("{*}row"):
        number = _whole(node.get("r")) or number + 1
        yield number, node


def _date_styles(root: "_Element") -> frozenset[int]:
    """The styles of cells that show a date."""
    codes = {_whole(node.get("numFmtId")): node.get("formatCode", "") for node in root.iter("{*}numFmt")}
    dates = {number for number, code in codes.items() if _DATE_CODE.search(_LITERAL.sub("", code))}
    formats = dates | (_DATE_FORMATS - set(codes))
    styles = root.find("{*}cellXfs")
    return frozenset(
        place
        for place, node in enumerate(styles if styles is not None else ())
        if _whole(node.get("numFmtId")) in formats
    )


def _span(reference: str) -> Span | None:
    corners = [_coordinates(corner) for corner in reference.split(":")]
    match corners:
        case [(top, left), (bottom, right)]:
            return Span(top, left, bottom, right)
    return None


def _coordinates(reference: str) -> tuple[int, int] | None:
    """Row and column of E12."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
