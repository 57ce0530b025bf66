"""The services of Article 7, as the data has them."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import catalogue, fields, forms
from domain.calendar import Calendar
from domain.catalogue import Faulty, Reminder, Service
from domain.errors import Invalid
from domain.forms import Choice, Form, Remark, Reply, Step, Words

DATA = Path(catalogue.__file__).parent / "data/catalogue.json"
TODAY = date(2026, 11, 25)
SHOWN_CHARS = 100  # forms/prompt cuts there, and has to hold the whole label
EVENTS = (Choice("e1", Words("成都场", "Chengdu")),)
GOOD: dict[str, Reply] = {
    "text": Reply(text="代号甲"),
    "longtext": Reply(text="需要辅导"),
    "int": Reply(text="3"),
    "money_wan": Reply(text="300"),
    "bool": Reply(text="是"),
    "enum": Reply(text="1"),
    "multi_enum": Reply(text="1、2"),
    "date": Reply(text="2026-11-25"),
    "patent_no_list": Reply(text="ZL202319999901.2"),
    "application_no": Reply(text="202319999901.2"),
    "uscc": Reply(text="91510100DEM00009X4"),
    "event_ref": Reply(text="成都场"),
    "file_list": Reply(file=5, size=1024),
}
"""An answer that each type takes."""
FINGERPRINT = Reply(text="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")

every_service = pytest.mark.parametrize("service", catalogue.services(), ids=lambda s: s.code)


def form_of(code: str) -> Form:
    return catalogue.form(catalogue.service(code), lambda: TODAY, Calendar(), EVENTS)


def step_of(code: str, key: str) -> Step:
    step = form_of(code).step(key)
    assert step is not None
    return step


def filled(form: Form) -> Mapping[str, object]:
    answers: Mapping[str, object] = {}
    while (step := forms.current(form, answers)) is not None:
        reply = FINGERPRINT if step.key == "hash" else GOOD[step.type]
        answers = forms.answer(form, answers, step, reply)
        if step.many:
            answers = forms.finish(form, answers, step)
    return answers


def test_article_7_has_38_services_and_three_are_offered() -> None:
    assert len(catalogue.services()) == 38
    assert [service.code for service in catalogue.offered()] == ["S301", "S308", "S406"]


@every_service
def test_every_form_can_be_filled_in(service: Service) -> None:
    form = form_of(service.code)
    answers = filled(form)
    assert json.loads(json.dumps(answers)) == answers
    assert list(answers)[-3:] == ["contact", "urgent_reason", "no_secrets"]
    assert answers["no_secrets"] == "yes"


@every_service
def test_every_optional_step_can_be_left_out(service: Service) -> None:
    form = form_of(service.code)
    whole = filled(form)
    for step in forms.applicable(form, whole):
        if not step.required:
            assert forms.current(form, forms.skip(form, whole, step)) is None


@every_service
def test_every_word_is_there_in_both_languages(service: Service) -> None:
    said = [service.words]
    for step in form_of(service.code).steps:
        said += [step.label, *(choice.words for choice in step.choices)]
    for words in said:
        assert max(len(words.zh), len(words.en)) <= SHOWN_CHARS
        assert words.zh
        assert words.en
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", words.en)


@every_service
def test_options_are_told_apart_by_either_word(service: Service) -> None:
    for asked in service.asked:
        for choice in asked.field.options:
            read = fields.parser(asked.field, lambda: TODAY)
            stored = [choice.key] if asked.field.type == "multi_enum" else choice.key
            for word in (choice.words.zh, choice.words.en):
                if not any(e.stop and choice.key in e.answers for e in asked.effects):
                    assert read(Reply(text=word), {}) == stored


@every_service
def test_an_office_is_named_and_given_days(service: Service) -> None:
    assert service.route in {"运用指导", "预审", "金融", "对接", "保护", "创造", "信息", "培训"}
    assert 1 <= service.limit_days <= 10


def test_the_names_of_the_article_are_kept() -> None:
    """README: names from the article; the shared file is the source of this one."""
    assert catalogue.service("S301").words == Words("专利预审", "Patent pre-examination")
    assert catalogue.service("S308").endorsement is catalogue.Endorsement.NONE
    assert catalogue.service("S204").endorsement is catalogue.Endorsement.SEAL


def test_pre_examination_asks_for_no_number_that_is_not_there_yet() -> None:
    assert not step_of("S301", "application_no").required
    assert step_of("S302", "application_no").required


def test_what_is_warned_of_is_said_first() -> None:
    assert form_of("S301").before == (Remark("warnings/no_disclosure"),)
    assert form_of("S206").before == (Remark("warnings/policy_advice"),)
    assert form_of("S101").before == ()


def test_an_answer_may_be_remarked_on() -> None:
    domain = step_of("S301", "domain")
    assert domain.warn("other") == (Remark("warnings/outside_filed_domains"),)
    assert domain.warn("equipment_manufacturing") == ()
    assert domain.warn(None) == ()


def test_an_answer_may_stop_the_form() -> None:
    form = form_of("S105")
    step = step_of("S105", "tech_catalog")
    with pytest.raises(Invalid, match="warnings/handed_to_staff"):
        forms.answer(form, {}, step, Reply(text="禁止类"))
    assert forms.answer(form, {}, step, Reply(text="限制类")) == {"tech_catalog": "restricted"}


def offering(*codes: str) -> Callable[[dict[str, Any]], None]:
    def offer(data: dict[str, Any]) -> None:
        for entry in data["services"]:
            entry["offered"] = entry["code"] in codes

    return offer


def test_only_services_that_are_offered_are_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    assert step_of("S104", "cross_border").warn("yes") == ()
    changed = catalogue.read(data_with(offering("S105", "S308", "S309")))
    monkeypatch.setattr(catalogue, "_catalogue", lambda: changed)
    suggested = Remark("warnings/suggest", {"services": [catalogue.service("S105").words]})
    assert step_of("S104", "cross_border").warn("yes") == (suggested,)
    kinds = step_of("S107", "finance_kind").warn(["venture_capital", "insurance", "pledge_financing"])
    assert [words.zh for words in kinds[0].facts["services"]] == ["知识产权质押融资", "知识产权风险投资对接"]  # type: ignore[attr-defined]


def test_an_unusual_amount_is_asked_about_once_more() -> None:
    form, amount = form_of("S308"), step_of("S308", "amount")
    usual = {"patent_nos": ["ZL202319999901.2"], "amount": "10000"}
    assert asked_after(form, usual).key == "borrower"
    assert amount.warn("10000") == ()
    unusual = usual | {"amount": "10000.01"}
    assert amount.warn("10000.01") == (Remark("fields/confirm_over", {"value": "10000.01"}),)
    sure = asked_after(form, unusual)
    assert sure.key == "amount_sure"
    confirmed = forms.answer(form, unusual, sure, Reply(text="确认"))
    assert asked_after(form, confirmed).key == "borrower"
    assert "amount_sure" not in forms.answer(form, confirmed, amount, Reply(text="20000"))


def asked_after(form: Form, answers: Mapping[str, object]) -> Step:
    step = forms.current(form, answers)
    assert step is not None
    return step


def test_several_options_are_pressed_or_typed_until_they_are_done() -> None:
    form, scope = form_of("S101"), step_of("S101", "scope")
    answers: Mapping[str, object] = {}
    for reply in (Reply(choice="creation"), Reply(text="保护、运用"), Reply(choice="creation")):
        answers = forms.answer(form, answers, scope, reply)
    assert forms.finish(form, answers, scope) == {"scope": ["protection", "utilisation"]}


def test_a_field_may_hang_on_another() -> None:
    form = form_of("S403")
    proc = step_of("S403", "proc")
    keys = {
        answer: {s.key for s in forms.applicable(form, {"proc": answer})}
        for answer in ("invalidation", "reexamination")
    }
    assert keys["invalidation"] - keys["reexamination"] == {"counterparty"}
    named = {
        "patent_nos": ["ZL202319999901.2"],
        "proc": "invalidation",
        "case_no": None,
        "counterparty": "甲",
    }
    assert "counterparty" not in forms.answer(form, named, proc, Reply(text="复审"))


@pytest.mark.parametrize(("day", "urgent"), [("2026-12-08", True), ("2026-12-09", False), (None, False)])
def test_a_deadline_within_ten_working_days_is_urgent(day: str | None, urgent: bool) -> None:
    service = catalogue.service("S409")
    assert catalogue.is_urgent(service, {"deadline": day}, TODAY, Calendar()) is urgent
    said = (Remark("warnings/escalated"),) if urgent else ()
    assert step_of("S409", "deadline").warn(day) == said
    outside = {"domain": "other"}
    assert not catalogue.is_urgent(catalogue.service("S301"), outside, TODAY, Calendar())


def test_a_mediation_agreement_is_reminded_of_before_its_thirty_days_end() -> None:
    reminded = catalogue.reminders(catalogue.service("S410"), {"agree_date": "2026-11-25"})
    assert reminded == (Reminder("agree_date", date(2026, 12, 15), date(2026, 12, 25)),)
    assert catalogue.reminders(catalogue.service("S410"), {}) == ()
    assert catalogue.reminders(catalogue.service("S301"), {"stage": "no_number_yet"}) == ()


def test_an_event_is_asked_for_only_where_there_is_one() -> None:
    service = catalogue.service("S304")
    assert catalogue.form(service, lambda: TODAY).step("event_id") is None
    assert step_of("S304", "event_id").choices == EVENTS


def test_choosers_name_services() -> None:
    faster, unsure = catalogue.choosers()
    assert (faster.words.zh, faster.services) == ("加快审查", ("S301", "S302", "S401", "S402"))
    assert unsure.services == ()


# --- data that is not right -------------------------------------------------------------------------------


def data_with(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    change(data)
    return data


def field_with(**changes: Any) -> Callable[[dict[str, Any]], object]:
    """The first field of the first service, 辅导方向 (multi_enum), changed."""
    return lambda data: data["services"][0]["fields"][0].update(changes)


def need_with(**changes: Any) -> Callable[[dict[str, Any]], object]:
    """Its second field, 需求说明 (longtext), changed."""
    return lambda data: data["services"][0]["fields"][1].update(changes)


A, B = {"key": "a", "zh": "甲", "en": "A"}, {"key": "b", "zh": "乙", "en": "B"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (field_with(type="colour"), "S101.scope: type: not known: colour"),
        (field_with(maximum=3), "S101.scope: check: not known: maximum"),
        (field_with(max=3), "S101.scope: max: is not for multi_enum"),
        (field_with(options=[]), "S101.scope: options: are for enum and multi_enum"),
        (need_with(options=[A]), "S101.need: options: are for enum and multi_enum"),
        (field_with(options=[A, A]), "S101.scope: options: one twice"),
        (field_with(options=[A, B | {"en": "A"}]), "S101.scope: options: one twice"),
        (field_with(options=[A, B | {"zh": "乙、丙"}]), "S101.scope: options: a separator in one"),
        (field_with(options=[{"key": "a", "zh": "甲"}]), "S101.scope: KeyError('en')"),
        (field_with(key="Scope"), "S101.Scope: key: a short word of a-z 0-9 _"),
        (field_with(on=[{"is": ["gone"], "warn": "x"}]), "S101.scope: on: not known: gone"),
        (field_with(on=[{"within_working_days": 3}]), "S101.scope: on: a period is for a date"),
        (field_with(when={"gone": ["a"]}), "S101.scope: when: not known: gone"),
        (need_with(when={"scope": ["gone"]}), "S101.need: when scope: not known: gone"),
        (need_with(pattern="[0-9"), "S101.need: error("),
        (need_with(pattern="[0-9]"), "S101.need: pattern: goes with an example"),
        (need_with(max_chars="many"), "S101.need: ValueError("),
        (need_with(sensitivity="very"), "S101.need: ValueError(\"'very' is not a valid Sensitivity"),
        (need_with(key="contact"), "S101: fields: a key twice"),
        (field_with(on=[{"is": ["creation"], "suggest": ["S999"]}]), "S101: not known: S999"),
        (field_with(on=[{"is": ["creation"], "shout": "x"}]), "S101.scope: TypeError("),
        (lambda d: d["choosers"][0].update(services=["S999"]), "choosers: not known: S999"),
        (lambda d: d["services"].append(d["services"][0]), "services: a code twice"),
        (lambda d: d["services"][0].update(endorsement="wax"), "S101: ValueError("),
        (lambda d: d["services"][0]["limit"].update(calendar="natural"), "S101: limit: "),
        (lambda d: d["services"][0].pop("route"), "S101: KeyError('route')"),
    ],
)
def test_faulty_data_is_told_where_and_what(change: Callable[[dict[str, Any]], object], told: str) -> None:
    with pytest.raises(Faulty) as caught:
        catalogue.read(data_with(change))
    assert str(caught.value).startswith(told)


def test_a_service_is_offered_by_data_alone() -> None:
    changed = catalogue.read(data_with(offering("S301", "S308")))
    assert [s.code for s in changed.services.values() if s.offered] == ["S301", "S308"]
