"""What the papers of the annual report say (Article 9): plain values, from which each paper is made.

Figures are by the code of their indicator, in its unit. Days are those of the centre.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.forms import Words
from domain.indicators import Edition, Indicator

Values = Mapping[str, Decimal]


class PaperKind(StrEnum):
    REPORT = "report"  # 年度工作总结
    LETTER = "letter"  # 报送函
    TABLES = "tables"  # 数据表
    RECEIPT = "receipt"  # 报送回执


@dataclass(frozen=True, slots=True)
class Period:
    """统计期: from its first day to 统计截止日, both included."""

    first: date
    cut_off: date


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a year beside those of the year before; what was computed is among them."""

    edition: Edition
    year: int
    this: Values
    last: Values


@dataclass(frozen=True, slots=True)
class Row:
    indicator: Indicator
    this: Decimal | None
    last: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """From last year; what accumulates over a project is not compared."""
        if self.this is None or self.last is None or not self.indicator.yearly:
            return None
        return self.this - self.last


@dataclass(frozen=True, slots=True)
class Explained:
    """What 数据核对 found, in words, and what the base said to it."""

    rule: str
    found: str
    words: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who reviewed or approved, when, and which version."""

    name: str
    on: date
    version: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """年度工作总结. `sections` by their key, as prose; `duties` by their code; `dated` is the day of sealing.

    What is None is a line to be filled in by hand; `document` names the file that has the sections instead.
    """

    base: str
    period: Period
    figures: Figures
    sections: Mapping[str, str]
    duties: Mapping[str, bool]
    explained: tuple[Explained, ...] = ()
    attachments: tuple[str, ...] = ()
    reviewed: Signed | None = None
    approved: Signed | None = None
    dated: date | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class TablesFacts:
    """数据表, which goes with the letter."""

    base: str
    period: Period
    figures: Figures
    duties: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """报送函, to the centre."""

    centre: str
    base: str
    year: int
    period: Period
    liaison: str
    tel: str
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """`size` in octets; `sha256` in 64 hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """报送回执: that a version arrived, and what it consisted of. `at` is in the centre's time."""

    number: str
    base: str
    year: int
    version: int
    at: datetime
    files: tuple[ReceivedFile, ...]
    review_by: date
    centre: str
    contact: str
    tel: str


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """填报表, prefilled: `current` has whatever was entered so far, as it was written, duties as bool."""

    edition: Edition
    base: str
    base_code: str
    year: int
    last: Values
    current: Mapping[str, object]


def tables(figures: Figures) -> Iterator[tuple[Words, list[Row]]]:
    """The rows of each group of the edition; what only some bases report is left out where it is blank."""
    for group, words in figures.edition.groups.items():
        rows = [_row(one, figures) for one in figures.edition.of_group(group)]
        shown = [row for row in rows if row.indicator.core or not (row.this is row.last is None)]
        if shown:
            yield words, shown


def _row(indicator: Indicator, figures: Figures) -> Row:
    return Row(indicator, figures.this.get(indicator.code), figures.last.get(indicator.code))
