"""Exchanges (Article 8) over real HTTP with a moved clock: arranged, reminded of, recorded, confirmed."""

from datetime import date

import pytest

from bot.rehearsal.people import Person
from domain.exchanges import State
from storage import exchanges, obligations
from tests.flows.autumn import Autumn
from tests.flows.conftest import BASE
from tests.flows.exchanging import FOLLOW_UP, PATIENCE, a_talk
from tests.flows.test_outstanding import having, pressed

chinese = pytest.mark.parametrize("autumn", ["zh-hans"], indirect=True)


def told(person: Person, words: str) -> list[str]:
    return [m.text for m in person.messages() if m.from_bot and words in m.text]


async def test_one_is_planned_both_are_reminded_it_is_recorded_and_the_base_confirms_it(
    autumn: Autumn,
) -> None:
    say = autumn.say
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, liaison, label = talk.officer, talk.liaison, talk.label
        await autumn.at("2026-09-02T10:00")
        empty = await talk.listed(liaison)
        assert say("还没有沟通记录", "Nothing on record yet") in empty.text
        assert label("exchange_every_3") in empty.text
        await talk.plan("2026-09-16")
        await officer.expect(say("已约定沟通交流", "An exchange is planned"))

        await autumn.at("2026-09-11T09:00")  # T-3 is a Sunday
        for person in (officer, liaison):
            assert (
                say("约定于", "meet for")
                in (await person.expect(say("沟通交流提醒", "Exchange: a reminder"), timeout=PATIENCE)).text
            )
        await autumn.at("2026-09-16T16:00")
        officer.send("/exchanges")
        await officer.expect(where=having(f"{BASE.short_name} 2026-09-16 {label('exchange_way_visit')}"))
        await pressed(
            officer, f"{BASE.short_name} 2026-09-16 {label('exchange_way_visit')}", label("exchange_record")
        )
        officer.press(label("exchange_record"))  # the day and the way are known
        page = await talk.tell(officer, "育成中心首批专利", follow_up_due="2026-10-21")
        assert FOLLOW_UP in page.text
        asked = await liaison.expect(say("请确认沟通记录", "Please confirm the record"))
        assert "育成中心首批专利" in asked.text
        liaison.press(label("exchange_confirm"), asked)
        done = await liaison.expect(label("exchange_state_confirmed"))
        assert not done.has(label("exchange_correct"))
        await officer.expect(say("沟通记录已确认", "The record of an exchange was confirmed"))

        again = await liaison.press(label("exchange_confirm"), asked).answered()
        assert again.text == say("页面已更新，请按最新内容操作", "This page has been updated") or again.text


@chinese
async def test_the_base_records_the_officer_objects_it_is_corrected_and_both_versions_stay(
    autumn: Autumn,
) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, liaison, label = talk.officer, talk.liaison, talk.label
        await autumn.at("2026-09-02T10:00")
        await talk.note(liaison, "2026-09-01", "讨论质押融资")
        asked = await officer.expect("请确认沟通记录")
        officer.press(label("exchange_dispute"), asked)
        await talk.asked(officer, "field_exchange_word")
        officer.send("当日讨论的是专利导航")
        await talk.submit(officer)
        back = await liaison.expect("沟通记录：有异议")
        assert "当日讨论的是专利导航" in back.text
        await pressed(liaison, label("exchange_correct"), label("submit"))  # begins with what was said
        await pressed(liaison, label("edit"), label("field_exchange_topics"))
        liaison.press(label("field_exchange_topics"))
        await talk.asked(liaison, "field_exchange_topics")
        liaison.send("讨论专利导航")
        await talk.submit(liaison)
        again = await officer.expect("请确认沟通记录")
        assert "讨论专利导航" in again.text
        assert "第 2 次" in again.text
        officer.press(label("exchange_confirm"), again)
        page = await officer.expect(label("exchange_state_confirmed"))
        assert "当日讨论" not in page.text
        officer.press(label("exchange_history"), page)
        await officer.expect(where=having("第 1 次登记"))
        officer.press("第 1 次登记")
        assert "讨论质押融资" in (await officer.expect("第 1 次登记")).text


