"""The indicators of the annual report, as the data has them."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain import indicators
from domain.forms import Words
from domain.indicators import Edition, Faulty, Indicator, Needs, Period, Severity, edition, editions, parsed

DATA = Path(indicators.__file__).parent / "data/indicators.json"
FIRST = editions()[0]


def told() -> dict[str, Any]:
    return json.loads(DATA.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_there_are_33_indicators_and_31_of_them_are_core() -> None:
    assert len(FIRST.indicators) == 33
    assert [one.code for one in FIRST.indicators if not one.core] == ["P01", "P02"]


def test_there_are_five_duties_eight_sections_and_23_rules() -> None:
    assert [duty.code for duty in FIRST.duties] == ["D01", "D02", "D03", "D04", "D05"]
    assert len(FIRST.sections) == 8
    assert [rule.id for rule in FIRST.rules] == [f"R{number:02}" for number in range(1, 24)]


def test_only_the_total_is_computed_and_it_need_not_be_reported() -> None:
    assert {one.code: one.sum_of for one in FIRST.indicators if one.sum_of} == {"I24": ("I16", "I19", "I23")}
    assert [one.code for one in FIRST.indicators if one.core and not one.required] == ["I24"]


def test_only_the_funds_of_a_project_are_cumulative() -> None:
    assert [one.code for one in FIRST.indicators if not one.yearly] == ["P01", "P02"]
    assert FIRST.by_code["I08"].period is Period.YEAR_END


def test_amounts_are_in_wan_and_have_two_decimals() -> None:
    money = [one.code for one in FIRST.indicators if one.unit.money]
    assert money == ["I16", "I19", "I23", "I24", "I25", "I27", "I30", "P01", "P02"]
    assert {one.unit.decimals for one in FIRST.indicators} == {0, 2}
    assert {FIRST.by_code[code].unit.words.zh for code in money} == {"万元"}


def test_a_figure_that_is_part_of_another_has_a_name_of_its_own() -> None:
    assert FIRST.by_code["I05"].name.zh == "其中：发明专利申请量"
    assert FIRST.by_code["I05"].short == Words("发明专利申请量", "Invention applications")
    assert FIRST.by_code["I04"].short == FIRST.by_code["I04"].name
    assert [one.code for one in FIRST.indicators if one.short.zh.startswith("其中")] == []


def test_the_groups_share_out_the_indicators_in_the_order_of_the_table() -> None:
    shared = [one for group in FIRST.groups for one in FIRST.of_group(group)]
    assert sorted(one.code for one in shared) == sorted(FIRST.by_code)
    assert [one.code for one in FIRST.of_group("finance")] == ["I26", "I27"]


def test_three_rules_look_at_more_than_the_table() -> None:
    assert {rule.id: rule.needs for rule in FIRST.rules if rule.needs is not Needs.FIGURES} == {
        "R21": Needs.NARRATIVE,
        "R22": Needs.PERIOD,
        "R23": Needs.EVIDENCE,
    }


def test_a_rule_has_checks_or_a_function() -> None:
    assert [rule.id for rule in FIRST.rules if bool(rule.checks) == bool(rule.builtin)] == []


def test_the_limits_of_a_rule_are_read_as_they_are_written() -> None:
    limits = {rule.id: rule.limits for rule in FIRST.rules if rule.limits}
    assert limits == {
        "R04": {"tolerance": Decimal("0.02")},
        "R16": {"ratio": Decimal("0.5"), "counts": 5, "money": 100},
        "R17": {"from": 5000, "to": 20_000},
    }


def test_eleven_rules_stop_a_report() -> None:
    errors = [rule.id for rule in FIRST.rules if rule.severity is Severity.ERROR]
    assert errors == [*(f"R{number:02}" for number in range(1, 10)), "R22", "R23"]


def every_words(value: object) -> list[Words]:
    if isinstance(value, dict) and {"zh", "en"} <= set(value):
        return [Words(value["zh"], value["en"])]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [words for one in inner for words in every_words(one)]


def test_whatever_is_shown_is_there_in_both_languages() -> None:
    words = every_words(told()["editions"])
    assert len(words) > 150
    assert [one for one in words if not (one.zh.strip() and one.en.strip())] == []
    english = [one.en for one in words if "财科教" not in one.en]
    assert [one for one in english if re.search("[\u3000-\u9fff\uff00-\uffef]", one)] == []


@pytest.mark.parametrize("one", FIRST.indicators, ids=lambda one: one.code)
def test_an_indicator_rests_on_an_article(one: Indicator) -> None:
    assert re.match(r"[4-7](\(|/|$)", one.article)


def later(change: Callable[[dict[str, Any]], object]) -> tuple[Edition, ...]:
    """The data with a second edition, changed."""
    data = told()
    second = json.loads(json.dumps(data["editions"][0])) | {"from_year": 2028}
    change(second)
    data["editions"].insert(0, second)
    return parsed(json.dumps(data))


def test_an_edition_serves_from_its_year_until_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    both = later(lambda second: second["indicators"].pop())
    monkeypatch.setattr(indicators, "editions", lambda: both)
    served = {year: len(edition(year).indicators) for year in (2025, 2026, 2027, 2028, 2040)}
    assert served == {2025: 33, 2026: 33, 2027: 33, 2028: 32, 2040: 32}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda second: second["indicators"].append(second["indicators"][0]), "code: twice: I01"),
        (lambda second: second["duties"][0].update(code="I01"), "code: twice: I01"),
        (lambda second: second["rules"].append(second["rules"][2]), "rule: twice: R03"),
        (lambda second: second["sections"].append(second["sections"][0]), "section: twice: overview"),
        (lambda second: second["indicators"][0].update(group="sport"), "group: not known: sport"),
        (lambda second: second["indicators"][0].update(sum_of=["I99"]), "sum_of: not known: I99"),
        (lambda second: second["indicators"][0].update(unit="miles"), "miles"),
        (lambda second: second["indicators"][0].pop("name"), "name"),
        (lambda second: second["rules"][0].update(severity="grave"), "grave"),
        (lambda second: second["rules"][3].update(limits={"tolerance": "much"}), "ConversionSyntax"),
    ],
)
def test_faulty_data_is_named(change: Callable[[dict[str, Any]], object], says: str) -> None:
    with pytest.raises(Faulty, match=says):
        later(change)


def test_what_is_no_data_at_all_is_faulty() -> None:
    with pytest.raises(Faulty):
        parsed("[]")
