"""kill -9 while 64 transactions are in flight: no acknowledged effect is missing, none is half there."""

import asyncio
import random
import subprocess
import sys

import pytest

from storage.dialect import prepare
from storage.engine import connect

# A process that writes two rows a transaction and says which are durable, until it is killed.
WRITER = """
import asyncio, itertools, os, sys
from storage.dialect import prepare
from storage.engine import connect

PUT = prepare("INSERT INTO marks (name, half) VALUES (:name, :half)")

async def work(database, prefix, numbers):
    for n in numbers:
        async with database.tx() as tx:
            for half in (1, 2):
                await tx.touch(PUT, {"name": f"{prefix}-{n}", "half": half})
        os.write(1, f"{prefix}-{n}\\n".encode())

async def main(url, prefix):
    database = await connect(url)
    numbers = itertools.count()
    await asyncio.gather(*(work(database, prefix, numbers) for _ in range(64)))

asyncio.run(main(*sys.argv[1:]))
"""


def killed_writer(url: str, prefix: int, after: int) -> set[str]:
    """What a writer acknowledged that was killed once it had acknowledged `after` transactions."""
    command = [sys.executable, "-c", WRITER, url, str(prefix)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        first = [writer.stdout.readline() for _ in range(after)]
        writer.kill()
        lines = b"".join([*first, writer.stdout.read()]).decode()
    assert lines.count("\n") >= after
    # a pipe takes a short line whole or not at all
    return set(lines.splitlines())


async def prepared(url: str) -> None:
    database = await connect(url)
    try:
        async with database.tx() as tx:
            await tx.script("CREATE TABLE marks (name TEXT NOT NULL, half BIGINT NOT NULL)")
    finally:
        await database.close()


async def halves(url: str) -> dict[str, int]:
    """How many rows each transaction has; the database is sound."""
    database = await connect(url)
    try:
        async with database.read() as tx:
            if url.startswith("sqlite"):
                assert await tx.value(prepare("PRAGMA integrity_check"), {}) == "ok"
            rows = await tx.rows(prepare("SELECT name, count(*) AS halves FROM marks GROUP BY name"), {})
            return {row["name"]: row["halves"] for row in rows}
    finally:
        await database.close()


async def survive(url: str, kills: int) -> None:
    chance = random.Random(kills)
    await prepared(url)
    acknowledged: set[str] = set()
    for kill in range(kills):
        acknowledged |= await asyncio.to_thread(killed_writer, url, kill, chance.randint(1, 400))
        kept = await halves(url)
        assert acknowledged <= kept.keys()
        assert set(kept.values()) == {2}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


async def test_ten_kills_lose_nothing(url: str) -> None:
    await survive(url, 10)


@pytest.mark.proof
@pytest.mark.timeout(900)
async def test_two_hundred_kills_lose_nothing(url: str) -> None:
    await survive(url, 200)
