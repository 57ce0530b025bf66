"""Lists and text are held against the figures: errors stop the report, doubts ask for a word that stays."""

from domain.annual_report import Move, State
from tests import papers
from tests.flows.conftest import House
from tests.flows.test_annual_fill import (
    FIGURES,
    SECTIONS,
    TOLD,
    YEAR,
    Liaison,
    begun,
    explain_all,
    lines,
    moved,
)

HEAD = ["合同编号", "类型", "专利号", "金额（万元）", "签订日期"]
RIGHT, WRONG = "ZL202310123456.6", "ZL202310123456.7"
SOLD = {"I14": "1", "I15": "1", "I16": "500", "I28": "1"}


async def attach(liaison: Liaison, name: str, data: bytes, read: str) -> None:
    await liaison.home()
    await liaison.press("附件材料", "附件材料", "添加附件")
    await liaison.press("添加附件", "文件", "完成")
    liaison.person.send_document(name, data)
    await liaison.sees("未发现标志")
    await liaison.press("完成", "已附 1 个", "提交")
    liaison.person.press("提交")
    await liaison.sees(read)


async def test_a_list_and_the_text_are_checked_before_the_report_goes_on(house: House) -> None:
    liaison = await begun(house)
    await liaison.paste(lines(FIGURES | SOLD | {duty.code: "是" for duty in TOLD.duties}))
    await liaison.press("确认", "是非项：5/5")
    for section in SECTIONS:
        await liaison.home()
        await liaison.press("文字部分", "文字部分")
        await liaison.press(section.title.zh, "本节文字")
        text = "本年度转让合同金额480万元。" if section.key == "operation" else "略。"
        await liaison.say(text, "文字部分")

    row = ["ZR-1", "转让", WRONG, "500", f"{YEAR}-05-06"]
    await attach(liaison, "合同清单.xlsx", papers.sheet(HEAD, row), "合同 1 项")
    await explain_all(liaison)
    page = await liaison.home()
    assert not page.has("送本单位审查")
    page = await liaison.press("数据核对", "专利号有误")
    assert "请改正：附表中专利号有误" in page.text
    assert "请确认：“三、市场化运营做法与成效”中写的是“转让合同金额480万元”" in page.text
    assert "说明：情况属实。" in page.text

    await liaison.home()
    await liaison.press("附件材料", "合同清单.xlsx", "移除 1")
    await liaison.press("移除 1", "还没有文件")
    row[2] = RIGHT
    await attach(liaison, "合同清单.xlsx", papers.sheet(HEAD, row), "合同 1 项")
    page = await liaison.home()
    assert page.has("送本单位审查")
    await liaison.press("送本单位审查", "待本单位保密审查")
    report = await liaison.report()
    assert report.state is State.REVIEWING
    assert report.content.explanations["R21:I16"] == "情况属实。"
    await moved(liaison, Move.REVIEW)


async def test_the_text_as_a_document_is_read_too_and_named(house: House) -> None:
    liaison = await begun(house)
    await liaison.paste(lines(FIGURES | SOLD))
    await liaison.press("确认", "三种方式可以混用")
    await liaison.home()
    await liaison.press("文字部分", "文字部分")
    await liaison.press("上传整份文档", "文件", "完成")
    letter = papers.letter(
        "三、市场化运营做法与成效", "本年度转让合同金额480万元。", "七、问题、需求与下年计划"
    )
    liaison.person.send_document("总结.docx", letter)
    await liaison.sees("未发现标志")
    await liaison.press("完成", "已附 1 个", "提交")
    liaison.person.press("提交")
    await liaison.sees("正文分为 2 节", "数据核对")
    page = await liaison.press("数据核对", "转让合同金额480万元")
    assert "“三、市场化运营做法与成效”" in page.text
