"""Numbers as people write them."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import numbers

steady = settings(deadline=None)  # a library is loaded within an example, on a machine that may be busy

NEW = st.from_regex(r"20[0-9]{2}[12389][0-9]{7}", fullmatch=True)
OLD = st.from_regex(r"(8[5-9]|9[0-9]|0[0-3])[12389][0-9]{5}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("ZL202319999901.2", "202319999901.2"),
        ("zl 2023 1999 9901.2", "202319999901.2"),
        ("２０２３１９９９９９０１．２", "202319999901.2"),
        ("202319999901。2", "202319999901.2"),
        ("CN2023199999012", "202319999901.2"),
        ("专利号：ZL202319999901.2", "202319999901.2"),
        ("申请号 202319999901.2", "202319999901.2"),
        ("ZL202310123456.7", None),
        ("ZL202310123456.6", "202310123456.6"),
        ("202379999901.2", None),
        ("CN115000000A", None),
        ("202319999901", None),
        ("202319999901.2 202319999901.2", None),
        ("", None),
        ("FW-2026-0001", None),
    ],
)
def test_application_numbers(written: str, number: str | None) -> None:
    assert numbers.application_no(written) == number


@steady
@given(NEW | OLD)
def test_one_wrong_check_digit_is_always_found(digits: str) -> None:
    check = numbers.check_digit(digits)
    assert numbers.application_no(digits + check) == f"{digits}.{check}"
    other = "0123456789X".replace(check, "")
    assert all(numbers.application_no(digits + wrong) is None for wrong in other)


@steady
@given(NEW, st.integers(5, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits: str, place: int, change: int) -> None:
    wrong = str((int(digits[place]) + change) % 10)
    mistyped = digits[:place] + wrong + digits[place + 1 :]
    assert numbers.application_no(mistyped + numbers.check_digit(digits)) is None


def test_weights_go_from_two_to_nine_and_again() -> None:
    alone = ["0" * place + "1" + "0" * (11 - place) for place in range(12)]
    assert [numbers.check_digit(digits) for digits in alone] == list("234567892345")


def test_ten_is_an_x() -> None:
    number = next(n for n in range(85100000, 85100100) if numbers.check_digit(str(n)) == "X")
    assert numbers.application_no(f"{number}x") == f"{number}.X"


@pytest.mark.parametrize("digits", ["84100001", "04100001", "85400001", "199910000001", "202370000001"])
def test_a_number_has_a_year_and_a_kind(digits: str) -> None:
    assert numbers.application_no(digits + numbers.check_digit(digits)) is None


def test_a_patent_is_told_from_an_application_by_its_prefix() -> None:
    assert numbers.patent_no("zl2023199999012") == "ZL202319999901.2"
    assert numbers.patent_no("CN202319999901.2") == "202319999901.2"
    assert numbers.patent_no("202319999901.3") is None


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
        ("", None),
    ],
)
def test_telephones(written: str, number: str | None) -> None:
    assert numbers.phone(written) == number


def test_the_same_phone_however_it_is_written() -> None:
    assert numbers.same_phone("138 0013 8000", "8613800138000")
    assert not numbers.same_phone("13800138000", "13800138001")
    assert not numbers.same_phone("", "")


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+8613800138000", "138****8000"),
        ("+8610000000101", "100****0101"),
        ("+862800001101", "+86******1101"),
        ("+442079460000", "+44******0000"),
        ("1101", "1101"),
        ("", ""),
    ],
)
def test_a_masked_phone_shows_its_ends(number: str, masked: str) -> None:
    assert numbers.mask_phone(number) == masked


@steady
@given(st.text("0123456789", min_size=5, max_size=15))
def test_a_masked_phone_hides_at_least_a_digit_and_keeps_its_length(digits: str) -> None:
    masked = numbers.mask_phone(digits)
    assert len(masked) == len(digits)
    assert "*" in masked
    assert masked.endswith(digits[-4:])


def test_credit_codes() -> None:
    assert numbers.uscc(" 12510000dem000014e ") == "12510000DEM000014E"
    assert numbers.uscc("１２５１００００DEM000014E") == "12510000DEM000014E"
    assert numbers.uscc("12510000DEM000014X") is None
    assert numbers.uscc("") is None


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("11010519491231002X", True),  # the example of GB 11643
        ("440524188001010014", True),  # the example of GB 11643, of a county that is no more
        (" 11010519491231002x ", True),
        ("１１０１０５１９４９１２３１００２Ｘ", True),
        ("110105194912310020", False),
        ("1101051949123100", False),
        ("", False),
    ],
)
def test_resident_ids(written: str, is_one: bool) -> None:
    assert numbers.is_resident_id(written, TODAY) is is_one


@steady
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_a_resident_id_is_of_somebody_already_born(birth: date, order: int) -> None:
    body = f"510104{birth:%Y%m%d}{order:03}"
    found = [c for c in "0123456789X" if numbers.is_resident_id(body + c, TODAY)]
    assert len(found) == (1 if birth <= TODAY else 0)


@pytest.mark.parametrize(
    "body", ["51010419491331001", "51010419490229001", "99010519491231001", "51010417491231001"]
)
def test_a_resident_id_is_of_a_province_and_a_day(body: str) -> None:
    assert not any(numbers.is_resident_id(body + c, TODAY) for c in "0123456789X")


@steady
@given(st.text() | st.text(st.characters(categories=["Nd"]), min_size=8, max_size=18))
def test_whatever_is_written_has_an_answer(text: str) -> None:
    numbers.is_resident_id(text, TODAY)
    assert (numbers.phone(text) or "+").startswith("+")
    for read in (numbers.application_no, numbers.patent_no, numbers.uscc):
        value = read(text)
        assert value is None or read(value) == value


def test_the_libraries_are_loaded_when_first_used() -> None:
    code = "import sys, domain.catalogue, domain.calendar; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"stdnum", "phonenumbers", "chinese_calendar", "holidays"}
    assert heavy.isdisjoint(loaded.stdout.split())
