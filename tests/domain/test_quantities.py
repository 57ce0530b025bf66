"""What people write with a unit, and what is left alone because it may mean something else."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.figures import Flaw
from domain.indicators import editions
from domain.quantities import factor_of, read

UNITS = {one.unit.key: one.unit for one in editions()[-1].indicators}


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("500万元", "wan", "500"),
        ("500 万", "wan", "500"),
        ("５００万元", "wan", "500"),
        ("1,234.5万元", "wan", "1234.5"),
        ("1.2亿元", "wan", "12000"),
        ("5000000元", "wan", "500"),
        ("5,000,000.00 元", "wan", "500"),
        ("30项", "items", "30"),
        ("30 份", "items", "30"),
        ("512件", "patents", "512"),
        ("1.2万人次", "attendances", "12000"),
        ("12万", "attendances", "120000"),
        ("3千件", "patents", "3000"),
        ("2笔", "loans", "2"),
        ("512 patents", "patents", "512"),
        ("1 patent", "patents", "1"),
    ],
)
def test_a_unit_of_the_same_kind_is_read_and_a_conversion_is_said(
    written: str, unit: str, value: str
) -> None:
    quantity = read(written, UNITS[unit])
    assert (quantity.value, quantity.written) == (Decimal(value), written)
    assert quantity.meant == any(sign in written for sign in ("亿", "万人次", "12万", "千", "0元", "0 元"))


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        *[("约500万元", "wan"), ("500万美元", "wan"), ("500余万元", "wan"), ("500-600万元", "wan")],
        *[("500件", "wan"), ("万元", "wan"), ("约5件", "patents")],
        *[("30万元", "items"), ("30家", "patents"), ("5²件", "patents"), ("三十项", "items")],
        *[("12项左右", "items"), ("12 - 15项", "items")],
        *[("500万元 300万元", "wan"), ("500万元，已到账", "wan"), ("无", "items")],
    ],
)
def test_what_may_mean_something_else_is_not_read(written: str, unit: str) -> None:
    quantity = read(written, UNITS[unit])
    assert (quantity.value, quantity.meant) == (Flaw.NOT_A_NUMBER, False)


@pytest.mark.parametrize(
    ("written", "unit", "flaw"),
    [
        ("-5万元", "wan", Flaw.NEGATIVE),
        ("12345元", "wan", Flaw.DECIMALS),
        ("1.25件", "patents", Flaw.FRACTION),
        ("999999999999999亿元", "wan", Flaw.TOO_LONG),
    ],
)
def test_a_flaw_of_the_number_is_named(written: str, unit: str, flaw: Flaw) -> None:
    assert read(written, UNITS[unit]).value is flaw


@pytest.mark.parametrize("written", [512, "512", "512.00", 512.0])
def test_a_plain_number_is_nothing_to_speak_of(written: object) -> None:
    assert read(written, UNITS["patents"]).meant is False


def test_yuan_are_a_ten_thousandth() -> None:
    assert factor_of("元", UNITS["wan"]) == Decimal("0.0001")
    assert factor_of("家", UNITS["wan"]) is None


@settings(deadline=None)
@given(st.text() | st.floats() | st.integers() | st.none() | st.booleans(), st.sampled_from(sorted(UNITS)))
def test_whatever_is_written_is_a_number_or_has_a_flaw(written: object, unit: str) -> None:
    value = read(written, UNITS[unit]).value
    assert isinstance(value, Flaw) or value >= 0
