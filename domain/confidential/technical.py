"""Numbers of applications that nobody can look up yet, and places on a map to within some metres."""

import re
from collections.abc import Iterator
from datetime import date

from domain import numbers
from domain.confidential.findings import Rule
from domain.confidential.sightings import Sighting, after, before

_APPLICATION = re.compile(
    r"(?<![0-9A-Za-z.])(?P<prefix>[Zz][Ll]|[Cc][Nn])? ?"
    r"(?P<digits>20\d{2} ?[12389](?: ?\d){7}|(?:8[5-9]|9\d|0[0-3])[12389]\d{5})"
    r"(?P<dot> ?[.·。] ?)?(?P<check>[0-9Xx])(?![0-9A-Za-z]|\.\d)"
)
_APPLIED = re.compile(r"申请|专利|案件?号|受理")
_HIDDEN = re.compile(
    r"未(?:被)?(?:公[开布告示])|尚未|未经公[开布]|待公[开布]|公[开布]前|不公开|保密审查中|未授权|未获授权"
)
_PUBLISHED = re.compile(r"授权|公告|已(?:经|于[^，。；]{0,14})?公[开布]|公[开布](?:号|日)|获权|已公示")
_CONTEXT = 30

_FIGURE = re.compile(r"\d{1,3}\.\d{3,15}")
_AMOUNT = re.compile(r" ?(?:[万亿元%℃]|美元|[kmM]?[mgWLVA](?![A-Za-z]))|\d|\.\d")
_WHOLE = re.compile(r"(?<![\d.])\d{1,3}\.\d{3,15}(?![\d]|\.\d)")
_BETWEEN = re.compile(r" ?°?[NESWnesw北东]?(?: ?[,;、/|] ?| |(?=[东北EN经纬]))[^\d\n]{0,12}")
_SIDE_BEFORE = re.compile(r"(?:东经|北纬)[:为是约 ]{0,3}$")
_SIDE_AFTER = re.compile(r" ?°? ?(?:[EN](?![A-Za-z0-9+-])|[东北](?!部|方))")
_ANGLE = re.compile(r"\d{1,3} ?[°度] ?\d{1,2} ?['′’‘分] ?\d{1,2}(?:\.\d+)? ?(?:[\"″”“秒]|''|′′|’’)")
_ANGLE_NAMED = re.compile(r"(?:东经|北纬|(?<![A-Za-z])[EN]) ?[:为是约]? ?$")
_ANGLE_SIDE = re.compile(r" ?(?:[EN](?![A-Za-z0-9+-])|[东北](?!部|方))")
_NEXT_ANGLE = re.compile(rf"[ ,、;/]{{0,3}}{_ANGLE.pattern}")
_EAST = 60  # degrees: every longitude of China is more, every latitude less
_LABEL = 8  # characters before a figure that may say 北纬


def applications(text: str, start: int, end: int, today: date) -> Iterator[Sighting]:
    for found in _APPLICATION.finditer(text, start, end):
        if (found["prefix"] or "").upper() == "ZL":
            continue
        digits = re.sub(r"\D", "", found["digits"])
        check = found["check"].upper()
        if numbers.check_digit(digits) == check and _is_unpublished(text, found, digits, today):
            yield Sighting(Rule.UNPUBLISHED_APP, *found.span())


def _is_unpublished(text: str, found: re.Match[str], digits: str, today: date) -> bool:
    """Said to be, or filed so lately that the 18 months of 专利法 Article 34 may not have passed."""
    around = before(text, found.start())[-_CONTEXT:] + after(text, found.end())[:_CONTEXT]
    if not found["prefix"] and not found["dot"] and not _APPLIED.search(around):
        return False
    if _HIDDEN.search(around):
        return True
    return _is_recent(digits, today) and _PUBLISHED.search(around) is None


def _is_recent(digits: str, today: date) -> bool:
    return len(digits) == 12 and today.year - 1 <= int(digits[:4]) <= today.year


def coordinates(text: str) -> Iterator[Sighting]:
    for figure in _FIGURE.finditer(text):
        yield from _decimal(text, figure.start())
    if "°" in text or "度" in text:
        for angle in _ANGLE.finditer(text):
            yield from _angle(text, *angle.span())


def _decimal(text: str, start: int) -> Iterator[Sighting]:
    """A latitude and a longitude of four places side by side, or one figure that is called so."""
    one = _WHOLE.match(text, start)
    if one is None:
        return
    between = _BETWEEN.match(text, one.end())
    two = _WHOLE.match(text, between.end()) if between else None
    side = _SIDE_AFTER.match(text, one.end())
    label = _SIDE_BEFORE.search(text, max(start - _LABEL, 0), start)
    if two and _is_place(one[0], two[0]) and not _AMOUNT.match(text, two.end()):
        yield Sighting(Rule.COORDINATES, label.start() if label else start, two.end())
    elif (side or label) and _is_degree(float(one[0])):
        end = side.end() if side else one.end()
        yield Sighting(Rule.COORDINATES, label.start() if label else start, end)


def _angle(text: str, start: int, end: int) -> Iterator[Sighting]:
    """Degrees, minutes and seconds with a side of the world, or a pair of them."""
    named = _ANGLE_NAMED.search(text, max(start - _LABEL, 0), start)
    beyond = _ANGLE_SIDE.match(text, end) or _NEXT_ANGLE.match(text, end)
    if named or beyond:
        yield Sighting(Rule.COORDINATES, named.start() if named else start, beyond.end() if beyond else end)


def _is_place(one: str, two: str) -> bool:
    """One is a latitude and the other a longitude of China, whichever comes first."""
    first, second = float(one), float(two)
    if (first < _EAST) == (second < _EAST):
        return False
    return _is_degree(first) and _is_degree(second) and min(_places(one), _places(two)) >= 4


def _is_degree(figure: float) -> bool:
    return 3 <= figure <= 54 or 73 <= figure <= 136


def _places(figure: str) -> int:
    return len(figure.partition(".")[2])
