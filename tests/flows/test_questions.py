"""A base's people simply write: a question, its answer, what becomes of it (Article 8)."""

import pytest

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.people import Membership, Role
from storage import bases, people, questions, settings
from tests import papers
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import House
from tests.flows.gate import dumped, registered
from tests.flows.test_bad_input import STALE, filed
from tests.flows.test_services import MEDIATION, PLEDGE, SKIP, Said

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is stored is tried on both databases by the flows without it."""

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


async def test_what_follows_soon_is_added_and_what_is_no_question_is_told_so(
    house: House, officer: Person, liaison: Person
) -> None:
    await asked(liaison, officer, "您好")
    liaison.send("请问质押融资多久能办完？")
    await liaison.expect("已补充，对接人会收到")
    await officer.expect("请问质押融资多久能办完？")
    assert await states(house) == ["open"]
    liaison.send("好的")  # the answer to the receipt, not to the question
    await liaison.expect("有新的问题，直接发送文字即可")
    for nothing in ("？", "提交"):
        liaison.send(nothing)
        await liaison.expect("目前没有正在填写的内容")
    liaison.send_sticker()
    await liaison.expect("这里只接收文字、文件和图片")
    liaison.send_voice()
    await liaison.expect("这里只接收文字、文件和图片")
    forward(house, liaison)
    await liaison.expect("转发的消息不会转给对接人")
    assert await states(house) == ["open"]
    async with house.database.read() as tx:
        assert [one.kind.value for one in await questions.thread(tx, 1)] == ["ask", "add"]


def forward(house: House, liaison: Person) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "某企业", "date": 1_796_000_000}
    chat = house.server.world.state.chats[liaison.id]
    house.server.world.post(chat, liaison.user, {"text": "请转告中心"}, forward_origin=origin)


async def test_the_button_answers_and_the_asker_asks_again_and_closes(
    house: House, officer: Person, liaison: Person
) -> None:
    new = await asked(liaison, officer)
    officer.press("回复", new)
    await officer.expect("回复内容")
    officer.send(ANSWER)
    await officer.expect("已回复，提问人会收到")
    answer = await liaison.expect(ANSWER)
    liaison.send("证书复印件可以吗？", reply_to=answer)
    again = await officer.expect("证书复印件可以吗？")
    assert await states(house) == ["open"]
    assert (await liaison.press("已解决", answer).answered()).text == STALE
    page = await liaison.expect("证书复印件可以吗？", where=lambda m: m.has("已解决"))
    liaison.press("已解决", page)
    await liaison.expect("记录留存备查")
    await officer.expect("无需再回复")
    assert (await officer.press("回复", again).answered()).text == STALE
    assert await states(house) == ["closed"]


@on_sqlite
async def test_the_head_asks_and_the_answer_is_theirs_alone(
    house: House, officer: Person, liaison: Person
) -> None:
    head = await house.enrolled(Role.HEAD, "秦望舒（演示）", "YS01", phone="+8610000000103")
    new = await asked(head, officer)
    assert "责任处室负责人" in new.text
    officer.send(ANSWER, reply_to=new)
    await head.expect(ANSWER)
    await house.server.world.drained()
    assert not any(ANSWER in m.text for m in liaison.messages())
    # another base's people do not see it, nor does whoever is nobody here
    stranger = await house.enrolled(Role.LIAISON, "唐可（演示）", "YS02", phone="+8610000000201")
    for data in ("question:1:1", "question_close:1:1", "question_answer:1:1", "question_turn:1:1"):
        assert (
            await stranger.press_data(data, stranger.last).answered()
        ).text == "您目前的身份不能办理这一项。如需办理，请联系对接人。"
    assert await states(house) == ["answered"]


CLAIM = "合作方未按合同支付许可费，想请中心调解。"


@pytest.mark.parametrize(
    ("by", "service", "story"),
    [("liaison", "知识产权纠纷调解", MEDIATION), ("officer", "知识产权质押融资", PLEDGE)],
)
async def test_a_question_is_turned_into_a_request_and_they_stay_linked(
    house: House, officer: Person, liaison: Person, by: str, service: str, story: tuple[Said, ...]
) -> None:
    liaison.send_document("合同.pdf", papers.pdf(), caption=CLAIM)
    await liaison.expect("已转对接人")
    new = await officer.expect("基地提问")
    chooser = officer if by == "officer" else liaison
    chooser.press("转为服务申请")
    await chooser.expect("请选择服务事项")
    chooser.press(service)
    if by == "officer":
        await officer.expect("提交后会通知您")
        liaison.press("继续填写", await liaison.expect("建议提出服务申请"))
    await go_through(liaison, [said for said in story if said.asked != "诉求"])
    await liaison.expect("申请已收到")
    told = await officer.expect("已将问题转为服务申请 FW-2026-0001")
    officer.press("查看进度", told)
    page = await officer.expect(where=lambda m: m.has("WT-2026-0001"))
    assert CLAIM in page.text
    assert "\n附件\n" in page.text
    officer.press("WT-2026-0001", page)
    await officer.expect("已转为服务申请：FW-2026-0001")
    assert await states(house) == ["turned"]
    officer.send(ANSWER, reply_to=new)
    await officer.expect("请在申请中继续沟通")


async def go_through(liaison: Person, story: list[Said]) -> None:
    for asked_for in story:
        prompt = await liaison.expect(asked_for.asked)
        if asked_for.said is SKIP:
            liaison.press("跳过", prompt)
        elif prompt.has(str(asked_for.said)):
            liaison.press(str(asked_for.said), prompt)
        else:
            liaison.send(str(asked_for.said))
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")


@on_sqlite
async def test_without_an_officer_on_telegram_the_supervisor_hears_and_else_the_telephone(
    house: House,
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send(ASKED)
    assert "请同时致电" in (await liaison.expect("已转对接人")).text
    supervisor = await house.enrolled(Role.SUPERVISOR, "方正（演示）", phone="+8610000000907")
    liaison.send("另问一件")
    await liaison.expect("已补充")
    await supervisor.expect("另问一件")
    officer = await house.enrolled(Role.OFFICER, "吴越（演示）", phone="+8610000000902")
    async with house.database.tx() as tx:  # the base's own officer has never started the bot
        named = await people.add(tx, "周明远（演示）", 1)
        await people.appoint(tx, named, Membership(Role.OFFICER, None), 1)
        await bases.set_counterpart(tx, 1, named)
    liaison.send("还有一件")
    await liaison.expect("已补充")
    await officer.expect("还有一件")
    officer.send("/desk")
    page = await officer.expect("待回复的问题")
    assert "WT-2026-0001" in page.text
    officer.press("WT-2026-0001", page)
    await officer.expect(where=lambda m: m.has("回复"))


# --- the gate ---------------------------------------------------------------------------------------------


@on_sqlite
async def test_words_with_a_mark_are_no_question(house: House, officer: Person, liaison: Person) -> None:
    liaison.send("鸿雁工程二期\n机密★10年")
    await liaison.expect("消息未接收")
    assert await states(house) == []
    assert "鸿雁" not in await dumped(house.database)
    assert len(await registered(house)) == 1


@on_sqlite
async def test_words_that_somebody_answers_for_go_on_in_a_form(
    house: House, officer: Person, liaison: Person
) -> None:
    liaison.send("企业联系人电话 13800138000，能否代为联系？")
    asked_for = await liaison.expect("保密审查人姓名")
    assert "138****8000" in asked_for.text
    assert await states(house) == []
    liaison.send("何谨言（演示）")
    await liaison.expect("已转对接人")
    new = await officer.expect("能否代为联系")
    officer.press("查看问题", new)
    await officer.expect("何谨言（演示）")


async def test_a_file_of_a_question_is_passed_on_once_it_is_clean_and_stays_with_it(
    house: House, officer: Person, liaison: Person
) -> None:
    liaison.send_document("合同.pdf", papers.pdf(), caption=ASKED)
    assert "附件 1 个" in (await liaison.expect("已转对接人")).text
    file = await officer.expect(where=lambda m: m.document is not None)
    assert "WT-2026-0001" in file.text
    officer.send_document("清单.pdf", papers.pdf(), caption=ANSWER, reply_to=file)
    answer = await liaison.expect(ANSWER)
    await liaison.expect(where=lambda m: m.document is not None)
    liaison.press("查看问题", answer)
    await liaison.expect(where=lambda m: m.has("查看附件"))
    liaison.press("查看附件")
    await liaison.expect("合同.pdf", where=lambda m: m.from_bot and m.document is not None)
    await liaison.expect("清单.pdf", where=lambda m: m.from_bot and m.document is not None)


@on_sqlite
async def test_where_files_go_over_the_page_only_the_question_asks_for_them_there(
    house: House, officer: Person, liaison: Person
) -> None:
    """The flow's house has no page: then they come in the chat whatever the setting says."""
    async with house.database.tx() as tx:
        await settings.save(tx, {"chat_files": "no"})
    liaison.send_document("合同.pdf", papers.pdf(), caption=ASKED)
    assert "附件 1 个" in (await liaison.expect("已转对接人")).text
