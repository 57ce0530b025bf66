"""A figure written with its unit, as people write it: 500万元, 30项, 1.2万人次; in the unit of the table."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain import figures
from domain.figures import Flaw, as_written, visible
from domain.indicators import Unit

_WITH_UNIT = re.compile(r"(?P<number>-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>[^\s0-9.,].*)")
_AMOUNTS: Mapping[str, Decimal] = {
    **dict.fromkeys(("亿", "亿元", "亿元人民币"), Decimal(10_000)),
    **dict.fromkeys(("万", "万元", "万元人民币", "万人民币"), Decimal(1)),
    **dict.fromkeys(("元", "元人民币", "元整", "cny", "yuan"), Decimal("0.0001")),
}
_COUNTED: Mapping[str, str] = {
    "persons": "人 名",
    "attendances": "人次 人",
    "patents": "件 个",
    "items": "项 个 份",
    "loans": "笔 个",
    "enterprises": "家 个 户",
}
"""What people say for the units of the table."""
_TIMES = re.compile(r"(?P<times>[万千]?)(?P<unit>.*)")
_FACTORS = {"万": Decimal(10_000), "千": Decimal(1_000), "": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`meant`: it was converted into the table's unit, so whoever wrote it is told how it was read."""

    value: Decimal | Flaw
    written: str
    meant: bool = False


def read(written: object, unit: Unit) -> Quantity:
    """Never raises. A unit of the same kind is converted; a number with any other is not read."""
    shown = as_written(written)
    plain = figures.read(written, unit.decimals)
    match = _WITH_UNIT.fullmatch(half_width(visible(written))) if isinstance(written, str) else None
    factor = factor_of(match["unit"], unit) if match else None
    if plain is not Flaw.NOT_A_NUMBER or match is None or factor is None:
        return Quantity(plain, shown)
    number = figures.read(match["number"], figures.WRITTEN_DECIMALS)
    if isinstance(number, Flaw):
        return Quantity(number, shown)
    return Quantity(figures.read(number * factor, unit.decimals), shown, meant=factor != 1)


def factor_of(written: str, unit: Unit) -> Decimal | None:
    """By what a number in this unit is multiplied to be in the table's; None if it is of another kind."""
    word = "".join(half_width(written).split()).casefold()
    if unit.money:
        return _AMOUNTS.get(word)
    if word in (unit.words.en.casefold(), unit.words.en.casefold().removesuffix("s")):
        return Decimal(1)
    match = _TIMES.fullmatch(word)
    counted = (*_COUNTED.get(unit.key, "").split(), unit.words.zh)
    if match is None or not (match["unit"] in counted or (match["times"] and not match["unit"])):
        return None
    return _FACTORS[match["times"]]


def half_width(text: str) -> str:
    """Full-width forms and spaces as half-width ones; everything else as it is."""
    return "".join(
        unicodedata.normalize("NFKC", one) if unicodedata.east_asian_width(one) == "F" else one
        for one in text
    )
