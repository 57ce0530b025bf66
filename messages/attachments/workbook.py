"""填报表: the figures of a year as an xlsx to fill in anywhere, prefilled, and sent back.

One sheet with nothing hidden and nothing merged, narrow enough for a phone; the yellow cells alone are open,
the others locked without a password.
"""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from domain import figures as reading
from domain.annual_papers import TemplateFacts
from domain.checks import Check
from domain.indicators import Edition, Indicator, Severity
from domain.sheet_marks import PROPERTY, mark_of
from messages.attachments.entry_rules import EntryRules
from messages.attachments.settling import settled
from messages.attachments.wording import Wording, printable, wording

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_COLUMNS = _CODE, _NAME, _UNIT, _LAST, _THIS, _NOTE = range(1, 7)
_WIDTHS = (7, 26, 8, 13, 13, 46)
_FONT: Final = "宋体"
_ENTRY, _BAND, _HEAD = "FFF2CC", "E8EEF4", "D5DFEA"
_LINE_HEIGHT, _ROOM = 15, 5  # in points; a row is high enough for a finger
_COUNT_FORMAT, _MONEY_FORMAT = "#,##0", "#,##0.00"


def figures_template(facts: TemplateFacts, locale: str = "zh_CN") -> bytes:
    """The xlsx; its mark names the year and the base, in a cell and as a property of the document."""
    from openpyxl import Workbook
    from openpyxl.packaging.custom import StringProperty

    book = Workbook()
    mark = mark_of(facts.year, facts.base_code)
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=mark))
    _Form(book.active, facts, wording(locale)).write(mark)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue())


class _Form:
    """Written row by row from the top."""

    def __init__(self, sheet: "Worksheet", facts: TemplateFacts, words: Wording) -> None:
        self._sheet, self._facts, self._words = sheet, facts, words
        self._rules = EntryRules(sheet, words)
        self._hints = dict(_hints(facts.edition, words))
        self._rows: dict[str, int] = {}
        self._row = 0

    def write(self, mark: str) -> None:
        self._write_head(mark)
        for group, words in self._facts.edition.groups.items():
            self._band(self._words.pick(words), _BAND)
            for indicator in self._facts.edition.of_group(group):
                self._indicator(indicator)
        self._band(self._words("duties_heading"), _BAND)
        for duty in self._facts.edition.duties:
            self._line(duty.code, self._words.pick(duty.name), "", "", self._words("sheet_yes_no"))
            self._answer(self._facts.current.get(duty.code))
        for indicator in self._facts.edition.indicators:
            if indicator.sum_of:
                self._total(indicator)
        self._finish()

    def _write_head(self, mark: str) -> None:
        words, year = self._words, self._facts.year
        last, this = words("sheet_last", year=year - 1), words("sheet_this", year=year)
        code, name, unit = (words(f"column_{column}") for column in ("code", "name", "unit"))
        self._line(code, name, unit, last, words("sheet_note"), this=this, fill=_HEAD)
        self._band(words("sheet_title", base=self._facts.base, year=year))
        for key in ("sheet_how", "sheet_send"):
            self._band(words(key))
        self._band(words("sheet_mark", mark=mark))

    def _indicator(self, one: Indicator) -> None:
        last = self._facts.last.get(one.code)
        shown = self._words.pick(one.unit.words)
        self._line(one.code, self._words.pick(one.name), shown, last, self._hints[one.code])
        self._rows[one.code] = self._row
        number_format = _MONEY_FORMAT if one.unit.money else _COUNT_FORMAT
        for column in (_LAST, _THIS):
            self._sheet.cell(self._row, column).number_format = number_format
        if not one.sum_of:
            cell = self._open(_entered(self._facts.current.get(one.code), one.unit.decimals))
            self._rules.count_or_money(cell, one.unit)

    def _answer(self, answer: object) -> None:
        known = {True: self._words("yes"), False: self._words("no")}
        self._rules.yes_or_no(self._open(known[answer] if isinstance(answer, bool) else ""))

    def _total(self, one: Indicator) -> None:
        """Its formula, once all its parts have their rows: blank until each has a number."""
        parts = ",".join(f"E{self._rows[code]}" for code in one.sum_of)
        cell = self._sheet.cell(self._rows[one.code], _THIS)
        cell.value = f'=IF(COUNT({parts})={len(one.sum_of)},SUM({parts}),"")'

    def _open(self, value: Decimal | str) -> "Cell":
        from openpyxl.styles import PatternFill, Protection

        cell = self._sheet.cell(self._row, _THIS)
        _put(cell, value)
        cell.protection = Protection(locked=False)
        cell.fill = PatternFill("solid", start_color=_ENTRY)
        return cell

    def _line(
        self, code: str, name: str, unit: str, last: Decimal | str | None, note: str, *, this: str = "",
        fill: str | None = None,
    ) -> None:  # fmt: skip
        self._row += 1
        for column, value in zip(_COLUMNS, (code, name, unit, last, this, note), strict=True):
            cell = self._sheet.cell(self._row, column)
            _put(cell, "" if value is None else value)
            _style(cell, fill, numeric=column in (_LAST, _THIS))
        lines = max(_lines(name, _WIDTHS[_NAME - 1]), _lines(note, _WIDTHS[_NOTE - 1]))
        self._sheet.row_dimensions[self._row].height = _LINE_HEIGHT * lines + _ROOM

    def _band(self, text: str, fill: str | None = None) -> None:
        """A line of text across the columns."""
        from openpyxl.styles import Font, PatternFill

        self._row += 1
        for column in _COLUMNS if fill else ():
            self._sheet.cell(self._row, column).fill = PatternFill("solid", start_color=fill)
        cell = self._sheet.cell(self._row, _CODE)
        _put(cell, text)
        cell.font = Font(name=_FONT, size=11, bold=fill is not None)

    def _finish(self) -> None:
        sheet = self._sheet
        sheet.title = self._words("sheet")
        for column, width in zip("ABCDEF", _WIDTHS, strict=True):
            sheet.column_dimensions[column].width = width
        sheet.freeze_panes = "A2"
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False  # so: allowed
        sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"


