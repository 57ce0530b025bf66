"""The confined process: `python -I -B -m handlers.extraction.child PATH [csv]`; tells what it read."""

import sys
from pathlib import Path

from handlers.extraction import kinds, wire
from handlers.extraction.confine import confine
from handlers.extraction.extract import extract


def main(path: str, *form: str) -> None:
    with Path(path).open("rb") as file:  # before the walls go up: it may be readable for our user only
        confine()
        data = file.read(kinds.MAX_BYTES + 1)
    out = sys.stdout.buffer
    for line in wire.told(extract(data, csv="csv" in form)):
        out.write(line)
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
