"""Several files that a person sends at once: each comes as an update of its own, and they are one thing."""

from collections.abc import Sequence
from dataclasses import dataclass

TOGETHER_MS = 1500
"""So long after its last item an album is taken to be complete."""
LATE_MS = 3000
"""A decision that comes so much too late was held up: what was sent meanwhile is on its way."""


@dataclass(frozen=True, slots=True)
class Album:
    """What it will be is known when it is complete (migrations/0016_questions.sql). Instants in ms UTC.

    `waited`: it was given time once more after the bot had been away.
    """

    id: int
    chat_id: int
    media_group_id: str
    person_id: int
    due_at: int
    waited: bool
    words: str
    cites: str | None
    draft_id: int | None
    step: str | None

    @property
    def form(self) -> tuple[int, str] | None:
        """The draft and its step that asked for files when the first item came."""
        return (self.draft_id, self.step) if self.draft_id is not None and self.step is not None else None


def wait_until(album: Album, now: int, *, more_in_hand: bool) -> int | None:
    """Until when to wait before it is decided; None: now."""
    if now < album.due_at:
        return album.due_at
    held_up = now - album.due_at > LATE_MS and not album.waited
    return now + TOGETHER_MS if held_up or more_in_hand else None


def in_order(got: Sequence[int], sent: Sequence[int]) -> list[int]:
    """What a step has got, with an album's items in the order in which they were sent, in the places that
    they have together; nothing is added or lost.
    """
    items = iter([one for one in sent if one in got])
    return [next(items) if one in sent else one for one in got]