def _lines(text: str, width: int) -> int:
    """Over how many lines a text runs in a column; a Chinese character is two wide."""
    wide = sum(1 if character.isascii() else 2 for character in text)
    return max(1, -(-wide // (width - 1)))


def _put(cell: "Cell", value: Decimal | str) -> None:
    """A text stays a text, though it begin with =."""
    if isinstance(value, Decimal):
        cell.value = value
    elif value:
        cell.value = printable(value)
        cell.data_type = "s"


def _style(cell: "Cell", fill: str | None, *, numeric: bool) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin", color="BFBFBF")
    cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    cell.font = Font(name=_FONT, size=11, bold=fill is not None)
    horizontal = "center" if fill else "right" if numeric else None
    cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)


def _entered(written: object, decimals: int) -> Decimal | str:
    """A number as such; anything else as it was written, to be seen and put right."""
    value = reading.read(written, decimals)
    return value if isinstance(value, Decimal) else reading.as_written(written)


def _hints(edition: Edition, words: Wording) -> Iterator[tuple[str, str]]:
    """What is counted, and the rules that the figure has to keep."""
    rules = [
        (rule, {operand.code for check in rule.checks for operand in Check.parsed(check).operands.values()})
        for rule in edition.rules
        if rule.severity is Severity.ERROR
    ]
    for one in edition.indicators:
        kept = [rule.says for rule, codes in rules if one.code in codes]
        told = [words.pick(text) for text in (one.definition, one.remark, *kept) if text]
        computed = [words("sheet_computed")] if one.sum_of else []
        yield one.code, words("sheet_join").join(computed + told)
