"""What the papers of an annual report say, read from the record (Article 9).

A paper speaks of one content: of the version that was submitted last, or of what is entered now while the
base still works on it.
"""

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from domain.annual_checklist import word_key
from domain.annual_content import Content, Purpose
from domain.annual_papers import (
    Explained,
    Figures,
    LetterFacts,
    Period,
    ReceiptFacts,
    ReceivedFile,
    ReportFacts,
    Signed,
    TablesFacts,
    Values,
)
from domain.annual_report import EDITABLE, Report, Signing, Snapshot
from domain.bases import Base
from domain.calendar import Calendar
from domain.centre import Centre
from domain.errors import Refused
from domain.figures_text import Entry, understood
from domain.indicators import Edition, edition
from domain.people import Person, Role
from domain.verification import Discrepancy, settled
from handlers import annual as ground
from messages.attachments.naming import record_name
from messages.attachments.wording import Wording
from messages.catalog import Catalog
from storage import annual, attachments, bases, people, settings
from storage.engine import Tx

CHECKED_WITHIN = 5
"""Working days within which the centre says what came of its 形式审查."""

Tell = Callable[[Discrepancy], str]


@dataclass(frozen=True, slots=True)
class Material:
    """One content of a report and what belongs to it; `last` are the base's figures of the year before.

    `version` is the one that it is, or will be when it is submitted; `submitted` whether it was.
    """

    report: Report
    base: Base
    content: Content
    version: int
    submitted: bool
    figures: Figures
    found: tuple[Discrepancy, ...]

    @property
    def period(self) -> Period | None:
        told = self.content.period
        return Period(date.fromisoformat(told[0]), date.fromisoformat(told[1])) if told else None


async def material(tx: Tx, report: Report) -> Material:
    """Of the last version; of the present content where the base is working on the next."""
    if report.state in EDITABLE or not report.versions:
        return await _material(tx, report, report.content, len(report.versions) + 1, submitted=False)
    version = report.versions[-1].number
    snapshot = await annual.snapshot(tx, report.id, version)
    if snapshot is None:
        raise LookupError(f"no version {version} of report {report.id}")
    return await of_version(tx, report, snapshot)


async def of_version(tx: Tx, report: Report, snapshot: Snapshot) -> Material:
    return await _material(tx, report, snapshot.content, snapshot.version.number, submitted=True)


async def _material(tx: Tx, report: Report, content: Content, version: int, *, submitted: bool) -> Material:
    told = edition(report.year)
    last = await ground.last_figures(tx, report)
    return Material(
        report=report,
        base=await bases.get(tx, report.base_id),
        content=content,
        version=version,
        submitted=submitted,
        figures=Figures(told, report.year, settled(content.figures, told), compared(last, report.year)),
        found=tuple(await ground.found_in(tx, content)),
    )


def compared(last: Mapping[str, object], year: int) -> Values:
    """Last year's figures, in the edition of that year."""
    return settled(last, edition(year - 1)) if last else {}


# --- each paper -------------------------------------------------------------------------------------------


def report_facts(told: Material, calendar: Calendar, tell: Tell) -> ReportFacts:
    """年度工作总结. Raises Refused while no period is fixed."""
    documents = _names(told.content, Purpose.NARRATIVE)
    return ReportFacts(
        base=told.base.name,
        period=_demand_period(told),
        figures=told.figures,
        sections=told.content.sections,
        duties=duties(told.content, told.figures.edition),
        explained=tuple(_explained(told, tell)),
        attachments=documents + _names(told.content, Purpose.EVIDENCE),
        reviewed=_signed(told, Signing.REVIEW, calendar),
        approved=_signed(told, Signing.APPROVAL, calendar),
        document=documents[0] if documents else None,
    )


def tables_facts(told: Material) -> TablesFacts:
    """数据表. Raises Refused while no period is fixed."""
    answers = duties(told.content, told.figures.edition)
    return TablesFacts(told.base.name, _demand_period(told), told.figures, answers)


