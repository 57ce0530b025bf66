"""Files both ways: real bytes, huge files without any, and what is refused."""

import io
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest

from bot.rehearsal import Attachment, Person, RehearsalServer
from bot.rehearsal.files import DOT
from tests.bot.rehearsal.conftest import TOKEN, Raw


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    person = server.world.person("张三")
    person.start()
    server.world.updates.drop_pending()
    return person


async def test_a_document_of_a_person_is_fetched_byte_for_byte(zhang: Person, bot: Bot) -> None:
    zhang.send_document("年报.pdf", b"%PDF-1.7 \xff", caption="附件")
    (update,) = await bot.get_updates()
    assert update.message is not None
    document = update.message.document
    assert document is not None
    assert (document.file_name, document.mime_type, document.file_size) == ("年报.pdf", "application/pdf", 10)
    assert update.message.caption == "附件"
    file = await document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7 \xff"


@pytest.mark.parametrize(("size", "fetched"), [(20 * 1024 * 1024, True), (20 * 1024 * 1024 + 1, False)])
async def test_a_file_is_fetched_up_to_20_mb(zhang: Person, bot: Bot, size: int, fetched: bool) -> None:
    sent = zhang.send_document("大.zip", size=size)
    assert sent.document is not None
    if fetched:
        assert (await bot.get_file(sent.document["file_id"])).file_size == size
        return
    with pytest.raises(BadRequest, match=r"^File is too big$"):
        await bot.get_file(sent.document["file_id"])


@pytest.mark.parametrize(
    ("file_id", "description"),
    [
        ("", "Bad Request: file_id not specified"),
        ("nonsense", "Bad Request: invalid file_id"),
        (
            "BQACAgUAAxkBAAI999999",
            "Bad Request: wrong file_id or the file is temporarily unavailable",
        ),
    ],
)
async def test_a_file_that_is_not_there_is_refused(call: Raw, file_id: str, description: str) -> None:
    assert (await call("getFile", file_id=file_id))["description"] == description


async def test_a_file_path_needs_the_token(
    server: RehearsalServer, zhang: Person, bot: Bot, call: Raw
) -> None:
    sent = zhang.send_document("a.txt", b"a")
    assert sent.document is not None
    path = (await bot.get_file(sent.document["file_id"])).file_path
    assert path is not None
    async with call.session.get(path.replace(TOKEN, "42:WRONG")) as answer:
        assert answer.status == 401
    async with call.session.get(f"{server.base_file_url}{TOKEN}/documents/none.txt") as answer:
        assert answer.status == 404


async def test_the_bot_sends_bytes_once_and_then_by_file_id(zhang: Person, bot: Bot) -> None:
    first = await bot.send_document(
        zhang.id, b"PK\x03\x04", filename="名录.xlsx", caption="<b>名录</b>", parse_mode="HTML"
    )
    assert first.document is not None
    again = await bot.send_document(zhang.id, first.document.file_id)
    assert again.document == first.document
    assert zhang.unread()[0].html == "<b>名录</b>"
    photo = await bot.send_photo(zhang.id, DOT)
    assert photo.photo[-1].file_size == len(DOT)


async def test_a_picture_takes_another_ones_place(zhang: Person, bot: Bot) -> None:
    first = await bot.send_photo(zhang.id, DOT, caption="八月")
    await bot.edit_message_media(
        InputMediaPhoto(DOT + b"9", caption="九月"), chat_id=zhang.id, message_id=first.message_id
    )
    [seen] = [message for message in zhang.messages() if message.from_bot]
    assert (seen.text, seen.edited) == ("九月", True)
    assert seen.photo is not None
    assert seen.photo["file_size"] == len(DOT) + 1


async def test_an_album_arrives_whole(zhang: Person, bot: Bot) -> None:
    sent = await bot.send_media_group(
        zhang.id,
        [
            InputMediaDocument(b"a", filename="a.txt", caption="附件"),
            InputMediaDocument(b"b", filename="b.txt"),
        ],
    )
    assert len({message.media_group_id for message in sent}) == 1
    assert [one.document and one.document["file_name"] for one in zhang.unread()] == ["a.txt", "b.txt"]
    zhang.send_album([Attachment("1.jpg", DOT, kind="photo"), Attachment("2.jpg", DOT, kind="photo")], "照片")
    updates = [update.message for update in await bot.get_updates()]
    assert [message and message.caption for message in updates] == ["照片", None]
    assert len({message and message.media_group_id for message in updates}) == 1


