"""The short words: complete in every language, unambiguous when typed, and fit for a phone."""

import re
import unicodedata

import pytest

from domain.bases import Status
from domain.people import ConsentKind, PhoneCheck, Role
from domain.requests import Move, State
from domain.uploads import State as UploadState
from messages import Catalog
from messages.labels import Labels

LOCALES = ("zh_CN", "en")
HALF_ROW = 20  # columns: two buttons in a row of a 360 px phone show ten Chinese characters each
WHOLE_ROW = 40
ALONE = {
    "incident_seen",
    "agree_processing",
    "refuse_processing",
    "agree_cross_border",
    "refuse_cross_border",
    "share_phone",
}
"""Buttons that stand in a row of their own."""

CONTRACT = """
    服务申请 我的申请 年度总结 典型案例 供需信息 活动 通知 对接人 我的信息
    待办件 发布通知 新建活动 报送情况 基地名录 统计
    提交 上一步 取消 修改 确认 收到 报名 取消报名 受理 回复 转办 补正 办结 请修改 接收 评价 导出
    跳过 完成 继续填写 放弃 查看进度 补充材料 撤回申请 是 否 设置 返回 中文 English
    同意处理上述信息 不使用，改用电话/邮箱 单独同意 不同意，改用电话/邮箱 共享我的手机号
"""
COMMANDS = """
    start menu help cancel language privacy rules
    my request requests report cases supply events exchanges notices contacts profile
    desk bind announce event_new outstanding reports bases people calendar settings stats export
"""

catalog = Catalog()
labels = Labels.load()
every_locale = pytest.mark.parametrize("locale", LOCALES)


def columns(text: str) -> int:
    """The width of a text, a Chinese character taking two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_every_key_has_every_language_and_nothing_else() -> None:
    assert labels.locales == LOCALES
    assert {key: tuple(texts) for key, texts in labels._texts.items() if tuple(texts) != LOCALES} == {}


def test_no_label_is_empty() -> None:
    texts = [text for words in labels._texts.values() for text in words.values()]
    assert [text for text in texts if not text.strip()] == []


def test_no_two_buttons_share_a_word() -> None:
    seen: dict[str, set[str]] = {}
    for key in labels.buttons():
        for locale in LOCALES:
            seen.setdefault(labels.text(key, locale).casefold(), set()).add(key)
    assert {word: keys for word, keys in seen.items() if len(keys) > 1} == {}


@pytest.mark.parametrize("word", CONTRACT.split())
def test_the_words_of_the_contract_are_buttons(word: str) -> None:
    key = labels.key_of(word)
    assert key is not None
    assert word in {labels.text(key, locale) for locale in LOCALES}


@every_locale
@pytest.mark.parametrize("key", labels.buttons())
def test_a_button_fits_a_phone(key: str, locale: str) -> None:
    assert columns(labels.text(key, locale)) <= (WHOLE_ROW if key in ALONE else HALF_ROW)


@every_locale
@pytest.mark.parametrize("key", [key for key in labels._texts if key.startswith("field_")])
def test_the_name_of_a_field_fits_a_button_of_a_whole_row(key: str, locale: str) -> None:
    assert columns(labels.text(key, locale)) <= WHOLE_ROW


@pytest.mark.parametrize("key", labels.buttons())
def test_a_button_is_named_as_an_operation(key: str) -> None:
    assert re.fullmatch(r"[a-z_]{1,20}", key)


@every_locale
@pytest.mark.parametrize("command", COMMANDS.split())
def test_a_command_is_described_within_the_limits_of_the_bot_api(command: str, locale: str) -> None:
    assert 1 <= len(labels.text(f"command_{command}", locale)) <= 256
    assert columns(labels.text(f"command_{command}", locale)) <= WHOLE_ROW


@every_locale
@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("role", Role),
        ("state", State),
        ("move", Move),
        ("check", PhoneCheck),
        ("consent", ConsentKind),
        ("status", Status),
        ("upload", UploadState),
    ],
)
def test_every_value_that_is_shown_has_a_word(prefix: str, words: type[Role], locale: str) -> None:
    assert [word for word in words if not labels.text(f"{prefix}_{word.value}", locale)] == []


@pytest.mark.parametrize("move", Move)
def test_every_move_of_a_request_has_a_button(move: Move) -> None:
    assert move.value in labels.buttons()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("服务申请", "request"),
        (" 服务 申请 ", "request"),
        ("annual summary", "report"),
        ("ＭＥＮＵ", "menu"),
        ("取消", "cancel"),
        ("取消报名", "unregister"),
        ("联络员", None),
        ("", None),
    ],
)
def test_a_typed_word_finds_its_button_in_any_language(typed: str, key: str | None) -> None:
    assert catalog.label_keys_by_word(typed) == key
