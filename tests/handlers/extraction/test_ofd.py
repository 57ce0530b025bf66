"""OFD: pages line by line, and what stands beside them."""

import pytest

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction.extract import extract
from handlers.extraction.result import Declined, Extracted, Kind, Reason
from tests.handlers.extraction.making import MARK, ofd, ofd_text

NAMES = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SPLIT = "".join(ofd_text(char, 20 + 5 * n, 30.2 if n % 2 else 30) for n, char in enumerate(MARK))
SHUFFLED = "".join(ofd_text(char, 20 + 5 * n, 30) for n, char in reversed(list(enumerate(MARK))))
IMAGE = '<ofd:ImageObject ResourceID="1"/>'

STANDS: dict[str, tuple[bytes, Place]] = {
    "line": (ofd(ofd_text("一", 20, 20), ofd_text("二", 20, 20) + SPLIT), Place(Part.PAGE, (2, 2))),
    "line in any order": (ofd(SHUFFLED), Place(Part.PAGE, (1, 1))),
    "property": (ofd("", info=f"<ofd:Subject>{MARK}</ofd:Subject>"), Place(Part.PROPERTY)),
    "template": (
        ofd("", more={"Doc_0/Tpls/Tpl_0/Content.xml": f"<ofd:Page {NAMES}>{SPLIT}</ofd:Page>"}),
        Place(Part.HEADER, (1,)),
    ),
    "annotation": (
        ofd(
            "", more={"Doc_0/Annots/Page_1/Annotation.xml": f"<ofd:PageAnnot {NAMES}>{SPLIT}</ofd:PageAnnot>"}
        ),
        Place(Part.COMMENT, (1,)),
    ),
    "remark of an annotation": (
        ofd(
            "", more={"Doc_0/Annots/A.xml": f"<ofd:Annot {NAMES}><ofd:Remark>{MARK}</ofd:Remark></ofd:Annot>"}
        ),
        Place(Part.COMMENT, (1,)),
    ),
}


def read(data: bytes) -> Extracted:
    result = extract(data)
    assert isinstance(result, Extracted), result
    assert result.kind is Kind.OFD
    return result


@pytest.mark.parametrize("where", STANDS)
def test_a_mark_is_found_where_it_stands(where: str) -> None:
    data, place = STANDS[where]
    assert [p for p in read(data).passages if MARK in p.text] == [Passage(place, MARK)]


def test_a_page_of_pictures_alone_is_told_and_pictures_are_counted() -> None:
    found = read(ofd(ofd_text("一", 1, 1) + IMAGE, IMAGE, more={"Doc_0/Res/image_1.jpg": b"\xff\xd8"}))
    assert found.unreadable == [Place(Part.PAGE, (2,)), Place(Part.PICTURE, (1,))]


def test_the_seal_of_a_signature_is_no_picture_that_hides_anything() -> None:
    assert read(ofd("", more={"Doc_0/Signs/Sign_0/Seal.esl": b"0\x82"})).unreadable == []


def test_attached_files_cannot_be_read() -> None:
    found = read(ofd("", more={"Doc_0/Attachs/attachment.bin": b"\0"}))
    assert found.unreadable == [Place(Part.OBJECT, (1,))]


def test_a_document_without_its_root_is_damaged() -> None:
    assert extract(ofd().replace(b"Doc_0/Document.xml", b"Doc_1/Document.xml")) == Declined(Reason.DAMAGED)
