"""What becomes of files that come over the upload page, and who may fetch one over its twin (Article 9)."""

import html
import re
from dataclasses import dataclass, replace

from telegram import Update

from domain.access import Action, may
from domain.confidential.verdict import asking
from domain.download_links import DownloadLink
from domain.forms import COLLECTING, Draft
from domain.notices import SendState, Subject
from domain.upload_links import Link, Upload, Verdict, VerdictState
from domain.uploads import Attachment, State
from handlers import findings, forms, incidents, letters, uploads
from handlers.context import Ctx, Services
from storage import attachments, audit, drafts, jobs, outbox, people
from storage import incidents as register
from storage.engine import Tx

FOR_DRAFT = "draft."
"""A link's purpose: this and the key of the step that the files answer; its subject is the draft."""

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
        return await self._draft(tx, link) is not None

    async def completed(self, tx: Tx, link: Link, upload: Upload) -> int:
        now = self.services.clock.now()
        attachment_id = await attachments.add(
            tx,
            person_id=link.person_id,
            kind="upload",
            name=upload.name,
            size=upload.size,
            upload_id=upload.id,
            now=now,
        )
        await jobs.add(tx, uploads.FETCH, {"attachment_id": attachment_id}, now)
        draft = await self._draft(tx, link)
        if draft is not None:
            grown = draft.with_answers(_with_file(draft, link.purpose.removeprefix(FOR_DRAFT), attachment_id))
            await drafts.save(tx, grown, draft.rev)
        return attachment_id

    async def finished(self, tx: Tx, link: Link) -> None:
        """The form goes on in the chat, with what it has got; the row waits for its claim."""
        person = await people.get(tx, link.person_id)
        services = self.services
        ctx = Ctx(
            services=services,
            tx=tx,
            update=Update(0),
            now=services.clock.now(),
            person=person,
            actor=await people.actor(tx, person),
            locale=person.locale or services.locale,
        )
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
        return self.services.catalog.label(f"upload_{attachment.state}", locale)

    def _plain(self, template: str, locale: str, facts: dict[str, object]) -> str:
        text = self.services.catalog.render(template, locale, letters.worded(facts, locale))
        return html.unescape(_TAG.sub("", text))

    async def _draft(self, tx: Tx, link: Link) -> Draft | None:
        """The draft that asks for files, while the person may still work on it."""
        draft = await drafts.lock(tx, link.subject_id) if link.purpose.startswith(FOR_DRAFT) else None
        route = forms.FORMS.get(draft.form.partition(":")[0]) if draft else None
        if draft is None or route is None or draft.is_expired(self.services.clock.now()):
            return None
        if draft.base_id is None and draft.person_id != link.person_id:
            return None
        actor = await people.actor(tx, await people.get(tx, link.person_id))
        return draft if may(actor, route.action, draft.base_id) else None


@dataclass(frozen=True, slots=True)
class Counter:
    """Who may have a file over the download page; each opening is logged."""

    services: Services

    async def allowed(self, tx: Tx, link: DownloadLink) -> bool:
        return may(await people.actor(tx, await people.get(tx, link.person_id)), Action.FILE_OPEN)

    async def pressed(self, tx: Tx, link: DownloadLink) -> None:
        subject = Subject("download", link.id)
        await audit.record(tx, self.services.clock.now(), link.person_id, "file_opened", subject)


def _with_file(draft: Draft, step: str, attachment_id: int) -> dict[str, object]:
    """The answers with one more file: beside those being collected, or those of a step that is finished."""
    key = step if step in draft.answers else step + COLLECTING
    got = draft.answers.get(key)
    return {**draft.answers, key: [*(got if isinstance(got, list) else []), attachment_id]}
