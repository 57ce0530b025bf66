"""What the gate says of a text: which rule, where, and how much of it is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import numbers
from domain.confidential.findings import Finding, Part, Passage, Place, Rule, Severity, worst
from domain.confidential.gate import scan, scan_text
from domain.confidential.normalise import normalise

TODAY = date(2026, 11, 23)
MARKS = ("机密★10年", "绝密★30年", "秘密★5年6个月", "工作秘密★3年", "商业秘密★5年", "核心商密★长期")
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"
SPACES = " \u3000\u00a0\t\u2009"
TRADITIONAL = str.maketrans("机绝级业务长年内", "機絕級業務長年內")
FULL_WIDTH = str.maketrans("0123456789★", "０１２３４５６７８９☆")


def one(text: str) -> Finding:
    [finding] = scan_text(text, TODAY)
    return finding


def line(number: int) -> Place:
    return Place(Part.LINE, (number,))


def test_a_finding_names_its_line_and_its_place_in_the_text() -> None:
    text = "年度总结\n密级：机密\n电话 13800138000"
    mark, mobile = scan_text(text, TODAY)
    assert (mark.rule, mark.place, text[slice(*mark.span)]) == (Rule.STATE_MARK, line(2), "机密")
    assert (mobile.rule, mobile.place, text[slice(*mobile.span)]) == (Rule.MOBILE, line(3), "13800138000")


def test_lines_are_counted_alike_with_every_line_end() -> None:
    assert one("一\r\n二\r\n机密★10年\r\n四").place == line(3)


def test_a_mark_over_two_lines_stands_in_its_first() -> None:
    text = "总结\n机密★\n10年\n完"
    finding = one(text)
    assert (finding.place, text[slice(*finding.span)]) == (line(2), "机密★\n10年")


def test_passages_keep_their_places_and_spans() -> None:
    passages = [
        Passage(Place(Part.PARAGRAPH, (1,)), "年度总结"),
        Passage(Place(Part.HEADER, (1,)), "川知 秘密★5年"),
        Passage(Place(Part.CELL, (1, 2, 3)), "第一行\n13800138000"),
    ]
    assert scan(passages, TODAY) == [
        Finding(Rule.STATE_MARK, Place(Part.HEADER, (1,)), "秘*★5年", (3, 8)),
        Finding(Rule.MOBILE, Place(Part.CELL, (1, 2, 3)), "138****8000", (4, 15)),
    ]


def test_a_mark_written_downwards_over_passages_is_found() -> None:
    lines = [Passage(Place(Part.PAGE, (1, at)), char) for at, char in enumerate("机密★十年", start=1)]
    assert scan(lines, TODAY) == [Finding(Rule.STATE_MARK, Place(Part.PAGE, (1, 1)), "机 * ★ 十 年", (0, 1))]


def test_nothing_is_found_in_nothing() -> None:
    assert scan([], TODAY) == []
    assert scan([Passage(Place(Part.NAME), "")], TODAY) == []
    assert scan_text("", TODAY) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("机密★10年", "机*★10年"),
        ("核心商密★长期", "核心商*★长期"),
        ("内部★1年", "内*★1年"),
        ("CONFIDENTIAL", "C***********"),
        ("本项目属于国家秘密", "国家秘*"),
        ("身份证：510105199003072316", "510***********2316"),
        ("+86 138-0013-8000", "138****8000"),
        ("卡号：6222021234567890128", "6222***********0128"),
        ("申请号202610123456.X", "2026********.X"),
        ("30.6595, 104.0658", "30.***, 104.***"),
        ("30°39′42″N", "30°***′***′′N"),
        ("91510100MA6CU1231F", "9151************1F"),
        ("028-86543210", "028*****210"),
        ("zhangsan@example.com", "z***@example.com"),
    ],
)
def test_an_excerpt_is_masked(text: str, shown: str) -> None:
    assert one(text).excerpt == shown


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("账号：91510100201976543X", [Rule.USCC]),
        ("账户 510105199003072316", [Rule.RESIDENT_ID]),
        ("本文件属于机密★10年", [Rule.STATE_MARK]),
        ("13800138000@example.com", [Rule.MOBILE, Rule.EMAIL]),
        ("机密★10年，电话13800138000", [Rule.STATE_MARK, Rule.MOBILE]),
        ("13800138000 13900139000", [Rule.MOBILE, Rule.MOBILE]),
        ("秘密★5年 机密★10年", [Rule.STATE_MARK, Rule.STATE_MARK]),
    ],
)
def test_the_same_characters_are_claimed_once(text: str, rules: list[Rule]) -> None:
    assert [finding.rule for finding in scan_text(text, TODAY)] == rules


def test_an_application_is_secret_until_it_can_be_looked_up() -> None:
    text = "申请号202511234567.X"
    assert [finding.rule for finding in scan_text(text, date(2026, 12, 31))] == [Rule.UNPUBLISHED_APP]
    assert scan_text(text, date(2027, 1, 1)) == []


def test_an_id_of_one_who_is_not_yet_born_is_none() -> None:
    assert worst(scan_text("510105199003072316", date(1990, 3, 7))) is Severity.WARN
    assert scan_text("510105199003072316", date(1990, 3, 6)) == []


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """A mark, and the same with what cannot be seen, or little, between its characters and in their place."""
    mark = draw(st.sampled_from(MARKS))
    written = mark
    if draw(st.booleans()):
        written = written.translate(TRADITIONAL)
    if draw(st.booleans()):
        written = written.translate(FULL_WIDTH)
    gaps = (
        st.text(alphabet=UNSEEN, max_size=2)
        if draw(st.booleans())
        else st.text(alphabet=SPACES + UNSEEN, max_size=2)
    )
    return mark, "".join(char + draw(gaps) for char in written)


@given(disguised())
def test_no_disguise_hides_a_mark(case: tuple[str, str]) -> None:
    mark, written = case
    plain, found = scan_text(mark, TODAY), scan_text(written, TODAY)
    assert [finding.rule for finding in found] == [finding.rule for finding in plain]
    [finding] = found
    read = normalise(written[slice(*finding.span)]).text.replace(" ", "")
    assert read == mark


AROUND = st.sampled_from(
    [
        "",
        "年度总结",
        "报送材料 ",
        "本文件不得外传。",
        "不涉及其他事项；",
        "保密制度健全，",
        "服务★★★★★ ",
        "第一页\n",
        "联系人张三 ",
    ]
)


@given(
    AROUND,
    st.sampled_from(MARKS),
    st.sampled_from(["", " 请勿外传", "\n第二页", "。附件三份", "（已解密）", " 2026年"]),
)
def test_no_neighbour_hides_a_mark(left: str, mark: str, right: str) -> None:
    assert worst(scan_text(left + mark + right, TODAY)) is Severity.BLOCK


@given(
    st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.sampled_from(["510105", "110101", "820000"])
)
def test_every_registered_form_of_an_id_is_found(born: date, order: int, place: str) -> None:
    body = f"{place}{born:%Y%m%d}{order:03}"
    number = next(body + char for char in "0123456789X" if numbers.is_resident_id(body + char, TODAY))
    assert Rule.RESIDENT_ID in {finding.rule for finding in scan_text(f"证件 {number}", TODAY)}


@given(st.text(max_size=80))
def test_any_text_has_findings_within_it(text: str) -> None:
    for finding in scan_text(text, TODAY):
        start, end = finding.span
        assert 0 <= start < end <= len(text)
        assert finding.place.numbers[0] <= text.count("\n") + 1


@given(st.lists(st.text(alphabet="机密★秘绝10年\n 密级：商内部1380", max_size=20), max_size=5))
def test_passages_say_what_the_joined_text_says(texts: list[str]) -> None:
    passages = [Passage(Place(Part.PARAGRAPH, (at,)), text) for at, text in enumerate(texts, start=1)]
    apart = [(finding.rule, finding.excerpt) for finding in scan(passages, TODAY)]
    assert apart == [(finding.rule, finding.excerpt) for finding in scan_text("\n".join(texts), TODAY)]
