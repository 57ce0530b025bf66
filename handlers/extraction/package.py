"""An office package (ECMA-376 part 2): its parts, what each is declared to be, what they refer to."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from domain.confidential.findings import Part
from handlers.extraction import guards
from handlers.extraction.guards import Archive
from handlers.extraction.result import Gathered, NotTaken, Reason

if TYPE_CHECKING:
    from lxml.etree import _Element

TYPES = "[Content_Types].xml"
_XML = (".xml", ".vml", ".rels")
_IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".webp", ".jfif"}
_HARMLESS = re.compile(
    r"\.(odttf|ttf|fntdata|sigs)$|printersettings\d*\.bin$|^docprops/thumbnail\.", re.IGNORECASE
)
_SMALLEST_PICTURE = 200 * 200
"""In pixels: smaller ones are logos and bullets."""


class Package:
    """Parts are named without the slash they begin with."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._defaults: dict[str, str] = {}
        self._types: dict[str, str] = {}
        if TYPES in archive.names:
            self._read_types(archive.xml(TYPES))

    @property
    def types(self) -> list[str]:
        return [*self._types.values(), *self._defaults.values()]

    def type_of(self, name: str) -> str:
        suffix = PurePosixPath(name).suffix[1:].lower()
        return self._types.get(name.lower(), self._defaults.get(suffix, ""))

    def role(self, name: str) -> str:
        """The last words of its content type: `header` of application/vnd.…wordprocessingml.header+xml."""
        return self.type_of(name).removesuffix("+xml").removesuffix(".main").rsplit(".", 1)[-1].lower()

    def xml_parts(self) -> list[str]:
        """The parts that are XML, in the order a person would count them (header2 before header10)."""
        return sorted((name for name in self.archive.names if self.is_xml(name)), key=_natural)

    def is_xml(self, name: str) -> bool:
        if name.lower().endswith(_XML):
            return True
        return self.type_of(name).endswith("xml") and not _is_image(name)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """The parts that a part refers to: its key → (the last word of the relationship's type, part)."""
        folder, file = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if rels not in self.archive.names:
            return {}
        return {
            node.get("Id", ""): (
                node.get("Type", "").rsplit("/", 1)[-1],
                posixpath.normpath(posixpath.join(folder, node.get("Target", ""))).lstrip("/"),
            )
            for node in self.archive.xml(rels)
            if node.get("TargetMode") != "External"
        }

    def closed(self, gathered: Gathered) -> None:
        """Count the pictures and embedded objects, whose content is not read. Raises NotTaken: ARCHIVE."""
        pictures = objects = 0
        for name in self.archive.names:
            if self.is_xml(name) or _HARMLESS.search(name) or not self.archive.size(name):
                continue
            if guards.is_foreign_archive(name, self.archive.head(name)):
                raise NotTaken(Reason.ARCHIVE)
            if _is_image(name) or self.type_of(name).startswith("image/"):
                pictures += _is_large(self.archive, name)
            else:
                objects += 1
        gathered.count_closed(Part.PICTURE, pictures)
        gathered.count_closed(Part.OBJECT, objects)

    def _read_types(self, root: "_Element") -> None:
        for node in root:
            if extension := node.get("Extension"):
                self._defaults[extension.lower()] = node.get("ContentType", "")
            elif part := node.get("PartName"):
                self._types[part.lstrip("/").lower()] = node.get("ContentType", "")


def local(node: "_Element") -> str:
    """The name of an element without its namespace: strict and transitional files have the same names."""
    tag = node.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(node: "_Element", name: str) -> str:
    """An attribute by its local name."""
    return next((str(value) for key, value in node.items() if str(key).rsplit("}", 1)[-1] == name), "")


def nearest(node: "_Element", names: frozenset[str]) -> Iterator["_Element"]:
    """The descendants of these names, not looking inside one that was found."""
    for child in node:
        if local(child) in names:
            yield child
        else:
            yield from nearest(child, names)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]{1,9})", name)]


def _is_image(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _IMAGES


def _is_large(archive: Archive, name: str) -> bool:
    """Whether a picture is large enough to carry text; one whose size is not known is taken to be."""
    import io

    from PIL import Image

    try:
        width, height = Image.open(io.BytesIO(archive.read(name))).size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return True
    return width * height >= _SMALLEST_PICTURE
