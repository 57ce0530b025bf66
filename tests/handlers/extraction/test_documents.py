"""Word documents: a mark is found wherever one can stand, split over runs as Word leaves it."""

import io

import pytest
from PIL import Image

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction.extract import extract
from handlers.extraction.result import Declined, Extracted, Kind, Reason
from tests.handlers.extraction.making import (
    DRAWING,
    MARK,
    PROPERTIES,
    WORD,
    W,
    docx,
    drawn,
    element,
    package,
    paragraph,
    run,
    split,
)

PICTURE = '<wp:docPr id="1" name="图片 1" descr="{0}" title=""/>'
CONTENT = f"<w:txbxContent>{paragraph(split())}</w:txbxContent>"
NEW_BOX = f"<wps:txbx>{CONTENT}</wps:txbx>"
OLD_BOX = f"<w:pict><v:shape><v:textbox>{CONTENT}</v:textbox></v:shape></w:pict>"
BOTH = (
    '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{}</w:drawing></mc:Choice>'
    "<mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
)


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def story(tag: str, kind: str, *inner: str) -> dict[str, tuple[str, str]]:
    """Parts of a kind: header1.xml, header2.xml, …"""
    return {
        f"word/{kind}{n}.xml": (f"{WORD}{kind}+xml", element(tag, content))
        for n, content in enumerate(inner, 1)
    }


def notes(tag: str, name: str, *texts: str) -> dict[str, tuple[str, str]]:
    inner = "".join(f"<w:{tag}>{paragraph(text)}</w:{tag}>" for text in texts)
    return {f"word/{name}.xml": (f"{WORD}{name}+xml", element(f"w:{name}", inner))}


STRICT = element("w:document", f"<w:body>{paragraph(split())}</w:body>").replace(
    W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
)
EMPTY = paragraph("")
PLAIN = paragraph(run("正文"))
CELL = paragraph(run("格"))

