"""Every rule of storage/dialect.py, run on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.dialect import Dialect, Unportable, ddl, prepare, statements
from storage.engine import Database
from storage.queries import Queries, load

Load = Callable[..., Queries]

ADD = """
-- name: add(name, price)$
INSERT INTO things (name, price) VALUES (:name, :price) RETURNING id
"""


@pytest.fixture
def queries(tmp_path: Path) -> Load:
    def loaded(sql: str = "") -> Queries:
        (tmp_path / "rules.sql").write_text(f"{ADD}\n{sql}")
        return load("rules", tmp_path)

    return loaded


@pytest.fixture
async def things(database: Database) -> Database:
    async with database.tx() as tx:
        await tx.script(
            ddl(
                """
                -- a comment; with a semicolon
                CREATE TABLE things (
                    id IDENTITY,
                    name TEXT NOT NULL UNIQUE,
                    price BIGINT,
                    good BOOLEAN NOT NULL DEFAULT TRUE,
                    weight REAL,
                    facts JSON NOT NULL DEFAULT 'JSON; not a type',
                    at TIMESTAMP
                );
                CREATE INDEX things_price ON things (price) WHERE good;
                """,
                database.dialect,
            )
        )
    return database


async def test_tables_keep_their_types(things: Database, queries: Load) -> None:
    q = queries(
        """
        -- name: put(name, price, good, weight, at)^
        INSERT INTO things (name, price, good, weight, at)
        VALUES (:name, :price, :good, :weight, :at) RETURNING *
        """
    )
    async with things.tx() as tx:
        row = await q.put(tx, name="a", price=2**40, good=False, weight=0.1, at=1_700_000_000_000)
    assert dict(row) == {
        "id": 1,
        "name": "a",
        "price": 2**40,
        "good": False,
        "weight": 0.1,
        "facts": "JSON; not a type",
        "at": 1_700_000_000_000,
    }


@pytest.mark.parametrize("column", ["price = 'dear'", "good = 2"])
async def test_a_value_of_another_type_is_refused(things: Database, queries: Load, column: str) -> None:
    q = queries(f"-- name: spoil()!\nUPDATE things SET {column}")

    async def spoil() -> None:
        async with things.tx() as tx:
            await q.add(tx, name="a", price=1)
            await q.spoil(tx)

    with pytest.raises(Exception, match=r"(?i)cannot store|constraint|invalid input|is of type"):
        await spoil()


async def test_an_id_is_never_used_twice(things: Database, queries: Load) -> None:
    q = queries("-- name: clear()!\nDELETE FROM things")
    async with things.tx() as tx:
        first = await q.add(tx, name="a", price=1)
        assert await q.clear(tx) == 1
        assert await q.add(tx, name="a", price=1) == first + 1


async def test_each_kind_of_query_has_its_result(things: Database, queries: Load) -> None:
    q = queries(
        """
        -- name: every()
        SELECT id, name FROM things ORDER BY id
        -- name: one(id)^
        SELECT name FROM things WHERE id = :id
        -- name: much(id)$
        SELECT price FROM things WHERE id = :id
        -- name: raise_all(by)!
        UPDATE things SET price = price + :by
        -- name: raise_some(by)!
        WITH dear AS (SELECT id FROM things WHERE price > 11)
        UPDATE things SET price = price + :by WHERE id IN (SELECT id FROM dear)
        -- name: reset#
        DELETE FROM things; DELETE FROM things;
        """
    )
    async with things.tx() as tx:
        assert await q.every(tx) == []
        assert await q.one(tx, id=1) is None
        assert await q.much(tx, id=1) is None
        assert [await q.add(tx, name=name, price=1) for name in ("甲", "乙")] == [1, 2]
        assert [dict(row) for row in await q.every(tx)] == [{"id": 1, "name": "甲"}, {"id": 2, "name": "乙"}]
        assert (await q.one(tx, id=2))["name"] == "乙"
        assert await q.raise_all(tx, by=10) == 2
        assert await q.raise_some(tx, by=5) == 0
        assert await q.much(tx, id=1) == 11
        await q.reset(tx)
        assert await q.every(tx) == []


async def test_a_parameter_missing_or_unknown_is_an_error(things: Database, queries: Load) -> None:
    q = queries()
    async with things.tx() as tx:
        with pytest.raises(TypeError, match="price"):
            await q.add(tx, name="a")
        with pytest.raises(TypeError, match="prize"):
            await q.add(tx, name="a", price=1, prize=1)


async def test_compare_and_set_tells_who_was_first(things: Database, queries: Load) -> None:
    q = queries(
        """
        -- name: swap(id, old, new)$
        UPDATE things SET price = :new WHERE id = :id AND price = :old RETURNING id
        """
    )
    async with things.tx() as tx:
        await q.add(tx, name="a", price=1)
        assert await q.swap(tx, id=1, old=1, new=2) == 1
        assert await q.swap(tx, id=1, old=1, new=3) is None


async def test_lists_are_matched_with_any_and_all(things: Database, queries: Load) -> None:
    q = queries(
        """
        -- name: some(ids)
        SELECT id FROM things WHERE id = ANY(:ids) ORDER BY id
        -- name: called(names)
        SELECT id FROM things WHERE name = ANY (CAST(:names AS TEXT[])) ORDER BY id
        -- name: others(ids)
        SELECT id FROM things WHERE id <> ALL(:ids) AND id != ALL(:ids) ORDER BY id
        -- name: maybe(ids)
        SELECT id FROM things WHERE CAST(:ids AS BIGINT[]) IS NULL OR id = ANY(:ids) ORDER BY id
        """
    )

    async def ids(rows: object) -> list[int]:
        return [row["id"] for row in await rows]  # type: ignore[misc]

    async with things.tx() as tx:
        for name in ("a", "文'\"", "c"):
            await q.add(tx, name=name, price=1)
        assert await ids(q.some(tx, ids=[1, 3])) == [1, 3]
        assert await ids(q.some(tx, ids=(2,))) == [2]
        assert await ids(q.some(tx, ids=[])) == []
        assert await ids(q.called(tx, names=["文'\"", "x"])) == [2]
        assert await ids(q.others(tx, ids=[1, 3])) == [2]
        assert await ids(q.others(tx, ids=[])) == [1, 2, 3]
        assert await ids(q.maybe(tx, ids=None)) == [1, 2, 3]
        assert await ids(q.maybe(tx, ids=[3])) == [3]


async def test_a_batch_is_inserted_and_updated_in_one_statement(things: Database, queries: Load) -> None:
    q = queries(
        """
        -- name: put(names, prices, good)
        INSERT INTO things (name, price, good)
        SELECT r.name, r.price, CAST(r.good AS BOOLEAN)
        FROM unnest(CAST(:names AS TEXT[]), CAST(:prices AS BIGINT[]), CAST(:good AS BOOLEAN[]))
            AS r (name, price, good)
        WHERE TRUE
        ON CONFLICT (name) DO NOTHING
        RETURNING id, name, price, good
        -- name: reprice(ids, at)!
        UPDATE things SET price = r.position, at = r.at
        FROM unnest(CAST(:ids AS BIGINT[]), CAST(:at AS TIMESTAMP[])) WITH ORDINALITY AS r (id, at, position)
        WHERE things.id = r.id
        -- name: every()
        SELECT price, at FROM things ORDER BY id
        """
    )
    async with things.tx() as tx:
        rows = await q.put(tx, names=["a", "文'\"\n", "c"], prices=[1, None, 3], good=[True, False, True])
        assert [(row["name"], row["price"], bool(row["good"])) for row in rows] == [
            ("a", 1, True),
            ("文'\"\n", None, False),
            ("c", 3, True),
        ]
        assert await q.put(tx, names=["a"], prices=[9], good=[True]) == []
        assert await q.put(tx, names=[], prices=[], good=[]) == []
        assert await q.reprice(tx, ids=[3, 1], at=[30, 10]) == 2
        assert [tuple(row) for row in await q.every(tx)] == [(2, 10), (None, None), (1, 30)]


async def test_rows_of_a_batch_get_ids_in_their_order(things: Database, queries: Load) -> None:
    q = queries(
        """
        -- name: put(names)!
        INSERT INTO things (name) SELECT r.name FROM unnest(CAST(:names AS TEXT[])) AS r (name)
        -- name: names()
        SELECT name FROM things ORDER BY id
        """
    )
    names = [f"n{n * 7919 % 1000}" for n in range(1000)]
    async with things.tx() as tx:
        assert await q.put(tx, names=names) == 1000
        assert [row["name"] for row in await q.names(tx)] == names


@pytest.mark.parametrize(
    "lock",
    [
        "FOR UPDATE",
        "for update skip locked",
        "FOR NO KEY UPDATE NOWAIT",
        "FOR UPDATE OF t SKIP LOCKED",
        "FOR SHARE",
        "FOR KEY SHARE",
    ],
)
async def test_row_locks_are_taken_or_stripped(things: Database, queries: Load, lock: str) -> None:
    q = queries(
        """
        -- name: lock(id)^
        SELECT t.id, 'FOR UPDATE' AS said FROM things AS t WHERE t.id = :id LIMIT 1 (lock)
        """.replace("(lock)", lock)
    )
    async with things.tx() as tx:
        await q.add(tx, name="a", price=1)
        assert dict(await q.lock(tx, id=1)) == {"id": 1, "said": "FOR UPDATE"}


async def test_optional_filters_and_search(things: Database, queries: Load) -> None:
    q = queries(
        r"""
        -- name: search(q, price, at)
        SELECT name FROM things
        WHERE (CAST(:price AS BIGINT) IS NULL OR price = :price)
            AND (CAST(:at AS TIMESTAMP) IS NULL OR at > :at)
            AND lower(name) LIKE lower(:q) ESCAPE '\'
        ORDER BY at NULLS FIRST, id
        -- name: facts(price)^
        SELECT CAST(sum(price) AS BIGINT) AS total, CAST(avg(price) AS REAL) AS mean,
            count(*) FILTER (WHERE good) AS good, CAST(:price AS BIGINT) AS given
        FROM things
        """
    )
    async with things.tx() as tx:
        for name, price in (("Ab%", 1), ("aBc", 2), ("x", 4)):
            await q.add(tx, name=name, price=price)
        assert [row["name"] for row in await q.search(tx, q="AB%", price=None, at=None)] == ["Ab%", "aBc"]
        assert [row["name"] for row in await q.search(tx, q=r"ab\%", price=None, at=None)] == ["Ab%"]
        assert [row["name"] for row in await q.search(tx, q="%", price=4, at=None)] == ["x"]
        assert await q.search(tx, q="%", price=None, at=5) == []
        facts = dict(await q.facts(tx, price=7))
        assert facts == {"total": 7, "mean": pytest.approx(7 / 3), "good": 3, "given": 7}


async def test_booleans_are_compared_as_they_are(things: Database, queries: Load) -> None:
    q = queries(
        """
        -- name: judge(good)!
        UPDATE things SET good = :good WHERE good IS NOT DISTINCT FROM TRUE
        -- name: good(good)
        SELECT id FROM things WHERE good = :good
        -- name: bad()
        SELECT id FROM things WHERE NOT good
        """
    )
    async with things.tx() as tx:
        await q.add(tx, name="a", price=1)
        assert len(await q.good(tx, good=True)) == 1
        assert await q.judge(tx, good=False) == 1
        assert len(await q.good(tx, good=False)) == len(await q.bad(tx)) == 1


def test_quotes_and_comments_are_left_alone() -> None:
    statement = prepare("""SELECT ':a JSON', "FOR UPDATE" -- :b = ANY(:c)\nFROM t /* :d :: */ WHERE x = :x""")
    assert statement.names == {"x"}
    assert statement.sqlite == str(statement)
    assert statement.postgres == str(statement).replace("= :x", "= $1")


def test_a_parameter_used_twice_is_bound_once() -> None:
    statement = prepare("SELECT x FROM t WHERE a = :a AND b = :b AND c = :a")
    assert statement.postgres == "SELECT x FROM t WHERE a = $1 AND b = $2 AND c = $1"
    assert statement.for_postgres({"b": 2, "a": 1}) == [1, 2]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT :x::text",
        "SELECT x FROM t WHERE x ILIKE :x",
        "SELECT DISTINCT ON (x) x FROM t",
        "SELECT string_agg(x, ',') FROM t",
        "SELECT group_concat(x) FROM t",
        "SELECT greatest(1, 2)",
        "SELECT max(x, y) FROM t",
        "DELETE FROM t USING s WHERE t.id = s.id",
        "SELECT now()",
        "SELECT x ->> 'a' FROM t",
        "INSERT OR IGNORE INTO t (a) VALUES (1)",
        "WITH gone AS (DELETE FROM t RETURNING id) SELECT id FROM gone",
        "WITH new AS NOT MATERIALIZED (INSERT INTO t (a) VALUES (1) RETURNING id) SELECT id FROM new",
        "SELECT r.a FROM unnest(:a) AS r (a)",
        "SELECT unnest(CAST(:a AS TEXT[]))",
        "SELECT x FROM t WHERE x > ANY(:x)",
    ],
)
def test_what_only_one_database_takes_is_refused(sql: str) -> None:
    with pytest.raises(Unportable):
        prepare(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT max(x), min(y), max(coalesce(x, 0)) FROM t",
        "INSERT INTO t (a) SELECT a FROM s WHERE TRUE ON CONFLICT DO NOTHING",
        "WITH old AS (SELECT id FROM t) UPDATE t SET a = 1 WHERE id IN (SELECT id FROM old)",
        "SELECT 'now() ::' FROM t",
    ],
)
def test_what_both_take_is_not_refused(sql: str) -> None:
    assert prepare(sql) == sql


@pytest.mark.parametrize(
    "sql",
    [
        "-- name: put(a)<!\nINSERT INTO t (a) VALUES (:a)",
        "-- name: put(a)*!\nINSERT INTO t (a) VALUES (:a)",
        "-- name: put(a)!\nINSERT INTO t (a) VALUES (:a) RETURNING id",
        "-- name: put(a)!\nUPDATE t SET a = :a::text",
    ],
)
def test_a_refusal_names_the_query(queries: Load, sql: str) -> None:
    with pytest.raises(Unportable, match=r"^put: "):
        queries(sql)


def test_a_script_is_cut_into_statements() -> None:
    script = """
    CREATE TABLE a (x TEXT DEFAULT 'a;b'); -- one; comment
    CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; DELETE FROM a; END;
    SELECT 1
    """
    assert [statement.split()[-1] for statement in statements(script)] == ["'a;b');", "END;", "1"]
    assert list(statements("  -- nothing\n")) == []


def test_only_tables_become_strict() -> None:
    script = (
        "CREATE TABLE IF NOT EXISTS a (x JSON); CREATE INDEX i ON a (x); ALTER TABLE a ADD COLUMN y BOOLEAN;"
    )
    assert ddl(script, Dialect.SQLITE) == (
        "CREATE TABLE IF NOT EXISTS a (x TEXT) STRICT; CREATE INDEX i ON a (x);"
        " ALTER TABLE a ADD COLUMN y INTEGER CHECK (y IN (0, 1));"
    )
    assert ddl(script, Dialect.POSTGRES) == script.replace("JSON", "TEXT")
