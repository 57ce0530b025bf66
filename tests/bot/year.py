"""A year of bases for the collation: reports that have come to a state, with files in the store."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.collation.material import Office
from domain.annual import Command, decide
from domain.annual_content import File, Part, Purpose, Source
from domain.annual_editing import Editing, Written, attach, enter
from domain.annual_papers import Period
from domain.annual_report import Move, Outcome, Report, State
from domain.calendar import Calendar
from domain.people import Actor, Membership, Role
from messages.catalog import Catalog
from storage import annual, attachments, bases, people
from storage.engine import Database
from storage.files import FileStore
from tests.domain.test_annual import at, complete_entries
from tests.storage.test_obligations import a_base

NOW = at("2026-12-01T10:00")
AS_OF = at("2026-12-20T10:00")
PERIOD = Period(date(2025, 12, 1), date(2026, 11, 30))
OFFICE = Office(Catalog(), Calendar(), "zh_CN", AS_OF)

PATHS: dict[State, tuple[Move, ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: (Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT),
    State.RETURNED: (Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT, Move.RETURN),
    State.SEALING: (Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT, Move.PASS),
}
ROLES = {
    Move.REVIEW: Role.REVIEWER,
    Move.APPROVE: Role.HEAD,
    Move.PASS: Role.OFFICER,
    Move.RETURN: Role.OFFICER,
    Move.ACCEPT: Role.OFFICER,
}


class Books:
    """The record of a year, written as the pages would write it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.files = FileStore(folder / "files")

    async def open(self, *names: str) -> None:
        """Bases by these names, and people with the ids 1 to 9."""
        async with self.database.tx() as tx:
            named = [
                replace(a_base(f"YS{n:02}"), name=name, short_name=name) for n, name in enumerate(names, 1)
            ]
            await bases.add_all(tx, named)
            for n in range(1, 10):
                await people.add(tx, f"甲{n}", NOW)
            for year in (2025, 2026):
                await annual.fix_period(tx, year, PERIOD, 5, NOW)

    async def report(
        self,
        base_id: int,
        state: State,
        figures: dict[str, str] | None = None,
        *,
        year: int = 2026,
        now: int = NOW,
    ) -> Report:
        """A complete report of a base that has come to a state; with one file of evidence."""
        async with self.database.tx() as tx:
            report = await annual.open_report(tx, base_id, year, now)
        texts = {key: entry.text for key, entry in complete_entries().items()}
        texts |= {(Part.FIGURE, code): text for code, text in (figures or {}).items()}
        written = [Written(part, key, text, Source.TYPED) for (part, key), text in texts.items()]
        liaison = acting(Move.SEND, base_id)
        report = await self.kept(enter(report, written, Editing(liaison, now)), now)
        report = await self.attached(report, Purpose.EVIDENCE, "附表/转化合同:清单….xlsx", b"contracts", now)
        if state is State.ACCEPTED:
            report = await self.moved(report, *PATHS[State.SEALING], now=now)
            report = await self.attached(report, Purpose.SEALED, "盖章件.pdf", b"sealed" * 1000, now)
            return await self.moved(report, Move.SEAL, Move.ACCEPT, now=now)
        return await self.moved(report, *PATHS[state], now=now)

    async def moved(self, report: Report, *path: Move, now: int = NOW) -> Report:
        for move in path:
            remarks = {"I04": "请核对"} if move is Move.RETURN else {}
            command = Command(move, acting(move, report.base_id), now, findings=[], remarks=remarks)
            report = await self.kept(decide(report, command), now)
        return report

    async def attached(
        self, report: Report, purpose: Purpose, name: str, content: bytes, now: int = NOW
    ) -> Report:
        stored = await self.files.put(content)
        async with self.database.tx() as tx:
            attachment_id = await attachments.add(
                tx, person_id=1, kind="upload", name=name, size=stored.size, now=now
            )
            await attachments.keep(
                tx, attachment_id, stored, name=name, media_type="application/pdf", now=now
            )
        file = File(attachment_id, purpose, name, stored.sha256, 1, now)
        return await self.kept(attach(report, file, Editing(acting(Move.SEND, report.base_id), now)), now)

    async def kept(self, outcome: Outcome, now: int) -> Report:
        async with self.database.tx() as tx:
            saved = await annual.save(tx, outcome, now)
        assert saved is not None
        return saved.report


def acting(move: Move, base_id: int) -> Actor:
    role = ROLES.get(move, Role.LIAISON)
    of_base = None if role is Role.OFFICER else base_id
    return Actor(list(Role).index(role) + 1, f"{role}甲", (Membership(role, of_base),))
