"""Files by their content: what is kept is named by its SHA-256, never by what somebody called it.

<root>/ab/abcdef…     a file, complete and on the disk
<root>/incoming/…     one that is being written; what a crash leaves there goes at the next start

What is to stay is on record in the table `files`; what is not lives a day, or as long as it is being sent
(`storage.made_files`).
"""

import asyncio
import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, ParamSpec, TypeVar

CHUNK: Final = 1 << 20

P = ParamSpec("P")
R = TypeVar("R")

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    sha256: str  # 64 lower-case hexadecimal digits
    size: int  # bytes


Content = bytes | BinaryIO | AsyncIterable[bytes]


@dataclass(frozen=True)
class Arrival:
    """A content to be looked at before it is kept."""

    path: Path
    stored: Stored
    keep: Callable[[], Awaitable[Stored]]
    """Puts it where it stays. Raises OSError."""


class FileStore:
    """A content-addressed store; several processes may use one folder."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._incoming = self.root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()

    async def put(self, content: Content) -> Stored:
        """Keep a content; it is on the disk when this returns. Putting it again changes nothing.

        Raises OSError (a full disk); then nothing of it is kept.
        """
        async with self.arrival(content) as arrival:
            return await arrival.keep()

    @asynccontextmanager
    async def arrival(self, content: Content) -> AsyncIterator["Arrival"]:
        """A content on the disk that is not kept yet; unless its `keep()` is called, nothing of it stays.

        Raises OSError.
        """
        draft = _Draft(self._incoming)
        try:
            async for chunk in _chunks(content):
                await in_thread(draft.write, chunk)
            stored = await in_thread(_Draft.sync, draft)
            yield Arrival(draft.path, stored, lambda: in_thread(partial(self._keep, stored), draft))
        finally:
            draft.discard()

    def _keep(self, stored: Stored, draft: "_Draft") -> Stored:
        target = self.path(stored.sha256)
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True, mode=0o700)
            sync_folder(self.root)
        # an existing one is replaced by the same bytes: it might be there without having reached the disk
        with self._alone():
            draft.path.replace(target)
        sync_folder(target.parent)
        return stored

    def path(self, sha256: str) -> Path:
        """Where a content is, or would be. Raises ValueError for what is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hexadecimal")
        return self.root / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """Raises FileNotFoundError."""
        return self.path(sha256).open("rb")

    async def remove(self, sha256: str) -> None:
        """Erase a content; nothing happens when it isn't there."""
        await asyncio.to_thread(self._remove, self.path(sha256))

    def _remove(self, path: Path) -> None:
        with suppress(FileNotFoundError):
            path.unlink()
            sync_folder(path.parent)

    async def older(self, seconds: float) -> list[str]:
        """The contents that were put longer ago than this, the last time that they were."""
        return await asyncio.to_thread(self._older, time.time() - seconds)

    def _older(self, before: float) -> list[str]:
        paths = (path for path in self.root.glob("??/*") if _SHA256.fullmatch(path.name))
        return sorted(path.name for path in paths if _put_before(path, before))

    async def remove_older(self, sha256: str, seconds: float) -> None:
        """Erase a content, unless it was put again meanwhile."""
        await asyncio.to_thread(self._remove_older, self.path(sha256), time.time() - seconds)

    def _remove_older(self, path: Path, before: float) -> None:
        with self._alone():
            if _put_before(path, before):
                self._remove(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Between looking how old a content is and erasing it, nobody puts it again."""
        descriptor = os.open(self._incoming, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _sweep(self) -> None:
        """Remove what a dead process was writing; the living hold a lock on theirs."""
        for path in self._incoming.iterdir():
            with suppress(OSError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


class _Draft:
    """A file that is being written, under a name of chance and a lock."""

    def __init__(self, folder: Path) -> None:
        while True:
            self.path = folder / secrets.token_hex(16)
            self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            # between its making and its lock another process may have swept it away
            if os.fstat(self._file.fileno()).st_nlink:
                break
            self._file.close()
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._digest.update(chunk)
        self._size += len(chunk)

    def sync(self) -> Stored:
        self._file.flush()
        os.fsync(self._file.fileno())
        return Stored(self._digest.hexdigest(), self._size)

    def discard(self) -> None:
        """Close it, and remove it where it still has its first name."""
        with suppress(
            OSError
        ):  # closing writes what is left: on a full disk that fails, and need not succeed
            self._file.close()
        self.path.unlink(missing_ok=True)


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run it in a thread; a cancellation waits until the thread has let go of its file."""
    running = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise


async def _chunks(content: Content) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, AsyncIterable):
        async for chunk in content:
            yield chunk
    else:
        while chunk := await asyncio.to_thread(content.read, CHUNK):
            yield chunk


def _put_before(path: Path, instant: float) -> bool:
    """By the file system's own clock, in seconds."""
    try:
        return path.stat().st_mtime < instant
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
