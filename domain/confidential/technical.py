"""Numbers of applications that nobody can look up yet, and places on a map to within some metres."""

import re
from collections.abc import Iterator
from datetime import date

from domain import numbers
from domain.confidential.findings import Rule
from domain.confidential.sightings import Sighting, after, before

_APPLICATION = re.compile(
    r"(?<![0-9A-Za-z.])(?P<prefix>ZL|CN)? ?"
    r"(?P<digits>20\d{2} ?[12389] ?\d{3} ?\d{4}|(?:8[5-9]|9\d|0[0-3])[12389]\d{5})"
    r"(?P<dot> ?[.·。] ?)?(?P<check>[0-9Xx])(?![0-9A-Za-z]|\.\d)",
    re.IGNORECASE,
)
_APPLIED = re.compile(r"申请|专利|案件?号|受理")
_HIDDEN = re.compile(
    r"未(?:被)?(?:公[开布告示])|尚未|未经公[开布]|待公[开布]|公[开布]前|不公开|保密审查中|未授权|未获授权"
)
_PUBLISHED = re.compile(r"授权|公告|已(?:经|于[^，。；]{0,14})?公[开布]|公[开布](?:号|日)|获权|已公示")
_CONTEXT = 30

_DECIMAL = r"(?:\d{1,3}\.\d{3,15})"
_AMOUNT = r"(?! ?(?:[万亿元%℃]|美元|[kmM]?[mgWLVA]\b)|\d|\.\d)"
_PAIR = re.compile(
    rf"(?<![\d.])(?P<one>{_DECIMAL}) ?°?[NESWnesw北东]?"
    rf"(?: ?[,;、/|] ?| |(?=[东北EN经纬]))[^\d\n]{{0,12}}(?P<two>{_DECIMAL}){_AMOUNT}"
)
_NAMED_DEGREE = re.compile(
    rf"(?:(?:东经|北纬)[:为是约 ]{{0,3}}(?P<after>{_DECIMAL})"
    rf"|(?P<before>{_DECIMAL}) ?°? ?(?:[EN](?![A-Za-z])|[东北]))(?![\d.])"
)
_ANGLE = r"\d{1,3} ?[°度] ?\d{1,2} ?['′’‘分] ?\d{1,2}(?:\.\d+)? ?(?:[\"″”“秒]|''|′′|’’)"
_DMS = re.compile(
    rf"(?:(?P<named>东经|北纬|[EN]) ?[:为是约]? ?)?(?P<angle>{_ANGLE})"
    r"(?P<side> ?(?:[EN](?![A-Za-z])|[东北]))?"
    rf"(?P<pair>[ ,、;/]{{0,3}}(?:{_ANGLE}))?"
)


def applications(text: str, start: int, end: int, today: date) -> Iterator[Sighting]:
    for found in _APPLICATION.finditer(text, start, end):
        digits = re.sub(r"\D", "", found["digits"])
        check = found["check"].upper()
        if numbers.check_digit(digits) == check and _is_unpublished(text, found, digits, today):
            yield Sighting(Rule.UNPUBLISHED_APP, *found.span())


def _is_unpublished(text: str, found: re.Match[str], digits: str, today: date) -> bool:
    """Said to be, or filed so lately that the 18 months of 专利法 Article 34 may not have passed."""
    prefix = (found["prefix"] or "").upper()
    if prefix == "ZL":
        return False
    around = before(text, found.start())[-_CONTEXT:] + after(text, found.end())[:_CONTEXT]
    if not prefix and not found["dot"] and not _APPLIED.search(around):
        return False
    if _HIDDEN.search(around):
        return True
    return _is_recent(digits, today) and _PUBLISHED.search(around) is None


def _is_recent(digits: str, today: date) -> bool:
    return len(digits) == 12 and today.year - 1 <= int(digits[:4]) <= today.year


def coordinates(text: str) -> Iterator[Sighting]:
    if "." in text:
        yield from _pairs(text)
        yield from _named(text)
    if "°" in text or "度" in text:
        yield from _angles(text)


def _pairs(text: str) -> Iterator[Sighting]:
    for found in _PAIR.finditer(text):
        one, two = found["one"], found["two"]
        if min(_places(one), _places(two)) >= 4 and _is_within(float(one), float(two)):
            yield Sighting(Rule.COORDINATES, *found.span())


def _named(text: str) -> Iterator[Sighting]:
    for found in _NAMED_DEGREE.finditer(text):
        degrees = float(found["after"] or found["before"])
        if 3 <= degrees <= 54 or 73 <= degrees <= 136:
            yield Sighting(Rule.COORDINATES, *found.span())


def _angles(text: str) -> Iterator[Sighting]:
    for found in _DMS.finditer(text):
        if found["named"] or found["side"] or found["pair"]:
            yield Sighting(Rule.COORDINATES, *found.span())


def _is_within(one: float, two: float) -> bool:
    """One is a latitude and the other a longitude of China, whichever comes first."""
    low, high = sorted((one, two))
    return 3 <= low <= 54 and 73 <= high <= 136


def _places(figure: str) -> int:
    return len(figure.partition(".")[2])
