"""What is erased stands in no text, and in no page of SQLite's file either."""

from pathlib import Path

from domain.people import Membership, PhoneCheck, Role
from domain.privacy import Reason, needles
from storage import drafts, people, privacy, traces
from storage.dialect import prepare
from storage.engine import Database, Tx, connect
from storage.migrate import migrate

PHONE = "+8613800138000"
TELEGRAM_ID = 700_000_001


async def enrolled(tx: Tx, name: str, phone: str, telegram_id: int = TELEGRAM_ID) -> int:
    person_id = await people.add(tx, name, 1, phone=phone)
    await people.appoint(tx, person_id, Membership(Role.OFFICER, None), 1)
    await people.enrol(
        tx, person_id, telegram_id=telegram_id, phone=phone, check=PhoneCheck.MATCHES, locale=None, now=1
    )
    return person_id


async def test_a_number_is_taken_out_of_every_text_and_nothing_else_is_changed(database: Database) -> None:
    wanted = needles(TELEGRAM_ID, [PHONE])
    async with database.tx() as tx:
        person_id = await people.add(tx, "林知行", 1)
        for words in ("请拨 138 0013 8000", "请拨 139 0013 8000"):
            await privacy.ask_correction(tx, person_id, words, 1)
        draft = await drafts.add(
            tx, "say", 1, person_id=person_id, base_id=None, subject_id=None, now=1, expires_at=9
        )
        await drafts.save(tx, draft.with_answers({"tel": PHONE, "whom": [TELEGRAM_ID]}), 0)
    async with database.read() as tx:
        found = await traces.holding(tx, wanted)
    assert found == [("corrections", "words"), ("drafts", "answers")]
    async with database.tx() as tx:
        assert await traces.take_out(tx, found, wanted) == 3
        rows = await privacy.open_corrections(tx, 9)
        assert [row["words"] for row in rows] == ["请拨 ***", "请拨 139 0013 8000"]
        kept = await drafts.get(tx, draft.id)
    assert kept is not None
    assert kept.answers == {"tel": "***", "whom": [0]}


async def test_a_number_that_somebody_else_has_too_stays_in_the_texts(database: Database) -> None:
    async with database.tx() as tx:
        one = await enrolled(tx, "林知行", PHONE)
        await enrolled(tx, "苏小溪", PHONE, TELEGRAM_ID + 1)
        erasure_id = await privacy.begin(tx, await people.get(tx, one), Reason.ASKED, "经办人（已离任）", 5)
        begun = await privacy.lock(tx, erasure_id)
    assert begun is not None
    assert (begun.telegram_id, begun.phones) == (TELEGRAM_ID, ())


async def test_an_erasure_forgets_what_it_looked_for(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await enrolled(tx, "林知行", PHONE)
        erasure_id = await privacy.begin(
            tx, await people.get(tx, person_id), Reason.ASKED, "经办人（已离任）", 5
        )
        await privacy.settle(tx, erasure_id, 6)
        assert await privacy.lock(tx, erasure_id) is None
        rows = await tx.rows(prepare("SELECT telegram_id, phones FROM erasures"), {})
        gone = await people.get(tx, person_id)
    assert [(row["telegram_id"], row["phones"]) for row in rows] == [(None, None)]
    assert (gone.name, gone.telegram_id, gone.phone, gone.phone_shared) == (
        "经办人（已离任）",
        None,
        None,
        None,
    )


async def test_a_withdrawn_consent_leaves_the_number_that_the_unit_has_given(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await enrolled(tx, "林知行", PHONE)
        await privacy.begin(tx, await people.get(tx, person_id), Reason.WITHDRAWN, "—", 5)
        left = await people.get(tx, person_id)
        actor = await people.actor(tx, left)
    assert (left.name, left.telegram_id, left.phone, left.phone_shared) == ("林知行", None, PHONE, None)
    assert [one.role for one in actor.memberships] == [Role.OFFICER]


async def test_a_telegram_id_goes_from_every_column_that_has_one(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await enrolled(tx, "林知行", PHONE)
        await people.add_guess(tx, TELEGRAM_ID, 1)
        await people.add_guess(tx, TELEGRAM_ID + 1, 1)
        album = "INSERT INTO albums (chat_id, media_group_id, person_id, due_at, waited, words) "
        of = {"chat": TELEGRAM_ID, "person": person_id}
        await tx.touch(prepare(album + "VALUES (:chat, 'a', :person, 1, TRUE, '')"), of)
        await traces.forget_account(tx, TELEGRAM_ID)
        rows = await tx.rows(prepare("SELECT telegram_id FROM guesses ORDER BY id"), {})
        assert [row["telegram_id"] for row in rows] == [0, TELEGRAM_ID + 1]
        assert await tx.value(prepare("SELECT chat_id FROM albums"), {}) == 0
        assert (await people.get(tx, person_id)).telegram_id is None


async def test_the_columns_that_name_a_table_are_read_from_the_catalogue(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await people.add(tx, "林知行", 1)
        nobody = await people.add(tx, "苏小溪", 1)
        await privacy.ask_correction(tx, person_id, "w", 1)
        assert await traces.referring(tx, "persons", [person_id, nobody]) == {person_id}


async def test_a_file_written_anew_has_no_copies_that_pages_kept(tmp_path: Path) -> None:
    """secure_delete alone is not enough: of 5,000 numbers some could still be read in the file."""
    path = tmp_path / "lianluo.db"
    database = await connect(f"sqlite:///{path}")
    try:
        await migrate(database)
        async with database.tx() as tx:
            for n in range(5000):
                await people.add(tx, "x" * (n * 37 % 300), 1, phone=f"+86138{n:08}")
                if n % 3 == 0:
                    grow = {"id": n * 7919 % (n + 1) + 1, "name": "y" * (n * 53 % 600)}
                    await tx.touch(prepare("UPDATE persons SET name = :name WHERE id = :id"), grow)
        async with database.tx() as tx:
            await tx.touch(prepare("UPDATE persons SET phone = NULL"), {})
        assert await database.rewrite()
        assert b"+86138" not in path.read_bytes()
        assert (tmp_path / "lianluo.db-wal").stat().st_size == 0
        async with database.read() as tx:  # in the way
            await tx.value(prepare("SELECT count(*) FROM persons"), {})
            async with database.tx() as other:
                await people.add(other, "z", 1)
            assert not await database.rewrite()
        assert await database.rewrite()
    finally:
        await database.close()
