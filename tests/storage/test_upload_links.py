"""Links, the uploads that go through them, and the pieces on the disk; on both databases."""

import errno
import os
import resource
from pathlib import Path

import pytest

from domain.upload_links import LIFE_MS, Upload, UploadState
from storage import attachments, download_links, partials, people, upload_links
from storage.engine import Database, Tx
from storage.partials import Busy, Missing, Partials

NOW = 1_795_395_600_000


@pytest.fixture
def folder(tmp_path: Path) -> Partials:
    return Partials(tmp_path / "partials")


async def new_link(tx: Tx) -> tuple[str, int]:
    """A link's token and id."""
    person_id = await people.add(tx, "林知行", 1)
    token = await upload_links.add(
        tx, person_id=person_id, purpose="request", subject_id=7, title="补充材料", now=NOW
    )
    link = await upload_links.get(tx, token)
    assert link is not None
    return token, link.id


async def begin(tx: Tx, link_id: int, key: str = "a", size: int = 10) -> Upload:
    return await upload_links.begin(tx, link_id, client_key=key, name="年报.pdf", size=size, now=NOW)


async def test_a_link_is_found_by_its_token_and_by_nothing_that_is_stored(database: Database) -> None:
    async with database.tx() as tx:
        token, _ = await new_link(tx)
        found = await upload_links.get(tx, token)
        assert found is not None
        assert (found.purpose, found.subject_id, found.title) == ("request", 7, "补充材料")
        assert (found.expires_at, found.browser, found.ended_at) == (NOW + LIFE_MS, None, None)
        assert await upload_links.get(tx, upload_links.hashed(token)) is None
        assert await upload_links.get(tx, "") is None


