"""From the start of `lianluo run` to its first getUpdates, and the memory it holds when idle.

    .venv/bin/python -m benchmarks.start [runs]

Goals: ≤ 1.0 s, ≤ 90 MB. The database is there already (SQLite, migrated), as at every start but the first.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.clock import SystemClock
from bot.rehearsal import RehearsalServer

IDLE_S = 3.0
ROOT = Path(__file__).resolve().parents[1]


async def once(server: RehearsalServer, folder: str) -> tuple[float, float]:
    """Seconds to the first getUpdates, and megabytes when idle."""
    server.world.person("路人").start()  # something to fetch: the call is answered as soon as it is made
    before = len(server.world.calls.of("getUpdates"))
    began = time.perf_counter()
    command = (sys.executable, "-m", "bot", "run")
    process = await asyncio.create_subprocess_exec(
        *command, env=_environment(server, folder), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await server.world.events.until(lambda: len(server.world.calls.of("getUpdates")) > before, 30)
        seconds = time.perf_counter() - began
        await asyncio.sleep(IDLE_S)
        return seconds, _resident_mb(process.pid)
    finally:
        process.terminate()
        await process.wait()


def _environment(server: RehearsalServer, folder: str) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "LIANLUO_TOKEN": server.token,
        "LIANLUO_API_URL": server.url,
        "LIANLUO_DATABASE_URL": f"sqlite:///{folder}/lianluo.db",
        "LIANLUO_DATA_DIR": folder,
        "LIANLUO_LISTEN": "127.0.0.1:0",
    }


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with RehearsalServer("42:START", clock=SystemClock().now) as server:
            await once(server, folder)
            measured = [await once(server, folder) for _ in range(runs)]
    seconds, megabytes = (statistics.median(column) for column in zip(*measured, strict=True))
    print(f"start to the first getUpdates: {seconds:.2f} s (goal 1.0), idle: {megabytes:.0f} MB (goal 90)")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
