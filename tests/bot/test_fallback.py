"""Another channel than Telegram: a row first, tried again, and uncertain where nobody can say."""

from dataclasses import dataclass, field

import pytest

from bot.config import Misconfigured
from bot.fallback import Channels, Fallback, NotTaken
from domain.calendar import Calendar
from domain.notices import Subject
from domain.people import Role
from handlers.context import Services
from messages.catalog import Catalog
from storage import fallback, jobs
from storage.engine import Database
from storage.fallback import Send, State
from storage.outbox import Row
from tests.bot.test_ticks import ToldClock, a_base, enrolled
from tests.flows.conftest import free_port
from tests.mail import Mailbox, open_for


@dataclass
class Sender:
    sent: list[Row] = field(default_factory=list)

    def send_now(self, rows: list[Row]) -> None:
        self.sent += rows

    def wake(self) -> None: ...


@dataclass
class Desk:
    """A base that Telegram does not reach, an officer, a mailbox, and one send that is planned."""

    database: Database
    mailbox: Mailbox
    base_id: int
    send_id: int = 0
    sender: Sender = field(default_factory=Sender)

    def fallback(self, url: str | None = None) -> Fallback:
        clock = ToldClock()
        services = Services(
            database=self.database,
            catalog=Catalog(now=clock.now),
            clock=clock,
            calendar=Calendar(),
            sender=self.sender,  # type: ignore[arg-type]
            jobs=self.sender,
            locale="zh_CN",
        )
        return Fallback(services, Channels.read(url or self.mailbox.url))

    async def run(self) -> None:
        await self.fallback().run({"send_id": self.send_id})

    async def send(self) -> Send:
        async with self.database.read() as tx:
            [one] = await fallback.list_of_base(tx, self.base_id, 5)
        return one

    async def becomes(self, state: State) -> None:
        async with self.database.tx() as tx:
            one = await fallback.lock(tx, self.send_id)
            assert one is not None
            await fallback.move(tx, one, state, 5)

    @property
    def told(self) -> list[str]:
        return [row.payload for row in self.sender.sent]


@pytest.fixture
async def desk(database: Database) -> Desk:
    base_id = await a_base(database)
    await enrolled(database, Role.OFFICER, None, 901)
    made = Desk(database, Mailbox(free_port()), base_id)
    marks = Channels.read(made.mailbox.url).marks
    async with database.tx() as tx:
        planned = [
            await fallback.plan(
                tx,
                marks,
                base_id,
                Subject("announcement", 1),
                what="announcement:1",
                title="关于年末安全检查的提示",
                text="致：蜀江理工大学\n\n请完成自查。",
                now=1,
            )
            for _ in range(2)
        ]
    assert planned[1] == []  # planned twice, it is one
    made.send_id = planned[0][0]
    return made


async def test_a_mail_is_taken_once(desk: Desk) -> None:
    with open_for(desk.mailbox):
        await desk.run()
        await desk.run()
    [mail] = desk.mailbox.mails
    assert mail["subject"] == "关于年末安全检查的提示"
    assert desk.mailbox.texts[0].split() == ["致：蜀江理工大学", "请完成自查。"]
    assert ((await desk.send()).state, (await desk.send()).attempts) == (State.SENT, 1)


async def test_what_the_server_was_not_there_for_is_tried_again(desk: Desk) -> None:
    with pytest.raises(NotTaken):
        await desk.run()
    assert (await desk.send()).state is State.PLANNED
    with open_for(desk.mailbox):
        await desk.run()
    assert len(desk.mailbox.mails) == 1
    assert ((await desk.send()).state, (await desk.send()).attempts) == (State.SENT, 2)


async def test_what_is_given_up_is_named_to_the_officer(desk: Desk) -> None:
    with pytest.raises(NotTaken):
        await desk.run()
    await desk.fallback().gave_up({"send_id": desk.send_id}, "R3F2")
    assert (await desk.send()).state is State.FAILED
    [told] = desk.told
    assert "未能送达" in told
    assert "蜀江理工大学" in told
    assert "R3F2" in told


async def test_what_was_cut_off_is_uncertain_and_not_sent_again(desk: Desk) -> None:
    await desk.becomes(State.SENDING)
    with open_for(desk.mailbox):
        await desk.run()
        await desk.run()
        await desk.fallback().gave_up({"send_id": desk.send_id}, "R3F2")
    assert desk.mailbox.mails == []
    assert (await desk.send()).state is State.UNCERTAIN
    [told] = desk.told
    assert "不能确定是否送达" in told


async def test_a_lost_answer_is_uncertain_and_not_sent_again(desk: Desk) -> None:
    desk.mailbox.hangs_up = True
    with open_for(desk.mailbox):
        await desk.run()
        await desk.run()
    assert len(desk.mailbox.mails) == 1
    assert (await desk.send()).state is State.UNCERTAIN
    assert len(desk.told) == 1


async def test_a_channel_that_is_configured_no_more_gets_nothing(desk: Desk) -> None:
    with open_for(desk.mailbox):
        await desk.fallback("mailto://127.0.0.1:9?from=a@b.example&to=c@d.example").run(
            {"send_id": desk.send_id}
        )
    assert desk.mailbox.mails == []
    assert (await desk.send()).state is State.DROPPED


async def test_the_job_is_stored_with_the_row(desk: Desk) -> None:
    async with desk.database.tx() as tx:
        [job] = await jobs.claim(tx, 10, 20, 5)
    assert (job.kind, job.args) == (fallback.SEND, {"send_id": desk.send_id})


def test_several_channels_have_marks_that_hold_no_address() -> None:
    channels = Channels.read("mailto://user:secret@h.example, wecombot://abcdef")
    assert len(channels.marks) == 2
    assert "secret" not in "".join(channels.marks)


def test_no_setting_is_no_channel() -> None:
    assert Channels.read(None).marks == ()
    assert Channels.read("").marks == ()


def test_an_address_that_apprise_does_not_know_is_said_in_one_line_without_it() -> None:
    with pytest.raises(Misconfigured) as error:
        Channels.read("telepathy://secret")
    assert str(error.value).startswith("LIANLUO_FALLBACK: ")
    assert "secret" not in str(error.value)
