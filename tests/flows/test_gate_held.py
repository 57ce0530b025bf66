"""What was found in a file is mended or answered for by name; until then it goes no further (Article 9)."""

import pytest

from bot.rehearsal.faults import Delay
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.notices import Subject
from domain.people import Role
from domain.uploads import Attachment, State
from storage import attachments, audit
from tests import papers
from tests.flows.conftest import House
from tests.flows.gate import Desk, at_the_desk, kept_files, until
from tests.handlers.extraction.making import package, pdf, zipped

NAME = "名单.docx"
WARNED = papers.letter("联系人林某，手机 13800138000。")
RESIDENT = papers.sheet(["姓名", "身份证号"], ["林某", "11010519491231002X"])
SETTLED = "该文件已处理"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MACROS = package({"word/document.xml": ("application/vnd.ms-word.document.macroEnabled.main+xml", "<x/>")})
LOCKED = pdf(
    {1: "<</Type/Catalog>>", 2: "<</Filter/Standard/V 1/R 2/O(a)/U(b)/P 0>>"}, trailer="/Encrypt 2 0 R"
)


@pytest.fixture
async def desk(house: House) -> Desk:
    return await at_the_desk(house)


@pytest.fixture
async def reviewer(house: House) -> Person:
    return await house.enrolled(Role.REVIEWER, "严守正（演示）", "YS01", phone="+8610000000103")


async def the_file(desk: Desk) -> Attachment:
    async with desk.house.database.read() as tx:
        return (await attachments.list_by(tx, range(1, 20)))[-1]


async def held(desk: Desk, content: bytes = WARNED, name: str = NAME) -> Seen:
    """The page on which its sender is asked, after the form was submitted."""
    desk.liaison.send_document(name, content)
    asked = await desk.liaison.expect("请核对后再使用")
    await desk.submit()
    await desk.officer.expect("见附件")
    return asked


async def erased(desk: Desk) -> None:
    """Raises TimeoutError unless the content leaves the disk."""

    async def gone() -> bool:
        return not kept_files(desk.house)

    await until(gone)


async def test_a_picture_goes_on_once_its_sender_has_looked_at_it(desk: Desk) -> None:
    asked = await held(desk, papers.picture(), "盖章页.png")
    assert "无法识别" in asked.text
    assert desk.given_to_officer() == []
    assert await desk.officer.press_data(asked.data("本人已核对")).answered()
    assert desk.given_to_officer() == []
    await desk.liaison.press("本人已核对", asked).answered()
    await desk.officer.expect(where=lambda m: m.document is not None)
    again = await desk.liaison.press_data(asked.data("本人已核对"), asked).answered()
    assert SETTLED in (again.text or "")
    assert SETTLED in ((await desk.liaison.press_data(asked.data("改好后重发"), asked).answered()).text or "")
    assert desk.given_to_officer() == ["盖章页.png"]
    file = await the_file(desk)
    assert (file.state, file.confirmed_by) == (State.KEPT, "林知行（演示）")


@pytest.mark.parametrize(
    ("content", "masked", "place"),
    [(WARNED, "138****8000", "第 1 段"), (RESIDENT, "1101**********002X", "第 2 行第 2 列")],
)
async def test_what_was_found_is_shown_masked_with_its_place(
    desk: Desk, content: bytes, masked: str, place: str
) -> None:
    asked = await held(desk, content)
    assert place in asked.text
    assert "13800138000" not in asked.text
    assert "11010519491231002X" not in asked.text
    assert "***" in asked.text
    assert asked.labels == ["请保密审查人确认", "改好后重发"]


