"""What is a number, what is a blank, and what is wrong with the rest."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.figures import SHOWN_CHARS, Flaw, as_written, plain, read

COUNT, MONEY = 0, 2


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (512, "512"),
        (0, "0"),
        ("0", "0"),
        ("-0", "0"),
        ("512", "512"),
        (" 1,234 ", "1234"),
        ("1,234,567", "1234567"),
        ("５１２", "512"),
        ("１，２３４", "1234"),
        ("\u3000512\u3000", "512"),
        ("\ufeff5\u200b12\n", "512"),
        ("007", "7"),
        ("512.00", "512"),
        (512.0, "512"),
        (1e3, "1000"),
        (Decimal("512.0"), "512"),
        (999_999_999_999_999, "999999999999999"),
    ],
)
@pytest.mark.parametrize("decimals", [COUNT, MONEY])
def test_a_whole_number_is_read_however_it_is_written(written: object, value: str, decimals: int) -> None:
    assert read(written, decimals) == Decimal(value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.50", "1234.5"),
        ("１，２３４．５０", "1234.5"),
        ("0.01", "0.01"),
        (500.1, "500.1"),
        (Decimal("500.100"), "500.1"),
        (500.1 + 300.2 + 50.3, "850.6"),
        (0.1 + 0.2, "0.3"),
        (9_999_999_999_999.99, "9999999999999.99"),
    ],
)
def test_an_amount_has_two_decimals_and_a_count_has_none(written: object, value: str) -> None:
    assert read(written, MONEY) == Decimal(value)
    assert read(written, COUNT) is Flaw.FRACTION


@pytest.mark.parametrize("written", [None, "", "  ", "\u3000", "\u200b", "\n", "\ud800"])
@pytest.mark.parametrize("decimals", [COUNT, MONEY])
def test_a_blank_is_a_blank_and_never_0(written: object, decimals: int) -> None:
    assert read(written, decimals) is Flaw.BLANK


@pytest.mark.parametrize(
    "written",
    [
        *("12万", "500万元", "约12", "5件", "1e3", "0x10", "1,23", "1,2345", ",123", "12,", "1 234", "1.2.3"),
        *(
            ".5",
            "5.",
            "+5",
            "--5",
            "(5)",
            "5²",
            "①",
            "٥",
            "十二",
            "-",
            "—",
            "/",
            "无",
            "N/A",
            "NaN",
            "Infinity",
        ),
        *("12\n34", "=1+1", "true", True, False, [], [5], {}, {"value": 5}, float("nan"), float("inf")),
        *(Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")),
    ],
)
@pytest.mark.parametrize("decimals", [COUNT, MONEY])
def test_what_is_not_a_plain_number_is_not_guessed_at(written: object, decimals: int) -> None:
    assert read(written, decimals) is Flaw.NOT_A_NUMBER


@pytest.mark.parametrize("written", [-1, -0.01, "-5", "－5", "\u22125", "-1,234.50", "-0.001"])
@pytest.mark.parametrize("decimals", [COUNT, MONEY])
def test_a_negative_is_called_so_whatever_else_it_is(written: object, decimals: int) -> None:
    assert read(written, decimals) is Flaw.NEGATIVE


@pytest.mark.parametrize("written", ["0.001", "1.234", "500.125", 500.125, "1.500", Decimal("1E-99999")])
def test_more_than_two_decimals_are_too_many_for_an_amount(written: object) -> None:
    assert read(written, MONEY) is Flaw.DECIMALS


@pytest.mark.parametrize("written", [0.5, "0.5", "512.01", "1.000", Decimal("512.000001")])
def test_a_part_of_a_patent_is_not_counted(written: object) -> None:
    assert read(written, COUNT) is Flaw.FRACTION


@pytest.mark.parametrize("written", [10**15, "1" * 16, "1" * 5000, 1e300, Decimal("1E+99999999999")])
@pytest.mark.parametrize("decimals", [COUNT, MONEY])
def test_a_number_longer_than_a_spreadsheet_keeps_is_a_slip(written: object, decimals: int) -> None:
    assert read(written, decimals) is Flaw.TOO_LONG


def test_a_number_that_python_does_not_turn_into_text_is_too_long_all_the_same() -> None:
    assert read(10**5000, COUNT) is Flaw.TOO_LONG
    assert as_written(10**5000) == "1" + "0" * (SHOWN_CHARS - 2) + "…"


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_an_amount_reads_the_same_as_a_number_as_text_and_through_json(amount: Decimal) -> None:
    grouped = f"{amount:,f}"
    through_json = json.loads(json.dumps(float(amount)))
    assert [read(one, MONEY) for one in (amount, plain(amount), grouped, through_json)] == [amount] * 4


@pytest.mark.parametrize(
    ("value", "shown"),
    [("860.00", "860"), ("0.50", "0.5"), ("1E+3", "1000"), ("100", "100"), ("0", "0"), ("0.00", "0")],
)
def test_a_number_is_shown_without_idle_zeros(value: str, shown: str) -> None:
    assert plain(Decimal(value)) == shown


def test_nothing_is_not_shown_as_less_than_nothing() -> None:
    value = read("-0.00", MONEY)
    assert isinstance(value, Decimal)
    assert plain(value) == "0"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("约\x1b[31m12\n件", "约 [31m12 件"),
        ("约１２（估）", "约１２（估）"),
        ("1\u20282\u20293\x854", "1 2 3 4"),
        ("字" * 50, "字" * (SHOWN_CHARS - 1) + "…"),
        ("\ud800", ""),
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0.5, "0.5"),
        (-5, "-5"),
        ([1], "[…]"),
        ({"a": 1}, "{…}"),
    ],
)
def test_what_was_written_is_shown_on_one_line(written: object, shown: str) -> None:
    assert as_written(written) == shown


@given(st.one_of(st.text(), st.floats(), st.integers(), st.decimals(), st.lists(st.none())))
def test_nothing_that_is_written_raises(written: object) -> None:
    value = read(written, MONEY)
    assert isinstance(value, Flaw) or value >= 0
    shown = as_written(written)
    assert shown.splitlines() in ([], [shown])
    assert shown.encode().decode() == shown
