"""OFD (GB/T 33190), the national layout format: the text of its pages in the lines it is shown in."""

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.confidential.findings import Part
from handlers.extraction import guards
from handlers.extraction.guards import OFD_MAIN, Archive
from handlers.extraction.package import local
from handlers.extraction.result import Gathered, NotTaken, Reason

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PAGES = 2000
_SAME_LINE = 1.5  # mm
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".jb2", ".gif")


def read(archive: Archive, gathered: Gathered) -> None:
    """Everything an OFD says: pages as PAGE, templates as HEADER, annotations as COMMENT. Raises NotTaken."""
    pages = [page for document in _documents(archive) for page in _pages(archive, document)]
    if len(pages) > MAX_PAGES:
        raise NotTaken(Reason.TOO_BIG)
    for number, name in enumerate(pages, 1):
        _page(archive.xml(name), number, gathered)
    counts = {Part.COMMENT: 0, Part.HEADER: 0}
    for name in archive.names:
        if name.lower().endswith(".xml") and name not in pages:
            _beside(archive.xml(name), name, counts, gathered)
    _closed(archive, gathered)


def _documents(archive: Archive) -> Iterator[str]:
    for node in archive.xml(OFD_MAIN).iter("{*}DocRoot"):
        yield _resolved(OFD_MAIN, node.text)


def _pages(archive: Archive, document: str) -> Iterator[str]:
    if document not in archive.names:
        raise NotTaken(Reason.DAMAGED)
    for node in archive.xml(document).iter("{*}Page"):
        name = _resolved(document, node.get("BaseLoc"))
        if name in archive.names:
            yield name


def _resolved(name: str, target: str | None) -> str:
    """A location in the file, absolute or beside the part that names it."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(name), (target or "").strip())).lstrip(
        "/"
    )


def _page(root: "_Element", number: int, gathered: Gathered) -> None:
    lines = _lines(root)
    for line, text in enumerate(lines, 1):
        gathered.text(text, Part.PAGE, number, line)
    shows = any(True for _ in root.iter("{*}ImageObject", "{*}PathObject", "{*}CompositeObject"))
    if shows and not "".join(lines).strip():
        gathered.closed(Part.PAGE, number)


def _beside(root: "_Element", name: str, counts: dict[Part, int], gathered: Gathered) -> None:
    """What is no page: an annotation, a template, or properties, whose texts stand in plain elements."""
    lines = _lines(root)
    if lines or "annot" in name.lower():
        part = Part.COMMENT if "annot" in name.lower() else Part.HEADER
        counts[part] += 1
        remarks = [node.text or "" for node in root.iter("{*}Remark", "{*}Parameter")]
        for text in (*lines, *remarks):
            gathered.text(text, part, counts[part])
    elif "sign" not in name.lower():
        for node in root.iter("{*}DocInfo", "{*}Outlines", "{*}CustomTag", "{*}Attachments"):
            _properties(node, gathered)


def _properties(node: "_Element", gathered: Gathered) -> None:
    for inner in node.iter():
        named = inner.get("Name") or inner.get("Title")
        gathered.text(f"{named}: {inner.text or ''}" if named else inner.text, Part.PROPERTY)


def _lines(root: "_Element") -> list[str]:
    """Texts on the same height are one line, from left to right, whatever objects they are split into."""
    pieces = sorted(_pieces(root), key=lambda piece: piece[0])
    lines: list[list[tuple[float, float, str]]] = []
    for piece in pieces:
        if lines and piece[0] - lines[-1][0][0] <= _SAME_LINE:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return ["".join(text for _, _, text in sorted(line, key=lambda piece: piece[1])) for line in lines]


def _pieces(root: "_Element") -> Iterator[tuple[float, float, str]]:
    """Height, left edge and text of each piece, in mm from the top left of the page."""
    for item in root.iter("{*}TextObject"):
        left, top = _numbers(item.get("Boundary"))[:2]
        for code in item:
            if local(code) == "TextCode" and code.text:
                x, y = _numbers(code.get("X"))[0], _numbers(code.get("Y"))[0]
                yield top + y, left + x, code.text


def _numbers(text: str | None) -> list[float]:
    numbers = []
    for word in (text or "").split()[:4]:
        try:
            numbers.append(float(word))
        except ValueError:
            break
    return [*numbers, 0.0, 0.0]


def _closed(archive: Archive, gathered: Gathered) -> None:
    """Attached files cannot be read; nor can pictures, unless they are the seal of a signature."""
    pictures = attached = 0
    for name in archive.names:
        lower = name.lower()
        if "sign" in lower or lower.endswith(".xml"):
            continue
        if guards.is_foreign_archive(name, archive.head(name)):
            raise NotTaken(Reason.ARCHIVE)
        pictures += lower.endswith(_PICTURES)
        attached += "attach" in lower
    gathered.count_closed(Part.PICTURE, pictures)
    gathered.count_closed(Part.OBJECT, attached)
