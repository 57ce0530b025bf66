"""代录 and 电话记录: what comes by telephone, mail or on paper is on record, and the base is told."""

from domain import catalogue
from domain.people import Role
from storage import attachments, calls, requests
from tests import papers
from tests.flows.conftest import House
from tests.flows.test_bad_input import filed
from tests.flows.test_story import ANSWERS


async def test_a_request_on_paper_is_filed_and_continued_for_a_base(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    officer.press("基地名录")
    await officer.expect(where=lambda m: m.has("蜀江理工（演示）"))
    officer.press("蜀江理工（演示）")
    page = await officer.expect("林知行（演示）", where=lambda m: m.has("代录申请"))
    assert "科技成果转化处" in page.text
    officer.press("代录申请")
    await officer.expect(where=lambda m: m.has("专利预审"))
    officer.press("专利预审")
    await officer.expect("来源")
    officer.press("纸质")
    await officer.expect("收到日期")
    officer.send("2026-11-20")
    for step in catalogue.form(catalogue.service("S301")).steps:
        await officer.expect(step.label.zh)
        value = ANSWERS[step.key]
        words = {choice.key: choice.words.zh for choice in step.choices}
        if value is None:
            officer.press("跳过")
        elif value in words:
            officer.press(words[value])
        else:
            officer.send(value)
    await officer.expect("原件")
    officer.send_document("申请函.pdf", papers.pdf())
    await officer.expect("申请函.pdf：未发现标志")
    officer.press("完成")
    await officer.expect(where=lambda m: m.has("提交"))
    officer.press("提交")
    filed = await officer.expect("已代录")
    assert "纸质" in filed.text
    told = await liaison.expect("申请已代录")
    assert "11月20日" in told.text

    officer.press("代录补充", filed)
    await officer.expect("来源")
    officer.press("电话")
    await officer.expect("收到日期")
    officer.send("2026-11-21")
    await officer.expect("说明")
    officer.send("对方来电补充：分类号以函件为准。")
    await officer.expect("原件")
    officer.press("跳过")
    await officer.expect(where=lambda m: m.has("提交"))
    officer.press("提交")
    await liaison.expect("分类号以函件为准")

    async with house.database.read() as tx:
        [request] = await requests.list_of_base(tx, 1, 5)
        thread = await requests.thread(tx, request.id)
        files = await attachments.list_of_request(tx, request.id)
    assert (request.source, request.received_on) == ("paper", "2026-11-20")
    assert request.answers == ANSWERS
    assert [(s.kind, s.body["source"]) for s in thread] == [("say", "phone")]
    assert [f.name for f in files] == ["申请函.pdf"]


async def test_a_call_is_recorded_with_what_was_promised_by_when(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    officer.press("基地名录")
    await officer.expect(where=lambda m: m.has("涪川材料院（演示）"))
    officer.press("涪川材料院（演示）")
    await officer.expect(where=lambda m: m.has("电话记录"))
    officer.press("电话记录")
    for asked, said in (
        ("通话对象", "谭嘉禾"),
        ("通话日期", "2026-11-20"),
        ("通话时间", "25:00"),
        ("10:20", "10:20"),
        ("通话结果", "已接通，答复将以邮件报送。"),
        ("约定事项", "报送年度总结"),
        ("约定完成日期", "2030-12-10"),
    ):
        await officer.expect(asked)
        officer.send(said)
    await officer.expect(where=lambda m: m.has("提交"))
    officer.press("提交")
    page = await officer.expect("最近的电话记录")
    assert "谭嘉禾" in page.text
    async with house.database.read() as tx:
        [call] = await calls.list_of_base(tx, 2, 5)
    assert (call.spoke_with, call.promise, call.promised_on) == ("谭嘉禾", "报送年度总结", "2030-12-10")
    assert call.called_at == 1_795_141_200_000


async def test_a_liaison_records_nothing_for_others(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/bases")
    page = await liaison.expect()
    for op in ("file_for", "call", "base", "record"):
        answer = await liaison.press_data(f"{op}:2:0", page).answered()
        assert answer.text == page.text
    assert not any("涪川" in m.text for m in liaison.messages())


async def test_an_officer_invites_somebody_of_a_base_and_the_older_link_ends(house: House) -> None:
    old = await house.invite(Role.LIAISON, "林知行（演示）", "YS01")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    officer.send("/bases")
    await officer.expect(where=lambda m: m.has("蜀江理工（演示）"))
    officer.press("蜀江理工（演示）")
    await officer.expect(where=lambda m: m.has("邀请 林知行（演示）"))
    officer.press("邀请 林知行（演示）")
    link = await officer.expect("?start=")
    liaison = house.newcomer("林知行（演示）")
    liaison.start(old)
    assert not (await liaison.expect()).has("同意处理上述信息")
    liaison.start(link.text.split("?start=")[1].split()[0])
    await liaison.expect(where=lambda m: m.has("同意处理上述信息"))


async def test_whoever_records_for_a_base_says_who_has_looked_at_what_the_gate_remarks_on(
    house: House,
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    await filed(house, liaison)
    officer.press("代录补充", await officer.expect("新申请"))
    for asked, said in (("来源", "电话"), ("收到日期", "2026-11-21"), ("说明", "请致电13800138000联系。")):
        await officer.expect(asked)
        officer.send(said)
    officer.press("跳过", await officer.expect("原件"))
    await officer.expect("保密审查人姓名")
    officer.send("严守正")
    officer.press("提交", await officer.expect("138****8000", where=lambda m: m.has("提交")))
    liaison.press("查看进度", await liaison.expect("已代录补充内容"))
    await liaison.expect("保密审查人姓名  严守正")

    officer.send("/bases YS02")
    officer.press("涪川材料院（演示）", await officer.expect("查找：YS02"))
    officer.press("电话记录", await officer.expect(where=lambda m: m.has("电话记录")))
    answers = ("谭嘉禾", "2026-11-20", "10:20", "手机13800138000可联系。")
    for asked, said in zip(("通话对象", "通话日期", "通话时间", "通话结果"), answers, strict=True):
        await officer.expect(asked)
        officer.send(said)
    for asked in ("约定事项", "约定完成日期"):
        officer.press("跳过", await officer.expect(asked))
    await officer.expect("保密审查人姓名")
    officer.send("严守正")
    officer.press("提交", await officer.expect(where=lambda m: m.has("提交")))
    await officer.expect("保密审查人姓名：严守正")
