"""What the gate blocked: it is deleted from the chat, registered, and told to two people only (Article 9).

Whoever sent it hears what to do now; the centre's 保密办 hears of it; which words they were, nobody hears.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from telegram import Bot, Message
from telegram.error import BadRequest, Forbidden

from domain.access import Action
from domain.confidential.findings import Finding
from domain.incidents import Carrier, Deletion, Incident, marks
from domain.notices import Kind, Notice, Offer, Subject, To
from domain.people import Role
from handlers import letters
from handlers.admit import Bearing, bearing_in
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.keyboards import BACK
from handlers.routes import command, press
from storage import audit, bases, incidents, jobs, outbox, people, settings
from storage.engine import Tx

log = logging.getLogger(__name__)

SETTLE, DELETE = "settle_incident", "delete_marked"
"""The kinds of jobs."""
LISTED = 20
PATIENCE_MS = 60 * 60 * 1000
"""So long Telegram is asked to delete a message, while it is away or wants us to wait."""
PAUSE_MS = 60 * 1000


async def stops(ctx: Ctx) -> bool:
    """Whether what somebody has written or sent bears a mark: then it is dealt with here, whoever it is from
    and whatever it was to be, a command with words behind it too.
    """
    update = ctx.update
    sent = update.message or update.edited_message
    if sent is None:
        return False
    bearing = bearing_in(sent.text or sent.caption or "", _file_name(sent), ctx.today)
    if bearing is None:
        return False
    if ctx.actor is not None:
        await block_message(ctx, sent, bearing)
        return True
    await ctx.start_job(DELETE, chat_id=sent.chat.id, message_id=sent.message_id)
    ctx.say("gate/blocked_stranger", {"secrecy_tel": (await ctx.centre()).secrecy_tel})
    return True


def _file_name(sent: Message) -> str:
    named = sent.document or sent.video or sent.audio
    return (named.file_name if named else None) or ""


async def block_message(ctx: Ctx, sent: Message, bearing: Bearing) -> None:
    """Register a message whose words, or whose file's name, bear a mark. They go nowhere else."""
    incident_id = await register(
        ctx.tx,
        person_id=ctx.me.id,
        attachment_id=None,
        carrier=Carrier.FILE if bearing.of_name else Carrier.TEXT,
        findings=bearing.marks,
        sha256=hashlib.sha256(bearing.words.encode()).hexdigest(),
        stood=(sent.chat.id, sent.message_id),
        sent_at=ctx.now,
        today=ctx.today,
        now=ctx.now,
    )
    await ctx.start_job(SETTLE, incident_id=incident_id)


async def register(
    tx: Tx,
    *,
    person_id: int,
    attachment_id: int | None,
    carrier: Carrier,
    findings: Iterable[Finding],
    sha256: str,
    stood: tuple[int | None, int | None],
    sent_at: int,
    today: date,
    now: int,
) -> int:
    """Write an incident down; the job SETTLE has to be started in the same transaction.

    `stood`: the chat and the message, or two None where there is none.
    """
    incident_id = await incidents.add(
        tx,
        year=today.year,
        person_id=person_id,
        attachment_id=attachment_id,
        kind=carrier,
        found=marks(findings),
        sha256=sha256,
        chat_id=stood[0],
        message_id=stood[1],
        sent_at=sent_at,
        now=now,
    )
    await audit.record(tx, now, person_id, "incident", Subject("incident", incident_id))
    return incident_id


async def settle(services: Services, bot: Bot, incident_id: int) -> None:
    """The job: delete the message, then tell. Raises TelegramError to be tried again."""
    async with services.database.read() as tx:
        incident = await incidents.get(tx, incident_id)
    if incident is None or incident.settled_at is not None:
        return
    # the update that brought it is emptied by now: it leaves the database's log too
    await services.database.checkpoint()
    await _conclude(services, incident, await _delete(bot, incident.chat_id, incident.message_id))


async def delete(services: Services, bot: Bot, chat_id: int, message_id: int) -> None:
    """The job: the same for somebody who is nobody here, of whom nothing is registered."""
    await services.database.checkpoint()
    await _delete(bot, chat_id, message_id)


