"""What the page lives through: restarts, two tabs, long chats, another page that tries to act."""

from pathlib import Path

from playwright.async_api import expect

from bot.rehearsal import Person, RehearsalServer
from tests.browser.conftest import TOKEN, Clock, EchoBot, Pages, Phone, Stage


async def test_a_restart_of_the_bot(phone: Phone, stage: Stage) -> None:
    first = EchoBot(stage)
    status = phone.page.locator("#status")
    await expect(status).to_have_text("机器人在线")
    await first.stop()
    await phone.say("等你回来")
    await expect(status).to_have_text("机器人未连接")
    second = EchoBot(stage)
    await expect(phone.row("回声：等你回来")).to_be_visible()
    await expect(status).to_have_text("机器人在线")
    await second.stop()


async def test_a_restart_of_the_server(phone: Phone, stage: Stage, zhang: Person, pages: Pages) -> None:
    pages.failing = True
    await phone.field.fill("写到一半")
    await stage.server.stop()
    await expect(phone.page.locator("#status")).to_have_text("连接中断，正在重连…")
    stage.world.post(stage.world.state.chats[zhang.id], stage.world.bot, {"text": "期间的消息"})
    await stage.server.start()
    await expect(phone.row("期间的消息")).to_be_visible(timeout=10_000)
    await expect(phone.field).to_have_value("写到一半")
    await expect(phone.field).to_be_focused()


async def test_a_second_start_finds_the_same_chats(pages: Pages, tmp_path: Path) -> None:
    kept, clock = tmp_path / "rehearsal" / "world.json", Clock()
    async with RehearsalServer(TOKEN, clock=clock, kept_at=kept) as first:
        zhang = first.world.person("张三", slot="liaison")
        zhang.start("CODE")
        zhang.send_document("年报.pdf", b"%PDF-1.7")
    async with RehearsalServer(TOKEN, clock=clock, kept_at=kept) as second:
        phone = Phone(await pages.open(second.url), zhang)
        await expect(phone.row("/start CODE")).to_be_visible()
        async with phone.page.expect_download() as downloading:
            await phone.root.get_by_role("link", name="下载 年报.pdf").click()
        assert (await (await downloading.value).path()).read_bytes() == b"%PDF-1.7"
        await pages.close()


async def test_two_tabs_show_the_same(phone: Phone, stage: Stage, zhang: Person) -> None:
    other = Phone(await phone.page.context.new_page(), zhang)
    await other.page.goto(stage.server.url)
    await phone.say("甲")
    await other.say("乙")
    await expect(phone.row("乙")).to_be_visible()
    await phone.choose(phone.row("甲"), "编辑")
    await phone.say("丙")
    await expect(other.row("丙")).to_be_visible()
    await stage.write(zhang, "请确认", [{"text": "确认", "callback_data": "c"}])
    await phone.button("确认").click()
    query = (await stage.call("getUpdates"))[-1]["callback_query"]
    await stage.call("answerCallbackQuery", callback_query_id=query["id"], text="好", show_alert=True)
    await expect(phone.alert).to_be_visible()
    await expect(other.alert).to_have_count(0)


async def test_five_hundred_messages_come_at_once_without_lag(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    await expect(phone.field).to_be_visible()
    chat, bot = stage.world.state.chats[zhang.id], stage.world.bot
    for number in range(500):
        stage.world.post(chat, bot, {"text": f"第 {number} 条"})
    await expect(phone.row("第 499 条")).to_be_in_viewport()
    await expect(phone.rows).to_have_count(501)
    typed = [await phone.field.evaluate(TYPE_AND_MEASURE) for _ in range(5)]
    assert min(typed) < 100  # ms from a key to the frame that shows it; the machine may be busy besides


TYPE_AND_MEASURE = """field => new Promise(done => {
    const begin = performance.now();
    field.value = '字';
    field.dispatchEvent(new Event('input', {bubbles: true}));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
})"""


async def test_a_long_chat_is_loaded_on_the_way_up(pages: Pages, stage: Stage, zhang: Person) -> None:
    chat, bot = stage.world.state.chats[zhang.id], stage.world.bot
    for number in range(500):
        stage.world.post(chat, bot, {"text": f"第 {number} 条"})
    phone = Phone(await pages.open(stage.server.url), zhang)
    await expect(phone.rows).to_have_count(60)
    await expect(phone.row("第 499 条")).to_be_in_viewport()
    log = phone.root.get_by_role("log")
    for count in (120, 180):
        await log.evaluate("log => log.scrollTo(0, 0)")
        await expect(phone.rows).to_have_count(count)
    await expect(phone.row("第 439 条")).to_have_count(1)
    await phone.button("到最新消息").click()
    await expect(phone.row("第 499 条")).to_be_in_viewport()


async def test_reading_above_is_not_disturbed_by_what_comes_below(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    for number in range(40):
        stage.world.post(stage.world.state.chats[zhang.id], stage.world.bot, {"text": f"第 {number} 条"})
    await expect(phone.row("第 39 条")).to_be_in_viewport()
    await phone.root.get_by_role("log").evaluate("log => log.scrollTo(0, 0)")
    await stage.write(zhang, "新消息")
    await expect(phone.row("新消息")).to_have_count(1)
    await expect(phone.row("/start")).to_be_in_viewport()
    await expect(phone.row("新消息")).not_to_be_in_viewport()


async def test_another_page_cannot_act(pages: Pages, stage: Stage, zhang: Person) -> None:
    pages.failing = True
    page = await pages.open(stage.server.url)
    await page.route("http://evil.example/", lambda route: route.fulfill(body="<title>evil</title>"))
    await page.goto("http://evil.example/")
    await page.evaluate(
        "url => fetch(url, {method: 'POST', mode: 'no-cors', body: '{\"text\": \"伪造\"}'}).catch(() => 0)",
        f"{stage.server.control_url}/people/{zhang.id}/send",
    )
    assert zhang.last.text == "/start"
    pages.complaints.clear()


PUT_IN = """() => {
    try { document.body.innerHTML = '<b>x</b>' } catch (error) { return error.name }
}"""


async def test_no_script_may_be_put_in(phone: Phone, pages: Pages) -> None:
    await expect(phone.field).to_be_visible()
    refused = await phone.page.evaluate(PUT_IN)
    assert refused == "TypeError"
    assert "TrustedHTML" in pages.complaints.pop()
