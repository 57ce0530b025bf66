"""A 填报表 that came back, filled in by whatever means: what was understood of it, cell by cell, what not.

A row is known by its code, else by its name, wherever it stands; the column by its heading.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain import figures_text, indicator_names
from domain.figures import as_written
from domain.figures_text import Entry, Place
from domain.forms import Remark
from domain.indicator_names import Item, folded
from domain.indicators import Edition, Indicator
from domain.sheet_marks import PROPERTY, Mark, find_mark
from handlers import workbooks
from handlers.cells import Book, Cell, Odd, Sheet, Span, place
from handlers.extraction.result import NotTaken, Reason

_FILES = {
    Reason.EMPTY: "figures/file_empty",
    Reason.OLD_OFFICE: "figures/file_old",
    Reason.ENCRYPTED: "figures/file_encrypted",
    Reason.TOO_BIG: "figures/file_too_big",
    Reason.BOMB: "figures/file_too_big",
}
_ITEM_HEADINGS = frozenset(
    {"编码", "代码", "指标编码", "指标", "指标名称", "名称", "项目", "code", "indicator", "name"}
)
_THIS_HEADING = re.compile(r"本年.*|当年.*|thisyear.*|20[0-9]{2}(?:年.*)?|填报[数值]?|数值?|value")
_YEAR = re.compile(r"20[0-9]{2}")
_HEADING_ROWS = 30
_MOST_CODES = 12


@dataclass(frozen=True, slots=True)
class SheetReading:
    """`figures`: a Decimal, a bool for a duty, or the text as it was written where it is neither.

    `refused` says why the file as a whole was not read, and what to do.
    """

    figures: dict[str, object] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    refused: Remark | None = None


class _Refused(Exception):
    def __init__(self, template: str, **facts: object) -> None:
        super().__init__(template)
        self.remark = Remark(template, facts)


def read(data: bytes, edition: Edition, year: int, base_code: str) -> SheetReading:
    """Never raises, whatever the bytes are."""
    try:
        book = workbooks.read(data)
        mark = _mark(book)
        _check(mark, year, base_code)
        return _read(book, edition, year, marked=mark is not None)
    except NotTaken as why:
        return SheetReading(refused=refusal(why.reason))
    except _Refused as why:
        return SheetReading(refused=why.remark)


def refusal(reason: Reason) -> Remark:
    """Why a file is not read at all, and what to do."""
    return Remark(_FILES.get(reason, "figures/file_unreadable"))


# --- whose sheet it is, and where its figures are ---------------------------------------------------------


def _mark(book: Book) -> Mark | None:
    cells = (cell for sheet in book.sheets for cell in _cells(sheet))
    texts = (cell.written for cell in cells if isinstance(cell.written, str))
    marks = (find_mark(text) for text in (*texts, book.properties.get(PROPERTY, "")))
    return next((mark for mark in marks if mark), None)


def _check(mark: Mark | None, year: int, base_code: str) -> None:
    if mark and mark.year != year:
        raise _Refused("figures/other_year", year=year, found=mark.year)
    if mark and mark.base_code != base_code:
        raise _Refused("figures/other_base", base_code=base_code, found=as_written(mark.base_code))


@dataclass(frozen=True, slots=True)
class _Layout:
    """The row of the headings, and the column of this year's figures."""

    row: int
    column: int


def _read(book: Book, edition: Edition, year: int, *, marked: bool) -> SheetReading:
    laid_out = [(sheet, layout) for sheet in book.sheets if (layout := _layout(sheet, year))]
    if not laid_out:
        raise _Refused("figures/no_table", year=year)
    readers = [_Reader(sheet, layout, edition) for sheet, layout in laid_out]
    for reader in readers:
        reader.read()
    listed = figures_text.settle([entry for reader in readers for entry in reader.entries])
    skipped = [
        sheet.name for sheet in book.sheets if sheet.rows and sheet not in [one for one, _ in laid_out]
    ]
    remarks = (
        *([] if marked else [Remark("figures/no_mark")]),
        *(Remark("figures/sheet_skipped", {"sheet": as_written(name)}) for name in skipped),
        *(remark for reader in readers for remark in reader.remarks),
        *listed.remarks,
    )
    return SheetReading(dict(listed.figures), remarks)


