"""The lists of contracts and of patents behind the figures, as bases keep them in xlsx or csv."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain import numbers, quantities
from domain.evidence import Contract, Kind, Patent
from domain.figures import as_written
from domain.figures_text import Place
from domain.forms import Remark
from domain.indicator_names import folded
from domain.indicators import Edition, Unit
from domain.quantities import half_width
from handlers import workbooks
from handlers.cells import Cell, Odd, Sheet, place
from handlers.extraction.result import NotTaken
from handlers.figures_sheet import refusal

_HEADINGS = {
    "number": "合同编号 合同号 合同登记号 技术合同登记编号 编号 contractnumber contractno",
    "kind": "类型 方式 转化方式 合同类型 合同类别 类别 kind type",
    "patents": "专利号 涉及专利 涉及专利号 专利清单 专利申请号 申请号 专利(申请)号 patents patentnumber",
    "amount": "金额 合同金额 成交金额 合同额 总金额 amount",
    "signed_on": "签订日期 签订时间 合同签订日期 合同签订时间 日期 签约日期 date signedon",
}
_COLUMN_OF = {word: column for column, words in _HEADINGS.items() for word in words.split()}
_CONTRACTS, _PATENTS = ("kind", "amount"), ("patents",)
"""The columns without which it is no such list."""
_SHOWN = {"kind": "类型", "amount": "金额", "patents": "专利号"}
_KINDS = {
    Kind.ASSIGNMENT: re.compile("转让|assign"),
    Kind.LICENCE: re.compile("许可|licen[cs]"),
    Kind.EQUITY: re.compile("作价|入股|equity"),
}
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "total"})
_BRACKET = re.compile(r"\(([^()]*)\)$")
_APART = re.compile(r"[、,，;；|\n]+|/(?=\s*(?:ZL|20[0-9]{10}))")
_DATE = re.compile(r"(20[0-9]{2})\s*[-年/.]?\s*([0-9]{1,2})\s*[-月/.]?\s*([0-9]{1,2})\s*日?")
_HEADING_ROWS = 30
_FINE_DECIMALS = 6
"""A contract of 123,456 yuan is 12.3456 in the list's unit, though the table rounds the sum."""


