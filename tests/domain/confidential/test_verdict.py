"""What is to be done with a file or text, given what was found in it."""

import pytest

from domain.confidential.findings import SEVERITY, Finding, Part, Place, Rule, Severity
from domain.confidential.verdict import Verdict, asking, blocking, judge, only_unread

WHERE = Place(Part.LINE, (1,))


def found(*rules: Rule) -> list[Finding]:
    return [Finding(rule, WHERE, "") for rule in rules]


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ((), Verdict.CLEAN),
        ((Rule.USCC, Rule.LANDLINE, Rule.EMAIL), Verdict.CLEAN),
        ((Rule.EMAIL, Rule.MOBILE), Verdict.HELD),
        ((Rule.UNREADABLE,), Verdict.HELD),
        ((Rule.MOBILE, Rule.TRADE_MARK, Rule.EMAIL), Verdict.BLOCKED),
    ],
)
def test_the_worst_finding_decides(rules: tuple[Rule, ...], verdict: Verdict) -> None:
    assert judge(found(*rules)) is verdict


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_stopped_asked_about_or_only_said(rule: Rule) -> None:
    [one] = found(rule)
    assert (blocking([one]) == [one]) == (SEVERITY[rule] is Severity.BLOCK)
    assert (asking([one]) == [one]) == (SEVERITY[rule] is Severity.WARN)


def test_whoever_sent_it_answers_only_for_what_nobody_could_read() -> None:
    assert only_unread(found(Rule.UNREADABLE, Rule.UNREADABLE, Rule.EMAIL))
    assert not only_unread(found(Rule.UNREADABLE, Rule.MOBILE))
