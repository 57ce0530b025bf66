"""The upload page over real HTTP, on both databases."""

import asyncio
import errno
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.upload_page import SPARE_BYTES
from domain.upload_links import CHUNK_BYTES, LIFE_MS, MAX_BYTES, Verdict, VerdictState
from storage import partials, people, settings, upload_links
from storage.engine import Database
from storage.partials import Partials
from tests.bot.upload_house import UploadHouse, Visitor, new_browser

GONE = (404, {"error": "gone"})
ELSEWHERE = (403, {"error": "elsewhere"})
CONTENT = b"0123456789"


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[UploadHouse]:
    opened = UploadHouse(database, tmp_path)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_browser() as session:
        yield session


@pytest.fixture
async def other_browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_browser() as session:
        yield session


@pytest.fixture
async def visitor(house: UploadHouse, browser: aiohttp.ClientSession) -> Visitor:
    """A browser that has pressed 开始上传."""
    return await Visitor(browser, await house.link()).started()


async def sent(visitor: Visitor, content: bytes = CONTENT, key: str = "0000-0001") -> int:
    """Upload a file whole; its number."""
    _, file = await visitor.begin(len(content), key)
    status, _ = await visitor.put(file["id"], 0, content)
    assert status == 200
    number: int = file["id"]
    return number


async def test_opening_a_link_shows_a_page_and_changes_nothing(
    house: UploadHouse, browser: aiohttp.ClientSession, other_browser: aiohttp.ClientSession
) -> None:
    link = await house.link(title="FW-2026-0001 专利预审")
    for session in (other_browser, browser):
        status, page = await Visitor(session, link).get()
        assert status == 200
        assert "FW-2026-0001 专利预审" in page
        assert "涉及国家秘密、工作秘密、商业秘密的内容不得通过互联网传送" in page
        assert await Visitor(session, link).state() == (200, {"standing": "new", "files": []})
    await Visitor(browser, link).started()


async def test_a_page_speaks_the_language_of_its_person(
    house: UploadHouse, browser: aiohttp.ClientSession
) -> None:
    async with house.database.tx() as tx:
        await settings.save(tx, {"centre": "<b>中心</b>", "tel": "028-12345678"})
    _, page = await Visitor(browser, await house.link(locale="en")).get()
    assert 'lang="en"' in page
    assert "must not be sent over the internet" in page
    assert "&lt;b&gt;中心&lt;/b&gt;" in page
    assert "028-12345678" in page


async def test_a_link_is_of_the_browser_that_pressed_first(
    house: UploadHouse, visitor: Visitor, other_browser: aiohttp.ClientSession
) -> None:
    other = Visitor(other_browser, visitor.link)
    assert await other.state() == (200, {"standing": "elsewhere", "files": []})
    status, answer = await other.ask("POST", "/start")
    assert (status, answer["error"]) == (400, "no_cookie")
    other_browser.cookie_jar.update_cookies({"lianluo": "guessed"})
    assert (await other.ask("POST", "/start"))[1]["standing"] == "elsewhere"
    number = await sent(visitor)
    assert (await other.state())[1]["files"] == []
    assert await other.begin(1) == ELSEWHERE
    assert await other.put(number, 0, b"x") == ELSEWHERE
    assert await other.ask("DELETE", f"/files/{number}") == ELSEWHERE
    assert await other.ask("POST", "/finish") == ELSEWHERE
    assert (await visitor.state())[1]["standing"] == "yours"


async def test_of_two_browsers_that_press_at_once_one_has_the_link(
    house: UploadHouse, browser: aiohttp.ClientSession, other_browser: aiohttp.ClientSession
) -> None:
    link = await house.link()
    both = [Visitor(browser, link), Visitor(other_browser, link)]
    for one in both:
        await one.state()
    answers = await asyncio.gather(*(one.ask("POST", "/start") for one in both))
    assert sorted(answer["standing"] for _, answer in answers) == ["elsewhere", "yours"]


