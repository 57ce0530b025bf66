"""Findings and places as they are kept: JSON, masked, without the words that were found."""

import json
from collections.abc import Iterable, Sequence

from domain.confidential.findings import Finding, Part, Place, Rule
from domain.incidents import Found


def dumped(findings: Iterable[Finding]) -> str:
    rows = [[f.rule, f.place.part, f.place.numbers, f.excerpt] for f in findings]
    return json.dumps(rows, ensure_ascii=False)


def loaded(text: str | None) -> tuple[Finding, ...]:
    rows = json.loads(text) if text else []
    return tuple(Finding(Rule(rule), _place(part, numbers), excerpt) for rule, part, numbers, excerpt in rows)


def places_dumped(found: Iterable[Found]) -> str:
    return json.dumps([[one.rule, one.place.part, one.place.numbers] for one in found])


def places_loaded(text: str) -> tuple[Found, ...]:
    return tuple(Found(Rule(rule), _place(part, numbers)) for rule, part, numbers in json.loads(text))


def _place(part: str, numbers: Sequence[int]) -> Place:
    return Place(Part(part), tuple(numbers))