async def letter_facts(tx: Tx, told: Material) -> LetterFacts:
    """报送函, with whom the centre can speak about it. Raises Refused while no period is fixed."""
    centre = await settings.centre(tx)
    liaison = await _liaison(tx, told.base.id)
    return LetterFacts(
        centre=centre.centre,
        base=told.base.name,
        year=told.report.year,
        period=_demand_period(told),
        liaison=liaison.name if liaison else "—",
        tel=(liaison.office_phone if liaison else None) or "—",
    )


async def receipt_facts(
    tx: Tx, report: Report, snapshot: Snapshot, calendar: Calendar, words: Wording
) -> ReceiptFacts:
    """报送回执: what was entered counts as one file, whose checksum is that of the version."""
    version = snapshot.version
    base = await bases.get(tx, report.base_id)
    centre = await settings.centre(tx)
    officer = await _counterpart(tx, base)
    due_at, _ = calendar.deadline(version.at, CHECKED_WITHIN)
    return ReceiptFacts(
        number=version.receipt or "",
        base=base.name,
        year=report.year,
        version=version.number,
        at=datetime.fromtimestamp(version.at / 1000, UTC).astimezone(calendar.zone),
        files=(_record(snapshot, words), *[await _file(tx, *one) for one in snapshot.content.files]),
        review_by=calendar.today(due_at),
        centre=centre.centre,
        contact=officer.name if officer else centre.centre,
        tel=_telephone(officer, centre),
    )


def duties(content: Content, told: Edition) -> dict[str, bool]:
    """The answers to the duties of Article 5; what is neither yes nor no is left out."""
    written = {one.code: Entry(one, content.figures.get(one.code), {}) for one in told.duties}
    answers = {code: understood(entry)[0] for code, entry in written.items()}
    return {code: answer for code, answer in answers.items() if isinstance(answer, bool)}


def teller(catalog: Catalog, locale: str) -> Tell:
    """Says a finding in words, without markup."""
    return lambda one: html.unescape(catalog.render(one.template, locale, one.facts))


# --- parts ------------------------------------------------------------------------------------------------


def _demand_period(told: Material) -> Period:
    if told.period is None:
        raise Refused("annual/papers_no_period", year=told.report.year)
    return told.period


def _explained(told: Material, tell: Tell) -> Iterator[Explained]:
    for one in told.found:
        words = told.content.explanations.get(word_key(one))
        if words:
            yield Explained(one.rule, tell(one), words)


def _names(content: Content, purpose: Purpose) -> tuple[str, ...]:
    return tuple(name for given, name, _ in content.files if given == purpose)


def _signed(told: Material, signing: Signing, calendar: Calendar) -> Signed | None:
    """Whoever signed this content last."""
    sha256 = told.content.sha256
    found = [one for one in told.report.signatures if one.signing is signing and one.sha256 == sha256]
    return Signed(found[-1].name, calendar.today(found[-1].at), told.version) if found else None


def _record(snapshot: Snapshot, words: Wording) -> ReceivedFile:
    size = len(snapshot.content.canonical.encode())
    return ReceivedFile(record_name(words, snapshot.version.number), size, snapshot.version.sha256)


async def _file(tx: Tx, _: str, name: str, sha256: str) -> ReceivedFile:
    known = await attachments.list_of_content(tx, sha256)
    return ReceivedFile(name, next((one.size or 0 for one in known), 0), sha256)


async def _liaison(tx: Tx, base_id: int) -> Person | None:
    held = await people.holders(tx, [Role.LIAISON], base_id)
    return held[0].person if held else None


async def _counterpart(tx: Tx, base: Base) -> Person | None:
    return await people.get(tx, base.counterpart_id) if base.counterpart_id is not None else None


def _telephone(officer: Person | None, centre: Centre) -> str:
    return (officer.office_phone if officer else None) or centre.tel
