"""A paper in the manner of an official document (GB/T 9704-2012), without what only an office may add.

A4, margins 37, 35, 28 and 26 mm, text 仿宋 三号 on lines of 28 pt, the page's number outside as — 1 —.
Fonts are named, never embedded; no red head, no seal, no document number.
"""

import io
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.oxml.text.font import CT_RPr
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from messages.attachments.settling import settled
from messages.attachments.wording import printable

if TYPE_CHECKING:
    from lxml.etree import _Element

TITLE, HEADING, SUBHEADING, BODY = "方正小标宋简体", "黑体", "楷体", "仿宋"
_INSTEAD = {TITLE: "宋体", SUBHEADING: "楷体_GB2312", BODY: "仿宋_GB2312"}
"""What a machine without a font takes for it."""
_PAGE_NUMBER, _LATIN = "宋体", "Times New Roman"
_ER, _SAN, _SI, _XIAOSI = Pt(22), Pt(16), Pt(14), Pt(12)  # 二号 三号 四号 小四
_LINE, _TITLE_LINE, _TABLE_LINE = Pt(28), Pt(34), Pt(18)
_TEXT_WIDTH = 156  # mm
_TWO_CHARACTERS, _FOUR_CHARACTERS = Pt(32), Pt(64)

LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
Column = tuple[int, WD_ALIGN_PARAGRAPH]
"""Width in mm (156 in all), and how its cells are aligned."""


