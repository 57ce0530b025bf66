"""kill -9 while a mark is being dealt with: one incident, one notice to each, and the message is gone."""

import asyncio
from collections.abc import Callable

import pytest

from bot.rehearsal.faults import Delay, Failure
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.incidents import Deletion
from domain.people import Role
from tests import papers
from tests.flows.conftest import House
from tests.flows.gate import kept_files, registered, until
from tests.flows.test_bad_input import at_files
from tests.flows.test_killed import PATIENCE, Mortal

MARKED = papers.letter("鸿雁工程二期。", header=papers.MARK)
WORDS = "鸿雁工程二期\n机密★10年"
SLOW_MS = 3_000

Act = Callable[[Person], Seen]


@pytest.fixture
async def secrecy(mortal: Mortal) -> Person:
    house, _ = mortal
    return await house.enrolled(Role.SECRECY, "何谨言（演示）", phone="+8610000000909")


async def liaison_of(house: House) -> Person:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await at_files(house, liaison)
    return liaison


def document(person: Person) -> Seen:
    return person.send_document("鸿雁工程总结.docx", MARKED)


def words(person: Person) -> Seen:
    return person.send(WORDS)


async def once(house: House, liaison: Person, secrecy: Person, sent: Seen) -> None:
    """One incident, deleted and told once."""
    await liaison.expect("系统已从本对话中删除", timeout=PATIENCE)
    await secrecy.expect("BM-2026-0001", timeout=PATIENCE)
    await house.server.world.drained()
    [incident] = await registered(house)
    assert incident.deletion is Deletion.DONE
    assert liaison.refreshed(sent).deleted
    assert sum("BM-" in m.text for m in liaison.messages()) == 1
    assert sum("BM-" in m.text for m in secrecy.messages()) == 1
    assert kept_files(house) == []


@pytest.mark.parametrize("act", [document, words])
async def test_a_kill_while_it_is_being_deleted(mortal: Mortal, secrecy: Person, act: Act) -> None:
    house, process = mortal
    liaison = await liaison_of(house)
    slow = house.server.world.faults.add("deleteMessage", Delay(SLOW_MS))
    sent = act(liaison)
    await until(lambda: registered(house))
    house.server.world.faults.remove(slow)
    await process.reborn()
    await once(house, liaison, secrecy, sent)


@pytest.mark.parametrize("act", [document, words])
async def test_a_kill_between_deleting_and_telling(mortal: Mortal, secrecy: Person, act: Act) -> None:
    """The message is gone, and nobody knows it yet: asked again, Telegram says that it is not there."""
    house, process = mortal
    liaison = await liaison_of(house)
    house.server.world.faults.add("deleteMessage", Failure(502), times=1)
    sent = act(liaison)
    await house.server.world.expect_call("deleteMessage", timeout=PATIENCE)
    await process.kill()
    liaison.delete(sent)
    await process.start()
    await once(house, liaison, secrecy, sent)


async def test_a_kill_while_the_file_is_fetched(mortal: Mortal, secrecy: Person) -> None:
    house, process = mortal
    liaison = await liaison_of(house)
    slow = house.server.world.faults.add("getFile", Delay(SLOW_MS))
    sent = document(liaison)
    await liaison.expect("正在检查")
    house.server.world.faults.remove(slow)
    await process.reborn()
    await once(house, liaison, secrecy, sent)


@pytest.mark.parametrize("after_s", [0, 0.1, 0.3, 0.6])
async def test_a_kill_at_any_moment(mortal: Mortal, secrecy: Person, after_s: float) -> None:
    """While it is examined, registered, deleted or told. Telling again after a kill is no error (I3)."""
    house, process = mortal
    liaison = await liaison_of(house)
    sent = document(liaison)
    await house.server.world.expect_call("getFile", timeout=PATIENCE)
    await asyncio.sleep(after_s)
    await process.reborn()
    await liaison.expect("系统已从本对话中删除", timeout=PATIENCE)
    await secrecy.expect("BM-2026-0001", timeout=PATIENCE)
    await house.server.world.drained()
    [incident] = await registered(house)
    assert (incident.number, incident.deletion) == ("BM-2026-0001", Deletion.DONE)
    assert liaison.refreshed(sent).deleted
    assert kept_files(house) == []
