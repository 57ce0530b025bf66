"""Presentations: a mark is found on slides, in their notes and comments, and on the masters behind them."""

import pytest

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction.extract import extract
from handlers.extraction.result import Extracted, Kind
from tests.handlers.extraction.making import (
    DRAWING,
    MARK,
    SLIDE,
    drawn,
    element,
    pptx,
    relations,
    shape,
    slide,
)

FIRST = slide(shape(drawn("一"), "", drawn("二")))
MARKED = slide(shape(drawn(MARK)))
TABLE = (
    "<p:graphicFrame><a:graphic><a:tbl><a:tr>"
    f"<a:tc><a:txBody><a:p>{drawn('格')}</a:p></a:txBody></a:tc>"
    f"<a:tc><a:txBody><a:p>{drawn(MARK)}</a:p></a:txBody></a:tc>"
    "</a:tr></a:tbl></a:graphic></p:graphicFrame>"
)
MODERN = "application/vnd.ms-powerpoint.comments+xml"

STANDS: dict[str, tuple[bytes, Place]] = {
    "paragraph": (pptx(FIRST, slide(shape(drawn("一"), "", drawn(MARK)))), Place(Part.SLIDE, (2, 2))),
    "table": (pptx(slide(TABLE)), Place(Part.SLIDE, (1, 2))),
    "group": (
        pptx(slide(f"<p:grpSp><p:grpSp>{shape(drawn(MARK))}</p:grpSp></p:grpSp>")),
        Place(Part.SLIDE, (1, 1)),
    ),
    "hidden slide": (pptx(FIRST, MARKED.replace("<p:sld ", '<p:sld show="0" ')), Place(Part.SLIDE, (2, 1))),
    "slide that is not listed": (
        pptx(FIRST, parts={"ppt/slides/slide9.xml": (f"{SLIDE}slide+xml", MARKED)}),
        Place(Part.SLIDE, (2, 1)),
    ),
    "description of a picture": (
        pptx(slide(f'<p:pic><p:nvPicPr><p:cNvPr id="2" name="图片" descr="{MARK}"/></p:nvPicPr></p:pic>')),
        Place(Part.SLIDE, (1,)),
    ),
    "note": (
        pptx(
            FIRST,
            FIRST,
            parts={"ppt/notesSlides/n.xml": (f"{SLIDE}notesSlide+xml", slide(shape(drawn(MARK)), "p:notes"))},
            plain={"ppt/slides/_rels/slide1.xml.rels": relations(("notesSlide", "../notesSlides/n.xml"))},
        ),
        Place(Part.SLIDE_NOTE, (2,)),
    ),
    "master": (
        pptx(FIRST, parts={"ppt/slideMasters/m.xml": (f"{SLIDE}slideMaster+xml", slide(shape(drawn(MARK))))}),
        Place(Part.SLIDE),
    ),
    "layout": (
        pptx(FIRST, parts={"ppt/slideLayouts/l.xml": (f"{SLIDE}slideLayout+xml", slide(shape(drawn(MARK))))}),
        Place(Part.SLIDE),
    ),
    "comment": (
        pptx(
            FIRST,
            parts={
                "ppt/comments/c.xml": (
                    f"{SLIDE}comments+xml",
                    element(
                        "p:cmLst", f"<p:cm><p:text>好</p:text></p:cm><p:cm><p:text>{MARK}</p:text></p:cm>"
                    ),
                )
            },
        ),
        Place(Part.COMMENT, (2,)),
    ),
    "comment in the new form": (
        pptx(
            FIRST,
            parts={
                "ppt/comments/modernComment_1.xml": (
                    MODERN,
                    element("p:cmLst", f"<p:cm>{shape(drawn(MARK))}</p:cm>"),
                )
            },
        ),
        Place(Part.COMMENT, (1,)),
    ),
    "diagram": (
        pptx(
            FIRST,
            parts={
                "ppt/diagrams/data1.xml": (
                    f"{DRAWING}diagramData+xml",
                    element("dgm:dataModel", f"<dgm:t><a:p>{drawn(MARK)}</a:p></dgm:t>"),
                )
            },
        ),
        Place(Part.TEXT_BOX, (1,)),
    ),
}


def read(data: bytes) -> Extracted:
    result = extract(data)
    assert isinstance(result, Extracted), result
    assert result.kind is Kind.PPTX
    return result


@pytest.mark.parametrize("where", STANDS)
def test_a_mark_is_found_where_it_stands(where: str) -> None:
    data, place = STANDS[where]
    assert [p for p in read(data).passages if MARK in p.text] == [Passage(place, MARK)]


def test_slides_are_counted_as_they_are_shown() -> None:
    found = read(pptx(FIRST, slide(shape(drawn("三"))))).passages
    assert found == [
        Passage(Place(Part.SLIDE, (1, 1)), "一"),
        Passage(Place(Part.SLIDE, (1, 2)), "二"),
        Passage(Place(Part.SLIDE, (2, 1)), "三"),
    ]


def test_films_and_sounds_cannot_be_read() -> None:
    film = {"ppt/media/media1.mp4": b"\0\0\0\x18ftypmp42"}
    assert read(pptx(FIRST, plain=film)).unreadable == [Place(Part.OBJECT, (1,))]