@chinese
async def test_a_cadence_is_overdue_until_one_is_held_and_counts_from_that_day(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, liaison = talk.officer, talk.liaison
        await autumn.at("2026-09-02T10:00")
        await autumn.at("2026-11-18T09:00")
        first = await liaison.expect("定期沟通提醒")  # a quarter from the first of September
        assert first.has(talk.label("exchange_plan"))
        await autumn.at("2026-12-02T09:00")
        await liaison.expect("定期沟通：已到期", timeout=PATIENCE)
        calls = await officer.expect("期限（12月1日（星期二））已过", timeout=PATIENCE)
        assert "电话联系：定期沟通交流" in calls.text
        assert BASE.short_name in calls.text
        await talk.note(liaison, "2026-12-02", "例行沟通")
        page = await talk.listed(liaison)
        assert "下一次定期沟通 2027年3月2日" in page.text
        heard = len(told(liaison, "定期沟通"))
        await autumn.at("2026-12-20T09:00")
        assert len(told(liaison, "定期沟通")) == heard


@chinese
async def test_an_officer_sets_the_cadence_on_the_bases_card(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, label = talk.officer, talk.label
        await autumn.at("2026-09-02T10:00")
        officer.send("/bases")
        await officer.expect(where=having(BASE.short_name))
        await pressed(officer, BASE.short_name, label("exchanges_of"))
        await pressed(officer, label("exchanges_of"), label("exchange_every"))
        await pressed(officer, label("exchange_every"), label("exchange_every_1"))
        officer.press(label("exchange_every_1"))
        page = await officer.expect("下一次定期沟通 2026年10月2日")
        officer.press(label("exchange_every"), page)
        await officer.expect(where=having(label("exchange_every_0")))
        officer.press(label("exchange_every_0"))
        await officer.expect("频次：不设定期")
        async with autumn.house.database.tx() as tx:
            owed = await obligations.titled_of_base(tx, 1)
        assert {row.obligation.state for row in owed} == {"waived"}


@chinese
async def test_a_follow_up_is_reminded_of_and_ticked_done_by_the_other_side(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, liaison, label = talk.officer, talk.liaison, talk.label
        await autumn.at("2026-09-02T10:00")
        await talk.note(liaison, "2026-09-01", "合同清单", due="2026-09-16")
        await officer.expect("请确认沟通记录")
        await autumn.at("2026-09-11T09:00")
        nudge = await liaison.expect("后续事项提醒", timeout=PATIENCE)
        assert FOLLOW_UP in nudge.text
        officer.press(label("exchange_page"))
        page = await officer.expect(where=having(f"{label('exchange_done')} · {FOLLOW_UP}"))
        officer.press(f"{label('exchange_done')} · {FOLLOW_UP}", page)
        await officer.expect(where=having(f"{label('exchange_undone')} · {FOLLOW_UP}"))
        assert "周明远" in (await liaison.expect("后续事项已完成")).text
        old = await liaison.press(label("exchange_done"), nudge).answered()
        assert old.text
        heard = len(told(liaison, "后续事项"))
        await autumn.at("2026-09-20T09:00")
        assert len(told(liaison, "后续事项")) == heard


@chinese
async def test_one_that_is_moved_and_one_that_is_called_off_are_told_to_the_other_side(
    autumn: Autumn,
) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, liaison, label = talk.officer, talk.liaison, talk.label
        await autumn.at("2026-09-02T10:00")
        page = await talk.plan("2026-09-16")
        liaison.press(label("exchange_move"), page)
        await talk.asked(liaison, "field_exchange_planned")
        liaison.send("2026-09-23")
        await talk.asked(liaison, "field_exchange_reason")
        liaison.send("会期冲突")
        await talk.submit(liaison)
        moved = await officer.expect("沟通交流改期")
        assert "9月16日" in moved.text
        assert "9月23日" in moved.text
        await autumn.at("2026-09-15T09:00")
        assert told(liaison, "沟通交流提醒") == []
        officer.press(label("exchange_page"), moved)
        await officer.expect(where=having(label("exchange_cancel")))
        officer.press(label("exchange_cancel"))
        await talk.asked(officer, "field_exchange_reason")
        officer.send("改为年底统一走访")
        await talk.submit(officer)
        assert "改为年底统一走访" in (await liaison.expect("沟通交流已取消")).text
        await autumn.at("2026-09-25T09:00")
        assert told(liaison, "沟通交流提醒") == []


@chinese
async def test_a_day_that_does_not_fit_and_an_empty_answer_are_asked_for_again(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        liaison, label = talk.liaison, talk.label
        await autumn.at("2026-09-02T10:00")
        await talk.listed(liaison)
        liaison.press(label("exchange_plan"))
        await talk.option(liaison, "field_exchange_kind", "exchange_kind_irregular")
        await talk.asked(liaison, "field_exchange_planned")
        liaison.send("2026-09-01")
        await liaison.expect("请填 2026年9月2日（星期三）或以后的日期")
        liaison.send("/exchanges")
        await liaison.expect(where=having(label("exchange_note")))
        liaison.press(label("exchange_note"))
        await talk.option(liaison, "field_exchange_kind", "exchange_kind_irregular")
        await talk.asked(liaison, "field_exchange_held")
        liaison.send("2026-09-03")
        await liaison.expect("请填 2026年9月2日（星期三）或以前的日期")
        liaison.send("2026-09-01")
        await talk.option(liaison, "field_exchange_way", "exchange_way_call")
        await talk.asked(liaison, "field_exchange_people")
        liaison.send("林知行、周明远")
        await talk.asked(liaison, "field_exchange_topics")
        liaison.send("\u3164\u200b")
        await liaison.expect("这一项必须填写")
        async with autumn.house.database.tx() as tx:
            assert await exchanges.open_ones(tx) == []


@chinese
async def test_a_base_confirms_nothing_of_its_own_and_nothing_of_another_base(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        liaison = talk.liaison
        await autumn.at("2026-09-02T10:00")
        page = await talk.note(liaison, "2026-09-01", "例行沟通")
        forged = (
            "exchange_confirm:1:0",
            "exchange_dispute:1:0",
            "exchange_confirm_for:1:0",
            "exchange_plan:2:0",
            "exchanges_of:2:0",
            "exchange_every:1:0",
            "exchange_each.0:1:0",
            f"exchange_year:2:{2026:x}",
        )
        for data in forged:
            answer = await liaison.press_data(data, page).answered()
            assert answer.text, data
        async with autumn.house.database.tx() as tx:
            [one] = await exchanges.open_ones(tx)
        assert one.state is State.RECORDED


@chinese
async def test_the_officer_records_the_word_of_a_base_that_telephones(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, label = talk.officer, talk.label
        await autumn.at("2026-09-02T10:00")
        officer.send("/bases")
        await officer.expect(where=having(BASE.short_name))
        await pressed(officer, BASE.short_name, label("exchanges_of"))
        await pressed(officer, label("exchanges_of"), label("exchange_note"))
        officer.press(label("exchange_note"))
        await talk.option(officer, "field_exchange_kind", "exchange_kind_irregular")
        await talk.asked(officer, "field_exchange_held")
        officer.send("2026-09-01")
        await talk.option(officer, "field_exchange_way", "exchange_way_call")
        page = await talk.tell(officer, "电话沟通")
        officer.press(label("exchange_confirm_for"), page)
        await talk.option(officer, "field_source", "source_phone")
        await talk.asked(officer, "field_received_on")
        officer.send("2026-09-02")
        await talk.asked(officer, "field_original")
        officer.press(label("skip"))
        done = await talk.submit(officer)
        assert "代录：电话" in done.text
        await talk.liaison.expect("沟通记录已确认")


@chinese
async def test_a_number_of_a_person_in_a_record_is_answered_for_by_name(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        liaison, label = talk.liaison, talk.label
        await autumn.at("2026-09-02T10:00")
        page = await talk.listed(liaison)
        liaison.press(label("exchange_note"), page)
        await talk.option(liaison, "field_exchange_kind", "exchange_kind_irregular")
        await talk.asked(liaison, "field_exchange_held")
        liaison.send("2026-09-01")
        await talk.option(liaison, "field_exchange_way", "exchange_way_call")
        for field, said in (
            ("field_exchange_people", "林知行、周明远"),
            ("field_exchange_topics", "质押融资请联系王经理，手机号13800138000"),
            ("field_exchange_conclusions", "年内办理"),
        ):
            await talk.asked(liaison, field)
            liaison.send(said)
        await talk.asked(liaison, "field_follow_up")
        liaison.press(label("skip"))
        await talk.asked(liaison, "field_reviewer")
        liaison.send("宋一苇")
        await talk.submit(liaison)
        async with autumn.house.database.tx() as tx:
            [one] = await exchanges.open_ones(tx)
            [entry] = (await exchanges.entries(tx, [one.id]))[one.id]
        assert entry.reviewer == "宋一苇"


@chinese
async def test_a_base_in_its_vacation_is_not_reminded_of_its_cadence(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        liaison = talk.liaison
        async with autumn.house.database.tx() as tx:
            await obligations.add_vacation(tx, 1, date(2026, 11, 16), date(2026, 12, 10))
        await autumn.at("2026-12-10T18:00")
        assert len(told(liaison, "定期沟通提醒")) == 1  # before the vacation began
        assert told(liaison, "定期沟通：已到期") == []
        await autumn.at("2026-12-11T09:00")
        await liaison.expect("定期沟通：已到期", timeout=PATIENCE)
