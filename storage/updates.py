"""The inbox: what Telegram sent, in the order it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.retention import Kind, kept_ms
from storage import queries
from storage.engine import Row, Tx

q = queries.load("updates")

KEPT_MS = kept_ms(Kind.UPDATES)
"""How long a settled update's id is remembered, so that it does nothing when delivered again."""


class State(StrEnum):
    STORED = "stored"  # confirmed to Telegram, not handled yet
    DONE = "done"
    IGNORED = "ignored"  # nothing here answers to it
    FAILED = "failed"  # set aside after three attempts, with a reference number


@dataclass(frozen=True, slots=True)
class Incoming:
    update_id: int
    chat_id: int
    payload: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An update in the inbox; `id` is its place in the order."""

    id: int
    chat_id: int
    payload: str
    attempts: int = 0


async def store(tx: Tx, batch: Sequence[Incoming], now: int) -> list[Entry]:
    """Keep a batch, in order. The answer has what of it is still to be handled.

    That may have been kept before: by a COMMIT of which nobody knew whether it had happened.
    """
    ids = [u.update_id for u in batch]
    await q.insert_updates(
        tx,
        update_ids=ids,
        chat_ids=[u.chat_id for u in batch],
        payloads=[u.payload for u in batch],
        received_at=now,
    )
    return [_entry(row) for row in await q.still_open(tx, update_ids=ids)]


async def finish(tx: Tx, entry_id: int, now: int) -> bool:
    """Mark the update as done, first of all that its transaction does: nobody else settles it meanwhile.

    False when it is settled already; then there is nothing to be done.
    """
    return await q.finish_update(tx, id=entry_id, settled_at=now) is not None


async def list_open(tx: Tx) -> list[Entry]:
    return [_entry(row) for row in await q.open_updates(tx)]


async def begin(tx: Tx, entry_ids: Sequence[int]) -> None:
    """Count an attempt at each before it is made: an update that kills the process is not tried for ever."""
    await q.begin_attempts(tx, ids=list(entry_ids))


async def settle(
    tx: Tx, entry_id: int, state: State, now: int, *, reference: str | None = None, error: str | None = None
) -> None:
    """Empty the payload and say how it ended."""
    await q.settle_update(
        tx, id=entry_id, state=state.value, settled_at=now, reference=reference, error=error
    )


async def record_error(tx: Tx, entry_id: int, error: str) -> None:
    await q.record_error(tx, id=entry_id, error=error)


async def prune(tx: Tx, before: int, _: int) -> int:
    """Forget the ids of what was settled before the instant: delivered again, it would be done again."""
    return int(await q.prune_updates(tx, before=before))


async def failed(tx: Tx, since: int) -> list[str]:
    """The reference numbers of what was set aside since the instant, newest first."""
    return [row["reference"] for row in await q.failed_references(tx, since=since)]


async def counts(tx: Tx) -> dict[str, int]:
    return {row["state"]: row["n"] for row in await q.count_by_state(tx)}


def _entry(row: Row) -> Entry:
    return Entry(row["id"], row["chat_id"], row["payload"], row["attempts"])
