"""Each rule: what it finds, where it stops, and that a blank keeps it silent."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.figures import Flaw
from domain.indicators import Indicator, Severity, editions
from domain.verification import Discrepancy, verify

EDITION = editions()[-1]
CODES = tuple(EDITION.by_code)
YEARLY = [one for one in EDITION.indicators if one.yearly]
ZERO: Mapping[str, object] = {one.code: 0 for one in EDITION.indicators if one.core}
# fmt: off
GOOD: Mapping[str, object] = {
    "I01": 12, "I02": 15, "I03": 300, "I04": 512, "I05": 400, "I06": 420, "I07": 300, "I08": 2100, "I09": 600,
    "I10": 20, "I11": 6, "I12": 9, "I13": 4, "I14": 30, "I15": 45, "I16": 500, "I17": 20, "I18": 26,
    "I19": 300, "I20": 12, "I21": 5, "I22": 2, "I23": 50, "I24": 850, "I25": 620.5, "I26": 2, "I27": 3000,
    "I28": 40, "I29": 31, "I30": 400, "I31": 3, "P01": 300, "P02": 120,
}
# fmt: on
GOOD_LAST: Mapping[str, object] = GOOD | {"I08": 1800, "I04": 480}
steady = settings(deadline=None)  # the data is read within an example, on a machine that may be busy


def said(figures: Mapping[str, object], last: Mapping[str, object] | None = None) -> list[str]:
    """The rule and the codes of each finding."""
    return [f"{found.rule} {' '.join(found.codes)}" for found in verify(figures, last)]


def only(figures: Mapping[str, object], last: Mapping[str, object] | None = None) -> Discrepancy:
    (found,) = verify(figures, last)
    return found


def test_figures_that_are_right_are_passed_over_in_silence() -> None:
    assert said(GOOD, GOOD_LAST) == []
    assert said(ZERO, ZERO) == []


@pytest.mark.parametrize(
    ("change", "findings"),
    [
        # part and whole
        ({"I05": 512}, []),
        ({"I05": 513}, ["R01 I05 I04"]),
        ({"I07": 420}, []),
        ({"I07": 421}, ["R02 I07 I06"]),
        ({"I09": 2100}, []),
        ({"I09": 2101}, ["R03 I09 I08"]),
        ({"I21": 20}, []),
        ({"I21": 21}, ["R05 I21 I17"]),
        ({"I29": 40}, []),
        ({"I29": 41}, ["R06 I29 I28"]),
        ({"P02": 300}, []),
        ({"P02": 300.01}, ["R09 P02 P01"]),
        # the total
        ({"I24": 850.02}, []),
        ({"I24": "849.98"}, []),
        ({"I24": 850.03}, ["R04 I24 I16 I19 I23"]),
        ({"I24": "849.97"}, ["R04 I24 I16 I19 I23"]),
        ({"I16": 500.1, "I19": 300.2, "I23": 50.3, "I24": 850.62}, []),
        ({"I16": 500.1, "I19": 300.2, "I23": 50.3, "I24": 500.1 + 300.2 + 50.3}, []),
        ({"I16": 500.1, "I19": 300.2, "I23": 50.3, "I24": 850.63}, ["R04 I24 I16 I19 I23"]),
        ({"I24": 0}, ["R04 I24 I16 I19 I23"]),
        ({"I24": None}, []),
        # an amount and its contracts
        ({"I14": 1, "I28": 23, "I29": 23, "I16": 0.01, "I24": None, "I25": 10, "I30": 5}, []),
        ({"I14": 0, "I28": 22, "I29": 22}, ["R07 I16 I14"]),
        ({"I17": 0, "I21": 0, "I28": 32}, ["R07 I19 I17"]),
        ({"I22": 0}, ["R07 I23 I22"]),
        ({"I26": 0}, ["R07 I27 I26"]),
        ({"I26": 0, "I27": 0}, []),
        ({"I16": 0, "I24": 350, "I25": 350, "I30": 200}, ["R10 I14 I16"]),
        ({"I19": 0, "I24": 550, "I25": 550}, ["R10 I17 I19"]),
        ({"I23": 0, "I24": 800}, []),
        ({"I27": 0}, []),
        # cash and the contracts of the year
        ({"I25": 850, "I30": 425}, []),
        ({"I25": 850.01, "I30": 430}, ["R11 I25 I24"]),
        ({"I25": 850.01, "I30": 430, "I24": None}, ["R11 I25 I24"]),
        ({"I25": 855, "I30": 430, "I24": 860}, ["R04 I24 I16 I19 I23", "R11 I25 I24"]),
        # contracts, patents, enterprises
        ({"I15": 30}, []),
        ({"I15": 29}, ["R12 I14 I15"]),
        ({"I18": 20}, []),
        ({"I18": 19}, ["R12 I17 I18"]),
        ({"I15": 29, "I18": 19}, ["R12 I14 I15", "R12 I17 I18"]),
        ({"I28": 52}, []),
        ({"I28": 53}, ["R13 I28 I14 I17 I22"]),
        # pledges of more than 100 million on average
        ({"I27": 20_000}, []),
        ({"I27": 20_000.01}, ["R18 I26 I27"]),
        # rewards
        ({"I30": 310.25}, []),
        ({"I30": 310.24}, ["R20 I30 I25"]),
        ({"I30": 0, "I25": 0}, []),
        # what is no rule
        ({"I06": 900, "I07": 300}, []),
        ({"I10": 700}, []),
        ({"I11": 60}, []),
    ],
)
def test_a_rule_finds_what_is_beyond_its_boundary(change: Mapping[str, object], findings: list[str]) -> None:
    assert said(GOOD | change) == findings


@pytest.mark.parametrize(
    ("now", "last", "findings"),
    [
        # the stock of inventions: last year's 1800, 300 granted and 3 acquired
        ({"I08": 2103}, {"I08": 1800}, []),
        ({"I08": 2104}, {"I08": 1800}, ["R14 I08 I07 I31"]),
        ({"I08": 2104}, {"I08": None}, []),
        ({"I08": 2104}, {}, []),
        # a change of more than half, and by 5 or 100 at least
        ({"I02": 15}, {"I02": 10}, []),
        ({"I02": 16}, {"I02": 10}, ["R16 I02"]),
        ({"I02": 5}, {"I02": 10}, []),
        ({"I02": 4}, {"I02": 10}, ["R16 I02"]),
        ({"I02": 9}, {"I02": 5}, []),
        ({"I02": 10}, {"I02": 5}, ["R16 I02"]),
        ({"I02": 4}, {"I02": 0}, []),
        ({"I02": 5}, {"I02": 0}, ["R16 I02"]),
        ({"I02": 0}, {"I02": 5}, ["R16 I02"]),
        ({"I02": 0}, {"I02": 4}, []),
        ({"I27": 300}, {"I27": 200}, []),
        ({"I27": 300.01}, {"I27": 200}, ["R16 I27"]),
        ({"I27": 199.99}, {"I27": 100}, []),
        ({"I27": 200}, {"I27": 100}, ["R16 I27"]),
        ({"I27": 99.99}, {"I27": 0}, []),
        ({"I27": 100}, {"I27": 0}, ["R16 I27"]),
        # a figure that one of the years lacks
        ({"I02": 16}, {"I02": None}, []),
        ({"I02": 16}, {"I02": "十"}, []),
        ({"I02": 16}, {"I02": -10}, []),
        ({"I24": None}, {"I24": 100}, ["R16 I24"]),
        ({"I24": 850}, {"I24": None, "I16": 500}, []),
        # yuan for units of 10,000
        ({"I27": 4999}, {"I27": 1}, ["R16 I27"]),
        ({"I27": 5000}, {"I27": 1}, ["R16 I27", "R17 I27"]),
        ({"I27": 20_000}, {"I27": 1}, ["R16 I27", "R17 I27"]),
        ({"I27": 19_999.99}, {"I27": 0.9}, ["R16 I27"]),
        ({"I27": 1}, {"I27": 4999}, ["R16 I27"]),
        ({"I27": 1}, {"I27": 5000}, ["R16 I27", "R17 I27"]),
        ({"I27": 1}, {"I27": 20_000}, ["R16 I27", "R17 I27"]),
        ({"I27": 1}, {"I27": 20_001}, ["R16 I27"]),
        ({"I27": 50}, {"I27": 0.01}, ["R17 I27"]),
        ({"I27": 0}, {"I27": 0}, []),
        ({"I03": 10_000}, {"I03": 1}, ["R16 I03"]),
        # the funds of a project are cumulative
        ({"P01": 3_000_000, "P02": 1_200_000}, {"P01": 300, "P02": 120}, []),
    ],
)
def test_a_year_is_compared_with_the_last(
    now: Mapping[str, object], last: Mapping[str, object], findings: list[str]
) -> None:
    assert said(GOOD | now, last) == findings


@pytest.mark.parametrize("one", YEARLY, ids=lambda one: one.code)
def test_every_yearly_figure_is_compared(one: Indicator) -> None:
    figures = {one.code: 100}
    assert f"R16 {one.code}" in said(figures, {one.code: 300})
    assert f"R16 {one.code}" not in said(figures, {one.code: 100})
    assert (f"R17 {one.code}" in said({one.code: 1_000_000}, figures)) is one.unit.money


def years(*cut: Mapping[str, object]) -> list[Mapping[str, object]]:
    return [GOOD | one for one in cut]


@pytest.mark.parametrize(("whole", "part", "rule"), [("I04", "I06", "R15"), ("I10", "I11", "R19")])
def test_five_consecutive_years_are_compared_together(whole: str, part: str, rule: str) -> None:
    def found(*earlier: Mapping[str, object]) -> list[str]:
        this, last, *before = years(*earlier)
        return [one.rule for one in verify(this, last, before) if one.rule in ("R15", "R19")]

    more, even = {whole: 600, part: 601}, {whole: 600, part: 600}
    assert found(more, even, even, even, even) == [rule]
    assert found(even, even, even, even, more) == [rule]
    assert found(even, even, even, even, even) == []
    assert found(more, more, more, more) == []
    assert found(more, more, {whole: 600, part: None}, more, more, more) == []
    assert found(more, even, even, even, even, {whole: None}) == [rule]
    assert found(more, even, even, even, even, {whole: 602, part: 600}) == []


def test_sums_are_shown_as_such() -> None:
    this, *earlier = years(*[{"I06": 600, "I05": 100}] * 5)
    (found,) = [one for one in verify(this, earlier[0], earlier[1:]) if one.rule == "R15"]
    shown = [(row["span"], row["code"], row["value"]) for row in rows(found)]
    assert shown == [("sum", "I06", "3000"), ("sum", "I04", "2560")]


def rows(found: Discrepancy) -> list[dict[str, Any]]:
    return found.facts["figures"]  # type: ignore[return-value]


@pytest.mark.parametrize("one", EDITION.indicators, ids=lambda one: one.code)
def test_a_blank_is_found_where_every_base_reports(one: Indicator) -> None:
    without = {code: value for code, value in GOOD.items() if code != one.code}
    expected = [f"R08 {one.code}"] if one.required else []
    assert said(without, GOOD_LAST) == expected
    assert said(GOOD | {one.code: ""}, GOOD_LAST) == expected


@pytest.mark.parametrize("one", EDITION.indicators, ids=lambda one: one.code)
@pytest.mark.parametrize(
    ("written", "flaw"),
    [
        (-1, Flaw.NEGATIVE),
        ("12万", Flaw.NOT_A_NUMBER),
        (True, Flaw.NOT_A_NUMBER),
        ([512], Flaw.NOT_A_NUMBER),
        (float("nan"), Flaw.NOT_A_NUMBER),
        ("1e3", Flaw.NOT_A_NUMBER),
        (10**15, Flaw.TOO_LONG),
    ],
)
def test_a_flaw_is_found_in_every_figure_and_nothing_else_speaks_of_it(
    one: Indicator, written: object, flaw: Flaw
) -> None:
    found = only(GOOD | {one.code: written}, GOOD_LAST)
    assert (found.rule, found.codes, found.template) == ("R08", (one.code,), f"verification/{flaw}")


@pytest.mark.parametrize("one", EDITION.indicators, ids=lambda one: one.code)
def test_a_count_is_whole_and_an_amount_has_two_decimals(one: Indicator) -> None:
    amount, count = Flaw.DECIMALS, Flaw.FRACTION
    found = only(GOOD | {one.code: "0.005"}, GOOD_LAST)
    assert found.template == f"verification/{amount if one.unit.money else count}"


def test_numbers_written_as_text_are_numbers() -> None:
    assert said({code: f" {value:,} " for code, value in GOOD.items()}, GOOD_LAST) == []
    assert said(GOOD | {"I04": "５１２", "I05": "５１３"}) == ["R01 I05 I04"]


def test_nothing_at_all_is_thirty_blanks() -> None:
    assert said({}) == [f"R08 {one.code}" for one in EDITION.indicators if one.required]
    assert len(verify({})) == 30


def test_a_check_of_a_rule_is_applied_though_another_has_a_blank() -> None:
    assert said({"I17": 20, "I19": 0})[-1] == "R10 I17 I19"
    assert "R07 I23 I22" in said({"I23": 50, "I22": 0})


def test_a_total_with_a_blank_part_is_compared_with_nothing() -> None:
    assert said(GOOD | {"I19": None, "I24": 5}) == ["R08 I19"]
    assert said(GOOD | {"I19": None, "I24": 5, "I25": 900, "I30": 500}) == ["R08 I19"]


def test_the_total_names_each_number() -> None:
    found = only(GOOD | {"I24": "860.00"})
    assert (found.severity, found.template) == (Severity.ERROR, "verification/total")
    assert found.facts["value"] == "860"
    assert [part["value"] for part in found.facts["parts"]] == ["500", "300", "50"]  # type: ignore[attr-defined]
    assert found.facts["total"] == "850"


def test_a_check_names_its_numbers_in_the_order_of_the_rule() -> None:
    found = only(GOOD | {"I08": "2,104"}, {"I08": 1800})
    shown = [(row["span"], row["code"], row["value"], row["unit"].zh) for row in rows(found)]
    assert shown == [
        ("this", "I08", "2104", "件"),
        ("last", "I08", "1800", "件"),
        ("this", "I07", "300", "件"),
        ("this", "I31", "3", "件"),
    ]


def test_findings_come_in_the_order_of_the_rules() -> None:
    mess = dict.fromkeys(CODES, 7) | {"I05": 9, "I24": 1, "I30": None, "P02": 8}
    found = [one.rule for one in verify(mess, dict.fromkeys(CODES, 100_000))]
    assert found == sorted(found)
    assert {"R01", "R04", "R08", "R09", "R16", "R17"} <= set(found)


def test_severities_are_those_of_the_data() -> None:
    told = {rule.id: rule.severity for rule in EDITION.rules}
    mess = dict.fromkeys(CODES, 7) | {"I05": 9, "I25": 70, "I30": 0, "I15": 1}
    found = verify(mess, dict.fromkeys(CODES, 100))
    assert {one.severity for one in found} == set(Severity)
    assert [one for one in found if one.severity is not told[one.rule]] == []


# --- whatever is written -----------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
written = st.dictionaries(st.sampled_from(CODES) | st.text(), anything)
numbers = (
    st.integers(0, 12) | st.sampled_from([0, 50, 100, 9_999, 10_000, 100_000]) | st.decimals(0, 300, places=2)
)
reported = st.fixed_dictionaries(dict.fromkeys(CODES, numbers))


@steady
@given(written, written, st.lists(written, max_size=5))
def test_nothing_that_json_can_say_raises(
    now: Mapping[str, object], last: Mapping[str, object], before: list[Mapping[str, object]]
) -> None:
    assert all(one.rule in {rule.id for rule in EDITION.rules} for one in verify(now, last, before))


@steady
@given(reported, reported, st.sets(st.sampled_from([code for code in CODES if code != "I24"])))
def test_a_blank_makes_no_other_finding_than_r08(
    now: Mapping[str, object], last: Mapping[str, object], blanks: set[str]
) -> None:
    fuller, emptier = verify(now, last), verify({**now, **dict.fromkeys(blanks)}, last)
    assert [one for one in emptier if one not in fuller and one.rule != "R08"] == []
    required = {code for code in blanks if EDITION.by_code[code].required}
    new = {one.codes[0] for one in emptier if one.facts.get("written") == ""}
    assert new == required


@steady
@given(reported, reported)
def test_a_total_that_is_left_blank_is_as_good_as_the_right_one(
    now: dict[str, Any], last: Mapping[str, object]
) -> None:
    total = sum(now[code] for code in ("I16", "I19", "I23"))
    assert verify(now | {"I24": None}, last) == verify(now | {"I24": total}, last)


@steady
@given(reported, st.randoms(use_true_random=False))
def test_the_order_of_entry_never_changes_the_verdict(now: dict[str, Any], chance: Any) -> None:
    shuffled = list(now.items())
    chance.shuffle(shuffled)
    assert verify(dict(shuffled), now) == verify(now, now)
