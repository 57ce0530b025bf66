"""Files that people send: what is kept of them, and when they count as received."""

from dataclasses import dataclass
from enum import StrEnum

from domain.confidential.findings import Finding

MAX_BYTES = 20 * 1024 * 1024
"""Telegram gives bots no file above this (Bot API, getFile)."""


class State(StrEnum):
    PENDING = "pending"  # announced by Telegram, not fetched yet
    KEPT = "kept"  # fetched, admitted and on the disk
    HELD = "held"  # on the disk, passed on once a named person has confirmed it
    REFUSED = "refused"  # too big, of a kind that is not taken, not to be fetched, or taken back
    BLOCKED = "blocked"  # with a confidentiality mark: nothing of it is here, not even its name


GONE = frozenset({State.REFUSED, State.BLOCKED})


@dataclass(frozen=True, slots=True)
class Attachment:
    """`kind` is how it came: document or photo in a chat, upload over the centre's page. `size` in bytes.

    `telegram_file_id` is empty for an upload; `upload_id` is empty for the others. `findings` are masked.
    """

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
    upload_id: int | None = None
    chat_id: int | None = None
    message_id: int | None = None
    findings: tuple[Finding, ...] = ()
    confirmed_by: str | None = None
    reason: str | None = None
    received_at: int = 0
