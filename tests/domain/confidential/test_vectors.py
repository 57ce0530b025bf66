"""Lines written from the rules: what must be blocked, what is warned of, what is left alone."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.confidential.findings import Severity, worst
from domain.confidential.gate import scan_text

TODAY = date(2026, 11, 23)
HERE = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"vectors_{name}.toml").read_text())


BLOCKED = [
    (rule, line) for rule, groups in read("block").items() for lines in groups.values() for line in lines
]
SAID = [
    (Severity[severity], rule, line)
    for severity, rules in read("warn").items()
    for rule, groups in rules.items()
    for line in groups["lines"]
]
AGAINST, OUTSIDE = read("against"), read("outside")
SAID += [
    (Severity.WARN, rule, line)
    for written in (AGAINST, OUTSIDE)
    for rule, lines in written["warn"].items()
    for line in lines
]
LEFT_ALONE = [line for lines in read("none").values() for line in lines] + AGAINST["none"] + OUTSIDE["none"]


def test_there_are_enough_lines_to_judge_by() -> None:
    assert len(BLOCKED) + len(SAID) >= 400
    assert len(LEFT_ALONE) >= 300
    assert len(set(LEFT_ALONE)) == len(LEFT_ALONE)


@pytest.mark.parametrize(("rule", "line"), BLOCKED)
def test_no_mark_is_missed(rule: str, line: str) -> None:
    findings = scan_text(line, TODAY)
    assert worst(findings) is Severity.BLOCK
    assert rule in {finding.rule for finding in findings if finding.severity is Severity.BLOCK}


@pytest.mark.parametrize("line", AGAINST["block"] + OUTSIDE["block"] + OUTSIDE["markup"])
def test_no_mark_is_missed_that_was_made_to_be(line: str) -> None:
    assert worst(scan_text(line, TODAY)) is Severity.BLOCK


@pytest.mark.parametrize(("severity", "rule", "line"), SAID)
def test_what_is_no_mark_is_said_at_its_own_severity(severity: Severity, rule: str, line: str) -> None:
    findings = scan_text(line, TODAY)
    assert worst(findings) is severity
    assert {finding.rule for finding in findings if finding.severity is severity} == {rule}


@pytest.mark.parametrize("line", LEFT_ALONE)
def test_ordinary_lines_are_left_alone(line: str) -> None:
    assert [finding for finding in scan_text(line, TODAY) if finding.severity > Severity.INFORM] == []


def test_a_line_keeps_its_judgement_among_others() -> None:
    """Each line as the middle one of three: what stands around it neither hides nor makes a finding."""
    around = "本年度完成专利申请二十件。\n{}\n本年度开展培训三次。"
    missed = [
        line for _, line in BLOCKED if worst(scan_text(around.format(line), TODAY)) is not Severity.BLOCK
    ]
    false = [line for line in LEFT_ALONE if worst(scan_text(around.format(line), TODAY)) > Severity.INFORM]
    assert missed == []
    assert false == []


ALL_BLOCKED = [line for _, line in BLOCKED] + AGAINST["block"] + OUTSIDE["block"]
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
TRADITIONAL = str.maketrans("机绝级业务长内国开时间严传请专属", "機絕級業務長內國開時間嚴傳請專屬")
DISGUISES: dict[str, Callable[[str], str]] = {
    "unseen characters": "\u200b".join,
    "full width": lambda line: line.translate(FULL_WIDTH),
    "traditional": lambda line: line.translate(TRADITIONAL),
    "indented": lambda line: f"　　{line}  ",
    "carriage returns": lambda line: line.replace("\n", "\r\n") + "\r\n",
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_disguise_changes_no_judgement(disguise: Callable[[str], str]) -> None:
    missed = [line for line in ALL_BLOCKED if worst(scan_text(disguise(line), TODAY)) is not Severity.BLOCK]
    false = [line for line in LEFT_ALONE if worst(scan_text(disguise(line), TODAY)) > Severity.INFORM]
    assert missed == []
    assert false == []


def test_letters_set_apart_change_no_judgement() -> None:
    """Chinese only: what is set apart already, and Latin letters three spaces apart, is another thing."""
    chinese = [line for line in ALL_BLOCKED if not any(char.isascii() and char.isalpha() for char in line)]
    assert len(chinese) > 300
    apart = {line: "\n".join(" ".join(part) for part in line.split("\n")) for line in chinese + LEFT_ALONE}
    assert [line for line in chinese if worst(scan_text(apart[line], TODAY)) is not Severity.BLOCK] == []
    assert [line for line in LEFT_ALONE if worst(scan_text(apart[line], TODAY)) is Severity.BLOCK] == []


def test_marks_are_found_among_a_thousand_lines() -> None:
    """Marked and ordinary lines by turns: each marked one is found in its own line, and no other."""
    pairs = zip(ALL_BLOCKED, LEFT_ALONE, strict=False)
    lines = [line for pair in pairs for line in pair if "\n" not in line and line.lower() != "confidential"]
    found = {
        finding.place.numbers[0]
        for finding in scan_text("\n".join(lines), TODAY)
        if finding.severity is Severity.BLOCK
    }
    marked = set(ALL_BLOCKED)
    assert [
        line for number, line in enumerate(lines, start=1) if line in marked and number not in found
    ] == []
    assert [
        line for number, line in enumerate(lines, start=1) if line not in marked and number in found
    ] == []
