"""发布通知: drafted in a form, seen whole by a supervisor, signed off, receipted by the bases."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain import announcements as rules
from domain.access import Action
from domain.announcements import BODY_UNITS, SUBJECT, TITLE_UNITS, Announcement, Audience, Held, State
from domain.errors import Forbidden, Stale
from domain.forms import Answers, Draft, Form, Reply, Step, Value
from domain.notices import Kind, Lane, Notice, Offer, Rows, SendState, To
from domain.people import Role
from handlers import deliveries, forms, keyboards, letters, reachability, reachability_plain
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import announcements, drafts, people
from storage.outbox import Row

NOTICE = "announcements/notice"
BASES_A_PAGE = 50
PHONES_A_PAGE = 40
LISTED = 20


# --- the draft --------------------------------------------------------------------------------------------


@command("announce", Action.ANNOUNCE)
async def begin(ctx: Ctx) -> None:
    await forms.open_form(ctx, "announce")


def _announce_form(ctx: Ctx, _: str) -> Form:
    body = step(ctx, "body", "longtext", hint="body", checks={"max_chars": BODY_UNITS})
    steps = (
        _fitting(step(ctx, "title"), TITLE_UNITS),
        _fitting(body, BODY_UNITS),
        step(ctx, "reply_by", "date", required=False, hint="reply_by", checks={"not_before": "today"}),
    )
    return Form("announce", 1, Action.ANNOUNCE, words(ctx.catalog, "form_announce"), steps)


def _fitting(asked: Step, most: int) -> Step:
    """The step, measured as Telegram measures."""

    def parse(reply: Reply, answers: Answers) -> Value:
        return rules.fitting(str(asked.parse(reply, answers)), most)

    return replace(asked, parse=parse)


@form("announce", Action.ANNOUNCE, _announce_form)
async def submit(ctx: Ctx, draft: Draft) -> None:
    announcement = await _submitted(ctx, draft)
    await ctx.record("announcement_submitted", announcement.subject)
    signers = await people.recipients(ctx.tx, To(roles=frozenset({Role.SUPERVISOR})))
    facts = {"title": announcement.title, "drafter": ctx.me.name}
    offers = ((Offer("announcement", announcement.id),),)
    others = [signer for signer in signers if signer.id != ctx.me.id]
    await ctx.tell([Notice(To(person_id=p.id), "announcements/to_sign", facts, offers) for p in others])
    ctx.show(
        "announcements/submitted", {"title": announcement.title, "signers": [p.name for p in signers][:8]}
    )
    if ctx.may(Action.ANNOUNCE_SIGN):
        await _present(ctx, announcement)


async def _submitted(ctx: Ctx, draft: Draft) -> Announcement:
    """A new one, or the one that was given back, written anew."""
    title, body = str(draft.answers["title"]), str(draft.answers["body"])
    told = draft.answers["reply_by"]
    reply_by = None if told is None else str(told)
    if draft.subject_id is not None:
        found = await _locked(ctx, draft.subject_id)
        return await _saved(ctx, rules.rewrite(found, ctx.require(Action.ANNOUNCE), title, body, reply_by))
    made = await announcements.add(
        ctx.tx, title=title, body=body, reply_by=reply_by, drafter_id=ctx.me.id, now=ctx.now
    )
    return await _locked(ctx, made)


# --- seen and signed --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proof:
    """Exactly what will be sent, by language, and to whom."""

    issued: Mapping[str, object]
    audience: Audience
    texts: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        return self.audience.fingerprint(self.texts.values())


@press("announcement", Action.ANNOUNCE)
async def show(ctx: Ctx, pressed: Press) -> None:
    announcement = await _locked(ctx, pressed.id)
    if announcement.state is State.SUBMITTED:
        await _present(ctx, announcement)
        return
    await _show_page(ctx, announcement)
    if announcement.state is State.SIGNED:
        await deliveries.follow(ctx, announcement)


@redraws(SUBJECT)
async def redraw(ctx: Ctx, announcement_id: int) -> None:
    announcement = await _locked(ctx, announcement_id)
    if announcement.state is State.SUBMITTED:
        ctx.still()
        await _present(ctx, announcement)
    else:
        await _show_page(ctx, announcement)


@press("sign", Action.ANNOUNCE_SIGN)
async def sign(ctx: Ctx, pressed: Press) -> None:
    """In one transaction: the right is checked, the state moved, a row stored for each person."""
    announcement = await _locked(ctx, pressed.id)
    proof = await _proof(ctx, announcement)
    signed = rules.sign(
        announcement,
        ctx.require(Action.ANNOUNCE_SIGN),
        ctx.now,
        seen_rev=pressed.rev,
        issued=proof.issued,
        audience=proof.audience,
    )
    if proof.fingerprint != pressed.arg:
        raise Stale(SUBJECT, announcement.id)
    await _saved(ctx, signed)
    await announcements.add_recipients(ctx.tx, signed.id, proof.audience.offices)
    ctx.rows += [_send(ctx, signed, held, proof) for held in proof.audience.reached]
    for base_id in proof.audience.unreached:
        await reachability.announce_otherwise(ctx.services, ctx.tx, signed.id, base_id, ctx.now)
    await ctx.record("announcement_signed", signed.subject, people=len(proof.audience.reached))
    await _show_page(ctx, signed)
    await deliveries.begin(ctx, signed)


def _send(ctx: Ctx, announcement: Announcement, held: Held, proof: Proof) -> Row:
    """Queued under a key of its own: planned twice, it is one."""
    locale = _locale(ctx, held)
    chat_id = held.telegram_id or 0
    markup = keyboards.inline(((Offer("received", announcement.id),),), ctx.catalog, locale)
    row = letters.row(
        "sendMessage",
        letters.message(chat_id, proof.texts[locale], markup),
        ctx.now,
        chat_id=chat_id,
        kind=Kind.BROADCAST,
        lane=Lane.BULK,
        person_id=held.person_id,
        subject=announcement.subject,
    )
    key = f"{SUBJECT}:{announcement.id}:person:{held.person_id}"
    return replace(row, state=SendState.QUEUED, sending_at=None, key=key)


async def _proof(ctx: Ctx, announcement: Announcement) -> Proof:
    drafter = await people.get(ctx.tx, announcement.drafter_id)
    centre = await ctx.centre()
    issued: dict[str, object] = {
        "centre": centre.centre,
        "contact": drafter.name,
        "tel": drafter.office_phone or centre.tel,
        "date": ctx.today.isoformat(),
    }
    audience = await announcements.audience(ctx.tx)
    facts = _facts(announcement, issued)
    locales = sorted({_locale(ctx, held) for held in audience.reached}) or [ctx.services.locale]
    return Proof(issued, audience, {name: ctx.catalog.render(NOTICE, name, facts) for name in locales})


def _facts(
    announcement: Announcement, issued: Mapping[str, object], received: list[dict[str, object]] | None = None
) -> dict[str, object]:
    return {
        "title": announcement.title,
        "body": announcement.body,
        "reply_by": announcement.reply_by,
        **issued,
        "received": received or [],
    }


def _locale(ctx: Ctx, held: Held) -> str:
    return ctx.catalog.known(held.locale or ctx.services.locale)


async def _present(ctx: Ctx, announcement: Announcement) -> None:
    """The message itself, all names, and last the page with the buttons."""
    proof = await _proof(ctx, announcement)
    for text in proof.texts.values():
        payload = letters.message(ctx.chat_id, text)
        ctx.rows.append(
            letters.row("sendMessage", payload, ctx.now, chat_id=ctx.chat_id, person_id=ctx.me.id)
        )
    reached, by_phone = _by_base(proof.audience), [_called(held) for held in proof.audience.by_phone]
    for i in range(0, len(reached), BASES_A_PAGE):
        ctx.say("announcements/audience", {"rows": reached[i : i + BASES_A_PAGE]})
    for i in range(0, len(by_phone), PHONES_A_PAGE):
        ctx.say("announcements/by_phone", {"rows": by_phone[i : i + PHONES_A_PAGE]})
    offers = _sign_offers(announcement, proof) if ctx.may(Action.ANNOUNCE_SIGN) else ()
    ctx.say("announcements/page", await _page_facts(ctx, announcement, proof.audience), offers)


def _sign_offers(announcement: Announcement, proof: Proof) -> Rows:
    seen = Offer(f"sign.{proof.fingerprint}", announcement.id, announcement.rev, label="sign")
    return ((seen,), (Offer("revise", announcement.id, announcement.rev),))


def _by_base(audience: Audience) -> list[dict[str, object]]:
    """Whom each base has, in the order of the directory."""
    names: dict[str, list[str]] = {}
    for held in audience.offices:
        if not held.by_phone:
            names.setdefault(held.base, []).append(held.name or "")
    return [{"base": base, "names": named} for base, named in names.items()]


def _called(held: Held) -> dict[str, object]:
    return {"base": held.base, "name": held.name, "tel": held.tel, "enrolled": held.telegram_id is not None}


async def _show_page(ctx: Ctx, announcement: Announcement) -> None:
    may_rewrite = announcement.state is State.RETURNED and announcement.drafter_id == ctx.me.id
    rewrite: Rows = ((Offer("rewrite", announcement.id, announcement.rev),),) if may_rewrite else ()
    offers = (*rewrite, (Offer("copy_text", announcement.id),))
    audience = await announcements.audience(ctx.tx)
    ctx.show("announcements/page", await _page_facts(ctx, announcement, audience), offers)


async def _page_facts(ctx: Ctx, announcement: Announcement, audience: Audience) -> dict[str, object]:
    drafter = await people.get(ctx.tx, announcement.drafter_id)
    signer = await people.get(ctx.tx, announcement.signer_id) if announcement.signer_id else None
    return {
        "title": announcement.title,
        "state": announcement.state.value,
        "drafter": drafter.name,
        "signer": signer.name if signer else None,
        "signed_at": announcement.signed_at,
        "reason": announcement.reason,
        "people": len(audience.reached),
        "bases": audience.bases,
        "by_phone": len(audience.by_phone),
    }


@press("copy_text", Action.ANNOUNCE)
async def copy_text(ctx: Ctx, pressed: Press) -> None:
    """复制文字版: for the officer's own work group, without names or states of bases."""
    found = await _locked(ctx, pressed.id)
    issued = found.issued or (await _proof(ctx, found)).issued
    reachability_plain.copy(ctx, ctx.catalog.text(NOTICE, ctx.locale, _facts(found, issued)))