async def test_a_press_whose_answer_was_lost_is_repeated(visitor: Visitor) -> None:
    assert await visitor.ask("POST", "/start") == (200, {"standing": "yours", "files": []})


@pytest.mark.parametrize(
    ("public_url", "path", "secure"),
    [("http://ip.example", "/u/", ""), ("https://ip.example/lianluo/", "/lianluo/u/", "; Secure")],
)
async def test_the_secret_of_a_browser_goes_nowhere_else(
    database: Database,
    tmp_path: Path,
    browser: aiohttp.ClientSession,
    public_url: str,
    path: str,
    secure: str,
) -> None:
    house = UploadHouse(database, tmp_path, public_url)
    await house.start()
    token = (await house.link()).rpartition("/")[2]
    async with browser.get(f"http://127.0.0.1:{house.port}/u/{token}/state") as answer:
        said = answer.headers["Set-Cookie"]
    given = rf"lianluo=[\w-]{{22}}; HttpOnly; Max-Age=86400; Path={path}{token}; SameSite=Strict{secure}"
    assert re.fullmatch(given, said)
    await house.stop()


@pytest.mark.parametrize("path", ["", "/state"])
async def test_unknown_expired_used_and_unwanted_links_look_alike(
    house: UploadHouse, browser: aiohttp.ClientSession, path: str
) -> None:
    links = [await house.link(subject_id=n) for n in range(4)]
    expired, used, unwanted, alive = links
    await (await Visitor(browser, used).started()).ask("POST", "/finish")
    house.clock.ms += LIFE_MS
    house.desk.over.add(2)
    async with house.database.tx() as tx:
        person_id = await people.add(tx, "林知行", 1)
        new = [
            await upload_links.add(
                tx, person_id=person_id, purpose="request", subject_id=n, title="", now=house.clock.now()
            )
            for n in (2, 3)
        ]
    unwanted, alive = (house.address.link(f"/u/{token}") for token in new)
    unknown = house.address.link("/u/" + "A" * 22)
    answers = [await Visitor(browser, link).get(path) for link in (unknown, expired, used, unwanted)]
    assert {status for status, _ in answers} == {404}
    assert len({text for _, text in answers}) == 1
    assert (await Visitor(browser, alive).get(path))[0] == 200
    if not path:
        assert "请在与机器人的对话中重新获取链接" in answers[0][1]


async def test_nothing_works_on_a_link_that_is_over(house: UploadHouse, visitor: Visitor) -> None:
    _, file = await visitor.begin(10)
    house.clock.ms += LIFE_MS
    assert await visitor.begin(10, "0000-0002") == GONE
    assert await visitor.put(file["id"], 0, CONTENT) == GONE
    assert await visitor.ask("DELETE", f"/files/{file['id']}") == GONE
    assert await visitor.ask("POST", "/finish") == GONE
    assert await visitor.ask("POST", "/start") == GONE


async def test_a_file_comes_in_pieces_and_is_handed_on_once(house: UploadHouse, visitor: Visitor) -> None:
    content = bytes(range(256)) * 8192  # 2 MB
    status, file = await visitor.begin(len(content) + 5, name="../../etc/年报\u202e.pdf")
    assert (status, file["name"], file["received"], file["state"]) == (200, "年报.pdf", 0, "open")
    for at in (0, CHUNK_BYTES):
        status, seen = await visitor.put(file["id"], at, content[at : at + CHUNK_BYTES])
        assert (status, seen["received"], seen["state"]) == (200, at + CHUNK_BYTES, "open")
    assert await house.handed_on() == []
    _, seen = await visitor.put(file["id"], len(content), b"12345")
    assert (seen["state"], seen["text"]) == ("examining", "已上传，正在检查。")
    [handed] = await house.handed_on()
    assert (handed["upload_id"], handed["name"]) == (file["id"], "年报.pdf")
    assert house.partials.path(file["id"]).read_bytes() == content + b"12345"
    assert house.desk.woken == 1
    assert await visitor.put(file["id"], len(content), b"12345") == (
        409,
        {"error": "offset", "file": seen},
    )
    assert house.partials.path(file["id"]).read_bytes() == content + b"12345"


