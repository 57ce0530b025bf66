"""Reads a file in a process of its own, within limits, while the bot goes on."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction.result import Declined, Extracted, Reason
from handlers.extraction.wire import Garbled, Hearing

WALL_S = 20.0
AT_ONCE = 2
_CHUNK = 64 * 1024
_CHILD = (sys.executable, "-I", "-B", "-m", "handlers.extraction.child")

_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def read(path: Path, name: str) -> Extracted | Declined:
    """What the file at `path` says, with its `name` as the first passage, or why it is not taken.

    No file makes it raise or last longer than 20 s once its turn has come; two are read at a time.
    """
    slots = _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with slots:
        result = await _read(path, csv=name.lower().endswith(".csv"))
    if isinstance(result, Extracted):
        result.passages.insert(0, Passage(Place(Part.NAME), name))
    return result


async def _read(path: Path, *, csv: bool) -> Extracted | Declined:
    process = await asyncio.create_subprocess_exec(
        *_CHILD, str(path), *(["csv"] if csv else []),
        stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/", start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(WALL_S):
            return await _hear(process)
    except TimeoutError:
        return Declined(Reason.TOO_LONG)
    except Garbled:
        return Declined(Reason.DAMAGED)
    finally:
        await _end(process)


async def _hear(process: Process) -> Extracted | Declined:
    """What the child tells until it ends well; a child that is killed or falls has told nothing."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    hearing = Hearing()
    while chunk := await process.stdout.read(_CHUNK):
        hearing.feed(chunk)
        await asyncio.sleep(0)  # a child may tell faster than it is heard, and others wait
    code = await process.wait()
    if code == 0 and hearing.result is not None:
        return hearing.result
    return Declined(Reason.TOO_LONG if code == -signal.SIGXCPU else Reason.DAMAGED)


async def _end(process: Process) -> None:
    """Nothing of the child outlives its turn."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