# --- given back -------------------------------------------------------------------------------------------


@press("revise", Action.ANNOUNCE_SIGN)
async def begin_return(ctx: Ctx, pressed: Press) -> None:
    await _seen(ctx, pressed, State.SUBMITTED)
    await forms.open_form(ctx, "announce_return", subject_id=pressed.id)


def _return_form(ctx: Ctx, _: str) -> Form:
    steps = (step(ctx, "reason", "longtext"),)
    return Form("announce_return", 1, Action.ANNOUNCE_SIGN, words(ctx.catalog, "form_announce_return"), steps)


@form("announce_return", Action.ANNOUNCE_SIGN, _return_form)
async def give_back(ctx: Ctx, draft: Draft) -> None:
    found = await _locked(ctx, draft.subject_id or 0)
    actor = ctx.require(Action.ANNOUNCE_SIGN)
    moved = rules.give_back(found, actor, seen_rev=found.rev, reason=str(draft.answers["reason"]))
    await _saved(ctx, moved)
    await ctx.record("announcement_returned", moved.subject)
    await _show_page(ctx, moved)
    facts = {"title": moved.title, "signer": ctx.me.name, "reason": moved.reason}
    offers = ((Offer("rewrite", moved.id, moved.rev),),)
    if moved.drafter_id != ctx.me.id:
        await ctx.tell([Notice(To(person_id=moved.drafter_id), "announcements/returned", facts, offers)])


