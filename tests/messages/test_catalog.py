"""The catalogue itself: languages, facts, toasts, speed."""

import time

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from domain.errors import Invalid
from domain.forms import Words
from messages import Catalog
from messages.manifest import TEMPLATES, lacking
from tests.messages.specimens import HOSTILE, sample

catalog = Catalog()


@pytest.mark.parametrize(
    ("locale", "served_by"),
    [
        ("zh_CN", "zh_CN"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("zh-hans", "zh_CN"),
        ("fr", "zh_CN"),
        ("", "zh_CN"),
        (None, "zh_CN"),
    ],
)
def test_a_locale_is_served_by_its_language_or_the_default(locale: str | None, served_by: str) -> None:
    assert catalog.known(locale) == served_by


def test_the_default_language_is_configurable() -> None:
    assert Catalog(locale="en").label("submit", None) == "Submit"


def test_a_default_language_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        Catalog(locale="fr")


def test_what_people_write_is_escaped_once_and_never_evaluated() -> None:
    said = catalog.render("start/phone_confirmed", "zh_CN", {"name": HOSTILE})
    assert "&lt;/b&gt;&lt;i&gt;&amp;lt;{{ 7 * 191 }}{% raw %}&#34;&#39;&amp;" in said


def test_a_toast_shows_what_people_write_as_they_wrote_it() -> None:
    assert HOSTILE in catalog.plain("start/phone_confirmed", "en", {"name": HOSTILE})


def test_a_toast_is_cut_at_200() -> None:
    said = catalog.plain("start/phone_confirmed", "en", {"name": "长" * 300})
    assert (len(said), said[-1]) == (200, "…")


def test_a_fact_that_is_missing_raises() -> None:
    with pytest.raises(UndefinedError, match="email"):
        catalog.render("start/stranger", "zh_CN", {"centre": "中心", "tel": "1"})


def test_a_fact_that_is_none_shows_as_a_dash() -> None:
    facts = sample("menu/profile") | {"office_phone": None}
    assert "办公电话：—" in catalog.render("menu/profile", "zh_CN", facts)


def test_a_template_that_is_missing_raises() -> None:
    with pytest.raises(TemplateNotFound):
        catalog.render("start/nowhere", "zh_CN", {})


def test_a_refusal_is_said_within_a_prompt() -> None:
    facts = sample("forms/prompt") | {"error": Invalid("fields/too_long", max=500, got=612)}
    assert "请不超过 500 字，目前是 612 字。" in catalog.render("forms/prompt", "zh_CN", facts)


def test_words_of_both_languages_are_shown_in_the_readers() -> None:
    facts = sample("requests/said_to_officer") | {"service": Words("知识产权保险", "IP insurance")}
    assert "知识产权保险" in catalog.render("requests/said_to_officer", "zh_CN", facts)
    assert "IP insurance" in catalog.render("requests/said_to_officer", "en", facts)


def test_blank_lines_do_not_pile_up() -> None:
    facts = sample("requests/said_to_officer") | {"text": "一\n\n\n\n二"}
    assert "一\n\n二" in catalog.render("requests/said_to_officer", "zh_CN", facts)


def test_lacking_names_the_facts_that_a_template_still_needs() -> None:
    assert lacking("start/stranger", {"centre": "中心", "more": 1}) == {"tel", "email"}
    assert lacking("start/share_phone", {}) == frozenset()


@pytest.mark.proof
def test_a_typical_message_renders_within_100_microseconds() -> None:
    specimens = [(name, sample(name)) for name in TEMPLATES]
    for name, facts in specimens:
        catalog.render(name, "zh_CN", facts)
    began = time.perf_counter()
    for _ in range(20):
        for name, facts in specimens:
            catalog.render(name, "zh_CN", facts)
    assert (time.perf_counter() - began) / (20 * len(specimens)) <= 100e-6
