"""Lines written from the rules: what must be blocked, what is warned of, what is left alone."""

import tomllib
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
AGAINST = read("against")
SAID += [(Severity.WARN, rule, line) for rule, lines in AGAINST["warn"].items() for line in lines]
LEFT_ALONE = [line for lines in read("none").values() for line in lines] + AGAINST["none"]


def test_there_are_enough_lines_to_judge_by() -> None:
    assert len(BLOCKED) + len(SAID) >= 400
    assert len(LEFT_ALONE) >= 300
    assert len(set(LEFT_ALONE)) == len(LEFT_ALONE)


@pytest.mark.parametrize(("rule", "line"), BLOCKED)
def test_no_mark_is_missed(rule: str, line: str) -> None:
    findings = scan_text(line, TODAY)
    assert worst(findings) is Severity.BLOCK
    assert rule in {finding.rule for finding in findings if finding.severity is Severity.BLOCK}


@pytest.mark.parametrize("line", AGAINST["block"])
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
