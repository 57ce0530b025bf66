"""Links to the centre's own upload page: one person, one purpose, one browser, one day (Article 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 200 * 1024 * 1024
MAX_FILES = 10
MAX_TOTAL_BYTES = 1000 * 1024 * 1024
"""What one link takes in all."""
LIFE_MS = 24 * 60 * 60 * 1000
CHUNK_BYTES = 1024 * 1024
"""The most that is sent at once, and so the most that a broken connection costs."""


class Standing(StrEnum):
    """How a browser stands to a link that is alive."""

    NEW = "new"  # nobody has pressed 开始上传
    YOURS = "yours"  # this browser has
    ELSEWHERE = "elsewhere"  # another browser has


class UploadState(StrEnum):
    OPEN = "open"  # its first `received` bytes are on the disk
    COMPLETED = "completed"  # all of it is, and it was handed on


class VerdictState(StrEnum):
    """What became of a file that was handed on."""

    EXAMINING = "examining"  # the examination is not over
    CLEAN = "clean"  # no mark was found, which does not replace the confidentiality review
    HELD = "held"  # to be mended and sent again, or confirmed by a named person
    BLOCKED = "blocked"  # not kept
    REFUSED = "refused"  # of a kind that is not taken, or unreadable


class Refusal(StrEnum):
    """Why a file is not begun; also the key of the sentence that says so (messages/pages)."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY = "too_many"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`text` is plain, in the person's language."""

    state: VerdictState
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """For one person and one subject; `title` says in the person's language what it is for.

    `browser` is the SHA-256 of the secret of the browser that pressed 开始上传. Instants in ms UTC.
    """

    id: int
    person_id: int
    purpose: str
    subject_id: int
    title: str
    expires_at: int
    browser: str | None = None
    ended_at: int | None = None

    def alive(self, now: int) -> bool:
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way; `size` and `received` in bytes, `attachment_id` once it was handed on."""

    id: int
    link_id: int
    name: str
    size: int
    received: int
    state: UploadState
    attachment_id: int | None = None


def standing(browser: str | None, asking: str | None) -> Standing:
    """Of the browser `asking`, towards a link that is bound to `browser` (both SHA-256, or None)."""
    if browser is None:
        return Standing.NEW
    return Standing.YOURS if browser == asking else Standing.ELSEWHERE


def refusal(size: int, others: Sequence[Upload]) -> Refusal | None:
    """Why a file of `size` bytes is not taken beside the `others` of its link."""
    if size <= 0:
        return Refusal.EMPTY
    if size > MAX_BYTES:
        return Refusal.TOO_BIG
    if len(others) >= MAX_FILES:
        return Refusal.TOO_MANY
    if size + sum(other.size for other in others) > MAX_TOTAL_BYTES:
        return Refusal.TOO_MUCH
    return None


def fits(upload: Upload, offset: int, length: int) -> bool:
    """Whether `length` bytes from `offset` on are the next ones of the upload."""
    return (
        upload.state is UploadState.OPEN
        and offset == upload.received
        and 0 < length <= min(CHUNK_BYTES, upload.size - offset)
    )
