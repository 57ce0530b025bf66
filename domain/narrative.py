"""文表一致 (R21): a figure that the text gives beside an indicator's name, held against the table.

A false alarm costs a base an explanation, so only what is said plainly is compared: the name at the beginning
of a clause, then the number, then its unit; and no sentence that speaks of another year, of an aim, of a part
or of a single case.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from domain import figures as reading
from domain import quantities
from domain.figures import Flaw, plain
from domain.indicators import Edition, Indicator, Needs, Rule
from domain.quantities import half_width
from domain.verification import Discrepancy, Figures

NOT_OF_THE_YEAR = frozenset({"cases", "outlook"})
"""Sections that speak of single cases and of the time to come."""
_QUOTED_CHARS = 60

_SENTENCE = re.compile(r"[。！？!?;；\n\r]+")
_ELSEWHERE = re.compile(
    "上年|去年|前年|往年|历年|以来|累计|近[一二三四五六七八九十两0-9]+年|[十百]年|五年|期间|十[二三四五]五|"
    "下年|明年|来年|计划|规划|目标|力争|预计|拟|争取|将达|有望|"
    "某|该|公司|企业间|单项|单笔|单个|其中之一|例如|比如|如图|平均|人均|最高|最大|首[个项笔件次]|每|"
    "学院|研究院|研究所|课题组|团队|平台|会上|活动|大赛|对接会|现场|"
    "分别|约|近|超|逾|余|多[项件家笔人]|以上|以下|不足|左右|至少"
)
"""What makes the number of a sentence another one than the table's, or less than exact."""
_COMPARED = re.compile("(?:同比|环比|[较比](?:上年|去年|上一?年度?))[^,，]*")
"""A comparison behind a figure leaves the figure this year's."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_BEFORE = re.compile(
    r"(?:^|[，,、：:（(])(?:[一二三四五六七八九十]是)?"
    r"(?:(?:我|本)(?:校|院|所|单位|中心)|学校|本年度?|今年|当年|全年|全校|全院|年度|[0-9]{4}年度?|年内|"
    r"共|共计|完成|实现|签订|达成|开展|组织|新增)*$"
)
"""What may stand before the name in its clause."""
_BETWEEN = r"(?:数量?|总[数额量])?(?:为|是|共|达|达到|合计|共计|总计|有|：|:|\()?"
_NUMBER = r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<unit>[万亿千]?[^\W0-9]{1,4}?)"
_END = r"(?=$|[，,、。：:)）]|和|及|与|同比|较|比|增|下降|减)"
_COUNTED = re.compile("(?:项目数|企业数|项数|件数|笔数|人次|数|量)$")
_CONTRACTS = re.compile("合同项数$")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says of an indicator: the figure in the table's unit, and the value of its last digit."""

    indicator: Indicator
    value: Decimal
    exact_to: Decimal
    quoted: str


def differences(
    sections: Mapping[str, str], figures: Figures, year: int, edition: Edition
) -> list[Discrepancy]:
    """The sections by their key. What the table leaves blank, or has a flaw, is not compared."""
    rule = next((one for one in edition.rules if one.needs is Needs.NARRATIVE), None)
    if rule is None:
        return []
    return [
        _found(rule, section.title, said, value)
        for section in edition.sections
        if section.key not in NOT_OF_THE_YEAR
        for said in _read(sections.get(section.key, ""), year, edition)
        if (value := _in_table(said.indicator, figures, edition)) is not None
        and abs(value - said.value) >= said.exact_to
    ]


def _found(rule: Rule, section: object, said: _Said, value: Decimal) -> Discrepancy:
    one = said.indicator
    facts = {
        "code": one.code,
        "name": one.short,
        "unit": one.unit.words,
        "value": plain(value),
        "section": section,
        "quoted": said.quoted,
    }
    return Discrepancy(rule.id, rule.severity, (one.code,), "figures/text_differs", facts)


def _in_table(indicator: Indicator, figures: Figures, edition: Edition) -> Decimal | None:
    """A total is that of its parts."""
    if indicator.sum_of:
        parts = [_in_table(edition.by_code[code], figures, edition) for code in indicator.sum_of]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if len(known) == len(parts) else None
    value = reading.read(figures.get(indicator.code), indicator.unit.decimals)
    return None if isinstance(value, Flaw) else value


# --- reading ----------------------------------------------------------------------------------------------


def _read(text: str, year: int, edition: Edition) -> Iterator[_Said]:
    """Each figure that is said plainly, once in the same words."""
    seen: set[str] = set()
    for sentence in _SENTENCE.split(half_width(text)):
        words = _COMPARED.sub("", "".join(sentence.split()))
        if _ELSEWHERE.search(words) or set(_YEAR.findall(words)) - {str(year)}:
            continue
        for said in _figures(words, edition):
            if said.quoted not in seen:
                seen.add(said.quoted)
                yield said


def _figures(sentence: str, edition: Edition) -> Iterator[_Said]:
    for match in _pattern(edition).finditer(sentence):
        if not _BEFORE.search(sentence[: match.start()]):
            continue
        for indicator in _named(edition).get(match["name"], ()):
            factor = quantities.factor_of(match["unit"], indicator.unit)
            if factor is not None:
                value, digit = _value(match["number"])
                yield _Said(indicator, value * factor, digit * factor, match[0][:_QUOTED_CHARS])


def _value(written: str) -> tuple[Decimal, Decimal]:
    """The number, and what its last digit is worth."""
    digits = written.replace(",", "")
    return Decimal(digits), Decimal(1).scaleb(-len(digits.partition(".")[2]))


@cache
def _pattern(edition: Edition) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_named(edition), key=len, reverse=True))
    return re.compile(f"(?P<name>{names}){_BETWEEN}{_NUMBER}{_END}")


@cache
def _named(edition: Edition) -> Mapping[str, tuple[Indicator, ...]]:
    """Who has a name in a text: the whole of it, or without 项数, without 合同项数."""
    names: dict[str, tuple[Indicator, ...]] = {}
    for one in edition.indicators:
        name = half_width(one.short.zh)
        for form in {name, _COUNTED.sub("", name), _CONTRACTS.sub("", name)}:
            names[form] = (*names.get(form, ()), one)
    return names
