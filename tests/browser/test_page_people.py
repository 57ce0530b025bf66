"""The people: their phones side by side or behind tabs, new ones, blocking, the page's language."""

import pytest
from playwright.async_api import ViewportSize, expect

from bot.rehearsal import Person
from tests.browser.conftest import NARROW, WIDE, Pages, Phone, Stage


@pytest.fixture
def four(stage: Stage, zhang: Person) -> list[Person]:
    names = {"deputy": "副岗", "officer": "经办", "supervisor": "主管"}
    return [zhang, *[stage.world.person(name, slot=slot) for slot, name in names.items()]]


async def test_four_phones_stand_side_by_side(pages: Pages, stage: Stage, four: list[Person]) -> None:
    page = await pages.open(stage.server.url)
    for person, role in zip(four, ("联络员", "备岗联络员", "经办人", "中心负责人"), strict=True):
        phone = Phone(page, person)
        await expect(phone.root).to_be_in_viewport(ratio=1)
        await expect(phone.root.get_by_role("heading", level=2)).to_contain_text(role)
    await expect(page.get_by_role("tablist")).to_be_hidden()


async def test_a_narrow_page_shows_one_phone_and_tabs(pages: Pages, stage: Stage, four: list[Person]) -> None:
    page = await pages.open(stage.server.url, NARROW)
    phone, other = Phone(page, four[0]), Phone(page, four[2])
    await expect(phone.root).to_be_visible()
    await expect(other.root).to_be_hidden()
    four[2].start()
    await stage.write(four[2], "待办")
    tab = page.get_by_role("tab", name="经办人")
    await expect(tab.locator(".badge")).to_have_text("1")
    await tab.click()
    await expect(other.row("待办")).to_be_in_viewport()
    await expect(phone.root).to_be_hidden()
    await expect(tab.locator(".badge")).to_be_hidden()
    await tab.press("ArrowRight")
    await expect(page.get_by_role("tab", name="中心负责人")).to_have_attribute("aria-selected", "true")


async def test_only_those_with_a_slot_have_phones(pages: Pages, stage: Stage, zhang: Person) -> None:
    stage.world.person("路人")
    page = await pages.open(stage.server.url)
    await expect(page.get_by_role("region")).to_have_count(1)


async def test_a_person_is_added_from_the_page(pages: Pages, stage: Stage, zhang: Person) -> None:
    page = await pages.open(stage.server.url)
    await page.get_by_role("button", name="添加人物").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("姓名").fill("王五（演示）")
    await dialog.get_by_label("身份（可不填）").fill("责任处室负责人")
    await dialog.get_by_label("手机号（可不填）").fill("+8610000000103")
    await dialog.get_by_label("聊天软件语言").select_option("English")
    await dialog.get_by_role("button", name="添加", exact=True).click()
    await expect(page.get_by_role("region", name="王五（演示）的手机")).to_contain_text("责任处室负责人")
    added = list(stage.world.people.values())[-1].user
    assert (added.phone, added.language_code) == ("+8610000000103", "en")


async def test_a_name_must_be_given(pages: Pages, stage: Stage, zhang: Person) -> None:
    page = await pages.open(stage.server.url)
    await page.get_by_role("button", name="添加人物").click()
    await page.get_by_role("dialog").get_by_role("button", name="添加", exact=True).click()
    await expect(page.get_by_role("dialog").get_by_label("姓名")).to_be_focused()
    assert len(stage.world.people) == 1


async def test_blocking_the_bot_and_unblocking_it(phone: Phone, stage: Stage, zhang: Person) -> None:
    await phone.button("更多").click()
    await phone.root.get_by_role("menuitem", name="屏蔽机器人").click()
    await expect(phone.button("解除屏蔽")).to_be_visible()
    await expect(phone.field).to_have_count(0)
    assert zhang.user.blocked
    await phone.button("解除屏蔽").click()
    await expect(phone.field).to_be_visible()
    statuses = [
        update.body["my_chat_member"]["new_chat_member"]["status"] for update in stage.world.updates.pending
    ]
    assert statuses == ["kicked", "member"]


async def test_the_pages_own_words_change_language_and_stay_so(
    pages: Pages, stage: Stage, zhang: Person
) -> None:
    page = await pages.open(stage.server.url)
    await Phone(page, zhang).field.fill("草稿")
    await page.get_by_role("button", name="Switch the page to English").click()
    await expect(page.get_by_role("heading", level=2)).to_contain_text("Liaison")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("草稿")
    await page.reload()
    await expect(page.get_by_role("heading", level=2)).to_contain_text("Liaison")


async def test_the_bot_speaks_to_each_in_their_language(pages: Pages, stage: Stage, zhang: Person) -> None:
    john = stage.world.person("John", language_code="en", slot="guest")
    await stage.call("setMyName", name="联络")
    await stage.call("setMyName", name="Liaison bot", language_code="en")
    await stage.call("setMyDescription", description="Ask for a service here.", language_code="en")
    phone = Phone(await pages.open(stage.server.url), john)
    await expect(phone.root.get_by_role("heading", name="Liaison bot")).to_be_visible()
    await expect(phone.root).to_contain_text("Ask for a service here.")


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
async def test_demo_is_on_every_screen(
    pages: Pages, stage: Stage, zhang: Person, viewport: ViewportSize
) -> None:
    zhang.send_photo()
    page = await pages.open(stage.server.url, viewport)
    phone = Phone(page, zhang)
    mark = page.get_by_text("演示", exact=False)
    await expect(mark.first).to_be_in_viewport()
    await phone.button("查看照片").click()
    await expect(page.get_by_role("dialog").get_by_text("演示")).to_be_in_viewport()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="添加人物").click()
    await expect(page.get_by_role("dialog").get_by_text("演示")).to_be_in_viewport()
    assert "演示" in await page.title()
