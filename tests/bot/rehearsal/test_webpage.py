"""What the server tells the page, and how it guards it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.rehearsal import Attachment, Person, RehearsalServer, menus, view
from bot.rehearsal.files import DOT
from tests.bot.rehearsal.conftest import Raw


@asynccontextmanager
async def live(call: Raw) -> AsyncIterator[Any]:
    """What the page is told, one by one."""
    async with call.session.get(f"{call.server.control_url}/live") as stream:

        async def told() -> dict[str, Any]:
            async with asyncio.timeout(2):
                while not (line := await stream.content.readline()).startswith(b"data: "):
                    pass
            answer: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return answer

        yield told


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    person = server.world.person("张三", slot="liaison")
    person.start()
    return person


async def test_everything_at_first_then_what_happens(call: Raw, zhang: Person) -> None:
    async with live(call) as told:
        first = await told()
        assert (first["kind"], first["zone"], first["clock"]) == ("snapshot", "Asia/Shanghai", None)
        assert [one["name"] for one in first["frame"]["people"]] == ["张三"]
        assert [one["text"] for one in first["histories"][0]["messages"]] == ["/start"]
        sent = (await call("sendMessage", chat_id=zhang.id, text="一"))["result"]
        place = {"chat_id": zhang.id, "message_id": sent["message_id"]}
        await call("editMessageText", text="二", **place)
        await call("deleteMessage", **place)
        assert [(await told())["kind"] for _ in range(3)] == ["sent", "edited", "deleted"]


async def test_a_message_that_stays_is_told_as_it_is(call: Raw, zhang: Person) -> None:
    async with live(call) as told:
        await told()
        markup = {"keyboard": [["是"]], "input_field_placeholder": "选"}
        await call("sendMessage", chat_id=zhang.id, text="<b>一</b>", parse_mode="HTML", reply_markup=markup)
        event = await told()
        assert (event["kind"], event["message"]["text"], event["now"]) == ("sent", "一", zhang.world.now())
        assert event["message"]["entities"] == [{"type": "bold", "offset": 0, "length": 1}]
        assert event["keyboard"]["keyboard"] == [[{"text": "是"}]]


async def test_the_frame_is_told_again_when_it_changed(call: Raw, zhang: Person) -> None:
    async with live(call) as told:
        await told()
        await call("setMyCommands", commands=[{"command": "menu", "description": "主页"}])
        frame = (await told())["frame"]
        assert frame["people"][0]["commands"] == {str(zhang.id): [{"command": "menu", "description": "主页"}]}
        await call("setMyCommands", commands=[{"command": "menu", "description": "主页"}])
        zhang.world.person("李四")
        assert [one["name"] for one in (await told())["frame"]["people"]] == ["张三", "李四"]


async def test_a_message_is_read_when_the_bot_confirmed_it(
    call: Raw, zhang: Person, server: RehearsalServer
) -> None:
    chat = server.world.state.chats[zhang.id]
    assert view.history(server.world, chat, None, limit=9)["messages"][0]["read"] is False
    async with live(call) as told:
        await told()
        server.world.updates.drop_pending()
        event = await told()
        assert (event["kind"], event["chat"], event["id"]) == ("read", zhang.id, 1)
    assert view.history(server.world, chat, None, limit=9)["messages"][0]["read"] is True


async def test_a_page_of_a_chat(call: Raw, zhang: Person, server: RehearsalServer) -> None:
    for number in range(70):
        zhang.send(f"{number}")
    url = f"{server.control_url}/chats/{zhang.id}/messages"
    async with call.session.get(url, params={"before": 70}) as answer:
        page = await answer.json()
    assert ([one["id"] for one in page["messages"]], page["more"]) == (list(range(10, 70)), True)
    async with call.session.get(url, params={"before": 10}) as answer:
        page = await answer.json()
    assert ([one["id"] for one in page["messages"]], page["more"]) == (list(range(1, 10)), False)


async def test_an_upload_of_one_file_or_several(call: Raw, zhang: Person) -> None:
    url = f"{call.server.control_url}/people/{zhang.id}/upload"
    for names, kind in ((["a.txt"], "document"), (["1.png"], "photo"), (["1.png", "2.png"], "photo")):
        form = aiohttp.FormData({"kind": kind, "caption": "说明"}, quote_fields=False)
        for name in names:
            form.add_field("files", DOT, filename=name)
        async with call.session.post(url, data=form) as answer:
            ids = await answer.json()
        sent = zhang.messages()[-len(names) :]
        assert [one.message_id for one in sent] == ids
        assert sent[0].text == "说明"
        assert all(getattr(one, kind) for one in sent)


@pytest.mark.parametrize(
    ("data", "kind", "name", "way", "type_"),
    [
        (DOT, "photo", "a.jpg", "inline", "image/png"),
        (b"<svg/>", "photo", "a.svg", "attachment", "application/octet-stream"),
        (b"<html>", "document", "a.html", "attachment", "application/octet-stream"),
        (DOT, "document", "图.png", "attachment", "image/png"),
    ],
)
async def test_pictures_are_shown_and_all_else_is_downloaded(
    call: Raw, zhang: Person, data: bytes, kind: str, name: str, way: str, type_: str
) -> None:
    sent = zhang.send_album([Attachment(name, data, kind=kind)])[0]
    file_id = (sent.photo or sent.document or {})["file_id"]
    async with call.session.get(f"{call.server.control_url}/files/{file_id}") as answer:
        assert await answer.read() == data
        assert answer.headers["Content-Disposition"].startswith(way)
        assert answer.content_type == type_
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")


async def test_the_page_and_its_parts_come_with_a_policy(call: Raw) -> None:
    kinds = {"/": "text/html", "/page/main.js": "text/javascript", "/page/base.css": "text/css"}
    for path, kind in kinds.items():
        async with call.session.get(f"{call.server.url}{path}") as answer:
            assert (answer.status, answer.content_type) == (200, kind)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
    for path in ("/page/../server.py", "/page/%2e%2e/server.py", "/page/", "/page/none.js"):
        async with call.session.get(f"{call.server.url}{path}") as answer:
            assert answer.status == 404


async def test_a_foreign_host_or_origin_is_refused(call: Raw, zhang: Person) -> None:
    url = f"{call.server.control_url}/people/{zhang.id}/send"
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        async with call.session.post(url, json={"text": "伪造"}, headers=headers) as answer:
            assert answer.status == 403
    assert zhang.last.text == "/start"


async def test_what_telegram_refuses_is_told_in_its_words(call: Raw, zhang: Person) -> None:
    url = f"{call.server.control_url}/people/{zhang.id}/send"
    async with call.session.post(url, json={"text": "长" * 4097}) as answer:
        assert (answer.status, await answer.json()) == (
            400,
            {"error": "Refusal: Bad Request: message is too long"},
        )


async def test_there_is_no_clock_to_move_without_a_control(call: Raw) -> None:
    async with call.session.get(f"{call.server.control_url}/clock") as answer:
        assert answer.status == 404


async def test_commands_come_from_the_narrowest_scope_in_the_persons_language(
    call: Raw, zhang: Person, server: RehearsalServer
) -> None:
    group = server.world.group("中心", members=[zhang])

    async def say(command: str, scope: dict[str, Any] | None = None, language: str = "") -> None:
        commands = [{"command": command, "description": "x"}]
        await call("setMyCommands", commands=commands, scope=scope or {}, language_code=language)

    def seen(chat_id: int) -> str:
        found = menus.commands(server.world.state, zhang.user, server.world.state.chats[chat_id])
        return str(found[0]["command"]) if found else ""

    assert seen(zhang.id) == ""
    for command, scope, language, private, grouped in (
        ("default", None, "", "default", "default"),
        ("chinese", None, "zh", "chinese", "chinese"),
        ("privately", {"type": "all_private_chats"}, "", "privately", "chinese"),
        ("groups", {"type": "all_group_chats"}, "zh", "privately", "groups"),
        ("admins", {"type": "all_chat_administrators"}, "", "privately", "admins"),
        ("here", {"type": "chat", "chat_id": zhang.id}, "", "here", "admins"),
        ("member", {"type": "chat_member", "chat_id": group.id, "user_id": zhang.id}, "", "here", "member"),
    ):
        await say(command, scope, language)
        assert (seen(zhang.id), seen(group.id)) == (private, grouped)
