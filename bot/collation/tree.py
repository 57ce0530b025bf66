"""Where a year is put: a folder that appears only when it is whole, or one archive."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from storage.files import in_thread

CHUNK = 1 << 20

T = TypeVar("T")


class Unfit(Exception):
    """One line: why nothing can be put there."""


@dataclass(frozen=True, slots=True)
class Written:
    """`path` below the tree's root, with /; `sha256` of what was written, `size` in octets."""

    path: str
    size: int
    sha256: str


class Tree(Protocol):
    def add(self, path: str, content: Iterable[bytes]) -> Written:
        """Write a file, a piece at a time. Raises OSError. One at a time."""


@dataclass(frozen=True, slots=True)
class Folder:
    root: Path

    def add(self, path: str, content: Iterable[bytes]) -> Written:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            return _write(path, file.write, content)


@dataclass(frozen=True, slots=True)
class Archive:
    """Not compressed: most of it is compressed already."""

    package: zipfile.ZipFile

    def add(self, path: str, content: Iterable[bytes]) -> Written:
        with self.package.open(path, "w", force_zip64=True) as file:
            return _write(path, file.write, content)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


@asynccontextmanager
async def new_folder(target: Path) -> AsyncIterator[Folder]:
    """A folder that is called `target` once it is whole and on the disk; before that it has another name.

    Raises Unfit unless the target is new or empty.
    """
    _refuse_unfit(target)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield Folder(part)
        await in_thread(partial(_reveal, part, target))
    except BaseException:
        await in_thread(partial(shutil.rmtree, part, ignore_errors=True))
        raise


def _reveal(part: Path, target: Path) -> None:
    """After a power cut there is either the whole or nothing of this name."""
    os.sync()
    part.rename(target)


@contextmanager
def new_archive(target: Path) -> Iterator[Archive]:
    """A zip under the name; nothing of it stays if it does not become whole."""
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
            yield Archive(package)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _refuse_unfit(target: Path) -> None:
    try:
        if not target.parent.is_dir():
            raise Unfit(f"{target.parent}: no such folder")
        if not os.path.lexists(target):
            return
        if target.is_symlink() or not target.is_dir() or any(target.iterdir()):
            raise Unfit(f"{target}: not an empty folder; name a new one")
        if target.is_mount():
            raise Unfit(f"{target}: a disk of its own; name a new folder on it")
    except OSError as error:
        raise Unfit(f"{target}: {error.strerror}") from None


def _write(path: str, write: Callable[[bytes], object], content: Iterable[bytes]) -> Written:
    digest, size = hashlib.sha256(), 0
    for piece in content:
        write(piece)
        digest.update(piece)
        size += len(piece)
    return Written(path, size, digest.hexdigest())
