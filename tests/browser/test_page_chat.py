"""A chat on the page: what is written, answered, changed and taken back."""

import re

import pytest
from playwright.async_api import expect

from bot.rehearsal import Person, Seen
from tests.browser.conftest import NARROW, EchoBot, Pages, Phone, Stage

HOSTILE = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"


async def test_a_message_goes_out_and_its_answer_comes(phone: Phone, stage: Stage) -> None:
    bot = EchoBot(stage)
    await phone.say("年度总结")
    await expect(phone.row("回声：年度总结")).to_be_visible()
    await expect(phone.field).to_have_value("")
    await bot.stop()


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "/start"), ("A7K2", "/start A7K2"), ("https://t.me/lianluo_bot?start=B-9_x", "/start B-9_x")],
)
async def test_starting_with_a_code_a_link_or_neither(
    pages: Pages, stage: Stage, li: Person, typed: str, told: str
) -> None:
    phone = Phone(await pages.open(stage.server.url), li)
    await phone.root.get_by_label("邀请码（可不填）").fill(typed)
    await phone.button("开始").click()
    await expect(phone.row(told)).to_be_visible()
    await expect(phone.field).to_be_visible()
    assert li.last.text == told


async def test_one_tick_until_the_bot_has_read_it(phone: Phone, stage: Stage) -> None:
    await phone.say("在吗")
    tick = phone.row("在吗").get_by_role("img")
    await expect(tick).to_have_accessible_name("已送达")
    await stage.bot_reads()
    await expect(tick).to_have_accessible_name("已读")
    await phone.button("返回").click()
    await phone.root.get_by_role("listitem").get_by_role("button").click()
    await expect(tick).to_have_accessible_name("已读")


async def test_a_bubble_tells_the_time_of_the_rehearsal(phone: Phone, stage: Stage, zhang: Person) -> None:
    await stage.write(zhang, "早")
    await expect(phone.row("早").locator("time")).to_have_text("09:00")
    await expect(phone.root.locator(".day")).to_have_text("11月23日 周一")


async def test_formatting_is_shown(phone: Phone, stage: Stage, zhang: Person) -> None:
    html = (
        "😀 <b>粗<i>斜</i></b> <u>线</u> <s>删</s> <code>x&lt;1</code> "
        '<a href="https://example.org/a">链接</a><blockquote>引文</blockquote>'
    )
    await stage.write(zhang, html)
    words = phone.row("粗").locator(".words")
    for tag, text in [("strong", "粗斜"), ("strong em", "斜"), ("u", "线"), ("s", "删"), ("code", "x<1")]:
        await expect(words.locator(tag)).to_have_text(text)
    await expect(words.locator("blockquote")).to_have_text("引文")
    await expect(words.get_by_role("link")).to_have_attribute("href", "https://example.org/a")
    await expect(words.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")


async def test_a_spoiler_is_hidden_until_it_is_pressed(phone: Phone, stage: Stage, zhang: Person) -> None:
    await stage.write(zhang, "答：<tg-spoiler>四十二</tg-spoiler>")
    spoiler = phone.row("答").locator(".spoiler")
    await expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    await phone.button("显示隐藏内容").press("Enter")
    await expect(spoiler).not_to_have_css("color", "rgba(0, 0, 0, 0)")


async def test_a_long_quote_unfolds(phone: Phone, stage: Stage, zhang: Person) -> None:
    lines = "\n".join(f"第{number}条" for number in range(9))
    await stage.write(zhang, f"<blockquote expandable>{lines}</blockquote>")
    quote = phone.root.locator("blockquote")
    folded = (await quote.bounding_box() or {"height": 0})["height"]
    await phone.button("展开").click()
    assert (await quote.bounding_box() or {"height": 0})["height"] > folded
    await expect(phone.button("收起")).to_have_attribute("aria-expanded", "true")


async def test_hostile_html_stays_text(pages: Pages, stage: Stage) -> None:
    person = stage.world.person(HOSTILE, slot=HOSTILE)
    person.start()
    person.send(HOSTILE)
    person.send_document(f"{HOSTILE}.html", b"x")
    group = stage.world.group(HOSTILE, members=[person], forum=True)
    group.topic(HOSTILE)
    page = await pages.open(stage.server.url)
    phone = Phone(page, person)
    await expect(phone.row(HOSTILE).first).to_be_visible()
    await phone.button("返回").click()
    await phone.root.get_by_role("button").filter(has_text=HOSTILE).last.click()
    await expect(phone.root.get_by_role("listitem").filter(has_text=HOSTILE)).to_be_visible()
    await expect(page.get_by_role("heading", level=2)).to_contain_text(HOSTILE)
    assert await page.evaluate("window.hit") is None
    assert await page.locator("script").count() == 1


async def test_a_dangerous_link_is_no_link(phone: Phone, stage: Stage, zhang: Person) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 2, "url": "javascript:window.hit=1"}
    stage.world.post(
        stage.world.state.chats[zhang.id], stage.world.bot, {"text": "点我", "entities": [entity]}
    )
    await phone.row("点我").get_by_text("点我").click()
    await expect(phone.row("点我").get_by_role("link")).to_have_count(0)
    assert await phone.page.evaluate("window.hit") is None


