"""The one seam through which everything that a base sends is kept: `admit_file`, `admit_text`.

Here: size, kind by content, a safe name. The confidentiality gate stands in the same place.
"""

import io
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from domain.errors import Refused
from domain.uploads import MAX_BYTES

TEXT_CHARS = 4000
NAME_CHARS = 80

TAKEN = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".txt": "text/plain",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = {b"%PDF-": ".pdf", b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}


@dataclass(frozen=True, slots=True)
class Admitted:
    """A name without path or surprises, and the media type that the content shows."""

    name: str
    media_type: str


def admit_file(content: bytes, name: str) -> Admitted:
    """Raises Refused when it is too big, empty, or its content is of no kind that is taken."""
    if len(content) > MAX_BYTES:
        raise Refused("requests/file_too_big", max=MAX_BYTES)
    suffix = _kind(content, name)
    if suffix is None:
        raise Refused("requests/file_kind", kinds=sorted(TAKEN))
    stem = PurePosixPath(safe_name(name)).stem
    return Admitted(f"{stem}{suffix}", TAKEN[suffix])


def admit_text(text: str) -> str:
    """The text as it is kept. Raises Refused when it is too long."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C").strip()
    if len(kept) > TEXT_CHARS:
        raise Refused("errors/too_long", max=TEXT_CHARS, got=len(kept))
    return kept


def safe_name(name: str) -> str:
    """The last part of a path, without control and direction characters, at most 80 characters long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePosixPath(clean)
    suffix = path.suffix[:10]
    return path.stem[: NAME_CHARS - len(suffix)] + suffix or "file"


def _kind(content: bytes, name: str) -> str | None:
    """The suffix that the content deserves; the name decides only among the old Office kinds, all alike."""
    for signature, suffix in _SIGNATURES.items():
        if content.startswith(signature):
            return suffix
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    if content.startswith(_OLE):
        named = PurePosixPath(name.lower()).suffix
        return named if named in (".doc", ".xls", ".ppt") else None
    return ".txt" if _is_text(content) else None


def _office_kind(content: bytes) -> str | None:
    """Only the list of names is read, nothing is unpacked."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return next((suffix for part, suffix in _PARTS.items() if part in names), None)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return bool(text) and "\0" not in text
