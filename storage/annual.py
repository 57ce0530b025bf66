"""Annual reports (Article 9): what was entered, signed, submitted and asked, and the periods of the years."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.annual_content import Content, Entry, File, Part, Purpose, Source
from domain.annual_papers import Period
from domain.annual_progress import stage
from domain.annual_report import (
    Move,
    Outcome,
    Remarks,
    Report,
    Seal,
    Signature,
    Signing,
    Snapshot,
    State,
    Version,
    Via,
)
from domain.ladders import Stage
from domain.obligations import Extension, Owed, Standing
from storage import numbers, queries
from storage.engine import Row, Tx

q = queries.load("annual")

SERIES = "HZ"
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """How a base stands in a year; `report_id` and `state` None: nobody has opened its report.

    `since` is when it came into its state, `counts_on` the day for which its first version counts.
    """

    base_id: int
    base: str
    report_id: int | None
    state: State | None
    since: int | None
    begun: bool
    versions: int
    counts_on: date | None
    extended_until: date | None
    seal_due_on: date | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A version of a base, as it is taken along; `state` is that of its report now."""

    base_id: int
    state: State
    snapshot: Snapshot


# --- the period -------------------------------------------------------------------------------------------


async def fix_period(tx: Tx, year: int, period: Period, by: int, now: int) -> None:
    """Once more replaces it; what was signed for another period is then no longer signed."""
    first_on, cut_off_on = period.first.isoformat(), period.cut_off.isoformat()
    await q.fix_period(tx, year=year, first_on=first_on, cut_off_on=cut_off_on, fixed_by=by, fixed_at=now)


async def period(tx: Tx, year: int) -> Period | None:
    row = await q.period(tx, year=year)
    return _period(row) if row else None


# --- a report ---------------------------------------------------------------------------------------------


async def open_report(tx: Tx, base_id: int, year: int, now: int) -> Report:
    """The report of a base on a year, made if nobody has opened it yet; locked."""
    await q.open_report(tx, base_id=base_id, year=year, since=now)
    found = await lock(tx, await q.report_of(tx, base_id=base_id, year=year))
    if found is None:
        raise LookupError(f"no report of base {base_id} on {year}")
    return found


async def of_base(tx: Tx, base_id: int, year: int) -> Report | None:
    report_id = await q.report_of(tx, base_id=base_id, year=year)
    return await get(tx, report_id) if report_id is not None else None


async def lock(tx: Tx, report_id: int) -> Report | None:
    """Locked first and read afterwards, so that nothing of it is older than the lock."""
    locked = await q.lock_report(tx, id=report_id)
    return await get(tx, report_id) if locked is not None else None


async def get(tx: Tx, report_id: int) -> Report | None:
    row = await q.report(tx, id=report_id)
    if row is None:
        return None
    entries = [_entry(entry) for entry in await q.present_entries(tx, report_id=report_id)]
    return Report(
        id=row["id"],
        base_id=row["base_id"],
        year=row["year"],
        state=State(row["state"]),
        rev=row["rev"],
        since=row["since"],
        period=_period(row) if row["first_on"] else None,
        entries={(entry.part, entry.key): entry for entry in entries},
        files=tuple(_file(file) for file in await q.present_files(tx, report_id=report_id)),
        signatures=tuple(_signature(one) for one in await q.signatures(tx, report_id=report_id)),
        versions=tuple(_version(one) for one in await q.versions(tx, report_id=report_id)),
        remarks=tuple(_remarks(one) for one in await q.remarks(tx, report_id=report_id)),
        seal_due_on=_day(row["seal_due_on"]),
        seal=_seal(row),
        extended_until=_day(row["until_on"]),
        officer_id=row["officer_id"],
    )


async def put_in_charge(tx: Tx, report_id: int, officer_id: int) -> None:
    await q.put_in_charge(tx, id=report_id, officer_id=officer_id)


