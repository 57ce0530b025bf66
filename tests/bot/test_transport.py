"""HTTP to the Bot API, over real sockets."""

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import Forbidden, InvalidToken, NetworkError, TimedOut

from bot.multipart import Missing
from bot.rehearsal import Failure, RehearsalServer
from bot.transport import Answer, Connection, Transport, Unanswered, Unreached, bot_of, read
from domain.attached import Attached, taking_along
from storage.files import FileStore

TOKEN = "42:TEST-TOKEN-OF-THE-TRANSPORT"
SENT = b'{"ok": true, "result": {"message_id": 7}}'

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[int]:
    """A TCP server on a free port; yields the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of one HTTP request."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length" in line]
    return head, await reader.readexactly(int(lengths[0]))


def answer(body: bytes = SENT, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status, len(body), body)


@contextlib.asynccontextmanager
async def transport(
    port: int, proxy: str | None = None, files: FileStore | None = None
) -> AsyncIterator[Transport]:
    connection = Connection(proxy)
    try:
        yield Transport(connection, f"http://127.0.0.1:{port}/bot{TOKEN}", files)
    finally:
        await connection.close()


async def free_port() -> int:
    async def hang_up(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None: ...

    async with listening(hang_up) as port:
        return port


async def test_a_payload_is_posted_as_it_was_stored() -> None:
    asked: list[tuple[bytes, bytes]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await request(reader))
        writer.write(answer())

    payload = '{"chat_id":  1, "text": "您好"}'
    async with listening(talk) as port, transport(port) as sender:
        assert await sender.post("sendMessage", payload) == Answer(ok=True, message_id=7)
    [(head, body)] = asked
    assert head.startswith(f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\n".encode())
    assert b"Content-Type: application/json\r\n" in head
    assert body.decode() == payload


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


async def with_a_file(files: FileStore, content: bytes) -> str:
    """A payload that takes a content along."""
    receipt = Attached((await files.put(content)).sha256, "回执.docx", "application/msword")
    call = {"chat_id": 1, "document": receipt.address, "caption": "您的回执", "protect_content": True}
    return json.dumps(taking_along(call | {"reply_markup": {"inline_keyboard": []}}, receipt))


async def test_a_payload_that_takes_a_file_along_is_posted_as_a_form(files: FileStore) -> None:
    asked: list[tuple[bytes, bytes]] = []
    writes = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await request(reader))
        writer.write(answer())

    def on_write() -> None:
        nonlocal writes
        writes += 1

    async with listening(talk) as port, transport(port, files=files) as sender:
        payload = await with_a_file(files, b"PK\x03\x04")
        assert await sender.post("sendDocument", payload, on_write) == Answer(ok=True, message_id=7)
    [(head, body)] = asked
    assert b"Content-Type: multipart/form-data; boundary=" in head
    boundary = b"\r\n--" + head.split(b"boundary=")[1].split(b"\r\n")[0]
    first, *middle, last, end = (b"\r\n" + body).split(boundary)
    assert (first, end, writes) == (b"", b"--\r\n", 1)
    parts = [part.split(b"\r\n\r\n", 1) for part in middle]
    named = {part_head.split(b'name="')[1].split(b'"')[0]: value.decode() for part_head, value in parts}
    [sha256] = re.findall(rb"attach://(\w+)", body)
    assert named == {
        b"chat_id": "1",
        b"document": f"attach://{sha256.decode()}",
        b"caption": "您的回执",
        b"protect_content": "true",
        b"reply_markup": '{"inline_keyboard": []}',
    }
    assert b'name="%b"; filename="%b"' % (sha256, "回执.docx".encode()) in last
    assert b"Content-Type: application/msword\r\n" in last
    assert last.endswith(b"\r\n\r\nPK\x03\x04")


async def test_a_file_that_is_missing_is_said_before_anything_is_written(files: FileStore) -> None:
    async def talk(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        raise AssertionError("a connection was made")

    payload = await with_a_file(files, b"PK")
    [path] = [path for path in files.root.rglob("*") if path.is_file()]
    path.unlink()
    async with listening(talk) as port, transport(port, files=files) as sender:
        with pytest.raises(Missing):
            await sender.post("sendDocument", payload, lambda: pytest.fail("something was written"))


async def test_a_file_whose_server_is_away_is_unreached(files: FileStore) -> None:
    async with transport(await free_port(), files=files) as sender:
        with pytest.raises(Unreached):
            await sender.post("sendDocument", await with_a_file(files, b"PK"))


async def test_a_file_that_is_cut_off_on_its_way_is_unanswered(files: FileStore) -> None:
    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with listening(talk) as port, transport(port, files=files) as sender:
        with pytest.raises(Unanswered):
            await sender.post("sendDocument", await with_a_file(files, bytes(10_000_000)))


async def test_a_server_that_stops_listening_does_not_hold_up_a_file_for_ever(
    files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transport.UPLOAD_S", 0.1)
    done = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await done.wait()

    async with listening(talk) as port, transport(port, files=files) as sender:
        with pytest.raises(Unanswered):
            await sender.post("sendDocument", await with_a_file(files, bytes(20_000_000)))
        done.set()


async def test_a_connection_that_was_refused_is_unreached_and_names_no_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with transport(await free_port()) as sender:
            with pytest.raises(Unreached) as caught:
                await sender.post("sendMessage", "{}")
    assert str(caught.value) == "ClientConnectorError"
    assert caught.value.__suppress_context__
    assert TOKEN not in caplog.text


async def test_a_name_that_is_not_known_is_unreached() -> None:
    connection = Connection()
    try:
        with pytest.raises(Unreached):
            await Transport(connection, f"http://nowhere.invalid/bot{TOKEN}").post("sendMessage", "{}")
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "answered", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b"nonsense\r\n\r\n"]
)
async def test_a_connection_that_was_cut_after_the_writing_is_unanswered(answered: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(answered)

    async with listening(talk) as port, transport(port) as sender:
        with pytest.raises(Unanswered):
            await sender.post("sendMessage", "{}")


async def test_a_connection_that_is_cut_before_it_speaks_tls_is_unreached() -> None:
    async def hang_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(1)

    connection = Connection()
    async with listening(hang_up) as port:
        with pytest.raises(Unreached):
            await Transport(connection, f"https://127.0.0.1:{port}/bot{TOKEN}").post("sendMessage", "{}")
        await connection.close()


async def test_a_redirect_is_not_followed() -> None:
    """The token is not carried anywhere else."""
    followed = False

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal followed
        followed = True
        await request(reader)
        writer.write(answer())

    async with listening(elsewhere) as other:

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await request(reader)
            status = b"307 Temporary Redirect\r\nLocation: http://127.0.0.1:%d/" % other
            writer.write(answer(b"", status))

        async with listening(talk) as port, transport(port) as sender:
            with pytest.raises(Unanswered):
                await sender.post("sendMessage", "{}")
    assert not followed


@pytest.mark.parametrize(
    ("status", "body", "understood"),
    [
        (200, b'{"ok": true, "result": true}', Answer(ok=True)),
        (
            200,
            b'{"ok": true, "result": [{"message_id": 3}, {"message_id": 4}]}',
            Answer(ok=True, message_id=3),
        ),
        (
            429,
            b'{"ok": false, "error_code": 429, "description": "Too", "parameters": {"retry_after": 5}}',
            Answer(ok=False, status=429, error_code=429, description="Too", retry_after=5),
        ),
        (
            400,
            b'{"ok": false, "error_code": 400, "description": "", "parameters": {"migrate_to_chat_id": -9}}',
            Answer(ok=False, status=400, error_code=400, description="", migrated_to=-9),
        ),
        (502, b"<html>Bad Gateway</html>", Answer(ok=False, status=502, error_code=502, by_gateway=True)),
        (504, b"[]", Answer(ok=False, status=504, error_code=504, by_gateway=True)),
    ],
)
def test_what_is_read_of_an_answer(status: int, body: bytes, understood: Answer) -> None:
    assert read(status, body) == understood


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
    writer.close()


async def test_an_http_proxy_is_used() -> None:
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, _ = await request(reader)
        asked.append(head)
        writer.write(answer())

    async with listening(talk) as port, transport(1, f"http://user:secret@127.0.0.1:{port}") as sender:
        assert (await sender.post("sendMessage", "{}")).ok
    assert asked[0].startswith(b"POST http://127.0.0.1:1/bot")
    assert b"Proxy-Authorization: Basic" in asked[0]


def socks5(refuse: bool = False) -> Talk:
    """The least of RFC 1928: no authentication, CONNECT, addresses of any kind."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        *_, kind = await reader.readexactly(4)
        length = 4 if kind == 1 else (await reader.readexactly(1))[0]
        address = await reader.readexactly(length)
        port = int.from_bytes(await reader.readexactly(2), "big")
        writer.write(b"\x05%c\x00\x01\x00\x00\x00\x00\x00\x00" % (5 if refuse else 0))
        if refuse:
            return
        host = ".".join(map(str, address)) if kind == 1 else address.decode()
        onward_reader, onward_writer = await asyncio.open_connection(host, port)
        await asyncio.gather(pipe(reader, onward_writer), pipe(onward_reader, writer))

    return talk


