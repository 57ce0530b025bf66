"""Who came to an event and what came of it, as a workbook: a sheet each."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from messages.attachments.wording import printable

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | None
Table = tuple[str, Sequence[str], Sequence[Sequence[Cell]]]
"""A sheet's name, its headings and its rows."""

_WIDTHS = (24, 16, 20, 14, 14, 20, 20, 30, 30, 30, 30, 30)


def event_sheet(tables: Sequence[Table]) -> bytes:
    """An xlsx; what people wrote is text, whatever it begins with."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, headings, rows in tables:
        _write(book.create_sheet(name), headings, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: "Worksheet", headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for n, heading in enumerate(headings, 1):
        _put(sheet, 1, n, heading)
        sheet.cell(1, n).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(n)].width = _WIDTHS[min(n, len(_WIDTHS)) - 1]
    for line, row in enumerate(rows, 2):
        for n, value in enumerate(row, 1):
            _put(sheet, line, n, value)
    sheet.freeze_panes = "A2"


def _put(sheet: "Worksheet", line: int, column: int, value: Cell) -> None:
    cell = sheet.cell(line, column)
    if isinstance(value, str):
        cell.value = printable(value)
        cell.data_type = "s"  # and no formula
    else:
        cell.value = value