async def save(tx: Tx, outcome: Outcome, now: int) -> Outcome | None:
    """Keep what a move or an edit made; None when somebody else changed the report meanwhile.

    What is given back has the number of its receipt, in the version and in every notice. What was submitted
    twice changes nothing.
    """
    if outcome.repeated is not None:
        return outcome
    if not await _save_report(tx, outcome.report):
        return None
    await _save_content(tx, outcome, now)
    if outcome.signature is not None:
        await _add_signature(tx, outcome.report.id, outcome.signature)
    if outcome.remarks is not None:
        await _add_remarks(tx, outcome.report.id, outcome.remarks)
    if outcome.snapshot is not None:
        return await _submit(tx, outcome, outcome.snapshot)
    return outcome


async def history(tx: Tx, report_id: int) -> list[Entry]:
    """Whatever was entered, the oldest first."""
    return [_entry(row) for row in await q.all_entries(tx, report_id=report_id)]


async def with_file(tx: Tx, attachment_id: int) -> Report | None:
    """The report of which a file is, or was, part."""
    report_id = await q.report_with_file(tx, attachment_id=attachment_id)
    return await get(tx, report_id) if report_id is not None else None


async def snapshot(tx: Tx, report_id: int, number: int) -> Snapshot | None:
    row = await q.snapshot(tx, report_id=report_id, number=number)
    return _snapshot(row) if row else None


# --- a year -----------------------------------------------------------------------------------------------


async def list_of_year(tx: Tx, year: int) -> list[Listed]:
    """Every active base, and those others that have a report; in the order of the directory."""
    return [_listed(row) for row in await q.states_of_year(tx, year=year)]


async def submitted(tx: Tx, year: int) -> AsyncIterator[Submitted]:
    """Every version of the year, the oldest first, a few in memory at a time."""
    after = 0
    while rows := await q.snapshots_of_year(tx, year=year, after=after, most=AT_ONCE):
        for row in rows:
            yield Submitted(row["base_id"], State(row["state"]), _snapshot(row))
        after = rows[-1]["id"]


# --- what its obligation needs ----------------------------------------------------------------------------


async def add_extension(tx: Tx, extension: Extension) -> None:
    await q.insert_extension(
        tx,
        obligation_id=extension.obligation_id,
        until_on=extension.until.isoformat(),
        reason=extension.reason,
        granted_by=extension.by,
        granted_at=extension.at,
    )


async def extensions(tx: Tx, obligation_id: int) -> list[Extension]:
    """All that were granted; the last counts."""
    return [_extension(row) for row in await q.extensions(tx, obligation_id=obligation_id)]


async def with_standings(tx: Tx, owed: Sequence[Owed]) -> list[Owed]:
    """Each with how far its work has come and until when it was put off."""
    rows = await q.standings(tx, obligation_ids=[one.obligation.id for one in owed])
    standings = {row["id"]: _standing(row) for row in rows}
    return [replace(one, standing=standings[one.obligation.id]) for one in owed]


# --- rows -------------------------------------------------------------------------------------------------


async def _save_report(tx: Tx, report: Report) -> bool:
    seal = report.seal
    saved = await q.save_report(
        tx,
        id=report.id,
        seen_rev=report.rev - 1,
        rev=report.rev,
        state=report.state,
        since=report.since,
        seal_due_on=report.seal_due_on.isoformat() if report.seal_due_on else None,
        sealed_via=seal.via if seal else None,
        sealed_by=seal.by if seal else None,
        sealed_at=seal.at if seal else None,
        sealed_attachment_id=seal.attachment_id if seal else None,
    )
    return saved is not None


async def _save_content(tx: Tx, outcome: Outcome, now: int) -> None:
    report = outcome.report
    if outcome.entries:
        await _add_entries(tx, report.id, outcome.entries)
    for file in outcome.files:
        await q.insert_file(
            tx,
            report_id=report.id,
            attachment_id=file.attachment_id,
            purpose=file.purpose,
            name=file.name,
            sha256=file.sha256,
            added_by=file.by,
            added_at=file.at,
        )
    if outcome.detached:
        await q.remove_files(tx, report_id=report.id, ids=list(outcome.detached), now=now)


async def _add_entries(tx: Tx, report_id: int, entries: Sequence[Entry]) -> None:
    await q.insert_entries(
        tx,
        report_id=report_id,
        part=[one.part for one in entries],
        key=[one.key for one in entries],
        written=[one.text for one in entries],
        source=[one.source for one in entries],
        reason=[one.reason for one in entries],
        entered_by=[one.by for one in entries],
        entered_at=[one.at for one in entries],
    )


