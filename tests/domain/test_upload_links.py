"""Links to the upload and download pages: when they are alive, whose they are, what they take."""

from dataclasses import replace

import pytest

from domain import download_links, upload_links
from domain.download_links import DownloadLink
from domain.upload_links import (
    CHUNK_BYTES,
    MAX_BYTES,
    MAX_FILES,
    MAX_TOTAL_BYTES,
    Link,
    Refusal,
    Standing,
    Upload,
    UploadState,
    fits,
    refusal,
    standing,
)

LINK = Link(1, 2, "request", 3, "FW-2026-0001", expires_at=1000)
FILE = Upload(1, 1, "年报.pdf", size=3 * CHUNK_BYTES, received=CHUNK_BYTES, state=UploadState.OPEN)
DOWNLOAD = DownloadLink(1, 2, "ab" * 32, "年报.pdf", "application/pdf", 10, expires_at=1000)


def test_a_link_lives_until_it_expires_or_is_ended() -> None:
    assert LINK.alive(999)
    assert not LINK.alive(1000)
    assert not replace(LINK, ended_at=1).alive(2)


def test_a_link_lives_a_day() -> None:
    assert upload_links.LIFE_MS == download_links.LIFE_MS == 86_400_000


@pytest.mark.parametrize(
    ("bound", "asking", "stands"),
    [
        (None, None, Standing.NEW),
        (None, "a", Standing.NEW),
        ("a", "a", Standing.YOURS),
        ("a", "b", Standing.ELSEWHERE),
        ("a", None, Standing.ELSEWHERE),
    ],
)
def test_a_link_is_of_the_browser_that_began(bound: str | None, asking: str | None, stands: Standing) -> None:
    assert standing(bound, asking) is stands


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (-1, Refusal.EMPTY),
        (0, Refusal.EMPTY),
        (1, None),
        (MAX_BYTES, None),
        (MAX_BYTES + 1, Refusal.TOO_BIG),
        (201 * 1024 * 1024, Refusal.TOO_BIG),
    ],
)
def test_a_file_has_up_to_200_mb(size: int, reason: Refusal | None) -> None:
    assert MAX_BYTES == 200 * 1024 * 1024
    assert refusal(size, []) is reason


def test_a_link_takes_ten_files() -> None:
    assert MAX_FILES == 10
    assert refusal(1, [FILE] * 9) is None
    assert refusal(1, [FILE] * 10) is Refusal.TOO_MANY


def test_a_link_takes_no_more_than_its_total() -> None:
    others = [replace(FILE, size=MAX_BYTES)] * (MAX_TOTAL_BYTES // MAX_BYTES - 1)
    assert refusal(MAX_BYTES, others) is None
    assert refusal(MAX_BYTES, [*others, replace(FILE, size=1)]) is Refusal.TOO_MUCH


@pytest.mark.parametrize(
    ("offset", "length", "taken"),
    [
        (CHUNK_BYTES, 1, True),
        (CHUNK_BYTES, CHUNK_BYTES, True),
        (CHUNK_BYTES, CHUNK_BYTES + 1, False),
        (CHUNK_BYTES, 0, False),
        (0, 1, False),
        (CHUNK_BYTES + 1, 1, False),
    ],
)
def test_only_the_next_bytes_fit(offset: int, length: int, taken: bool) -> None:
    assert fits(FILE, offset, length) is taken


def test_nothing_fits_behind_the_end_or_into_what_is_complete() -> None:
    last = replace(FILE, received=FILE.size - 1)
    assert fits(last, FILE.size - 1, 1)
    assert not fits(last, FILE.size - 1, 2)
    assert not fits(replace(last, state=UploadState.COMPLETED), FILE.size - 1, 1)


def test_a_download_is_repeated_for_a_quarter_of_an_hour_by_the_browser_that_pressed() -> None:
    assert DOWNLOAD.alive(999)
    assert not DOWNLOAD.alive(1000)
    assert not DOWNLOAD.gives(None, 0)
    pressed = replace(DOWNLOAD, browser="a", pressed_at=999)
    last = 999 + 15 * 60 * 1000 - 1
    assert pressed.gives("a", last)
    assert not pressed.gives("b", last)
    assert not pressed.gives("a", last + 1)
    assert not pressed.alive(last + 1)