async def test_replying_from_the_menu(phone: Phone, stage: Stage, zhang: Person) -> None:
    asked = await stage.write(zhang, "联系电话？")
    await phone.choose(phone.row("联系电话？"), "回复")
    await phone.say("028-0000-1101")
    await expect(phone.row("028-0000-1101").locator(".quote")).to_contain_text("联系电话？")
    assert zhang.last.reply_to == asked["message_id"]
    await phone.say("第二句")
    assert (await zhang_said(phone, zhang, "第二句")).reply_to is None


async def zhang_said(phone: Phone, zhang: Person, text: str) -> Seen:
    await expect(phone.row(text)).to_be_visible()
    return zhang.last


async def test_a_bot_that_wants_a_reply_gets_one(phone: Phone, stage: Stage, zhang: Person) -> None:
    asked = await stage.call(
        "sendMessage", chat_id=zhang.id, text="名称？", reply_markup={"force_reply": True}
    )
    await expect(phone.root.locator(".composer-banner")).to_contain_text("名称？")
    await phone.say("蜀江理工")
    assert (await zhang_said(phone, zhang, "蜀江理工")).reply_to == asked["message_id"]


async def test_swiping_to_the_left_replies(pages: Pages, stage: Stage, zhang: Person) -> None:
    await stage.write(zhang, "请确认")
    page = await pages.open(stage.server.url, NARROW, has_touch=True, is_mobile=True)
    phone = Phone(page, zhang)
    box = await phone.row("请确认").locator(".words").bounding_box()
    assert box
    touch = await page.context.new_cdp_session(page)
    for kind, x in [("touchStart", 100), ("touchMove", 60), ("touchMove", 10), ("touchEnd", None)]:
        points = [] if x is None else [{"x": x, "y": box["y"] + 5}]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    await expect(phone.root.locator(".composer-banner")).to_contain_text("请确认")


async def test_editing_ones_own_message_in_place(phone: Phone, zhang: Person) -> None:
    await phone.say("初稿")
    await phone.say("别的")
    await phone.choose(phone.row("初稿"), "编辑")
    await expect(phone.field).to_have_value("初稿")
    await phone.say("定稿")
    await expect(phone.rows.nth(1)).to_contain_text("定稿")
    await expect(phone.row("定稿").locator(".edited")).to_have_text("已编辑")
    await expect(phone.row("初稿")).to_have_count(0)
    assert [one.text for one in zhang.messages()] == ["/start", "定稿", "别的"]


