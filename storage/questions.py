"""Questions of the bases, what was said in them, and the files of each word."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.questions import Move, Question, State
from domain.uploads import Attachment
from storage import attachments, queries
from storage.engine import Row, Tx

q = queries.load("questions")

SERIES = "WT"


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the thread, with the name of who said it; `files` is how many came with it."""

    id: int
    kind: Move
    person_id: int
    name: str
    words: str
    reviewer: str | None
    files: int
    at: int


async def add(tx: Tx, number: str, base_id: int, asked_by: int, now: int) -> Question:
    question_id = await q.insert_question(tx, number=number, base_id=base_id, asked_by=asked_by, now=now)
    row = await q.question(tx, id=question_id)
    if row is None:
        raise LookupError(f"no question {question_id}")
    return _question(row)


async def get(tx: Tx, question_id: int) -> Question | None:
    row = await q.question(tx, id=question_id)
    return _question(row) if row else None


async def lock(tx: Tx, question_id: int) -> Question | None:
    row = await q.lock_question(tx, id=question_id)
    return _question(row) if row else None


async def find(tx: Tx, number: str) -> int | None:
    """The id of the question with this number."""
    found: int | None = await q.question_numbered(tx, number=number)
    return found


async def save(tx: Tx, question: Question) -> None:
    """Save what one move made of a locked question."""
    saved = await q.save_question(
        tx,
        id=question.id,
        seen_rev=question.rev - 1,
        rev=question.rev,
        state=question.state,
        spoken_at=question.spoken_at,
        waiting_since=question.waiting_since,
        answered_by=question.answered_by,
        closed_at=question.closed_at,
        request_id=question.request_id,
    )
    if saved is None:
        raise LookupError(f"question {question.id} is not at rev {question.rev - 1}")


async def last_of(tx: Tx, base_id: int, person_id: int) -> Question | None:
    """The unsettled one of the base that the person spoke in and that was spoken in last, locked."""
    row = await q.last_spoken_by(tx, base_id=base_id, person_id=person_id)
    return _question(row) if row else None


async def list_of_base(tx: Tx, base_id: int, most: int) -> list[Question]:
    """The newest first."""
    return [_question(row) for row in await q.questions_of_base(tx, base_id=base_id, most=most)]


async def waiting(tx: Tx, most: int) -> list[Question]:
    """What waits for the centre, the longest first."""
    return [_question(row) for row in await q.waiting_questions(tx, most=most)]


async def count_waiting(tx: Tx) -> int:
    return int(await q.count_waiting(tx))


async def of_request(tx: Tx, request_id: int) -> Question | None:
    """The one that became this request."""
    row = await q.question_of_request(tx, request_id=request_id)
    return _question(row) if row else None


async def say(
    tx: Tx,
    question_id: int,
    kind: Move,
    person_id: int,
    words: str,
    now: int,
    *,
    reviewer: str | None = None,
    files: Sequence[int] = (),
) -> int:
    """Add a word to the thread, with its files in this order; its id."""
    entry_id = await q.insert_entry(
        tx, question_id=question_id, kind=kind, person_id=person_id, words=words, reviewer=reviewer, at=now
    )
    if files:
        await q.insert_files(tx, attachment_ids=list(files), question_id=question_id, entry_id=entry_id)
    return int(entry_id)


async def thread(tx: Tx, question_id: int) -> list[Said]:
    rows = await q.entries_of(tx, question_id=question_id)
    return [Said(**{**dict(row), "kind": Move(row["kind"])}) for row in rows]


async def files(tx: Tx, question_id: int) -> list[Attachment]:
    """Of all its words, in the order in which they were sent."""
    return [attachments.loaded_from(row) for row in await q.files_of(tx, question_id=question_id)]


async def with_file(tx: Tx, attachment_id: int) -> Question | None:
    """The question that the file is part of."""
    row = await q.question_with_file(tx, attachment_id=attachment_id)
    return _question(row) if row else None


def _question(row: Row) -> Question:
    return Question(**{**dict(row), "state": State(row["state"])})
