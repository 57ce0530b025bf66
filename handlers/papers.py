"""Files of our own making on their way to people: a workbook, a letter, a picture, a date for the calendar.

A paper is made by a durable job, put into the file store, and only then named by a row: a content that
no row names is erased a day after it was put. So put it anew each time it is sent; that costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from domain.attached import Attached, taking_along
from domain.notices import Kind, Lane, Rows, Subject
from handlers import keyboards, letters
from handlers.context import Services
from storage import people
from storage.engine import Tx
from storage.outbox import Row

_PICTURES: Final = frozenset({"image/png", "image/jpeg"})
_METHODS: Final = {"photo": "sendPhoto", "document": "sendDocument"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored file as a message; a png or jpeg goes as a picture (at most 10 MB, others 50).

    `caption` names a template, which must fit Telegram's 1,024 characters.
    """

    sha256: str
    name: str
    media_type: str
    caption: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    offers: Rows = ()

    @property
    def kind(self) -> str:
        """As the Bot API calls it: the call's field."""
        return "photo" if self.media_type in _PICTURES else "document"

    @property
    def file(self) -> Attached:
        return Attached(self.sha256, self.name, self.media_type)


async def send_file(
    services: Services,
    tx: Tx,
    paper: Paper,
    *,
    person_id: int,
    chat_id: int | None = None,
    kind: Kind = Kind.RECEIPT,
    lane: Lane = Lane.INTERACTIVE,
    subject: Subject | None = None,
) -> Row:
    """The row that brings a paper to a person, in their language: to be inserted, and sent after the commit.

    `chat_id` is their own chat unless given.
    """
    person = await people.get(tx, person_id)
    locale = person.locale or services.locale
    to = chat_id or person.telegram_id or 0
    call = {"chat_id": to, paper.kind: paper.file.address, **_caption(services, paper, locale)}
    if paper.offers:
        call["reply_markup"] = keyboards.inline(paper.offers, services.catalog, locale)
    return letters.row(
        _METHODS[paper.kind],
        taking_along(call, paper.file),
        services.clock.now(),
        chat_id=to,
        kind=kind,
        lane=lane,
        person_id=person_id,
        subject=subject,
    )


async def show_instead(services: Services, tx: Tx, paper: Paper, shown: Row) -> Row:
    """The row that puts a paper in place of the one that `shown`, a stored row, has brought or will bring."""
    person = await people.get(tx, shown.person_id) if shown.person_id else None
    locale = (person.locale if person else None) or services.locale
    media = {"type": paper.kind, "media": paper.file.address, **_caption(services, paper, locale)}
    markup = keyboards.inline(paper.offers, services.catalog, locale)
    call = {"chat_id": shown.chat_id, "media": media, "reply_markup": markup}
    row = letters.row(
        "editMessageMedia",
        taking_along(call, paper.file),
        services.clock.now(),
        chat_id=shown.chat_id,
        kind=Kind.EDIT,
        lane=shown.lane,
        person_id=shown.person_id,
    )
    return replace(row, target=shown.id, subject_kind=shown.subject_kind, subject_id=shown.subject_id)


def _caption(services: Services, paper: Paper, locale: str) -> dict[str, Any]:
    if paper.caption is None:
        return {}
    text = services.catalog.render(paper.caption, locale, letters.worded(paper.facts, locale))
    return {"caption": text, "parse_mode": "HTML"}
