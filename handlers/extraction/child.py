"""The confined process: `python -I -B -m handlers.extraction.child PATH [csv] [judge=2026-11-25]`.

It tells what it read or, asked to judge as of a day, what it found.
"""

import sys
from datetime import date
from pathlib import Path

from handlers.extraction import kinds, wire
from handlers.extraction.confine import confine
from handlers.extraction.extract import examine, extract


def main(path: str, *asked: str) -> None:
    day = next((word.removeprefix("judge=") for word in asked if word.startswith("judge=")), None)
    with Path(path).open("rb") as file:  # before the walls go up: it may be readable for our user only
        confine()
        out = sys.stdout.buffer
        out.write(wire.begun())
        out.flush()
        data = file.read(kinds.MAX_BYTES + 1)
    csv = "csv" in asked
    result = examine(data, date.fromisoformat(day), csv=csv) if day else extract(data, csv=csv)
    for line in wire.told(result):
        out.write(line)
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
