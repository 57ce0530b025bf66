"""What is past its time goes, kind by kind; a dry run says the same and changes nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import retention
from bot.retention import MADE_FILES, Keeping
from domain.incidents import Carrier, Deletion
from domain.notices import Kind as SendKind
from domain.notices import Lane, SendState
from domain.people import ConsentKind, Membership, PhoneCheck, Role
from domain.privacy import Reason, Seen
from domain.retention import DAY_MS, PERIODS, Kind
from messages.catalog import Catalog
from storage import (
    access_log,
    attachments,
    bases,
    download_links,
    drafts,
    handovers,
    incidents,
    jobs,
    outbox,
    people,
    privacy,
    updates,
    upload_links,
)
from storage.dialect import prepare
from storage.engine import Database, Tx
from storage.files import FileStore
from storage.outbox import Result, Row
from storage.updates import Incoming
from tests.bot.test_cli import lianluo
from tests.flows.conftest import BASE

NOW = 10_000 * DAY_MS
CHAT = 700_000_001
EACH = {period.kind.value: 1 for period in PERIODS}


@pytest.fixture
def keeping(database: Database, tmp_path: Path) -> Keeping:
    return Keeping(database, FileStore(tmp_path / "files"), Catalog(), "zh_CN")


async def applied(keeping: Keeping, now: int = NOW, *, dry_run: bool = False) -> dict[str, int]:
    return {kind: n async for kind, n in retention.apply(keeping, now, dry_run=dry_run)}


async def content(tx: Tx, table: str) -> list[dict[str, object]]:
    rows = await tx.rows(prepare(f"SELECT * FROM {table} ORDER BY 1"), {})  # noqa: S608  a name of this test
    return [dict(row) for row in rows]


TABLES = (
    "albums",
    "album_items",
    "event_entries",
    "event_desks",
    "updates",
    "outbox",
    "drafts",
    "attachments",
    "guesses",
    "invitations",
    "upload_links",
    "download_links",
    "jobs",
    "persons",
    "absences",
    "corrections",
    "consents",
    "incidents",
    "access_log",
)


async def everything(keeping: Keeping) -> dict[str, list[dict[str, object]]]:
    async with keeping.database.tx() as tx:
        return {table: await content(tx, table) for table in TABLES}


def period(kind: Kind) -> int:
    return next(one.ms for one in PERIODS if one.kind is kind)


async def one_of_each(keeping: Keeping, ended: dict[Kind, int]) -> None:
    """A trace of every kind, ended at that kind's instant."""
    at = ended
    async with keeping.database.tx() as tx:
        base_id = (await bases.by_code(tx, BASE.code)).id  # type: ignore[union-attr]
        keeper = await people.add(tx, "周明远", 1)
        await people.appoint(tx, keeper, Membership(Role.OFFICER, None), 1)
        await people.enrol(
            tx,
            keeper,
            telegram_id=CHAT + at[Kind.UPDATES] % 1000 + 1,
            phone="+8610000000901",
            check=PhoneCheck.NONE,
            locale=None,
            now=1,
        )
        [entry] = await updates.store(tx, [Incoming(at[Kind.UPDATES], CHAT, "{}")], 1)
        await updates.settle(tx, entry.id, updates.State.DONE, at[Kind.UPDATES])
        await said(tx, at[Kind.TEXTS], keeper, "text")
        await said(tx, at[Kind.SENDS], keeper, "send")
        await said(tx, at[Kind.STRANGERS], None, "stranger")
        await draft_with(tx, keeper, [], expires_at=at[Kind.DRAFTS])
        left = await draft_with(tx, keeper, [await file(tx, keeping, keeper, b"left")], expires_at=NOW * 2)
        await drafts.give_up(tx, left, at[Kind.LEFT_FILES])
        await attachments.add(
            tx,
            person_id=keeper,
            kind="document",
            name="a",
            size=1,
            chat_id=CHAT,
            message_id=1,
            now=at[Kind.PLACES],
        )
        await tx.touch(prepare("UPDATE attachments SET state = 'kept' WHERE chat_id IS NOT NULL"), {})
        await an_album(tx, keeper, at[Kind.ALBUMS])
        await an_event(tx, keeper, base_id, at[Kind.ATTENDEES], at[Kind.EVENT_DESKS])
        await people.add_guess(tx, CHAT, at[Kind.GUESSES])
        await people.invite(tx, keeper, Role.OFFICER, None, now=1, expires_at=at[Kind.INVITATIONS])
        await upload_links.add(
            tx, person_id=keeper, purpose="p", subject_id=1, title="t", now=at[Kind.UPLOAD_LINKS]
        )
        await download_links.add(
            tx,
            person_id=keeper,
            sha256="0" * 64,
            name="n",
            media_type="m",
            size=1,
            now=at[Kind.DOWNLOAD_LINKS],
        )
        job_id = await jobs.add(tx, "watch", {}, 1)
        await jobs.finish(tx, job_id or 0, at[Kind.JOBS])
        leaver = await people.add(tx, "林知行", 1, phone="+8610000000101")
        await people.appoint(tx, leaver, Membership(Role.LIAISON, base_id), 1)
        await people.relieve_all(tx, [(leaver, Membership(Role.LIAISON, base_id))], at[Kind.LEAVERS])
        await tx.touch(
            prepare(
                "INSERT INTO absences (base_id, person_id, first_on, last_on, told_at) "
                "VALUES (:base, :person, '1990-01-01', :last, 1)"
            ),
            {"base": base_id, "person": keeper, "last": _day(at[Kind.ABSENCES])},
        )
        correction = await privacy.ask_correction(tx, keeper, "w", 1)
        await privacy.finish_correction(tx, correction, keeper, at[Kind.CORRECTIONS])
        await people.consent(tx, keeper, ConsentKind.PROCESSING, "2020-01", 1)
        await tx.touch(
            prepare("UPDATE consents SET withdrawn_at = :at WHERE person_id = :person"),
            {"at": at[Kind.CONSENTS], "person": keeper},
        )
        incident = await incidents.add(
            tx,
            year=2026,
            person_id=keeper,
            attachment_id=None,
            kind=Carrier.TEXT,
            found=(),
            sha256="0" * 64,
            chat_id=None,
            message_id=None,
            sent_at=1,
            now=at[Kind.INCIDENTS],
        )
        await incidents.settle(tx, incident, Deletion.DONE, at[Kind.INCIDENTS])
        await access_log.record(tx, at[Kind.ACCESS], keeper, Role.OFFICER, Seen.PEOPLE, person_ids=[leaver])


