"""数据核对: the rules of an edition, applied to the figures of a base. Article 9.

A blank is never 0: a check with a blank or faulty figure is not applied, and R08 alone speaks of it. Of a
rule with several checks each is applied by itself. What is computed counts as its sum, whatever was reported.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import takewhile

from domain import figures as reading
from domain.checks import Check, Operand, Span
from domain.figures import Flaw, as_written, plain
from domain.indicators import Edition, Faulty, Indicator, Needs, Rule, Severity, editions

CONSECUTIVE_YEARS = 5
"""Fewer say nothing about what is filed in one year and granted in another."""

Figures = Mapping[str, object]
"""A code, and whatever was written for it; a code that is not there is a blank."""
Values = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What a rule found in the figures of `codes`; `template` (under messages/) says it, with `facts`."""

    rule: str
    severity: Severity
    codes: tuple[str, ...]
    template: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a year, read: `settled` has the sums in place of what was reported for them.

    `earlier` begins with last year.
    """

    written: Figures
    reported: Values
    settled: Values
    earlier: Sequence[Values]

    def value(self, operand: Operand) -> Decimal | None:
        if operand.span is Span.THIS:
            return self.settled.get(operand.code)
        return self.last(operand.code)

    def last(self, code: str) -> Decimal | None:
        return self.earlier[0].get(code)

    def sums(self, codes: Iterable[str]) -> Values:
        """Over the unbroken run of years that have them all; nothing if it is too short."""
        wanted = set(codes)
        run = list(takewhile(lambda year: wanted <= set(year), (self.settled, *self.earlier)))
        if len(run) < CONSECUTIVE_YEARS:
            return {}
        return {code: sum((year[code] for year in run), Decimal(0)) for code in wanted}


Builtin = Callable[[Rule, Edition, Table], Iterator[Discrepancy]]


def verify(
    figures: Figures,
    last: Figures | None = None,
    before: Sequence[Figures] = (),
    edition: Edition | None = None,
) -> list[Discrepancy]:
    """Everything that the rules find, in their order; never raises, whatever was written.

    `before` are the years before last year, without a gap, the newest first; the edition is the newest unless
    another is given.
    """
    edition = edition or editions()[-1]
    earlier = [_reported(edition, year) for year in (last or {}, *before)]
    table = _table(edition, figures, earlier)
    return [found for rule, checks in _ready(edition) for found in _applied(rule, checks, edition, table)]


def settled(figures: Figures, edition: Edition) -> Values:
    """The figures that are numbers; what is computed counts as its sum, whatever was reported."""
    return _table(edition, figures, ()).settled


@cache
def _ready(edition: Edition) -> tuple[tuple[Rule, tuple[Check, ...]], ...]:
    """The rules that look at figures alone, their checks parsed. Raises Faulty."""
    rules = [rule for rule in edition.rules if rule.needs is Needs.FIGURES]
    ready = tuple((rule, tuple(map(Check.parsed, rule.checks))) for rule in rules)
    for rule, checks in ready:
        codes = {operand.code for check in checks for operand in check.operands.values()}
        unknown = codes - set(edition.by_code)
        if unknown or not (checks or rule.builtin in BUILTINS):
            raise Faulty(f"{rule.id}: not known: {', '.join(sorted(unknown)) or rule.builtin}")
    return ready


# --- reading ----------------------------------------------------------------------------------------------


def _table(edition: Edition, figures: Figures, earlier: Sequence[Values]) -> Table:
    reported = _reported(edition, figures)
    sums = {one.code: _sum(one, reported) for one in edition.indicators if one.sum_of}
    settled = {code: value for code, value in {**reported, **sums}.items() if value is not None}
    return Table(figures, reported, settled, earlier)


def _reported(edition: Edition, figures: Figures) -> Values:
    read = {one.code: _read(one, figures) for one in edition.indicators}
    return {code: value for code, value in read.items() if isinstance(value, Decimal)}


def _read(indicator: Indicator, figures: Figures) -> Decimal | Flaw:
    return reading.read(figures.get(indicator.code), indicator.unit.decimals)


def _sum(indicator: Indicator, values: Values) -> Decimal | None:
    if not set(indicator.sum_of) <= set(values):
        return None
    return sum((values[code] for code in indicator.sum_of), Decimal(0))


# --- applying ---------------------------------------------------------------------------------------------


def _applied(rule: Rule, checks: Sequence[Check], edition: Edition, table: Table) -> Iterator[Discrepancy]:
    if rule.builtin is not None:
        yield from BUILTINS[rule.builtin](rule, edition, table)
    for check in checks:
        values = _operands(check, table)
        if values is not None and not check.holds(values):
            yield _broken(rule, check, values, edition)


def _operands(check: Check, table: Table) -> Values | None:
    """The value of each name; None if one is blank or faulty."""
    summed = table.sums(one.code for one in check.operands.values() if one.span is Span.SUM)
    found = {
        name: summed.get(one.code) if one.span is Span.SUM else table.value(one)
        for name, one in check.operands.items()
    }
    known = {name: value for name, value in found.items() if value is not None}
    return known if len(known) == len(found) else None


def _broken(rule: Rule, check: Check, values: Values, edition: Edition) -> Discrepancy:
    rows = [
        {"span": one.span, **_figure(edition.by_code[one.code], values[name])}
        for name, one in check.operands.items()
    ]
    codes = dict.fromkeys(one.code for one in check.operands.values())
    facts = {"figures": rows, "says": rule.says}
    return Discrepancy(rule.id, rule.severity, tuple(codes), "verification/figures", facts)


def _figure(indicator: Indicator, value: Decimal) -> dict[str, object]:
    return {
        "code": indicator.code,
        "name": indicator.short,
        "unit": indicator.unit.words,
        "value": plain(value),
    }


# --- named functions --------------------------------------------------------------------------------------


def _found(rule: Rule, indicator: Indicator, template: str, facts: Mapping[str, object]) -> Discrepancy:
    return Discrepancy(rule.id, rule.severity, (indicator.code,), template, facts)


def _values(rule: Rule, edition: Edition, table: Table) -> Iterator[Discrepancy]:
    """What is no number that the table takes; a blank where every base reports."""
    for one in edition.indicators:
        flaw = _read(one, table.written)
        if isinstance(flaw, Flaw) and (flaw is not Flaw.BLANK or one.required):
            written = as_written(table.written.get(one.code))
            facts = {"code": one.code, "name": one.short, "unit": one.unit.words, "written": written}
            yield _found(rule, one, f"verification/{flaw}", facts)


def _total(rule: Rule, edition: Edition, table: Table) -> Iterator[Discrepancy]:
    """A computed figure that was reported all the same, and differs from its sum."""
    for one in edition.indicators:
        reported, total = table.reported.get(one.code), table.settled.get(one.code)
        if not one.sum_of or reported is None or total is None:
            continue
        if abs(reported - total) > rule.limits["tolerance"]:
            parts = [_part(edition.by_code[code], table.reported[code]) for code in one.sum_of]
            facts = {**_figure(one, reported), "parts": parts, "total": plain(total)}
            yield Discrepancy(rule.id, rule.severity, (one.code, *one.sum_of), "verification/total", facts)


def _part(indicator: Indicator, value: Decimal) -> dict[str, object]:
    return {"name": indicator.addend, "value": plain(value)}


def _year_on_year(rule: Rule, edition: Edition, table: Table) -> Iterator[Discrepancy]:
    """A change that is large both in proportion and in itself."""
    limits = rule.limits
    for one, now, last in _both_years(edition, table):
        change, base = abs(now - last), max(last, Decimal(1))
        if change > limits["ratio"] * base and change >= limits["money" if one.unit.money else "counts"]:
            facts = {**_figure(one, now), "last": plain(last), "says": rule.says}
            yield _found(rule, one, "verification/year_on_year", facts)


def _unit_slip(rule: Rule, edition: Edition, table: Table) -> Iterator[Discrepancy]:
    """An amount about 10,000 times last year's, or a ten-thousandth of it."""
    least, most = rule.limits["from"], rule.limits["to"]
    for one, now, last in _both_years(edition, table):
        small, large = sorted((now, last))
        if one.unit.money and small > 0 and least * small <= large <= most * small:
            facts = {**_figure(one, now), "last": plain(last), "says": rule.says}
            yield _found(rule, one, "verification/unit_slip", facts)


def _both_years(edition: Edition, table: Table) -> Iterator[tuple[Indicator, Decimal, Decimal]]:
    """Those reported in both years, as they were reported; a total that was left blank is its sum."""
    for one in edition.indicators:
        now, last = table.reported.get(one.code), table.last(one.code)
        if _read(one, table.written) is Flaw.BLANK:
            now = table.settled.get(one.code)
        if one.yearly and now is not None and last is not None:
            yield one, now, last


BUILTINS: Mapping[str, Builtin] = {
    "values": _values,
    "total": _total,
    "year_on_year": _year_on_year,
    "unit_slip": _unit_slip,
}
