"""One update, one transaction: effects, notices, reply and the `done` mark commit together (I2)."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass

from telegram import Update
from telegram.constants import ChatType

from domain import people as people_rules
from domain.access import Action
from domain.errors import Forbidden, Refused, Stale
from handlers import incidents, privacy_consent
from handlers.context import Ctx, Services
from handlers.routes import Route, Serve
from storage import outbox, people, updates
from storage.engine import Tx

Handle = Callable[[Ctx], Awaitable[None]]
Redraw = Callable[[Ctx, int], Awaitable[None]]

REDRAWS: dict[str, Redraw] = {}


def redraws(kind: str) -> Callable[[Redraw], Redraw]:
    """Shows a subject of this kind as it is now, after a press on an old page."""

    def register_redraw(redraw: Redraw) -> Redraw:
        REDRAWS[kind] = redraw
        return redraw

    return register_redraw


@dataclass(slots=True)
class Inbound:
    """The update in hand: `alone` after a shared COMMIT failed; what came of it."""

    entry: updates.Entry
    alone: bool = False
    served: bool = False
    error: Exception | None = None


INBOUND: ContextVar[Inbound] = ContextVar("inbound")


def server(services: Services) -> Serve:
    """The function that every route is served by.

    An error is kept in the Inbound: PTB's process_update would swallow it.
    """

    async def serve(route: Route, update: Update) -> None:
        inbound = INBOUND.get()
        inbound.served = True
        try:
            await _serve(services, inbound, route, update)
        except Exception as error:  # noqa: BLE001  whatever it is, the worker records it
            inbound.error = error

    return serve


async def _serve(services: Services, inbound: Inbound, route: Route, update: Update) -> None:
    async def admitted(ctx: Ctx) -> None:
        if route.private and not _is_private(update):
            if route.addressed:
                raise Refused("errors/private_only")
            return
        if await incidents.stops(ctx):
            return
        if route.action is not Action.OPEN:
            ctx.require(route.action)
        if await privacy_consent.holds_up(ctx, route.action):
            return
        await route.handle(ctx)
        if route.action is not Action.OPEN:
            await privacy_consent.remind(ctx)

    try:
        await transact(services, inbound, update, admitted)
    except Refused as refusal:
        await transact(services, inbound, update, _telling(refusal))


async def transact(services: Services, inbound: Inbound, update: Update, handle: Handle) -> None:
    """Run a handler in the update's transaction and, once that is durable, send what it said."""
    async with services.database.tx(alone=inbound.alone) as tx:
        if not await updates.finish(tx, inbound.entry.id, services.clock.now()):
            return  # a COMMIT that was thought lost had happened
        ctx = await _context(services, tx, update)
        await handle(ctx)
        ctx.answer_press()
        rows = await outbox.insert(tx, ctx.rows)
    services.sender.send_now(rows)
    if ctx.job_added:
        services.jobs.wake()


async def fail(
    services: Services, entry: updates.Entry, update: Update | None, reference: str, error: str
) -> None:
    """Set an update aside, and tell the person the number under which it is found in the log."""

    async with services.database.tx() as tx:
        rows = []
        if update is not None and (update.effective_chat or update.effective_user):
            ctx = await _context(services, tx, update)
            ctx.say("errors/failed", {"reference": reference})
            ctx.answer_press()
            rows = await outbox.insert(tx, ctx.rows)
        now = services.clock.now()
        await updates.settle(tx, entry.id, updates.State.FAILED, now, reference=reference, error=error)
    services.sender.send_now(rows)


async def _context(services: Services, tx: Tx, update: Update) -> Ctx:
    user = update.effective_user
    version = people_rules.CONSENT_VERSION
    known = await people.known_by_telegram(tx, user.id, version) if user else None
    person, actor = (known.person, known.actor) if known else (None, None)
    return Ctx(
        services=services,
        tx=tx,
        update=update,
        now=services.clock.now(),
        person=person,
        actor=actor if actor and actor.memberships else None,
        locale=_locale(person.locale if person else None, user.language_code if user else None, services),
        consent_due=known is not None and known.consent_due,
    )


def _locale(chosen: str | None, telegram: str | None, services: Services) -> str:
    if chosen:
        return chosen
    return "en" if telegram and telegram.startswith("en") else services.locale


def _telling(refusal: Refused) -> Handle:
    async def tell(ctx: Ctx) -> None:
        if ctx.actor is None and isinstance(refusal, Forbidden):
            await REDRAWS["stranger"](ctx, 0)
        elif ctx.update.callback_query is None:
            ctx.say(refusal.template, refusal.facts)
        else:
            ctx.toast(refusal.template, refusal.facts)
        if isinstance(refusal, Stale):
            await REDRAWS[refusal.kind](ctx, refusal.subject_id)

    return tell


def _is_private(update: Update) -> bool:
    chat = update.effective_chat
    return chat is None or chat.type == ChatType.PRIVATE
