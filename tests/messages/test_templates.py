"""Every template, in every language, against its manifest and Telegram's limits."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import meta

from bot.rehearsal.formatting import parse_html, utf16_length
from messages import Catalog
from messages.labels import Labels
from messages.manifest import TEMPLATES
from tests.messages.specimens import barest, hostile, longest, rows, sample

MESSAGES = Path(__file__).parents[2] / "messages"
ROOT = MESSAGES.parent
DATA = ROOT / "domain/data"
LABELS = frozenset(Labels.load()._texts)
GLOBALS = {"said"}
LOCALES = ("zh_CN", "en")
MESSAGE = 4096  # Bot API, sendMessage: text, after entities parsing
TOAST = 200  # Bot API, answerCallbackQuery: text
REFUSALS = (
    "errors/",
    "fields/",
    "forms/full",
    "forms/gone",
    "forms/nothing_yet",
    "requests/done_",
    "requests/not_in",
)
"""What may answer a press, and so has to fit a toast."""
DASHED = {"start/phone_differs_officer", "menu/profile", "contacts/centre"}
"""Where a fact that is not known is shown as such."""

catalog = Catalog(now=lambda: 1_796_000_000_000)

every_template = pytest.mark.parametrize("template", TEMPLATES)
every_locale = pytest.mark.parametrize("locale", LOCALES)


def templates_of(locale: str) -> set[str]:
    folder = MESSAGES / locale
    return {str(file.relative_to(folder).with_suffix("")) for file in folder.rglob("*.j2")}


def source_of(template: str, locale: str) -> str:
    return (MESSAGES / locale / f"{template}.j2").read_text(encoding="utf-8")


def wanted(template: str, locale: str) -> set[str]:
    tree = catalog._environments[locale].parse(source_of(template, locale))
    found = set(meta.find_undeclared_variables(tree)) - GLOBALS
    for included in meta.find_referenced_templates(tree):
        assert included is not None
        found |= wanted(included.removesuffix(".j2"), locale)
    return found


def test_the_languages_have_the_same_templates() -> None:
    assert templates_of("en") == templates_of("zh_CN")


def test_the_manifest_lists_every_template() -> None:
    assert set(TEMPLATES) == {name for name in templates_of("zh_CN") if "/_" not in name}


@every_locale
@every_template
def test_a_template_uses_the_facts_that_the_manifest_declares(template: str, locale: str) -> None:
    assert wanted(template, locale) == set(TEMPLATES[template])


@every_template
def test_every_fact_of_a_row_is_used(template: str) -> None:
    facts = sample(template)
    for locale in LOCALES:
        catalog.render(template, locale, facts)
    assert [row.unread for row in rows(list(facts.values())) if row.unread] == []


@every_locale
@every_template
@pytest.mark.parametrize("facts_of", [barest, sample, longest])
def test_a_message_is_taken_by_telegram(template: str, locale: str, facts_of: type) -> None:
    text, _ = parse_html(catalog.render(template, locale, facts_of(template)))
    assert 0 < utf16_length(text) <= MESSAGE


@every_locale
@every_template
def test_what_people_write_is_shown_and_never_read_as_markup(template: str, locale: str) -> None:
    usual = parse_html(catalog.render(template, locale, sample(template)))
    text, entities = parse_html(catalog.render(template, locale, hostile(template)))
    assert [entity["type"] for entity in entities] == [entity["type"] for entity in usual[1]]
    assert str(7 * 191) not in text


@every_locale
@every_template
def test_nothing_of_the_machine_shows(template: str, locale: str) -> None:
    text = catalog.render(template, locale, barest(template))
    assert not re.search(r"None|Undefined|True|False|[{}\[\]]", text)
    assert ("—" in text) <= (template in DASHED)


@every_locale
@pytest.mark.parametrize("template", [name for name in TEMPLATES if name.startswith(REFUSALS)])
def test_the_answer_to_a_press_is_short_and_plain(template: str, locale: str) -> None:
    said = catalog.plain(template, locale, sample(template))
    assert said == parse_html(catalog.render(template, locale, sample(template)))[0]
    assert utf16_length(catalog.plain(template, locale, longest(template))) <= TOAST


@every_locale
@pytest.mark.parametrize("template", sorted(templates_of("zh_CN")))
def test_the_tone_is_that_of_a_courteous_office(template: str, locale: str) -> None:
    source = re.sub(r"{[%{#].*?[%}#]}", "", source_of(template, locale))
    assert not re.search("[!！]|务必|严肃|通报|已通过保密审查|你|亲爱|抱歉", source)
    assert [c for c in source if unicodedata.category(c) == "So"] == []


@pytest.mark.parametrize("template", sorted(templates_of("en")))
def test_english_has_no_chinese_characters(template: str) -> None:
    assert not re.search("[\u3000-\u9fff\uff00-\uffef]", source_of(template, "en"))


@pytest.mark.parametrize("template", sorted(templates_of("zh_CN")))
def test_chinese_is_punctuated_as_chinese(template: str) -> None:
    assert not re.search("[\u4e00-\u9fff][,.;:?(]|[,;:?)][\u4e00-\u9fff]", source_of(template, "zh_CN"))


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("start/done", "登记完成"),
        ("menu/cancelled", "已取消"),
        ("requests/accepted", "已受理"),
        ("requests/answered", "已回复"),
        ("requests/closed", "已办结"),
        ("requests/said", "已发送"),
        ("requests/done_accept", "已受理"),
        ("requests/done_answer", "已回复"),
        ("requests/done_supplement", "已发送"),
        ("requests/done_close", "已办结"),
    ],
)
def test_results_are_told_in_the_words_of_the_contract(template: str, words: str) -> None:
    assert words in catalog.render(template, "zh_CN", sample(template))


def test_a_stale_press_is_told_in_the_words_of_the_contract() -> None:
    assert catalog.plain("errors/stale", "zh_CN", {}) == "页面已更新，请按最新内容操作"


@every_locale
def test_a_prompt_names_its_field(locale: str) -> None:
    facts = sample("forms/prompt")
    assert str(facts["label"]) in catalog.render("forms/prompt", locale, facts)


def code() -> Iterator[tuple[str, str]]:
    """Where, and the text, of every module that may name a template or a label."""
    for room in ("domain", "handlers", "bot"):
        for file in (ROOT / room).rglob("*.py"):
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def test_every_template_that_the_code_names_exists() -> None:
    features = "|".join({name.partition("/")[0] for name in TEMPLATES})
    named = re.compile(rf'"((?:{features})/[a-z_]+)"')
    assert [(file, n) for file, text in code() for n in named.findall(text) if n not in TEMPLATES] == []


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        (r'\bstep\(\s*ctx,\s*"(\w+)"', "field_"),
        (r'\bhint="(\w+)"', "hint_"),
        (r'\bwords\([\w.]+, "(\w+)"\)', ""),
        (r'\blabel\("(\w+)",', ""),
    ],
)
def test_every_word_that_the_code_names_has_its_label(pattern: str, prefix: str) -> None:
    named = [(file, prefix + key) for file, text in code() for key in re.findall(pattern, text)]
    assert [(file, key) for file, key in named if key not in LABELS] == []


def said_by_data(value: object) -> Iterator[str]:
    """The warnings that the catalogue of services names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("warn", "stop", "warn_before", "closed_as") and inner:
                yield f"warnings/{inner}"
            yield from said_by_data(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said_by_data(inner)


def test_every_warning_that_the_catalogue_names_exists_and_needs_no_facts() -> None:
    data = [json.loads(file.read_text(encoding="utf-8")) for file in DATA.glob("catalogue.json")]
    named = set(said_by_data(data))
    assert {name: TEMPLATES.get(name) for name in named} == {name: {} for name in named}


def test_every_button_that_the_code_offers_has_a_label() -> None:
    offered = re.compile(r'Offer\("([a-z_.]+)"((?:[^()]|\([^()]*\))*)\)')
    missing = []
    for file, text in code():
        for op, rest in offered.findall(text):
            label = re.search(r'label="(\w+)"', rest)
            key = label[1] if label else op
            if "text=" not in rest and "label=f" not in rest and key not in LABELS:
                missing.append((file, key))
    assert missing == []


@every_locale
@pytest.mark.parametrize(
    ("template", "number"), [("menu/profile", "phone"), ("start/phone_differs_officer", "shared")]
)
def test_a_shared_number_is_masked(template: str, number: str, locale: str) -> None:
    facts = sample(template) | {number: "+8613800138000"}
    text = catalog.render(template, locale, facts)
    assert "138****8000" in text
    assert "0138" not in text
