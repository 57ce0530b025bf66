"""Files made to do harm: each is refused or read within 25 s and 400 MB, in the child that the bot starts."""

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from handlers.extraction.result import Declined, Extracted, Kind, Reason
from handlers.extraction.wire import Hearing
from tests.handlers.extraction.making import (
    MARK,
    SHEET,
    docx,
    element,
    inline,
    page_of,
    paragraph,
    pdf,
    run,
    stream,
    worksheet,
    xlsx,
    zipped,
)

SECONDS = 25
MEGABYTES = 400
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE l [<!ENTITY a0 "ha">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE l [<!ENTITY a "{"a" * 50_000}">]>'
EXTERNAL = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def document(prolog: str, text: str) -> bytes:
    body = element("w:document", f"<w:body>{paragraph(run(text))}</w:body>")
    return with_main(body.replace("?>", f"?>{prolog}", 1))


def with_main(content: str | bytes) -> bytes:
    """A document whose main part is these bytes."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return docx("", {"word/document.xml": (kind, content)})


def packed_well(size: int) -> bytes:
    """A document with an entry of zeros."""
    return docx("", plain={"word/media/image1.png": b"\0" * size})


def within_itself() -> bytes:
    inner = zipped({"a.bin": b"\0" * 40_000_000})
    for _ in range(3):
        inner = zipped({f"{n}.zip": inner for n in range(8)}, zipfile.ZIP_STORED)
    return docx("", plain={"word/embeddings/a.zip": inner})


def many_entries() -> bytes:
    return zipped(dict.fromkeys((f"word/{n}.xml" for n in range(100_000)), "<a/>"))


def lying(declared: int) -> bytes:
    """A document whose part unpacks to 60 MB and says it is smaller, in both of its records."""
    size = 60_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = with_main(b"<a>" + b"a" * size + b"</a>")
    del packer
    return data.replace(struct.pack("<L", size + 7), struct.pack("<L", declared))


def overlapping() -> bytes:
    """Two entries of the directory that unpack the same bytes."""
    data = docx("", plain={"word/aaaa.xml": b"<a>" + b"a" * 90_000 + b"</a>", "word/bbbb.xml": b"<b/>"})
    first, second = (
        data.index(b"PK\1\2", data.index(name, data.index(b"PK\1\2")) - 46)
        for name in (b"word/aaaa.xml", b"word/bbbb.xml")
    )
    made = bytearray(data)
    made[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(made)


def pages(count: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(count):
        canvas.drawString(1, 1, "a")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def million_elements() -> bytes:
    numbers = random.Random(1)
    return docx("".join(f"<w:p w:id='{numbers.getrandbits(64):x}'/>" for _ in range(1_000_000)))


def forms_within_forms() -> bytes:
    """Each form draws the next one ten times."""
    form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {0} 0 R>>>>"
    objects: dict[int, str | bytes] = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>>>>>",
        4: stream(b"/X Do"),
    }
    return pdf(objects | {n: stream(b"/X Do " * 10, form.format(n + 1)) for n in range(10, 30)})


def stream_bomb() -> bytes:
    content = zlib.compress(b"0 0 m " * 100_000_000, 9)
    return page_of(n10="null").replace(
        b"4 0 obj\n<</Length 0>>\nstream\n\nendstream", b"4 0 obj\n" + stream(content, "/Filter/FlateDecode")
    )


def pages_in_a_circle() -> bytes:
    return pdf({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[2 0 R]/Count 1000000>>"})


HOSTILE: dict[str, tuple[Callable[[], bytes], Reason | Kind | None]] = {
    "packed a thousand to one": (lambda: packed_well(40_000_000), Reason.BOMB),
    "larger than an entry may be": (lambda: packed_well(60_000_000), Reason.BOMB),
    "archives within archives": (within_itself, Reason.BOMB),
    "100,000 entries": (many_entries, Reason.BOMB),
    "says it is small": (lambda: lying(1000), Reason.DAMAGED),
    "says it is just small enough": (lambda: lying(20_000_000), Reason.BOMB),
    "entries that overlap": (overlapping, Reason.BOMB),
    "billion laughs": (lambda: document(BILLION, "&a9;"), Reason.BOMB),
    "quadratic entity": (lambda: document(QUADRATIC, "&a;" * 10_000), Reason.BOMB),
    "external entity": (lambda: document(EXTERNAL, "&a;"), Reason.BOMB),
    "entities in UTF-16": (
        lambda: with_main(f'<?xml version="1.0" encoding="UTF-16"?>{BILLION}<a>&a9;</a>'.encode("utf-16")),
        Reason.BOMB,
    ),
    "entities in UTF-7": (
        lambda: with_main(b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AD4-<a/>'),
        Reason.DAMAGED,
    ),
    "entities in a sheet": (
        lambda: xlsx(worksheet("").replace("<worksheet", f"{BILLION}<worksheet", 1)),
        Reason.BOMB,
    ),
    "nested 90,000 deep": (lambda: docx("<w:p>" * 90_000 + "</w:p>" * 90_000), Reason.DAMAGED),
    "nested 900 deep": (lambda: docx("<w:sdt>" * 900 + "</w:sdt>" * 900), None),
    "tables within tables": (
        lambda: docx("<w:tbl><w:tr><w:tc>" * 80 + paragraph(run(MARK)) + "</w:tc></w:tr></w:tbl>" * 80),
        Kind.DOCX,
    ),
    "boxes within boxes": (
        lambda: docx(
            "<w:p><w:r><w:txbxContent>" * 60 + paragraph(run(MARK)) + "</w:txbxContent></w:r></w:p>" * 60
        ),
        Kind.DOCX,
    ),
    "a million elements": (million_elements, None),
    "a million attributes": (
        lambda: docx("<w:p " + " ".join(f"a{n}=''" for n in range(200_000)) + "/>"),
        None,
    ),
    "3,000 pages": (lambda: pages(3000), Reason.TOO_BIG),
    "pages in a circle": (pages_in_a_circle, None),
    "forms within forms": (forms_within_forms, None),
    "a stream that unpacks to 600 MB": (stream_bomb, None),
    "one line of 50 MB": (lambda: b"a," * 25_000_000, Reason.TOO_BIG),
    "the last cell of a sheet": (
        lambda: xlsx(worksheet(f'<row r="1048576">{inline("XFD1048576", MARK)}</row>')),
        Kind.XLSX,
    ),
    "one long string a thousand times": (
        lambda: xlsx(
            worksheet("<row>" + '<c t="s"><v>0</v></c>' * 40_000 + "</row>"),
            parts={
                "xl/sharedStrings.xml": (
                    f"{SHEET}sharedStrings+xml",
                    f"<sst><si><t>{'a' * 30_000}</t></si></sst>",
                )
            },
        ),
        Reason.TOO_BIG,
    ),
    "every column hidden many times": (
        lambda: xlsx(
            worksheet(
                f"<row>{'<c><v>1</v></c>' * 16_000}</row>",
                "<cols>" + "<col min='16384' max='16384' hidden='1'/>" * 15_000 + "</cols>",
            )
        ),
        None,
    ),
    "a picture of 30,000 by 30,000": (
        lambda: docx(
            "",
            plain={
                "word/media/image1.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
                + struct.pack(">2L5B", 30_000, 30_000, 8, 2, 0, 0, 0)
            },
        ),
        Kind.DOCX,
    ),
    "strange names": (lambda: zipped({"../../etc/passwd": "a", "/root": "b"}), Reason.POLYGLOT),
}


MEASURED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-I", "-B", "-m", "handlers.extraction.child", sys.argv[1]], stdout=1)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""
"""Between us and the child, for a child's peak counts from that of its parent."""


def run_child(path: Path) -> tuple[Extracted | Declined | None, float, float]:
    """The result, the seconds it took and the megabytes it held at most."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-I", "-c", MEASURED, str(path)], capture_output=True, check=True)
    hearing = Hearing()
    hearing.feed(done.stdout)
    return hearing.result, time.monotonic() - began, int(done.stderr.split()[-1]) / 1024


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_and_is_answered(name: str, tmp_path: Path) -> None:
    make, expected = HOSTILE[name]
    path = tmp_path / "file"
    path.write_bytes(make())
    result, seconds, megabytes = run_child(path)
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    if isinstance(expected, Reason):
        assert result == Declined(expected)
    elif expected is not None:
        assert isinstance(result, Extracted)
