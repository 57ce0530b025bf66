"""What goes over another channel, as rows (I3): planned, sending, then sent, failed or uncertain."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.notices import Subject
from storage import jobs, queries
from storage.engine import Row, Tx

q = queries.load("fallback")

SEND = "fallback_send"


class State(StrEnum):
    PLANNED = "planned"  # to be sent, or to be tried again
    SENDING = "sending"  # handed to the channel
    SENT = "sent"  # the channel has taken it
    FAILED = "failed"  # given up, with a reference number
    UNCERTAIN = "uncertain"  # the process died between the channel's taking it and our record
    DROPPED = "dropped"  # the channel is not configured any more


@dataclass(frozen=True, slots=True)
class Send:
    """`text` is empty once it was forgotten."""

    id: int
    channel: str
    base_id: int
    subject: Subject
    title: str
    text: str
    state: State
    attempts: int


async def plan(
    tx: Tx,
    channels: Sequence[str],
    base_id: int,
    subject: Subject,
    *,
    what: str,
    title: str,
    text: str,
    now: int,
) -> list[int]:
    """A row and its job for each channel; `what` names the notice: planned before, it stays as it is."""
    rows = await q.plan_sends(
        tx,
        keys=[f"{what}:base {base_id}:{channel}" for channel in channels],
        channels=list(channels),
        base_id=base_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        title=title,
        text=text,
        now=now,
    )
    ids = [int(row["id"]) for row in rows]
    for send_id in ids:
        await jobs.add(tx, SEND, {"send_id": send_id}, now, key=f"{SEND}:{send_id}")
    return ids


async def lock(tx: Tx, send_id: int) -> Send | None:
    row = await q.lock_send(tx, id=send_id)
    return _send(row) if row else None


async def move(tx: Tx, send: Send, state: State, now: int, reference: str | None = None) -> bool:
    """From the state it was read in to another; False when somebody else was first."""
    settled = state not in (State.PLANNED, State.SENDING)
    moved = await q.move_send(
        tx,
        id=send.id,
        seen=send.state,
        state=state,
        attempts=send.attempts + (state is State.SENDING),
        reference=reference,
        sending_at=now if state is State.SENDING else None,
        settled_at=now if settled else None,
    )
    return moved is not None


async def list_of_base(tx: Tx, base_id: int, most: int) -> list[Send]:
    """The newest first."""
    return [_send(row) for row in await q.sends_of_base(tx, base_id=base_id, most=most)]


async def bases_sent(tx: Tx, subject: Subject) -> list[int]:
    """The bases that have it from another channel."""
    rows = await q.bases_sent(tx, subject_kind=subject.kind, subject_id=subject.id)
    return [row["base_id"] for row in rows]


async def forget_texts(tx: Tx, before: int) -> int:
    """Empty what was settled before the instant (I6); how many."""
    return int(await q.empty_sent_texts(tx, before=before))


def _send(row: Row) -> Send:
    return Send(
        id=row["id"],
        channel=row["channel"],
        base_id=row["base_id"],
        subject=Subject(row["subject_kind"], row["subject_id"]),
        title=row["title"],
        text=row["text"] or "",
        state=State(row["state"]),
        attempts=row["attempts"],
    )