async def put(tx: Tx, table: str, *, returning: str = "1", **values: object) -> int:
    """A row as it is; `returning` is what is wanted of it."""
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    insert = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING {returning}"  # noqa: S608  this test's names
    return int(await tx.value(prepare(insert), values))


async def an_album(tx: Tx, person_id: int, due_at: int) -> None:
    file_id = await attachments.add(tx, person_id=person_id, kind="photo", name="b", size=1, now=NOW)
    album = {"chat_id": CHAT, "media_group_id": str(due_at), "person_id": person_id, "due_at": due_at}
    album_id = await put(tx, "albums", returning="id", waited=True, words="", **album)
    states = {"in_form": False, "decided": True, "told": True}
    await put(tx, "album_items", album_id=album_id, message_id=1, attachment_id=file_id, **states)


async def an_event(tx: Tx, person_id: int, base_id: int, ended: int, expired: int) -> None:
    """Somebody with a number plate, and a browser at the door."""
    texts = {"kind": "supply", "title": "t", "place": "p", "questions": "[]", "files": "[]", "state": "over"}
    instants = {"starts_at": 1, "ends_at": ended, "register_until": 1, "created_at": 1}
    numbers = {"rev": 0, "sequence": 0, "organiser_id": person_id}
    event_id = await put(tx, "events", returning="id", asks_plate=True, **texts, **instants, **numbers)
    attendee = {
        "name": "n",
        "name_key": "n",
        "post": "p",
        "plate": "川A12345",
        "answers": "{}",
        "code": str(ended),
    }
    of = {"event_id": event_id, "base_id": base_id, "registered_by": person_id}
    await put(tx, "event_entries", standing="registered", entered_at=1, changed_at=1, **of, **attendee)
    desk = {"token_hash": str(expired), "event_id": event_id, "person_id": person_id, "expires_at": expired}
    await put(tx, "event_desks", **desk)


def _day(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).date().isoformat()


async def said(tx: Tx, at: int, person_id: int | None, text: str) -> None:
    row = Row(
        CHAT,
        Lane.INTERACTIVE,
        SendKind.REPLY,
        "sendMessage",
        json.dumps({"text": text}),
        SendState.SENDING,
        at,
        at,
        person_id=person_id,
    )
    [kept] = await outbox.insert(tx, [row])
    await outbox.settle(tx, [Result(kept.id, SendState.SENT, 1, 0, 5)], at)


async def draft_with(tx: Tx, person_id: int, files: list[int], *, expires_at: int) -> int:
    draft = await drafts.add(
        tx, "say", 1, person_id=person_id, base_id=None, subject_id=None, now=1, expires_at=expires_at
    )
    await drafts.save(tx, draft.with_answers({"files": files, "text": "w"}), 0)
    return draft.id


async def file(tx: Tx, keeping: Keeping, person_id: int, data: bytes) -> int:
    stored = await keeping.files.put(data)
    file_id = await attachments.add(tx, person_id=person_id, kind="document", name="a.pdf", size=1, now=2)
    await attachments.keep(tx, file_id, stored, name="a.pdf", media_type="application/pdf", now=2)
    return file_id


