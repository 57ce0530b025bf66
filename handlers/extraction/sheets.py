"""Workbooks (ECMA-376 SpreadsheetML): every cell, shown or hidden, and what is written beside them."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.confidential.findings import Part
from handlers.extraction import guards
from handlers.extraction.drawing import Leftovers, joined
from handlers.extraction.package import Package, attribute, local, nearest
from handlers.extraction.result import MAX_CHARS, MAX_PASSAGES, Gathered, NotTaken, Reason

if TYPE_CHECKING:
    from lxml.etree import _Element

_SHEETS = ("worksheet", "chartsheet", "dialogsheet")
_HEADERS = {
    "oddHeader": Part.HEADER,
    "evenHeader": Part.HEADER,
    "firstHeader": Part.HEADER,
    "oddFooter": Part.FOOTER,
    "evenFooter": Part.FOOTER,
    "firstFooter": Part.FOOTER,
}
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+ ?|[A-Z])')
"""Fonts, sizes, colours and fields in a header: &"宋体,加粗"&14机密."""
_COLUMNS = 16384
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read(package: Package, gathered: Gathered) -> None:
    """Everything a workbook says. Raises NotTaken."""
    parts = package.xml_parts()
    strings: list[str] = []
    for name in parts:
        if package.role(name) == "sharedstrings":
            strings += _strings(package.archive.read(name))
    sheets = _sheets(package, gathered)
    comments = {}
    for number, (name, hidden) in enumerate(sheets.items(), 1):
        _Sheet(gathered, strings, number, hidden).read(package.archive.read(name))
        for kind, part in package.related(name).values():
            if kind.lower() in ("comments", "threadedcomment"):
                comments[part] = number
    counts = dict.fromkeys(range(len(sheets) + 1), 0)
    leftovers = Leftovers(package, gathered)
    for name in parts:
        role = package.role(name)
        if role in ("comments", "threadedcomments"):
            sheet = comments.get(name, 0)
            counts[sheet] = _comments(package.archive.xml(name), sheet, counts[sheet], gathered)
        elif name not in sheets and role != "sharedstrings":
            leftovers.read(name)
    package.closed(gathered)


def _sheets(package: Package, gathered: Gathered) -> dict[str, bool]:
    """The sheets in the order of the workbook → whether hidden; then those it no longer lists, hidden too."""
    parts = package.xml_parts()
    found = [name for name in parts if package.role(name) in _SHEETS]
    sheets: dict[str, bool] = {}
    for main in (name for name in parts if package.role(name) in ("sheet", "template")):
        related = package.related(main)
        root = package.archive.xml(main)
        for node in root.iter("{*}sheet"):
            name = related.get(attribute(node, "id"), ("", ""))[1]
            hidden = node.get("state", "visible") != "visible"
            if name in found and name not in sheets:
                sheets[name] = hidden
                part = Part.HIDDEN_CELL if hidden else Part.SHEET_CELL
                gathered.text(node.get("name"), part, len(sheets))
        for node in root.iter("{*}definedName"):
            gathered.text(f"{node.get('name', '')}: {node.text or ''}", Part.PROPERTY)
    return sheets | {name: True for name in found if name not in sheets}


def _strings(data: bytes) -> list[str]:
    """The shared strings, in their order; formatted ones are joined from their runs."""
    strings: list[str] = []
    chars = 0
    for node in _elements(data, "si"):
        strings.append(joined(node))
        chars += len(strings[-1])
        if chars > MAX_CHARS or len(strings) > MAX_PASSAGES:
            raise NotTaken(Reason.TOO_BIG)
    return strings


def _elements(data: bytes, *names: str) -> Iterator["_Element"]:
    """The elements of these names as they close; each is emptied afterwards, so that a large sheet fits.

    Raises NotTaken: BOMB or DAMAGED.
    """
    from lxml import etree

    guards.check_prolog(data)
    reading = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    try:
        for _, node in reading:
            yield node
            node.clear()
            parent = node.getparent()
            while parent is not None and (first := parent[0]) is not node:
                parent.remove(first)
    except etree.XMLSyntaxError as error:
        raise NotTaken(Reason.DAMAGED) from error


class _Sheet:
    """One sheet's cells, in order, with the columns and rows that are hidden."""

    def __init__(self, gathered: Gathered, strings: list[str], number: int, hidden: bool) -> None:
        self._gathered = gathered
        self._strings = strings
        self._number = number
        self._hidden = hidden
        self._hidden_columns = bytearray(_COLUMNS + 1)
        self._row = 0

    def read(self, data: bytes) -> None:
        for node in _elements(data, "col", "row", *_HEADERS):
            name = local(node)
            if name == "col":
                self._column(node)
            elif name == "row":
                self._cells(node)
            else:
                self._gathered.text(_CODES.sub("", node.text or ""), _HEADERS[name], self._number)

    def _column(self, node: "_Element") -> None:
        if node.get("hidden") in ("1", "true"):
            first, last = _number(node.get("min")), min(_number(node.get("max")), _COLUMNS)
            self._hidden_columns[first : last + 1] = b"\1" * (last + 1 - first)

    def _cells(self, row: "_Element") -> None:
        self._row = _number(row.get("r")) or self._row + 1
        hidden = self._hidden or row.get("hidden") in ("1", "true")
        column = 0
        for cell in row:
            column = _column(cell.get("r", "")) or column + 1
            concealed = hidden or self._hidden_columns[min(column, _COLUMNS)]
            part = Part.HIDDEN_CELL if concealed else Part.SHEET_CELL
            self._gathered.text(self._text(cell), part, self._number, self._row, column)

    def _text(self, cell: "_Element") -> str:
        """What the cell shows; a formula that was never computed shows itself."""
        value = cell.find("{*}v")
        if cell.get("t") == "inlineStr" or (value is None and cell.find("{*}is") is not None):
            return joined(cell)
        if value is None or value.text is None:
            return cell.findtext("{*}f") or ""
        if cell.get("t") == "s":
            index = _number(value.text)
            return self._strings[index] if index < len(self._strings) else ""
        return value.text if cell.get("t") == "str" else _plain(value.text)


def _comments(root: "_Element", sheet: int, count: int, gathered: Gathered) -> int:
    numbers = (sheet,) if sheet else ()
    for node in nearest(root, frozenset({"comment", "threadedComment"})):
        count += 1
        text = joined(node) or "\n".join(text.text or "" for text in node.iter("{*}text"))
        gathered.text(text, Part.CELL_COMMENT, *numbers, count)
    return count


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _column(reference: str) -> int:
    """The number of a column: 28 of AB12; 0 when there is none."""
    match = _REFERENCE.fullmatch(reference)
    number = 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _plain(text: str) -> str:
    """A number as a person reads it: 13800138000 of 1.3800138E10."""
    if "E" not in text.upper() or len(text) > 30:
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e21 else text
