"""The menu and the standing pages: language, profile."""

from domain import requests as request_rules
from domain.access import Action, may
from domain.notices import Offer, Rows
from domain.people import CENTRE_ROLES
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.privacy import consents
from handlers.reach import lost
from handlers.routes import REGISTRY, command, membership, press
from storage import bases, people, requests

_LAYOUT: tuple[tuple[str, Action], ...] = (
    ("request", Action.REQUEST_FILE),
    ("requests", Action.REQUEST_FILE),
    ("desk", Action.DESK),
    ("bases", Action.BASES),
    ("report", Action.REPORT),
    ("reports", Action.REPORTS),
    ("outstanding", Action.REPORTS),
    ("export", Action.EXPORT),
    ("events", Action.EVENTS),
    ("event_new", Action.EVENT_KEEP),
    ("supply", Action.SUPPLY),
    ("cases", Action.CASES),
    ("announce", Action.ANNOUNCE),
    ("notices", Action.NOTICES),
    ("exchanges", Action.EXCHANGES),
    ("questions", Action.QUESTION_ASK),
    ("contacts", Action.CONTACTS),
    ("profile", Action.PROFILE),
    ("settings", Action.SETTINGS),
    ("incidents", Action.INCIDENTS),
    ("access", Action.ACCESS_LOG),
)
IN_ROW = 2


@command("menu", Action.OPEN)
@command("my", Action.MENU)
async def menu(ctx: Ctx) -> None:
    ctx.require(Action.MENU)
    await show_menu(ctx)


@press("home", Action.MENU)
async def home(ctx: Ctx, _: Press) -> None:
    await show_menu(ctx)


@press("go", Action.MENU)
async def go(ctx: Ctx, pressed: Press) -> None:
    """A button that stands for a command; the command's own Action decides."""
    route = REGISTRY.commands.get(pressed.arg)
    if route is None:
        ctx.toast("errors/bad_press")
        return
    ctx.require(route.action)
    await route.handle(ctx)


@press("unknown", Action.OPEN)
async def unknown_press(ctx: Ctx, *_: Press) -> None:
    """What no route knows; also where somebody forged its very name."""
    ctx.toast("errors/bad_press")


async def show_menu(ctx: Ctx, *, again: bool = False) -> None:
    """The person's menu, in place of the pressed message or, `again`, as a new one."""
    actor = ctx.require(Action.MENU)
    draw = ctx.say if again else ctx.show
    if actor.of_centre:
        waiting = await requests.count_in(ctx.tx, [request_rules.State.SUBMITTED])
        in_hand = await requests.count_in(ctx.tx, request_rules.OPEN - {request_rules.State.SUBMITTED})
        draw("menu/centre", {"name": actor.name, "new": waiting, "in_hand": in_hand}, _offers(ctx))
        return
    base = await bases.get(ctx.tx, actor.bases[0])
    open_requests = await requests.count_in(ctx.tx, request_rules.OPEN, base.id)
    draw("menu/base", {"name": actor.name, "base": base.name, "open_requests": open_requests}, _offers(ctx))


def _offers(ctx: Ctx) -> Rows:
    offers = [Offer(f"go.{name}", label=name) for name, action in _LAYOUT if may(ctx.actor, action)]
    return tuple(tuple(offers[i : i + IN_ROW]) for i in range(0, len(offers), IN_ROW))


@command("cancel", Action.MENU)
async def cancel(ctx: Ctx) -> None:
    if not await forms.cancel_current(ctx):
        ctx.say("menu/nothing_to_cancel")


@command("language", Action.MENU)
async def language(ctx: Ctx) -> None:
    offers = ((Offer("lang.zh_CN", label="lang_zh"), Offer("lang.en", label="lang_en")),)
    ctx.show("menu/language", {}, offers)


@press("lang", Action.MENU)
async def choose_language(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in ctx.catalog.locales:
        ctx.toast("errors/bad_press")
        return
    await people.set_locale(ctx.tx, ctx.me.id, pressed.arg)
    ctx.locale = pressed.arg
    ctx.toast("menu/language_set")
    await show_menu(ctx)


@command("profile", Action.PROFILE)
async def profile(ctx: Ctx) -> None:
    actor = ctx.require(Action.PROFILE)
    person = ctx.me
    units = []
    for held in actor.memberships:
        base = await bases.get(ctx.tx, held.base_id) if held.base_id is not None else None
        unit = (await ctx.centre()).centre if held.role in CENTRE_ROLES else (base.name if base else None)
        units.append({"unit": unit, "role": held.role})
    facts = {
        "name": person.name,
        "units": units,
        "office_phone": person.office_phone,
        "phone": person.phone_shared,
        "phone_check": person.phone_check,
        "telegram_id": person.telegram_id,
        "consents": await consents(ctx),
    }
    ways = (Offer("go.privacy", label="privacy"), Offer("go.language", label="language"))
    ctx.show("menu/profile", facts, (*_of_a_base(ctx), ways, *BACK))


def _of_a_base(ctx: Ctx) -> Rows:
    """What changes with a person of a base: the number, the days away, the office."""
    ways = (
        ("phone_change", Action.ABSENCE),
        ("absence", Action.ABSENCE),
        ("handover_begin", Action.HANDOVER_PROPOSE),
    )
    held = ctx.actor is not None and not ctx.actor.of_centre
    offers = tuple(Offer(op) for op, action in ways if held and ctx.may(action))
    vacations = (Offer("vacations"),) if offers and ctx.may(Action.VACATION) else ()
    return tuple(row for row in (offers, vacations) if row)


@membership("blocked", Action.OPEN)
async def blocked(ctx: Ctx) -> None:
    """The person has blocked the bot, or taken it back."""
    changed = ctx.update.my_chat_member
    if changed is not None and ctx.person is not None and ctx.chat_id == ctx.telegram_id:
        reachable = changed.new_chat_member.status in ("member", "administrator")
        await people.set_reachable_by_telegram(ctx.tx, ctx.telegram_id, reachable)
        await ctx.tell(await lost(ctx.services, ctx.tx, ctx.now))
