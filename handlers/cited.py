"""What a native reply is about: the number on the page of the bot's that was replied to."""

import re

from telegram import Message

from handlers.callbacks import unpack
from storage import questions, requests

_REQUEST = re.compile(rf"{requests.SERIES}-[0-9]{{4}}-[0-9]{{4,}}")
_QUESTION = re.compile(rf"{questions.SERIES}-[0-9]{{4}}-[0-9]{{4,}}")
_LIST_OPS = frozenset({"show", "home"})
"""Both are under the lists, which name requests without being about one, and under no other page."""


def request_in(replied: Message | None) -> str | None:
    """The number of the request that a page is about; a list is about none."""
    numbers: set[str] = set(_REQUEST.findall(_said(replied)))
    if replied is None or len(numbers) != 1 or _ops(replied) >= _LIST_OPS:
        return None
    return numbers.pop()


def question_in(replied: Message | None) -> str | None:
    """The number of the question that a page is about: in its first line, below which others may be named."""
    found = _QUESTION.search(_said(replied).partition("\n")[0])
    return found[0] if found else None


def _said(replied: Message | None) -> str:
    """The words of a message, if it is one of the bot's."""
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return ""
    return replied.text or replied.caption or ""


def _ops(page: Message) -> set[str]:
    rows = page.reply_markup.inline_keyboard if page.reply_markup else ()
    pressed = [unpack(str(button.callback_data)) for row in rows for button in row]
    return {press.op for press in pressed if press is not None}
