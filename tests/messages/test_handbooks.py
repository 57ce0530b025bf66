"""The handbooks say what the bot's help says, and show pictures that the script takes."""

import inspect
import re

import pytest

from handlers.help import TOPICS
from tests.browser import handbooks

every_book = pytest.mark.parametrize("book", handbooks.BOOKS, ids=lambda book: book.stem)


@every_book
def test_a_handbook_says_what_the_bot_says(book: handbooks.Path) -> None:
    text = book.read_text(encoding="utf-8")
    assert handbooks.with_help(text) == text


def test_every_subject_of_help_is_in_a_handbook() -> None:
    told = "".join(book.read_text(encoding="utf-8") for book in handbooks.BOOKS)
    assert {one.key for one in TOPICS} == set(re.findall(r"<!-- help:(\w+) -->", told))


@every_book
def test_every_picture_of_a_handbook_is_there_and_can_be_taken_again(book: handbooks.Path) -> None:
    scenes = inspect.getsource(handbooks.liaisons) + inspect.getsource(handbooks.officers)
    shown = re.findall(r"pictures/([\w-]+)\.png", book.read_text(encoding="utf-8"))
    assert shown
    assert [name for name in shown if not (handbooks.PICTURES / f"{name}.png").exists()] == []
    assert [name for name in shown if f'"{name}"' not in scenes] == []
