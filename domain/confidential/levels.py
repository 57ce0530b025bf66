"""The words for a level of secrecy, the stars and the terms that make marks of them.

保守国家秘密法 (2024) Articles 13 and 14 for state secrets, 中央企业商业秘密保护暂行规定 for 商密.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from domain.confidential.findings import Rule
from domain.confidential.sightings import before

GAP = r"[ \n]{0,2}"
_HAN = "[一二三四五六七八九十百]"
_DIGIT = "[0-9lIO]"  # 1 and 0 as a scanner reads them
_NUMBER = rf"(?:{_DIGIT}(?:{GAP}{_DIGIT}){{0,3}}|{_HAN}(?:{GAP}{_HAN}){{0,4}}|[Xx×_*]{{1,4}}|若干)"
_MONTH = rf"(?:个{GAP}月|月)"
TERM = (
    rf"(?:{_NUMBER}{GAP}(?:年|{_MONTH}|周|天|日)(?:{GAP}\d(?:{GAP}\d)?{GAP}(?:{_MONTH}|天|日)){{0,2}}(?:[前后]?解密)?"
    rf"|长{GAP}期|永{GAP}久|启{GAP}用{GAP}前|解{GAP}密{GAP}(?:时间|条件|日期)|公[开布]前|考试(?:结束)?前|开考前"
    rf"|[至到]{GAP}\d(?:{GAP}\d){{1,3}}{GAP}年?|\d{{4}}[-./]\d{{1,2}}(?:[-./]\d{{1,2}})?)"
)


class Kind(Enum):
    LEVEL = "a level that marks by standing alone: 机密, 工作秘密, 核心商密"
    TOPIC = "as often the subject of a text as its mark: 商业秘密, 国家秘密"
    INNER = "内部, a word of every office"


@dataclass(frozen=True, slots=True)
class Word:
    rule: Rule
    kind: Kind
    text: str  # without spaces
    start: int
    end: int


_CUT = rf"(?:{GAP}|[-._·/|*~])"  # a level is written with a mark between its characters to get past a gate
_SEED = re.compile(
    rf"[绝机秘商]{_CUT}密(?:A{{1,3}}(?![A-Za-z]))?"
    rf"|内{GAP}部(?:{GAP}(?:资料|文件|材料|事项|信息|刊物|使用|掌握|传阅|敏感))?"
)
_BLANK = re.compile(r"[ \n]")
_LEVELS = {
    "绝密": Rule.STATE_MARK,
    "机密": Rule.STATE_MARK,
    "秘密": Rule.STATE_MARK,
    "商密": Rule.TRADE_MARK,
    "内部": Rule.WORK_MARK,
}
# What a level's word is joined to in front changes whose secret it is.
_OWNERS: dict[str, tuple[Rule, Kind]] = {
    "国家": (Rule.STATE_MARK, Kind.TOPIC),
    "军事": (Rule.STATE_MARK, Kind.TOPIC),
    "国防": (Rule.STATE_MARK, Kind.TOPIC),
    "高度": (Rule.STATE_MARK, Kind.LEVEL),
    "最高": (Rule.STATE_MARK, Kind.LEVEL),
    "极": (Rule.STATE_MARK, Kind.LEVEL),
    "内部": (Rule.WORK_MARK, Kind.LEVEL),
    "公司内部": (Rule.TRADE_MARK, Kind.LEVEL),
    "企业内部": (Rule.TRADE_MARK, Kind.LEVEL),
    "工作": (Rule.WORK_MARK, Kind.LEVEL),
    "商业": (Rule.TRADE_MARK, Kind.TOPIC),
    "技术": (Rule.TRADE_MARK, Kind.TOPIC),
    "经营": (Rule.TRADE_MARK, Kind.TOPIC),
    "核心商业": (Rule.TRADE_MARK, Kind.LEVEL),
    "普通商业": (Rule.TRADE_MARK, Kind.LEVEL),
    "企业": (Rule.TRADE_MARK, Kind.LEVEL),
    "公司": (Rule.TRADE_MARK, Kind.LEVEL),
    "部门": (Rule.TRADE_MARK, Kind.LEVEL),
    "集团": (Rule.TRADE_MARK, Kind.LEVEL),
    "核心": (Rule.TRADE_MARK, Kind.LEVEL),
    "普通": (Rule.TRADE_MARK, Kind.LEVEL),
    "重要": (Rule.TRADE_MARK, Kind.LEVEL),
    "一般": (Rule.TRADE_MARK, Kind.LEVEL),
}
_OWNER = re.compile(
    "[本我]?(?P<name>"
    + "|".join(GAP.join(owner) for owner in sorted(_OWNERS, key=len, reverse=True))
    + rf")级?{GAP}$"
)
_OWNER_ENDS = {owner[-1] for owner in _OWNERS} | {"级", " ", "\n"}
_OWNER_REACH = 16
# 商业秘密 is a subject, 商业秘密（核心） a mark.
_GRADED = re.compile(
    rf"(?:等级|级别|级|密级)?{GAP}(?:[ ·:=/|★(\[【_-]|为){GAP}(?:核心|普通|重要|一般)级?[)\]】]?(?![^\W_])"
)
_BODIES = {"公司", "集团", "企业", "部门", "内部"}
_WRAPPED = 13  # characters before it in a line of prose that was wrapped
_GENERIC = {"普通", "重要", "一般"}  # owners of 商密 alone: 普通秘密 is no trade secret


def words(text: str, may_end: re.Pattern[str]) -> Iterator[Word]:
    """Every word for a level, spaces and line breaks in it forgiven, with its owner: 工作秘密.

    `may_end` is what must follow; it is asked first, for most such words are prose: 机密性, 内部控制.
    """
    for seed in _SEED.finditer(text):
        if may_end.match(text, seed.end()):
            yield _word(text, seed.start(), seed.end())


def _word(text: str, start: int, end: int) -> Word:
    level = text[start] + ("部" if text[start] == "内" else "密")
    rule = _LEVELS[level]
    kind = Kind.INNER if level == "内部" else Kind.LEVEL
    owned = text[start - 1 : start] in _OWNER_ENDS
    owner = _OWNER.search(text, max(start - _OWNER_REACH, 0), start) if owned else None
    name = _BLANK.sub("", owner["name"]) if owner else ""
    unowned = level == "内部" or (name in _GENERIC and level != "商密")
    if owner is not None and not unowned and _is_joined(text, owner, name):
        rule, kind = _OWNERS[name]
        start, level = owner.start(), name + level
        if not level.endswith("秘密"):  # 商业秘密 is a branch of law, 商业机密 is a stamp
            kind = Kind.LEVEL
    if rule is Rule.TRADE_MARK and (grade := _GRADED.match(text, end)):
        kind, end = Kind.LEVEL, grade.end()
    return Word(rule, kind, level, start, end)


def _is_joined(text: str, owner: re.Match[str], name: str) -> bool:
    """Over a line's end only in text written downwards or wrapped: `某某公司` `机密` are two lines."""
    if "\n" not in owner[0]:
        return True
    above = before(text, owner.start())
    return not above or (len(above) >= _WRAPPED and name not in _BODIES)
