"""Of what is blocked, rule and place are written down, and no word."""

from dataclasses import fields

from domain.confidential.findings import Finding, Part, Place, Rule
from domain.incidents import Found, Incident, marks


def test_only_marks_are_written_down_and_of_them_no_word() -> None:
    header = Place(Part.HEADER, (1,))
    findings = [
        Finding(Rule.MOBILE, Place(Part.LINE, (1,)), "138****8000"),
        Finding(Rule.STATE_MARK, header, "机*★10年"),
        Finding(Rule.EMAIL, Place(Part.LINE, (2,)), "l***@example.org"),
    ]
    assert marks(findings) == (Found(Rule.STATE_MARK, header),)


def test_an_incident_has_no_room_for_a_name_or_an_excerpt() -> None:
    names = {field.name for kind in (Incident, Found) for field in fields(kind)}
    assert names.isdisjoint({"name", "file_name", "excerpt", "text", "words", "content"})
