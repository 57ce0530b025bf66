"""The centre sees who is missing and reminds those chosen; the briefing, the board, the picture."""

from collections.abc import Callable
from dataclasses import replace

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.annual_report import State
from domain.people import Role
from storage import bases, obligations
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.autumn import Autumn
from tests.flows.conftest import BASE, OTHER_BASE

NOON = "2026-12-07T12:00"


async def an_office(autumn: Autumn) -> tuple[Person, Person, Person]:
    """An officer and the liaisons of the two bases, the day before T-7."""
    house = autumn.house
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    other = await house.enrolled(Role.LIAISON, "蒋晓岚（演示）", "YS02", phone="+8610000000201")
    await autumn.at(NOON)
    return officer, liaison, other


def having(label: str) -> Callable[[Seen], bool]:
    return lambda message: message.has(label)


async def pressed(person: Person, label: str, expected: str) -> Seen:
    person.press(label)
    return await person.expect(where=having(expected))


async def test_those_chosen_are_reminded_once_that_day_whoever_presses_again(autumn: Autumn) -> None:
    label, say = autumn.house.label, autumn.say
    async with autumn.running():
        officer, liaison, other = await an_office(autumn)
        await autumn.bring(2, State.DRAFT)
        officer.send("/outstanding")
        page = await officer.expect(where=having(label("choose_all")))
        assert f"{label('standing_not_started')} 1" in page.labels
        assert f"{label('standing_draft')} 1" in page.labels
        await pressed(officer, f"{label('standing_draft')} 1", OTHER_BASE.short_name)
        await pressed(officer, OTHER_BASE.short_name, f"√ {OTHER_BASE.short_name}")
        sure = await pressed(officer, label("nudge_ask"), label("confirm"))
        assert OTHER_BASE.short_name in sure.text
        assert BASE.short_name not in sure.text
        before = autumn.heard(liaison)
        officer.press(label("confirm"), sure)
        officer.press(label("confirm"), sure)
        await officer.expect(say("已安排提醒", "on their way"))
        await autumn.at("2026-12-07T12:01")
        await autumn.at("2026-12-07T12:02")
        assert autumn.heard(other) == [*before, say("年度总结填报提醒", "Annual summary: still in draft")]
        assert autumn.heard(liaison) == before

        officer.send("/outstanding")
        await officer.expect(where=having(label("choose_all")))
        sure = await pressed(officer, label("choose_all"), label("confirm"))
        first, _, rest = sure.text.partition(say("今日已提醒", "Reminded today already"))
        assert BASE.short_name in first
        assert OTHER_BASE.short_name in rest
        officer.press(label("confirm"), sure)
        await officer.expect(say("已安排提醒", "on their way"))
        await autumn.at("2026-12-07T12:03")
        assert len(autumn.heard(liaison)) == len(autumn.heard(other)) == len(before) + 1
        await autumn.at("2026-12-08T09:00")  # the ladder's own day comes nevertheless
        assert len(autumn.heard(liaison)) == len(autumn.heard(other)) == len(before) + 2
        await autumn.house.server.world.drained()
        assert check_calls(autumn.house.server.world.calls.all) == []


async def test_what_changed_since_the_names_were_shown_is_shown_anew(autumn: Autumn) -> None:
    label, say = autumn.house.label, autumn.say
    async with autumn.running():
        officer, liaison, other = await an_office(autumn)
        officer.send("/outstanding")
        await officer.expect(where=having(label("choose_all")))
        sure = await pressed(officer, label("choose_all"), label("confirm"))
        heard = autumn.heard(liaison) + autumn.heard(other)
        await autumn.bring(1, State.SUBMITTED)
        answer = await officer.press(label("confirm"), sure).answered()
        assert say("页面已更新", "has been updated") in answer.text
        await autumn.at("2026-12-07T12:01")
        assert autumn.heard(liaison) + autumn.heard(other) == heard


