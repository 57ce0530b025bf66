"""Finding a base."""

from dataclasses import replace

import pytest

from domain.directory import PAGE, Entry, in_order, matching, pages
from tests.flows.conftest import BASE, OTHER_BASE

BASES = [replace(BASE, id=1), replace(OTHER_BASE, id=2)]


def found(wanted: str) -> list[str]:
    return [base.code for base in matching(BASES, wanted)]


@pytest.mark.parametrize(
    "wanted", ["蜀江", "蜀江理工大学", "sjlg", "SJLG", "ｓｊｌｇ", "shujiang", "成都", "cd", "ys01"]
)
def test_a_word_of_any_field_finds_it(wanted: str) -> None:
    assert found(wanted) == ["YS01"]


@pytest.mark.parametrize(("wanted", "codes"), [("第一批", ["YS01", "YS02"]), ("第一批 绵阳", ["YS02"])])
def test_every_word_has_to_be_found(wanted: str, codes: list[str]) -> None:
    assert found(wanted) == codes


def test_nothing_wanted_is_all_and_nothing_found_is_none() -> None:
    assert found(" ") == ["YS01", "YS02"]
    assert found("第一批 没有") == []


def test_those_out_of_reach_come_first_and_the_rest_stay_in_order() -> None:
    entries = [Entry(base.id, base.code, base.name, "", "", "", "") for base in BASES]

    def ids(bases: list[Entry]) -> list[int]:
        return [base.id for base in bases]

    assert ids(in_order(entries, {1})) == [2, 1]
    assert ids(in_order(entries, {1, 2})) == [1, 2]


@pytest.mark.parametrize(("count", "expected"), [(0, 1), (1, 1), (PAGE, 1), (PAGE + 1, 2)])
def test_there_is_always_a_page(count: int, expected: int) -> None:
    assert pages(count) == expected