@press("rewrite", Action.ANNOUNCE)
async def begin_rewrite(ctx: Ctx, pressed: Press) -> None:
    """The form again, with what was written before in it."""
    found = await _seen(ctx, pressed, State.RETURNED)
    if found.drafter_id != ctx.me.id:
        raise Forbidden
    if await drafts.find(ctx.tx, "announce", person_id=ctx.me.id, base_id=None, subject_id=found.id) is None:
        await _prefill(ctx, found)
    await forms.open_form(ctx, "announce", subject_id=found.id)


async def _prefill(ctx: Ctx, found: Announcement) -> None:
    draft = await drafts.add(
        ctx.tx,
        "announce",
        1,
        person_id=ctx.me.id,
        base_id=None,
        subject_id=found.id,
        now=ctx.now,
        expires_at=ctx.now + forms.KEPT_MS,
    )
    answers = {"title": found.title, "body": found.body, "reply_by": found.reply_by}
    await drafts.save(ctx.tx, draft.with_answers(answers), draft.rev)


# --- at the bases -----------------------------------------------------------------------------------------


@command("notices", Action.NOTICES)
async def listing(ctx: Ctx) -> None:
    """What a base got; for the centre, what it has sent or is to sign."""
    actor = ctx.require(Action.NOTICES)
    op = "announcement" if actor.of_centre else "notice"
    if actor.of_centre:
        found = await announcements.newest(ctx.tx, LISTED)
        states = {one.id: one.state.value for one in found}
    else:
        found = await announcements.newest_of_bases(ctx.tx, actor.bases, LISTED)
        states = {one.id: await _state_for(ctx, one) for one in found}
    rows = [
        {"title": one.title, "at": one.signed_at or one.created_at, "state": states[one.id]} for one in found
    ]
    links = tuple((Offer(op, one.id, text=one.title),) for one in found)
    ctx.show("announcements/list", {"rows": rows}, (*links, *BACK))


