"""What is found in a long text is shown beside it; whoever keeps it says who has looked at it (Article 9)."""

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain import catalogue
from domain.people import Role
from storage import requests
from tests import papers
from tests.flows.conftest import House
from tests.flows.gate import dumped
from tests.flows.test_bad_input import filed
from tests.flows.test_story import ANSWERS, fill_in

MOBILE = "13800138000"
MASKED = "138****8000"
QUESTION = "保密审查人姓名"
FIELD = next(s for s in catalogue.form(catalogue.service("S301")).steps if s.key == "tech_field").label.zh


async def at_the_question(house: House, liaison: Person) -> Seen:
    """The form of S301 with a mobile number in a text; all else is answered."""
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    liaison.press("专利预审")
    await fill_in(house, liaison, ANSWERS | {"tech_field": f"H04L，详询 {MOBILE}"})
    return await liaison.expect(QUESTION)


async def rewritten(liaison: Person, text: str) -> None:
    liaison.press("修改")
    await liaison.expect(where=lambda m: m.has(FIELD))
    liaison.press(FIELD)
    await liaison.expect(FIELD)
    liaison.send(text)


async def test_the_finding_is_shown_and_the_name_is_asked_for_and_told_to_the_officer(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    asked = await at_the_question(house, liaison)
    [shown] = [m for m in liaison.messages() if m.from_bot and "拟定IPC" in m.text and MASKED in m.text]
    assert MOBILE not in shown.text
    liaison.send("严守正")
    review = await liaison.expect(MASKED, where=lambda m: m.has("提交"))
    assert "严守正" in review.text
    liaison.press("提交")
    await liaison.expect("申请已收到")
    officer.press("查看进度", await officer.expect("新申请"))
    page = await officer.expect("申请内容")
    assert f"{QUESTION}：严守正" in page.text
    assert "提示" not in asked.text


async def test_a_text_that_is_rewritten_asks_for_nobody(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await at_the_question(house, liaison)
    liaison.send("严守正")
    await liaison.expect(MASKED, where=lambda m: m.has("提交"))
    await rewritten(liaison, "H04L")
    review = await liaison.expect(where=lambda m: m.has("提交"))
    assert MASKED not in review.text
    assert QUESTION not in review.text
    liaison.press("提交")
    await liaison.expect("申请已收到")
    async with house.database.read() as tx:
        [request] = await requests.list_of_base(tx, 1, 5)
    assert request.answers == ANSWERS


async def test_another_number_is_asked_about_anew(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await at_the_question(house, liaison)
    liaison.send("严守正")
    await liaison.expect(where=lambda m: m.has("提交"))
    await rewritten(liaison, "H04L，详询 13900139000")
    asked = await liaison.expect(QUESTION)
    assert "严守正" not in asked.text


async def test_a_word_in_a_request_is_treated_alike(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await filed(house, liaison)
    liaison.press("补充材料")
    await liaison.expect("说明")
    liaison.send(f"请联系 {MOBILE}")
    await liaison.expect(MASKED, where=lambda m: m.has("跳过"))
    liaison.press("跳过")
    await liaison.expect(QUESTION)
    liaison.send("严守正")
    await liaison.expect(MASKED, where=lambda m: m.has("提交"))
    liaison.press("提交")
    officer.press("查看进度", await officer.expect(f"请联系 {MOBILE}"))
    assert f"{QUESTION}  严守正" in (await officer.expect("办理经过")).text


async def test_a_reply_with_a_finding_is_not_recorded_and_says_which_way_to_take(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await filed(house, liaison)
    receipt = liaison.last
    liaison.send(f"请联系 {MOBILE}", reply_to=receipt)
    told = await liaison.expect("未记入")
    assert MASKED in told.text
    assert "补充材料" in told.text
    liaison.send_document("清单.pdf", papers.pdf(), caption=f"请联系 {MOBILE}", reply_to=receipt)
    await liaison.expect("未记入")
    await house.server.world.drained()
    assert house.server.world.calls.executed("getFile") == []
    assert MOBILE not in await dumped(house.database)
    assert not any(MOBILE in m.text for m in officer.messages())
    liaison.send("请联系办公室", reply_to=receipt)
    await officer.expect("请联系办公室")
