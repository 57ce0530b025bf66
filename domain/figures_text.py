"""Figures and yes/no duties as somebody wrote them in a list, a line each; what was understood, what not.

What is no number is kept as it was written, so that 数据核对 speaks of it too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain import indicator_names, quantities
from domain.figures import Flaw, as_written, plain
from domain.forms import Remark
from domain.indicator_names import Item
from domain.indicators import Duty, Edition, Indicator

MAX_LINES = 400
MOST_PLACES = 8
_LINE_CHARS = 200

_BREAK = re.compile(r"[;；]+|[,，、]\s*(?=[A-Za-z][0-9]{2}(?![0-9]))")
_BETWEEN = re.compile(r"[\s:：=＝、，,]*(?:(?:为|是)(?=\s*[0-9０-９]))?[\s:：=＝]*")
_BRACKETED = re.compile(r"[(（]([^()（）]*)[)）][\s:：=＝]*(?=\S)")
_END = "。，,、. \t\u3000"
_YES = frozenset({"是", "有", "已建立", "已设立", "√", "✓", "yes", "y", "true"})
_NO = frozenset({"否", "无", "没有", "×", "no", "n", "false"})


@dataclass(frozen=True, slots=True)
class Listed:
    """`figures`: a Decimal, a bool for a duty, or the text as it was written where it is neither."""

    figures: Mapping[str, object]
    remarks: tuple[Remark, ...]


Place = Mapping[str, object]
"""`at` a cell of a `sheet`, or, where that is empty, a line of a text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written for an item, and where."""

    item: Item
    written: object
    place: Place


def read(text: str, edition: Edition) -> Listed:
    """`I16 500`, `转让合同金额：500万元`, `D01 是`, a line or between semicolons each. Never raises."""
    entries: list[Entry] = []
    remarks: list[Remark] = []
    for place, line in _lines(text):
        entry = _entry(line, edition, place)
        if entry is None:
            remarks.append(unknown(line, edition, place))
        elif not entry.written:
            remarks.append(_blank(entry))
        else:
            entries.append(entry)
    listed = settle(entries)
    return Listed(listed.figures, (*remarks, *listed.remarks))


def settle(entries: list[Entry]) -> Listed:
    """Every item once; one that was written twice, differently, not at all. Blanks are passed over."""
    values: dict[str, list[tuple[Entry, object]]] = {}
    remarks: list[Remark] = []
    for entry in entries:
        value, remark = understood(entry)
        if remark:
            remarks.append(remark)
        if value is not None:
            values.setdefault(entry.item.code, []).append((entry, value))
    remarks += [_twice(found) for found in values.values() if _differ(found)]
    return Listed({code: found[0][1] for code, found in values.items() if not _differ(found)}, tuple(remarks))


def understood(entry: Entry) -> tuple[object, Remark | None]:
    """The value, None for a blank; and what has to be said of it."""
    if isinstance(entry.item, Duty):
        return _answered(entry, entry.item)
    return _measured(entry, entry.item)


def unknown(written: str, edition: Edition, place: Place) -> Remark:
    """What names no item; with those that may have been meant."""
    words = re.split(r"[\s:：=＝]*[-0-9０-９]", written.strip(), maxsplit=1)[0] or written
    candidates = [_named(item) for item in indicator_names.alike(words, edition)]
    facts = {"place": place, "written": as_written(written), "candidates": candidates}
    return Remark("figures/unknown", facts)


def _lines(text: str) -> Iterator[tuple[Place, str]]:
    for number, line in enumerate(text.splitlines()[:MAX_LINES], 1):
        for part in _BREAK.split(line):
            if part.strip(_END):
                yield {"sheet": "", "at": str(number)}, part[:_LINE_CHARS]


def _entry(line: str, edition: Edition, place: Place) -> Entry | None:
    found = indicator_names.split(line, edition)
    if found is None:
        return None
    item, rest = found
    written = rest[_between(rest) :].rstrip(_END)
    if isinstance(item, Indicator) and (bracket := _BRACKETED.match(written)):
        written = _with_unit(written[bracket.end() :], bracket[1], item)
    return Entry(item, written, place)


def _between(rest: str) -> int:
    match = _BETWEEN.match(rest)
    return match.end() if match else 0


def _with_unit(written: str, unit: str, item: Indicator) -> str:
    """A number behind (元) is in that unit, unless it has its own; a bracket that is no unit is a note."""
    plain_number = isinstance(quantities.read(written, item.unit).value, Decimal)
    factor = quantities.factor_of(unit, item.unit)
    return f"{written}{unit}" if plain_number and factor not in (None, 1) else written


def _blank(entry: Entry) -> Remark:
    """A name without a number behind it."""
    if isinstance(entry.item, Duty):
        return Remark("figures/yes_no", {"place": entry.place, **_named(entry.item), "written": ""})
    facts = {"unit": entry.item.unit.words, "written": "", "flaw": Flaw.BLANK.value}
    return Remark("figures/flaw", {"place": entry.place, **_named(entry.item), **facts})


def _answered(entry: Entry, duty: Duty) -> tuple[object, Remark | None]:
    if isinstance(entry.written, bool):
        return entry.written, None
    written = as_written(entry.written)
    word = indicator_names.folded(written)
    if word in _YES | _NO:
        return word in _YES, None
    facts = {"place": entry.place, **_named(duty), "written": written}
    return None, Remark("figures/yes_no", facts) if word else None


def _measured(entry: Entry, indicator: Indicator) -> tuple[object, Remark | None]:
    quantity = quantities.read(entry.written, indicator.unit)
    facts = {"place": entry.place, **_named(indicator), "written": quantity.written}
    facts["unit"] = indicator.unit.words
    if isinstance(quantity.value, Decimal):
        meant = Remark("figures/meant", facts | {"value": plain(quantity.value)})
        return quantity.value, meant if quantity.meant else None
    if quantity.value is Flaw.BLANK:
        return None, None
    return quantity.written, Remark("figures/flaw", facts | {"flaw": quantity.value.value})


def _differ(found: list[tuple[Entry, object]]) -> bool:
    return any(value != found[0][1] for _, value in found)


def _twice(found: list[tuple[Entry, object]]) -> Remark:
    places = [{**entry.place, "written": as_written(entry.written)} for entry, _ in found]
    return Remark("figures/twice", {**_named(found[0][0].item), "places": places[:MOST_PLACES]})


def _named(item: Item) -> dict[str, object]:
    return {"code": item.code, "name": item.short if isinstance(item, Indicator) else item.name}