@dataclass(frozen=True, slots=True)
class Contracts:
    rows: tuple[Contract, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refused: Remark | None = None


@dataclass(frozen=True, slots=True)
class Patents:
    rows: tuple[Patent, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refused: Remark | None = None


def read_contracts(data: bytes, edition: Edition) -> Contracts:
    """Number, kind, patents, amount and date of each, from every sheet that has them. Never raises.

    A row that has nothing but patents goes on with the contract above it.
    """
    try:
        tables = list(_tables(data, _CONTRACTS))
    except NotTaken as why:
        return Contracts(refused=refusal(why.reason))
    if not tables:
        return Contracts(refused=_no_table(_CONTRACTS))
    reader = _ContractReader(edition)
    for table in tables:
        for row in table.rows():
            reader.read(row)
    return Contracts(tuple(reader.contracts), tuple(reader.remarks))


def read_patents(data: bytes) -> Patents:
    """Every number of the list; the patents of contracts are none of it. Never raises."""
    try:
        tables = [one for one in _tables(data, _PATENTS) if not set(_CONTRACTS) <= set(one.columns)]
    except NotTaken as why:
        return Patents(refused=refusal(why.reason))
    if not tables:
        return Patents(refused=_no_table(_PATENTS))
    rows = [row for table in tables for row in table.rows()]
    return Patents(tuple(Patent(row.place("patents"), number) for row in rows for number in row.patents()))


def _no_table(columns: tuple[str, ...]) -> Remark:
    return Remark("figures/list_no_table", {"headings": [_SHOWN[column] for column in columns]})


# --- tables -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    sheet: str
    number: int
    columns: Mapping[str, int]
    cells: Mapping[str, Cell]
    unit: str

    def text(self, column: str) -> str:
        cell = self.cells.get(column)
        return "" if cell is None or cell.odd is Odd.ERROR else as_written(cell.written).strip()

    def place(self, column: str) -> Place:
        return {"sheet": self.sheet, "at": place(self.number, self.columns.get(column, 1))}

    def patents(self) -> tuple[str, ...]:
        """The numbers in a cell, whatever stands between them."""
        cell = self.cells.get("patents")
        if cell is None or cell.odd:
            return ()
        pieces = (piece.strip() for piece in _APART.split(str(cell.written)))
        return tuple(number for piece in pieces for number in _numbers(piece))


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Sheet
    heading: int
    columns: Mapping[str, int]
    unit: str
    """What stands in brackets behind the heading of the amounts."""

    def rows(self) -> Iterator[_Row]:
        """Those below the headings, without totals."""
        name = as_written(self.sheet.name)
        for number, cells in sorted(self.sheet.rows.items()):
            if number > self.heading and folded(str(cells[0].written)) not in _TOTALS:
                by_column = {cell.column: cell for cell in cells}
                found = {key: by_column[at] for key, at in self.columns.items() if at in by_column}
                yield _Row(name, number, self.columns, found, self.unit)


def _tables(data: bytes, needed: tuple[str, ...]) -> Iterator[_Table]:
    for sheet in workbooks.read(data).sheets:
        for number, cells in sorted(sheet.rows.items())[:_HEADING_ROWS]:
            headings = {cell.column: folded(str(cell.written)) for cell in cells}
            named = [(_column(text), column) for column, text in headings.items()]
            columns = {name: column for name, column in reversed(named) if name}
            if set(needed) <= set(columns):
                unit = _BRACKET.search(headings.get(columns.get("amount", 0), ""))
                yield _Table(sheet, number, columns, unit[1] if unit else "")
                break


def _column(heading: str) -> str | None:
    return _COLUMN_OF.get(heading) or _COLUMN_OF.get(_BRACKET.sub("", heading))


def _numbers(piece: str) -> Iterator[str]:
    """A number may have spaces in it, or spaces may stand between several."""
    if numbers.application_no(piece):
        yield piece
    else:
        yield from piece.split()


# --- contracts --------------------------------------------------------------------------------------------


class _ContractReader:
    def __init__(self, edition: Edition) -> None:
        self._unit = replace(_money(edition), decimals=_FINE_DECIMALS)
        self.contracts: list[Contract] = []
        self.remarks: list[Remark] = []

    def read(self, row: _Row) -> None:
        patents = row.patents()
        written = [row.text(column) for column in ("number", "kind", "amount")]
        if patents and self.contracts and not any(written):
            above = self.contracts[-1]
            self.contracts[-1] = replace(above, patents=above.patents + patents)
        elif any(written) or patents:
            self._contract(row, patents)

    def _contract(self, row: _Row, patents: tuple[str, ...]) -> None:
        kind = next((one for one, words in _KINDS.items() if words.search(folded(row.text("kind")))), None)
        if kind is None:
            self._say("list_kind", row, "kind")
            return
        contract = Contract(
            row.place("number"), row.text("number"), kind, patents, self._amount(row), self._date(row)
        )
        self.contracts.append(contract)

    def _amount(self, row: _Row) -> Decimal | None:
        cell = row.cells.get("amount")
        written = cell.written if cell and not cell.odd else row.text("amount")
        value = quantities.read(written, self._unit).value
        if not isinstance(value, Decimal):
            self._say("list_amount", row, "amount")
            return None
        has_own = isinstance(written, str) and not half_width(written)[-1:].isdigit()
        factor = None if has_own else quantities.factor_of(row.unit, self._unit)
        return value * (factor or 1)

    def _date(self, row: _Row) -> date | None:
        day = _day(row.text("signed_on"))
        if day is None and row.text("signed_on"):
            self._say("list_date", row, "signed_on")
        return day

    def _say(self, template: str, row: _Row, column: str) -> None:
        facts = {"place": row.place(column), "written": row.text(column)}
        self.remarks.append(Remark(f"figures/{template}", facts))


def _day(written: str) -> date | None:
    match = _DATE.match(half_width(written))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _money(edition: Edition) -> Unit:
    return next(one.unit for one in edition.indicators if one.unit.money)