async def test_a_person_sends_every_kind(zhang: Person, bot: Bot) -> None:
    zhang.send_photo()
    zhang.send_voice()
    zhang.send_sticker("👍")
    kinds = [update.message.effective_attachment for update in await bot.get_updates() if update.message]
    assert [type(kind).__name__ for kind in kinds] == ["tuple", "Voice", "Sticker"]


def document(file_id: str) -> dict[str, Any]:
    return {"type": "document", "media": file_id}


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("sendDocument", {}, "Bad Request: there is no document in the request"),
        ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
        ("sendDocument", {"document": "x"}, "Bad Request: wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"document": "attach://x"}, "Bad Request: wrong file identifier/HTTP URL specified"),
        (
            "sendDocument",
            {"document": "KNOWN", "caption": "年" * 1025},
            "Bad Request: message caption is too long",
        ),
        ("sendPhoto", {"photo": "KNOWN"}, "Bad Request: can't use file of type Document as Photo"),
        ("sendMediaGroup", {"media": []}, "Bad Request: there are no messages to send"),
        (
            "sendMediaGroup",
            {"media": [document("KNOWN")] * 11},
            "Bad Request: too many messages to send as an album",
        ),
        (
            "sendMediaGroup",
            {"media": [{"type": "document"}]},
            "Bad Request: can't parse InputMedia: media not found",
        ),
        (
            "sendMediaGroup",
            {"media": [{"type": "voice_note", "media": "x"}]},
            'Bad Request: can\'t parse InputMedia: type "voice_note" is unsupported',
        ),
        (
            "sendMediaGroup",
            {"media": [document("KNOWN"), {"type": "photo", "media": "x"}]},
            "Bad Request: document can't be mixed with other media types",
        ),
        (
            "editMessageMedia",
            {"media": {"type": "voice_note", "media": "x"}},
            'Bad Request: can\'t parse InputMedia: type "voice_note" is unsupported',
        ),
        (
            "editMessageMedia",
            {"media": {"type": "photo"}},
            "Bad Request: can't parse InputMedia: media not found",
        ),
        ("editMessageText", {"text": "a"}, "Bad Request: there is no text in the message to edit"),
        ("sendContact", {"first_name": "a"}, 'Bad Request: can\'t find parameter "phone_number"'),
    ],
)
async def test_a_file_is_refused(
    zhang: Person, bot: Bot, call: Raw, method: str, params: dict[str, Any], description: str
) -> None:
    known = await bot.send_document(zhang.id, b"a", filename="a.txt")
    assert known.document is not None
    given = {name: known.document.file_id if value == "KNOWN" else value for name, value in params.items()}
    if isinstance(given.get("media"), list):
        given["media"] = [
            one | ({"media": known.document.file_id} if one.get("media") == "KNOWN" else {})
            for one in given["media"]
        ]
    answer = await call(method, chat_id=zhang.id, message_id=known.message_id, **given)
    assert answer == {"ok": False, "error_code": 400, "description": description}


@pytest.mark.parametrize(
    ("kind", "data", "status", "description"),
    [
        ("document", b"", 400, "Bad Request: file must be non-empty"),
        ("photo", b"%PDF", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        (
            "photo",
            DOT + bytes(10 * 1024 * 1024),
            400,
            (
                f"Bad Request: file of size {len(DOT) + 10_485_760} bytes is too big for a photo; "
                "the maximum size is 10485760 bytes"
            ),
        ),
        ("document", bytes(50 * 1024 * 1024 + 1), 413, "Request Entity Too Large"),
    ],
    ids=["empty", "no image", "large photo", "over 50 MB"],
)
async def test_an_upload_is_refused(
    server: RehearsalServer, zhang: Person, call: Raw, kind: str, data: bytes, status: int, description: str
) -> None:
    form = aiohttp.FormData({"chat_id": str(zhang.id)})
    form.add_field(kind, io.BytesIO(data), filename="a.bin")
    url = f"{server.base_url}{TOKEN}/send{kind.title()}"
    async with call.session.post(url, data=form) as answer:
        assert (answer.status, (await answer.json())["description"]) == (status, description)