async def test_each_kind_goes_once_its_period_is_over_and_not_before(keeping: Keeping) -> None:
    async with keeping.database.tx() as tx:
        await bases.add(tx, BASE)
    await one_of_each(keeping, {kind: NOW - period(kind) - 1 - DAY_MS for kind in Kind})
    await one_of_each(keeping, dict.fromkeys(Kind, NOW))
    before = await everything(keeping)

    planned = await applied(keeping, dry_run=True)
    assert await everything(keeping) == before
    # an old text is of all that was said, so it is emptied with whatever else was said as long ago
    assert planned == EACH | {Kind.TEXTS.value: 3, MADE_FILES: 0}
    assert await applied(keeping) == planned
    assert set((await applied(keeping)).values()) == {0}

    after = await everything(keeping)
    for table in ("updates", "guesses", "invitations", "absences", "corrections", "incidents", "access_log"):
        assert len(after[table]) == len(before[table]) - 1, table
    assert sorted(row["name"] for row in after["persons"]) == [
        "周明远", "周明远", "林知行", "联络员（已离任）",
    ]  # fmt: skip
    assert [row["phone"] for row in after["persons"] if row["name"] == "联络员（已离任）"] == [None]


async def test_a_file_of_a_form_given_up_goes_with_its_content_unless_a_record_names_it(
    keeping: Keeping,
) -> None:
    async with keeping.database.tx() as tx:
        base_id = await bases.add(tx, BASE)
        person_id = await people.add(tx, "林知行", 1)
        alone, named, filed, shared = [
            await file(tx, keeping, person_id, data) for data in (b"alone", b"named", b"filed", b"shared")
        ]
        twin = await file(tx, keeping, person_id, b"shared")
        made = await handovers.propose(
            tx,
            base_id=base_id,
            role=Role.LIAISON,
            leaver_id=None,
            successor_id=None,
            successor_name="n",
            successor_tel=None,
            proposed_by=None,
            now=1,
        )
        assert made is not None
        await tx.touch(prepare("UPDATE handovers SET form_attachment_id = :id"), {"id": named})
        draft = await draft_with(tx, person_id, [alone, named, filed, shared], expires_at=NOW * 2)
        await drafts.give_up(tx, draft, 1)
        await tx.touch(
            prepare("UPDATE attachments SET request_id = NULL, left_at = NULL WHERE id = :id"), {"id": filed}
        )
    assert (await applied(keeping))[Kind.LEFT_FILES] == 2
    async with keeping.database.tx() as tx:
        kept = {one.id for one in await attachments.list_by(tx, [alone, named, filed, shared, twin])}
    assert kept == {named, filed, twin}
    there = {one.name for one in keeping.files.root.glob("??/*")}
    assert len(there) == 3  # of the four contents only b"alone"


async def test_an_erasure_that_was_given_up_is_taken_up_again(keeping: Keeping) -> None:
    async with keeping.database.tx() as tx:
        person = await people.get(tx, await people.add(tx, "林知行", 1, phone="+8610000000101"))
        erasure_id = await privacy.begin(tx, person, Reason.ASKED, "联络员（已离任）", NOW - 2 * DAY_MS)
    await applied(keeping)
    async with keeping.database.tx() as tx:
        [job] = await jobs.claim(tx, NOW, NOW, 9)
    assert (job.kind, job.args) == ("erase_person", {"erasure_id": erasure_id})


async def test_the_access_log_takes_no_change_and_gives_up_no_young_line(database: Database) -> None:
    async with database.tx() as tx:
        person_id = await people.add(tx, "林知行", 1)
        for at in (NOW - 4 * 365 * DAY_MS, NOW - DAY_MS, NOW):
            await access_log.record(tx, at, person_id, Role.OFFICER, Seen.PEOPLE, person_ids=[person_id])
    for statement in (
        "UPDATE access_log SET what = 'file'",
        "DELETE FROM access_log WHERE id = 2",
        "DELETE FROM access_log",
    ):
        with pytest.raises(Exception, match="append-only"):
            async with database.tx() as tx:
                await tx.touch(prepare(statement), {})
    async with database.tx() as tx:
        assert await tx.touch(prepare("DELETE FROM access_log WHERE id = 1"), {}) == 1


def test_the_command_says_a_line_a_kind(tmp_path: Path) -> None:
    lianluo("migrate", cwd=tmp_path)
    for arguments in (("retention", "--dry-run"), ("retention",)):
        done = lianluo(*arguments, cwd=tmp_path)
        assert done.returncode == 0
        assert done.stdout.splitlines() == [f"{kind.value}: 0" for kind in (one.kind for one in PERIODS)] + [
            f"{MADE_FILES}: 0"
        ]


def test_every_kind_has_one_period() -> None:
    assert sorted(one.kind for one in PERIODS) == sorted(Kind)
