"""What is in an annual report, for those who sign or check it: figures, text, findings, files, changes.

The centre reads what was submitted: what the unit has not reviewed yet is not shown to it (Article 9), unless
an officer recorded it himself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.access import Action, may
from domain.annual_content import PART_OF_CONTENT, Content, File, Source
from domain.annual_report import EDITABLE, Report
from domain.errors import Forbidden
from domain.indicators import Edition, edition
from domain.people import Actor
from handlers import annual as ground
from storage import annual, people
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as somebody may read it: `content`, and `before`, the version that it came after."""

    report: Report
    content: Content
    before: Content | None
    last: Mapping[str, object]

    @property
    def edition(self) -> Edition:
        return edition(self.report.year)


# --- what may be read -------------------------------------------------------------------------------------


async def reading(tx: Tx, actor: Actor, report: Report) -> Reading | None:
    """None where there is nothing for the actor to read yet. Raises Forbidden where they may read none."""
    if not may(actor, Action.REPORT_READ, report.base_id):
        raise Forbidden
    content = await _readable(tx, actor, report)
    if content is None:
        return None
    before = await _before(tx, report, content)
    return Reading(report, content, before, await ground.last_figures(tx, report))


async def files(tx: Tx, actor: Actor, report: Report) -> list[File]:
    """Those of the report that the actor sees in the list; who may open them: handlers/annual_charge."""
    if not may(actor, Action.REPORT_READ, report.base_id):
        return []
    content = await _readable(tx, actor, report)
    shown = set(content.files) if content is not None else set()
    return [
        one
        for one in report.files
        if one.purpose not in PART_OF_CONTENT or (one.purpose.value, one.name, one.sha256) in shown
    ]


async def _readable(tx: Tx, actor: Actor, report: Report) -> Content | None:
    if report.state not in EDITABLE or may(actor, Action.REPORT, report.base_id):
        return report.content
    if await _recorded(tx, report):
        return report.content
    if not report.versions:
        return None
    snapshot = await annual.snapshot(tx, report.id, report.versions[-1].number)
    return snapshot.content if snapshot is not None else None


async def _recorded(tx: Tx, report: Report) -> bool:
    """Whether everything that is in it now was recorded by the centre."""
    if any(one.source is not Source.RECORDED for one in report.entries.values()):
        return False
    senders = {one.by for one in report.files if one.purpose in PART_OF_CONTENT}
    return all([(await people.actor(tx, await people.get(tx, by))).of_centre for by in senders])


async def _before(tx: Tx, report: Report, content: Content) -> Content | None:
    """The newest version that is another and no later than this content."""
    numbers = [one.number for one in report.versions if one.sha256 == content.sha256]
    upto = min(numbers, default=len(report.versions) + 1)
    snapshot = await annual.snapshot(tx, report.id, upto - 1)
    return snapshot.content if snapshot is not None else None