async def test_the_reviewer_confirms_and_the_file_goes_on(desk: Desk, reviewer: Person) -> None:
    asked = await held(desk)
    desk.liaison.press("请保密审查人确认", asked)
    await desk.liaison.expect("严守正（演示）")
    question = await reviewer.expect("请您确认")
    assert "138****8000" in question.text
    reviewer.press("查看文件", question)
    assert (await reviewer.expect(where=lambda m: m.document is not None)).text == NAME
    assert desk.given_to_officer() == []
    await reviewer.press("确认可以报送", question).answered()
    await desk.liaison.expect("已确认")
    await desk.officer.expect(where=lambda m: m.document is not None)
    for word in ("确认可以报送", "请发送人修改", "查看文件"):
        late = await reviewer.press_data(question.data(word), question).answered()
        assert SETTLED in (late.text or ""), word
    file = await the_file(desk)
    assert (file.state, file.confirmed_by) == (State.KEPT, "严守正（演示）")
    async with desk.house.database.read() as tx:
        trail = await audit.trail(tx, Subject("attachment", file.id))
    assert [row["action"] for row in trail] == ["file_confirmed"]


async def test_the_reviewer_declines_and_the_content_is_erased(desk: Desk, reviewer: Person) -> None:
    asked = await held(desk)
    desk.liaison.press("请保密审查人确认", asked)
    question = await reviewer.expect("请您确认")
    await reviewer.press("请发送人修改", question).answered()
    await desk.liaison.expect("请您修改")
    await erased(desk)
    file = await the_file(desk)
    assert (file.state, file.sha256, file.findings) == (State.REFUSED, None, ())
    assert SETTLED in (
        (await reviewer.press_data(question.data("确认可以报送"), question).answered()).text or ""
    )
    assert desk.given_to_officer() == []


async def test_the_reviewers_are_asked_once(desk: Desk, reviewer: Person) -> None:
    asked = await held(desk)
    for press in [desk.liaison.press_data(asked.data("请保密审查人确认"), asked) for _ in range(3)]:
        await press.answered()
    await reviewer.expect("请您确认")
    await desk.house.server.world.drained()
    assert sum("请您确认" in m.text for m in reviewer.messages()) == 1


async def test_without_a_reviewer_here_their_name_is_recorded(desk: Desk) -> None:
    asked = await held(desk)
    desk.liaison.press("请保密审查人确认", asked)
    await desk.liaison.expect("保密审查人姓名")
    desk.liaison.send("严守正")
    await desk.liaison.expect(where=lambda m: m.has("提交"))
    desk.liaison.press("提交")
    await desk.liaison.expect("由严守正核对确认")
    await desk.officer.expect(where=lambda m: m.document is not None)
    assert (await the_file(desk)).confirmed_by == "严守正"


async def test_what_is_taken_back_is_erased_and_the_same_may_be_sent_again(desk: Desk) -> None:
    desk.liaison.send_document(NAME, WARNED)
    asked = await desk.liaison.expect("请核对后再使用")
    desk.liaison.press("改好后重发", asked)
    await desk.liaison.expect("已退回")
    desk.liaison.send_document(NAME, WARNED)
    again = await desk.liaison.expect("请核对后再使用")
    file = await the_file(desk)
    assert file.sha256 is not None
    desk.liaison.press("改好后重发", again)
    await desk.liaison.expect("已退回")
    await erased(desk)


async def test_a_content_that_another_file_has_stays(desk: Desk) -> None:
    first = await held(desk)
    desk.liaison.press("补充材料")
    await desk.liaison.expect("说明")
    desk.liaison.send("再次见附件")
    await desk.liaison.expect("附件")
    desk.liaison.send_document("副本.docx", WARNED)
    second = await desk.liaison.expect("请核对后再使用")
    await desk.liaison.press("改好后重发", second).answered()
    await desk.house.server.world.drained()
    assert len(kept_files(desk.house)) == 1
    await desk.liaison.press("改好后重发", first).answered()
    await erased(desk)


