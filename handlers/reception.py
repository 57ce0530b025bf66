"""What becomes of files that come over the upload page, and who may fetch one over its twin (Article 9)."""

import html
import re
from dataclasses import dataclass, replace

from domain.access import Action, may
from domain.confidential.verdict import asking
from domain.download_links import DownloadLink
from domain.notices import SendState, Subject
from domain.privacy import Seen
from domain.upload_links import Link, Upload, Verdict, VerdictState
from domain.uploads import Attachment, State
from handlers import downloads, export, findings, forms, incidents, letters, uploads
from handlers.context import Ctx, Services, on_behalf
from handlers.privacy_log import seen_by
from storage import attachments, audit, jobs, outbox, people
from storage import incidents as register
from storage.engine import Tx

_TAG = re.compile(r"<[^>]+>")
_STATES = {
    State.PENDING: VerdictState.EXAMINING,
    State.KEPT: VerdictState.CLEAN,
    State.HELD: VerdictState.HELD,
    State.BLOCKED: VerdictState.BLOCKED,
    State.REFUSED: VerdictState.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Reception:
    """The upload page's other side: files become answers of the draft that asked for them."""

    services: Services

    async def wanted(self, tx: Tx, link: Link) -> bool:
        return await forms.asks_for_files(await self._ctx(tx, link), *_asked(link))

    async def completed(self, tx: Tx, link: Link, upload: Upload) -> int:
        ctx = await self._ctx(tx, link)
        attachment_id = await attachments.add(
            tx,
            person_id=link.person_id,
            kind="upload",
            name=upload.name,
            size=upload.size,
            upload_id=upload.id,
            now=ctx.now,
        )
        await jobs.add(tx, uploads.FETCH, {"attachment_id": attachment_id}, ctx.now)
        await forms.add_file(ctx, *_asked(link), attachment_id)
        return attachment_id

    async def finished(self, tx: Tx, link: Link) -> None:
        """The form goes on in the chat, with what it has got; the rows wait for their claim."""
        ctx = await self._ctx(tx, link)
        await forms.redraw(ctx, link.subject_id)
        await outbox.insert(tx, [replace(row, state=SendState.QUEUED, sending_at=None) for row in ctx.rows])

    def wake(self) -> None:
        self.services.jobs.wake()
        self.services.sender.wake()

    async def verdict(self, tx: Tx, attachment_id: int, locale: str) -> Verdict:
        [attachment] = await attachments.list_by(tx, [attachment_id])
        return Verdict(_STATES[attachment.state], await self._said(tx, attachment, locale))

    async def _said(self, tx: Tx, attachment: Attachment, locale: str) -> str:
        """In the words of the chat."""
        incident = await register.of_attachment(tx, attachment.id)
        if incident is not None:
            return self._plain("gate/blocked", locale, await incidents.told(tx, incident))
        if attachment.state is State.HELD and asking(attachment.findings):
            sender = await people.actor(tx, await people.get(tx, attachment.person_id))
            facts = findings.shown(attachment) | {"own": findings.own(sender, attachment)}
            return self._plain("gate/held", locale, facts)
        if attachment.reason is not None:
            return self.services.catalog.label(f"declined_{attachment.reason}", locale)
        key = "refused_on_page" if attachment.state is State.REFUSED else f"upload_{attachment.state}"
        return self.services.catalog.label(key, locale)

    def _plain(self, template: str, locale: str, facts: dict[str, object]) -> str:
        text = self.services.catalog.render(template, locale, letters.worded(facts, locale))
        return html.unescape(_TAG.sub("", text))

    async def _ctx(self, tx: Tx, link: Link) -> Ctx:
        return await on_behalf(self.services, tx, link.person_id)


@dataclass(frozen=True, slots=True)
class Counter:
    """Who may have a file over the download page: asked anew at every request; each taking is logged."""

    services: Services

    async def allowed(self, tx: Tx, link: DownloadLink) -> bool:
        return await self._file(tx, link) is not None or await self._made(tx, link)

    async def pressed(self, tx: Tx, link: DownloadLink) -> None:
        file = await self._file(tx, link)
        subject = Subject("attachment", file.id) if file else Subject("download_link", link.id)
        now = self.services.clock.now()
        await audit.record(tx, now, link.person_id, "file_opened", subject)
        if file is not None:
            actor = await people.actor(tx, await people.get(tx, link.person_id))
            await seen_by(tx, actor, Seen.FILE, now, person_ids=[file.person_id])

    async def _made(self, tx: Tx, link: DownloadLink) -> bool:
        """A year or a paper that was made for the link's person: nobody sent it, so it is on no record."""
        actor = await people.actor(tx, await people.get(tx, link.person_id))
        action = Action.EXPORT if link.media_type == export.ZIP else Action.REPORT
        return may(actor, action) and not await attachments.list_of_content(tx, link.sha256)

    async def _file(self, tx: Tx, link: DownloadLink) -> Attachment | None:
        """What the link's person may see with the link's content; the link holds no more than its hash."""
        actor = await people.actor(tx, await people.get(tx, link.person_id))
        for attachment in await attachments.list_of_content(tx, link.sha256):
            if await downloads.may_open(tx, actor, attachment):
                return attachment
        return None


def _asked(link: Link) -> tuple[int, str]:
    """The draft that a link is for, and the key of its step."""
    return link.subject_id, link.purpose.removeprefix(forms.FOR_DRAFT)
