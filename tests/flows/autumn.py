"""A bot whose clock is moved through the autumn, and annual reports brought to where a test needs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import app
from bot.rehearsal.people import Person
from bot.rehearse import MovableClock, Winder
from domain.annual import Command, decide
from domain.annual_content import Part, Source
from domain.annual_editing import Editing, Written, enter
from domain.annual_papers import Period
from domain.annual_report import Move, Outcome, Report, State, Via
from domain.indicators import edition
from domain.notices import Subject
from domain.people import Actor, Membership, Role
from domain.verification import verify
from storage import annual, audit, obligations
from storage.engine import Tx
from tests.flows.conftest import House

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = "2026-09-01T10:00"
"""Before the ladder is planned: the clock has to find its steps nevertheless."""
PERIOD = Period(date(2025, 12, 1), date(2026, 11, 30))
UP_TO_SUBMITTED = (Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT)
PATHS: dict[State, tuple[Move, ...]] = {
    State.DRAFT: (),
    State.REVIEWING: UP_TO_SUBMITTED[:1],
    State.APPROVED: UP_TO_SUBMITTED[:3],
    State.SUBMITTED: UP_TO_SUBMITTED,
    State.RETURNED: (*UP_TO_SUBMITTED, Move.RETURN),
    State.SEALING: (*UP_TO_SUBMITTED, Move.PASS),
    State.SEALED: (*UP_TO_SUBMITTED, Move.PASS, Move.SEAL),
}


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


@dataclass
class Autumn:
    """A bot that can be stopped and started again, and its clock."""

    house: House
    winder: Winder
    clock: MovableClock

    def say(self, zh: str, en: str) -> str:
        return en if self.house.language_code == "en" else zh

    async def at(self, text: str) -> None:
        """Move the clock there, stopping wherever something is due, as the page does."""
        to = at(text)
        while (due := await self.winder.next_due()) is not None and due < to:
            await self.winder.advance(due)
        await self.winder.advance(to)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with app.running(self.house.config, self.clock) as made:
            self.winder.attach(made)
            yield

    async def audited(self) -> list[str]:
        """What was done with the first base's obligation."""
        async with self.house.database.tx() as tx:
            [first, *_] = await obligations.list_of_year(tx, "annual_report", 2026)
            trail = await audit.trail(tx, Subject("obligation", first.obligation.id))
        return [row["action"] for row in trail]

    def heard(self, person: Person) -> list[str]:
        """The first lines of the reminders that the person has received."""
        heads = (
            self.say("年度总结报送提醒", "Annual summary: a reminder"),
            self.say("年度总结填报提醒", "Annual summary: still in draft"),
            self.say("年度总结：尚未收到", "Annual summary: not yet received"),
            self.say("年度总结明日到期", "Annual summary due tomorrow"),
            self.say("电话联系：", "To telephone:"),
        )
        return [m.text.splitlines()[0] for m in person.messages() if m.from_bot and m.text.startswith(heads)]

    async def bring(self, base_id: int, state: State, *, lacking: frozenset[str] = frozenset()) -> Report:
        """The base's report, brought to the state now; without what is lacking."""
        now = self.clock.now()
        async with self.house.database.tx() as tx:
            await annual.fix_period(tx, 2026, PERIOD, 1, now)
            report = await annual.open_report(tx, base_id, 2026, now)
            written = [one for one in _everything() if one.key not in lacking]
            report = await _kept(tx, enter(report, written, Editing(_somebody(base_id), now)), now)
            for move in PATHS[state]:
                report = await _kept(tx, decide(report, _command(report, move, now)), now)
        return report


def _everything() -> list[Written]:
    told = edition(2026)
    figures = [one.code for one in told.indicators if one.required] + [one.code for one in told.duties]
    return [
        *(Written(Part.FIGURE, code, "0", Source.TYPED) for code in figures),
        *(Written(Part.SECTION, one.key, "略", Source.TYPED) for one in told.sections),
    ]


def _somebody(base_id: int) -> Actor:
    """One for all: who may do what is tried elsewhere."""
    ours = (Role.LIAISON, Role.REVIEWER, Role.HEAD)
    return Actor(1, "某人", (*(Membership(role, base_id) for role in ours), Membership(Role.OFFICER, None)))


def _command(report: Report, move: Move, now: int) -> Command:
    found = verify(report.content.figures, edition=edition(2026))
    return Command(
        move,
        _somebody(report.base_id),
        now,
        via=Via.MAIL if move is Move.SEAL else Via.PRESS,
        findings=found,
        remarks={"I04": "与附表不一致"} if move is Move.RETURN else {},
        signed_by="某人",
        received_on=date(2026, 12, 1),
    )


async def _kept(tx: Tx, outcome: Outcome, now: int) -> Report:
    saved = await annual.save(tx, outcome, now)
    assert saved is not None
    return saved.report
