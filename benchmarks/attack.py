"""Does the bot go on answering while hostile files are examined? `python -m benchmarks.attack [--rate 200]`.

The stub's updates come due at the rate; beside the whole bot, the files of tests/handlers/extraction are
examined again and again, as many at a time as the bot allows itself. Goal: p99 of the replies ≤ 100 ms.
"""

import argparse
import asyncio
import itertools
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.contenders import lianluo_echo
from benchmarks.run import ROOT, stub

GOAL_MS = 100
SECONDS = 30
DELAY_MS = 40
LINED_UP = 4
"""More than are examined at a time: the next begins as soon as one ends."""


def hostile(folder: Path) -> list[Path]:
    """The files as they are made for the tests."""
    from tests.handlers.extraction.test_hostile import HOSTILE

    paths = []
    for number, (make, _) in enumerate(HOSTILE.values()):
        path = folder / f"{number}.bin"
        path.write_bytes(make())
        paths.append(path)
    return paths


async def attack(paths: Iterator[Path], outcomes: Counter[str]) -> None:
    from handlers.extraction.reader import examine

    for path in paths:
        examined = await examine(path, "总结.docx", date.today())  # noqa: DTZ011  which day is no matter
        outcomes[type(examined).__name__] += 1


async def attacked_echo(options: argparse.Namespace, files: list[Path]) -> Counter[str]:
    """The whole bot answers `count` updates under attack; what came of the files meanwhile."""
    outcomes: Counter[str] = Counter()
    paths = itertools.cycle(files)
    attacks = [asyncio.create_task(attack(paths, outcomes)) for _ in range(LINED_UP if files else 0)]
    await lianluo_echo(options)
    for one in attacks:
        one.cancel()
    await asyncio.gather(*attacks, return_exceptions=True)
    return outcomes


def contender(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        options.folder, options.database = folder, f"sqlite:///{folder}/lianluo.db"
        files = sorted(Path(options.files).iterdir()) if options.files else []
        print(json.dumps(asyncio.run(attacked_echo(options, files))))


def measured(rate: int, files: Path, *, under_attack: bool) -> tuple[float, float, dict[str, int]]:
    """p50 and p99 in ms from an update's being due to its reply at the server, and what came of the files."""
    count = rate * SECONDS
    with stub("--updates", str(count), "--rate", str(rate), "--delay-ms", str(DELAY_MS)) as port:
        command = [sys.executable, "-m", "benchmarks.attack", "--port", str(port), "--count", str(count)]
        command += ["--files", str(files)] if under_attack else []
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/report") as answer:
            report = json.load(answer)
    return report["p50"], report["p99"], json.loads(done.stdout)


def compare(rate: int) -> int:
    """Print both, and 1 when the goal was missed."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        print(f"{len(hostile(files))} hostile files, {rate} updates/s for {SECONDS} s")
        for under_attack in (False, True):
            p50, p99, outcomes = measured(rate, files, under_attack=under_attack)
            print(
                f"{'under attack' if under_attack else 'at peace':<14}p50 {p50:.1f} ms  p99 {p99:.1f} ms",
                end="",
            )
            print(f"  examined: {outcomes}" if under_attack else "")
        met = p99 <= GOAL_MS
        print(f"goal: p99 ≤ {GOAL_MS} ms: {'met' if met else 'MISSED'}, {time.strftime('%Y-%m-%d')}")
    return 0 if met else 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--files", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.port:
        contender(options)
    else:
        sys.exit(compare(options.rate))


if __name__ == "__main__":
    main()
