"""Reads a file in a process of its own, within limits, while the bot goes on."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from datetime import date
from pathlib import Path
from weakref import WeakKeyDictionary

from domain.confidential.findings import Part, Passage, Place
from domain.confidential.gate import scan
from handlers.extraction.result import Declined, Examined, Extracted, Reason
from handlers.extraction.wire import Garbled, Hearing, Result

WALL_S = 20.0
AT_ONCE = 2
LAST = 19
"""The priority at which others go first."""
_CHUNK = 64 * 1024
_CHILD = (sys.executable, "-I", "-B", "-m", "handlers.extraction.child")

_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class NotBegun(Exception):
    """The child ended before it had its file open: out of memory, of processes, of its own modules."""


async def read(path: Path, name: str) -> Extracted | Declined:
    """What the file at `path` says, with its `name` as the first passage, or why it is not taken.

    No file makes it raise or last longer than 20 s once its turn has come; two are read at a time. Raises
    NotBegun when the machine did not let the reading begin: the file may be tried again.
    """
    result = await _ask(path, name)
    if isinstance(result, Extracted):
        result.passages.insert(0, Passage(Place(Part.NAME), name))
        return result
    return result if isinstance(result, Declined) else Declined(Reason.DAMAGED)


async def examine(path: Path, name: str, today: date) -> Examined | Declined:
    """What is found in the file at `path` and in its `name`, or why it is not taken; as `read` otherwise."""
    result = await _ask(path, name, f"judge={today}")
    if isinstance(result, Examined):
        named = scan([Passage(Place(Part.NAME), name)], today)
        return Examined(result.kind, [*named, *result.findings])
    return result if isinstance(result, Declined) else Declined(Reason.DAMAGED)


async def _ask(path: Path, name: str, *asked: str) -> Result:
    slots = _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with slots:
        return await _answer(path, *(["csv"] if name.lower().endswith(".csv") else []), *asked)


def _whole(path: Path) -> str:
    """From the root: the child stands elsewhere."""
    return str(path.absolute())


async def _answer(path: Path, *asked: str) -> Result:
    process = await asyncio.create_subprocess_exec(
        *_CHILD, _whole(path), *asked,
        stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/", start_new_session=True,
    )  # fmt: skip
    _give_way(process)
    hearing = Hearing()
    try:
        async with asyncio.timeout(WALL_S):
            return await _hear(process, hearing)
    except TimeoutError:
        if not hearing.begun:
            raise NotBegun from None
        return Declined(Reason.TOO_LONG)
    except Garbled:
        return Declined(Reason.DAMAGED)
    finally:
        await _end(process)


def _give_way(process: Process) -> None:
    """From its first moment: what a child loads keeps others waiting as much as what it reads."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, LAST)


async def _hear(process: Process, hearing: Hearing) -> Result:
    """What the child tells until it ends well; a child that is killed or falls has told nothing."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    while chunk := await process.stdout.read(_CHUNK):
        hearing.feed(chunk)
        await asyncio.sleep(0)  # a child may tell faster than it is heard, and others wait
    code = await process.wait()
    if not hearing.begun:
        raise NotBegun
    if code == 0 and hearing.result is not None:
        return hearing.result
    return Declined(Reason.TOO_LONG if code == -signal.SIGXCPU else Reason.DAMAGED)


async def _end(process: Process) -> None:
    """Nothing of the child outlives its turn."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
