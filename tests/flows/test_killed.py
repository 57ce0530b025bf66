"""kill -9 right after each act: the form goes on at its step, the request in its state, nothing doubled."""

from bot.rehearsal.people import Person
from domain import catalogue
from domain.people import Role
from storage import requests
from tests.flows.conftest import BotProcess, House
from tests.flows.test_story import ANSWERS

PATIENCE = 20.0
"""Seconds: a start takes its time on a machine that does other things too."""

Mortal = tuple[House, BotProcess]


async def test_the_form_goes_on_after_a_kill_at_every_step(mortal: Mortal) -> None:
    house, process = mortal
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    liaison.press("专利预审")
    await process.reborn()
    for step in catalogue.form(catalogue.service("S301")).steps:
        prompt = await liaison.expect(step.label.zh, timeout=PATIENCE)
        words = {choice.key: choice.words.zh for choice in step.choices}
        value = ANSWERS[step.key]
        if value is None:
            liaison.press("跳过", prompt)
        elif value in words:
            liaison.press(words[value], prompt)
        else:
            liaison.send(value)
        await process.reborn()
    review = await liaison.expect(where=lambda m: m.has("提交"), timeout=PATIENCE)
    liaison.press("提交", review)
    await process.reborn()
    await liaison.expect("申请已收到", timeout=PATIENCE)
    async with house.database.read() as tx:
        [request] = await requests.list_of_base(tx, 1, 5)
    assert request.answers == ANSWERS


async def test_a_request_goes_on_after_a_kill_in_every_state(mortal: Mortal) -> None:
    house, process = mortal
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await file_request(house, liaison)
    new = await officer.expect("新申请")
    officer.press("受理", new)
    await process.reborn()
    page = await officer.expect(where=lambda m: m.has("办结"), timeout=PATIENCE)
    await liaison.expect("已受理", timeout=PATIENCE)

    await move(officer, process, "补正", page, "登记簿副本", finish="完成", skip=True)
    asked = await liaison.expect("1. 登记簿副本", timeout=PATIENCE)
    await move(liaison, process, "补充材料", asked, "见附件", skip=True)
    word = await officer.expect("见附件", timeout=PATIENCE)
    await move(officer, process, "回复", word, "可以提交预审", skip=True)
    await liaison.expect("可以提交预审", timeout=PATIENCE)
    done = await officer.expect(where=lambda m: m.has("办结"), timeout=PATIENCE)
    await move(officer, process, "办结", done, None, skip=True)
    await liaison.expect("已办结", timeout=PATIENCE)

    async with house.database.read() as tx:
        [request] = await requests.list_of_base(tx, 1, 5)
        thread = await requests.thread(tx, request.id)
    assert [said.kind for said in thread] == ["accept", "supplement", "say", "answer", "close"]


async def move(
    person: Person,
    process: BotProcess,
    label: str,
    page: object,
    text: str | None,
    *,
    finish: str | None = None,
    skip: bool = False,
) -> None:
    """Press a move's button and go through its form, with a kill after the last press."""
    person.press(label, page)
    if text is not None:
        await person.expect(where=lambda m: m.has("取消"), timeout=PATIENCE)
        person.send(text)
    if finish is not None:
        await person.expect(where=lambda m: m.has(finish), timeout=PATIENCE)
        person.press(finish)
    if skip:
        await person.expect(where=lambda m: m.has("跳过"), timeout=PATIENCE)
        person.press("跳过")
    review = await person.expect(where=lambda m: m.has("提交"), timeout=PATIENCE)
    person.press("提交", review)
    await process.reborn()


async def file_request(house: House, liaison: Person) -> None:
    from tests.flows.test_story import fill_in

    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    liaison.press("专利预审")
    await fill_in(house, liaison)
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")
    await liaison.expect("申请已收到")


async def test_a_stop_finishes_what_is_in_hand_and_a_start_goes_on(mortal: Mortal) -> None:
    house, process = mortal
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    before = len(house.server.world.calls.executed("sendMessage"))
    for _ in range(10):
        liaison.send("/help")
    await liaison.expect("使用说明")
    assert await process.stop() == 0
    await process.start()
    await house.server.world.expect_call("sendMessage", times=before + 10, timeout=PATIENCE)
    await house.server.world.drained()
    assert len(house.server.world.calls.executed("sendMessage")) == before + 10
