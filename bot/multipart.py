"""A call that takes files along, as multipart/form-data; they are read from the disk while they are sent."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, Final

import aiohttp

from domain.attached import split
from storage.files import FileStore

_IN_A_HEADER: Final = str.maketrans(
    {**dict.fromkeys(map(chr, range(32)), " "), '"': "＂", "\\": "＼", ";": "；"}
)
"""Telegram's server ends a name at a semicolon, quoted or not, and takes a backslash for itself."""


class Missing(Exception):
    """A file is not in the store any more."""


@contextmanager
def opened(payload: str, files: FileStore) -> Iterator[aiohttp.FormData]:
    """The form, as long as its files are open. Raises Missing."""
    call, attached = split(payload)
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in call.items():
        form.add_field(name, _field(value))
    with ExitStack() as open_files:
        for one in attached:
            content = open_files.enter_context(_open(files, one.sha256))
            form.add_field(one.sha256, content, filename=_named(one.name), content_type=one.media_type)
        yield form


def _open(files: FileStore, sha256: str) -> BinaryIO:
    try:
        return files.open(sha256)
    except FileNotFoundError:
        raise Missing(sha256) from None


def _field(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _named(name: str) -> str:
    return name.translate(_IN_A_HEADER)
