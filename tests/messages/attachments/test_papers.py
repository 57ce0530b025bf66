"""The papers in docx: what they say, how they are laid out, and that they are pure."""

import io
import re
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Pt

from domain.annual_papers import tables as grouped
from messages.attachments import wording
from messages.attachments.cover_letter import cover_letter
from messages.attachments.handover import change_form, handover_sheet
from messages.attachments.receipt import receipt
from messages.attachments.report import report
from messages.attachments.tables import tables
from tests.messages.attachments.samples import (
    CHANGE,
    EDITION,
    FIGURES,
    HANDOVER,
    LETTER,
    RECEIPT,
    REPORT,
    SECTIONS,
    TABLES,
    THIS,
)

FOLDER = Path(wording.__file__).parent
WORDS = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))["paper"]
HOSTILE = "一\x00\ud800\ufffe\u202e<w:p>{year}&\v二"

PAPERS: dict[str, Callable[[str], bytes]] = {
    "report": lambda locale: report(REPORT, locale),
    "tables": lambda locale: tables(TABLES, locale),
    "letter": lambda locale: cover_letter(LETTER, locale),
    "receipt": lambda locale: receipt(RECEIPT, locale),
    "change": lambda locale: change_form(CHANGE, locale),
    "handover": lambda locale: handover_sheet(HANDOVER, locale),
}
every_paper = pytest.mark.parametrize("paper", PAPERS)
every_locale = pytest.mark.parametrize("locale", ["zh_CN", "en"])


def said(data: bytes) -> str:
    """The text in its order, a paragraph or a row a line."""
    lines = []
    for block in Document(io.BytesIO(data)).iter_inner_content():
        rows = (
            [block.text]
            if hasattr(block, "text")
            else ["|".join(c.text for c in r.cells) for r in block.rows]
        )
        lines += rows
    return "\n".join(lines)


@every_paper
@every_locale
def test_the_page_is_that_of_an_official_document(paper: str, locale: str) -> None:
    document = Document(io.BytesIO(PAPERS[paper](locale)))
    page = document.sections[0]
    margins = page.top_margin, page.bottom_margin, page.left_margin, page.right_margin
    assert [round(margin.mm) for margin in margins if margin] == [37, 35, 28, 26]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    text, title = document.styles["Normal"], document.styles["Title"]
    assert (text.font.size, text.paragraph_format.line_spacing) == (Pt(16), Pt(28))
    assert title.font.size == Pt(22)
    assert '"仿宋"' in text.element.xml
    assert '"方正小标宋简体"' in title.element.xml
    assert "theme" not in (text.element.xml + title.element.xml).lower().replace("themecolor", "")


@every_paper
def test_a_machine_without_a_font_is_told_what_to_take(paper: str) -> None:
    fonts = zipfile.ZipFile(io.BytesIO(PAPERS[paper]("zh_CN"))).read("word/fontTable.xml").decode()
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/></w:font>' in fonts


@every_paper
def test_pages_are_numbered_outside(paper: str) -> None:
    page = Document(io.BytesIO(PAPERS[paper]("zh_CN"))).sections[0]
    for footer in (page.footer, page.even_page_footer):
        assert re.sub(r"\s", "", footer.paragraphs[0].text) == "——"
        assert ">PAGE<" in footer.paragraphs[0]._p.xml
    assert page.footer.paragraphs[0].alignment != page.even_page_footer.paragraphs[0].alignment


@every_paper
def test_there_is_no_seal_no_red_and_no_embedded_font(paper: str) -> None:
    package = zipfile.ZipFile(io.BytesIO(PAPERS[paper]("zh_CN")))
    body = package.read("word/document.xml").decode()
    assert not [
        name for name in package.namelist() if "media" in name or ("font" in name.lower() and "odttf" in name)
    ]
    assert not re.search(r"<w:drawing|<w:pict|FF0000", body)
    assert not re.search(r"[〔\[]\d{4}[〕\]]", body)


@every_paper
@every_locale
def test_the_same_facts_give_the_same_bytes(paper: str, locale: str) -> None:
    assert PAPERS[paper](locale) == PAPERS[paper](locale)
    dates = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(PAPERS[paper](locale))).infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}


@every_paper
def test_no_hour_is_kept(paper: str) -> None:
    core = zipfile.ZipFile(io.BytesIO(PAPERS[paper]("zh_CN"))).read("docProps/core.xml").decode()
    assert "dcterms:created>" not in core
    assert "dcterms:modified>" not in core


def test_the_headings_of_a_table_stand_on_each_page_and_no_row_is_broken() -> None:
    for table in Document(io.BytesIO(report(REPORT))).tables:
        flags = [row._tr.xml for row in table.rows]
        assert ["w:tblHeader" in flag for flag in flags] == [True, *[False] * (len(flags) - 1)]
        assert all("w:cantSplit" in flag for flag in flags)


