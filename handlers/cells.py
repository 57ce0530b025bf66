"""The cells of a workbook that anybody's program may have saved: what was typed, where, and what is odd."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Odd(StrEnum):
    """Why a cell's value is not simply what somebody typed."""

    UNCOMPUTED = "uncomputed"  # a formula whose value no program has stored
    ERROR = "error"  # #REF!, #VALUE!
    DATE = "date"  # a number that shows as a date; `written` is then in ISO form


@dataclass(frozen=True, slots=True)
class Cell:
    row: int
    column: int
    written: str | float | bool
    odd: Odd | None = None
    formula: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells, by their corners."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def place(self) -> str:
        return f"{place(self.top, self.left)}:{place(self.bottom, self.right)}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows`: by their number, the cells that have something, from left to right."""

    name: str
    rows: Mapping[int, list[Cell]]
    merged: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str] = field(default_factory=dict)


def place(row: int, column: int) -> str:
    """E12."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"
