"""A year of all bases: how each stands, what it reported, and what comes of it together (Article 9).

Bases stand in the order of the directory and are never ranked. A total is of those that reported the figure;
a change is of those that reported it in both years.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.annual_papers import Period, Values
from domain.annual_report import EDITABLE, State
from domain.indicators import Edition, Indicator
from domain.obligations import State as Owing


class Standing(StrEnum):
    """As the centre tells it in a sentence."""

    ACCEPTED = "accepted"  # 已接收
    WITH_CENTRE = "with_centre"  # 审核中, the sealed copy included
    RETURNED = "returned"  # 补正中
    MISSING = "missing"  # 未报
    ELSEWHERE = "elsewhere"  # received in another way, not entered here
    WAIVED = "waived"  # 免报


def standing(state: State | None, versions: int, owing: Owing | None) -> Standing:
    """`state` None: nobody opened its report; `owing` None: it had no obligation."""
    if state is not None and versions:
        if state is State.ACCEPTED:
            return Standing.ACCEPTED
        return Standing.RETURNED if state in EDITABLE else Standing.WITH_CENTRE
    if owing is Owing.RECEIVED:
        return Standing.ELSEWHERE
    return Standing.WAIVED if owing is Owing.WAIVED else Standing.MISSING


@dataclass(frozen=True, slots=True)
class Reported:
    """A base in the year; what it submitted last, as it was put right; without a version nothing."""

    code: str
    base: str
    standing: Standing
    version: int = 0
    counts_on: date | None = None
    late: bool = False
    extended_until: date | None = None
    this: Values = field(default_factory=dict)
    last: Values = field(default_factory=dict)
    duties: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Year:
    """What is known of a year; `period` None: the centre has not fixed it."""

    centre: str
    year: int
    as_of: date
    edition: Edition
    period: Period | None
    reported: tuple[Reported, ...]

    def counted(self, standing: Standing) -> int:
        return sum(one.standing is standing for one in self.reported)

    @property
    def due(self) -> int:
        """应报."""
        return len(self.reported) - self.counted(Standing.WAIVED)

    @property
    def extended(self) -> int:
        """Of those from whom nothing came: whose extension has not run out."""
        return sum(
            one.standing is Standing.MISSING
            and one.extended_until is not None
            and one.extended_until >= self.as_of
            for one in self.reported
        )

    @property
    def late(self) -> int:
        return sum(one.late for one in self.reported)

    def totals(self) -> Mapping[str, "Total"]:
        return {one.code: total(one, self.reported) for one in self.edition.indicators}


@dataclass(frozen=True, slots=True)
class Total:
    """Of `bases` bases; `compared` of them reported it in both years: `this` and `last` are theirs."""

    indicator: Indicator
    bases: int
    sum: Decimal
    compared: int
    this: Decimal
    last: Decimal

    @property
    def change(self) -> Decimal | None:
        return self.this - self.last if self.compared else None

    @property
    def ratio(self) -> Decimal | None:
        """The change as a part of last year's."""
        return (self.this - self.last) / self.last if self.compared and self.last else None


def total(indicator: Indicator, reported: Iterable[Reported]) -> Total:
    code = indicator.code
    there = [one for one in reported if code in one.this]
    both = [one for one in there if indicator.yearly and code in one.last]
    return Total(
        indicator=indicator,
        bases=len(there),
        sum=_sum(one.this[code] for one in there),
        compared=len(both),
        this=_sum(one.this[code] for one in both),
        last=_sum(one.last[code] for one in both),
    )


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
