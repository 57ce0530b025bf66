"""What is to be done with a file or text, given what was found in it."""

from collections.abc import Iterable
from enum import StrEnum

from domain.confidential.findings import Finding, Rule, Severity, worst


class Verdict(StrEnum):
    CLEAN = "clean"  # no mark was found, which does not replace the confidentiality review
    HELD = "held"  # to be mended and sent again, or confirmed by a named person
    BLOCKED = "blocked"  # not kept, not passed on


_VERDICTS = {
    Severity.NONE: Verdict.CLEAN,
    Severity.INFORM: Verdict.CLEAN,
    Severity.WARN: Verdict.HELD,
    Severity.BLOCK: Verdict.BLOCKED,
}


def judge(findings: Iterable[Finding]) -> Verdict:
    return _VERDICTS[worst(findings)]


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those for which nothing is kept, whatever they are a part of."""
    return [finding for finding in findings if finding.severity is Severity.BLOCK]


def asking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that a named person has to answer for."""
    return [finding for finding in findings if finding.severity is Severity.WARN]


def only_unread(findings: Iterable[Finding]) -> bool:
    """Whether whoever sent it may answer for it: nothing was found, but something could not be read."""
    return all(finding.rule is Rule.UNREADABLE for finding in asking(findings))
