"""The text of an annual report that came as one docx: cut into the sections by their headings (R21)."""

import re
from collections.abc import Mapping

from domain.confidential.findings import Part
from domain.indicator_names import folded
from domain.indicators import Edition
from handlers.extraction import office
from handlers.extraction.guards import Archive
from handlers.extraction.package import Package
from handlers.extraction.result import Gathered

_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|附:)")
_NOTE = re.compile(r"\([^()]*\)$")
HEADING_CHARS = 40


def read(data: bytes, edition: Edition) -> Mapping[str, str]:
    """By the key of the section; what stands before any heading belongs to the first. Raises NotTaken."""
    gathered = Gathered()
    office.read(Package(Archive(data)), gathered)
    titles = {_core(one.title.zh): one.key for one in edition.sections}
    found: dict[str, list[str]] = {}
    key = edition.sections[0].key
    for passage in gathered.passages:
        if passage.place.part is Part.PARAGRAPH:
            key = _heading(passage.text, titles) or key
            found.setdefault(key, []).append(passage.text)
    return {key: "\n".join(lines) for key, lines in found.items()}


def _heading(text: str, titles: Mapping[str, str]) -> str | None:
    return titles.get(_core(text)) if len(text) <= HEADING_CHARS else None


def _core(title: str) -> str:
    """Without its number and its note: people number in their own way."""
    return _NOTE.sub("", _NUMBERED.sub("", folded(title)))