async def test_nobody_else_may_answer_for_it(house: House, desk: Desk, reviewer: Person) -> None:
    asked = await held(desk)
    desk.liaison.press("请保密审查人确认", asked)
    question = await reviewer.expect("请您确认")
    other = await house.enrolled(Role.REVIEWER, "谭慎（演示）", "YS02", phone="+8610000000203")
    deputy = await house.enrolled(Role.DEPUTY, "苏小溪（演示）", "YS01", phone="+8610000000102")
    stranger = house.newcomer("路人", "+8610000000999")
    stranger.start()
    await stranger.expect()
    ways = [question.data(word) for word in ("确认可以报送", "请发送人修改", "查看文件")]
    ways += [asked.data(word) for word in ("请保密审查人确认", "改好后重发")]
    ways.append(asked.data("请保密审查人确认").replace("held_ask", "held_own"))
    for person in (other, deputy, desk.officer, stranger):
        missing = await person.press_data("held_yes:zz:0").answered()
        for data in ways:
            assert (await person.press_data(data).answered()).text == missing.text, (person, data)
    for data in (*ways[:3], ways[-1]):  # nor does its sender stand in for the reviewer
        await desk.liaison.press_data(data, asked).answered()
    for data in ways[3:]:
        await reviewer.press_data(data, question).answered()
    assert (await the_file(desk)).state is State.HELD
    assert not any(m.document for p in (other, deputy, desk.officer) for m in p.messages() if m.from_bot)
    await reviewer.press("确认可以报送", question).answered()
    await desk.officer.expect(where=lambda m: m.document is not None)


async def test_what_is_submitted_before_it_was_looked_at_follows_when_it_was(desk: Desk) -> None:
    slow = desk.house.server.world.faults.add("getFile", Delay(1_000))
    desk.liaison.send_document("清单.pdf", papers.pdf())
    await desk.liaison.expect("正在检查", where=lambda m: m.has("完成"))
    await desk.submit()
    word = await desk.officer.expect("见附件")
    desk.officer.press("查看进度", word)
    page = await desk.officer.expect("办理经过")
    assert "清单" not in page.text
    assert "正在检查" in page.text
    desk.house.server.world.faults.remove(slow)
    await desk.officer.expect(where=lambda m: m.document is not None)
    assert desk.given_to_officer() == ["清单.pdf"]


async def test_a_held_file_is_named_to_its_sender_only(desk: Desk) -> None:
    await held(desk)
    desk.officer.press("查看进度")
    page = await desk.officer.expect("办理经过")
    assert "名单" not in page.text
    assert "待核对" in page.text
    desk.liaison.press("查看进度")
    assert NAME in (await desk.liaison.expect("办理经过")).text


async def test_a_clean_file_is_not_called_cleared(desk: Desk) -> None:
    desk.liaison.send_document("清单.docx", papers.letter("供需对接清单。"))
    told = await desk.liaison.expect("清单.docx")
    assert told.text == "清单.docx：未发现标志，不能代替保密审查。"


@pytest.mark.parametrize(
    ("name", "content", "instead"),
    [
        ("总结.doc", OLE, "请另存为 docx"),
        ("数据.xlsx", OLE, "请另存为 docx"),
        ("材料.zip", zipped({"a.docx": "x"}), "请直接发送其中的文件"),
        ("合同.pdf", LOCKED, "请去掉密码"),
        ("模板.docm", MACROS, "不含宏"),
        ("程序.exe", b"MZ\x90\x00" * 99, "可以发送 docx"),
    ],
)
async def test_what_is_not_taken_is_declined_with_what_to_do_instead(
    desk: Desk, name: str, content: bytes, instead: str
) -> None:
    desk.liaison.send_document(name, content)
    told = await desk.liaison.expect("未接收")
    assert instead in told.text
    assert kept_files(desk.house) == []
    assert (await the_file(desk)).state is State.REFUSED


async def test_the_officer_answers_for_their_own_file(desk: Desk) -> None:
    desk.officer.press("受理", await desk.officer.expect("新申请"))
    await desk.officer.expect(where=lambda m: m.has("回复"))
    desk.officer.press("回复")
    await desk.officer.expect("回复内容")
    desk.officer.send("清单见附件。")
    await desk.officer.expect("附件")
    desk.officer.send_document(NAME, WARNED)
    asked = await desk.officer.expect("请核对后再使用")
    desk.officer.press("完成")
    await desk.officer.expect(where=lambda m: m.has("提交"))
    desk.officer.press("提交")
    await desk.liaison.expect("清单见附件。")
    desk.officer.press("本人已核对", asked)
    assert NAME in (await desk.liaison.expect(where=lambda m: m.document is not None)).text
