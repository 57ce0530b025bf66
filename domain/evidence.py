"""附表: the contracts and patents behind the figures, each counted once, held against the table (R23)."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from domain import figures as reading
from domain import numbers
from domain.figures import Flaw, as_written, plain
from domain.figures_text import Place
from domain.indicators import Edition, Needs, Rule, Severity
from domain.quantities import half_width
from domain.verification import Discrepancy, Figures

MOST_NAMED = 10
"""So many numbers are named in a finding; how many more there are is said."""

_FOREIGN = re.compile(r"(?!ZL|CN[0-9])[A-Z]{2,3}[/0-9A-Z]*[0-9]{4,}.*")
"""US, EP, WO, PCT/CN…: numbers of other offices, whose check digits are not ours to judge."""
_CENT = Decimal("0.01")


class Kind(StrEnum):
    ASSIGNMENT = "assignment"  # 转让
    LICENCE = "licence"  # 许可
    EQUITY = "equity"  # 作价投资


@dataclass(frozen=True, slots=True)
class Contract:
    """A row of the list. `patents` as they were written; `amount` in 万元; what is None was not readable."""

    place: Place
    number: str
    kind: Kind
    patents: tuple[str, ...]
    amount: Decimal | None
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class Patent:
    place: Place
    number: str


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Codes:
    """Where the number of contracts, of patents and the amount of a kind stand in the table."""

    contracts: str
    patents: str | None
    amount: str


_CODES: Mapping[Kind, _Codes] = {
    Kind.ASSIGNMENT: _Codes("I14", "I15", "I16"),
    Kind.LICENCE: _Codes("I17", "I18", "I19"),
    Kind.EQUITY: _Codes("I22", None, "I23"),
}


def reconcile_contracts(
    contracts: Sequence[Contract], figures: Figures, period: tuple[date, date], edition: Edition
) -> list[Discrepancy]:
    """What differs between the whole list of a 统计期 and the table, and what is wrong in the list itself.

    A figure that is blank or faulty is not compared, nor one for which a row lacks what has to be counted.
    """
    once, again = _once(contracts, lambda one: (one.number, one.kind) if one.number else one.place["at"])
    patents = [Patent(one.place, number) for one in once for number in one.patents]
    first, cut_off = period
    other_years = [
        _row(one.number, one.place) for one in once if one.signed_on and not first <= one.signed_on <= cut_off
    ]
    return [
        *_listed(edition, "figures/contracts_twice", [_row(one.number, one.place) for one in again]),
        *_listed(edition, "figures/contracts_of_other_years", other_years, Severity.WARN),
        *_wrong_numbers(patents, edition),
        *_differences(once, figures, edition),
    ]


def reconcile_patents(
    patents: Sequence[Patent], code: str | None, figures: Figures, edition: Edition
) -> list[Discrepancy]:
    """The same for a list of patents, of which `code` is the number in the table; None: it is not known."""
    once, again = _once(patents, lambda one: _canonical(one.number))
    return [
        *_listed(edition, "figures/patents_twice", [_row(one.number, one.place) for one in again]),
        *_wrong_numbers(once, edition),
        *(_difference(edition, code, figures, Decimal(len(once))) if code else ()),
    ]


def _once(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> tuple[list[Row], list[Row]]:
    """The first row of each key, and the others."""
    first: dict[Hashable, Row] = {}
    again = [row for row in rows if first.setdefault(key(row), row) is not row]
    return list(first.values()), again


def _wrong_numbers(patents: Iterable[Patent], edition: Edition) -> Iterator[Discrepancy]:
    wrong = [_row(one.number, one.place) for one in patents if not _is_right(one.number)]
    return _listed(edition, "figures/patents_wrong", wrong)


def _is_right(number: str) -> bool:
    return numbers.application_no(number) is not None or _FOREIGN.fullmatch(_plain(number)) is not None


def _canonical(number: str) -> str:
    """A patent has one number, with ZL or without."""
    return numbers.application_no(number) or _plain(number)


def _plain(number: str) -> str:
    return "".join(half_width(number).upper().split())


# --- against the table ------------------------------------------------------------------------------------


def _differences(contracts: Sequence[Contract], figures: Figures, edition: Edition) -> Iterator[Discrepancy]:
    for kind, codes in _CODES.items():
        rows = [one for one in contracts if one.kind is kind]
        yield from _difference(edition, codes.contracts, figures, Decimal(len(rows)))
        if codes.patents and all(one.patents for one in rows):
            patents = {_canonical(number) for one in rows for number in one.patents}
            yield from _difference(edition, codes.patents, figures, Decimal(len(patents)))
        amounts = [one.amount for one in rows if one.amount is not None]
        if len(amounts) == len(rows):
            yield from _difference(edition, codes.amount, figures, sum(amounts, Decimal(0)))


def _difference(edition: Edition, code: str, figures: Figures, listed: Decimal) -> Iterator[Discrepancy]:
    """Amounts are rounded in the table, so that less than a cent of its unit is no difference."""
    indicator = edition.by_code.get(code)
    if indicator is None:
        return
    value = reading.read(figures.get(code), indicator.unit.decimals)
    if isinstance(value, Flaw) or abs(value - listed) < _CENT:
        return
    facts = {
        "code": code,
        "name": indicator.short,
        "unit": indicator.unit.words,
        "value": plain(value),
        "listed": plain(listed),
    }
    yield from (
        Discrepancy(rule.id, rule.severity, (code,), "figures/evidence_differs", facts)
        for rule in _rules(edition)
    )


def _listed(
    edition: Edition, template: str, rows: Sequence[Mapping[str, object]], severity: Severity | None = None
) -> Iterator[Discrepancy]:
    """One finding for all the rows of which it is true."""
    facts = {"rows": rows[:MOST_NAMED], "more": max(len(rows) - MOST_NAMED, 0)}
    for rule in _rules(edition) if rows else ():
        yield Discrepancy(rule.id, severity or rule.severity, (), template, facts)


def _row(number: str, place: Place) -> dict[str, object]:
    return {**place, "number": as_written(number)}


def _rules(edition: Edition) -> list[Rule]:
    """The rule that speaks of lists, if the edition has it."""
    return [rule for rule in edition.rules if rule.needs is Needs.EVIDENCE][:1]
