"""What may be shown of a finding: enough to find the place, not enough to repeat what was found."""

import re

from domain.confidential.findings import Rule

_SHOWN: dict[Rule, tuple[int, int]] = {  # how many characters at the head and at the tail
    Rule.RESIDENT_ID: (3, 4),
    Rule.MOBILE: (3, 4),
    Rule.BANK_CARD: (4, 4),
    Rule.UNPUBLISHED_APP: (4, 2),
    Rule.USCC: (4, 2),
    Rule.LANDLINE: (3, 3),
}
_WORDS = re.compile(r"密|部|专利|(?<=[A-Za-z])[A-Za-z]")
_FRACTION = re.compile(r"(?<=[.°度])\d[\d.]*|(?<=['′’分] )\d[\d.]*|(?<=['′’分])\d[\d.]*")
_LONGEST = 40


def mask(rule: Rule, found: str) -> str:
    """`138****8000`, `510***********1234`, `机*★10年`, `z***@example.com`; `found` is normalised text."""
    if rule in _SHOWN:
        return _middle(_plain(rule, found), *_SHOWN[rule])
    if rule is Rule.EMAIL:
        name, _, host = found.partition("@")
        return f"{name[:1]}***@{host}"
    if rule is Rule.COORDINATES:
        return _FRACTION.sub("***", found)
    return _WORDS.sub("*", " ".join(found.split()))[:_LONGEST]


def _plain(rule: Rule, found: str) -> str:
    bare = re.sub(r"[ ()+-]", "", found)
    return bare[-11:] if rule is Rule.MOBILE else bare


def _middle(number: str, head: int, tail: int) -> str:
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]