def _layout(sheet: Sheet, year: int) -> _Layout | None:
    """Raises _Refused if the headings speak of another year alone."""
    other = None
    for number, cells in sorted(sheet.rows.items())[:_HEADING_ROWS]:
        headings = {cell.column: folded(str(cell.written)) for cell in cells}
        if not _ITEM_HEADINGS & set(headings.values()):
            continue
        found = {column: text for column, text in headings.items() if _THIS_HEADING.fullmatch(text)}
        for column, text in found.items():
            stated = _YEAR.search(text)
            if stated is None or int(stated[0]) == year:
                return _Layout(number, column)
            other = other or int(stated[0])
    if other:
        raise _Refused("figures/other_year", year=year, found=other)
    return None


def _cells(sheet: Sheet) -> Iterator[Cell]:
    for row in sheet.rows.values():
        yield from row


# --- the rows ---------------------------------------------------------------------------------------------


class _Reader:
    """Collects what the rows below the headings enter, and what has to be said of them."""

    def __init__(self, sheet: Sheet, layout: _Layout, edition: Edition) -> None:
        self._sheet, self._layout, self._edition = sheet, layout, edition
        self._spans = [one for one in sheet.merged if self._in_column(one)]
        self._items: dict[int, Item] = {}
        self._disputed: set[int] = set()
        self.entries: list[Entry] = []
        self.remarks: list[Remark] = []

    def read(self) -> None:
        rows = [(n, cells) for n, cells in sorted(self._sheet.rows.items()) if n > self._layout.row]
        for number, cells in rows:
            self._item(number, cells)
        shared = [span for span in self._spans if self._is_shared(span)]
        for span in shared:
            self._say("merged", place=self._at(span.place), codes=self._rows_of(span)[:_MOST_CODES])
        for number, cells in rows:
            cell = next((one for one in cells if one.column == self._layout.column), None)
            covered = any(span.covers(number, self._layout.column) for span in shared)
            if cell and not covered and number not in self._disputed:
                self._enter(self._items.get(number), cell, cells)

    def _item(self, number: int, cells: list[Cell]) -> None:
        """What the row is about, unless its code and its name say different things."""
        words = [cell.written for cell in cells if isinstance(cell.written, str) and self._is_beside(cell)]
        coded = _first(indicator_names.by_code(word, self._edition) for word in words)
        named = _first(indicator_names.by_name(word, self._edition) for word in words)
        if coded and named and coded is not named:
            written = next(word for word in words if indicator_names.by_name(word, self._edition))
            self._disputed.add(number)
            facts = _named(coded) | {"written": as_written(written)}
            self._say("names_differ", place=self._at(place(number, self._layout.column)), **facts)
        elif item := coded or named:
            self._items[number] = item

    def _enter(self, item: Item | None, cell: Cell, cells: list[Cell]) -> None:
        where = self._at(place(cell.row, cell.column))
        if item is None:
            self._explain_unknown(cell, cells, where)
        elif isinstance(item, Indicator) and item.sum_of and cell.formula:
            return  # the template's own sum: it is computed anew
        elif cell.odd:
            self._say_odd(cell, item, where)
        else:
            self.entries.append(Entry(item, cell.written, where))
            if cell.hidden:
                self._say("cell_hidden", place=where, **_named(item), written=as_written(cell.written))

    def _say_odd(self, cell: Cell, item: Item, where: Place) -> None:
        written = {} if cell.odd is Odd.UNCOMPUTED else {"written": as_written(cell.written)}
        self._say(f"cell_{cell.odd}", place=where, **_named(item), **written)

    def _explain_unknown(self, cell: Cell, cells: list[Cell], where: Place) -> None:
        """A row that has an entry and names nothing that is known."""
        words = [str(one.written) for one in cells if self._is_beside(one)]
        if cell.written != "" and words:
            self.remarks.append(figures_text.unknown(" ".join(words[:2]), self._edition, where))

    def _is_beside(self, cell: Cell) -> bool:
        return cell.column < self._layout.column

    def _is_shared(self, span: Span) -> bool:
        """Whether it joins the figures of several rows, or of this year and another column."""
        return len(self._rows_of(span)) > (1 if span.left == self._layout.column else 0)

    def _in_column(self, span: Span) -> bool:
        return span.left <= self._layout.column <= span.right

    def _rows_of(self, span: Span) -> list[str]:
        return [item.code for row, item in self._items.items() if span.top <= row <= span.bottom]

    def _at(self, cell: str) -> Place:
        return {"sheet": as_written(self._sheet.name), "at": cell}

    def _say(self, template: str, **facts: object) -> None:
        self.remarks.append(Remark(f"figures/{template}", facts))


def _first(found: Iterable[Item | None]) -> Item | None:
    return next((item for item in found if item), None)


def _named(item: Item) -> dict[str, object]:
    return {"code": item.code, "name": item.short if isinstance(item, Indicator) else item.name}