async def test_a_piece_is_taken_only_where_the_file_ends(house: UploadHouse, visitor: Visitor) -> None:
    _, file = await visitor.begin(10)
    await visitor.put(file["id"], 0, b"0123")
    for offset, data in ((0, b"x"), (5, b"x"), (4, b"4567890"), (4, b"")):
        status, answer = await visitor.put(file["id"], offset, data)
        assert (status, answer["error"], answer["file"]["received"]) == (409, "offset", 4)
    assert (await visitor.put(file["id"], 4, b"456789"))[1]["state"] == "examining"
    assert house.partials.path(file["id"]).read_bytes() == CONTENT


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "x", "９", "9" * 30])
async def test_an_offset_is_a_number(visitor: Visitor, offset: str) -> None:
    _, file = await visitor.begin(10)
    asked = visitor.ask(
        "PUT", f"/files/{file['id']}", data=b"x", headers={"Upload-Offset": offset.encode().decode("latin-1")}
    )
    assert await asked == (400, {"error": "failed"})


async def test_a_piece_has_up_to_1_mb(house: UploadHouse, visitor: Visitor) -> None:
    _, file = await visitor.begin(3 * CHUNK_BYTES)
    assert await visitor.put(file["id"], 0, bytes(CHUNK_BYTES + 1)) == (413, {"error": "failed"})

    async def unmeasured() -> AsyncIterator[bytes]:
        for _ in range(33):
            yield bytes(CHUNK_BYTES // 32)

    asked = visitor.ask("PUT", f"/files/{file['id']}", data=unmeasured(), headers={"Upload-Offset": "0"})
    assert (await asked)[0] == 413
    assert house.partials.listed() == []


async def test_the_same_content_is_one_file_however_often_it_is_begun(visitor: Visitor) -> None:
    answers = await asyncio.gather(*(visitor.begin(10) for _ in range(5)))
    assert len({answer["id"] for _, answer in answers}) == 1
    number = answers[0][1]["id"]
    await visitor.put(number, 0, b"0123")
    assert (await visitor.begin(10))[1]["received"] == 4
    await visitor.put(number, 4, b"456789")
    assert (await visitor.begin(10))[1]["state"] == "examining"
    assert len((await visitor.state())[1]["files"]) == 1


async def test_two_tabs_that_send_the_same_file_make_it_once(house: UploadHouse, visitor: Visitor) -> None:
    content = b"ab" * 5000
    _, file = await visitor.begin(len(content))

    async def tab() -> None:
        received = 0
        while received < len(content):
            status, answer = await visitor.put(file["id"], received, content[received : received + 1000])
            received = answer["received"] if status == 200 else answer["file"]["received"]

    await asyncio.gather(tab(), tab(), tab())
    assert house.partials.path(file["id"]).read_bytes() == content
    assert len(await house.handed_on()) == 1


async def test_a_file_of_201_mb_is_refused_and_one_of_200_is_not(visitor: Visitor) -> None:
    assert await visitor.begin(201 * 1024 * 1024) == (413, {"error": "too_big"})
    assert (await visitor.begin(MAX_BYTES))[0] == 200


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"key": "0000-0001", "name": "a"},
        {"key": "0000-0001", "name": "a", "size": "5"},
        {"key": "0000-0001", "name": "a", "size": True},
        {"key": "0000-0001", "name": None, "size": 5},
        {"key": "../x", "name": "a", "size": 5},
        {"key": "a" * 65, "name": "a", "size": 5},
    ],
)
async def test_what_is_no_file_is_not_begun(visitor: Visitor, asked: dict[str, object]) -> None:
    assert await visitor.ask("POST", "/files", json=asked) == (400, {"error": "failed"})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 4000, b" " * 5000])
async def test_a_body_of_nonsense_is_no_error_of_ours(visitor: Visitor, body: bytes) -> None:
    status, answer = await visitor.ask("POST", "/files", data=body)
    assert (status in (400, 413), answer) == (True, {"error": "failed"})


