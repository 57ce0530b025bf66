"""The download page over real HTTP, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import aiohttp
import pytest

from domain.download_links import FETCH_MS, LIFE_MS
from storage.engine import Database
from tests.bot.upload_house import UploadHouse, new_browser

CONTENT = b"%PDF-1.7 0123456789" * 100_000
NAME = "年度总结（盖章）\"; x='.pdf"


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


async def opened(browser: aiohttp.ClientSession, link: str) -> tuple[int, str]:
    async with browser.get(link) as answer:
        return answer.status, await answer.text()


async def pressed(browser: aiohttp.ClientSession, link: str, **more: str) -> tuple[int, bytes]:
    """What the press leads to: the file, or a page."""
    async with browser.post(link, headers=more) as answer:
        return answer.status, await answer.read()


async def test_the_page_shows_what_the_file_is_and_changes_nothing(
    house: UploadHouse, browser: aiohttp.ClientSession, other_browser: aiohttp.ClientSession
) -> None:
    link = await house.download(CONTENT, NAME)
    for session in (other_browser, other_browser, browser):
        status, page = await opened(session, link)
        assert status == 200
        assert "年度总结（盖章）&#34;; x=&#39;.pdf" in page
        assert "1.8 MB" in page
    assert house.desk.taken == []
    assert await pressed(browser, link) == (200, CONTENT)
    assert [one.name for one in house.desk.taken] == [NAME]


async def test_the_file_comes_under_its_name_and_is_only_downloaded(
    house: UploadHouse, browser: aiohttp.ClientSession
) -> None:
    link = await house.download(CONTENT, NAME)
    await opened(browser, link)
    async with browser.post(link) as answer:
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename=\"file.pdf\"; filename*=UTF-8''")
        assert disposition.isascii()
        assert unquote(disposition.rpartition("'")[2]) == NAME
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_broken_download_is_repeated_or_gone_on_with_for_a_quarter_of_an_hour(
    house: UploadHouse, browser: aiohttp.ClientSession
) -> None:
    link = await house.download(CONTENT, NAME)
    await opened(browser, link)
    await pressed(browser, link)
    house.clock.ms += FETCH_MS - 1
    assert await pressed(browser, link) == (200, CONTENT)
    async with browser.get(f"{link}/file", headers={"Range": "bytes=1000000-"}) as answer:
        assert (answer.status, await answer.read()) == (206, CONTENT[1_000_000:])
    house.clock.ms += 1
    assert (await pressed(browser, link))[0] == 404
    assert (await opened(browser, link))[0] == 404
    assert (await opened(browser, f"{link}/file"))[0] == 404
    assert len(house.desk.taken) == 1


async def test_a_link_that_was_used_elsewhere_is_politely_refused(
    house: UploadHouse, browser: aiohttp.ClientSession, other_browser: aiohttp.ClientSession
) -> None:
    link = await house.download(CONTENT, NAME)
    await opened(other_browser, link)
    await opened(browser, link)
    await pressed(browser, link)
    status, page = await pressed(other_browser, link)
    assert (status, "链接已在别处打开" in page.decode()) == (403, True)
    assert (await opened(other_browser, f"{link}/file"))[0] == 404


async def test_the_file_is_not_there_before_the_press(
    house: UploadHouse, browser: aiohttp.ClientSession
) -> None:
    link = await house.download(CONTENT, NAME)
    await opened(browser, link)
    assert (await opened(browser, f"{link}/file"))[0] == 404


async def test_unknown_expired_and_barred_links_look_alike(
    house: UploadHouse, browser: aiohttp.ClientSession
) -> None:
    expired = await house.download(CONTENT, NAME)
    house.clock.ms += LIFE_MS
    barred = await house.download(CONTENT, NAME)
    assert (await opened(browser, barred))[0] == 200
    house.desk.barred = True
    unknown = house.address.link("/d/" + "A" * 22)
    answers = [await opened(browser, link) for link in (unknown, expired, barred)]
    answers += [(status, page.decode()) for status, page in [await pressed(browser, barred)]]
    assert {status for status, _ in answers} == {404}
    assert len({page for _, page in answers}) == 1


async def test_another_site_cannot_press(house: UploadHouse, browser: aiohttp.ClientSession) -> None:
    link = await house.download(CONTENT, NAME)
    await opened(browser, link)
    assert (await pressed(browser, link, Origin="https://example.org"))[0] == 403
    assert house.desk.taken == []
    assert await pressed(browser, link, Origin="null") == (200, CONTENT)


async def test_a_file_that_was_erased_is_not_found(
    house: UploadHouse, browser: aiohttp.ClientSession
) -> None:
    link = await house.download(CONTENT, NAME)
    await opened(browser, link)
    await pressed(browser, link)
    await house.files.remove(house.desk.taken[0].sha256)
    assert (await opened(browser, f"{link}/file"))[0] == 404
