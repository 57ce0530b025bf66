"""Presentations (ECMA-376 PresentationML): slides as they are shown, their notes, comments and masters."""

from typing import TYPE_CHECKING

from domain.confidential.findings import Part
from handlers.extraction.drawing import Leftovers, alternatives, joined
from handlers.extraction.package import Package, nearest
from handlers.extraction.result import Gathered

if TYPE_CHECKING:
    from lxml.etree import _Element

_MASTERS = frozenset({"slidemaster", "slidelayout", "notesmaster", "handoutmaster"})
_PARAGRAPH = frozenset({"p"})


def read(package: Package, gathered: Gathered) -> None:
    """Everything a presentation says; SLIDE without numbers is a master or layout. Raises NotTaken."""
    read_already: set[str] = set()
    for number, name in enumerate(_slides(package), 1):
        read_already.add(name)
        _slide(package.archive.xml(name), number, gathered)
        for kind, part in package.related(name).values():
            if kind == "notesSlide" and part in package.archive.names:
                read_already.add(part)
                _paragraphs(package.archive.xml(part), gathered, Part.SLIDE_NOTE, number)
    comments = 0
    leftovers = Leftovers(package, gathered)
    for name in package.xml_parts():
        role = package.role(name)
        if role in _MASTERS:
            _paragraphs(package.archive.xml(name), gathered, Part.SLIDE)
        elif role == "comments":
            comments = _comments(package.archive.xml(name), comments, gathered)
        elif name not in read_already:
            leftovers.read(name)
    package.closed(gathered)


def _slides(package: Package) -> list[str]:
    """The slides in the order of the presentation, then those it no longer lists."""
    parts = package.xml_parts()
    listed: list[str] = []
    for main in (name for name in parts if package.role(name) in ("presentation", "slideshow", "template")):
        related = package.related(main)
        for node in package.archive.xml(main).iter("{*}sldId"):
            key = next((value for name, value in node.items() if str(name).endswith("}id")), "")
            listed.append(related.get(str(key), ("", ""))[1])
    slides = [name for name in parts if package.role(name) == "slide"]
    return [name for name in dict.fromkeys(listed) if name in slides] + [n for n in slides if n not in listed]


def _slide(root: "_Element", number: int, gathered: Gathered) -> None:
    texts = [text for node in nearest(root, _PARAGRAPH) if (text := joined(node)).strip()]
    for paragraph, text in enumerate(texts, 1):
        gathered.text(text, Part.SLIDE, number, paragraph)
    for text in alternatives(root):
        gathered.text(text, Part.SLIDE, number)


def _paragraphs(root: "_Element", gathered: Gathered, part: Part, *numbers: int) -> None:
    for node in nearest(root, _PARAGRAPH):
        gathered.text(joined(node), part, *numbers)
    for text in alternatives(root):
        gathered.text(text, part, *numbers)


def _comments(root: "_Element", count: int, gathered: Gathered) -> int:
    """Comments in the old form have their text in p:text, in the new one in paragraphs."""
    for node in nearest(root, frozenset({"cm", "reply"})):
        count += 1
        texts = [text.text or "" for text in node.iter("{*}text")] + [joined(p) for p in node.iter("{*}p")]
        gathered.text("\n".join(texts), Part.COMMENT, count)
    return count
