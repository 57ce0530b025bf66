"""What is taken along of each base, read in a transaction of its own: a year is too long for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from domain.annual_content import File
from domain.annual_papers import PaperKind
from domain.annual_progress import is_late
from domain.annual_report import EDITABLE, Report, Snapshot, State
from domain.bases import Base
from domain.calendar import Calendar
from domain.collation import Reported, Standing, standing
from domain.indicators import edition
from domain.ladders import ANNUAL_REPORT
from domain.obligations import State as Owing
from domain.verification import settled
from handlers import annual as ground
from handlers import annual_facts
from messages.attachments.naming import paper_name
from messages.attachments.wording import wording
from messages.catalog import Catalog
from storage import annual, bases, obligations
from storage.annual import Listed
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Office:
    """In whose words and time a year is told; `now` in ms UTC."""

    catalog: Catalog
    calendar: Calendar
    locale: str
    now: int

    @property
    def today(self) -> date:
        return self.calendar.today(self.now)


@dataclass(frozen=True, slots=True)
class OfBase:
    """A base in the year, and its files: the contents of its versions, what was sent, and the report itself.

    `written` None: there is no version, or no period was fixed when it was submitted.
    """

    base: Base
    reported: Reported
    snapshots: tuple[Snapshot, ...] = ()
    files: tuple[File, ...] = ()
    written: tuple[str, Callable[[], bytes]] | None = None


async def listed(tx: Tx, year: int) -> tuple[list[Listed], Mapping[int, Owing]]:
    """The bases of the year, and what became of the obligation of each that had one."""
    owed = await obligations.list_of_year(tx, ANNUAL_REPORT, year)
    states = {one.obligation.base_id: one.obligation.state for one in owed if one.obligation.base_id}
    return await annual.list_of_year(tx, year), states


async def of_base(tx: Tx, office: Office, year: int, one: Listed, owing: Owing | None) -> OfBase:
    base = await bases.get(tx, one.base_id)
    report = await annual.get(tx, one.report_id) if one.report_id is not None else None
    found = standing(report.state if report else None, len(report.versions) if report else 0, owing)
    late = _late(office, year, one, found)
    if report is None or not report.versions:
        return OfBase(
            base, Reported(base.code, base.name, found, late=late, extended_until=one.extended_until)
        )
    snapshots = [await annual.snapshot(tx, report.id, version.number) for version in report.versions]
    kept = tuple(snapshot for snapshot in snapshots if snapshot is not None)
    return await _submitted(tx, office, base, report, kept, found, late=late)


def _late(office: Office, year: int, one: Listed, found: Standing) -> bool:
    if found in (Standing.ELSEWHERE, Standing.WAIVED):
        return False
    return is_late(year, one.counts_on, one.extended_until, office.today)


async def _submitted(
    tx: Tx,
    office: Office,
    base: Base,
    report: Report,
    snapshots: tuple[Snapshot, ...],
    found: Standing,
    *,
    late: bool,
) -> OfBase:
    """Figures that were put right after acceptance count as they are now; what is being changed as it was."""
    told, last = edition(report.year), snapshots[-1]
    content = report.content if report.state is State.ACCEPTED else last.content
    before = annual_facts.compared(await ground.last_figures(tx, report), report.year)
    reported = Reported(
        code=base.code,
        base=base.name,
        standing=found,
        version=last.version.number,
        counts_on=snapshots[0].version.counts_on,
        late=late,
        extended_until=report.extended_until,
        this=settled(content.figures, told),
        last=before,
        duties=annual_facts.duties(content, told),
    )
    return OfBase(base, reported, snapshots, _files(report, last), await _written(tx, office, report, last))


def _files(report: Report, last: Snapshot) -> tuple[File, ...]:
    """What came with the last version and after it; of a draft that is not submitted yet, nothing."""
    submitted = {(name, sha256) for _, name, sha256 in last.content.files}
    taken = [
        one
        for one in report.files
        if report.state not in EDITABLE or (one.name, one.sha256) in submitted or one.at <= last.version.at
    ]
    return tuple(taken)


async def _written(
    tx: Tx, office: Office, report: Report, last: Snapshot
) -> tuple[str, Callable[[], bytes]] | None:
    """年度工作总结 of the last version: its name, and what writes it."""
    from messages.attachments.report import report as summary

    told = await annual_facts.of_version(tx, report, last)
    if told.period is None:
        return None
    facts = annual_facts.report_facts(
        told, office.calendar, annual_facts.teller(office.catalog, office.locale)
    )
    name = paper_name(
        PaperKind.REPORT,
        wording(office.locale),
        base=told.base.short_name,
        year=report.year,
        version=told.version,
    )
    return name, partial(summary, facts, office.locale)
