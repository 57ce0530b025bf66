"""数据核对 of a whole report (Article 9): its figures, text and period, and the lists behind the figures."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.annual_content import Content
from domain.evidence import Contract, Patent, reconcile_contracts, reconcile_patents
from domain.indicator_names import folded
from domain.indicators import Edition, Needs, edition
from domain.narrative import differences
from domain.verification import Discrepancy, Figures, verify

NO_PERIOD = "figures/no_period"
"""What R22 says while the centre has fixed no 统计期."""

_CODE = re.compile(r"(?<![a-z0-9])([ip][0-9]{2})(?![0-9])")
_ENDING = re.compile("(?:件数|数|量)$")


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file of the report says: a list behind the figures, or the text by the keys of the sections."""

    contracts: tuple[Contract, ...] = ()
    patents: tuple[Patent, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)


Named = Sequence[tuple[str, FileRead]]
"""Files by their name."""


def findings(
    content: Content, read: Named = (), last: Figures | None = None, before: Sequence[Figures] = ()
) -> list[Discrepancy]:
    """Everything that the rules find in a content, in their order; never raises."""
    told = edition(content.year)
    texts = (content.sections, *(one.sections for _, one in read))
    return [
        *verify(content.figures, last, before, told),
        *(found for text in texts for found in differences(text, content.figures, content.year, told)),
        *_no_period(content, told),
        *_lists(content, read, told),
    ]


def _no_period(content: Content, told: Edition) -> Iterator[Discrepancy]:
    if content.period is None:
        for rule in told.rules:
            if rule.needs is Needs.PERIOD:
                yield Discrepancy(rule.id, rule.severity, (), NO_PERIOD, {"year": content.year})


def _lists(content: Content, read: Named, told: Edition) -> Iterator[Discrepancy]:
    """The contracts of all lists are one list; patents are counted by what their list is called."""
    lists = [(name, one) for name, one in read if one.contracts or one.patents]
    placed = [_placed(name, one) if len(lists) > 1 else one for name, one in lists]
    contracts = [row for one in placed for row in one.contracts]
    if contracts:
        yield from reconcile_contracts(contracts, content.figures, _period(content), told)
    by_code: dict[str | None, list[Patent]] = {}
    for (name, one), there in zip(lists, placed, strict=True):
        for was, row in zip(one.patents, there.patents, strict=True):
            code = counted_by(str(was.place["sheet"]), told) or counted_by(name, told)
            by_code.setdefault(code, []).append(row)
    for code, patents in by_code.items():
        yield from reconcile_patents(patents, code, content.figures, told)


def counted_by(name: str, told: Edition) -> str | None:
    """The figure that a list of patents is behind: its code or its name stands in the list's name.

    `I07.xlsx`, `发明专利授权清单`; where there is neither, the list is read and not held against the table.
    """
    words = folded(name)
    counted = {one.code: one for one in told.indicators if not one.unit.money}
    code = _CODE.search(words)
    if code and code[1].upper() in counted:
        return code[1].upper()
    named = {_ENDING.sub("", folded(one.short.zh)): one.code for one in counted.values()}
    found = max((short for short in named if short in words), key=len, default=None)
    return named[found] if found else None


def _placed(name: str, one: FileRead) -> FileRead:
    """With the file in the place of each row, where there are several."""

    def at(place: Mapping[str, object]) -> dict[str, object]:
        return {**place, "sheet": f"{name} {place['sheet']}"}

    return replace(
        one,
        contracts=tuple(replace(row, place=at(row.place)) for row in one.contracts),
        patents=tuple(replace(row, place=at(row.place)) for row in one.patents),
    )


def _period(content: Content) -> tuple[date, date]:
    if content.period is None:
        return date(content.year, 1, 1), date(content.year, 12, 31)
    first, cut_off = map(date.fromisoformat, content.period)
    return first, cut_off