async def _add_signature(tx: Tx, report_id: int, one: Signature) -> None:
    await q.insert_signature(
        tx,
        report_id=report_id,
        signing=one.signing,
        name=one.name,
        sha256=one.sha256,
        via=one.via,
        signed_by=one.by,
        signed_at=one.at,
        attachment_id=one.attachment_id,
    )


async def _add_remarks(tx: Tx, report_id: int, one: Remarks) -> None:
    await q.insert_remarks(
        tx,
        report_id=report_id,
        move=one.move,
        version=one.version,
        items=json.dumps(one.items, ensure_ascii=False),
        made_by=one.by,
        made_at=one.at,
    )


async def _submit(tx: Tx, outcome: Outcome, made: Snapshot) -> Outcome:
    """Under its own number, in the series of the year that is reported on."""
    version = replace(made.version, receipt=await numbers.next_of(tx, SERIES, outcome.report.year))
    await q.insert_version(
        tx,
        report_id=outcome.report.id,
        number=version.number,
        content=made.content.canonical,
        sha256=version.sha256,
        via=version.via,
        counts_on=version.counts_on.isoformat(),
        submitted_by=version.by,
        submitted_at=version.at,
        receipt=version.receipt,
    )
    report = replace(outcome.report, versions=(*outcome.report.versions[:-1], version))
    kept = replace(outcome, report=report, snapshot=replace(made, version=version))
    return kept.told(receipt=version.receipt)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _period(row: Row) -> Period:
    return Period(date.fromisoformat(row["first_on"]), date.fromisoformat(row["cut_off_on"]))


def _entry(row: Row) -> Entry:
    return Entry(
        Part(row["part"]),
        row["key"],
        row["written"],
        Source(row["source"]),
        row["entered_by"],
        row["entered_at"],
        row["reason"],
    )


def _file(row: Row) -> File:
    purpose = Purpose(row["purpose"])
    return File(row["attachment_id"], purpose, row["name"], row["sha256"], row["added_by"], row["added_at"])


def _signature(row: Row) -> Signature:
    return Signature(
        Signing(row["signing"]),
        row["name"],
        row["sha256"],
        Via(row["via"]),
        row["signed_by"],
        row["signed_at"],
        row["attachment_id"],
    )


def _version(row: Row) -> Version:
    return Version(
        row["number"],
        row["sha256"],
        Via(row["via"]),
        date.fromisoformat(row["counts_on"]),
        row["submitted_by"],
        row["submitted_at"],
        row["receipt"],
    )


def _snapshot(row: Row) -> Snapshot:
    return Snapshot(_version(row), Content.parsed(row["content"]))


def _remarks(row: Row) -> Remarks:
    items = json.loads(row["items"])
    return Remarks(Move(row["move"]), row["version"], items, row["made_by"], row["made_at"])


def _seal(row: Row) -> Seal | None:
    if row["sealed_via"] is None:
        return None
    return Seal(Via(row["sealed_via"]), row["sealed_by"], row["sealed_at"], row["sealed_attachment_id"])


def _listed(row: Row) -> Listed:
    return Listed(
        base_id=row["base_id"],
        base=row["short_name"],
        report_id=row["report_id"],
        state=State(row["state"]) if row["state"] else None,
        since=row["since"],
        begun=bool(row["begun"]),
        versions=row["versions"],
        counts_on=_day(row["counts_on"]),
        extended_until=_day(row["until_on"]),
        seal_due_on=_day(row["seal_due_on"]),
    )


def _extension(row: Row) -> Extension:
    until = date.fromisoformat(row["until_on"])
    return Extension(row["obligation_id"], until, row["reason"], row["granted_by"], row["granted_at"])


def _standing(row: Row) -> Standing:
    """What nobody has opened has not started, whenever its obligation was made."""
    until, extended_at = _day(row["until_on"]), row["granted_at"] or 0
    if row["state"] is None:
        return Standing(until=until, extended_at=extended_at)
    reached = stage(State(row["state"]), begun=bool(row["begun"]), submitted=bool(row["submitted"]))
    since = row["since"] if reached is not Stage.NOT_STARTED else 0
    return Standing(reached, since, until, extended_at, _day(row["seal_due_on"]))