async def test_an_empty_file_and_an_eleventh_are_refused(visitor: Visitor) -> None:
    assert await visitor.begin(0) == (400, {"error": "empty"})
    files = [await visitor.begin(1, f"0000-{n:04}") for n in range(10)]
    assert await visitor.begin(1, "0000-9999") == (409, {"error": "too_many"})
    await visitor.ask("DELETE", f"/files/{files[0][1]['id']}")
    assert (await visitor.begin(1, "0000-9999"))[0] == 200


async def test_a_link_takes_a_gigabyte_at_most(visitor: Visitor) -> None:
    for n in range(5):
        assert (await visitor.begin(MAX_BYTES, f"0000-{n:04}"))[0] == 200
    assert await visitor.begin(1, "0000-9999") == (409, {"error": "too_much"})


async def test_a_cancelled_file_is_gone_and_can_be_begun_again(house: UploadHouse, visitor: Visitor) -> None:
    _, file = await visitor.begin(10)
    await visitor.put(file["id"], 0, b"0123")
    assert await visitor.ask("DELETE", f"/files/{file['id']}") == (200, {})
    assert await visitor.ask("DELETE", f"/files/{file['id']}") == (200, {})
    assert house.partials.listed() == []
    assert await visitor.put(file["id"], 4, b"4") == (404, {"error": "no_file"})
    assert house.partials.listed() == []
    _, again = await visitor.begin(10)
    assert (again["id"] != file["id"], again["received"]) == (True, 0)


async def test_what_was_handed_on_is_not_cancelled(house: UploadHouse, visitor: Visitor) -> None:
    number = await sent(visitor)
    await visitor.ask("DELETE", f"/files/{number}")
    assert house.partials.path(number).read_bytes() == CONTENT
    assert len((await visitor.state())[1]["files"]) == 1


async def test_anothers_file_is_not_to_be_had(
    house: UploadHouse, visitor: Visitor, other_browser: aiohttp.ClientSession
) -> None:
    _, file = await visitor.begin(10)
    stranger = await Visitor(other_browser, await house.link()).started()
    assert await stranger.put(file["id"], 0, CONTENT) == (404, {"error": "no_file"})
    await stranger.ask("DELETE", f"/files/{file['id']}")
    assert (await visitor.state())[1]["files"] == [file]


async def test_the_page_says_what_the_examination_said(house: UploadHouse, visitor: Visitor) -> None:
    await sent(visitor)
    [handed] = await house.handed_on()
    house.desk.verdicts[handed["job_id"]] = Verdict(VerdictState.CLEAN, "未发现标志，不能代替保密审查")
    [file] = (await visitor.state())[1]["files"]
    assert (file["state"], file["text"]) == ("clean", "未发现标志，不能代替保密审查")


async def test_finishing_ends_the_link_and_counts_what_arrived(house: UploadHouse, visitor: Visitor) -> None:
    await sent(visitor)
    await visitor.begin(5, "0000-0002")
    assert await visitor.ask("POST", "/finish") == (200, {"files": 1})
    assert [link.subject_id for link in house.desk.finished_links] == [7]
    assert await visitor.ask("POST", "/finish") == GONE
    assert await visitor.state() == GONE
    assert len(house.desk.finished_links) == 1


async def test_a_full_disk_is_said_before_a_file_is_begun(
    house: UploadHouse, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Partials, "free_bytes", lambda _: SPARE_BYTES + 9)
    assert await visitor.begin(10) == (507, {"error": "disk_full"})
    assert (await visitor.begin(9))[0] == 200


