"""What must be true of an archive and of its XML before anything is unpacked or parsed."""

import io
import struct
import zipfile
import zlib
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from handlers.extraction.result import NotTaken, Reason

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_TOTAL = 100 * 1024 * 1024
MAX_TOTAL_OFD = 400 * 1024 * 1024
"""An OFD may be a scan: of its pictures only the first bytes are unpacked."""
MAX_ENTRY = 50 * 1024 * 1024
MAX_XML = 24 * 1024 * 1024
"""Of XML that is held as a tree, which takes some ten times as much memory."""
MAX_RATIO = 100
SMALL = 1024 * 1024
"""Up to this size, unpacked, the ratio is not judged: a sheet of zeros packs well."""
MAX_ENTRIES = 2000
MAX_DIRECTORY = 2 * 1024 * 1024
_CHUNK = 64 * 1024
OFD_MAIN = "OFD.xml"
"""The entry by which an OFD is known (GB/T 33190)."""

_END = struct.Struct("<4s4H2LH")
_END_SIGN = b"PK\x05\x06"
_LONGEST_TAIL = 66_000  # an end record with the longest comment
_LOCAL_HEADER = 30
_MAX_GAP = 24  # a data descriptor, the largest there is
_ENCRYPTED = 0x1
_PACKED_FIRST = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_OFFICE = {".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".xlsb", ".potx", ".dotx", ".xltx", ".vsdx"}
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"iso-8859-1", b"gbk", b"gb2312", b"gb18030"}


class Archive:
    """A zip whose directory was checked before; what it holds is read under the limits it declared.

    Raises NotTaken: BOMB, TOO_BIG, POLYGLOT, ENCRYPTED or DAMAGED.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._check_end()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
            raise NotTaken(Reason.DAMAGED) from error
        infos = self._zip.infolist()
        _check_sizes(infos)
        _check_names(infos)
        self._check_layout(infos)
        self._infos = {info.filename: info for info in infos if not info.is_dir()}

    @cached_property
    def names(self) -> list[str]:
        return list(self._infos)

    def size(self, name: str) -> int:
        return self._infos[name].file_size

    def read(self, name: str, most: int = MAX_ENTRY) -> bytes:
        """Unpack an entry, chunk by chunk: a declared size that lies costs no more than it declares."""
        if self._infos[name].file_size > most:
            raise NotTaken(Reason.TOO_BIG)
        try:
            with self._zip.open(name) as entry:
                return b"".join(iter(lambda: entry.read(_CHUNK), b""))
        except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
            raise NotTaken(Reason.DAMAGED) from error

    def head(self, name: str, length: int = 64) -> bytes:
        try:
            with self._zip.open(name) as entry:
                return entry.read(length)
        except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
            raise NotTaken(Reason.DAMAGED) from error

    def xml(self, name: str) -> "_Element":
        return parse(self.read(name, MAX_XML))

    def _check_end(self) -> None:
        """The end record stands at the very end, and its figures are those of a document."""
        if len(self._data) < _END.size:
            raise NotTaken(Reason.DAMAGED)
        sign, disk, first_disk, _, entries, size, _, comment = _END.unpack(self._data[-_END.size :])
        if sign != _END_SIGN or comment:
            raise NotTaken(Reason.POLYGLOT if _END_SIGN in self._data[-_LONGEST_TAIL:] else Reason.DAMAGED)
        if disk or first_disk:
            raise NotTaken(Reason.DAMAGED)
        if entries > MAX_ENTRIES or size > MAX_DIRECTORY:
            raise NotTaken(Reason.BOMB)

    def _check_layout(self, infos: list[zipfile.ZipInfo]) -> None:
        """Entries lie one after another from the first byte on: nothing overlaps, nothing hides between."""
        at = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            gap = info.header_offset - at
            if gap < 0:
                raise NotTaken(Reason.BOMB)
            if gap > _MAX_GAP or (at == 0 and gap):
                raise NotTaken(Reason.POLYGLOT)
            at = info.header_offset + self._local_length(info) + info.compress_size
        if self._zip.start_dir - at > _MAX_GAP:
            raise NotTaken(Reason.POLYGLOT)

    def _local_length(self, info: zipfile.ZipInfo) -> int:
        lengths = self._data[info.header_offset + 26 : info.header_offset + _LOCAL_HEADER]
        if len(lengths) < 4:
            raise NotTaken(Reason.DAMAGED)
        name, extra = struct.unpack("<2H", lengths)
        return int(_LOCAL_HEADER + name + extra)


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_ENTRIES:
        raise NotTaken(Reason.BOMB)
    most = MAX_TOTAL_OFD if any(info.filename == OFD_MAIN for info in infos) else MAX_TOTAL
    _check_length(sum(i.file_size for i in infos), sum(i.compress_size for i in infos), most)
    for info in infos:
        if info.flag_bits & _ENCRYPTED:
            raise NotTaken(Reason.ENCRYPTED)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotTaken(Reason.DAMAGED)
        _check_length(info.file_size, info.compress_size, MAX_ENTRY)
        if info.file_size > SMALL and info.file_size > MAX_RATIO * info.compress_size:
            raise NotTaken(Reason.BOMB)


def _check_length(unpacked: int, packed: int, most: int) -> None:
    """What is hardly packed is no bomb: photographs, or a film."""
    if unpacked > most:
        raise NotTaken(Reason.TOO_BIG if unpacked <= 2 * packed else Reason.BOMB)


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    """No name twice (whatever its case), none that leads out of a folder or hides its end."""
    if len({info.filename.lower() for info in infos}) < len(infos):
        raise NotTaken(Reason.POLYGLOT)
    for info in infos:
        name = info.orig_filename.replace("\\", "/")
        if "\0" in name or name.startswith("/") or ":" in name or ".." in name.split("/"):
            raise NotTaken(Reason.POLYGLOT)


def is_foreign_archive(name: str, head: bytes) -> bool:
    """Whether an entry is itself an archive, other than an embedded document of the office kinds."""
    return head.startswith(_PACKED_FIRST) and PurePosixPath(name.lower()).suffix not in _OFFICE


def parse(data: bytes) -> "_Element":
    """The root of an XML text. No DOCTYPE, so no entities; no network; no deep nesting.

    Raises NotTaken: BOMB or DAMAGED.
    """
    from lxml import etree

    check_prolog(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotTaken(Reason.DAMAGED) from error
    return root


def check_prolog(data: bytes) -> None:
    """Refuse a DOCTYPE in any encoding that is taken. Raises NotTaken: BOMB or DAMAGED."""
    head = data[:200].replace(b"\0", b"")
    if b"encoding" in head.split(b"?>")[0] and not any(
        quote + encoding + quote in head.lower() for encoding in _ENCODINGS for quote in (b'"', b"'")
    ):
        raise NotTaken(Reason.DAMAGED)
    plain = data.replace(b"\0", b"") if b"\0" in data[:4] else data
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise NotTaken(Reason.BOMB)
