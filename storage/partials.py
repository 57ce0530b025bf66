"""Files on their way in, piece by piece: <root>/<number of the upload>, never a name that somebody gave.

A file may be longer than what is recorded of it, after a crash between the two; the next piece is written
over that. It is never shorter, unless the folder was lost.
"""

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from storage import upload_links
from storage.engine import Database
from storage.files import in_thread, sync_folder


class Busy(Exception):
    """Another request is writing this file."""


class Missing(Exception):
    """The file is shorter than what is recorded of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that nobody else writes while this is open."""

    file: FileIO

    async def write(self, data: bytes, offset: int) -> None:
        """It is on the disk when this returns. Raises Missing, or OSError (a full disk)."""
        await in_thread(self._write, (data, offset))

    def _write(self, piece: tuple[bytes, int]) -> None:
        data, offset = piece
        descriptor = self.file.fileno()
        if os.fstat(descriptor).st_size < offset:
            raise Missing
        rest = memoryview(data)
        while rest:
            written = os.pwrite(descriptor, rest, offset)
            rest, offset = rest[written:], offset + written
        os.fsync(descriptor)


class Partials:
    """The folder of unfinished and not yet examined files."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, upload_id: int) -> Path:
        return self.root / str(int(upload_id))

    @asynccontextmanager
    async def locked(self, upload_id: int) -> AsyncIterator[Part]:
        """Keep everybody else from writing it. Raises Busy, or OSError (a full disk).

        A piece that was checked and then delayed must not change a file that has been examined since: so
        whoever holds the lock looks again at what is recorded.
        """
        with await in_thread(self._open, upload_id) as file:
            yield Part(file)

    def _open(self, upload_id: int) -> FileIO:
        path = self.path(upload_id)
        new = not path.exists()
        file = FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if new:
                sync_folder(self.root)
        except OSError as error:
            file.close()
            if isinstance(error, BlockingIOError):
                raise Busy from None
            raise
        return file

    def free_bytes(self) -> int:
        """What the disk still takes."""
        disk = os.statvfs(self.root)
        return disk.f_bavail * disk.f_frsize

    async def remove(self, upload_id: int) -> None:
        """Once it was kept elsewhere, or is not wanted; nothing happens when it isn't there."""
        await in_thread(self._remove, upload_id)

    def _remove(self, upload_id: int) -> None:
        with suppress(FileNotFoundError):
            self.path(upload_id).unlink()

    def listed(self) -> list[int]:
        """The numbers of the files that are there."""
        return [int(path.name) for path in self.root.iterdir() if path.name.isdigit()]


async def sweep(database: Database, partials: Partials, now: int) -> None:
    """Remove what was not finished when its link was over, and what a death or a late piece left; once in a
    while is enough.

    The folder is read first: a file that is in it has had its row before.
    """
    there = await in_thread(Partials.listed, partials)
    async with database.tx() as tx:
        await upload_links.forget_unfinished(tx, now)
        gone = set(there) - await upload_links.needed(tx, there)
    for upload_id in gone:
        await partials.remove(upload_id)