class Paper:
    """Written from top to bottom; `saved` gives the docx."""

    def __init__(self, name: str) -> None:
        """`name` is the document's own title, as a list of files shows it."""
        self._document = Document()
        self._rows: dict[tuple[tuple[Column, ...], str], CT_Row] = {}
        self._document.core_properties.title = printable(name)[:255]
        self._document.core_properties.author = ""
        self._document.core_properties.comments = ""
        self._lay_out()
        self._style("Normal", BODY, _SAN, _LINE)
        self._style("Title", TITLE, _ER, _TITLE_LINE).paragraph_format.alignment = CENTRE
        self._style("Heading 1", HEADING, _SAN, _LINE).paragraph_format.first_line_indent = _TWO_CHARACTERS
        self._style("Heading 2", SUBHEADING, _SAN, _LINE).paragraph_format.first_line_indent = _TWO_CHARACTERS
        self._number_pages()
        self._name_substitutes()

    def title(self, *lines: str) -> None:
        for line in lines:
            self._styled(line, "Title")
        self.gap()

    def heading(self, text: str) -> None:
        self._styled(text, "Heading1")

    def subheading(self, text: str) -> None:
        self._styled(text, "Heading2")

    def prose(self, text: str, *, leads: bool = False) -> None:
        """A paragraph a line, each indented by two characters; one that leads stays with what follows it."""
        for line in filter(None, map(str.strip, printable(text).split("\n"))):
            layout = self._document.add_paragraph(line).paragraph_format
            layout.first_line_indent = _TWO_CHARACTERS
            if leads:
                layout.keep_with_next = True

    def flush(self, text: str) -> None:
        """To whom the paper goes: from the margin."""
        self._document.add_paragraph(printable(text))

    def signature(self, *lines: str) -> None:
        """Whose paper it is, and of what day, on one page with the line before; the seal goes over it."""
        if before := self._document.paragraphs[-1:]:
            before[0].paragraph_format.keep_with_next = True
        self.gap(2)
        for line in lines:
            paragraph = self._document.add_paragraph(printable(line))
            paragraph.alignment = RIGHT
            paragraph.paragraph_format.right_indent = _FOUR_CHARACTERS
            paragraph.paragraph_format.keep_with_next = line is not lines[-1]

    def gap(self, lines: int = 1) -> None:
        for _ in range(lines):
            self._document.add_paragraph().paragraph_format.keep_with_next = True

    def table(
        self, columns: Sequence[Column], headings: Sequence[str], rows: Iterable[Sequence[str]]
    ) -> None:
        """Ruled; its headings stand on each page, and no row is broken."""
        table = self._document.add_table(0, len(columns))
        table._tbl.tblStyle_val = "TableGrid"  # noqa: SLF001 - as below
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, (width, _) in zip(table.columns, columns, strict=True):
            column.width = Mm(width)
        self._row(table, [(width, CENTRE) for width, _ in columns], headings, HEADING)
        _flag(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 - python-docx has no name for it
        for cells in rows:
            self._row(table, columns, cells, BODY)
        _hold_together(table)
        self._document.add_paragraph().paragraph_format.line_spacing = _TABLE_LINE

    def picture(self, png: bytes, says: str) -> None:
        """As wide as the text; `says` is read out to who does not see it."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = CENTRE
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # an exact one would cut it
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(_TEXT_WIDTH))
        shape._inline.docPr.set("descr", printable(says))  # noqa: SLF001 - python-docx has no name for it

    def saved(self) -> bytes:
        out = io.BytesIO()
        self._document.save(out)
        return settled(out.getvalue())

    def _styled(self, text: str, style: str) -> None:
        """By the style's id: python-docx would look for the name among all of them, each time."""
        self._document.add_paragraph(printable(text))._p.style = style  # noqa: SLF001

    def _lay_out(self) -> None:
        page = self._document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin = Mm(37), Mm(35)
        page.left_margin, page.right_margin = Mm(28), Mm(26)
        page.footer_distance = Mm(24)  # 7 mm below the text
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")

    def _style(self, name: str, font: str, size: Length, line: Length) -> ParagraphStyle:
        style = self._document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - python-docx's own template has it
        style.font.size, style.font.bold, style.font.italic = size, False, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        _name_fonts(style.element.get_or_add_rPr(), font)
        layout = style.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
        layout.space_before = layout.space_after = Pt(0)
        for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
            border.getparent().remove(border)
        return style

    def _number_pages(self) -> None:
        self._document.settings.odd_and_even_pages_header_footer = True
        page = self._document.sections[0]
        for footer, side in ((page.footer, RIGHT), (page.even_page_footer, LEFT)):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            layout = paragraph.paragraph_format
            layout.left_indent = layout.right_indent = _SI  # one character
            _add_number(paragraph)

    def _name_substitutes(self) -> None:
        part = self._document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        fonts = parse_xml(part.blob)
        for name, instead in _INSTEAD.items():
            font, other = OxmlElement("w:font"), OxmlElement("w:altName")
            font.set(qn("w:name"), name)
            other.set(qn("w:val"), instead)
            font.append(other)
            fonts.append(font)
        part._blob = serialize_part_xml(fonts)  # noqa: SLF001 - a part that python-docx only carries

    def _row(self, table: Table, columns: Sequence[Column], cells: Sequence[str], font: str) -> None:
        """The first of its kind is made, the others are copies of it: that is several times as fast."""
        kind = (tuple(columns), font)
        if kind not in self._rows:
            self._rows[kind] = _made(table, columns, font)
        row = deepcopy(self._rows[kind])
        for cell, text in zip(row.tc_lst, cells, strict=True):
            cell.p_lst[0].r_lst[0].text = printable(text)
        table._tbl.append(row)  # noqa: SLF001


def _made(table: Table, columns: Sequence[Column], font: str) -> CT_Row:
    """A row without its texts, which is taken out of the table again."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    _flag(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001
    for cell, (width, side) in zip(row.cells, columns, strict=True):
        cell.width = Mm(width)
        _lay_out(cell.paragraphs[0], side, font)
    table._tbl.remove(row._tr)  # noqa: SLF001
    return row._tr  # noqa: SLF001


def _hold_together(table: Table) -> None:
    """Neither the headings nor a last row stand alone on a page."""
    for row in {0, 1, len(table.rows) - 2} & set(range(len(table.rows) - 1)):
        for cell in table.rows[row].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _lay_out(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH, font: str) -> None:
    paragraph.alignment = side
    paragraph.paragraph_format.line_spacing = _TABLE_LINE
    run = paragraph.add_run()
    run.font.size = _XIAOSI
    _name_fonts(run._r.get_or_add_rPr(), font)  # noqa: SLF001


def _add_number(paragraph: Paragraph) -> None:
    """— 1 —, where 1 is a field that the reader's program fills in."""
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text)
        run.font.size = _SI
        _name_fonts(run._r.get_or_add_rPr(), _PAGE_NUMBER, _PAGE_NUMBER)  # noqa: SLF001
        if text is None:
            for kind, content in (("begin", None), (None, "PAGE"), ("end", None)):
                run._r.append(_field_part(kind, content))  # noqa: SLF001


def _field_part(kind: str | None, content: str | None) -> "_Element":
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        part.set(qn("w:fldCharType"), kind)
    part.text = content
    return part


def _name_fonts(properties: CT_RPr, east: str, latin: str = _LATIN) -> None:
    """In place of the theme's, which would go before."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script, name in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", east)):
        fonts.set(qn(f"w:{script}"), name)


def _flag(properties: BaseOxmlElement, name: str) -> None:
    properties.append(OxmlElement(name))
