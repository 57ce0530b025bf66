"""The figures of the annual report, read from data: indicators, duties, sections, rules; an edition a year.

A year that was reported keeps its edition; what changes is written as a new one (`data/indicators.json`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from domain.forms import Words

_FILE = Path(__file__).parent / "data" / "indicators.json"


class Faulty(ValueError):
    """The data names something that is not known, or something twice: what, and where."""


class Period(StrEnum):
    YEAR = "year"  # what happened in the year
    YEAR_END = "year_end"  # what there is at the cut-off date
    PROJECT = "project"  # since the project began: cumulative


class Severity(StrEnum):
    ERROR = "error"  # to be corrected
    WARN = "warn"  # to be confirmed, with a word that stays with the report
    EXPLAIN = "explain"  # to be explained, likewise


class Needs(StrEnum):
    """What a rule looks at."""

    FIGURES = "figures"  # the table alone
    NARRATIVE = "narrative"  # the text beside it
    PERIOD = "period"  # the period that the centre fixed
    EVIDENCE = "evidence"  # the lists of contracts and patents


@dataclass(frozen=True, slots=True)
class Unit:
    key: str
    words: Words
    decimals: int

    @property
    def money(self) -> bool:
        """万元; what has no decimals is counted."""
        return self.decimals > 0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the table. `core`: every base reports it; `sum_of`: it is computed from these codes.

    `short` names it where it stands alone, without 其中, `addend` within a sum, as in 转让 500 + 许可 300.
    """

    code: str
    group: str
    name: Words
    short: Words
    addend: Words
    unit: Unit
    period: Period
    article: str
    core: bool
    definition: Words | None
    comparable: Words
    remark: Words | None
    sum_of: tuple[str, ...]

    @property
    def required(self) -> bool:
        return self.core and not self.sum_of

    @property
    def yearly(self) -> bool:
        """Whether it may be compared with last year's."""
        return self.period is not Period.PROJECT


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of Article 5 that is answered with yes or no."""

    code: str
    name: Words
    article: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the narrative; its title carries its number."""

    key: str
    title: Words


@dataclass(frozen=True, slots=True)
class Rule:
    """Each of `checks` has to hold; or `builtin` names a function, and `limits` are its numbers."""

    id: str
    severity: Severity
    says: Words
    checks: tuple[str, ...] = ()
    builtin: str | None = None
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    needs: Needs = Needs.FIGURES


@dataclass(frozen=True, eq=False)
class Edition:
    from_year: int
    scope: Words
    groups: Mapping[str, Words]
    indicators: tuple[Indicator, ...]
    duties: tuple[Duty, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        return {one.code: one for one in self.indicators}

    def of_group(self, group: str) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.group == group)


def edition(year: int) -> Edition:
    """The edition by which a year is reported; a year before the first is read by the first."""
    return next((one for one in reversed(editions()) if one.from_year <= year), editions()[0])


@cache
def editions() -> tuple[Edition, ...]:
    """From the oldest to the newest. Raises Faulty."""
    return parsed(_FILE.read_text(encoding="utf-8"))


def parsed(text: str) -> tuple[Edition, ...]:
    try:
        told = json.loads(text, parse_float=Decimal)["editions"]
        return tuple(sorted(map(_edition, told), key=lambda one: one.from_year))
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise error if isinstance(error, Faulty) else Faulty(repr(error)) from error


def _edition(told: Mapping[str, Any]) -> Edition:
    groups = {key: Words(**words) for key, words in told["groups"].items()}
    units = {key: _unit(key, **unit) for key, unit in told["units"].items()}
    one = Edition(
        from_year=told["from_year"],
        scope=Words(**told["scope"]),
        groups=groups,
        indicators=tuple(_indicator(entry, units) for entry in told["indicators"]),
        duties=tuple(Duty(duty["code"], Words(**duty["name"]), duty["article"]) for duty in told["duties"]),
        sections=tuple(Section(section["key"], Words(**section["title"])) for section in told["sections"]),
        rules=tuple(map(_rule, told["rules"])),
    )
    _refuse_faults(one)
    return one


def _refuse_faults(one: Edition) -> None:
    codes = [*(indicator.code for indicator in one.indicators), *(duty.code for duty in one.duties)]
    _refuse_twice("code", codes)
    _refuse_twice("section", [section.key for section in one.sections])
    _refuse_twice("rule", [rule.id for rule in one.rules])
    _refuse_unknown("group", {indicator.group for indicator in one.indicators} - set(one.groups))
    _refuse_unknown(
        "sum_of", {code for indicator in one.indicators for code in indicator.sum_of} - set(codes)
    )


def _refuse_twice(where: str, keys: Sequence[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise Faulty(f"{where}: twice: {', '.join(twice)}")


def _refuse_unknown(where: str, unknown: Iterable[str]) -> None:
    if names := sorted(unknown):
        raise Faulty(f"{where}: not known: {', '.join(names)}")


def _unit(key: str, zh: str, en: str, decimals: int) -> Unit:
    return Unit(key, Words(zh, en), decimals)


def _indicator(told: Mapping[str, Any], units: Mapping[str, Unit]) -> Indicator:
    name = Words(**told["name"])
    return Indicator(
        code=told["code"],
        group=told["group"],
        name=name,
        short=_words(told.get("short")) or name,
        addend=_words(told.get("addend")) or name,
        unit=units[told["unit"]],
        period=Period(told["period"]),
        article=told["article"],
        core=told["core"],
        definition=_words(told.get("definition")),
        comparable=Words(**told["comparable"]),
        remark=_words(told.get("remark")),
        sum_of=tuple(told.get("sum_of", ())),
    )


def _words(told: Mapping[str, str] | None) -> Words | None:
    return Words(**told) if told else None


def _rule(told: Mapping[str, Any]) -> Rule:
    return Rule(
        id=told["id"],
        severity=Severity(told["severity"]),
        says=Words(**told["says"]),
        checks=tuple(told.get("checks", ())),
        builtin=told.get("builtin"),
        limits={name: Decimal(limit) for name, limit in told.get("limits", {}).items()},
        needs=Needs(told.get("needs", Needs.FIGURES)),
    )
