"""Spoiled files without end, and a process that reads one after another under the limits of a child.

As a module it is that process: lengths and files on stdin, a byte for each file it survived on stdout.
"""

import copy
import io
import random
import resource
import select
import signal
import struct
import subprocess
import sys
import zipfile
from collections import Counter

from lxml import etree

from handlers.extraction.confine import MEMORY
from handlers.extraction.extract import extract
from handlers.extraction.result import Declined
from tests.handlers.extraction.making import zipped

SECONDS = 20
_LENGTH = struct.Struct("<L")
_TEXTS = ("", "-1", "0", "99999999999", "../x", "rId1", "\u202e", "a" * 5000, "1E999", "true", "XFE1048577")
_EDGES = (
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"<",
    b">",
    b"&",
    b"-1",
    b"99999999999",
    b'"',
    b"/",
)


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes changed, moved, doubled or lost; in a zip mostly within its entries."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        return _spoiled_within(data, chance)
    made = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        _spoil(made, chance)
    return bytes(made)


def _spoiled_within(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    for name in chance.sample(sorted(entries), k=min(2, len(entries))):
        made = bytearray(entries[name])
        if chance.random() < 0.8 and made.startswith(b"<"):
            made = _spoiled_tree(made, chance)
        else:
            _spoil(made, chance)
        entries[name] = bytes(made)
    return zipped(entries)


def _spoiled_tree(xml: bytearray, chance: random.Random) -> bytearray:
    """Still well-formed, so that more than the parser is tried: elements moved, doubled, renamed, emptied."""
    root = etree.fromstring(bytes(xml))
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    for _ in range(chance.randint(1, 5)):
        node, other = chance.choice(nodes), chance.choice(nodes)
        match chance.randrange(6):
            case 0:
                other.append(copy.deepcopy(node))
            case 1:
                node.tag = other.tag
            case 2:
                node.text = chance.choice(_TEXTS)
            case 3:
                for name in node.attrib:
                    node.set(name, chance.choice(_TEXTS))
            case 4:
                node.attrib.clear()
            case _:
                node[:] = []
    return bytearray(etree.tostring(root))


def _spoil(made: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(made) + 1)
    end = min(len(made), start + chance.randint(1, 40))
    other = chance.randrange(len(made) + 1)
    match chance.randrange(6):
        case 0:
            made[start:end] = chance.randbytes(end - start)
        case 1:
            del made[start:end]
        case 2:
            made[start:start] = made[other : other + 200]
        case 3:
            made[start:start] = chance.choice(_EDGES)
        case 4:
            made[start : start + 1] = bytes([chance.randrange(256)])
        case _:
            made[start:] = made[start : start + chance.randrange(len(made) + 1)]


class Worker:
    """Reads files in a process that is started again when one of them ends it."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes) -> None:
        """Raises TimeoutError when the process neither answers nor ends."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(_LENGTH.pack(len(data)) + data)
        process.stdin.flush()
        if not select.select([process.stdout], [], [], SECONDS + 5)[0]:
            raise TimeoutError
        answer = process.stdout.read(1)
        if not answer:
            self.outcomes[f"ended by {signal.Signals(-process.wait()).name}"] += 1
            self.close()
        else:
            self.outcomes["read" if answer == b"r" else "declined"] += 1

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.__exit__(None, None, None)
            self._process = None

    def _start(self) -> "subprocess.Popen[bytes]":
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process


def _serve() -> None:
    """The alarm's default action ends the process, also where native code would never look at it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while head := sys.stdin.buffer.read(_LENGTH.size):
        data = sys.stdin.buffer.read(_LENGTH.unpack(head)[0])
        signal.alarm(SECONDS)
        result = extract(data)
        signal.alarm(0)
        sys.stdout.buffer.write(b"d" if isinstance(result, Declined) else b"r")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
