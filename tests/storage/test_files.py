import asyncio
import fcntl
import hashlib
import io
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from storage.files import FileStore, Stored

CONTENT = "年度工作总结".encode() * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def everything(store: FileStore) -> list[str]:
    return sorted(str(path.relative_to(store.root)) for path in store.root.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: CONTENT, id="bytes"),
        pytest.param(lambda: io.BytesIO(CONTENT), id="file"),
        pytest.param(lambda: pieces(CONTENT[:7], b"", CONTENT[7:]), id="stream"),
    ],
)
async def test_a_content_is_kept_under_its_hash(
    store: FileStore, content: Callable[[], bytes | BinaryIO | AsyncIterator[bytes]]
) -> None:
    assert await store.put(content()) == Stored(SHA256, len(CONTENT))
    assert everything(store) == [f"{SHA256[:2]}/{SHA256}"]
    assert store.path(SHA256).read_bytes() == CONTENT
    with store.open(SHA256) as file:
        assert file.read() == CONTENT


async def test_an_empty_content_is_a_content(store: FileStore) -> None:
    stored = await store.put(b"")
    assert stored == Stored(hashlib.sha256().hexdigest(), 0)
    assert store.path(stored.sha256).read_bytes() == b""


async def test_putting_it_again_changes_nothing(store: FileStore) -> None:
    both = await asyncio.gather(*(store.put(CONTENT) for _ in range(8)))
    assert both == [Stored(SHA256, len(CONTENT))] * 8
    assert everything(store) == [f"{SHA256[:2]}/{SHA256}"]


async def test_it_is_for_nobody_else_to_read(store: FileStore) -> None:
    await store.put(CONTENT)
    path = store.path(SHA256)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_the_file_reaches_the_disk_before_its_name_and_the_name_before_the_answer(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    sync, replace = os.fsync, Path.replace

    def told_sync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        said.append(f"sync a file in {path.parent.name}" if path.is_file() else f"sync {path.name}")
        sync(descriptor)

    def told_replace(path: Path, target: Path) -> Path:
        said.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", told_sync)
    monkeypatch.setattr(Path, "replace", told_replace)
    await store.put(CONTENT)
    assert said == ["sync a file in incoming", "sync files", "rename", f"sync {SHA256[:2]}"]


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", SHA256.upper(), SHA256[:-1], f"{SHA256}\n", "/" + SHA256]
)
async def test_only_a_hash_is_a_name(store: FileStore, name: str) -> None:
    for use in (store.path, store.open):
        with pytest.raises(ValueError, match="SHA-256"):
            use(name)
    with pytest.raises(ValueError, match="SHA-256"):
        await store.remove(name)


async def test_what_is_not_there_is_not_found(store: FileStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.open(SHA256)


async def test_a_content_can_be_erased(store: FileStore) -> None:
    await store.put(CONTENT)
    await store.remove(SHA256)
    await store.remove(SHA256)
    assert everything(store) == []


async def test_a_stream_that_breaks_leaves_nothing(store: FileStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield CONTENT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.put(broken())
    assert everything(store) == []


async def test_a_cancelled_put_leaves_nothing(store: FileStore) -> None:
    waiting = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield CONTENT
        waiting.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(store.put(endless()))
    await waiting.wait()
    assert len(everything(store)) == 1
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert everything(store) == []


async def test_a_full_disk_leaves_nothing(store: FileStore) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            await store.put(CONTENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert everything(store) == []


async def test_what_a_dead_process_was_writing_goes_at_the_next_start(store: FileStore) -> None:
    (store.root / "incoming" / "leftover").write_bytes(b"half")
    await store.put(CONTENT)
    FileStore(store.root)
    assert everything(store) == [f"{SHA256[:2]}/{SHA256}"]


async def test_what_a_living_process_is_writing_stays(store: FileStore) -> None:
    writing = store.root / "incoming" / "writing"
    with writing.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        FileStore(store.root)
        assert writing.exists()


async def test_a_start_of_another_process_leaves_a_put_alone(store: FileStore) -> None:
    async def interrupted() -> AsyncIterator[bytes]:
        yield CONTENT[:7]
        FileStore(store.root)
        yield CONTENT[7:]

    assert (await store.put(interrupted())).sha256 == SHA256
    assert store.path(SHA256).read_bytes() == CONTENT


async def test_a_draft_swept_away_before_its_lock_is_begun_again(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, swept = fcntl.flock, list[Path]()

    def late(file: BinaryIO, operation: int) -> None:
        if not swept:
            swept.extend(store.root.glob("incoming/*"))
            swept[0].unlink()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    assert (await store.put(CONTENT)).sha256 == SHA256
    assert store.path(SHA256).read_bytes() == CONTENT


@pytest.mark.parametrize("turns", range(12))
async def test_a_put_can_be_cancelled_at_any_moment(store: FileStore, turns: int) -> None:
    putting = asyncio.create_task(store.put(pieces(*[CONTENT] * 3)))
    for _ in range(turns):
        await asyncio.to_thread(len, "")
    putting.cancel()
    await asyncio.gather(putting, return_exceptions=True)
    assert not list(store.root.glob("incoming/*"))
    for name in everything(store):
        assert hashlib.sha256((store.root / name).read_bytes()).hexdigest() == name[3:]


WRITER = """
import asyncio, itertools, os, sys
from storage.files import FileStore

async def main(root):
    store = FileStore(root)
    for n in itertools.count():
        stored = await store.put(n.to_bytes(4, "big") * 50_000)
        os.write(1, f"{stored.sha256}\\n".encode())

asyncio.run(main(sys.argv[1]))
"""


def killed_writer(root: Path, after: int) -> list[str]:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(root)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        first = [writer.stdout.readline() for _ in range(after)]
        writer.kill()
        return b"".join([*first, writer.stdout.read()]).decode().split()


def test_a_kill_leaves_whole_files_or_none(store: FileStore) -> None:
    for after in range(1, 6):
        acknowledged = killed_writer(store.root, after)
        FileStore(store.root)
        kept = [store.root / name for name in everything(store)]
        assert set(acknowledged) <= {path.name for path in kept}
        assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in kept] == [
            path.name for path in kept
        ]
