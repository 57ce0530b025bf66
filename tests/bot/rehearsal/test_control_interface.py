"""Acting as people over HTTP, as a page or another process does it."""

import asyncio
import base64
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.rehearsal import RehearsalServer
from bot.rehearsal.guard import for_this_machine
from tests.bot.rehearsal.conftest import Raw


class Remote:
    def __init__(self, call: Raw) -> None:
        self.session, self.url = call.session, call.server.control_url

    async def post(self, path: str, **body: Any) -> Any:
        async with self.session.post(f"{self.url}/{path}", json=body) as answer:
            return (await answer.json() or {}) | ({} if answer.ok else {"status": answer.status})

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.url}/{path}") as answer:
            return await answer.json()


@pytest.fixture
def remote(call: Raw) -> Remote:
    return Remote(call)


async def test_a_conversation_over_http(remote: Remote, call: Raw, server: RehearsalServer) -> None:
    zhang = await remote.post("people", first_name="张三", phone="+8613800000001")
    path = f"people/{zhang['id']}"
    assert (await remote.post(f"{path}/start", payload="CODE"))["text"] == "/start CODE"
    markup = {"inline_keyboard": [[{"text": "确认", "callback_data": "c:1:1"}]]}
    await call(
        "sendMessage", chat_id=zhang["id"], text="请<b>确认</b>", parse_mode="HTML", reply_markup=markup
    )
    seen = await remote.post(f"{path}/expect", text="请")
    assert (seen["html"], seen["buttons"]) == ("请<b>确认</b>", markup["inline_keyboard"])
    press = await remote.post(f"{path}/press", label="确认", message=seen["message_id"])
    assert press["answers"] == []
    await call("answerCallbackQuery", callback_query_id=press["query_id"], text="收到")
    assert (await remote.get(f"presses/{press['query_id']}"))["answers"] == [
        {"text": "收到", "show_alert": False, "url": None}
    ]
    await remote.post(f"{path}/press_data", data="forged", message=seen["message_id"])
    await remote.post(f"{path}/share_contact")
    sent = await remote.post(
        f"{path}/send_document", name="a.bin", data_base64=base64.b64encode(b"\x00\xff").decode()
    )
    assert sent["document"]["file_size"] == 2
    await remote.post(f"{path}/edit", message=1, text="改")
    assert [one["text"] for one in await remote.get(f"{path}/messages")] == ["改", "请确认", "", ""]
    assert (await remote.get(path))["keyboard"] == []
    assert [one["method"] for one in await remote.get("calls")] == ["sendMessage", "answerCallbackQuery"]
    assert len(await remote.get("calls?method=sendMessage")) == 1
    assert len(server.world.updates.pending) == 6
    assert (await remote.get("state"))["users"][str(zhang["id"])]["first_name"] == "张三"


async def test_groups_over_http(remote: Remote, server: RehearsalServer) -> None:
    zhang, li = [await remote.post("people", first_name=name) for name in ("张三", "李四")]
    group = await remote.post("groups", title="中心", members=[zhang["id"]], forum=True)
    await remote.post(f"groups/{group['id']}/add", person=li["id"])
    topic = await remote.post(f"groups/{group['id']}/topic", name="申请")
    sent = await remote.post(f"people/{li['id']}/send", text="/desk", chat=group["id"], topic=topic["id"])
    assert (sent["chat_id"], sent["topic"]) == (group["id"], topic["id"])
    assert len(await remote.get(f"people/{li['id']}/messages?chat={group['id']}")) == 4
    basic = await remote.post("groups", title="工作群", members=[zhang["id"]])
    moved = await remote.post(f"groups/{basic['id']}/migrate")
    assert moved["id"] in server.world.groups


async def test_faults_and_the_token_over_http(remote: Remote, call: Raw) -> None:
    await remote.post("faults", method="getMe", effect="failure", status=429, retry_after=2, times=1)
    assert (await remote.get("faults"))[0]["method"] == "getMe"
    assert (await call("getMe"))["parameters"] == {"retry_after": 2}
    await remote.post("faults", method="getMe", effect="failure", status=500)
    async with remote.session.delete(f"{remote.url}/faults"):
        pass
    assert (await call("getMe"))["ok"]
    await remote.post("token", valid=False)
    assert (await call("getMe"))["error_code"] == 401
    await remote.post("token", valid=True)
    assert (await call("getMe"))["ok"]


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("people/5/send", {"text": "a"}, 400, "KeyError: 5"),
        ("people/{id}/send", {"words": "a"}, 400, "TypeError"),
        ("people/{id}/press", {"label": "确认"}, 400, "no message of the bot has a button"),
        ("people/{id}/tap", {"label": "确认"}, 400, "CannotAct"),
        ("people/{id}/expect", {"text": "a", "timeout": 0}, 408, "did not see 'a'"),
    ],
)
async def test_what_cannot_be_done_is_told(
    remote: Remote, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    zhang = await remote.post("people", first_name="张三")
    answer = await remote.post(path.format(id=zhang["id"]), **body)
    assert answer["status"] == status
    assert error in answer["error"]


async def test_only_acts_are_acts(remote: Remote) -> None:
    zhang = await remote.post("people", first_name="张三")
    for path in (f"people/{zhang['id']}/contact", f"people/{zhang['id']}/__init__", "groups/1/__init__"):
        async with remote.session.post(f"{remote.url}/{path}", json={}) as answer:
            assert answer.status in (400, 404)


async def test_what_happens_is_told_live(remote: Remote, call: Raw, server: RehearsalServer) -> None:
    zhang = server.world.person("张三")
    zhang.start()
    async with remote.session.get(f"{remote.url}/events") as stream:
        await call("sendMessage", chat_id=zhang.id, text="a")
        lines = [await asyncio.wait_for(stream.content.readline(), 2) for _ in range(3)]
    first = json.loads(lines[0].removeprefix(b"data: "))
    assert (first["kind"], first["chat_id"]) == ("sent", zhang.id)


async def answered(host: str = "127.0.0.1:8090", remote: str = "127.0.0.1", **headers: str) -> int:
    """The status of a request that claims to be this one."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response()

    request = make_mocked_request("POST", "/control/people", headers={"Host": host, **headers})
    try:
        return (await for_this_machine(request.clone(remote=remote), handler)).status
    except web.HTTPForbidden as refused:
        return refused.status


@pytest.mark.parametrize(
    "claimed",
    [
        {},
        {"host": "localhost:8090"},
        {"host": "[::1]:8090", "remote": "::1"},
        {"Origin": "http://127.0.0.1:8090", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_the_page_and_programs_on_this_machine_may_act(claimed: dict[str, str]) -> None:
    assert await answered(**claimed) == 200


@pytest.mark.parametrize(
    "claimed",
    [
        {"remote": "10.0.0.1"},
        {"host": "evil.example:8090"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "[::1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1:8090"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_machines_names_and_pages_may_not_act(claimed: dict[str, str]) -> None:
    assert await answered(**claimed) == 403
