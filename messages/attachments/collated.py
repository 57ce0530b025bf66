"""数据汇总: every figure of every base in a year as xlsx, with totals and last year's beside them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from domain.collation import Reported, Total, Year
from domain.indicators import Indicator
from messages.attachments.wording import Wording, printable, wording

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | Decimal | None
_FONT = "宋体"
_WIDE, _NARROW = 34, 13
_TOTALS = ("code", "name", "unit", "bases", "total", "compared", "comparable", "comparable_last", "change")
_HEAD = ("code", "base", "standing", "version", "counts_on", "remark")


def collated(year: Year, file: Path, locale: str = "zh_CN") -> None:
    """Written row by row; sheets: totals, the year, the year before, the changes of each base."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    words = wording(locale)
    totals = year.totals()
    _write_totals(book.create_sheet(words("sheet_totals")), words, list(totals.values()))
    this, last = (words("sheet_year", year=n) for n in (year.year, year.year - 1))
    _write_year(book.create_sheet(this), words, year, totals)
    _write_bases(book.create_sheet(last), words, year, _last, lambda one: _none_as_blank(one.last, one))
    _write_bases(book.create_sheet(words("sheet_changes")), words, year, _change, lambda one: one.change)
    book.save(file)


def _write_totals(sheet: "WriteOnlyWorksheet", words: Wording, totals: Sequence[Total]) -> None:
    _lay_out(sheet, (_NARROW, _WIDE))
    _append(sheet, [words(f"column_{name}") for name in (*_TOTALS, "ratio")], bold=True)
    for one in totals:
        indicator, comparable = one.indicator, one.compared or None
        _append(
            sheet,
            [
                indicator.code,
                words.pick(indicator.name),
                words.pick(indicator.unit.words),
                one.bases,
                one.sum if one.bases else None,
                one.compared if indicator.yearly else None,
                one.this if comparable else None,
                one.last if comparable else None,
                one.change,
                None if one.ratio is None else round(one.ratio * 100, 1),
            ],
        )


def _write_year(sheet: "WriteOnlyWorksheet", words: Wording, year: Year, totals: Mapping[str, Total]) -> None:
    indicators, duties = year.edition.indicators, year.edition.duties
    _lay_out(sheet, (_NARROW, _WIDE), freeze="C2")
    head = [words(f"column_{name}") for name in _HEAD]
    _append(
        sheet,
        head + _headings(words, indicators) + [f"{d.code} {words.pick(d.name)}" for d in duties],
        bold=True,
    )
    for one in year.reported:
        answers = [_answer(words, one.duties.get(duty.code)) for duty in duties]
        _append(sheet, [*_standing(words, one), *(one.this.get(i.code) for i in indicators), *answers])
    sums = [totals[i.code].sum if totals[i.code].bases else None for i in indicators]
    yes = [sum(one.duties.get(duty.code) is True for one in year.reported) for duty in duties]
    _append(sheet, [None, words("column_total"), *[None] * (len(head) - 2), *sums, *yes], bold=True)


def _write_bases(
    sheet: "WriteOnlyWorksheet",
    words: Wording,
    year: Year,
    figure: Callable[[Reported, Indicator], Decimal | None],
    summed: Callable[[Total], Decimal | None],
) -> None:
    """One figure of each base and indicator, and a last row of what they come to together."""
    indicators, totals = year.edition.indicators, year.totals()
    _lay_out(sheet, (_NARROW, _WIDE), freeze="C2")
    _append(sheet, [words("column_code"), words("column_base"), *_headings(words, indicators)], bold=True)
    for one in year.reported:
        _append(sheet, [one.code, one.base, *(figure(one, i) for i in indicators)])
    _append(sheet, [None, words("column_total"), *(summed(totals[i.code]) for i in indicators)], bold=True)


def _last(one: Reported, indicator: Indicator) -> Decimal | None:
    return one.last.get(indicator.code)


def _change(one: Reported, indicator: Indicator) -> Decimal | None:
    this, last = one.this.get(indicator.code), one.last.get(indicator.code)
    return this - last if indicator.yearly and this is not None and last is not None else None


def _none_as_blank(value: Decimal, one: Total) -> Decimal | None:
    return value if one.compared else None


def _headings(words: Wording, indicators: Sequence[Indicator]) -> list[str]:
    return [
        f"{one.code} {words('chart_label', name=words.pick(one.short), unit=words.pick(one.unit.words))}"
        for one in indicators
    ]


def _standing(words: Wording, one: Reported) -> Iterator[Cell]:
    yield one.code
    yield one.base
    yield words(f"standing_{one.standing}")
    yield one.version or None
    yield one.counts_on.isoformat() if one.counts_on else None
    yield words("remark_late") if one.late else None


def _answer(words: Wording, answer: bool | None) -> str | None:
    return None if answer is None else words("yes" if answer else "no")


def _lay_out(sheet: "WriteOnlyWorksheet", widths: Sequence[int], freeze: str = "A2") -> None:
    sheet.freeze_panes = freeze
    for column, width in zip("AB", widths, strict=True):
        sheet.column_dimensions[column].width = width


def _append(sheet: "WriteOnlyWorksheet", cells: Sequence[Cell], *, bold: bool = False) -> None:
    sheet.append([_cell(sheet, value, bold=bold) for value in cells])


def _cell(sheet: "WriteOnlyWorksheet", value: Cell, *, bold: bool) -> object:
    """A text stays a text, though it begin with =."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if value is None:
        return None
    cell = WriteOnlyCell(sheet, printable(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(name=_FONT, bold=True)
    return cell
