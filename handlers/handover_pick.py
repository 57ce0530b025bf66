"""变更联络员: the successor picked in Telegram's own list of people (KeyboardButtonRequestUsers).

The name comes along and is a suggestion. Who they are in Telegram is not kept: they have consented to nothing
yet, and the bot cannot write to them; whoever proposed forwards the link.
"""

from telegram import SharedUser
from telegram.ext import filters

from domain import handover as rules
from domain.access import Action
from domain.errors import Forbidden, Refused
from domain.people import Person, Role
from handlers import forms, keyboards
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.handover import propose, require_own
from handlers.routes import message, press
from storage import drafts, people

NAME_CHARS = 30


@press("handover_pick", Action.HANDOVER_PROPOSE)
async def begin(ctx: Ctx, pressed: Press) -> None:
    """A message of its own: one that will be edited carries no reply keyboard."""
    if pressed.arg not in rules.HANDED_OVER:
        raise Forbidden
    base, role = await base_of(ctx, pressed.id), Role(pressed.arg)
    require_own(ctx, base.id, role)
    markup = keyboards.pick_user(_number(base.id, role), ctx.catalog, ctx.locale)
    ctx.say("handover/pick", {"base": base.name, "role": role}, markup=markup)


@message("users_shared", filters.StatusUpdate.USERS_SHARED, Action.HANDOVER_PROPOSE)
async def picked(ctx: Ctx) -> None:
    """The number is as untrusted as any press. Raises Forbidden, or Refused for one in office elsewhere."""
    sent = ctx.update.effective_message
    shared = sent.users_shared if sent is not None else None
    if shared is None or len(shared.users) != 1:
        raise Forbidden
    base_id, role = _meant(shared.request_id)
    await base_of(ctx, base_id)
    require_own(ctx, base_id, role)
    [one] = shared.users
    known = await people.by_telegram(ctx.tx, one.user_id)
    name = known.name if known is not None else _name(one)
    ctx.say("handover/picked", {"name": name}, markup=keyboards.none())
    if known is not None and await _is_other_contact(ctx, known, base_id, role):
        await propose(ctx, base_id, role, known.name, successor_id=known.id)
    else:
        await _ask_the_rest(ctx, base_id, role, name)


async def _is_other_contact(ctx: Ctx, known: Person, base_id: int, role: Role) -> bool:
    """The base's deputy becomes its liaison, or the other way round. Raises Refused as enrolment would."""
    actor = await people.actor(ctx.tx, known)
    if actor.of_centre or any(held != base_id for held in actor.bases):
        raise Refused("handover/of_another_base", name=known.name)
    held = actor.roles(base_id) & frozenset(rules.HANDED_OVER)
    return bool(held - {role})


async def _ask_the_rest(ctx: Ctx, base_id: int, role: Role, name: str) -> None:
    """The form of somebody new, with the name in it."""
    form = f"handover_new:{role}"
    if begun := await drafts.find(ctx.tx, form, person_id=ctx.me.id, base_id=None, subject_id=base_id):
        await drafts.delete(ctx.tx, begun.id)
    draft = await drafts.add(
        ctx.tx,
        form,
        1,
        person_id=ctx.me.id,
        base_id=None,
        subject_id=base_id,
        now=ctx.now,
        expires_at=ctx.now + forms.KEPT_MS,
    )
    if name:
        await drafts.save(ctx.tx, draft.with_answers({"successor_name": name}), draft.rev)
    await forms.redraw(ctx, draft.id)


def _name(one: SharedUser) -> str:
    """As Telegram has it; Chinese names are written without a space between."""
    parts = [part for part in (one.last_name, one.first_name) if part]
    between = " " if "".join(parts).isascii() else ""
    return between.join(parts if not between else reversed(parts)).strip()[:NAME_CHARS]


def _number(base_id: int, role: Role) -> int:
    return base_id * len(rules.HANDED_OVER) + rules.HANDED_OVER.index(role)


def _meant(number: int) -> tuple[int, Role]:
    base_id, which = divmod(number, len(rules.HANDED_OVER))
    return base_id, rules.HANDED_OVER[which]
