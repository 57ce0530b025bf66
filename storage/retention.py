"""What is past its time, kind by kind; the periods are in `domain/retention.py`."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from domain.retention import Kind
from storage import (
    attachments,
    download_links,
    drafts,
    fallback,
    outbox,
    people,
    queries,
    traces,
    updates,
    upload_links,
)
from storage.engine import Tx
from storage.files import FileStore

q = queries.load("retention")

Forget = Callable[[Tx, int, int], Awaitable[int]]
"""Forgets what had ended before the first instant, given the present one; how many."""


def _deleted(query: str) -> Forget:
    async def forget(tx: Tx, before: int, _: int) -> int:
        return int(await getattr(q, query)(tx, before=before))

    return forget


async def _texts(tx: Tx, before: int, _: int) -> int:
    return await outbox.forget_texts(tx, before) + await fallback.forget_texts(tx, before)


async def _places(tx: Tx, before: int, _: int) -> int:
    of_files = int(await q.forget_places_of_files(tx, before=before))
    return of_files + int(await q.forget_places_of_incidents(tx, before=before))


async def _albums(tx: Tx, before: int, _: int) -> int:
    await q.delete_album_items(tx, before=before)
    return int(await q.delete_albums(tx, before=before))


async def _absences(tx: Tx, before: int, _: int) -> int:
    day = datetime.fromtimestamp(before / 1000, UTC).date().isoformat()
    return int(await q.delete_absences(tx, before_day=day))


RECORDS: Final[Mapping[Kind, Forget]] = {
    Kind.UPDATES: updates.prune,
    Kind.TEXTS: _texts,
    Kind.SENDS: _deleted("delete_sends"),
    Kind.STRANGERS: _deleted("delete_sends_to_strangers"),
    Kind.DRAFTS: drafts.prune,
    Kind.PLACES: _places,
    Kind.ALBUMS: _albums,
    Kind.ATTENDEES: _deleted("forget_attendees"),
    Kind.EVENT_DESKS: _deleted("delete_event_desks"),
    Kind.GUESSES: people.prune_guesses,
    Kind.INVITATIONS: _deleted("delete_invitations"),
    Kind.UPLOAD_LINKS: upload_links.prune,
    Kind.DOWNLOAD_LINKS: download_links.prune,
    Kind.JOBS: _deleted("delete_jobs"),
    Kind.ABSENCES: _absences,
    Kind.CORRECTIONS: _deleted("delete_corrections"),
    Kind.CONSENTS: _deleted("delete_consents"),
    Kind.INCIDENTS: _deleted("delete_incidents"),
    Kind.ACCESS: _deleted("delete_access"),
}


async def left_files(tx: Tx, before: int) -> dict[int, str | None]:
    """Files that only a form had which came to nothing, with their contents' hashes.

    One that another record names is kept: it is left no more.
    """
    rows = {row["id"]: row["sha256"] for row in await q.left_files(tx, before=before)}
    named = await traces.referring(tx, "attachments", list(rows)) if rows else set()
    if named:
        await q.keep_files(tx, ids=sorted(named))
    return {file_id: sha256 for file_id, sha256 in rows.items() if file_id not in named}


async def erase_files(tx: Tx, files: FileStore, left: Mapping[int, str | None]) -> None:
    """Their rows, and each content that nobody else has sent."""
    await q.delete_files_left(tx, ids=list(left))
    for sha256 in {one for one in left.values() if one is not None}:
        if await attachments.forget_unused(tx, sha256):
            await files.remove(sha256)
