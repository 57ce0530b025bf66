"""The clock in the header."""

from playwright.async_api import Page, expect

from bot.rehearsal import Person, RehearsalServer
from tests.browser.conftest import MORNING, TOKEN, Clock, Pages, Phone, Stage

HOUR, DAY = 3_600_000, 86_400_000


async def test_without_a_control_there_are_no_ways_to_move_it(pages: Pages) -> None:
    async with RehearsalServer(TOKEN, clock=lambda: MORNING) as server:
        server.world.person("张三", slot="liaison")
        page = await pages.open(server.url)
        await expect(page.get_by_role("timer")).to_contain_text("2026年11月23日 周一")
        await expect(page.get_by_role("button", name="+1 小时")).to_have_count(0)
        await pages.close()


async def test_an_hour_and_a_day_on(page: Page, clock: Clock, phone: Phone) -> None:
    await page.get_by_role("button", name="+1 小时").click()
    await expect(page.get_by_role("timer")).to_contain_text("10:00")
    await expect(phone.root.locator(".phone-time")).to_have_text("10:00")
    await page.get_by_role("button", name="+1 天").click()
    await expect(page.get_by_role("timer")).to_contain_text("11月24日 周二")
    assert clock.ms == MORNING + HOUR + DAY


async def test_to_the_next_thing_due(page: Page, clock: Clock) -> None:
    clock.due = [MORNING + 7 * DAY]
    await page.get_by_role("button", name="到下一到期").click()
    await expect(page.get_by_role("timer")).to_contain_text("11月30日")
    await page.get_by_role("button", name="到下一到期").click()
    await expect(page.locator(".toasts.page")).to_contain_text("目前没有到期事项")


async def test_to_a_date_with_a_stop_at_everything_due(page: Page, clock: Clock) -> None:
    clock.due = [MORNING + DAY, MORNING + 2 * DAY, MORNING + 30 * DAY]
    await page.get_by_role("button", name="到指定时间").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("下一到期：11月24日 09:00")
    await dialog.get_by_label("日期和时间").fill("2026-12-15T17:30")
    await dialog.get_by_role("button", name="前往").click()
    await expect(page.get_by_role("timer")).to_contain_text("2026年12月15日 周二17:30")
    assert clock.stops == [MORNING + DAY, MORNING + 2 * DAY, MORNING + 22 * DAY + 8 * HOUR + HOUR // 2]


async def test_the_way_can_be_stopped(page: Page, clock: Clock) -> None:
    clock.due = [MORNING + DAY]
    clock.gate.clear()
    await page.get_by_role("button", name="到指定时间").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("日期和时间").fill("2027-11-23T09:00")
    await dialog.get_by_role("button", name="前往").click()
    await expect(page.get_by_text("正在前往 11月23日 09:00")).to_be_visible()
    async with page.expect_response("**/control/clock"):
        await page.get_by_role("button", name="停下").click()
    clock.gate.set()
    await expect(page.get_by_role("button", name="+1 小时")).to_be_visible()
    assert clock.stops == [MORNING + DAY]


async def test_the_past_is_refused(page: Page, clock: Clock) -> None:
    await page.get_by_role("button", name="到指定时间").click()
    dialog = page.get_by_role("dialog")
    when = dialog.get_by_label("日期和时间")
    await when.evaluate("field => field.removeAttribute('min')")
    await when.fill("2026-11-01T09:00")
    await dialog.get_by_role("button", name="前往").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("时钟只能向前")
    assert clock.ms == MORNING


async def test_messages_of_another_day_stand_under_its_date(
    page: Page, clock: Clock, phone: Phone, stage: Stage, zhang: Person
) -> None:
    await page.get_by_role("button", name="+1 天").click()
    await expect(page.get_by_role("timer")).to_contain_text("11月24日")
    await stage.write(zhang, "提醒")
    await expect(phone.root.locator(".day")).to_have_text(["11月23日 周一", "11月24日 周二"])


async def test_a_clock_that_fails_says_so(page: Page, clock: Clock) -> None:
    async def advance(_: int) -> None:
        raise RuntimeError("磁盘已满")

    clock.advance = advance  # type: ignore[method-assign]
    await page.get_by_role("button", name="+1 小时").click()
    await expect(page.locator(".toasts.page")).to_contain_text("磁盘已满")
    await expect(page.get_by_role("button", name="+1 小时")).to_be_visible()
