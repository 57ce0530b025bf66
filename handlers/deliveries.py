"""How the sending of an announcement goes: one live message for the drafter and the signer, and decisions.

A watch is a job. It draws what has changed and, while sends are open, plans the next look: at most one edit
of a message in PACE_MS, and none is forgotten when the process dies.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain import announcements as rules
from domain.access import Action, may
from domain.announcements import Announcement, Delivery
from domain.errors import Forbidden
from domain.notices import Kind, Offer, Rows, SendState
from domain.people import Person
from handlers import keyboards, letters
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.routes import press
from storage import announcements, fallback, outbox, people, reachability
from storage.announcements import Panel
from storage.engine import Tx, durably
from storage.outbox import Row
from storage.reachability import Delivered

PACE_MS = 3000
HEADWAY_MS = 1000
"""A look is planned so far ahead that whoever plans it has committed by then."""
NAMES_SHOWN = 20
DECIDED_SINGLY = 10
RECEIPTS_SHOWN = 3


# --- beginning, looking again -----------------------------------------------------------------------------


async def begin(ctx: Ctx, announcement: Announcement) -> None:
    """A live message for the drafter and for the signer."""
    watching = dict.fromkeys((announcement.drafter_id, announcement.signer_id or ctx.me.id))
    await announcements.open_panels(ctx.tx, announcement.id, list(watching))
    await _look_now(ctx, announcement.id)


async def follow(ctx: Ctx, announcement: Announcement) -> None:
    """The live message anew, for somebody who asks for it."""
    await announcements.open_panels(ctx.tx, announcement.id, [ctx.me.id])
    await announcements.save_panel(ctx.tx, Panel(announcement.id, ctx.me.id))
    await _look_now(ctx, announcement.id)


async def _look_now(ctx: Ctx, announcement_id: int) -> None:
    await announcements.watch(ctx.tx, announcement_id, ctx.now, ctx.now)
    ctx.job_added = True


async def look_again(ctx: Ctx, announcement_id: int) -> None:
    await announcements.watch(ctx.tx, announcement_id, next_look(ctx.now), ctx.now)


def next_look(now: int) -> int:
    """The looks are at whole multiples of the pace: whoever plans one, plans the same."""
    return ((now + HEADWAY_MS) // PACE_MS + 1) * PACE_MS


# --- drawing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What the live message tells."""

    announcement: Announcement
    deliveries: Sequence[Delivery]
    received: int
    by_base: Sequence[Delivered]
    otherwise: Sequence[int]
    by_phone: int

    @property
    def open(self) -> int:
        return sum(one.open for one in self.deliveries)

    @property
    def blocked(self) -> list[Delivery]:
        return [one for one in self.deliveries if one.blocked]

    @property
    def failed(self) -> list[Delivery]:
        return [one for one in self.deliveries if one.failed]

    @property
    def uncertain(self) -> list[Delivery]:
        return [one for one in self.deliveries if one.uncertain]

    @property
    def missing(self) -> list[str]:
        """The bases of which nobody has it and nothing is on its way."""
        return [one.base for one in self.by_base if not one.sent and not one.open]

    def facts(self) -> dict[str, object]:
        return {
            "bases_sent": sum(one.sent for one in self.by_base),
            "missing": {"n": len(self.missing), "names": self.missing[:NAMES_SHOWN]},
            "otherwise": sum(not one.sent and one.base_id in self.otherwise for one in self.by_base),
            "title": self.announcement.title,
            "total": len(self.deliveries),
            "sent": sum(one.state is SendState.SENT for one in self.deliveries),
            "open": self.open,
            **{
                key: {"n": len(found), "names": [one.name for one in found[:NAMES_SHOWN]]}
                for key, found in (
                    ("failed", self.failed),
                    ("blocked", self.blocked),
                    ("uncertain", self.uncertain),
                )
            },
            "received": self.received,
            "bases": len(self.by_base),
            "by_phone": self.by_phone,
        }


async def watch(services: Services, announcement_id: int) -> None:
    """Draw what has changed; while anything is open, plan the next look."""
    rows = await durably(services.database, lambda tx: _watch(services, tx, announcement_id))
    services.sender.send_now(rows)


