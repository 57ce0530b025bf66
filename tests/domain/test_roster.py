"""A list of bases is checked whole, and each mistake is named where it stands."""

import pytest

from domain.people import Role
from domain.roster import COLUMNS, check, columns_of

GOOD = {
    "code": "YS01",
    "name": "蜀江理工大学（演示）",
    "short_name": "蜀江理工（演示）",
    "uscc": "12510000DEM000014E",
    "kind": "高校",
    "city": "成都",
    "batch": "第一批",
    "recognised_on": "2024-12-20",
    "project_start": "2025-01-01",
    "department": "科技成果转化处",
    "liaison_name": "林知行（演示）",
    "liaison_phone": "10000000101",
    "deputy_name": "",
    "deputy_phone": "",
    "head_name": "高文博（演示）",
    "head_phone": "028-0000-1100",
}


def problems(**changes: str) -> list[str]:
    return [str(p) for p in check([(2, GOOD | changes)])[1]]


def test_a_good_row_gives_a_base_and_its_people() -> None:
    [candidate], found = check([(2, GOOD)])
    assert found == []
    assert candidate.base.code == "YS01"
    assert [(p.role, p.name) for p in candidate.people] == [
        (Role.LIAISON, "林知行（演示）"),
        (Role.HEAD, "高文博（演示）"),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": ""}, "row 2: code: is empty"),
        ({"uscc": "12510000DEM000014X"}, "row 2: uscc: is not a unified social credit code"),
        ({"recognised_on": "2024/12/20"}, "row 2: recognised_on: is not a date such as 2024-12-20"),
        ({"project_start": "2025-02-30"}, "row 2: project_start: is not a date such as 2024-12-20"),
        ({"liaison_phone": "twelve"}, "row 2: liaison_phone: is not a phone number"),
        ({"deputy_phone": "10000000102"}, "row 2: deputy_name: is empty beside a phone number"),
        ({"uscc": "5.101E+17"}, "row 2: uscc: lost digits when a spreadsheet made a number of it"),
        ({"liaison_phone": "1.38E+10"}, "row 2: liaison_phone: lost digits when a spreadsheet"),
        ({"city": "成\u200b都"}, "row 2: city: has characters that nobody sees"),
        ({"name": "名" * 201}, "row 2: name: is longer than 200 characters"),
    ],
)
def test_a_mistake_is_named_where_it_stands(changes: dict[str, str], says: str) -> None:
    [problem] = problems(**changes)
    assert problem.startswith(says)


def test_a_code_twice_is_found_in_the_file() -> None:
    other = GOOD | {"uscc": "12510700DEM000022D"}
    _, found = check([(2, GOOD), (3, other)])
    assert [str(p) for p in found] == ["row 3: code: is there already"]


def test_the_columns_are_the_contracts() -> None:
    assert ",".join(COLUMNS) == (
        "code,name,short_name,uscc,kind,city,batch,recognised_on,project_start,department,"
        "liaison_name,liaison_phone,deputy_name,deputy_phone,head_name,head_phone"
    )


def test_headings_are_known_in_english_and_chinese_with_their_notes() -> None:
    assert columns_of(["Code", "单位全称 *", "认定日期\n（年-月-日）", "short_name (简称)", "备注"]) == [
        "code",
        "name",
        "recognised_on",
        "short_name",
        None,
    ]


def test_a_telephone_belongs_to_the_person_before_it() -> None:
    headings = ["电话", "联络员", "电话", "B角", "手机", "责任处室", "联系电话"]
    assert columns_of(headings) == [
        None,
        "liaison_name",
        "liaison_phone",
        "deputy_name",
        "deputy_phone",
        "department",
        None,
    ]
