"""Workbooks: a mark is found in every cell, shown or hidden, and in all that is written beside them."""

import io

import openpyxl
import pytest
from openpyxl.comments import Comment

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction.extract import extract
from handlers.extraction.result import Declined, Extracted, Kind, Reason
from tests.handlers.extraction.making import (
    MARK,
    SHEET,
    drawn,
    element,
    inline,
    relations,
    worksheet,
    xlsx,
)

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ONE = worksheet(f'<row r="1">{inline("A1", "一")}</row>')
MARKED = worksheet(f'<row r="3">{inline("B3", MARK)}</row>')
RICH = "".join(f"<r><t>{char}</t></r>" for char in MARK) + "<rPh><t>ji</t></rPh>"
SHAPE = f"<xdr:sp><xdr:txBody><a:p>{drawn(MARK)}</a:p></xdr:txBody></xdr:sp>"


def strings(*items: str) -> dict[str, tuple[str, str]]:
    inner = "".join(f"<si>{item}</si>" for item in items)
    return {
        "xl/sharedStrings.xml": (f"{SHEET}sharedStrings+xml", f'<sst xmlns="{SPREADSHEET}">{inner}</sst>')
    }


def beside(kind: str, name: str, number: int = 1) -> dict[str, str]:
    """A sheet's relation to a part, for `plain`."""
    return {f"xl/worksheets/_rels/sheet{number}.xml.rels": relations((kind, f"../{name}"))}


NOTED = f'<comment ref="A1"><text>{RICH}</text></comment>'
COMMENT = f'<comments xmlns="{SPREADSHEET}"><commentList>{NOTED}</commentList></comments>'
CODED = '&amp;C&amp;"宋体,加粗"&amp;14机密★&amp;K00FF0010年'
OLD_SHAPE = f"<v:shape><v:textbox><div>{MARK}</div></v:textbox></v:shape>"
THREAD = (
    f"<ThreadedComments><threadedComment ref='A1'><text>{MARK}</text></threadedComment></ThreadedComments>"
)
THREADED = "application/vnd.ms-excel.threadedcomments+xml"

STANDS: dict[str, tuple[bytes, Place]] = {
    "shared string": (
        xlsx(worksheet('<row r="3"><c r="B3" t="s"><v>1</v></c></row>'), parts=strings("<t>一</t>", RICH)),
        Place(Part.SHEET_CELL, (1, 3, 2)),
    ),
    "inline string": (xlsx(ONE, MARKED), Place(Part.SHEET_CELL, (2, 3, 2))),
    "cell without a reference": (
        xlsx(worksheet(f"<row><c><v>1</v></c>{inline('', MARK)}</row>")),
        Place(Part.SHEET_CELL, (1, 1, 2)),
    ),
    "result of a formula": (
        xlsx(worksheet(f'<row r="1"><c r="A1" t="str"><f>B1</f><v>{MARK}</v></c></row>')),
        Place(Part.SHEET_CELL, (1, 1, 1)),
    ),
    "formula never computed": (
        xlsx(worksheet(f'<row r="1"><c r="A1"><f>{MARK}</f></c></row>')),
        Place(Part.SHEET_CELL, (1, 1, 1)),
    ),
    "hidden sheet": (xlsx(ONE, MARKED, states={2: "hidden"}), Place(Part.HIDDEN_CELL, (2, 3, 2))),
    "very hidden sheet": (xlsx(ONE, MARKED, states={2: "veryHidden"}), Place(Part.HIDDEN_CELL, (2, 3, 2))),
    "sheet that no workbook lists": (
        xlsx(ONE, parts={"xl/worksheets/sheet9.xml": (f"{SHEET}worksheet+xml", MARKED)}),
        Place(Part.HIDDEN_CELL, (2, 3, 2)),
    ),
    "hidden row": (
        xlsx(worksheet(f'<row r="3" hidden="1">{inline("B3", MARK)}</row>')),
        Place(Part.HIDDEN_CELL, (1, 3, 2)),
    ),
    "hidden column": (
        xlsx(
            worksheet(
                f'<row r="3">{inline("AB3", MARK)}</row>', '<cols><col min="27" max="30" hidden="1"/></cols>'
            )
        ),
        Place(Part.HIDDEN_CELL, (1, 3, 28)),
    ),
    "last cell of all": (
        xlsx(worksheet(f'<row r="1048576">{inline("XFD1048576", MARK)}</row>')),
        Place(Part.SHEET_CELL, (1, 1048576, 16384)),
    ),
    "comment": (
        xlsx(
            ONE,
            ONE,
            parts={"xl/comments1.xml": (f"{SHEET}comments+xml", COMMENT)},
            plain=beside("comments", "comments1.xml", 2),
        ),
        Place(Part.CELL_COMMENT, (2, 1)),
    ),
    "threaded comment": (
        xlsx(
            ONE,
            parts={"xl/threadedComments/threadedComment1.xml": (THREADED, THREAD)},
            plain=beside("threadedComment", "threadedComments/threadedComment1.xml"),
        ),
        Place(Part.CELL_COMMENT, (1, 1)),
    ),
    "header": (
        xlsx(ONE, worksheet("", "", f"<headerFooter><oddHeader>{CODED}</oddHeader></headerFooter>")),
        Place(Part.HEADER, (2,)),
    ),
    "footer of the first page": (
        xlsx(worksheet("", "", f"<headerFooter><firstFooter>{MARK}</firstFooter></headerFooter>")),
        Place(Part.FOOTER, (1,)),
    ),
    "text box": (
        xlsx(
            ONE,
            parts={
                "xl/drawings/drawing1.xml": (
                    "application/vnd.openxmlformats-officedocument.drawing+xml",
                    element("xdr:wsDr", SHAPE),
                )
            },
        ),
        Place(Part.TEXT_BOX, (1,)),
    ),
    "text box in the old form": (
        xlsx(ONE, plain={"xl/drawings/vmlDrawing1.vml": element("xml", OLD_SHAPE)}),
        Place(Part.TEXT_BOX, (1,)),
    ),
    "memory of a pivot table": (
        xlsx(
            ONE,
            parts={
                "xl/pivotCache/pivotCacheDefinition1.xml": (
                    f"{SHEET}pivotCacheDefinition+xml",
                    f'<p xmlns="{SPREADSHEET}"><sharedItems><s v="{MARK}"/></sharedItems></p>',
                )
            },
        ),
        Place(Part.PROPERTY),
    ),
    "values of another workbook": (
        xlsx(
            ONE,
            parts={
                "xl/externalLinks/externalLink1.xml": (
                    f"{SHEET}externalLink+xml",
                    f'<e xmlns="{SPREADSHEET}"><cell><v>{MARK}</v></cell></e>',
                )
            },
        ),
        Place(Part.PROPERTY),
    ),
}


