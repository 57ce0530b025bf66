"""Parameters come in the query, as JSON, urlencoded or multipart, and mean the same."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from bot.rehearsal import Person, RehearsalServer
from tests.bot.rehearsal.conftest import TOKEN, Raw

KEYBOARD = {"inline_keyboard": [[{"text": "确认", "callback_data": "c:1:1"}]]}
Send = Callable[[aiohttp.ClientSession, str, dict[str, str]], Any]


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    person = server.world.person("张三")
    person.start()
    return person


def multipart(fields: dict[str, str]) -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in fields.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    return writer


@pytest.mark.parametrize(
    "send",
    [
        lambda session, url, fields: session.get(url, params=fields),
        lambda session, url, fields: session.post(url, data=fields),
        lambda session, url, fields: session.post(url, json=fields),
        lambda session, url, fields: session.post(url, data=multipart(fields)),
    ],
    ids=["query", "urlencoded", "json", "multipart"],
)
async def test_a_call_is_understood_however_it_is_sent(zhang: Person, call: Raw, send: Send) -> None:
    fields = {
        "chat_id": str(zhang.id),
        "text": "12",
        "disable_notification": "True",
        "reply_markup": json.dumps(KEYBOARD),
    }
    url = f"{call.server.base_url}{TOKEN}/SENDMESSAGE"
    async with send(call.session, url, fields) as answer:
        assert (await answer.json())["result"]["text"] == "12"
    (logged,) = zhang.world.calls
    assert (logged.method, logged.params) == (
        "sendMessage",
        {"chat_id": zhang.id, "text": "12", "disable_notification": True, "reply_markup": KEYBOARD},
    )


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("sendMediaGroup", {"media": ["x"]}, "Bad Request: can't parse media: expected an Array of Object"),
        ("setMyCommands", {"commands": "{}"}, "Bad Request: can't parse commands: expected an Array"),
        (
            "sendMessage",
            {"text": "a", "reply_parameters": [1]},
            "Bad Request: can't parse reply_parameters: expected an Object",
        ),
    ],
)
async def test_what_is_no_parameter_of_that_kind_is_refused(
    zhang: Person, call: Raw, method: str, params: dict[str, Any], description: str
) -> None:
    assert (await call(method, chat_id=zhang.id, **params))["description"] == description


async def test_a_body_that_is_no_json_is_refused(server: RehearsalServer, call: Raw) -> None:
    url = f"{server.base_url}{TOKEN}/getMe"
    headers = {"Content-Type": "application/json"}
    async with call.session.post(url, data=b"{", headers=headers) as answer:
        assert (await answer.json())["description"] == "Bad Request: can't parse request JSON object"
