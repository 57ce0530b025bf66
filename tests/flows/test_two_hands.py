"""Two people on one draft, two pages open: what is meant for one question answers no other."""

from domain.people import Role
from storage import drafts, requests
from tests.flows.conftest import House
from tests.flows.test_bad_input import STALE, at_files, begun, filed


async def test_a_text_for_a_question_that_a_colleague_answered_is_not_for_the_next(
    house: House,
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    deputy = await house.enrolled(Role.DEPUTY, "苏小溪（演示）", "YS01", phone="+8610000000102")
    await begun(house, liaison)
    deputy.send("/request")
    await deputy.expect(where=lambda m: m.has("专利预审"))
    deputy.press("专利预审")
    await deputy.expect(where=lambda m: m.has("继续填写"))
    deputy.press("继续填写")
    await deputy.expect("技术领域")
    liaison.send("H04L")
    await liaison.expect(where=lambda m: STALE in m.text)
    deputy.send("G06F")
    await deputy.expect("拟定IPC")
    liaison.send("H04L 9/32")
    await liaison.expect(where=lambda m: STALE in m.text)
    await liaison.expect("拟定IPC")
    async with house.database.tx() as tx:
        draft = await drafts.lock(tx, 1)
    assert draft is not None
    assert draft.answers["tech_field"] == "G06F"
    assert "ipc" not in draft.answers


async def test_a_press_on_one_question_answers_no_other(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await begun(house, liaison)
    async with house.database.tx() as tx:
        draft = await drafts.lock(tx, 1)
    assert draft is not None
    press = liaison.press_data(f"pick.1_stage:1:{draft.rev:x}", liaison.last)
    assert (await press.answered()).text == STALE


async def test_an_old_page_discards_nothing(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await begun(house, liaison)
    press = liaison.press_data("discard:1:0", liaison.last)
    assert (await press.answered()).text == STALE
    liaison.send("H04L")
    await liaison.expect("拟定IPC")


async def test_a_refused_file_reaches_nobody(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    await at_files(house, liaison)
    liaison.send_document("年报.pdf", b"MZ\x90\x00\x03 not what it says")
    await liaison.expect("未接收")
    liaison.press("完成")
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")
    word = await officer.expect("见附件")
    officer.press("查看进度", word)
    page = await officer.expect("办理经过")
    assert not page.has("查看附件")
    officer.send("/help")
    await officer.expect("使用说明")
    assert [m for m in officer.messages() if m.document] == []


async def test_a_reply_to_a_list_is_no_answer(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    await filed(house, liaison)
    officer.press("受理", await officer.expect("新申请"))
    await officer.expect(where=lambda m: m.has("办结"))
    officer.send("/desk")
    page = await officer.expect("待办件")
    officer.send("明天开会讨论", reply_to=page)
    await officer.expect("菜单")
    async with house.database.read() as tx:
        [request] = await requests.list_of_base(tx, 1, 5)
    assert request.state == "accepted"


async def test_halfway_through_enrolling_whatever_is_typed_shows_the_next_screen(house: House) -> None:
    liaison = house.newcomer("林知行（演示）")
    liaison.start(await house.invite(Role.LIAISON, "林知行（演示）", "YS01"))
    await liaison.expect(where=lambda m: m.has("同意处理上述信息"))
    liaison.send("你好")
    await liaison.expect(where=lambda m: m.has("同意处理上述信息"))


async def test_chatter_in_a_group_is_left_alone(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    group = house.server.world.group("工作群", members=[liaison], with_bot=True)
    liaison.send("大家好", chat=group)
    liaison.send("/requests", chat=group)
    await liaison.expect(chat=group)
    assert len([m for m in group.messages() if m.from_bot]) == 1
