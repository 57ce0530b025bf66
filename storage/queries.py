"""The queries of `storage/sql/`, rewritten for both databases when they are loaded.

requests = load("requests")
row = await requests.get_request(tx, id=1)
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiosql
from aiosql.queries import Queries as _Queries
from aiosql.types import SQLOperationType

from storage.dialect import Parameters, Statement, Unportable, prepare
from storage.engine import Row, Tx

FOLDER: Final = Path(__file__).parent / "sql"

_RETURNING_NOTHING: Final = {SQLOperationType.INSERT_UPDATE_DELETE, SQLOperationType.SCRIPT}
_REFUSED: Final = {SQLOperationType.INSERT_RETURNING, SQLOperationType.INSERT_UPDATE_DELETE_MANY}


class Queries(_Queries):
    """Queries by name; each takes a Tx and its parameters by keyword."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]: ...


class _Adapter:
    """What aiosql asks of a driver, answered by the Tx: each call hands on its coroutine and adds none."""

    # aiosql's own async functions would make an async generator of every list
    is_aio_driver = False

    def process_sql(self, query_name: str, op_type: SQLOperationType, sql: str) -> Statement:
        """Raise Unportable, with the query's name, for what would not do the same on both databases."""
        if op_type in _REFUSED:
            raise Unportable(f"{query_name}: '<!' and '*!' differ between databases: use '^', '$' or a batch")
        if op_type in _RETURNING_NOTHING and "RETURNING" in sql.upper():
            raise Unportable(f"{query_name}: RETURNING goes with '^', '$' or a list")
        try:
            return prepare(sql)
        except Unportable as error:
            raise Unportable(f"{query_name}: {error}") from None

    def select(
        self, tx: Tx, _name: str, sql: Statement, parameters: Parameters, _record: object = None
    ) -> Awaitable[list[Row]]:
        return tx.rows(sql, parameters)

    def select_one(
        self, tx: Tx, _name: str, sql: Statement, parameters: Parameters, _record: object = None
    ) -> Awaitable[Row | None]:
        return tx.row(sql, parameters)

    def select_value(self, tx: Tx, _name: str, sql: Statement, parameters: Parameters) -> Awaitable[Any]:
        return tx.value(sql, parameters)

    def insert_update_delete(
        self, tx: Tx, _name: str, sql: Statement, parameters: Parameters
    ) -> Awaitable[int]:
        return tx.touch(sql, parameters)

    def execute_script(self, tx: Tx, sql: Statement) -> Awaitable[None]:
        return tx.script(sql.sqlite if tx.dialect.value == "sqlite" else sql.postgres)


def load(name: str, folder: Path = FOLDER) -> Queries:
    """The queries of `<folder>/<name>.sql`. Raises Unportable or an aiosql exception for a faulty file."""
    queries: Queries = aiosql.from_path(folder / f"{name}.sql", _Adapter, queries_cls=Queries)  # type: ignore[arg-type]
    return queries
