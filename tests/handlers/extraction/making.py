"""Makes files part by part, so that a text stands exactly where a test wants it."""

import io
import zipfile
from collections.abc import Mapping

MARK = "机密★10年"

_HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{W}" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

WORD = f"{_OFFICE}wordprocessingml."
SHEET = f"{_OFFICE}spreadsheetml."
SLIDE = f"{_OFFICE}presentationml."
DRAWING = f"{_OFFICE}drawingml."
PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"

Parts = Mapping[str, tuple[str, str | bytes]]
"""name → (content type, content)."""


def zipped(entries: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def element(tag: str, inner: str) -> str:
    """A root element that knows the namespaces."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{tag} {_NAMES}>{inner}</{tag}>'


def relations(*targets: tuple[str, str]) -> str:
    """A .rels part: (the last word of the type, target), keyed rId1 on."""
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def package(parts: Parts, plain: Mapping[str, str | bytes] | None = None) -> bytes:
    """An office package; `plain` are entries that are not declared one by one."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (kind, _) in parts.items()
    )
    declared = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        f"{types}</Types>"
    )
    contents = {name: content for name, (_, content) in parts.items()}
    return zipped({"[Content_Types].xml": declared, **contents, **(plain or {})})


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def split(text: str = MARK) -> str:
    """A run for each character, as after an edit in Word."""
    return "".join(run(char) for char in text)


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def docx(body: str, parts: Parts | None = None, plain: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word document with this body."""
    document = element("w:document", f"<w:body>{body}</w:body>")
    return package(
        {"word/document.xml": (f"{WORD}document.main+xml", document), **(parts or {})},
        plain,
    )


def worksheet(rows: str, before: str = "", after: str = "") -> str:
    inner = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inner}</worksheet>'


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def xlsx(
    *sheets: str,
    states: Mapping[int, str] | None = None,
    names: str = "",
    parts: Parts | None = None,
    plain: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook with these worksheets, called 表1 on; `states` by number; `names`: definedName elements."""
    listed = "".join(
        f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}" state="{(states or {}).get(n, "visible")}"/>'
        for n in range(1, len(sheets) + 1)
    )
    workbook = element("workbook", f"<sheets>{listed}</sheets><definedNames>{names}</definedNames>")
    related = relations(*(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)))
    made = {
        f"xl/worksheets/sheet{n}.xml": (f"{SHEET}worksheet+xml", sheet) for n, sheet in enumerate(sheets, 1)
    }
    return package(
        {"xl/workbook.xml": (f"{SHEET}sheet.main+xml", workbook), **made, **(parts or {})},
        {"xl/_rels/workbook.xml.rels": related, **(plain or {})},
    )


def shape(*paragraphs: str) -> str:
    inner = "".join(f"<a:p>{text}</a:p>" for text in paragraphs)
    return f"<p:sp><p:txBody>{inner}</p:txBody></p:sp>"


def drawn(text: str) -> str:
    """DrawingML runs, one for each character."""
    return "".join(f"<a:r><a:t>{char}</a:t></a:r>" for char in text)


def slide(inner: str, tag: str = "p:sld") -> str:
    return element(tag, f"<p:cSld><p:spTree>{inner}</p:spTree></p:cSld>")


def pptx(*slides: str, parts: Parts | None = None, plain: Mapping[str, str | bytes] | None = None) -> bytes:
    """A presentation with these slides, stored under names in the opposite order."""
    count = len(slides)
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in range(1, count + 1))
    related = relations(*(("slide", f"slides/slide{count + 1 - n}.xml") for n in range(1, count + 1)))
    made = {
        f"ppt/slides/slide{count + 1 - n}.xml": (f"{SLIDE}slide+xml", content)
        for n, content in enumerate(slides, 1)
    }
    presentation = element("p:presentation", f"<p:sldIdLst>{listed}</p:sldIdLst>")
    main = {"ppt/presentation.xml": (f"{SLIDE}presentation.main+xml", presentation)}
    return package(
        {**main, **made, **(parts or {})}, {"ppt/_rels/presentation.xml.rels": related, **(plain or {})}
    )


def ofd(*pages: str, more: Mapping[str, str | bytes] | None = None, info: str = "") -> bytes:
    """An OFD file; each page is the content of its layer."""
    names = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(
        f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(1, len(pages) + 1)
    )
    main = (
        f"<ofd:OFD {names}><ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    contents = {
        f"Doc_0/Pages/Page_{n}/Content.xml": f"<ofd:Page {names}><ofd:Content>{page}</ofd:Content></ofd:Page>"
        for n, page in enumerate(pages, 1)
    }
    document = f"<ofd:Document {names}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    return zipped({"OFD.xml": main, "Doc_0/Document.xml": document, **contents, **(more or {})})


def ofd_text(text: str, left: float, top: float) -> str:
    return (
        f'<ofd:TextObject Boundary="{left} {top} 50 5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def pdf(objects: Mapping[int, str | bytes], root: int = 1, trailer: str = "") -> bytes:
    """A PDF of these objects, with its table; object 1 is the catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = {}
    for number, content in objects.items():
        offsets[number] = out.tell()
        body = content if isinstance(content, bytes) else content.encode("latin-1")
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    size = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 %b \n" % (offsets.get(number, 0), b"n" if number in offsets else b"f"))
    out.write(b"trailer\n<</Size %d/Root %d 0 R%b>>\n" % (size, root, trailer.encode("latin-1")))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def stream(content: bytes, extra: str = "") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), extra.encode(), content)


def utf16(text: str) -> str:
    """A PDF string in hexadecimal UTF-16, for words that are no Latin-1."""
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def page_of(content: str = "", extra: str = "", catalogue: str = "", trailer: str = "", **more: str) -> bytes:
    """A PDF of one page with a content stream; `more` are further objects, n10 on."""
    resources = "/Resources<</Font<</F 5 0 R>>>>"
    objects: dict[int, str | bytes] = {
        1: f"<</Type/Catalog/Pages 2 0 R{catalogue}>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R{resources}{extra}>>",
        4: stream(content.encode()),
        5: _HELVETICA,
    }
    return pdf(objects | {int(key[1:]): value for key, value in more.items()}, trailer=trailer)
