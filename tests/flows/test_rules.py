"""The Measures in the chat: by article, by word, and until when they are in force."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.people import Role
from tests.flows.conftest import House


def house_today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


async def test_an_article_is_read_by_its_number_and_by_turning_the_pages(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/rules")
    page = await liaison.expect("参考版本")
    assert "第八条　责任处室、联络员与沟通机制" in page.text
    liaison.press("9")
    assert "12月15日前" in (await liaison.expect("第九条")).text
    liaison.press("10")
    await liaison.expect("典型经验和典型案例总结")
    liaison.press("管理办法")
    await liaison.expect("请点条号看原文")
    liaison.send("/rules 第七条")
    page = await liaison.expect("一站式")
    assert {"6", "8", "管理办法", "返回"} <= set(page.labels)


async def test_a_word_finds_its_articles_and_a_word_that_is_nowhere_is_told_so(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/rules 质押")
    page = await liaison.expect("提到“质押”的条文")
    assert "质押融资" in page.text
    liaison.press("7")
    await liaison.expect("第七条　中心的指导与服务")
    for wanted in ("区块链", "第十二条", "<b>" * 300):
        liaison.send(f"/rules {wanted}")
        await liaison.expect("请换一个词")


async def test_once_issued_everybody_reads_until_when_and_the_admin_how_many_days(house: House) -> None:
    admin = await house.enrolled(Role.ADMIN, "钱维安（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    admin.send("/settings")
    await admin.expect("印发日期：未设定")
    admin.press("管理办法印发日期")
    await admin.expect("正式印发之日")
    admin.send("昨天印发")
    await admin.expect("日期")
    issued = house_today() - timedelta(days=30)
    admin.send(issued.isoformat())
    await admin.expect("请核对")
    admin.press("提交")
    await admin.expect("已保存")

    until = issued.replace(year=issued.year + 2)
    admin.send("/rules")
    assert f"还有 {(until - house_today()).days} 天" in (await admin.expect("印发")).text
    liaison.send("/rules")
    page = await liaison.expect("有效期至")
    assert "还有" not in page.text
    assert "参考版本" not in page.text


async def test_it_reads_well_in_english(house: House) -> None:
    house.language_code = "en"
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/rules article 8")
    page = await liaison.expect("Article 8: Department, liaison and exchanges")
    assert "a liaison officer" in page.text
    assert "明确对接责任处室" in page.text
