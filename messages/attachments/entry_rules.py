"""What an open cell of the 填报表 takes, told while one types: a spreadsheet's checks and drop-downs."""

from typing import TYPE_CHECKING

from domain.indicators import Unit
from messages.attachments.wording import Wording

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet


class EntryRules:
    """One rule for all counts, one for all amounts, one for all answers; added as cells are named."""

    def __init__(self, sheet: "Worksheet", words: Wording) -> None:
        self._sheet, self._words = sheet, words
        self._rules: dict[str, DataValidation] = {}

    def count_or_money(self, cell: "Cell", unit: Unit) -> None:
        places = unit.decimals
        self._rule("sheet_money" if unit.money else "sheet_count", cell, _number(cell.coordinate, places))

    def yes_or_no(self, cell: "Cell") -> None:
        self._rule("sheet_yes_no", cell, f'"{self._words("yes")},{self._words("no")}"', kind="list")

    def _rule(self, key: str, cell: "Cell", formula: str, kind: str = "custom") -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        if key not in self._rules:
            rule = DataValidation(kind, formula1=formula, allow_blank=True, showErrorMessage=True)
            rule.errorTitle, rule.error = self._words("sheet_error"), self._words(key)
            rule.promptTitle, rule.prompt = "", self._words(key)
            rule.showInputMessage = True
            self._sheet.add_data_validation(rule)
            self._rules[key] = rule
        self._rules[key].add(cell)


def _number(cell: str, places: int) -> str:
    """The formula speaks of the first cell of the rule; a spreadsheet shifts it for the others."""
    return f"AND(ISNUMBER({cell}),{cell}>=0,ROUND({cell},{places})={cell})"
