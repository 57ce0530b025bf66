"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("ZL202319999901.2", "202319999901.2"),
        ("zl 2023 1999 9901.2", "202319999901.2"),
        ("２０２３１９９９９９０１．２", "202319999901.2"),
        ("CN2023199999012", "202319999901.2"),
        ("ZL202310123456.7", None),
        ("ZL202310123456.6", "202310123456.6"),
        ("202379999901.2", None),
        ("", None),
        ("FW-2026-0001", None),
    ],
)
def test_application_numbers(written: str, number: str | None) -> None:
    assert numbers.application_no(written) == number


@given(st.from_regex(r"20[0-9]{2}[12389][0-9]{7}", fullmatch=True))
def test_one_wrong_digit_is_always_found(digits: str) -> None:
    check = numbers.check_digit(digits)
    assert numbers.application_no(digits + check) == f"{digits}.{check}"
    other = "0123456789X".replace(check, "")
    assert all(numbers.application_no(digits + wrong) is None for wrong in other)


def test_old_numbers_have_eight_digits() -> None:
    assert numbers.application_no("85100001" + numbers.check_digit("85100001")) is not None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("10000000101", "+8610000000101"),
        ("028-0000-1101", "+862800001101"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+44 20 7946 0000", "+442079460000"),
        ("twelve", None),
        ("12", None),
    ],
)
def test_telephones(written: str, number: str | None) -> None:
    assert numbers.phone(written) == number


def test_the_same_phone_however_it_is_written() -> None:
    assert numbers.same_phone("138 0013 8000", "8613800138000")
    assert not numbers.same_phone("13800138000", "13800138001")
    assert not numbers.same_phone("", "")


def test_credit_codes() -> None:
    assert numbers.uscc(" 12510000dem000014e ") == "12510000DEM000014E"
    assert numbers.uscc("12510000DEM000014X") is None
