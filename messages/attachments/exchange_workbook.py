"""年度沟通交流记录 as xlsx: a row an exchange, and a row a follow-up, to be sorted and counted."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from domain.exchange_papers import Held, YearOfExchanges
from messages.attachments.exchange_record import kind_of
from messages.attachments.settling import settled
from messages.attachments.wording import Wording, printable, wording

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | None
_FONT: Final = "宋体"
_HELD = (
    ("no", 6),
    ("day", 12),
    ("kind", 10),
    ("way", 16),
    ("purpose", 30),
    ("people", 30),
    ("topics", 50),
    ("conclusions", 50),
    ("recorded", 24),
    ("state", 14),
    ("confirmed", 20),
    ("confirmed_on", 12),
    ("version", 8),
)
_FOLLOW_UPS = (("no", 6), ("day", 12), ("what", 50), ("side", 12), ("owner", 18), ("due", 12), ("done", 18))
"""Columns: the key of the word, and the width in characters."""


def exchange_workbook(year: YearOfExchanges, locale: str = "zh_CN") -> bytes:
    from openpyxl import Workbook

    book, words = Workbook(write_only=True), wording(locale)
    held = book.create_sheet(words("exchanges_sheet"))
    _head(held, words, _HELD)
    follow_ups = book.create_sheet(words("exchanges_follow_ups"))
    _head(follow_ups, words, _FOLLOW_UPS)
    for n, one in enumerate(year.held, 1):
        _append(held, _cells(words, n, one))
        for row in _done(words, n, one):
            _append(follow_ups, row)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue())


def _cells(words: Wording, n: int, one: Held) -> list[Cell]:
    record = one.record
    return [
        n,
        record.held_on.isoformat(),
        kind_of(words, one),
        words.pick(one.way),
        one.purpose,
        record.people,
        record.topics,
        record.conclusions,
        words("exchanges_by", side=words.pick(one.recorded_side), name=one.recorded_by),
        words.pick(one.state),
        one.confirmed_by,
        one.confirmed_on.isoformat() if one.confirmed_on else None,
        one.version,
    ]


def _done(words: Wording, n: int, one: Held) -> list[list[Cell]]:
    day = one.record.held_on.isoformat()
    return [
        [
            n,
            day,
            done.follow_up.what,
            words.pick(done.side),
            done.follow_up.owner,
            done.follow_up.due_on.isoformat(),
            words("no") if done.by is None else words("exchanges_done_by", name=done.by),
        ]
        for done in one.follow_ups
    ]


def _head(sheet: "WriteOnlyWorksheet", words: Wording, columns: Sequence[tuple[str, int]]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    _append(sheet, [words(f"exchanges_{key}") for key, _ in columns], bold=True)


def _append(sheet: "WriteOnlyWorksheet", cells: Sequence[Cell], *, bold: bool = False) -> None:
    sheet.append([_cell(sheet, value, bold=bold) for value in cells])


def _cell(sheet: "WriteOnlyWorksheet", value: Cell, *, bold: bool) -> object:
    """A text stays a text, though it begin with =; long ones are broken into lines."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    if value is None:
        return None
    cell = WriteOnlyCell(sheet, printable(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font, cell.alignment = Font(name=_FONT, bold=bold), Alignment(vertical="top", wrap_text=True)
    return cell
