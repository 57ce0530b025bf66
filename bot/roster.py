"""Keeping a list of bases: all of it, or nothing; again, to bring what is kept up to date."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import sheets
from domain import roster
from domain.notices import Subject
from domain.people import BASE_ROLES, Membership, Person, Role
from domain.roster import Change, Problem, Record
from storage import audit, bases, people
from storage.engine import Database, Tx

_AT_ONCE = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was kept, and what was wrong."""

    changes: Sequence[Change]
    problems: Sequence[Problem]

    @property
    def added(self) -> int:
        return sum(change.before is None for change in self.changes)

    @property
    def updated(self) -> list[Change]:
        return [change for change in self.changes if change.before and (change.fields or change.moves)]

    def __str__(self) -> str:
        said = [f"{self.added} bases imported"]
        if before := len(self.changes) - self.added:
            said += [f"{len(self.updated)} updated", f"{before - len(self.updated)} unchanged"]
        return ", ".join(said)


def unheard(_done: int, _total: int) -> None:
    """Nobody watches."""


async def load(
    database: Database, file: Path, now: int, *, valid_rows: bool = False, progress: Progress = unheard
) -> Outcome:
    """Keep the list in one transaction: nothing of a wrong one, or its good rows only.

    Raises sheets.Unreadable.
    """
    rows = list(sheets.read(file))
    total = 2 * len(rows)
    candidates, problems = roster.check(rows, lambda done: progress(done, total))
    async with database.tx() as tx:
        changes, against = roster.compare(candidates, await _record(tx))
        problems = sorted(problems + against, key=lambda problem: problem.row)
        if problems and not valid_rows:
            return Outcome([], problems)
        for start in range(0, len(changes), _AT_ONCE):
            progress(len(rows) + start, total)
            await _keep(tx, changes[start : start + _AT_ONCE], now)
    return Outcome(changes, problems)


async def _record(tx: Tx) -> Record:
    named: dict[tuple[int, Role], list[Person]] = defaultdict(list)
    for holder in await people.holders(tx, BASE_ROLES):
        if holder.membership.base_id is not None:
            named[holder.membership.base_id, holder.membership.role].append(holder.person)
    return Record({base.code: base for base in await bases.listed(tx)}, named)


async def _keep(tx: Tx, changes: Sequence[Change], now: int) -> None:
    ids = await bases.add_all(tx, [change.base for change in changes if change.before is None])
    await bases.save_all(tx, [change.base for change in changes if change.fields])
    moves = [(ids.get(c.base.code, c.base.id), move) for c in changes for move in c.moves]
    joining = [(base_id, move.named) for base_id, move in moves if move.person is None]
    person_ids = await people.add_all(tx, [(named.name, named.phone) for _, named in joining], now)
    given = [(base_id, named.role) for base_id, named in joining]
    roles = [Membership(role, base_id) for base_id, role in given]
    left = [(p.id, Membership(move.named.role, base_id)) for base_id, move in moves for p in move.leaving]
    await people.relieve_all(tx, left, now)  # first: an office has one holder
    await people.appoint_all(tx, list(zip(person_ids, roles, strict=True)), now)
    kept = [(move.person.id, move.named.name, move.phone) for _, move in moves if move.person]
    await people.save_all(tx, kept)
    await _record_changes(tx, changes, ids, now)
    for person_id, membership in left:
        subject = Subject("person", person_id)
        await audit.record(
            tx, now, None, "role_ended", subject, role=membership.role, base=membership.base_id
        )
    for person_id, *_ in kept:
        await audit.record(tx, now, None, "person_updated", Subject("person", person_id))


async def _record_changes(tx: Tx, changes: Sequence[Change], ids: dict[str, int], now: int) -> None:
    for change in changes:
        if change.before is None:
            subject = Subject("base", ids[change.base.code])
            await audit.record(tx, now, None, "base_imported", subject, people=len(change.moves))
        elif change.fields or change.moves:
            fields = " ".join(name for name, _, _ in change.fields)
            subject = Subject("base", change.base.id)
            await audit.record(
                tx, now, None, "base_updated", subject, fields=fields, people=len(change.moves)
            )