def read(data: bytes) -> Extracted:
    result = extract(data)
    assert isinstance(result, Extracted), result
    assert result.kind is Kind.XLSX
    return result


@pytest.mark.parametrize("where", STANDS)
def test_a_mark_is_found_where_it_stands(where: str) -> None:
    data, place = STANDS[where]
    assert [p for p in read(data).passages if MARK in p.text] == [Passage(place, MARK)]


def test_the_names_of_sheets_and_ranges_are_texts_too() -> None:
    found = read(
        xlsx(ONE, ONE, states={2: "hidden"}, names='<definedName name="密级">Sheet!$A$1</definedName>')
    )
    assert found.passages[:3] == [
        Passage(Place(Part.SHEET_CELL, (1,)), "表1"),
        Passage(Place(Part.HIDDEN_CELL, (2,)), "表2"),
        Passage(Place(Part.PROPERTY), "密级: Sheet!$A$1"),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [("13800138000", "13800138000"), ("1.3800138E10", "13800138000"), ("1.5E-3", "1.5E-3"), ("3.14", "3.14")],
)
def test_numbers_are_read_as_they_are_shown(written: str, shown: str) -> None:
    found = read(xlsx(worksheet(f'<row r="1"><c r="A1"><v>{written}</v></c></row>'))).passages
    assert found[-1] == Passage(Place(Part.SHEET_CELL, (1, 1, 1)), shown)


def test_a_workbook_that_openpyxl_made_is_read() -> None:
    book = openpyxl.Workbook()
    book.active["C2"] = MARK
    book.active["A1"].comment = Comment("绝密★20年", "某人")
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "秘密★5年"
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue())
    assert Passage(Place(Part.SHEET_CELL, (1, 2, 3)), MARK) in found.passages
    assert Passage(Place(Part.CELL_COMMENT, (1, 1)), "绝密★20年") in found.passages
    assert Passage(Place(Part.HIDDEN_CELL, (2, 1, 1)), "秘密★5年") in found.passages
    assert found.unreadable == []


def test_more_cells_than_anybody_reads_are_too_big() -> None:
    row = "".join(f"<c><v>{n}</v></c>" for n in range(1000))
    assert extract(xlsx(worksheet(f"<row>{row}</row>" * 450))) == Declined(Reason.TOO_BIG)