async def test_the_bots_edit_changes_the_message_where_it_is(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    first = await stage.write(zhang, "第 1 步", [{"text": "下一步", "callback_data": "n"}])
    await stage.write(zhang, "另一条")
    await stage.call("editMessageText", chat_id=zhang.id, message_id=first["message_id"], text="第 2 步")
    await expect(phone.rows.nth(1)).to_contain_text("第 2 步")
    await expect(phone.button("下一步")).to_have_count(0)


async def test_deleting_on_either_side(phone: Phone, stage: Stage, zhang: Person) -> None:
    sent = await stage.write(zhang, "请删除")
    await phone.say("我也删")
    await stage.call("deleteMessage", chat_id=zhang.id, message_id=sent["message_id"])
    await expect(phone.row("请删除")).to_have_count(0)
    await phone.choose(phone.row("我也删"), "删除")
    await expect(phone.row("我也删")).to_have_count(0)
    assert [one.text for one in zhang.messages()] == ["/start"]


async def test_typing_is_seen_until_the_message_comes(phone: Phone, stage: Stage, zhang: Person) -> None:
    await stage.call("sendChatAction", chat_id=zhang.id, action="typing")
    await expect(phone.root.get_by_text("正在输入…")).to_be_visible()
    await stage.write(zhang, "好")
    await expect(phone.root.get_by_text("正在输入…")).to_have_count(0)


async def test_the_menu_lists_the_bots_commands(phone: Phone, stage: Stage, zhang: Person) -> None:
    await expect(phone.button("菜单")).to_be_hidden()
    commands = [{"command": "menu", "description": "主页"}, {"command": "help", "description": "帮助"}]
    await stage.call("setMyCommands", commands=commands)
    await phone.button("菜单").click()
    await phone.button("/help 帮助").click()
    await expect(phone.row("/help")).to_be_visible()
    await phone.field.fill("/me")
    await expect(phone.root.locator(".suggestions button")).to_have_text(["/menu主页"])
    await phone.field.press("ArrowUp")
    await phone.page.keyboard.press("Enter")
    await expect(phone.row("/menu")).to_be_visible()


async def test_a_command_in_a_text_is_sent_when_pressed(phone: Phone, stage: Stage, zhang: Person) -> None:
    await stage.write(zhang, "用 /request 提出申请")
    await phone.row("提出申请").get_by_role("button", name="/request").click()
    await expect(phone.row(re.compile(r"^/request"))).to_be_visible()


async def test_a_reaction_is_shown(phone: Phone, stage: Stage, zhang: Person) -> None:
    await phone.say("已交")
    await expect(phone.row("已交")).to_be_visible()
    reaction = [{"type": "emoji", "emoji": "👌"}]
    await stage.call(
        "setMessageReaction", chat_id=zhang.id, message_id=zhang.last.message_id, reaction=reaction
    )
    await expect(phone.row("已交").locator(".reactions")).to_have_text("👌")


async def test_a_pinned_message_stands_above(phone: Phone, stage: Stage, zhang: Person) -> None:
    sent = await stage.write(zhang, "本周日程")
    await stage.call("pinChatMessage", chat_id=zhang.id, message_id=sent["message_id"])
    await expect(phone.root.locator(".pinned")).to_contain_text("本周日程")
    await stage.call("unpinChatMessage", chat_id=zhang.id)
    await expect(phone.root.locator(".pinned")).to_be_hidden()


async def test_shift_and_enter_begins_a_line_and_a_draft_waits(phone: Phone, zhang: Person) -> None:
    await phone.field.fill("一")
    await phone.field.press("Shift+Enter")
    await phone.field.press_sequentially("二")
    await phone.button("返回").click()
    await phone.root.get_by_role("listitem").get_by_role("button").click()
    await expect(phone.field).to_have_value("一\n二")
    await phone.field.press("Enter")
    assert (await zhang_said(phone, zhang, "二")).text == "一\n二"


async def test_more_than_a_message_holds_goes_as_several(phone: Phone, zhang: Person) -> None:
    await phone.say("长" * 5000)
    await expect(phone.rows).to_have_count(3)
    assert [len(one.text) for one in zhang.messages()[1:]] == [4096, 904]


async def test_what_cannot_be_done_is_said_and_the_text_stays(
    phone: Phone, zhang: Person, pages: Pages
) -> None:
    pages.failing = True
    await expect(phone.field).to_be_visible()
    await phone.say("\u200b")
    await expect(phone.toast).to_contain_text("未能完成")
    await expect(phone.field).to_have_value("\u200b")
    assert zhang.last.text == "/start"
