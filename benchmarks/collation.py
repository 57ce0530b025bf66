"""How long it takes to take a year along, beside plain copying of the same files, and the memory it holds.

    .venv/bin/python -m benchmarks.collation [bases] [megabytes]

Goal: 500 bases with files of 5 MB each ≤ 60 s beyond copying, ≤ 300 MB of memory.
"""

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from domain.annual_content import Purpose
from domain.annual_report import State
from storage.engine import Database, connect
from storage.migrate import migrate
from tests.bot.year import Books

MB = 1 << 20


async def made(folder: Path, bases: int, size: int) -> Books:
    database = await connect(f"sqlite:///{folder / 'lianluo.db'}")
    try:
        await migrate(database)
        return await filled(database, folder, bases, size)
    finally:
        await database.close()


async def filled(database: Database, folder: Path, bases: int, size: int) -> Books:
    """Every report submitted, with figures of two years, prose and a file of its own."""
    books = Books(database, folder)
    await books.open(*(f"第{n}基地（演示）" for n in range(1, bases + 1)))
    for base_id in range(1, bases + 1):
        for year in (2025, 2026):
            report = await books.report(base_id, State.SUBMITTED, {"I04": str(base_id)}, year=year)
        content = os.urandom(MB) * size + str(base_id).encode()
        await books.attached(report, Purpose.SEALED, "盖章件.pdf", content)
    return books


def copied(books: Books, target: Path) -> float:
    """Every file of the store, one after the other, and onto the disk."""
    began = time.perf_counter()
    target.mkdir()
    for path in books.files.root.glob("??/*"):
        shutil.copyfile(path, target / path.name)
    os.sync()
    return time.perf_counter() - began


def exported(folder: Path) -> tuple[float, float, int]:
    """By the command itself: the seconds, those of the processor alone, and its memory in MB."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")} | {
        "LIANLUO_DATABASE_URL": f"sqlite:///{folder / 'lianluo.db'}",
        "LIANLUO_DATA_DIR": str(folder),
    }
    command = [sys.executable, "-m", "bot", "export", "--year", "2026", str(folder / "out")]
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True)  # noqa: S603
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def main(bases: int, size: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        books = asyncio.run(made(folder, bases, size))
        copying = copied(books, folder / "copy")
        shutil.rmtree(folder / "copy")
        seconds, processor, memory = exported(folder)
    more = seconds - copying
    print(
        f"copying {copying:.1f} s, export {seconds:.1f} s: {seconds / copying:.2f} times, {more:.1f} s more"
    )
    print(f"of the processor {processor:.1f} s; memory: {memory} MB at most")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [500, 5][len(given) :]))