async def give_up(services: Services, incident_id: int) -> None:
    """The job's last word: Telegram could not be asked. It is begun anew; after an hour it is told that the
    message was not deleted.
    """
    async with services.database.read() as tx:
        incident = await incidents.get(tx, incident_id)
    if incident is None or incident.settled_at is not None:
        return
    now = services.clock.now()
    if now - incident.recorded_at > PATIENCE_MS:
        await _conclude(services, incident, Deletion.FAILED)
        return
    async with services.database.tx() as tx:
        await jobs.add(tx, SETTLE, {"incident_id": incident_id}, now + PAUSE_MS)


async def _delete(bot: Bot, chat_id: int | None, message_id: int | None) -> Deletion:
    """Deleting twice changes nothing, so that a process which died in between may ask again."""
    if chat_id is None or message_id is None:
        return Deletion.NONE
    try:
        await bot.delete_message(chat_id, message_id)
    except BadRequest as refusal:
        return Deletion.DONE if "not found" in refusal.message.lower() else Deletion.FAILED
    except Forbidden:
        return Deletion.FAILED
    return Deletion.DONE


async def _conclude(services: Services, incident: Incident, deletion: Deletion) -> None:
    now = services.clock.now()
    async with services.database.tx() as tx:
        if not await incidents.settle(tx, incident.id, deletion, now):
            return
        notices = [await _to_sender(tx, incident, deletion), await _to_secrecy(tx, incident, deletion)]
        letter = await letters.addressed(tx, services.catalog, services.locale, notices, now)
        rows = await outbox.insert(tx, letter)
    log.warning("%s: blocked by the gate, deletion %s", incident.number, deletion)
    services.sender.send_now(rows)


async def _to_sender(tx: Tx, incident: Incident, deletion: Deletion) -> Notice:
    return Notice(
        To(person_id=incident.person_id),
        "gate/blocked",
        await told(tx, replace(incident, deletion=deletion)),
        offers=((Offer("incident_seen", incident.id),),),
        kind=Kind.RECEIPT,
        subject=Subject("incident", incident.id),
    )


async def told(tx: Tx, incident: Incident) -> dict[str, object]:
    """What whoever sent it is told (gate/blocked): neither the file's name nor a word of it."""
    return {
        "sent_at": incident.sent_at,
        "carrier": incident.kind,
        "place": incident.found[0].place if incident.found else None,
        "deletion": incident.deletion,
        "secrecy_tel": (await settings.centre(tx)).secrecy_tel,
        "number": incident.number,
    }


async def _to_secrecy(tx: Tx, incident: Incident, deletion: Deletion) -> Notice:
    """To the centre's 保密办; where nobody has that office yet, to the admins, who can name somebody."""
    sender = await people.get(tx, incident.person_id)
    actor = await people.actor(tx, sender)
    held = await people.recipients(tx, To(roles=frozenset({Role.SECRECY})))
    return Notice(
        To(roles=frozenset({Role.SECRECY if held else Role.ADMIN})),
        "gate/reported",
        {
            "number": incident.number,
            "sent_at": incident.sent_at,
            "carrier": incident.kind,
            "found": [{"rule": one.rule, "place": one.place} for one in incident.found[:5]],
            "deletion": deletion,
            "name": sender.name,
            "bases": [(await bases.get(tx, base_id)).name for base_id in actor.bases],
            "unnamed": not held,
        },
        kind=Kind.RECEIPT,
        subject=Subject("incident", incident.id),
    )


@press("incident_seen", Action.MENU)
async def seen(ctx: Ctx, pressed: Press) -> None:
    """我已知悉，将电话联系本单位保密办."""
    if await incidents.acknowledge(ctx.tx, pressed.id, ctx.me.id, ctx.now):
        await ctx.record("incident_seen", Subject("incident", pressed.id))
    ctx.toast("gate/seen")
    ctx.still()


@command("incidents", Action.INCIDENTS)
async def listed(ctx: Ctx) -> None:
    rows = [
        {
            "number": one.number,
            "sent_at": one.sent_at,
            "name": (await people.get(ctx.tx, one.person_id)).name,
            "carrier": one.kind,
            "deletion": one.deletion,
            "seen": one.acknowledged_at is not None,
        }
        for one in await incidents.newest(ctx.tx, LISTED)
    ]
    ctx.show("gate/register", {"rows": rows}, BACK)
