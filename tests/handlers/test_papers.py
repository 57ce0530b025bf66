"""Files of our own making become rows of the outbox."""

import pytest

from bot.clock import SystemClock
from domain.attached import Attached, split
from domain.calendar import Calendar
from domain.notices import Kind, Lane, Offer, SendState, Subject
from domain.people import PhoneCheck
from handlers import papers
from handlers.context import Services
from handlers.papers import Paper
from messages.catalog import Catalog
from storage import outbox, people
from storage.engine import Database

SHA256 = "ab" * 32
RECEIPT = Attached(SHA256, "回执.docx", "application/msword")


class Deaf:
    """Neither sends nor works: what is looked at here are rows."""

    def send_now(self, rows: object) -> None: ...

    def wake(self) -> None: ...


@pytest.fixture
def services(database: Database) -> Services:
    clock, deaf = SystemClock(), Deaf()
    return Services(database, Catalog(now=clock.now), clock, Calendar("Asia/Shanghai"), deaf, deaf, "zh_CN")


@pytest.fixture
async def lin(database: Database) -> int:
    async with database.tx() as tx:
        person_id = await people.add(tx, "林知行", 1)
        await people.enrol(tx, person_id, telegram_id=77, phone="", check=PhoneCheck.NONE, locale="en", now=1)
    return person_id


def paper(media_type: str, *, caption: str | None = "errors/failed", offers: bool = True) -> Paper:
    return Paper(
        SHA256,
        "回执.docx",
        media_type,
        caption=caption,
        facts={"reference": "E-7K3M-Q2XH"},
        offers=((Offer("received", 3),),) if offers else (),
    )


async def test_a_file_goes_to_a_person_in_their_language(services: Services, lin: int) -> None:
    async with services.database.tx() as tx:
        row = await papers.send_file(
            services, tx, paper(RECEIPT.media_type), person_id=lin, subject=Subject("report", 4)
        )
    call, files = split(row.payload)
    assert (files, call["chat_id"], call["document"]) == ([RECEIPT], 77, RECEIPT.address)
    assert call["caption"] == services.catalog.render("errors/failed", "en", {"reference": "E-7K3M-Q2XH"})
    assert len(call["reply_markup"]["inline_keyboard"]) == 1
    assert (row.method, row.kind, row.state) == ("sendDocument", Kind.RECEIPT, SendState.SENDING)
    assert (row.person_id, row.subject_kind, row.subject_id) == (lin, "report", 4)


async def test_a_picture_goes_as_one_without_words_where_there_are_none(services: Services, lin: int) -> None:
    picture = paper("image/png", caption=None, offers=False)
    async with services.database.tx() as tx:
        row = await papers.send_file(services, tx, picture, person_id=lin, chat_id=-5)
    call, [file] = split(row.payload)
    assert call == {"chat_id": -5, "photo": file.address}
    assert (row.method, row.chat_id) == ("sendPhoto", -5)


async def test_what_goes_to_many_waits_for_its_claim(services: Services, lin: int) -> None:
    async with services.database.tx() as tx:
        row = await papers.send_file(
            services, tx, paper("text/calendar"), person_id=lin, kind=Kind.BROADCAST, lane=Lane.BULK
        )
    assert (row.lane, row.kind, row.state, row.sending_at) == (
        Lane.BULK,
        Kind.BROADCAST,
        SendState.QUEUED,
        None,
    )


async def test_a_picture_is_shown_in_place_of_another(services: Services, lin: int) -> None:
    async with services.database.tx() as tx:
        first = await papers.send_file(services, tx, paper("image/png"), person_id=lin)
        [shown] = await outbox.insert(tx, [first])
        row = await papers.show_instead(services, tx, paper("image/png"), shown)
    call, [file] = split(row.payload)
    assert (row.method, row.kind, row.target) == ("editMessageMedia", Kind.EDIT, shown.id)
    assert (call["media"]["type"], call["media"]["media"]) == ("photo", file.address)
    assert call["media"]["caption"] == split(shown.payload)[0]["caption"]