async def test_a_base_reminds_nobody_and_its_list_is_not_open_to_it(autumn: Autumn) -> None:
    async with autumn.running():
        _, liaison, other = await an_office(autumn)
        heard = autumn.heard(other)
        liaison.send("/outstanding")
        page = await liaison.expect(autumn.say("不能办理", "does not include"))
        for data in ("choose_all:0:0", "nudge_send.0000:0:0", "briefing:0:0", "board:0:0", "extension:1:0"):
            liaison.press_data(data, page)
        await autumn.at("2026-12-07T12:01")
        assert autumn.heard(other) == heard
        assert not any(OTHER_BASE.short_name in message.text for message in liaison.messages())


async def test_the_supervisor_has_the_sentence_with_numbers_only(autumn: Autumn) -> None:
    label, say = autumn.house.label, autumn.say
    async with autumn.running():
        supervisor = await autumn.house.enrolled(Role.SUPERVISOR, "主任（演示）", phone="+8610000000902")
        await autumn.at(NOON)
        await autumn.bring(1, State.SUBMITTED)
        supervisor.send("/outstanding")
        await supervisor.expect(where=having(label("briefing")))
        supervisor.press(label("briefing"))
        told = await supervisor.expect(say("应报 2 家", "2 bases due"))
        assert say("审核中 1 家", "1 in review") in told.text
        assert say("未报 1 家", "1 not received") in told.text
        assert told.html.startswith("<code>")
        assert not any(name in told.text for name in (BASE.short_name, OTHER_BASE.short_name))


async def test_the_board_is_pinned_and_follows_the_numbers(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        officer, _, _ = await an_office(autumn)
        officer.send("/outstanding")
        await officer.expect(where=having(label("board")))
        officer.press(label("board"))
        board = await officer.expect(where=having(label("board_off")))
        assert label("standing_draft") not in board.text
        await autumn.at("2026-12-07T12:02")
        await autumn.bring(1, State.DRAFT)
        await autumn.at("2026-12-07T12:04")
        newer = await officer.expect(label("standing_draft"))
        assert newer.message_id == board.message_id
        calls = [call.method for call in house.server.world.calls.all]
        assert calls.count("pinChatMessage") == 1
        edits = calls.count("editMessageText")
        await autumn.at("2026-12-07T12:10")  # nothing has changed: nothing is edited
        assert [c.method for c in house.server.world.calls.all].count("editMessageText") == edits
        officer.press(label("board_off"), newer)
        await officer.expect(say("看板已停止更新", "no longer updated"))
        await house.server.world.drained()
        assert check_calls(house.server.world.calls.all) == []


async def test_the_same_comes_as_a_picture(autumn: Autumn) -> None:
    label = autumn.house.label
    async with autumn.running():
        officer, _, _ = await an_office(autumn)
        officer.send("/outstanding")
        await officer.expect(where=having(label("standing_chart")))
        officer.press(label("standing_chart"))
        picture = await officer.expect(where=lambda m: m.photo is not None)
        assert "2026" in picture.text


async def test_many_bases_are_turned_in_pages(autumn: Autumn) -> None:
    label, house = autumn.house.label, autumn.house
    async with house.database.tx() as tx:
        for n in range(3, 14):
            named = replace(OTHER_BASE, code=f"YS{n:02}", name=f"第{n}所", short_name=f"第{n}所")
            await bases.add(tx, replace(named, uscc=f"USCC{n}"))
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        await autumn.at(NOON)
        officer.send("/outstanding")
        await officer.expect(where=having(label("choose_all")))
        await pressed(officer, f"{label('standing_not_started')} 13", label("page_next"))
        second = await pressed(officer, label("page_next"), label("page_previous"))
        assert "第13所" in second.labels
        await pressed(officer, label("choose_group"), "√ 第13所")
        sure = await pressed(officer, label("nudge_ask"), label("outstanding"))
        assert "13" in sure.text  # nobody of them can be told here
        async with house.database.tx() as tx:
            assert len(await obligations.list_of_year(tx, "annual_report", 2026)) == 13
