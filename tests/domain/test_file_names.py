"""Names of files: valid everywhere, never a path, never two alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.file_names import LONGEST, apart, fit


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("甲/乙…丙.docx", "甲_乙…丙.docx"),
        ('a\\b:c*d?e"f<g>h|i', "a_b_c_d_e_f_g_h_i"),
        ("  ..合同. .", "合同"),
        ("\u202e合\x00同\n.pdf", "合同.pdf"),
        ("", "_"),
        ("...", "_"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("字" * 100 + ".docx", "字" * 75 + ".docx"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_is_made_fit(text: str, name: str) -> None:
    assert fit(text) == name


@given(st.text(max_size=200))
def test_a_name_is_one_step_of_a_path_whatever_was_written(text: str) -> None:
    name = fit(text)
    assert 0 < len(name) <= LONGEST + 1
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name not in (".", "..")
    assert name == unicodedata.normalize("NFC", name).strip()


def test_no_two_names_are_alike_even_without_capitals() -> None:
    assert apart(["合同.pdf", "合同.PDF", "合同.pdf", "合/同", "合:同"]) == [
        "合同.pdf",
        "合同 (2).PDF",
        "合同 (3).pdf",
        "合_同",
        "合_同 (2)",
    ]
