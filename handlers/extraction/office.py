"""Word documents (ECMA-376 WordprocessingML): every story of a document, runs joined to their neighbours."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from domain.confidential.findings import Part
from handlers.extraction.drawing import ALT, Leftovers, joined
from handlers.extraction.package import Package, attribute, local, nearest
from handlers.extraction.result import Gathered

if TYPE_CHECKING:
    from lxml.etree import _Element

_PARAGRAPH = frozenset({"p"})
_BLOCKS = frozenset({"p", "tbl"})
_ROWS = frozenset({"tr"})
_CELLS = frozenset({"tc"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_TEXT = frozenset({"t", "delText"})
_CODES = frozenset({"instrText", "delInstrText"})
_DELETED = frozenset({"del", "moveFrom"})
_INSERTED = frozenset({"ins", "moveTo"})
_BOXES = frozenset({"txbxContent", "txBody"})

_SYMBOLS = {
    ("wingdings", 0xAB): "★",
    ("wingdings", 0x6F): "□",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x54): "☒",
}
"""Characters of symbol fonts that stand in marks and in tick boxes."""

_BODY = ("document", "template")
_STORIES = {
    "header": ("hdr", Part.HEADER),
    "footer": ("ftr", Part.FOOTER),
    "comments": ("comment", Part.COMMENT),
    "footnotes": ("footnote", Part.FOOTNOTE),
    "endnotes": ("endnote", Part.FOOTNOTE),
}
"""The role of a part → the element that holds one header or note, and the place it makes."""


@dataclass(slots=True)
class _Line:
    """A paragraph as it reads now, as it read before its tracked changes, and what stands beside it."""

    now: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    deleted: bool = False


def read(package: Package, gathered: Gathered) -> None:
    """Everything a Word document says. Raises NotTaken."""
    document = _Document(gathered)
    parts = {name: package.role(name) for name in package.xml_parts()}
    for name in (name for name, role in parts.items() if role in _BODY):
        document.body(package.archive.xml(name))
    for role, (element, part) in _STORIES.items():
        roots = [package.archive.xml(name) for name, its in parts.items() if its == role]
        document.stories(roots, element, part)
    leftovers = Leftovers(package, gathered, document.boxes)
    for name in (name for name, role in parts.items() if role not in {*_BODY, *_STORIES}):
        leftovers.read(name)
    package.closed(gathered)


class _Document:
    """Counts paragraphs, tables and text boxes across the stories of a document."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._paragraphs = 0
        self._tables = 0
        self._seen: set[str] = set()
        self.boxes = 0

    def body(self, root: "_Element") -> None:
        """Paragraphs outside tables are counted as Word's own list of paragraphs counts them."""
        for block in nearest(root, _BLOCKS):
            if local(block) == "tbl":
                self._table(block)
            else:
                self._paragraphs += 1
                line = self._line(block)
                self._tell([line], Part.PARAGRAPH, self._paragraphs)

    def stories(self, roots: list["_Element"], element: str, part: Part) -> None:
        """Each header, note or comment as one passage; those without text are not counted."""
        number = 1
        for story in (node for root in roots for node in root.iter(f"{{*}}{element}")):
            number += self._tell([self._line(node) for node in nearest(story, _PARAGRAPH)], part, number)

    def _table(self, table: "_Element") -> None:
        self._tables += 1
        number = self._tables
        for row, line in enumerate(nearest(table, _ROWS), 1):
            for column, cell in enumerate(nearest(line, _CELLS), 1):
                self._cell(cell, number, row, column)

    def _cell(self, cell: "_Element", *numbers: int) -> None:
        blocks = list(nearest(cell, _BLOCKS))
        paragraphs = [self._line(block) for block in blocks if local(block) == "p"]
        self._tell(paragraphs, Part.CELL, *numbers)
        for block in blocks:
            if local(block) == "tbl":
                self._table(block)

    def _tell(self, lines: list[_Line], part: Part, *numbers: int) -> bool:
        text = "\n".join("".join(line.now) for line in lines)
        self._gathered.text(text, part, *numbers)
        if any(line.deleted for line in lines):
            deleted = Part.DELETED if part in (Part.PARAGRAPH, Part.CELL) else part
            self._gathered.text("\n".join("".join(line.before) for line in lines), deleted, *numbers)
        for aside in self._asides(lines):
            self._gathered.text(aside, part, *numbers)
        return bool(text.strip())

    def _asides(self, lines: list[_Line]) -> Iterator[str]:
        for line in lines:
            yield "".join(line.codes)
            yield from dict.fromkeys(line.asides)

    def _line(self, paragraph: "_Element") -> _Line:
        line = _Line()
        self._gather(paragraph, line, (line.now, line.before))
        return line

    def _gather(self, node: "_Element", line: _Line, to: tuple[list[str], ...]) -> None:
        for child in node:
            self._gather_one(child, local(child), line, to)

    def _gather_one(self, node: "_Element", name: str, line: _Line, to: tuple[list[str], ...]) -> None:
        if name in _TEXT:
            _add(to, node.text or "")
        elif name in _BREAKS:
            _add(to, _BREAKS[name])
        elif name == "sym":
            _add(to, _symbol(node))
        elif name in _CODES:
            line.codes.append(node.text or "")
        elif name == "rt":
            line.asides.append(joined(node))
        elif name in _BOXES:
            self._box(node)
        elif name in _DELETED:
            line.deleted = line.deleted or any(True for _ in nearest(node, _TEXT))
            self._gather(node, line, (line.before,))
        elif name in _INSERTED:
            self._gather(node, line, tuple(words for words in to if words is not line.before))
        elif name == "AlternateContent":
            self._alternatives(node, line, to)
        else:
            _describe(node, name, line)
            self._gather(node, line, to)

    def _alternatives(self, node: "_Element", line: _Line, to: tuple[list[str], ...]) -> None:
        """The same thing in several forms: what they all say counts once, what only one says counts too."""
        said: dict[str, None] = {}
        for branch in node:
            words: list[str] = []
            self._gather(branch, line, (words,))
            said["".join(words)] = None
        _add(to, "".join(said))

    def _box(self, node: "_Element") -> None:
        """A text box is often kept twice, in the new form and in the old; it is told once."""
        lines = [self._line(paragraph) for paragraph in nearest(node, _PARAGRAPH)]
        text = "\n".join("".join(line.now) for line in lines)
        if text in self._seen:
            return
        self._seen.add(text)
        self.boxes += self._tell(lines, Part.TEXT_BOX, self.boxes + 1)


def _add(to: tuple[list[str], ...], text: str) -> None:
    for words in to:
        words.append(text)


def _describe(node: "_Element", name: str, line: _Line) -> None:
    """The description of a picture, the words of a WordArt or watermark, the code of a simple field."""
    if name == "fldSimple":
        line.asides.append(attribute(node, "instr"))
    elif name in ("docPr", "cNvPr", "shape", "textpath", "imagedata"):
        line.asides += [node.get(key, "") for key in ALT]


def _symbol(node: "_Element") -> str:
    try:
        code = int(attribute(node, "char"), 16) & 0xFF
    except ValueError:
        return ""
    return _SYMBOLS.get((attribute(node, "font").lower(), code), "")
