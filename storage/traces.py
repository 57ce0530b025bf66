"""Every text that people wrote, wherever it is kept: searched for what is to be erased (PIPL Article 47).

The columns are read from the database's own catalogue, so that a table added later is searched too.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from domain.privacy import Needle
from storage.dialect import Dialect, Statement, prepare
from storage.engine import Tx

Column = tuple[str, str]
"""A table and one of its columns."""

SEALED: Final = frozenset({"annual_versions", "audit", "access_log", "migrations", "erasures"})
"""A version is bound to its hash, the logs and the ledger hold no words of people; an erasure under way knows
what it looks for."""

_TEXTS: Final = {
    Dialect.SQLITE: prepare(
        "SELECT m.name AS t, c.name AS c FROM sqlite_schema m JOIN pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND c.type = 'TEXT' ORDER BY m.name, c.cid"
    ),
    Dialect.POSTGRES: prepare(
        "SELECT table_name AS t, column_name AS c FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND data_type = 'text' ORDER BY table_name, ordinal_position"
    ),
}
_NUMBERS: Final = {
    Dialect.SQLITE: prepare(
        'SELECT m.name AS t, c.name AS c, c."notnull" = 1 AS needed '
        "FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
        "AND c.name IN ('chat_id', 'telegram_id', 'claimed_by') ORDER BY m.name, c.cid"
    ),
    Dialect.POSTGRES: prepare(
        "SELECT table_name AS t, column_name AS c, is_nullable = 'NO' AS needed "
        "FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND column_name IN ('chat_id', 'telegram_id', 'claimed_by') ORDER BY table_name, ordinal_position"
    ),
}
"""Where Telegram ids are kept as numbers."""
_REFERENCES: Final = {
    Dialect.SQLITE: prepare(
        'SELECT m.name AS t, f."from" AS c FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f '
        "WHERE m.type = 'table' AND f.\"table\" = :wanted ORDER BY m.name"
    ),
    Dialect.POSTGRES: prepare(
        "SELECT k.table_name AS t, k.column_name AS c FROM information_schema.table_constraints f "
        "JOIN information_schema.key_column_usage k ON k.constraint_name = f.constraint_name "
        "JOIN information_schema.constraint_column_usage u ON u.constraint_name = f.constraint_name "
        "WHERE f.constraint_type = 'FOREIGN KEY' AND u.table_name = :wanted ORDER BY 1"
    ),
}
_SHOWN: Final = {Dialect.SQLITE: "rowid", Dialect.POSTGRES: "CAST(ctid AS TEXT)"}
_KEY: Final = {Dialect.SQLITE: "rowid = :row", Dialect.POSTGRES: "ctid = CAST(CAST(:row AS TEXT) AS tid)"}
"""A row's place: it has no key of the same kind in every table."""


async def columns(tx: Tx) -> list[Column]:
    """Where text is kept that may be changed."""
    rows = await tx.rows(_TEXTS[tx.dialect], {})
    return [(row["t"], row["c"]) for row in rows if row["t"] not in SEALED]


async def holding(tx: Tx, needles: Sequence[Needle]) -> list[Column]:
    """Where one of them may stand: a long read, for a connection that is in nobody's way."""
    return [column for column in await columns(tx) if await _may_hold(tx, column, needles)]


async def _may_hold(tx: Tx, column: Column, needles: Sequence[Needle]) -> bool:
    table, name = column  # the catalogue's own: nobody writes them
    look = prepare(f'SELECT 1 FROM "{table}" WHERE "{name}" LIKE :like LIMIT 1')  # noqa: S608
    hits = [await tx.value(look, {"like": needle.like}) for needle in needles]
    return any(hit is not None for hit in hits)


async def take_out(tx: Tx, found: Iterable[Column], needles: Sequence[Needle]) -> int:
    """Put something else in their place; in how many texts that was."""
    changed = 0
    for column in found:
        for needle in needles:
            changed += await _take_out(tx, column, needle)
    return changed


async def _take_out(tx: Tx, column: Column, needle: Needle) -> int:
    look, write = _statements(tx.dialect, *column)
    changed = 0
    for row in await tx.rows(look, {"like": needle.like}):
        left = needle.out_of(row["words"])
        if left != row["words"]:
            changed += await tx.touch(write, {"words": left, "row": row["k"]})
    return changed


def _statements(dialect: Dialect, table: str, name: str) -> tuple[Statement, Statement]:
    shown, key = _SHOWN[dialect], _KEY[dialect]
    look = f'SELECT {shown} AS k, "{name}" AS words FROM "{table}" WHERE "{name}" LIKE :like FOR UPDATE'  # noqa: S608
    write = f'UPDATE "{table}" SET "{name}" = :words WHERE {key}'  # noqa: S608
    return prepare(look), prepare(write)


async def forget_account(tx: Tx, telegram_id: int) -> None:
    """Put nothing, or 0 where something is needed, in place of a Telegram id in every column that has one."""
    for row in await tx.rows(_NUMBERS[tx.dialect], {}):
        table, name, instead = row["t"], row["c"], "0" if row["needed"] else "NULL"
        if table not in SEALED:
            forget = f'UPDATE "{table}" SET "{name}" = {instead} WHERE "{name}" = :id'  # noqa: S608
            await tx.touch(prepare(forget), {"id": telegram_id})


async def referring(tx: Tx, table: str, ids: Sequence[int]) -> set[int]:
    """Those of a table's ids that another row names by a foreign key."""
    named: set[int] = set()
    for row in await tx.rows(_REFERENCES[tx.dialect], {"wanted": table}):
        t, c = row["t"], row["c"]
        look = prepare(f'SELECT "{c}" AS id FROM "{t}" WHERE "{c}" = ANY(CAST(:ids AS BIGINT[]))')  # noqa: S608
        named |= {one["id"] for one in await tx.rows(look, {"ids": list(ids)})}
    return named