async def _state_for(ctx: Ctx, announcement: Announcement) -> str:
    mine = await _my_bases(ctx, announcement)
    done = {receipt.base_id for receipt in await announcements.receipts(ctx.tx, announcement.id)}
    return "received" if mine <= done else "open"


@press("notice", Action.NOTICE_RECEIVE)
async def show_notice(ctx: Ctx, pressed: Press) -> None:
    await _show_notice(ctx, await _for_me(ctx, pressed.id))


@press("received", Action.NOTICE_RECEIVE)
async def receive(ctx: Ctx, pressed: Press) -> None:
    """One for each base is enough: who comes second is shown the first."""
    announcement = await _for_me(ctx, pressed.id)
    for base_id in sorted(await _my_bases(ctx, announcement)):
        if await announcements.receive(ctx.tx, announcement.id, base_id, ctx.me.id, ctx.now):
            await ctx.record("announcement_received", announcement.subject, base=base_id)
            await deliveries.look_again(ctx, announcement.id)
    await _show_notice(ctx, announcement)


async def _show_notice(ctx: Ctx, announcement: Announcement) -> None:
    mine = await _my_bases(ctx, announcement)
    given = [r for r in await announcements.receipts(ctx.tx, announcement.id) if r.base_id in mine]
    shown: list[dict[str, object]] = [{"base": r.base, "name": r.name, "at": r.at} for r in given]
    facts = _facts(announcement, announcement.issued or {}, shown[: deliveries.RECEIPTS_SHOWN])
    offers = () if len(given) == len(mine) else ((Offer("received", announcement.id),),)
    ctx.show(NOTICE, facts, offers)


async def _for_me(ctx: Ctx, announcement_id: int) -> Announcement:
    """One that was signed for a base of the person's; another does not exist for them: Forbidden."""
    found = await announcements.get(ctx.tx, announcement_id)
    if found is None or found.state is not State.SIGNED or not await _my_bases(ctx, found):
        raise Forbidden
    return found


async def _my_bases(ctx: Ctx, announcement: Announcement) -> set[int]:
    held = {b for b in ctx.require(Action.NOTICES).bases if ctx.may(Action.NOTICE_RECEIVE, b)}
    return held & set(await announcements.bases_of(ctx.tx, announcement.id))


# --- finding it -------------------------------------------------------------------------------------------


async def _locked(ctx: Ctx, announcement_id: int) -> Announcement:
    """Raises Forbidden where there is none: the id came with a press."""
    ctx.require(Action.ANNOUNCE)
    found = await announcements.lock(ctx.tx, announcement_id)
    if found is None:
        raise Forbidden
    return found


async def _seen(ctx: Ctx, pressed: Press, state: State) -> Announcement:
    found = await _locked(ctx, pressed.id)
    if found.state is not state or found.rev != pressed.rev:
        raise Stale(SUBJECT, found.id)
    return found


async def _saved(ctx: Ctx, moved: Announcement) -> Announcement:
    if not await announcements.save(ctx.tx, moved):
        raise Stale(SUBJECT, moved.id)
    return moved
