"""The papers of the annual report on their way to people: made by durable jobs, sent once (Article 9).

After the submission the 报送回执, after 形式审查 what is to be printed and sealed, the others on press.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from domain.access import Action
from domain.annual_papers import PaperKind
from domain.annual_report import Move, Report, Snapshot, State
from domain.errors import Forbidden
from domain.notices import Kind, Notice, Offer, Subject, To
from domain.people import Role
from handlers import annual as ground
from handlers import annual_facts, letters, report_papers
from handlers.annual_facts import Material
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.papers import Paper, send_file
from handlers.routes import press
from messages.attachments.naming import paper_name
from messages.attachments.wording import wording
from storage import annual, outbox, people
from storage.engine import Tx, durably
from storage.files import FileStore

MAKE, RECEIPT, SEAL = "annual_paper", ground.PAPERS[Move.SUBMIT], ground.PAPERS[Move.PASS]
"""The kinds of jobs."""

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_RECEIVERS = frozenset({Role.LIAISON, Role.DEPUTY, Role.HEAD})
_SEALERS = frozenset({Role.LIAISON, Role.DEPUTY})
TO_SEAL = (PaperKind.REPORT, PaperKind.LETTER, PaperKind.TABLES)

Args = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper of which everything is known, to be written in a thread; the caption is a template's name."""

    name: str
    write: Callable[[], bytes]
    caption: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    says_figures: bool = True


@press("annual_paper", Action.MENU)
async def ask(ctx: Ctx, pressed: Press) -> None:
    """Raises Forbidden, or Refused while no period is fixed."""
    report = await ground.locked(ctx, pressed.id)
    ctx.require(Action.REPORT, report.base_id)
    kind = _kind(pressed.arg, report)
    if kind is not PaperKind.RECEIPT:
        annual_facts.tables_facts(await annual_facts.material(ctx.tx, report))
    await ctx.record("annual_paper", report.subject, kind=kind)
    await ctx.start_job(MAKE, report_id=report.id, paper=kind, person_id=ctx.me.id, at=ctx.now)
    ctx.toast("annual/papers_making")


def _kind(arg: str, report: Report) -> PaperKind:
    if arg not in set(PaperKind) or (arg == PaperKind.RECEIPT and not report.versions):
        raise Forbidden
    return PaperKind(arg)


# --- the jobs ---------------------------------------------------------------------------------------------


async def make(services: Services, files: FileStore, args: Args) -> None:
    """The job: one paper for whoever pressed."""
    async with services.database.read() as tx:
        report = await _report(tx, args)
        one = await prepared(services, tx, report, PaperKind(args["paper"]))
    key = f"annual_paper:{report.id}:{args['paper']}:{args['at']}"
    await _send(services, files, report, [one], To(person_id=args["person_id"]), key)


async def send_receipt(services: Services, files: FileStore, args: Args) -> None:
    """The job: the receipt of a version, to the base."""
    async with services.database.read() as tx:
        report = await _report(tx, args)
        snapshot = await _snapshot(tx, report, args["version"])
        one = await _receipt(services, tx, report, snapshot)
    key = f"annual_receipt:{report.id}:{args['version']}"
    await _send(services, files, report, [one], To(base_id=report.base_id, roles=_RECEIVERS), key)


async def send_to_seal(services: Services, files: FileStore, args: Args) -> None:
    """The job: what is to be printed and sealed, or the buttons that bring it over the page; nothing where it
    was returned meanwhile.
    """
    async with services.database.read() as tx:
        report = await _report(tx, args)
        if report.state is not State.SEALING or len(report.versions) != args["version"]:
            return
        by_page = await report_papers.only_over_page(services, tx)
        first, *others = [await prepared(services, tx, report, kind) for kind in TO_SEAL]
    due = report.seal_due_on.isoformat() if report.seal_due_on else None
    asking = replace(first, caption="annual/papers_to_seal", facts={"year": report.year, "seal_due": due})
    papers = [asking, *(replace(one, caption=None) for one in others)]
    key = f"annual_to_seal:{report.id}:{args['version']}"
    if by_page:
        await _offer(services, report, asking, To(base_id=report.base_id, roles=_SEALERS), key)
        return
    await _send(services, files, report, papers, To(base_id=report.base_id, roles=_SEALERS), key)


async def give_up(services: Services, args: Args, reference: str) -> None:
    """A job's last word: whoever waits is told, with the way to have the papers made again."""

    async def tell(tx: Tx) -> list[outbox.Row]:
        report = await _report(tx, args)
        to = (
            To(person_id=args["person_id"])
            if "person_id" in args
            else To(base_id=report.base_id, roles=_SEALERS)
        )
        facts = {"year": report.year, "reference": reference}
        offers = ((Offer("annual", report.id),),)
        notice = Notice(to, "annual/papers_failed", facts, offers, subject=report.subject)
        now = services.clock.now()
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        return await outbox.insert(tx, rows)

    services.sender.send_now(await durably(services.database, tell))


