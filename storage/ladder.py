"""What goes with the ladder: 延期 as it was asked for, who is chosen to be reminded, boards, self-checks."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from storage import queries
from storage.engine import Row, Tx

q = queries.load("ladder")


@dataclass(frozen=True, slots=True)
class Request:
    """申请延期, as a base asked for it; `granted` None while nobody has decided."""

    id: int
    obligation_id: int
    until: date
    reason: str
    asked_by: int
    granted: bool | None


@dataclass(frozen=True, slots=True)
class Board:
    """Somebody's pinned message: outbox rows of it and of its last edit, a fingerprint of what it shows."""

    person_id: int
    message_row: int | None = None
    edit_row: int | None = None
    shown: str | None = None
    drawn_at: int | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Answers by key, as the form had them."""

    answers: Mapping[str, object]
    answered_by: int
    answered_at: int


# --- 延期, asked for --------------------------------------------------------------------------------------


async def ask_extension(tx: Tx, obligation_id: int, until: date, reason: str, by: int, now: int) -> int:
    return int(
        await q.insert_request(
            tx,
            obligation_id=obligation_id,
            until_on=until.isoformat(),
            reason=reason,
            asked_by=by,
            now=now,
        )
    )


async def request(tx: Tx, request_id: int) -> Request | None:
    """What it is about is locked by who decides: the obligation."""
    row = await q.request(tx, id=request_id)
    return _request(row) if row else None


async def decide_requests(tx: Tx, obligation_id: int, by: int, now: int, *, granted: bool) -> None:
    """What was asked for and not decided yet: with one answer all of it is."""
    await q.decide_requests(tx, obligation_id=obligation_id, granted=granted, decided_by=by, now=now)


# --- who is chosen ----------------------------------------------------------------------------------------


async def choose(tx: Tx, person_id: int, obligation_ids: Collection[int]) -> None:
    await q.choose(tx, person_id=person_id, obligation_ids=list(obligation_ids))


async def leave(tx: Tx, person_id: int, obligation_ids: Collection[int]) -> None:
    await q.leave(tx, person_id=person_id, obligation_ids=list(obligation_ids))


async def chosen(tx: Tx, person_id: int) -> set[int]:
    """The ids of the obligations; some of them may have been met since."""
    return {row["obligation_id"] for row in await q.chosen(tx, person_id=person_id)}


async def reminded(tx: Tx, obligation_ids: Collection[int], since: int, until: int) -> set[int]:
    """Those of which somebody is reminded between the instants, whether that was sent yet or not."""
    rows = await q.reminded(tx, obligation_ids=list(obligation_ids), since=since, until=until)
    return {row["subject_id"] for row in rows}


async def called_bases(tx: Tx, since: int) -> set[int]:
    """The bases that were telephoned since the instant."""
    return {row["base_id"] for row in await q.called_bases(tx, since=since)}


# --- boards -----------------------------------------------------------------------------------------------


async def open_board(tx: Tx, person_id: int) -> None:
    """A new message for the person: one that they had is looked after no longer."""
    await q.open_board(tx, person_id=person_id)


async def close_board(tx: Tx, person_id: int) -> None:
    await q.close_board(tx, person_id=person_id)


async def lock_boards(tx: Tx) -> list[Board]:
    return [Board(**{**dict(row), "pinned": bool(row["pinned"])}) for row in await q.lock_boards(tx)]


async def save_board(tx: Tx, board: Board) -> None:
    await q.save_board(
        tx,
        person_id=board.person_id,
        message_row=board.message_row,
        edit_row=board.edit_row,
        shown=board.shown,
        drawn_at=board.drawn_at,
        pinned=board.pinned,
    )


# --- self-checks ------------------------------------------------------------------------------------------


async def add_answers(tx: Tx, obligation_id: int, answers: Mapping[str, object], by: int, now: int) -> None:
    written = json.dumps(answers, ensure_ascii=False)
    await q.insert_answers(tx, obligation_id=obligation_id, answers=written, answered_by=by, now=now)


async def answers(tx: Tx, obligation_id: int) -> SelfCheck | None:
    """As they were last given."""
    row = await q.last_answers(tx, obligation_id=obligation_id)
    return SelfCheck(json.loads(row["answers"]), row["answered_by"], row["answered_at"]) if row else None


def _request(row: Row) -> Request:
    granted = row["granted"]
    return Request(
        id=row["id"],
        obligation_id=row["obligation_id"],
        until=date.fromisoformat(row["until_on"]),
        reason=row["reason"],
        asked_by=row["asked_by"],
        granted=None if granted is None else bool(granted),
    )
