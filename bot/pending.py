"""The invitations of everybody on record who is not enrolled: a workbook to hand out."""

import errno
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.invitations import DAY_MS, link
from bot.roster import Progress, unheard
from domain import numbers
from domain.notices import Subject
from domain.people import INVITATION_DAYS
from messages import Catalog
from storage import audit, people
from storage.engine import Database
from storage.people import Holder

if TYPE_CHECKING:
    from openpyxl import Workbook

_HEADINGS = {"单位": 36, "姓名": 18, "角色": 24, "手机": 16, "链接": 56, "二维码": 20, "有效期至": 14}
_QR_COLUMN = "F"
_QR_SCALE = 3  # pixels a module: a phone reads it from paper
_ROW_POINTS = 100


@dataclass(frozen=True, slots=True)
class Invited:
    """A row: a person in their first role, all their roles by name, and the code."""

    holder: Holder
    unit: str
    roles: str
    code: str


@contextmanager
def reserved(file: Path, *, force: bool) -> Iterator[Path]:
    """A file beside it, for its owner only, that takes its place when the block has ended well.

    Raises FileExistsError for one that is there, unless `force`. The name is taken at once, so that nothing
    is overwritten that came meanwhile.
    """
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not force:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        os.close(descriptor)
        beside = Path(name)
        try:
            yield beside
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except BaseException:
        if not force:
            file.unlink()
        raise


async def invite(
    database: Database, sheet: "Sheet", file: Path, now: int, progress: Progress = unheard
) -> int:
    """Write everybody's new invitation, then make the codes valid; how many there are.

    The codes are nowhere but in the file: they are kept once it is on the disk.
    """
    async with database.read() as tx:
        invited = sheet.rows(await people.pending(tx))
    expires_at = now + INVITATION_DAYS * DAY_MS
    sheet.write(invited, file, expires_at, progress)
    async with database.tx() as tx:
        codes = [(row.code, row.holder) for row in invited]
        given = await people.invite_all(tx, codes, now=now, expires_at=expires_at)
        for person_id, membership in given:
            subject = Subject("person", person_id)
            base_id = membership.base_id
            await audit.record(tx, now, None, "invited", subject, role=membership.role, base=base_id)
    return len(given)


@dataclass(frozen=True, slots=True)
class Sheet:
    """How invitations are written: the bot's name for the links, words, the zone of dates."""

    username: str
    catalog: Catalog
    zone: ZoneInfo

    def rows(self, pending: list[tuple[Holder, str | None]]) -> list[Invited]:
        """One a person, whatever they hold."""
        held: dict[int, list[tuple[Holder, str | None]]] = {}
        for holder, base in pending:
            held.setdefault(holder.person.id, []).append((holder, base))
        return [self._row(roles) for roles in held.values()]

    def _row(self, held: list[tuple[Holder, str | None]]) -> Invited:
        roles = dict.fromkeys(self.catalog.label(f"role_{h.membership.role}", None) for h, _ in held)
        units = dict.fromkeys(base for _, base in held if base)
        return Invited(held[0][0], "、".join(units), "、".join(roles), people.new_code())

    def write(
        self, invited: list[Invited], file: Path, expires_at: int, progress: Progress = unheard
    ) -> None:
        """Put the workbook on the disk; a picture takes some 5 ms."""
        from openpyxl import Workbook

        book = Workbook()
        book.active.append(list(_HEADINGS))
        book.active.freeze_panes = "A2"
        for place, width in enumerate(_HEADINGS.values()):
            book.active.column_dimensions["ABCDEFG"[place]].width = width
        until = datetime.fromtimestamp(expires_at / 1000, self.zone).date()
        for done, row in enumerate(invited):
            progress(done, len(invited))
            self._add(book, done + 2, row, until.isoformat())
        with file.open("wb") as out:
            book.save(out)
            out.flush()
            os.fsync(out.fileno())

    def _add(self, book: "Workbook", number: int, row: Invited, until: str) -> None:
        from openpyxl.styles import Alignment

        person = row.holder.person
        phone = numbers.mask_phone(person.phone) if person.phone else ""
        address = link(self.username, row.code)
        for column, text in enumerate((row.unit, person.name, row.roles, phone, address, "", until), start=1):
            cell = book.active.cell(number, column, _plain(text))
            cell.data_type = "s"  # a name that begins with = is no formula
            cell.alignment = Alignment(vertical="center", wrap_text=True)
        book.active.row_dimensions[number].height = _ROW_POINTS
        book.active.add_image(_qr(address), f"{_QR_COLUMN}{number}")


def _qr(address: str) -> object:
    import segno
    from openpyxl.drawing.image import Image

    picture = io.BytesIO()
    segno.make_qr(address, error="m").save(picture, kind="png", scale=_QR_SCALE)
    return Image(picture)


def _plain(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
