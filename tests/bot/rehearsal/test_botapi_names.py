"""What the server accepts is what the Bot API has."""

from typing import Any

import pytest

from bot.rehearsal.methods import METHODS, Method
from tests.bot.rehearsal import botapi

pytestmark = pytest.mark.skipif(
    not botapi.present(), reason="../shared/botapi/api.json, the Bot API's description, is not there"
)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_the_method_and_its_parameters_are_in_the_bot_api(method: Method) -> None:
    assert method.accepts <= botapi.parameters(method.name).keys()


@pytest.mark.parametrize(
    ("method", "params", "faults"),
    [
        ("sendMessage", {"chat_id": 1, "text": "a"}, []),
        ("sendMessage", {"chat_id": "@a", "text": "a", "reply_markup": {"remove_keyboard": True}}, []),
        ("sendMesage", {}, ["sendMesage: no such method"]),
        ("sendMessage", {"chat_id": 1}, ["sendMessage: text is required"]),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "reply_to": 3},
            ["sendMessage: reply_to is no parameter"],
        ),
        ("sendMessage", {"chat_id": 1, "text": 5}, ["sendMessage: text is no String: 5"]),
        ("deleteMessages", {"chat_id": 1, "message_ids": 5}, ["deleteMessages: message_ids is no array: 5"]),
        (
            "editMessageText",
            {
                "chat_id": 1,
                "message_id": 2,
                "text": "a",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "data": "b"}]]},
            },
            ["editMessageText: reply_markup.inline_keyboard[0][0].data is no field of InlineKeyboardButton"],
        ),
    ],
)
def test_a_call_is_held_against_the_bot_api(method: str, params: dict[str, Any], faults: list[str]) -> None:
    assert botapi.check_call(method, params) == faults
