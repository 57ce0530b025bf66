"""Small real files, as people send them: the gate reads each of them to the end."""

import io

from openpyxl import Workbook
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.handlers.extraction.making import WORD, docx, element, paragraph, relations, run

MARK = "机密★10年"


def pdf(text: str = "A list of what is to be handed in.") -> bytes:
    """One page with a line of Latin text."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, text)
    canvas.save()
    return out.getvalue()


def picture(kind: str = "PNG") -> bytes:
    """A grey square: nobody can read it but a person."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "grey").save(out, kind)
    return out.getvalue()


def letter(*lines: str, header: str = "") -> bytes:
    """A Word document of these paragraphs, with a header where one is given."""
    body = "".join(paragraph(run(line)) for line in lines)
    if not header:
        return docx(body)
    top = element("w:hdr", paragraph(run(header)))
    return docx(
        f'{body}<w:sectPr><w:headerReference w:type="default" r:id="rId1"/></w:sectPr>',
        {"word/header1.xml": (f"{WORD}header+xml", top)},
        {"word/_rels/document.xml.rels": relations(("header", "header1.xml"))},
    )


def sheet(*rows: list[str]) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
