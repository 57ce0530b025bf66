"""The words of the web pages, in both languages, and what the pages make of them."""

import re
import tomllib

import pytest

from domain.upload_links import Refusal
from messages import Catalog
from messages.pages import ASSETS, FOLDER, Pages

TABLES = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
WORDS = [(table, key) for table, words in TABLES.items() for key in words]
TEMPLATES = "".join(path.read_text() for path in FOLDER.glob("*.j2"))
SCRIPTS = "".join(path.read_text() for path in FOLDER.glob("*.js"))
SERVER = {"disk_full", "no_cookie", *Refusal}
"""Keys by which the server says why."""

every_word = pytest.mark.parametrize(("table", "key"), WORDS)


@every_word
def test_a_word_is_there_in_both_languages_with_the_same_facts(table: str, key: str) -> None:
    words = TABLES[table][key]
    assert words.keys() == {"zh_CN", "en"}
    assert all(words.values())
    assert set(re.findall(r"{\w+}", words["zh_CN"])) >= set(re.findall(r"{\w+}", words["en"]))


@every_word
def test_nothing_is_shouted_and_nothing_has_passed(table: str, key: str) -> None:
    for words in TABLES[table][key].values():
        assert not re.search(r"[!！]|已通过|passed|务必", words)


@every_word
def test_a_word_is_used(table: str, key: str) -> None:
    used = rf"\bw\.{key}\b" if table == "page" else rf'\b{key}\b|"{key.removesuffix("_of")}"'
    assert re.search(used, TEMPLATES if table == "page" else SCRIPTS) or key in SERVER


def test_whatever_the_server_refuses_with_has_its_sentence() -> None:
    assert TABLES["script"].keys() >= SERVER


def test_what_the_pages_ask_for_is_there() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.suffix in (".css", ".js", ".svg")} == set(ASSETS)


@pytest.mark.parametrize(
    ("header", "locale"), [("en-GB,en;q=0.9", "en"), ("zh-TW", "zh_CN"), ("", "zh_CN"), ("*", "zh_CN")]
)
def test_a_stranger_is_answered_in_the_language_of_the_browser(header: str, locale: str) -> None:
    assert Pages(Catalog()).preferred(header) == locale
