"""Enrolment: nobody gets in who was not invited, and the number shown is the sender's own."""

import re

from bot.clock import SystemClock
from domain.people import Membership, Role
from storage import bases, people
from tests.flows.conftest import House


async def test_a_stranger_gets_a_polite_explanation_and_nothing_else(house: House) -> None:
    stranger = house.newcomer("路人")
    stranger.start()
    seen = await stranger.expect("省知识产权中心")
    assert seen.buttons == []
    for act in ("/menu", "/desk", "年度总结", "你好"):
        stranger.send(act)
        assert (await stranger.expect("省知识产权中心")).text == seen.text


async def test_each_step_is_recorded_and_the_two_consents_are_apart(house: House) -> None:
    liaison = house.newcomer("林知行（演示）")
    liaison.start(await house.invite(Role.LIAISON, "林知行（演示）", "YS01"))
    first = await liaison.expect(where=lambda m: m.has("同意处理上述信息"))
    assert not first.has("单独同意")
    liaison.press("同意处理上述信息")
    second = await liaison.expect(where=lambda m: m.has("单独同意"))
    assert not second.has("同意处理上述信息")
    liaison.press("单独同意")
    await liaison.expect(where=lambda m: bool(liaison.keyboard))
    liaison.share_contact()
    await liaison.expect("登记完成")
    async with house.database.read() as tx:
        person = await people.by_telegram(tx, liaison.id)
        assert person is not None
        consents = await people.consents(tx, person.id)
    assert [(c.kind, c.version) for c in consents] == [
        ("processing", "2026-11"),
        ("cross_border", "2026-11"),
    ]
    assert (person.name, person.phone_shared) == ("林知行（演示）", "+8610000000101")


async def test_whoever_declines_is_told_of_the_other_ways_and_is_not_enrolled(house: House) -> None:
    liaison = house.newcomer("林知行（演示）")
    liaison.start(await house.invite(Role.LIAISON, "林知行（演示）", "YS01"))
    await liaison.expect(where=lambda m: m.has("不使用，改用电话/邮箱"))
    liaison.press("不使用，改用电话/邮箱")
    await liaison.expect("电话")
    async with house.database.read() as tx:
        assert await people.by_telegram(tx, liaison.id) is None


async def test_anothers_contact_and_a_forwarded_one_are_refused(house: House) -> None:
    other = house.newcomer("别人", phone="+8610000000909")
    liaison = house.newcomer("林知行（演示）")
    liaison.start(await house.invite(Role.LIAISON, "林知行（演示）", "YS01"))
    await liaison.expect(where=lambda m: m.has("同意处理上述信息"))
    liaison.press("同意处理上述信息")
    await liaison.expect(where=lambda m: m.has("单独同意"))
    liaison.press("单独同意")
    await liaison.expect(where=lambda m: bool(liaison.keyboard))
    liaison.share_contact_of(other)
    await liaison.expect("本人")
    liaison.forward_contact(liaison, by=other)
    await liaison.expect("本人")
    liaison.share_contact()
    await liaison.expect("登记完成")


async def test_a_number_that_differs_is_no_refusal_and_an_officer_is_asked_to_call(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    base_id = await _base_id(house)
    async with house.database.tx() as tx:
        person_id = await people.add(tx, "林知行（演示）", 1, phone="+8610000000777")
        await people.appoint(tx, person_id, Membership(Role.LIAISON, base_id), 1)
    code = await house.invite(Role.LIAISON, "林知行（演示）", "YS01")
    liaison = house.newcomer("林知行（演示）")
    liaison.start(code)
    for word in ("同意处理上述信息", "单独同意"):
        await liaison.expect(where=lambda m, word=word: m.has(word))
        liaison.press(word)
    await liaison.expect(where=lambda m: bool(liaison.keyboard))
    liaison.share_contact()
    await liaison.expect("登记完成")
    await officer.expect("林知行（演示）", where=lambda m: m.has("已致电核对"))
    officer.press("已致电核对")
    await officer.expect("林知行（演示）")
    async with house.database.read() as tx:
        person = await people.by_telegram(tx, liaison.id)
    assert person is not None
    assert person.phone_check == "confirmed"


async def test_a_code_is_good_once_and_for_who_opened_it_first(house: House) -> None:
    code = await house.invite(Role.LIAISON, "林知行（演示）", "YS01")
    first, second = house.newcomer("林知行（演示）"), house.newcomer("冒名者", phone="+8610000000909")
    first.start(code)
    await first.expect(where=lambda m: m.has("同意处理上述信息"))
    second.start(code)
    refused = await second.expect()
    assert not refused.has("同意处理上述信息")
    assert "林知行" not in refused.text
    for word in ("同意处理上述信息", "单独同意"):
        first.press(word)
        await first.expect()
    first.share_contact()
    await first.expect("登记完成")
    first.start(code)
    again = await first.expect()
    assert "登记完成" not in again.text


async def test_an_expired_code_says_so(house: House) -> None:
    liaison = house.newcomer("林知行（演示）")
    async with house.database.tx() as tx:
        now = SystemClock().now()
        person_id = await people.add(tx, "林知行（演示）", now)
        code = await people.invite(tx, person_id, Role.OFFICER, None, now=now - 2, expires_at=now - 1)
    liaison.start(code)
    assert "过期" in (await liaison.expect()).text or "有效期" in liaison.last.text


async def test_guessing_is_stopped_and_even_the_right_code_waits_then(house: House) -> None:
    guesser = house.newcomer("猜码者")
    answers = []
    for n in range(20):
        guesser.start(f"guess-{n:02}")
        answers.append((await guesser.expect()).text)
    assert len(set(answers[:5])) == 1
    assert len(set(answers[5:])) == 1
    assert answers[5] != answers[4]
    guesser.start(await house.invite(Role.OFFICER, "周明远（演示）"))
    assert (await guesser.expect()).text == answers[5]


async def test_codes_are_stored_hashed(house: House) -> None:
    code = await house.invite(Role.OFFICER, "周明远（演示）")
    async with house.database.tx() as tx:
        rows = await people.q.lock_invitation(tx, code_hash=code)
        found = await people.lock_invitation(tx, code)
    assert rows is None
    assert found is not None
    assert re.fullmatch(r"[\w-]{22}", code)


async def _base_id(house: House) -> int:
    async with house.database.read() as tx:
        base = await bases.by_code(tx, "YS01")
    assert base is not None
    return base.id
