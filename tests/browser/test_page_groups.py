"""Groups with topics on the page."""

from playwright.async_api import Page, expect

from bot.rehearsal import Person
from tests.browser.conftest import Pages, Phone, Stage


async def test_a_group_with_topics_is_made_and_talked_in(
    pages: Pages, stage: Stage, zhang: Person, li: Person
) -> None:
    page = await pages.open(stage.server.url)
    phone, other = Phone(page, zhang), Phone(page, li)
    await phone.button("返回").click()
    await phone.button("新建群组").click()
    await fill(page, "群组名称", "工作群", "创建")
    await phone.button("工作群", exact=False).click()
    await phone.button("新话题").click()
    await fill(page, "话题名称", "FW-2026-0001", "创建")
    await phone.button("FW-2026-0001", exact=False).click()
    await phone.say("这件我来办")
    await expect(phone.row("这件我来办")).to_be_visible()
    await other.button("返回").click()
    await other.button("工作群", exact=False).click()
    await other.button("FW-2026-0001", exact=False).click()
    await expect(other.row("这件我来办").locator(".sender")).to_have_text("张三")
    group = next(iter(stage.world.groups.values()))
    assert (group.messages()[-1].text, group.messages()[-1].topic) == ("这件我来办", group.topics[0].id)


async def fill(page: Page, label: str, text: str, verb: str) -> None:
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(label).fill(text)
    await dialog.get_by_role("button", name=verb).click()
    await expect(dialog).to_have_count(0)


async def test_the_bot_opens_renames_closes_and_deletes_a_topic(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    group = stage.world.group("工作群", members=[zhang], forum=True)
    await phone.button("返回").click()
    await phone.button("工作群", exact=False).click()
    topic = await stage.call("createForumTopic", chat_id=group.id, name="新件")
    where = {"chat_id": group.id, "message_thread_id": topic["message_thread_id"]}
    await expect(phone.button("新件", exact=False)).to_be_visible()
    await stage.call("editForumTopic", name="旧件", **where)
    await expect(phone.button("旧件", exact=False)).to_be_visible()
    await stage.call("closeForumTopic", **where)
    await phone.button("旧件 · 已关闭", exact=False).click()
    await expect(phone.root.get_by_role("heading", name="旧件")).to_be_visible()
    await stage.call("deleteForumTopic", **where)
    await expect(phone.root.get_by_role("heading", name="聊天")).to_be_visible()


async def test_a_topics_messages_stay_in_it(phone: Phone, stage: Stage, zhang: Person) -> None:
    group = stage.world.group("工作群", members=[zhang], forum=True)
    first, second = group.topic("甲"), group.topic("乙")
    await phone.button("返回").click()
    await phone.button("工作群", exact=False).click()
    await phone.button("甲", exact=False).click()
    for topic, text in ((first, "属于甲"), (second, "属于乙")):
        await stage.call("sendMessage", chat_id=group.id, message_thread_id=topic.id, text=text)
    for _ in range(2):
        await expect(phone.row("属于甲")).to_be_visible()
        await expect(phone.row("属于乙")).to_have_count(0)
        await phone.button("返回").click()
        await phone.button("甲", exact=False).click()


async def test_what_is_unread_elsewhere_is_counted_until_it_is_opened(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    group = stage.world.group("工作群", members=[zhang])
    await expect(phone.field).to_be_visible()
    for text in ("一", "二"):
        await stage.call("sendMessage", chat_id=group.id, text=text)
    back = phone.root.get_by_role("button", name="返回")
    await expect(back.locator(".badge")).to_have_text("2")
    await back.click()
    await expect(phone.root.get_by_label("2 条未读")).to_be_visible()
    await phone.button("工作群", exact=False).click()
    await back.click()
    await expect(phone.button("工作群", exact=False)).to_be_visible()
    await expect(phone.root.get_by_label("2 条未读")).to_have_count(0)


async def test_acts_in_a_group_reach_its_messages(phone: Phone, stage: Stage, zhang: Person) -> None:
    group = stage.world.group("工作群", members=[zhang])
    await phone.button("返回").click()
    await phone.button("工作群", exact=False).click()
    await phone.say("初稿")
    await phone.choose(phone.row("初稿"), "编辑")
    await phone.say("定稿")
    await expect(phone.row("定稿")).to_be_visible()
    dialog = await phone.attach("文件…", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    await dialog.get_by_role("button", name="发送").click()
    await expect(phone.row("a.txt")).to_be_visible()
    await phone.choose(phone.row("定稿"), "删除")
    await expect(phone.row("定稿")).to_have_count(0)
    assert [one.text or one.document for one in group.messages()[1:]] == [group.messages()[-1].document]


async def test_a_press_in_a_group_is_of_its_message(phone: Phone, stage: Stage, zhang: Person) -> None:
    group = stage.world.group("工作群", members=[zhang], forum=True)
    await phone.button("返回").click()
    await phone.button("工作群", exact=False).click()
    await phone.button("综合", exact=False).click()
    keyboard = {"inline_keyboard": [[{"text": "接收", "callback_data": "t"}]]}
    sent = await stage.call("sendMessage", chat_id=group.id, text="新件", reply_markup=keyboard)
    await phone.button("接收").click()
    await expect(phone.button("接收")).to_have_attribute("aria-busy", "true")
    query = stage.world.updates.pending[-1].body["callback_query"]
    assert (query["message"]["chat"]["id"], query["message"]["message_id"]) == (group.id, sent["message_id"])
