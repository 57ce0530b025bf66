"""One spelling, with the way back to what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.confidential.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("机 密 ★ 1 年", "机密★1年"),
        ("机　密　☆　１０　年", "机密★ 10 年"),
        ("報告 機 密★10年", "报告 机密★10年"),
        ("祕\u200b密\u00ad★\ufe0f5年", "秘密★5年"),
        ("ＣＯＮＦＩＤＥＮＴＩＡＬ", "CONFIDENTIAL"),
        ("C O N F I D E N T I A L", "CONFIDENTIAL"),
        ("conﬁdential ⑩xy ½", "confidential 10xy 1⁄2"),
        ("  密级：\t机密 \r\n  第二行", "密级: 机密\n第二行"),
        ("138 0013 8000", "138 0013 8000"),
        ("a\u2028b", "a\nb"),
        ("", ""),
    ],
)
def test_what_is_read(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_a_stretch_is_found_again_in_what_was_written() -> None:
    written = "前文　機\u200b密 ★ １０年　後文"
    normal = normalise(written)
    start = normal.text.index("机")
    begin, end = normal.span(start, normal.text.index("年") + 1)
    assert written[begin:end] == "機\u200b密 ★ １０年"


@given(st.text(max_size=60))
def test_every_character_read_was_written_at_its_offset(written: str) -> None:
    normal = normalise(written)
    offsets = [normal.offset(at) for at in range(len(normal.text))]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(written) for offset in offsets)
    assert all(
        char == written[offset]
        for char, offset in zip(normal.text, offsets, strict=True)
        if written[offset].isascii() and written[offset].isalnum()
    )


@given(st.text(st.characters(exclude_characters="<&"), max_size=60))
def test_lines_stay_lines(written: str) -> None:
    breaks = "\n\x0b\x0c\x85\u2028\u2029"
    assert normalise(written).text.count("\n") == sum(char in breaks for char in written)
