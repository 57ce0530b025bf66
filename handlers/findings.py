"""What the gate found in a file, as its sender and its reviewer see it: masked, with its place."""

from domain.confidential.verdict import asking, only_unread
from domain.notices import Kind, Notice, Offer, Rows, Subject, To
from domain.people import Actor
from domain.uploads import Attachment
from storage import people
from storage.engine import Tx

SHOWN = 8


async def asked(tx: Tx, attachment: Attachment) -> Notice:
    """To whoever sent it: what was found, and the two ways on."""
    sender = await people.actor(tx, await people.get(tx, attachment.person_id))
    return Notice(
        To(person_id=attachment.person_id),
        "gate/held",
        shown(attachment) | {"own": own(sender, attachment)},
        offers=ways(sender, attachment),
        kind=Kind.RECEIPT,
        subject=Subject("attachment", attachment.id),
    )


def clean(attachment: Attachment) -> Notice:
    """To whoever sent it: no mark was found, which is no clearance."""
    return Notice(
        To(person_id=attachment.person_id),
        "gate/clean",
        {"name": attachment.name},
        kind=Kind.RECEIPT,
        subject=Subject("attachment", attachment.id),
    )


def shown(attachment: Attachment) -> dict[str, object]:
    """The file and what was found in it, masked, as a page shows it."""
    found = asking(attachment.findings)
    return {
        "name": attachment.name,
        "findings": [{"rule": one.rule, "place": one.place, "excerpt": one.excerpt} for one in found[:SHOWN]],
        "more": max(len(found) - SHOWN, 0),
    }


def own(sender: Actor, attachment: Attachment) -> bool:
    """Whether whoever sent it may answer for it."""
    return sender.of_centre or only_unread(attachment.findings)


def ways(sender: Actor, attachment: Attachment) -> Rows:
    op = "held_own" if own(sender, attachment) else "held_ask"
    return ((Offer(op, attachment.id),), (Offer("held_drop", attachment.id),))
