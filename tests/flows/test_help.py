"""Help: by role, and about the question that is open."""

import pytest

from domain.people import Role
from handlers.help import TOPICS
from messages.catalog import Catalog
from tests.flows.conftest import House


async def test_a_liaison_is_told_what_liaisons_do_and_an_officer_what_officers_do(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison.send("/help")
    page = await liaison.expect("也可以直接写下问题")
    assert {"服务申请", "年度总结", "文件与脱密", "变更与暂离"} <= set(page.labels)
    assert not {"办理申请", "系统设置", "发布通知"} & set(page.labels)
    assert "/request　" in page.text
    assert "/desk" not in page.text
    officer.send("/help")
    page = await officer.expect("办理结果由这里告知对方")
    assert {"办理申请", "总结审查与汇总", "基地名录", "发布通知"} <= set(page.labels)
    assert not {"变更与暂离", "系统设置"} & set(page.labels)
    assert "/desk　" in page.text


async def test_in_the_middle_of_a_form_help_speaks_of_its_question_and_leads_back(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/profile")
    await liaison.expect("我的信息")
    liaison.press("暂离")
    asked = await liaison.expect("第 1/", where=lambda m: m.has("取消"))
    liaison.send("/help")
    page = await liaison.expect("您正在填写：")
    assert "第 1/" in page.text
    assert "请输入日期" in page.text
    assert "联络员变更与暂离" in page.text
    liaison.press("继续填写")
    again = await liaison.expect("第 1/", where=lambda m: m.has("取消"))
    assert again.text == asked.text


async def test_every_subject_that_is_offered_opens_and_leads_back(house: House) -> None:
    person = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    words = {Catalog().label(f"topic_{one.key}", "zh_CN") for one in TOPICS}
    person.send("/help")
    page = await person.expect("请选择要了解的事项")
    for word in [label for label in page.labels if label in words]:
        person.press(word)
        heading = "通知与提醒" if word == "通知与提醒" else "（第"
        await person.expect(heading, where=lambda m: m.has("使用说明"))
        person.press("使用说明")
        await person.expect("请选择要了解的事项")


@pytest.mark.parametrize("forged", ["help.settings:0:0", "help.nothing:0:0", "help.<b>:0:0"])
async def test_a_subject_of_others_is_not_opened_by_a_forged_press(house: House, forged: str) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/help")
    page = await liaison.expect("请选择要了解的事项")
    answer = await liaison.press_data(forged, page).answered()
    assert answer.text
    assert liaison.last.text == page.text
