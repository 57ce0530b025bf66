"""An announcement for a base that Telegram does not reach arrives by mail, on a real mail server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from pydantic import SecretStr

from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from domain.people import Role
from storage import bases, fallback
from storage.engine import connect
from storage.fallback import State
from tests.flows.conftest import BASE, OTHER_BASE, BotProcess, House, free_port, started
from tests.flows.test_announcement import BODY, PATIENCE, TITLE, sign, staff, to_sign
from tests.mail import Mailbox, open_for


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox(free_port())
    with open_for(made):
        yield made


@pytest.fixture
async def mailed(
    telegram: RehearsalServer, make_config: Callable[..., Config], database_url: str, mailbox: Mailbox
) -> AsyncIterator[House]:
    """A house that has the mail server for its other channel; not started."""
    config = make_config(database_url, fallback=SecretStr(mailbox.url))
    beside = await connect(database_url)
    try:
        yield House(telegram, beside, config)
    finally:
        await beside.close()


async def two_bases(house: House) -> tuple[Person, Person]:
    async with house.database.tx() as tx:
        await bases.add_all(tx, [BASE, OTHER_BASE])
    return (
        await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01", "+8610000000101"),
        await house.enrolled(Role.LIAISON, "谭嘉禾（演示）", "YS02", "+8610000000201"),
    )


async def arrival(mailbox: Mailbox) -> None:
    assert await asyncio.to_thread(mailbox.arrived.wait, PATIENCE)


async def state_of(house: House, wanted: State) -> None:
    """Until the only send of the second base is in this state."""
    for _ in range(int(PATIENCE * 20)):
        async with house.database.read() as tx:
            found = [one.state for one in await fallback.list_of_base(tx, 2, 5)]
        if found == [wanted]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{found}, not {wanted}")


async def test_who_is_out_of_reach_from_the_start_has_it_by_mail_and_who_is_reached_has_not(
    mailed: House, mailbox: Mailbox
) -> None:
    async with started(mailed.config):
        officer, supervisor = await staff(mailed)
        liaison, other = await two_bases(mailed)
        other.block()
        await officer.expect("基地暂未联系上")
        await sign(officer, supervisor)
        await liaison.expect(TITLE)
        await arrival(mailbox)
        await state_of(mailed, State.SENT)
    [mail] = mailbox.mails
    assert TITLE in mail["subject"]
    [text] = mailbox.texts
    assert text.startswith(f"致：{OTHER_BASE.name}")
    assert BODY.splitlines()[0] in text
    assert "谭嘉禾" not in text
    assert BASE.name not in text


async def test_who_turns_out_to_be_out_of_reach_has_it_by_mail(mailed: House, mailbox: Mailbox) -> None:
    async with started(mailed.config):
        officer, supervisor = await staff(mailed)
        liaison, other = await two_bases(mailed)
        page = await to_sign(officer, supervisor)
        other.user.blocked = True  # and the bot has not been told
        supervisor.press("签发", page)
        await liaison.expect(TITLE, timeout=PATIENCE)
        await arrival(mailbox)
        await state_of(mailed, State.SENT)
        panel = await supervisor.expect("其中已通过备用渠道发送：1 家", timeout=PATIENCE)
        assert "1/2 家基地已送达" in panel.text
        assert "尚未送达的基地：1 家（涪川材料院（演示））" in panel.text
    assert len(mailbox.mails) == 1


async def test_a_kill_between_the_mail_and_its_record_is_told_and_sends_no_second(
    mailed: House, mailbox: Mailbox
) -> None:
    process = BotProcess(mailed.config)
    await process.start()
    try:
        officer, supervisor = await staff(mailed)
        _, other = await two_bases(mailed)
        other.block()
        await officer.expect("基地暂未联系上", timeout=PATIENCE)
        mailbox.hold()
        await sign(officer, supervisor)
        await arrival(mailbox)
        await process.kill()
        mailbox.let_go.set()
        await process.start()
        told = await officer.expect("备用渠道：不能确定是否送达", timeout=PATIENCE)
        assert OTHER_BASE.name in told.text
        await state_of(mailed, State.UNCERTAIN)
    finally:
        await process.stop()
    assert len(mailbox.mails) == 1
