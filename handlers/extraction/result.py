"""What reading a file gives: its texts and what could not be read, or the reason why it is not taken."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.confidential.findings import Finding, Part, Passage, Place

MAX_CHARS = 5_000_000
"""Of text in a file: some 5,000 pages."""
MAX_PASSAGES = 400_000


class Kind(StrEnum):
    """The kinds that are taken; the value is the suffix such a file is kept under."""

    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PDF = "pdf"
    OFD = "ofd"
    TXT = "txt"
    CSV = "csv"
    JPG = "jpg"
    PNG = "png"


class Reason(StrEnum):
    """Why a file is not taken; each has its own way out for the sender."""

    EMPTY = "EMPTY"  # nothing in it: send it again
    TOO_BIG = "TOO_BIG"  # more bytes, pages, cells or text than is read: send it in parts
    TOO_LONG = "TOO_LONG"  # reading took longer than the limit: send it in parts, or as a PDF
    OLD_OFFICE = "OLD_OFFICE"  # doc, xls, ppt, wps, rtf, odt, xlsb, a web page: save as docx, xlsx, pptx
    OTHER_PICTURE = "OTHER_PICTURE"  # gif, webp, heic, bmp, tiff: save as jpg or png
    ARCHIVE = "ARCHIVE"  # zip, rar, 7z, tar, gz: send the files themselves
    ENCRYPTED = "ENCRYPTED"  # asks for a password: save without one
    MACROS = "MACROS"  # docm, xlsm, pptm: save without macros
    ACTIVE = "ACTIVE"  # a PDF with scripts, programs to launch or attached files: print it to a new PDF
    BOMB = "BOMB"  # unpacks into far more than it is: export it anew
    POLYGLOT = "POLYGLOT"  # two files in one, or data hidden between the parts: export it anew
    DAMAGED = "DAMAGED"  # cannot be read through: open, save and send it again
    UNKNOWN = "UNKNOWN"  # of no kind that is taken


@dataclass(frozen=True, slots=True)
class Extracted:
    """`unreadable` of PICTURE and OBJECT come once a file, with how many there are as their number."""

    kind: Kind
    passages: list[Passage]
    unreadable: list[Place]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a file, and as UNREADABLE what could not be read; its words stay in the child."""

    kind: Kind
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Declined:
    reason: Reason


class NotTaken(Exception):
    """Raised while a file is read; becomes a Declined."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Gathered:
    """Collects what a reader finds; raises NotTaken when it is more than anybody would send."""

    passages: list[Passage] = field(default_factory=list)
    unreadable: list[Place] = field(default_factory=list)
    _chars: int = 0

    def text(self, text: str | None, part: Part, *numbers: int) -> None:
        """Add a text at a place; blank ones are left out."""
        if text is None or not (stripped := text.strip()):
            return
        self._chars += len(stripped)
        if self._chars > MAX_CHARS or len(self.passages) >= MAX_PASSAGES:
            raise NotTaken(Reason.TOO_BIG)
        self.passages.append(Passage(Place(part, numbers), stripped))

    def closed(self, part: Part, *numbers: int) -> None:
        """Note a place whose content cannot be read."""
        self.unreadable.append(Place(part, numbers))

    def count_closed(self, part: Part, count: int) -> None:
        """Note how many pictures or objects there are, once a file."""
        if count:
            self.closed(part, count)