async def test_a_full_disk_in_the_middle_is_said_and_the_file_goes_on_later(
    house: UploadHouse, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = await visitor.begin(10)
    await visitor.put(file["id"], 0, b"0123")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(partials.Part, "_write", full)
        assert await visitor.put(file["id"], 4, b"456789") == (507, {"error": "disk_full"})
    assert (await visitor.put(file["id"], 4, b"456789"))[1]["state"] == "examining"
    assert house.partials.path(file["id"]).read_bytes() == CONTENT


async def test_a_lost_folder_lets_the_file_begin_again(house: UploadHouse, visitor: Visitor) -> None:
    _, file = await visitor.begin(10)
    await visitor.put(file["id"], 0, b"0123")
    await house.partials.remove(file["id"])
    status, answer = await visitor.put(file["id"], 4, b"456789")
    assert (status, answer["file"]["received"]) == (409, 0)
    assert (await visitor.put(file["id"], 0, CONTENT))[1]["state"] == "examining"
    assert house.partials.path(file["id"]).read_bytes() == CONTENT


async def test_a_connection_that_breaks_within_a_piece_costs_the_piece_alone(
    house: UploadHouse, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    _, file = await visitor.begin(10)
    await visitor.put(file["id"], 0, b"0123")
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    path = visitor.link.removeprefix(f"http://127.0.0.1:{house.port}")
    writer.write(
        f"PUT {path}/files/{file['id']} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 4\r\nContent-Length: 6\r\n"
        f"Cookie: lianluo={visitor.secret}\r\n\r\n456".encode()
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await visitor.state())[1]["files"][0]["received"] == 4
    assert (await visitor.put(file["id"], 4, b"456789"))[1]["state"] == "examining"
    assert house.partials.path(file["id"]).read_bytes() == CONTENT
    assert caplog.records == []


async def test_a_file_goes_on_after_the_server_was_away(house: UploadHouse, visitor: Visitor) -> None:
    _, file = await visitor.begin(10)
    await visitor.put(file["id"], 0, b"0123")
    await house.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await visitor.put(file["id"], 4, b"456789")
    await house.restart()
    assert (await visitor.put(file["id"], 4, b"456789"))[1]["state"] == "examining"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({}, 200),
    ],
)
async def test_what_another_site_sends_is_refused(
    visitor: Visitor, headers: dict[str, str], status: int
) -> None:
    answer = await visitor.ask("POST", "/start", headers=headers)
    assert answer[0] == status


async def test_our_own_origin_is_ours(house: UploadHouse, visitor: Visitor) -> None:
    own = {"Origin": house.address.link("")}
    assert (await visitor.ask("POST", "/start", headers=own))[0] == 200


async def test_every_answer_is_kept_nowhere_and_asks_for_nothing_elsewhere(
    house: UploadHouse, visitor: Visitor
) -> None:
    for path, kept in (("", "no-store"), ("/state", "no-store"), ("/../../assets/page.css", "no-cache")):
        async with visitor.session.get(visitor.link + path) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == kept
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with visitor.session.get(house.address.link("/u/x")) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")


async def test_a_database_that_is_away_is_said(house: UploadHouse, visitor: Visitor) -> None:
    await house.database.close()
    assert await visitor.begin(10) == (503, {"error": "unavailable"})


async def test_a_piece_that_was_delayed_changes_no_file_that_was_handed_on(
    house: UploadHouse, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = await visitor.begin(10)
    locked = Partials.locked
    first = True

    @asynccontextmanager
    async def late(folder: Partials, upload_id: int) -> AsyncIterator[partials.Part]:
        nonlocal first
        if first:
            first = False
            assert (await visitor.put(upload_id, 0, CONTENT))[1]["state"] == "examining"
        async with locked(folder, upload_id) as part:
            yield part

    monkeypatch.setattr(Partials, "locked", late)
    status, answer = await visitor.put(file["id"], 0, b"smuggled!!")
    assert (status, answer["file"]["state"]) == (409, "examining")
    assert house.partials.path(file["id"]).read_bytes() == CONTENT


async def test_a_file_that_another_tab_is_writing_is_to_be_tried_again(
    house: UploadHouse, visitor: Visitor
) -> None:
    _, file = await visitor.begin(10)
    async with house.partials.locked(file["id"]):
        assert await visitor.put(file["id"], 0, CONTENT) == (409, {"error": "offset", "file": file})
    assert (await visitor.put(file["id"], 0, CONTENT))[1]["state"] == "examining"
