"""The directory as the centre uses it, and what a base sees of the centre."""

from domain.bases import Status
from domain.cases import Section
from domain.people import Role
from domain.supply import Industry, Said, Side
from storage import bases, cases, people, supply
from storage.engine import Tx
from tests.flows.conftest import BASE, House
from tests.flows.test_bad_input import STALE


async def test_a_base_is_found_by_name_initials_city_and_batch(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    for wanted in ("蜀江", "sjlg", "成都", "蜀江 第一批", "YS01"):
        officer.send(f"/bases {wanted}")
        page = await officer.expect(f"查找：{wanted}")
        assert "蜀江理工（演示）" in page.labels
        assert "涪川材料院（演示）" not in page.labels
    officer.press("全部基地")
    await officer.expect(where=lambda m: m.has("涪川材料院（演示）"))
    officer.press("查找")
    await officer.expect("查找内容")
    officer.send("绵阳")
    page = await officer.expect("查找：绵阳")
    assert page.labels[0] == "涪川材料院（演示）"
    officer.send("/bases 没有的单位")
    await officer.expect("没有找到")


async def test_the_list_is_paged_and_an_old_page_turns_to_nothing_wrong(house: House) -> None:
    async with house.database.tx() as tx:
        await _many(tx)
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    officer.send("/bases")
    first = await officer.expect("第 1/3 页")
    officer.press("下一页")
    second = await officer.expect("第 2/3 页")
    assert set(first.labels[:8]).isdisjoint(second.labels[:8])
    officer.press("下一页")
    assert not (await officer.expect("第 3/3 页")).has("下一页")
    officer.send("/bases 绵阳")
    await officer.expect("查找：绵阳")
    assert (await officer.press("上一页", officer.refreshed(second)).answered()).text == STALE


async def test_a_base_that_nobody_can_be_reached_of_comes_first_and_is_marked(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer.send("/bases")
    page = await officer.expect("1 家暂未联系上")
    assert page.labels[:2] == ["涪川材料院（演示）", "蜀江理工（演示）"]
    assert page.text.count("暂未联系上") == 2


async def test_a_card_counts_what_else_is_open_for_its_base_and_nothing_of_others(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    said = Said("石墨烯改性电极材料", "循环寿命长。", (Industry.MATERIALS,))
    async with house.database.tx() as tx:
        for base_id, number in ((1, "GX-2026-0001"), (1, "GX-2026-0002"), (2, "GX-2026-0003")):
            await supply.add(tx, number, base_id, Side.OFFER, said, 1, 1)
        await cases.add(tx, "AL-2026-0001", 1, "先评估后质押", dict.fromkeys(Section, "略。"), 1, 1)
    officer.send("/bases 蜀江")
    await officer.expect("共 1 家")
    officer.press("蜀江理工（演示）")
    page = await officer.expect("责任处室")
    assert "供需信息：2\n未发布的案例：1" in page.text
    assert "未点“收到”的通知" not in page.text


async def test_the_last_contact_blocks_the_bot_and_the_counterpart_hears_of_it_once(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    other = await house.enrolled(Role.OFFICER, "许若宁（演示）", phone="+8610000000902")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await _counterpart(house, officer.id)
    liaison.block()
    told = await officer.expect("暂未联系上")
    assert "林知行（演示）" in told.text
    assert told.has("电话记录")
    liaison.unblock()
    liaison.send("/menu")
    await liaison.expect("蜀江理工")
    liaison.block()
    await officer.expect("暂未联系上")
    await house.server.world.drained()
    assert sum("暂未联系上" in m.text for m in officer.messages()) == 2
    assert not any("暂未联系上" in m.text for m in other.messages())


async def test_status_and_counterpart_are_kept_with_their_history(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer.send("/bases 蜀江")
    officer.press("蜀江理工（演示）", await officer.expect("查找：蜀江"))
    officer.press("指定对接人", await officer.expect("未指定"))
    await officer.expect(where=lambda m: m.has("周明远（演示）"))
    officer.press("周明远（演示）")
    await officer.expect("中心对接人：周明远")
    officer.press("变更状态")
    await officer.expect("新状态")
    officer.press("期满")
    await officer.expect("变更原因")
    officer.send("建设期届满，验收通过。")
    await officer.expect(where=lambda m: m.has("提交"))
    officer.press("提交")
    await officer.expect("状态：期满")
    officer.press("建设期止")
    await officer.expect("建设期止")
    officer.send("2026-12-31")
    await officer.expect(where=lambda m: m.has("提交"))
    officer.press("提交")
    await officer.expect("至12月31日")
    officer.press("状态沿革")
    page = await officer.expect("建设期届满")
    assert "周明远" in page.text
    async with house.database.read() as tx:
        [change] = await bases.statuses(tx, 1)
        base = await bases.get(tx, 1)
    assert (change.status, change.reason) == (Status.EXPIRED, "建设期届满，验收通过。")
    assert (base.status, base.project_end) == (Status.EXPIRED, "2026-12-31")

    liaison.send("/contacts")
    page = await liaison.expect("本基地对接人")
    assert "周明远（演示）" in page.text
    assert BASE.department in page.text


async def test_the_centre_looks_a_contact_up_by_name_or_base(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await house.enrolled(Role.LIAISON, "蒋晓岚（演示）", "YS02", phone="+8610000000201")
    for wanted in ("林知行", "sjlg", "成都"):
        officer.send(f"/contacts {wanted}")
        page = await officer.expect(f"查找：{wanted}")
        assert "林知行（演示）" in page.text
        assert "蒋晓岚" not in page.text


async def _counterpart(house: House, telegram_id: int) -> None:
    async with house.database.tx() as tx:
        person = await people.by_telegram(tx, telegram_id)
        assert person is not None
        await bases.set_counterpart(tx, 1, person.id)


async def _many(tx: Tx) -> None:
    from dataclasses import replace

    await bases.add_all(
        tx,
        [
            replace(BASE, code=f"YS{n}", short_name=f"第{n}基地", name=f"第{n}基地", uscc=f"U{n}")
            for n in range(10, 26)
        ],
    )
