"""What the gate blocked: rule, place and hash under a number, and nothing else of it (Article 9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.confidential.findings import Finding, Place, Rule
from domain.confidential.verdict import blocking

SERIES = "BM"
"""保密: BM-2026-0001."""


class Carrier(StrEnum):
    """What the mark stood in."""

    TEXT = "text"  # a message's words
    FILE = "file"  # a file in the chat
    PHOTO = "photo"  # a picture in the chat
    UPLOAD = "upload"  # a file over the upload page: it is nowhere but here


class Deletion(StrEnum):
    """What became of the message in the chat."""

    OPEN = "open"  # not tried yet
    NONE = "none"  # there is none: it came over the upload page
    DONE = "done"  # Telegram says that it deleted it
    FAILED = "failed"  # Telegram did not delete it


@dataclass(frozen=True, slots=True)
class Found:
    """Which rule, where; not which words."""

    rule: Rule
    place: Place


@dataclass(frozen=True, slots=True)
class Incident:
    """Instants in ms UTC; `sha256` of the file, or of the text in UTF-8."""

    id: int
    number: str
    person_id: int
    kind: Carrier
    found: tuple[Found, ...]
    sha256: str
    chat_id: int | None
    message_id: int | None
    sent_at: int
    recorded_at: int
    deletion: Deletion
    settled_at: int | None
    acknowledged_at: int | None


def marks(findings: Iterable[Finding]) -> tuple[Found, ...]:
    """What is written down of the findings that block."""
    return tuple(Found(finding.rule, finding.place) for finding in blocking(findings))
