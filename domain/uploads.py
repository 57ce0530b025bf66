"""Files that people send: what is kept of them, and when they count as received."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 20 * 1024 * 1024
"""Telegram gives bots no file above this (Bot API, getFile)."""


class State(StrEnum):
    PENDING = "pending"  # announced by Telegram, not fetched yet
    KEPT = "kept"  # fetched, admitted and on the disk
    REFUSED = "refused"  # too big, of a kind that is not taken, or not to be fetched


@dataclass(frozen=True, slots=True)
class Attachment:
    """`kind` is how Telegram carries it: document or photo. `size` in bytes, where known."""

    id: int
    person_id: int
    telegram_file_id: str
    kind: str
    name: str
    size: int | None
    state: State
    sha256: str | None = None
    error: str | None = None
    request_id: int | None = None
    entry_id: int | None = None
