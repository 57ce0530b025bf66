"""Ordinary prose of the field raises no alarm, and reading it takes the time it may."""

import statistics
import time
from datetime import date
from pathlib import Path

import pytest

from domain.confidential.findings import Severity
from domain.confidential.gate import scan_text
from tests.domain.confidential.prose import LINES_A_PAGE, pages

TODAY = date(2026, 11, 23)
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PAGES = 240
# Where these themselves speak of what the gate finds, a person has read the line and agreed.
WRITTEN = [*ROOT.glob("messages/zh_CN/**/*.j2"), *ROOT.glob("domain/data/*.json"), ROOT / "README.zh-CN.md"]


def alarms(text: str) -> list[str]:
    lines = text.split("\n")
    found = (finding for finding in scan_text(text, TODAY) if finding.severity > Severity.INFORM)
    return [f"{finding.rule}: {lines[finding.place.numbers[0] - 1]}" for finding in found]


def test_the_measures_raise_no_alarm() -> None:
    assert alarms((HERE / "measures.txt").read_text()) == []


def test_what_the_product_itself_says_raises_no_alarm() -> None:
    assert len(WRITTEN) > 50
    assert [alarm for path in WRITTEN for alarm in alarms(path.read_text())] == []


def test_two_hundred_pages_of_the_field_raise_no_alarm() -> None:
    written = pages(PAGES)
    assert sum(len(page.split("\n")) for page in written) == PAGES * LINES_A_PAGE
    assert [alarm for page in written for alarm in alarms(page)] == []


@pytest.mark.parametrize("width", [16, 23, 31, 40])
def test_prose_that_a_page_has_wrapped_raises_hardly_an_alarm(width: int) -> None:
    """As the text of a PDF stands: lines broken anywhere, in quotations and between a box and its option."""
    prose = "".join(pages(PAGES // 4)).replace("\n", "")
    lines = [prose[at : at + width] for at in range(0, len(prose), width)]
    findings = scan_text("\n".join(lines), TODAY)
    assert [finding for finding in findings if finding.severity is Severity.BLOCK] == []
    assert sum(finding.severity is Severity.WARN for finding in findings) <= len(lines) // 50


def test_one_mark_in_two_hundred_pages_is_found() -> None:
    written = pages(PAGES)
    written[130] += "\n机 密 ★ 10 年"
    [alarm] = alarms("\n".join(written))
    assert alarm == "STATE_MARK: 机 密 ★ 10 年"


def seconds(text: str) -> float:
    """Of this process, the middle of five: others that use the machine are not measured."""
    taken = []
    for _ in range(5):
        began = time.process_time()
        scan_text(text, TODAY)
        taken.append(time.process_time() - began)
    return statistics.median(taken)


@pytest.mark.parametrize(
    "unit",
    [
        (HERE / "measures.txt").read_text(),
        "机 ",
        "密机密 ",
        "内部资料",
        "★",
        "“机密★",
        "密级：□",
        "1",
        "1 3",
        "138-0013-800 ",
        "30.1234, ",
        "a.b@",
        "C O N F",
        "SECRET ",
        "\u200b ",
        "不涉及国家秘密",
    ],
)
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    once = unit * (30_000 // len(unit))
    assert seconds(once * 2) < 4 * seconds(once) + 0.02


def test_a_megabyte_of_prose_is_read_in_a_moment() -> None:
    """150 ms on the machine this was written on; the bound leaves room for slower ones."""
    measures = (HERE / "measures.txt").read_text()
    assert seconds(measures * (1_000_000 // len(measures.encode()))) < 0.6