STANDS: dict[str, tuple[bytes, Place]] = {
    "paragraph": (docx(EMPTY + PLAIN + paragraph(split())), Place(Part.PARAGRAPH, (3,))),
    "hyperlink": (
        docx(paragraph(f"<w:hyperlink>{split()}</w:hyperlink>")),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "content control": (
        docx(f"<w:sdt><w:sdtContent>{paragraph(split())}</w:sdtContent></w:sdt>"),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "inline content control": (
        docx(paragraph(f"{run('机')}<w:sdt><w:sdtContent>{split(MARK[1:])}</w:sdtContent></w:sdt>")),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "insertion": (
        docx(paragraph(f"{run('机')}<w:ins>{split(MARK[1:])}</w:ins>")),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "deletion": (
        docx(PLAIN + paragraph(f"{run('机密')}<w:del><w:r><w:delText>★10年</w:delText></w:r></w:del>")),
        Place(Part.DELETED, (2,)),
    ),
    "moved away": (
        docx(PLAIN + paragraph(f"<w:moveFrom>{split()}</w:moveFrom>")),
        Place(Part.DELETED, (2,)),
    ),
    "around a deletion": (
        docx(paragraph(f"{run('机')}<w:del><w:r><w:delText>关</w:delText></w:r></w:del>{split(MARK[1:])}")),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "cell": (docx(PLAIN + table((CELL, CELL), (CELL, paragraph(split())))), Place(Part.CELL, (1, 2, 2))),
    "row in a content control": (
        docx(
            table((CELL,)).removesuffix("</w:tbl>")
            + f"<w:sdt><w:sdtContent><w:tr><w:tc>{paragraph(split())}</w:tc></w:tr></w:sdtContent></w:sdt>"
            + "</w:tbl>"
        ),
        Place(Part.CELL, (1, 2, 1)),
    ),
    "nested table": (
        docx(table((table((CELL,), (paragraph(split()),)) + CELL,))),
        Place(Part.CELL, (2, 2, 1)),
    ),
    "deleted in a cell": (
        docx(table((paragraph(f"<w:del><w:r><w:delText>{MARK}</w:delText></w:r></w:del>"),))),
        Place(Part.DELETED, (1, 1, 1)),
    ),
    "header": (
        docx(PLAIN, story("w:hdr", "header", PLAIN, paragraph(split()))),
        Place(Part.HEADER, (2,)),
    ),
    "footer": (docx(PLAIN, story("w:ftr", "footer", paragraph(split()))), Place(Part.FOOTER, (1,))),
    "table in a header": (
        docx(PLAIN, story("w:hdr", "header", table((EMPTY, paragraph(split()))))),
        Place(Part.HEADER, (1,)),
    ),
    "deleted in a header": (
        docx(
            PLAIN,
            story("w:hdr", "header", paragraph(f"<w:del><w:r><w:delText>{MARK}</w:delText></w:r></w:del>")),
        ),
        Place(Part.HEADER, (1,)),
    ),
    "text box": (docx(paragraph(f"<w:drawing>{NEW_BOX}</w:drawing>")), Place(Part.TEXT_BOX, (1,))),
    "old text box": (docx(paragraph(f"<w:r>{OLD_BOX}</w:r>")), Place(Part.TEXT_BOX, (1,))),
    "text box in both forms": (
        docx(paragraph(f"<w:r>{BOTH.format(NEW_BOX, OLD_BOX)}</w:r>")),
        Place(Part.TEXT_BOX, (1,)),
    ),
    "text box only in the old form": (
        docx(paragraph(f"<w:r>{BOTH.format('', OLD_BOX)}</w:r>")),
        Place(Part.TEXT_BOX, (1,)),
    ),
    "text box in a header": (
        docx(PLAIN, story("w:hdr", "header", paragraph(f"<w:drawing>{NEW_BOX}</w:drawing>"))),
        Place(Part.TEXT_BOX, (1,)),
    ),
    "watermark": (
        docx(
            PLAIN,
            story(
                "w:hdr",
                "header",
                paragraph(f'<w:pict><v:shape><v:textpath string="{MARK}"/></v:shape></w:pict>'),
            ),
        ),
        Place(Part.HEADER, (1,)),
    ),
    "comment": (docx(PLAIN, notes("comment", "comments", run("好"), split())), Place(Part.COMMENT, (2,))),
    "footnote": (docx(PLAIN, notes("footnote", "footnotes", "", split())), Place(Part.FOOTNOTE, (1,))),
    "endnote": (
        docx(PLAIN, notes("footnote", "footnotes", run("注")) | notes("endnote", "endnotes", split())),
        Place(Part.FOOTNOTE, (1,)),
    ),
    "field code": (
        docx(PLAIN + paragraph("".join(f"<w:r><w:instrText>{char}</w:instrText></w:r>" for char in MARK))),
        Place(Part.PARAGRAPH, (2,)),
    ),
    "simple field": (
        docx(paragraph(f'<w:fldSimple w:instr="{MARK}">{run("1")}</w:fldSimple>')),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "symbol": (
        docx(paragraph(f'{run("机密")}<w:r><w:sym w:font="Wingdings" w:char="F0AB"/></w:r>{run("10年")}')),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "phonetic guide": (
        docx(
            paragraph(
                f"<w:r><w:ruby><w:rt>{run('jī')}</w:rt><w:rubyBase>{run('机')}</w:rubyBase></w:ruby></w:r>"
                + split(MARK[1:])
            )
        ),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "equation": (
        docx(paragraph(f"<m:oMath><m:r><m:t>{MARK}</m:t></m:r></m:oMath>")),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "description of a picture": (
        docx(PLAIN + paragraph(f"<w:drawing><wp:inline>{PICTURE.format(MARK)}</wp:inline></w:drawing>")),
        Place(Part.PARAGRAPH, (2,)),
    ),
    "core property": (
        docx(PLAIN, {"docProps/core.xml": (PROPERTIES, element("cp", f"<title>{MARK}</title>"))}),
        Place(Part.PROPERTY),
    ),
    "custom XML": (docx(PLAIN, plain={"customXml/item1.xml": f"<x><y>{MARK}</y></x>"}), Place(Part.PROPERTY)),
    "glossary": (
        docx(
            PLAIN,
            {
                "word/glossary/document.xml": (
                    f"{WORD}document.glossary+xml",
                    element("w:g", paragraph(split())),
                )
            },
        ),
        Place(Part.PROPERTY),
    ),
    "chart": (
        docx(
            PLAIN, {"word/charts/chart1.xml": (f"{DRAWING}chart+xml", element("c:c", f"<c:v>{MARK}</c:v>"))}
        ),
        Place(Part.TEXT_BOX, (1,)),
    ),
    "diagram": (
        docx(
            PLAIN,
            {
                "word/diagrams/data1.xml": (
                    f"{DRAWING}diagramData+xml",
                    element("dgm:d", f"<a:p>{drawn(MARK)}</a:p>"),
                )
            },
        ),
        Place(Part.TEXT_BOX, (1,)),
    ),
    "main part of another name": (
        package(
            {
                "word/document3.xml": (
                    f"{WORD}document.main+xml",
                    element("w:document", f"<w:body>{paragraph(split())}</w:body>"),
                )
            }
        ),
        Place(Part.PARAGRAPH, (1,)),
    ),
    "strict form": (
        package({"word/document.xml": (f"{WORD}document.main+xml", STRICT)}),
        Place(Part.PARAGRAPH, (1,)),
    ),
}


def read(data: bytes) -> Extracted:
    result = extract(data)
    assert isinstance(result, Extracted), result
    assert result.kind is Kind.DOCX
    return result


@pytest.mark.parametrize("where", STANDS)
def test_a_mark_is_found_where_it_stands(where: str) -> None:
    data, place = STANDS[where]
    assert [p for p in read(data).passages if MARK in p.text] == [Passage(place, MARK)]


def test_office_tells_a_document_apart_from_what_it_says_of_itself() -> None:
    custom = element("Properties", f'<property name="密级"><v>{MARK}</v></property>')
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    found = read(docx(PLAIN, {"docProps/custom.xml": (kind, custom)})).passages
    assert Passage(Place(Part.PROPERTY), f"密级: {MARK}") in found


def test_a_cell_is_one_passage_and_does_not_repeat_the_table_within() -> None:
    outer = docx(table((paragraph(run("上")) + table((CELL,)) + paragraph(run("下")),)))
    assert read(outer).passages == [
        Passage(Place(Part.CELL, (1, 1, 1)), "上\n下"),
        Passage(Place(Part.CELL, (2, 1, 1)), "格"),
    ]


def test_breaks_and_tabs_part_words() -> None:
    body = paragraph(f"{run('一')}<w:r><w:tab/></w:r>{run('二')}<w:r><w:br/></w:r>{run('三')}")
    assert read(docx(body)).passages == [Passage(Place(Part.PARAGRAPH, (1,)), "一\t二\n三")]


def test_two_text_boxes_are_counted_and_told_apart() -> None:
    second = NEW_BOX.replace("机", "绝")
    found = read(docx(paragraph(f"<w:drawing>{NEW_BOX}</w:drawing><w:drawing>{second}</w:drawing>"))).passages
    assert found == [
        Passage(Place(Part.TEXT_BOX, (1,)), MARK),
        Passage(Place(Part.TEXT_BOX, (2,)), "绝密★10年"),
    ]


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def test_large_pictures_are_told_once_with_their_number_and_logos_are_not() -> None:
    media = {"word/media/image1.png": picture(64, 64), "word/media/image2.png": picture(800, 600)}
    other = {"word/media/image3.emf": b"\1\0\0\0drawn", "docProps/thumbnail.jpeg": b"\xff\xd8\xff"}
    assert read(docx(PLAIN, plain=media | other)).unreadable == [Place(Part.PICTURE, (2,))]


def test_embedded_objects_are_told_once_with_their_number() -> None:
    embedded = {
        "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0",
        "word/embeddings/Microsoft_Excel_Sheet1.xlsx": b"PK\3\4",
        "word/afchunk.htm": f"<p>{MARK}</p>",
    }
    assert read(docx(PLAIN, plain=embedded)).unreadable == [Place(Part.OBJECT, (3,))]


def test_an_archive_within_a_document_is_not_taken() -> None:
    assert extract(docx(PLAIN, plain={"word/embeddings/x.bin": b"PK\3\4"})) == Declined(Reason.ARCHIVE)


def test_half_a_character_does_not_stop_the_reading() -> None:
    assert read(docx(paragraph(run("一&#x1F600;二")))).passages[0].text == "一\U0001f600二"
