"""While Telegram cannot be asked to delete a message it is asked again, for an hour; then it is said."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from domain.calendar import Calendar
from domain.confidential.findings import Finding, Part, Place, Rule
from domain.incidents import Carrier, Deletion, Incident
from domain.people import Membership, PhoneCheck, Role
from handlers import incidents
from handlers.context import Services
from messages.catalog import Catalog
from storage import incidents as register
from storage import jobs, people
from storage.engine import Database
from storage.outbox import Row

MORNING = 1_795_395_600_000  # Monday, 2026-11-23 09:00 in Shanghai
CHAT = 101
MARK = Finding(Rule.STATE_MARK, Place(Part.HEADER, (1,)), "机*★10年")


@dataclass
class Clock:
    ms: int = MORNING

    def now(self) -> int:
        return self.ms


@dataclass
class Post:
    """What would go out at once."""

    rows: list[Row] = field(default_factory=list)

    def send_now(self, rows: Sequence[Row]) -> None:
        self.rows += rows

    def wake(self) -> None:
        pass


@dataclass
class Office:
    """A centre in which a message has been blocked and is still in its chat."""

    services: Services
    clock: Clock
    post: Post
    incident_id: int

    async def incident(self) -> Incident:
        async with self.services.database.read() as tx:
            found = await register.get(tx, self.incident_id)
        assert found is not None
        return found

    async def due(self) -> list[int]:
        """The incidents that the jobs which are due now are about."""
        async with self.services.database.tx() as tx:
            claimed = await jobs.claim(tx, self.clock.ms, self.clock.ms + 60_000, 9)
        return [job.args["incident_id"] for job in claimed if job.kind == incidents.SETTLE]


@pytest.fixture
async def office(database: Database) -> Office:
    clock, post = Clock(), Post()
    services = Services(
        database, Catalog(now=clock.now), clock, Calendar("Asia/Shanghai"), post, post, "zh_CN"
    )
    async with database.tx() as tx:
        person_id = await people.add(tx, "周明远", MORNING)
        await people.appoint(tx, person_id, Membership(Role.ADMIN, None), MORNING)
        await people.enrol(
            tx, person_id, telegram_id=CHAT, phone="+861", check=PhoneCheck.NONE, locale=None, now=MORNING
        )
        incident_id = await incidents.register(
            tx,
            person_id=person_id,
            attachment_id=None,
            carrier=Carrier.TEXT,
            findings=[MARK],
            sha256="ab" * 32,
            stood=(CHAT, 11),
            sent_at=MORNING,
            today=services.calendar.today(MORNING),
            now=MORNING,
        )
    return Office(services, clock, post, incident_id)


async def test_within_the_hour_telegram_is_asked_again_a_minute_later(office: Office) -> None:
    office.clock.ms += incidents.PATIENCE_MS
    await incidents.give_up(office.services, office.incident_id)
    assert await office.due() == []
    office.clock.ms += incidents.PAUSE_MS
    assert await office.due() == [office.incident_id]
    assert (await office.incident()).deletion is Deletion.OPEN
    assert office.post.rows == []


async def test_after_the_hour_it_is_said_once_that_the_message_is_there(office: Office) -> None:
    office.clock.ms += incidents.PATIENCE_MS + 1
    for _ in range(2):
        await incidents.give_up(office.services, office.incident_id)
    assert await office.due() == []
    assert (await office.incident()).deletion is Deletion.FAILED
    to_sender, to_admin = office.post.rows
    assert "系统未能从本对话中删除" in to_sender.payload
    assert "未能删除" in to_admin.payload


async def test_of_an_incident_that_is_not_there_nobody_is_told(office: Office) -> None:
    await incidents.give_up(office.services, office.incident_id + 1)
    assert office.post.rows == []
