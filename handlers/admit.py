"""The one seam through which everything that a base sends is kept: files and texts (Article 9)."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from domain.confidential.findings import Finding, Part, Passage, Place
from domain.confidential.gate import scan, scan_text
from domain.confidential.verdict import blocking
from domain.errors import Refused
from handlers.extraction.reader import examine
from handlers.extraction.result import Declined, Kind

TEXT_CHARS = 4000
NAME_CHARS = 80

_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    Kind.DOCX: f"{_OFFICE}wordprocessingml.document",
    Kind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    Kind.PPTX: f"{_OFFICE}presentationml.presentation",
    Kind.PDF: "application/pdf",
    Kind.OFD: "application/ofd",
    Kind.TXT: "text/plain",
    Kind.CSV: "text/csv",
    Kind.JPG: "image/jpeg",
    Kind.PNG: "image/png",
}


@dataclass(frozen=True, slots=True)
class Admitted:
    """A name without path or surprises, the media type that the content shows, and what was found in it."""

    name: str
    media_type: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Bearing:
    """Words that bear marks: a message's own, or the name of its file."""

    words: str
    marks: list[Finding]
    of_name: bool = False


async def admit_file(path: Path, name: str, today: date) -> Admitted:
    """Read and judge the file at `path`. Raises Refused when it is of no kind that is taken; a name that
    bears a mark is found all the same.
    """
    examined = await examine(path, name, today)
    if isinstance(examined, Declined):
        if marks := blocking(_scan_name(name, today)):
            return Admitted("", "", tuple(marks))
        raise Refused("gate/declined", reason=examined.reason)
    stem = PurePosixPath(safe_name(name)).stem
    return Admitted(f"{stem}.{examined.kind}", MEDIA_TYPES[examined.kind], tuple(examined.findings))


def admit_text(text: str) -> str:
    """The text as it is kept. Raises Refused when it is too long."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C").strip()
    if len(kept) > TEXT_CHARS:
        raise Refused("errors/too_long", max=TEXT_CHARS, got=len(kept))
    return kept


def bearing_in(text: str, name: str, today: date) -> Bearing | None:
    """What bears a mark in a message: its text or, looked at before anything of it is fetched, its file's
    name. None when nothing does.
    """
    if marks := blocking(scan_text(text, today)):
        return Bearing(text, marks)
    if marks := blocking(_scan_name(name, today)):
        return Bearing(name, marks, of_name=True)
    return None


def _scan_name(name: str, today: date) -> list[Finding]:
    return scan([Passage(Place(Part.NAME), name)], today)


def safe_name(name: str) -> str:
    """The last part of a path, without control and direction characters, at most 80 characters long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePosixPath(clean)
    suffix = path.suffix[:10]
    return path.stem[: NAME_CHARS - len(suffix)] + suffix or "file"