async def _watch(services: Services, tx: Tx, announcement_id: int) -> list[Row]:
    announcement = await announcements.lock(tx, announcement_id)
    if announcement is None:
        return []
    standing = await _standing(tx, announcement)
    drawn: list[Row] = []
    again = standing.open > 0
    for panel in await announcements.lock_panels(tx, announcement_id):
        row, later = await _draw(services, tx, panel, standing)
        drawn += row
        again = again or later
    if again:
        now = services.clock.now()
        await announcements.watch(tx, announcement_id, next_look(now), now)
    return drawn


async def _standing(tx: Tx, announcement: Announcement) -> Standing:
    return Standing(
        announcement,
        await announcements.deliveries(tx, announcement.id),
        len(await announcements.receipts(tx, announcement.id)),
        await reachability.delivered(tx, announcement.id),
        await fallback.bases_sent(tx, announcement.subject),
        await announcements.count_by_phone(tx, announcement.id),
    )


async def _draw(services: Services, tx: Tx, panel: Panel, standing: Standing) -> tuple[list[Row], bool]:
    """The row that brings one live message up to date, and whether it has to wait for a later look."""
    person = await people.get(tx, panel.person_id)
    actor = await people.actor(tx, person)
    if person.telegram_id is None or not may(actor, Action.ANNOUNCE):
        return [], False
    now = services.clock.now()
    offers = _offers(services, standing, person) if rules.minds(actor, standing.announcement) else ()
    payload = _payload(services, standing, person, offers)
    shown = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    if panel.message_row is None:
        [row] = await outbox.insert(
            tx, [letters.row("sendMessage", payload, now, chat_id=person.telegram_id, person_id=person.id)]
        )
        await announcements.save_panel(tx, replace(panel, message_row=row.id, shown=shown, drawn_at=now))
        return [row], False
    if shown == panel.shown:
        return [], False
    if now - (panel.drawn_at or 0) < PACE_MS or await _in_hand(tx, panel):
        return [], True
    return await _edit(tx, await _made_again(tx, panel), payload, shown, now), False


def _payload(services: Services, standing: Standing, person: Person, offers: Rows) -> letters.Payload:
    locale = person.locale or services.locale
    text = services.catalog.render("announcements/panel", locale, standing.facts())
    markup = keyboards.inline(offers, services.catalog, locale)
    return letters.message(person.telegram_id or 0, text, markup)


async def _in_hand(tx: Tx, panel: Panel) -> bool:
    """Whether the last of it is still on its way."""
    last = await outbox.get(tx, panel.edit_row or panel.message_row or 0)
    return last is not None and last.state in (SendState.QUEUED, SendState.SENDING)


async def _made_again(tx: Tx, panel: Panel) -> Panel:
    """An edit whose message was gone has become a message: from then on that one is edited."""
    last = await outbox.get(tx, panel.edit_row) if panel.edit_row else None
    if last is not None and last.method == "sendMessage":
        return replace(panel, message_row=last.id, edit_row=None)
    return panel


async def _edit(tx: Tx, panel: Panel, payload: letters.Payload, shown: str, now: int) -> list[Row]:
    """None where the message never arrived: an edit of it would be a new one each time."""
    message = await outbox.get(tx, panel.message_row or 0)
    if message is None or message.message_id is None:
        return []
    row = letters.row(
        "editMessageText",
        payload,
        now,
        chat_id=message.chat_id,
        kind=Kind.EDIT,
        person_id=panel.person_id,
    )
    [row] = await outbox.insert(tx, [replace(row, target=message.id)])
    await announcements.save_panel(tx, replace(panel, edit_row=row.id, shown=shown, drawn_at=now))
    return [row]