def test_a_token_has_128_random_bits() -> None:
    tokens = {upload_links.new_secret() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {22}


async def test_a_link_is_bound_and_ended(database: Database) -> None:
    async with database.tx() as tx:
        token, link_id = await new_link(tx)
        await upload_links.bind(tx, link_id, "secret")
        await upload_links.end(tx, link_id, NOW + 1)
        link = await upload_links.lock(tx, token)
    assert link is not None
    assert (link.browser, link.ended_at) == ("secret", NOW + 1)


async def test_an_upload_advances_only_from_where_it_is(database: Database) -> None:
    async with database.tx() as tx:
        _, link_id = await new_link(tx)
        upload = await begin(tx, link_id)
        assert (upload.received, upload.state) == (0, UploadState.OPEN)
        assert await upload_links.advance(tx, upload.id, 4, 8) is None
        moved = await upload_links.advance(tx, upload.id, 0, 4)
        assert moved is not None
        assert moved.received == 4
        assert await upload_links.advance(tx, upload.id, 0, 4) is None
        assert await upload_links.begun(tx, link_id, "a") == moved
        assert await upload_links.begun(tx, link_id, "b") is None


async def test_what_is_complete_stays(database: Database) -> None:
    async with database.tx() as tx:
        _, link_id = await new_link(tx)
        upload = await begin(tx, link_id)
        await upload_links.advance(tx, upload.id, 0, 10)
        await upload_links.complete(tx, upload.id, 55)
        await upload_links.rewind(tx, upload.id)
        assert await upload_links.advance(tx, upload.id, 10, 11) is None
        assert not await upload_links.cancel(tx, link_id, upload.id)
        [kept] = await upload_links.uploads(tx, link_id)
        assert (kept.state, kept.received, kept.attachment_id) == (UploadState.COMPLETED, 10, 55)


async def test_the_name_of_a_blocked_file_is_forgotten(database: Database) -> None:
    async with database.tx() as tx:
        _, link_id = await new_link(tx)
        upload = await begin(tx, link_id)
        await upload_links.complete(tx, upload.id, 55)
        await upload_links.forget_name(tx, 55)
        assert [one.name for one in await upload_links.uploads(tx, link_id)] == [""]


async def test_an_upload_is_of_its_link_alone(database: Database) -> None:
    async with database.tx() as tx:
        (_, mine), (_, other) = await new_link(tx), await new_link(tx)
        upload = await begin(tx, mine)
        assert await upload_links.upload(tx, other, upload.id) is None
        assert not await upload_links.cancel(tx, other, upload.id)
        assert await upload_links.upload(tx, mine, upload.id) == upload
        assert await upload_links.cancel(tx, mine, upload.id)
        assert await upload_links.upload(tx, mine, upload.id) is None


async def test_a_download_link_is_pressed_and_forgotten(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await people.add(tx, "周明远", 1)
        token = await download_links.add(
            tx,
            person_id=person_id,
            sha256="ab" * 32,
            name="年报.pdf",
            media_type="application/pdf",
            size=10,
            now=NOW,
        )
        link = await download_links.lock(tx, token)
        assert link is not None
        await download_links.press(tx, link.id, "secret", NOW + 1)
        pressed = await download_links.get(tx, token)
        assert pressed is not None
        assert (pressed.browser, pressed.pressed_at) == ("secret", NOW + 1)
        await download_links.prune(tx, NOW + download_links.LIFE_MS - 1, NOW)
        assert await download_links.get(tx, token) is not None
        await download_links.prune(tx, NOW + download_links.LIFE_MS, NOW)
        assert await download_links.get(tx, token) is None


async def write(folder: Partials, upload_id: int, data: bytes, offset: int) -> None:
    async with folder.locked(upload_id) as part:
        await part.write(data, offset)


async def test_pieces_make_a_file_that_is_for_nobody_else(folder: Partials) -> None:
    await write(folder, 5, b"abcd", 0)
    await write(folder, 5, b"efg", 4)
    assert folder.path(5).read_bytes() == b"abcdefg"
    assert folder.path(5).stat().st_mode & 0o777 == 0o600
    assert folder.listed() == [5]


async def test_what_a_crash_left_behind_the_recorded_end_is_written_over(folder: Partials) -> None:
    await write(folder, 5, b"abcdXXXX", 0)
    await write(folder, 5, b"efgh", 4)
    assert folder.path(5).read_bytes() == b"abcdefgh"


async def test_no_hole_is_left_where_a_piece_was_lost(folder: Partials) -> None:
    await write(folder, 5, b"abc", 0)
    with pytest.raises(Missing):
        await write(folder, 5, b"efgh", 4)
    assert folder.path(5).read_bytes() == b"abc"


async def test_one_writes_at_a_time(folder: Partials) -> None:
    async with folder.locked(5):
        with pytest.raises(Busy):
            await write(folder, 5, b"abc", 0)
        await write(folder, 6, b"abc", 0)
    await write(folder, 5, b"abc", 0)


async def test_a_piece_reaches_the_disk_and_a_new_file_its_folder(
    folder: Partials, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def told(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", told)
    await write(folder, 5, b"abc", 0)
    await write(folder, 5, b"def", 3)
    assert synced == ["partials", "5", "5"]


async def test_a_full_disk_is_said_and_the_next_try_goes_on(folder: Partials) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    await write(folder, 5, b"abc", 0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, hard))
    try:
        with pytest.raises(OSError, match="too large") as full:
            await write(folder, 5, b"defg", 3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert full.value.errno == errno.EFBIG
    await write(folder, 5, b"defg", 3)
    assert folder.path(5).read_bytes() == b"abcdefg"


async def test_the_sweep_removes_what_was_not_finished_when_its_link_was_over(
    database: Database, folder: Partials
) -> None:
    async with database.tx() as tx:
        (_, first), (_, second) = await new_link(tx), await new_link(tx)
        open_one, waiting, refused = [await begin(tx, first, key) for key in ("a", "b", "c")]
        ended = await begin(tx, second)
        for upload in (waiting, refused):
            attachment_id = await attachments.add(
                tx, person_id=1, kind="upload", name=upload.name, size=3, upload_id=upload.id, now=NOW
            )
            await upload_links.complete(tx, upload.id, attachment_id)
        await attachments.refuse(tx, attachment_id, "requests/file_gone")
        await upload_links.end(tx, second, NOW)
    for upload in (open_one, waiting, refused, ended):
        await write(folder, upload.id, b"abc", 0)
    await write(folder, 999, b"of a dead process", 0)

    await partials.sweep(database, folder, NOW + LIFE_MS - 1)
    assert sorted(folder.listed()) == [open_one.id, waiting.id]
    await partials.sweep(database, folder, NOW + LIFE_MS)
    assert folder.listed() == [waiting.id]
    async with database.read() as tx:
        assert [one.id for one in await upload_links.uploads(tx, first)] == [waiting.id, refused.id]
    async with database.tx() as tx:
        assert await upload_links.prune(tx, NOW + LIFE_MS, NOW) == 2
    await partials.sweep(database, folder, NOW + LIFE_MS)
    assert folder.listed() == []
    await folder.remove(999)
