"""A base's people simply write: a question, its answer, what becomes of it (Article 8)."""

import pytest

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.people import Role
from storage import bases, questions, requests
from tests import papers
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import House
from tests.flows.gate import dumped, files_of, registered
from tests.flows.test_bad_input import STALE, filed

ASKED = "质押融资需要哪些材料？"
ANSWER = "请准备登记簿副本和专利证书。"


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


@pytest.fixture
async def liaison(house: House, officer: Person) -> Person:
    return await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")


async def asked(liaison: Person, officer: Person, text: str = ASKED) -> Seen:
    """As the officer has it."""
    liaison.send(text)
    await liaison.expect("已转对接人")
    return await officer.expect("基地提问")


async def states(house: House) -> list[str]:
    async with house.database.read() as tx:
        return [one.state.value for one in await questions.list_of_base(tx, 1, 20)]


async def test_a_question_is_receipted_answered_by_reply_and_closed_by_thanks(
    house: House, officer: Person, liaison: Person
) -> None:
    await filed(house, liaison)
    await officer.expect("新申请")
    liaison.send(ASKED)
    receipt = await liaison.expect("WT-2026-0001")
    for told in ("已转对接人", "周明远（演示）", "09:00–12:00、14:00–17:30", "供查询"):
        assert told in receipt.text, told
    new = await officer.expect("基地提问")
    for known in ("蜀江理工大学（演示）", "林知行（演示）", "FW-2026-0001", "2026 年度总结：未开始", ASKED):
        assert known in new.text, known

    officer.send(ANSWER, reply_to=new)
    await officer.expect("已回复，提问人会收到")
    answer = await liaison.expect(ANSWER)
    assert answer.has("已解决")
    liaison.send("谢谢周老师，收到")
    await liaison.expect("记录留存备查")
    assert await states(house) == ["closed"]
    liaison.send("/questions")
    await liaison.expect("已解决")
    liaison.press("WT-2026-0001")
    page = await liaison.expect("致谢")
    for said in (ASKED, ANSWER, "谢谢周老师，收到"):
        assert said in page.text, said
    assert check_calls(house.server.world.calls.all) == []
