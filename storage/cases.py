"""Typical cases, the consents to their uses, and where they went."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.cases import Case, Quoted, Section, State, Use
from storage import queries
from storage.engine import Row, Tx

q = queries.load("cases")

SERIES = "AL"
MOST = 1000
"""More than a province's bases write in the two years of the Measures."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A base that a case went to, and when first (ms UTC)."""

    base: str
    at: int


async def add(
    tx: Tx, number: str, base_id: int, title: str, sections: Mapping[Section, str], filed_by: int, now: int
) -> Case:
    case_id = await q.insert_case(
        tx,
        number=number,
        base_id=base_id,
        title=title,
        sections=_dumped(sections),
        filed_by=filed_by,
        now=now,
    )
    return Case(case_id, number, base_id, State.SUBMITTED, 0, 1, title, dict(sections), filed_by, now)


async def get(tx: Tx, case_id: int) -> Case | None:
    return await _one(tx, await q.case_by_id(tx, id=case_id))


async def lock(tx: Tx, case_id: int) -> Case | None:
    return await _one(tx, await q.lock_case(tx, id=case_id))


async def save(tx: Tx, case: Case) -> None:
    """Save what one step made of a locked case; its consents are rows of their own."""
    figures = [{"year": one.year, "code": one.code, "value": one.value} for one in case.figures]
    saved = await q.save_case(
        tx,
        id=case.id,
        seen_rev=case.rev - 1,
        rev=case.rev,
        state=case.state,
        version=case.version,
        title=case.title,
        sections=_dumped(case.sections),
        figures=json.dumps(figures),
        remark=case.remark,
    )
    if saved is None:
        raise LookupError(f"case {case.id} is not at rev {case.rev - 1}")


async def consent(tx: Tx, case: Case, use: Use, given_by: int, now: int) -> None:
    await q.give_consent(tx, case_id=case.id, version=case.version, use_of=use, given_by=given_by, now=now)


async def take_back(tx: Tx, case_id: int, uses: Iterable[Use], now: int) -> None:
    await q.withdraw_consents(tx, case_id=case_id, uses=[use.value for use in uses], now=now)


async def list_of_base(tx: Tx, base_id: int, most: int) -> list[Case]:
    """All but the withdrawn, the newest first."""
    return await _all(tx, await q.cases_of_base(tx, base_id=base_id, most=most))


async def list_in(tx: Tx, states: Iterable[State], most: int = MOST) -> list[Case]:
    """The newest first."""
    return await _all(tx, await q.cases_in(tx, states=[state.value for state in states], most=most))


async def sent(tx: Tx, case: Case, base_ids: Sequence[int], now: int) -> None:
    await q.insert_sends(tx, case_id=case.id, version=case.version, base_ids=list(base_ids), now=now)


async def sends(tx: Tx, case_id: int) -> list[Sent]:
    """Each base once, whatever versions it got."""
    return [Sent(row["short_name"], row["sent_at"]) for row in await q.sends_of(tx, case_id=case_id)]


async def has_version(tx: Tx, case: Case) -> frozenset[int]:
    """The bases that the present version went to."""
    rows = await q.sent_version_to(tx, case_id=case.id, version=case.version)
    return frozenset(row["base_id"] for row in rows)


def _dumped(sections: Mapping[Section, str]) -> str:
    return json.dumps({key.value: text for key, text in sections.items()}, ensure_ascii=False)


async def _one(tx: Tx, row: Row | None) -> Case | None:
    return (await _all(tx, [row]))[0] if row else None


async def _all(tx: Tx, rows: Sequence[Row]) -> list[Case]:
    given: dict[int, set[Use]] = {row["id"]: set() for row in rows}
    for row in await q.consents_of(tx, case_ids=list(given)):
        given[row["case_id"]].add(Use(row["use_of"]))
    return [_case(row, frozenset(given[row["id"]])) for row in rows]


def _case(row: Row, consents: frozenset[Use]) -> Case:
    return Case(
        id=row["id"],
        number=row["number"],
        base_id=row["base_id"],
        state=State(row["state"]),
        rev=row["rev"],
        version=row["version"],
        title=row["title"],
        sections={Section(key): text for key, text in json.loads(row["sections"]).items()},
        filed_by=row["filed_by"],
        filed_at=row["filed_at"],
        figures=tuple(Quoted(**one) for one in json.loads(row["figures"])),
        consents=consents,
        remark=row["remark"],
    )
