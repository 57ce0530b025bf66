"""The main job: enrol, file, accept, ask, answer, close; both languages, both databases, both ways in."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from domain import catalogue
from domain.forms import Form
from domain.people import Role
from tests import papers
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import House, _house

ANSWERS = {
    "stage": "no_number_yet",
    "application_no": None,
    "patent_type": "invention",
    "domain": "new_generation_it",
    "tech_field": "H04L",
    "ipc": "H04L 9/32",
    "filed_subject": "蜀江理工大学（演示）",
    "filed_ok": "yes",
    "agency": None,
    "title_masked": "代号甲",
    "first_applicant": "yes",
    "contact": "林知行 028-0000-1101",
    "urgent_reason": None,
    "no_secrets": "yes",
}


@pytest.fixture(params=["zh-hans", "en"])
async def told(
    request: pytest.FixtureRequest,
    telegram: RehearsalServer,
    make_config: Callable[..., Config],
    database_url: str,
    intake: dict[str, Any],
) -> AsyncIterator[House]:
    async with _house(telegram, make_config(database_url, **intake), request.param) as house:
        yield house


async def fill_in(house: House, person: Person, answers: dict[str, Any] = ANSWERS) -> None:
    """Answer each question of S301 as a person does: press the words, or type."""
    english = house.language_code == "en"
    locale = "en" if english else "zh_CN"
    for step in s301().steps:
        await person.expect(step.label.pick(locale))
        value = answers[step.key]
        words = {choice.key: choice.words.pick(locale) for choice in step.choices}
        if value is None:
            person.press(house.label("skip"))
        elif value in words:
            person.press(words[value])
        else:
            person.send(value)


async def test_a_request_from_the_first_press_to_the_last(told: House) -> None:
    officer = await told.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await told.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    label = told.label

    liaison.press(label("request"))
    await liaison.expect(where=lambda m: m.has(_service(told)))
    liaison.press(_service(told))
    await fill_in(told, liaison)
    review = await liaison.expect(where=lambda m: m.has(label("submit")))
    assert "代号甲" in review.text
    liaison.press(label("edit"), review)
    await liaison.expect(where=lambda m: m.has(label("review")))
    liaison.press(label("review"))
    await liaison.expect("代号甲", where=lambda m: m.has(label("submit")))
    liaison.press(label("edit"))
    tech_field = next(s for s in s301().steps if s.key == "tech_field").label
    word = tech_field.pick("en" if told.language_code == "en" else "zh_CN")
    await liaison.expect(where=lambda m: m.has(word))
    liaison.press(word)
    await liaison.expect(word)
    liaison.send("G06F")
    await liaison.expect("G06F", where=lambda m: m.has(label("submit")))
    liaison.press(label("submit"))
    receipt = await liaison.expect("FW-")
    number = receipt.text.split("FW-")[1].split()[0]
    assert number.endswith("-0001")

    filed = await officer.expect(f"FW-{number}")
    officer.press(label("accept"), filed)
    await officer.expect(where=lambda m: m.has(label("close")))
    await liaison.expect(f"FW-{number}", where=lambda m: "周明远" in m.text)

    officer.press(label("supplement"))
    await officer.expect(told_field(told, "items"))
    officer.send("登记簿副本")
    await officer.expect("登记簿副本", where=lambda m: m.has(label("done")))
    officer.send("企业同意参加对接的说明")
    await officer.expect("企业同意参加对接的说明")
    officer.press(label("done"))
    await officer.expect(told_field(told, "wish_date"))
    officer.press(label("skip"))
    await officer.expect(where=lambda m: m.has(label("submit")))
    officer.press(label("submit"))
    asked = await liaison.expect("1. 登记簿副本")
    assert "2. 企业同意参加对接的说明" in asked.text

    liaison.press(label("say"), asked)
    await liaison.expect(told_field(told, "text"))
    liaison.send("两份材料见附件")
    await liaison.expect(told_field(told, "files"))
    liaison.send_document("登记簿副本.pdf", papers.pdf())
    await liaison.expect("登记簿副本.pdf")
    liaison.press(label("done"))
    await liaison.expect(where=lambda m: m.has(label("submit")))
    liaison.press(label("submit"))
    word = await officer.expect("两份材料见附件")
    await officer.expect(where=lambda m: m.document is not None)

    officer.press(label("answer"), word)
    await officer.expect(told_field(told, "answer"))
    officer.send("可以提交预审，请按清单准备。")
    await officer.expect(told_field(told, "files"))
    officer.press(label("skip"))
    await officer.expect(where=lambda m: m.has(label("submit")))
    officer.press(label("submit"))
    answered = await liaison.expect("可以提交预审，请按清单准备。")

    liaison.send("明白，谢谢。", reply_to=answered)
    await officer.expect("明白，谢谢。")

    officer.press(label("close"))
    await officer.expect(told_field(told, "summary"))
    officer.press(label("skip"))
    await officer.expect(where=lambda m: m.has(label("submit")))
    officer.press(label("submit"))
    closed = await liaison.expect(f"FW-{number}", where=lambda m: told.label("state_closed") in m.text)

    liaison.press(label("show"), closed)
    page = await liaison.expect("可以提交预审，请按清单准备。")
    assert "明白，谢谢。" in page.text

    await told.server.world.drained()
    assert check_calls(told.server.world.calls.all) == []


def s301() -> Form:
    return catalogue.form(catalogue.service("S301"))


def _service(house: House) -> str:
    return catalogue.service("S301").words.pick("en" if house.language_code == "en" else "zh_CN")


def told_field(house: House, key: str) -> str:
    return house.label(f"field_{key}")
