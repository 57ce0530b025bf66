"""An annual report on three phones, as its people press and read: from the first nudge to the export."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from playwright.async_api import BrowserContext, Locator, Page, expect

from domain.annual_content import Part, Source
from domain.annual_editing import Editing, Written, enter
from domain.indicators import edition
from domain.people import Actor, Membership, Role
from storage import annual, bases, people
from storage.engine import Database, connect
from tests import papers
from tests.browser.conftest import WIDE, Contexts
from tests.browser.test_product import PATIENCE_MS, Handset, rehearsal
from tests.browser.test_upload_product import opened
from tests.flows.test_annual_fill import FIGURES, PERIOD, SECTIONS, YEAR

__all__ = ["rehearsal"]

DUTIES = {duty.code: "是" for duty in edition(YEAR).duties}
SOLD = {"I14": "2", "I15": "1", "I16": "500", "I24": "500", "I28": "2"}
TEXTS = {
    "overview": "本校由科技成果转化处统筹知识产权市场化运营，设专职人员，制度齐备。",
    "operation": "以专利转让为主，本年度转让合同金额480万元，另开展供需对接三次。",
}


class Walk:
    """The phones of the walk, and pictures of them, one a step."""

    def __init__(self, page: Page) -> None:
        self.liaison = Handset(page, "林知行", "zh_CN")
        self.reviewer = Handset(page, "苏小溪", "zh_CN")
        self.officer = Handset(page, "周明远", "zh_CN")
        self.page = page
        self._taken = 0

    async def shot(self, phone: Handset, name: str) -> None:
        if folder := os.environ.get("LIANLUO_SCREENSHOTS"):
            self._taken += 1
            await self.page.wait_for_timeout(300)
            await phone.root.screenshot(path=Path(folder) / f"annual-{self._taken:02}-{name}.png")


async def test_a_report_from_the_first_nudge_to_the_export(
    contexts: Contexts, rehearsal: str, tmp_path: Path
) -> None:
    database = await connect(f"sqlite:///{tmp_path}/var/rehearsal/lianluo.db")
    context = await contexts.get(viewport=WIDE)
    page = await context.new_page()
    try:
        await prepared(database)
        await page.goto(rehearsal)
        walk = Walk(page)
        await nudged(walk)
        await filled_in(walk)
        await checked(walk)
        await reviewed(walk)
        await submitted(walk, 1)
        await returned(walk)
        await changed(walk)
        await reviewed(walk)
        await submitted(walk, 2)
        await passed(walk)
        await sealed(walk, context, tmp_path)
        await accepted(walk)
        await exported(walk)
    finally:
        await page.close()
        await database.close()


async def prepared(database: Database) -> None:
    """The period, the text, and a phone for who reviews and is head: the demonstration has none."""
    now = round(time.time() * 1000)
    async with database.tx() as tx:
        base = await bases.by_code(tx, "YS01")
        assert base is not None
        [deputy] = [one.person for one in await people.holders(tx, [Role.DEPUTY], base.id)]
        await people.relieve_all(tx, [(deputy.id, Membership(Role.DEPUTY, base.id))], now)
        await people.appoint(tx, deputy.id, Membership(Role.REVIEWER, base.id), now)
        await people.appoint(tx, deputy.id, Membership(Role.HEAD, base.id), now)
        await annual.fix_period(tx, YEAR, PERIOD, 1, now)
        report = await annual.open_report(tx, base.id, YEAR, now)
        texts = {one.key: "本年度工作按计划完成。" for one in SECTIONS} | TEXTS
        written = [Written(Part.SECTION, key, text, Source.TYPED) for key, text in texts.items()]
        liaison = Actor(deputy.id, deputy.name, (Membership(Role.LIAISON, base.id),))
        assert await annual.save(tx, enter(report, written, Editing(liaison, now)), now) is not None


async def nudged(walk: Walk) -> None:
    page, liaison = walk.page, walk.liaison
    await page.get_by_role("button", name="到指定时间").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("日期和时间").fill(f"{YEAR}-12-08T09:00")
    await dialog.get_by_role("button", name="前往").click()
    await liaison.sees("年度总结")
    await expect(page.get_by_role("timer")).to_contain_text("12月8日", timeout=PATIENCE_MS)
    await walk.shot(liaison, "nudge")
    await liaison.press("继续填报")
    await liaison.sees("年度总结　填报中")
    await walk.shot(liaison, "home")


async def filled_in(walk: Walk) -> None:
    liaison = walk.liaison
    await liaison.press("填写数据")
    await liaison.sees("三种方式可以混用")
    await walk.shot(liaison, "figures")
    await liaison.press("粘贴清单")
    await liaison.sees("数据清单")
    told: Mapping[str, str] = FIGURES | SOLD | DUTIES
    await liaison.says("\n".join(f"{code} {text}" for code, text in told.items()))
    await liaison.sees("请核对")
    await walk.shot(liaison, "preview")
    await liaison.press("确认")
    await liaison.sees("是非项：5/5")
    await liaison.press("运用")
    await liaison.sees("转让合同金额")
    await walk.shot(liaison, "group")
    await liaison.turns_back()


async def checked(walk: Walk) -> None:
    """Two questions of the rules, a word to each."""
    liaison = walk.liaison
    await liaison.turns_back()
    await liaison.sees("待说明")
    await liaison.press("数据核对")
    await liaison.sees("年度数据核对")
    await walk.shot(liaison, "check")
    for n in (1, 2):
        await liaison.press(f"说明 {n}")
        await liaison.sees("取消")
        await liaison.says("同一件专利先后许可、转让，合同分别签订；正文按到账口径。")
        await liaison.sees(f"{n}. ")
    await walk.shot(liaison, "explained")
    await liaison.turns_back()
    await liaison.sees("送本单位审查")
    await liaison.press("送本单位审查")
    await liaison.sees("待本单位保密审查")
    await walk.shot(liaison, "sent")


async def reviewed(walk: Walk) -> None:
    """保密审查, then 审核: here one person is both."""
    reviewer = walk.reviewer
    await reviewer.sees("请进行保密审查")
    await walk.shot(reviewer, "review-asked")
    await reviewer.press("查看总结")
    await reviewer.press("审查通过")
    await reviewer.sees("请确认")
    await walk.shot(reviewer, "review-confirm")
    await reviewer.press("确认")
    await reviewer.sees("请审核")
    await reviewer.press("审核通过")
    await reviewer.press("确认")
    await reviewer.sees("目前无需您办理")
    await walk.shot(reviewer, "approved")


async def submitted(walk: Walk, version: int) -> None:
    liaison = walk.liaison
    await liaison.press("提交形式审查")
    await liaison.sees(f"第 {version} 版")
    await walk.shot(liaison, f"submit-{version}")
    await liaison.press("提交")
    await liaison.sees("报送回执")
    await walk.shot(liaison, f"receipt-{version}")


async def returned(walk: Walk) -> None:
    officer = walk.officer
    await officer.sees("请作形式审查")
    await walk.shot(officer, "submitted")
    await officer.press("查看总结")
    await officer.sees("待形式审查")
    await walk.shot(officer, "desk")
    await officer.press("核对说明")
    await officer.sees("单位说明")
    await walk.shot(officer, "findings")
    await officer.turns_back()
    await officer.press("数据")
    await officer.sees("I01")
    await walk.shot(officer, "read-figures")
    await officer.press("I01")
    await officer.says("请核对专职人员数，名录中登记为三人。")
    await officer.sees("一次性告知")
    await walk.shot(officer, "remarks")
    await officer.press("确认")
    await officer.sees("等待下一版")


async def changed(walk: Walk) -> None:
    liaison = walk.liaison
    await liaison.sees("请修改以下 1 处")
    await walk.shot(liaison, "returned")
    await liaison.press("查看总结")
    await liaison.press("修改意见")
    await liaison.press("知识产权专职人员数")
    await liaison.says("3")
    await liaison.sees("知识产权专职人员数：3")
    await walk.shot(liaison, "changed")
    await liaison.says("/report")
    await liaison.press("送本单位审查")
    await liaison.sees("待本单位保密审查")


async def passed(walk: Walk) -> None:
    officer = walk.officer
    await officer.sees("第 2 版")
    await officer.press("查看总结")
    await officer.sees("第 2 版 HZ")
    await officer.press("修改对照")
    await officer.sees("0 → 3")
    await walk.shot(officer, "what-changed")
    await officer.turns_back()
    await officer.press("通过形式审查")
    await officer.sees("请确认")
    await officer.press("确认")
    await officer.sees("待盖章件")
    await walk.shot(officer, "passed")


async def sealed(walk: Walk, context: BrowserContext, folder: Path) -> None:
    """The scan goes over the page; what is to be printed is fetched there too."""
    liaison = walk.liaison
    await liaison.sees("请打印、签字、盖章")
    await walk.shot(liaison, "to-seal")
    await liaison.press("数据表")
    await liaison.sees("24 小时内有效")
    await walk.shot(liaison, "paper-link")
    await liaison.says("/report")
    await liaison.press("上传盖章件")
    await liaison.press("安全上传页")
    await liaison.sees("/u/")
    upload = await opened(context, liaison)
    scan = folder / "盖章件.pdf"
    scan.write_bytes(papers.pdf())
    await upload.get_by_role("button", name="开始上传").click()
    await upload.get_by_label("选择文件").set_input_files(scan)
    entry: Locator = upload.get_by_role("listitem").filter(has_text="盖章件.pdf")
    await expect(entry).to_contain_text("未发现标志", timeout=PATIENCE_MS)
    await upload.get_by_role("button", name="完成").click()
    await upload.close()
    await liaison.sees("1. 盖章件.pdf")
    await liaison.press("完成")
    await liaison.press("提交")
    await liaison.sees("盖章件已到")
    await walk.shot(liaison, "sealed")


async def accepted(walk: Walk) -> None:
    officer, liaison = walk.officer, walk.liaison
    await officer.sees("盖章件")
    await officer.press("接收")
    await officer.sees("请确认")
    await walk.shot(officer, "accept-confirm")
    await officer.press("确认")
    await officer.sees("已接收")
    await walk.shot(officer, "accepted")
    await liaison.sees("本年度报送完成")
    await walk.shot(liaison, "done")


async def exported(walk: Walk) -> None:
    officer = walk.officer
    await officer.press("办理记录")
    await officer.sees("第 1/")
    await walk.shot(officer, "trace")
    await officer.says("/export")
    await officer.press(str(YEAR))
    await officer.sees("年度汇总已导出")
    await walk.shot(officer, "exported")
