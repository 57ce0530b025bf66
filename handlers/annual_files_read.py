"""What the files of an annual report say: read by a job, once each, for 数据核对 (Article 9, R21, R23)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from domain.annual_content import Content, Purpose
from domain.annual_findings import FileRead, Named
from domain.errors import Refused
from domain.forms import Remark
from domain.indicators import Edition, edition
from domain.notices import Notice, Offer, To
from handlers import letters, narrative_document
from handlers.context import Services
from handlers.evidence_sheet import read_contracts, read_patents
from handlers.extraction.result import NotTaken
from storage import annual, annual_readings, outbox
from storage.engine import Tx, durably
from storage.files import FileStore

READ = "annual_file_read"
SHOWN = 6
_READABLE = {Purpose.EVIDENCE.value: (".xlsx", ".csv"), Purpose.NARRATIVE.value: (".docx",)}


@dataclass(frozen=True, slots=True)
class Understood:
    """`remarks` are what was not understood, cell by cell."""

    read: FileRead
    remarks: tuple[Remark, ...] = ()


def is_read(purpose: str, name: str) -> bool:
    """Whether a file is a list or a text that the rules look at; other evidence is for people."""
    return name.lower().endswith(_READABLE.get(purpose, ()))


async def of_content(tx: Tx, content: Content) -> Named:
    """What the files of a content say, as far as they were read."""
    files = [(name, sha256) for purpose, name, sha256 in content.files if is_read(purpose, name)]
    known = await annual_readings.of(tx, [sha256 for _, sha256 in files])
    return [(name, known[sha256]) for name, sha256 in files if sha256 in known]


async def demand_read(tx: Tx, content: Content) -> None:
    """Raises Refused while a file of the content has not been read: it could hold what the rules look for."""
    hashes = {sha256 for purpose, name, sha256 in content.files if is_read(purpose, name)}
    if hashes - (await annual_readings.of(tx, hashes)).keys():
        raise Refused("annual/file_not_read")


# --- the job ----------------------------------------------------------------------------------------------


async def read(services: Services, files: FileStore, attachment_id: int, person_id: int) -> None:
    """A file that became part of a report; whoever sent it hears what was found in it."""
    async with services.database.read() as tx:
        report = await annual.with_file(tx, attachment_id)
    file = next((one for one in report.files if one.attachment_id == attachment_id), None) if report else None
    if report is None or file is None:
        return
    told = edition(report.year)
    data = await asyncio.to_thread(files.path(file.sha256).read_bytes)
    understood = await asyncio.to_thread(_understood, data, file.purpose, told)
    facts = {
        "name": file.name,
        "contracts": len(understood.read.contracts),
        "patents": len(understood.read.patents),
        "sections": len(understood.read.sections),
        "remarks": list(understood.remarks[:SHOWN]),
        "more": max(len(understood.remarks) - SHOWN, 0),
    }
    offers = ((Offer("annual_check", report.id, label="annual_check"),),)
    notice = Notice(To(person_id=person_id), "annual/file_read", facts, offers, subject=report.subject)

    async def keep(tx: Tx) -> list[outbox.Row]:
        await annual_readings.save(tx, file.sha256, understood.read, services.clock.now())
        return await _told(services, tx, [notice])

    services.sender.send_now(await durably(services.database, keep))


def _understood(data: bytes, purpose: Purpose, told: Edition) -> Understood:
    if purpose is Purpose.NARRATIVE:
        return _text(data, told)
    contracts, patents = read_contracts(data, told), read_patents(data)
    read = FileRead(contracts.rows, patents.rows)
    if contracts.refused and patents.refused:
        return Understood(read, (contracts.refused,))
    return Understood(read, (*contracts.remarks, *patents.remarks))


def _text(data: bytes, told: Edition) -> Understood:
    try:
        return Understood(FileRead(sections=narrative_document.read(data, told)))
    except NotTaken:
        return Understood(FileRead(), (Remark("figures/file_unreadable"),))


async def give_up(services: Services, attachment_id: int, person_id: int) -> None:
    """The job's last word: it goes on without what the file says, and whoever sent it is told."""

    async def tell(tx: Tx) -> list[outbox.Row]:
        report = await annual.with_file(tx, attachment_id)
        file = next((f for f in report.files if f.attachment_id == attachment_id), None) if report else None
        if report is None or file is None:
            return []
        await annual_readings.save(tx, file.sha256, FileRead(), services.clock.now())
        facts = {"name": file.name}
        notice = Notice(To(person_id=person_id), "annual/file_unread", facts, subject=report.subject)
        return await _told(services, tx, [notice])

    services.sender.send_now(await durably(services.database, tell))


async def _told(services: Services, tx: Tx, notices: Sequence[Notice]) -> list[outbox.Row]:
    now = services.clock.now()
    rows = await letters.addressed(tx, services.catalog, services.locale, notices, now)
    return await outbox.insert(tx, rows)