async def _report(tx: Tx, args: Args) -> Report:
    report = await annual.get(tx, args["report_id"])
    if report is None:
        raise LookupError(f"no report {args['report_id']}")
    return report


async def _snapshot(tx: Tx, report: Report, version: int) -> Snapshot:
    snapshot = await annual.snapshot(tx, report.id, version)
    if snapshot is None:
        raise LookupError(f"no version {version} of report {report.id}")
    return snapshot


async def _send(
    services: Services, files: FileStore, report: Report, papers: Sequence[Prepared], to: To, key: str
) -> None:
    """Written, stored, and sent to each person once, however often the job is run."""
    written = [(one, await files.put(await asyncio.to_thread(one.write))) for one in papers]

    async def plan(tx: Tx) -> list[outbox.Row]:
        rows = []
        for person in await people.recipients(tx, to):
            for n, (one, stored) in enumerate(written):
                paper = Paper(stored.sha256, one.name, DOCX, one.caption, one.facts)
                bring = report_papers.brought if one.says_figures else _sent
                row = await bring(
                    services, tx, paper, size=stored.size, person_id=person.id, subject=report.subject
                )
                rows.append(replace(row, key=f"{key}:{person.id}:{n}"))
        return await outbox.insert(tx, rows)

    services.sender.send_now(await durably(services.database, plan))


async def _offer(services: Services, report: Report, asking: Prepared, to: To, key: str) -> None:
    """A link lives for a day, and sealing takes longer: each paper is made when it is wanted."""
    offers = tuple(
        (Offer(f"annual_paper.{kind}", report.id, report.rev, label=f"annual_paper_{kind}"),)
        for kind in TO_SEAL
    )
    notice = Notice(to, asking.caption or "", asking.facts, offers, kind=Kind.RECEIPT, subject=report.subject)

    async def plan(tx: Tx) -> list[outbox.Row]:
        now = services.clock.now()
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        return await outbox.insert(tx, [replace(row, key=f"{key}:{row.person_id}") for row in rows])

    services.sender.send_now(await durably(services.database, plan))


async def _sent(
    services: Services, tx: Tx, paper: Paper, *, size: int, person_id: int, subject: Subject
) -> outbox.Row:
    """In the chat, whatever its size; a paper of ours is small."""
    return await send_file(services, tx, paper, person_id=person_id, subject=subject)


# --- each paper -------------------------------------------------------------------------------------------


async def prepared(services: Services, tx: Tx, report: Report, kind: PaperKind) -> Prepared:
    """The paper of the present content or of the last version. Raises Refused while no period is fixed."""
    if kind is PaperKind.RECEIPT:
        return await _receipt(services, tx, report, await _snapshot(tx, report, len(report.versions)))
    told = await annual_facts.material(tx, report)
    write = await _WRITE[kind](services, tx, told)
    facts = {"year": report.year, "version": told.version, "draft": not told.submitted}
    return Prepared(_name(services, kind, told), write, "annual/papers_made", facts)


async def _report_writer(services: Services, _: Tx, told: Material) -> Callable[[], bytes]:
    from messages.attachments.report import report as summary

    tell = annual_facts.teller(services.catalog, services.locale)
    facts = annual_facts.report_facts(told, services.calendar, tell)
    return partial(summary, facts, services.locale)


async def _letter_writer(services: Services, tx: Tx, told: Material) -> Callable[[], bytes]:
    from messages.attachments.cover_letter import cover_letter

    return partial(cover_letter, await annual_facts.letter_facts(tx, told), services.locale)


async def _tables_writer(services: Services, _: Tx, told: Material) -> Callable[[], bytes]:
    from messages.attachments.tables import tables

    return partial(tables, annual_facts.tables_facts(told), services.locale)


_WRITE: Mapping[PaperKind, Callable[[Services, Tx, Material], Awaitable[Callable[[], bytes]]]] = {
    PaperKind.REPORT: _report_writer,
    PaperKind.LETTER: _letter_writer,
    PaperKind.TABLES: _tables_writer,
}


async def _receipt(services: Services, tx: Tx, report: Report, snapshot: Snapshot) -> Prepared:
    from messages.attachments.receipt import receipt

    words = wording(services.locale)
    facts = await annual_facts.receipt_facts(tx, report, snapshot, services.calendar, words)
    name = paper_name(PaperKind.RECEIPT, words, base=facts.base, year=facts.year, version=facts.version)
    told = {"year": facts.year, "receipt": facts.number, "review_by": facts.review_by}
    write = partial(receipt, facts, services.locale)
    return Prepared(name, write, "annual/papers_receipt", told, says_figures=False)


def _name(services: Services, kind: PaperKind, told: Material) -> str:
    return paper_name(
        kind,
        wording(services.locale),
        base=told.base.name,
        year=told.report.year,
        version=told.version,
        draft=not told.submitted,
    )
