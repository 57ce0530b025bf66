"""The log never shows the token, a phone number in full, or what people wrote."""

import logging

import pytest

from bot.logs import Formatter, reference


def logged(message: str, error: BaseException | None = None) -> str:
    trace = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, message, None, trace)
    return Formatter("%(message)s").format(record)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /bot123456:AAF-x_y0123456789/getMe", "GET /bot<token>/getMe"),
        ("phone +8613800138000", "phone 138****8000"),
        ("phone 13800138000.", "phone 138****8000."),
        ("phone 028-0000-1101", "phone 028****1101"),
        ("update 1234567 took 12 ms", "update 1234567 took 12 ms"),
    ],
)
def test_what_must_not_show_is_masked(text: str, shown: str) -> None:
    assert logged(text) == shown


def test_an_exception_keeps_its_place_and_loses_its_words() -> None:
    try:
        raise ValueError("绝密内容 13800138000")
    except ValueError as error:
        text = logged("failed", error)
    assert "ValueError" in text
    assert "test_logs.py" in text
    assert "绝密" not in text


def test_references_are_readable_and_differ() -> None:
    many = {reference() for _ in range(1000)}
    assert len(many) == 1000
    assert all(len(one) == len("E-7K3M-Q2XH") for one in many)