def test_the_report_has_its_parts_in_their_order() -> None:
    text = said(report(REPORT))
    order = [
        "2026年度知识产权市场化运营工作总结",
        "单位名称：蜀江理工大学（演示）",
        "数据统计期：2026年1月1日至2026年11月30日",
        "统计截止日：2026年11月30日",
        *(part for one in EDITION.sections[:-1] for part in (one.title.zh, SECTIONS[one.key])),
        "编码|指标|单位|2026年|2025年|增减",
        "D01|设有知识产权专门机构|是",
        "D02|建立信息披露制度|—",
        "D03|建立商业秘密保护制度|否",
        EDITION.sections[-1].title.zh,
        "1. I16 转让合同金额变动较大（R16）",
        "说明：本年完成两项专利包转让",
        "附件：\n1. 转化合同清单\n2. 专利清单",
        "保密审查人：沈静（演示）　2026年12月3日（第 2 版）",
        "责任处室负责人：　　　　　　　　　　年　　月　　日",
        "蜀江理工大学（演示）（盖章）\n　　　　年　　月　　日",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_every_figure_stands_beside_last_years_with_its_change() -> None:
    text = said(tables(TABLES))
    for one in EDITION.indicators:
        last = "—" if one.code == "I20" else str(THIS[one.code] - 7)
        change = "+7" if one.yearly and one.code != "I20" else "—"
        assert f"{one.code}|{one.name.zh}|{one.unit.words.zh}|{THIS[one.code]}|{last}|{change}" in text


def test_the_figures_of_a_funded_project_are_left_out_where_there_is_none() -> None:
    none = replace(FIGURES, this={}, last={})
    shown = [row.indicator for _, rows in grouped(none) for row in rows]
    assert shown
    assert all(one.core for one in shown)
    assert len(shown) == sum(one.core for one in EDITION.indicators)


def test_a_section_that_nobody_wrote_says_so_and_the_annex_needs_no_text() -> None:
    text = said(report(replace(REPORT, sections={})))
    assert text.count("（未填写）") == len(EDITION.sections) - 1


def test_a_report_without_findings_says_so() -> None:
    assert "数据核对未发现需要说明的事项" in said(report(replace(REPORT, explained=())))


def test_the_letter_follows_the_model() -> None:
    assert said(cover_letter(LETTER)) == (
        "关于报送2026年度知识产权市场化运营工作总结的函\n\n"
        "示范省知识产权中心（演示）：\n"
        "按照《四川省知识产权市场化运营示范基地管理办法（试行）》第九条要求，现将我单位2026年度知识产权市场化运营工作总结"
        "报送你单位，数据统计期为2026年1月1日至2026年11月30日，已完成数据核对和保密审查、信息脱密处理。请予审阅。\n\n"
        "附件：2026年度知识产权市场化运营工作总结及数据表\n联系人：林知行（演示），028-0000-1101\n\n\n"
        "蜀江理工大学（演示）（盖章）\n2026年12月8日"
    )


def test_the_receipt_gives_each_files_checksum_and_is_no_approval() -> None:
    text = said(receipt(RECEIPT))
    assert "HZ-2026-0001" in text
    assert "（第 2 版）已于2026年12月3日 14:30收到，共 1 个文件" in text
    assert "0123456789abcdef" * 4 in text.replace("\n", "")
    assert "“收到”不等于“审核通过”；审核结果将于2026年12月10日前另行告知。" in text


def test_nothing_that_people_write_breaks_a_paper() -> None:
    facts = replace(REPORT, base=HOSTILE, sections={"overview": HOSTILE}, attachments=(HOSTILE,))
    text = said(report(facts))
    assert text.count("一<w:p>{year}&") == 4
    assert not set(text) & set("\x00\ufffe\u202e\v")


@pytest.mark.parametrize("key", WORDS)
def test_a_word_is_there_in_both_languages_with_the_same_facts_and_is_used(key: str) -> None:
    words = WORDS[key]
    assert words.keys() == {"zh_CN", "en"}
    assert set(re.findall(r"{\w+", words["zh_CN"])) <= set(re.findall(r"{\w+", words["en"])) | {"{month"}
    assert not re.search("[!！]|已通过|务必", words["zh_CN"])
    assert not re.search("[\u3000-\u9fff]", words["en"])
    code = "".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*.py"))
    assert f'"{key}"' in code or f'"{key.partition("_")[0]}_{{' in code


@every_paper
def test_english_papers_are_english(paper: str) -> None:
    assert not re.search("单位|附件|盖章|指标|万元|回执", said(PAPERS[paper]("en")))


def test_what_leads_is_not_left_alone_at_the_end_of_a_page() -> None:
    leading = [
        paragraph.text
        for paragraph in Document(io.BytesIO(report(REPORT))).paragraphs
        if paragraph.text and paragraph.paragraph_format.keep_with_next
    ]
    assert "附件：" in leading
    assert "1. I16 转让合同金额变动较大（R16）" in leading
    assert "1. 转化合同清单" not in leading
