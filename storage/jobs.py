"""What takes long, as rows: claimed under a lease, tried again, done or failed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage import queries
from storage.engine import Tx

q = queries.load("jobs")


class State(StrEnum):
    WAITING = "waiting"  # its time has not come, or nobody has taken it yet
    RUNNING = "running"  # somebody works at it until the lease ends
    DONE = "done"
    FAILED = "failed"  # given up, with a reference number


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; `attempts` counts this one too."""

    id: int
    kind: str
    args: Mapping[str, Any]
    attempts: int


async def add(tx: Tx, kind: str, args: Mapping[str, object], now: int, key: str | None = None) -> int | None:
    """The job's id; None when there is one with this key already."""
    dumped = json.dumps(args, ensure_ascii=False)
    added: int | None = await q.insert_job(tx, key=key, kind=kind, args=dumped, now=now)
    return added


async def claim(tx: Tx, now: int, lease_until: int, limit: int) -> list[Job]:
    """Take up to `limit` jobs that are due, or whose lease has run out."""
    rows = await q.claim_jobs(tx, now=now, lease_until=lease_until, limit=limit)
    rows.sort(key=lambda row: (row["run_at"], row["id"]))
    return [Job(row["id"], row["kind"], json.loads(row["args"]), row["attempts"]) for row in rows]


async def renew(tx: Tx, job_ids: Sequence[int], lease_until: int) -> None:
    await q.renew_leases(tx, ids=list(job_ids), lease_until=lease_until)


async def finish(tx: Tx, job_id: int, now: int) -> None:
    await q.finish_job(tx, id=job_id, now=now)


async def retry(tx: Tx, job_id: int, run_at: int, error: str) -> None:
    await q.retry_job(tx, id=job_id, run_at=run_at, error=error)


async def fail(tx: Tx, job_id: int, now: int, error: str, reference: str) -> None:
    await q.fail_job(tx, id=job_id, now=now, error=error, reference=reference)


async def requeue(tx: Tx) -> int:
    """Let go of what a dead process held; how many. Only at start, while nobody else runs."""
    return int(await q.requeue_running(tx))


async def failed(tx: Tx, since: int) -> list[str]:
    """The reference numbers of what was given up since the instant, newest first."""
    return [row["reference"] for row in await q.failed_references(tx, since=since)]


async def counts(tx: Tx) -> dict[str, int]:
    return {row["state"]: row["n"] for row in await q.count_by_state(tx)}


async def next_run(tx: Tx) -> int | None:
    """When the next waiting job is due, in ms UTC."""
    instant: int | None = await q.next_run(tx)
    return instant