def _offers(services: Services, standing: Standing, person: Person) -> Rows:
    """Retry what was refused; decide what is uncertain, one by one or all."""
    announcement_id = standing.announcement.id
    rows: list[tuple[Offer, ...]] = []
    if standing.failed:
        rows.append((Offer("retry", announcement_id, rules.mark(standing.failed)),))
    rows += [
        tuple(_single(services, op, one, person) for op in ("resend", "delivered"))
        for one in standing.uncertain[:DECIDED_SINGLY]
    ]
    if standing.uncertain:
        seen = rules.mark(standing.uncertain)
        rows.append(tuple(Offer(op, announcement_id, seen) for op in ("resend_all", "delivered_all")))
    return tuple(rows)


def _single(services: Services, op: str, one: Delivery, person: Person) -> Offer:
    word = services.catalog.label(op, person.locale or services.locale)
    return Offer(op, one.row_id, one.doubts, text=f"{word} {one.name}")


# --- decisions --------------------------------------------------------------------------------------------


@press("retry", Action.ANNOUNCE)
async def retry(ctx: Ctx, pressed: Press) -> None:
    """Those whom Telegram refused, and only those: not who has blocked the bot, not the uncertain."""
    standing = await _minded(ctx, pressed.id)
    if rules.mark(standing.failed) == pressed.rev:
        await _send_again(ctx, standing, standing.failed)
    else:
        await _outdated(ctx, standing)


@press("resend", Action.ANNOUNCE)
async def resend(ctx: Ctx, pressed: Press) -> None:
    await _decide_one(ctx, pressed, again=True)


@press("delivered", Action.ANNOUNCE)
async def delivered(ctx: Ctx, pressed: Press) -> None:
    await _decide_one(ctx, pressed, again=False)


@press("resend_all", Action.ANNOUNCE)
async def resend_all(ctx: Ctx, pressed: Press) -> None:
    await _decide_all(ctx, pressed, again=True)


@press("delivered_all", Action.ANNOUNCE)
async def delivered_all(ctx: Ctx, pressed: Press) -> None:
    await _decide_all(ctx, pressed, again=False)


async def _decide_one(ctx: Ctx, pressed: Press, *, again: bool) -> None:
    standing = await _minded(ctx, await announcements.of_delivery(ctx.tx, pressed.id) or 0)
    found = [d for d in standing.uncertain if (d.row_id, d.doubts) == (pressed.id, pressed.rev)]
    await _decide(ctx, standing, found, again=again)


async def _decide_all(ctx: Ctx, pressed: Press, *, again: bool) -> None:
    standing = await _minded(ctx, pressed.id)
    found = standing.uncertain if rules.mark(standing.uncertain) == pressed.rev else []
    await _decide(ctx, standing, found, again=again)


async def _decide(ctx: Ctx, standing: Standing, found: Sequence[Delivery], *, again: bool) -> None:
    """I3: what may have arrived is sent again, or taken as sent, only by a person's decision."""
    if not found:
        await _outdated(ctx, standing)
    elif again:
        await _send_again(ctx, standing, found)
    else:
        n = await announcements.take_as_delivered(ctx.tx, [one.row_id for one in found])
        await _decided(ctx, standing, "announcement_taken_as_delivered", {"n": n})


async def _send_again(ctx: Ctx, standing: Standing, found: Sequence[Delivery]) -> None:
    queued = await outbox.requeue(ctx.tx, [one.row_id for one in found], ctx.now)
    await _decided(ctx, standing, "announcement_sent_again", {"n": len(queued)})


async def _decided(ctx: Ctx, standing: Standing, what: str, facts: Mapping[str, int]) -> None:
    await ctx.record(what, standing.announcement.subject, **facts)
    ctx.toast("announcements/decided", facts)
    await look_again(ctx, standing.announcement.id)


async def _outdated(ctx: Ctx, standing: Standing) -> None:
    ctx.toast("errors/stale")
    await look_again(ctx, standing.announcement.id)


async def _minded(ctx: Ctx, announcement_id: int) -> Standing:
    """Locked: two who decide at once do so one after the other. Raises Forbidden."""
    announcement = await announcements.lock(ctx.tx, announcement_id)
    if announcement is None or not rules.minds(ctx.require(Action.ANNOUNCE), announcement):
        raise Forbidden
    return await _standing(ctx.tx, announcement)