async def test_a_socks5_proxy_is_used() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(answer())

    async with (
        listening(talk) as port,
        listening(socks5()) as proxy,
        transport(port, f"socks5://127.0.0.1:{proxy}") as sender,
    ):
        assert (await sender.post("sendMessage", "{}")).message_id == 7


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_a_proxy_that_is_away_is_unreached(scheme: str) -> None:
    async with transport(1, f"{scheme}://127.0.0.1:{await free_port()}") as sender:
        with pytest.raises(Unreached):
            await sender.post("sendMessage", "{}")


async def test_a_proxy_that_cannot_get_through_is_unreached() -> None:
    async with (
        listening(socks5(refuse=True)) as proxy,
        transport(1, f"socks5://127.0.0.1:{proxy}") as sender,
    ):
        with pytest.raises(Unreached):
            await sender.post("sendMessage", "{}")


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(TOKEN) as running:
        yield running


@pytest.fixture
async def bot(server: RehearsalServer) -> AsyncIterator[Bot]:
    async with bot_of(server.url, TOKEN, Connection()) as running:
        yield running


async def test_ptbs_own_calls_go_through(server: RehearsalServer, bot: Bot) -> None:
    zhang = server.world.person("张三")
    zhang.start()
    [start] = await bot.get_updates(timeout=0)
    assert start.message is not None
    await bot.send_message(zhang.id, "您好 & <再见>?=%")
    await zhang.expect("您好 & <再见>?=%")


