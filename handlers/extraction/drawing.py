"""Text outside the flow of a document: shapes, charts, diagrams, properties, and parts of no known role."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.confidential.findings import Part
from handlers.extraction.package import TYPES, Package, local, nearest
from handlers.extraction.result import Gathered

if TYPE_CHECKING:
    from lxml.etree import _Element

ALT = ("descr", "title", "alt", "string")
"""Attributes with words in them: the description of a picture, the text of a WordArt or watermark."""
SHAPES = frozenset({"chart", "chartex", "chartshapes", "diagramdata", "drawing", "vmldrawing"})
REPEATED = frozenset({"diagramdrawing"})
"""A diagram's drawing repeats its data."""


def joined(node: "_Element") -> str:
    """The text of a paragraph or string item, whatever runs it is split into, without its phonetic guides."""
    words: list[str] = []
    _join(node, words)
    return "".join(words)


def _join(node: "_Element", words: list[str]) -> None:
    for child in node:
        name = local(child)
        if name == "t":
            words.append(child.text or "")
        elif name == "br":
            words.append("\n")
        elif name == "tab":
            words.append("\t")
        elif name != "rPh":
            _join(child, words)


def alternatives(root: "_Element") -> Iterator[str]:
    """The descriptions of pictures and shapes, and the words of WordArt, which stand in attributes."""
    for node in root.iter("{*}docPr", "{*}cNvPr", "{*}shape", "{*}textpath", "{*}imagedata", "{*}image"):
        for name in ALT:
            if text := node.get(name):
                yield text


def texts(node: "_Element") -> Iterator[str]:
    """Every text below a node: paragraphs joined, other elements one by one."""
    for child in node:
        if local(child) == "p":
            yield joined(child)
        else:
            if child.text:
                yield child.text
            yield from texts(child)
            if child.tail:
                yield child.tail


def shape_texts(root: "_Element") -> Iterator[str]:
    """The paragraphs of shapes, the labels of a chart, and text boxes in the old form (VML)."""
    yield from map(joined, nearest(root, frozenset({"p"})))
    for node in root.iter("{*}v", "{*}textbox"):
        yield "".join(map(str, node.itertext()))


def cached(root: "_Element") -> Iterator[str]:
    """The values that a pivot table keeps of its source."""
    for node in root.iter("{*}s", "{*}n", "{*}d"):
        yield node.get("v", "")


def custom_properties(root: "_Element") -> Iterator[str]:
    """Each with its name, which may be the half that matters: 密级: 机密."""
    for node in root:
        yield f"{node.get('name', '')}: {''.join(map(str, node.itertext()))}"


class Leftovers:
    """Reads the parts of a package that its own reader has no place for."""

    def __init__(self, package: Package, gathered: Gathered, boxes: int = 0) -> None:
        self._package = package
        self._gathered = gathered
        self._boxes = boxes

    def read(self, name: str) -> None:
        role = self._package.role(name)
        if role in SHAPES:
            self._shapes(self._package.archive.xml(name))
        elif role in ("pivotcachedefinition", "pivotcacherecords"):
            self._properties(cached(self._package.archive.xml(name)))
        elif role == "custom-properties":
            self._properties(custom_properties(self._package.archive.xml(name)))
        elif role not in REPEATED and name != TYPES:
            self._properties(texts(self._package.archive.xml(name)))

    def _shapes(self, root: "_Element") -> None:
        for text in dict.fromkeys([*shape_texts(root), *alternatives(root)]):
            if text.strip():
                self._boxes += 1
                self._gathered.text(text, Part.TEXT_BOX, self._boxes)

    def _properties(self, found: Iterator[str]) -> None:
        for text in found:
            self._gathered.text(text, Part.PROPERTY)