async def test_files_go_up_and_come_down(server: RehearsalServer, bot: Bot) -> None:
    zhang = server.world.person("张三")
    zhang.start()
    data = bytes(range(256)) * 4_000
    await bot.send_document(zhang.id, data, filename="年度总结.pdf", caption="附件")
    seen = await zhang.expect("附件")
    assert seen.document is not None
    zhang.send_document("回执.pdf", b"%PDF-1.7")
    update = (await bot.get_updates(timeout=0))[-1]
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7"
    sent = server.world.calls.executed("sendDocument")[0].result["document"]
    assert (sent["file_name"], sent["file_size"]) == ("年度总结.pdf", len(data))


async def test_ptb_hears_telegrams_errors(server: RehearsalServer, bot: Bot) -> None:
    zhang = server.world.person("张三")
    zhang.start()
    zhang.block()
    with pytest.raises(Forbidden):
        await bot.send_message(zhang.id, "您好")
    server.world.revoke()
    with pytest.raises(InvalidToken):
        await bot.get_me()
    server.world.restore()
    server.world.faults.add("getMe", Failure(502), times=1)
    with pytest.raises(NetworkError):
        await bot.get_me()


async def test_ptbs_errors_name_no_token(caplog: pytest.LogCaptureFixture) -> None:
    bot = bot_of(f"http://127.0.0.1:{await free_port()}", TOKEN, Connection())
    with caplog.at_level(logging.DEBUG), pytest.raises(NetworkError) as caught:
        await bot.initialize()
    await bot.shutdown()
    assert TOKEN not in repr(caught.value)
    assert TOKEN not in caplog.text


async def test_a_read_that_lasts_too_long_is_timed_out() -> None:
    done = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await done.wait()

    async with listening(talk) as port:
        bot = bot_of(f"http://127.0.0.1:{port}", TOKEN, Connection())
        with pytest.raises(TimedOut):
            await bot.get_me(read_timeout=0.01)
        done.set()
        await bot.request.shutdown()


async def test_a_session_that_was_closed_is_made_anew(server: RehearsalServer) -> None:
    connection = Connection()
    bot = bot_of(server.url, TOKEN, connection)
    for _ in range(2):
        await bot.initialize()
        assert (await bot.get_me()).is_bot
        await bot.shutdown()
