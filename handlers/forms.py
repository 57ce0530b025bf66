"""The runner that serves every form: lock draft → parse → compare and set on `rev` → next prompt.

A feature registers a form with `@form`; its submission is called in the transaction that deletes the draft.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from telegram import Message

from domain import forms as rules
from domain.access import Action
from domain.albums import in_order
from domain.errors import Forbidden, Invalid, Refused, Stale
from domain.forms import Answers, Draft, Form, Remark, Reply, Step
from domain.notices import Offer, Rows
from domain.uploads import GONE, Attachment, State
from handlers import uploads
from handlers.admit import admit_text
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from handlers.serving import redraws
from storage import attachments, drafts, upload_links

Submit = Callable[[Ctx, Draft], Awaitable[None]]
Build = Callable[[Ctx, str], Form]
Keep = Callable[[Ctx, Draft, Step, object], Awaitable[None]]
Beside = Callable[[Ctx, Draft, Step], Awaitable[tuple[Remark, ...]]]

KEPT_MS = 7 * 24 * 60 * 60 * 1000
"""A draft that nobody touches for a week expires."""
MANY_OPTIONS = 8
"""Above this the words are listed in the text too: buttons cut them short."""
SHORT_WORD = 8
FOR_DRAFT = "draft."
"""What a link to the upload page is for: this and the key of a step; its subject is the draft."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a form differs from others.

    `at_once`: it has no review, after its last step it is over. `keep` stores an answer where it belongs in
    the transaction in which it is given; `beside` says what is known about a step when it is asked.
    `channel` is the centre's setting that says whether its files may come in the chat.
    """

    at_once: bool = False
    keep: Keep | None = None
    beside: Beside | None = None
    channel: str = "chat_files"


@dataclass(frozen=True, slots=True)
class FormRoute:
    """`build` makes the form of a name's second part: `service:S301` is kind `service`, argument `S301`."""

    action: Action
    build: Build
    submit: Submit
    manner: Manner


FORMS: dict[str, FormRoute] = {}
USUAL = Manner()


def form(kind: str, action: Action, build: Build, manner: Manner = USUAL) -> Callable[[Submit], Submit]:
    def register_form(submit: Submit) -> Submit:
        FORMS[kind] = FormRoute(action, build, submit, manner)
        return submit

    return register_form


@dataclass(slots=True)
class Page:
    """A draft in a person's hands; `shown_rev` is what they see of it, `error` why a reply was not taken."""

    ctx: Ctx
    route: FormRoute
    form: Form
    draft: Draft
    editing: str | None = None
    shown_rev: int | None = None
    error: Invalid | None = None

    @property
    def step(self) -> Step | None:
        return rules.current(self.form, self.draft.answers, self.editing)

    def offer(self, op: str, arg: object = "", text: str | None = None) -> Offer:
        name = f"{op}.{arg}" if arg != "" else op
        return Offer(name, self.draft.id, self.draft.rev, label=op, text=text)


# --- beginning, going on, giving up -----------------------------------------------------------------------


async def open_form(
    ctx: Ctx,
    name: str,
    *,
    base_id: int | None = None,
    subject_id: int | None = None,
    known: Mapping[str, object] | None = None,
) -> None:
    """Begin a form, or ask whether the one begun earlier is to go on; what is `known` is not asked."""
    found = await drafts.find(ctx.tx, name, person_id=ctx.me.id, base_id=base_id, subject_id=subject_id)
    if found is None:
        await _begin(ctx, name, base_id, subject_id, known or {})
        return
    page = await _page(ctx, found)
    if not found.answers:
        await _draw(page)
        return
    ctx.show("forms/resume_or_restart", {"title": page.form.title}, _resume_or_restart(page))


async def cancel_current(ctx: Ctx) -> bool:
    """Ask whether the form in hand is to be given up; False when there is none."""
    page = await in_hand(ctx)
    if page is None:
        return False
    ctx.say("forms/cancel_confirm", {"title": page.form.title}, _keep_or_discard(page))
    return True


async def _begin(
    ctx: Ctx, name: str, base_id: int | None, subject_id: int | None, known: Mapping[str, object]
) -> None:
    route, built = _registered(ctx, name)
    draft = await drafts.add(
        ctx.tx,
        name,
        built.version,
        person_id=ctx.me.id,
        base_id=base_id,
        subject_id=subject_id,
        now=ctx.now,
        expires_at=ctx.now + KEPT_MS,
    )
    page = Page(ctx, route, built, draft)
    await (_save(page, known) if known else _draw(page))


async def prepare(
    ctx: Ctx,
    name: str,
    answers: Answers,
    *,
    person_id: int,
    base_id: int | None = None,
    subject_id: int | None = None,
) -> Draft:
    """A draft with answers that are known already, for somebody to go on with; nobody is shown it yet."""
    _, built = _registered(ctx, name)
    empty = await drafts.add(
        ctx.tx,
        name,
        built.version,
        person_id=person_id,
        base_id=base_id,
        subject_id=subject_id,
        now=ctx.now,
        expires_at=ctx.now + KEPT_MS,
    )
    draft = empty.with_answers(answers)
    await drafts.save(ctx.tx, draft, empty.rev)
    return draft


@press("resume", Action.MENU)
async def resume(ctx: Ctx, pressed: Press) -> None:
    page = await _seen(ctx, pressed)
    await _save(page, page.draft.answers)


@press("restart", Action.MENU)
async def restart(ctx: Ctx, pressed: Press) -> None:
    draft = (await _seen(ctx, pressed)).draft
    await drafts.give_up(ctx.tx, draft.id, ctx.now)
    await _begin(ctx, draft.form, draft.base_id, draft.subject_id, {})


@press("cancel", Action.MENU)
async def cancel(ctx: Ctx, pressed: Press) -> None:
    page = await _locked(ctx, pressed.id)
    ctx.show("forms/cancel_confirm", {"title": page.form.title}, _keep_or_discard(page))


@press("discard", Action.MENU)
async def discard(ctx: Ctx, pressed: Press) -> None:
    page = await _seen(ctx, pressed)
    await drafts.give_up(ctx.tx, page.draft.id, ctx.now)
    ctx.show("menu/cancelled", {"title": page.form.title}, ((Offer("home"),),))


# --- answering --------------------------------------------------------------------------------------------


async def answer_text(ctx: Ctx, words: str) -> bool:
    """Give a text to the form in hand; False when there is none. A typed button word is the button."""
    page = await in_hand(ctx)
    if page is None:
        return False
    if page.shown_rev not in (None, page.draft.rev):
        raise Stale("draft", page.draft.id)
    if page.draft.is_expired(ctx.now):
        ctx.say("forms/expired_draft", {"title": page.form.title}, _resume_or_discard(page))
        return True
    control = _CONTROLS.get(ctx.catalog.label_keys_by_word(words) or "")
    if control is not None and not _is_option(page.step, words):
        await control(page)
    elif page.step is None:
        await _draw(page)
    else:
        await _answer(page, page.step, Reply(text=admit_text(words)))
    return True


async def take_file(ctx: Ctx, sent: Message) -> bool:
    """Give a file to the form in hand; False where none asks for files."""
    page = await _asking_for_files(ctx)
    if page is None or page.step is None:
        return False
    if await _only_over_page(page):
        await _draw(page)
        return True
    step = page.step
    document = sent.document or sent.photo[-1]
    file = await uploads.receive(ctx, sent)
    await _answer(page, step, Reply(file=file, size=document.file_size))
    return True


async def files_step(ctx: Ctx) -> tuple[int, str] | None:
    """The draft in hand and its step, where that asks for files now."""
    page = await _asking_for_files(ctx)
    return (page.draft.id, page.step.key) if page is not None and page.step is not None else None


async def takes_in_chat(ctx: Ctx, draft_id: int, key: str) -> bool:
    """False where the draft's files go over the upload page only."""
    draft = await drafts.get(ctx.tx, draft_id)
    found = await _files_step(ctx, draft, key) if draft is not None else None
    return found is None or not await _only_over_page(found[0])


async def turn_away(ctx: Ctx) -> bool:
    """Say that the form in hand asks for no file, or ask about it where it has expired; False without one."""
    page = await in_hand(ctx)
    if page is None:
        return False
    if page.draft.is_expired(ctx.now):
        ctx.say("forms/expired_draft", {"title": page.form.title}, _resume_or_discard(page))
    else:
        ctx.say("forms/file_not_expected")
    return True


async def _asking_for_files(ctx: Ctx) -> Page | None:
    page = await in_hand(ctx)
    step = page.step if page is not None and not page.draft.is_expired(ctx.now) else None
    return page if step is not None and step.type == "file_list" else None


@press("pick", Action.MENU)
async def pick(ctx: Ctx, pressed: Press) -> None:
    digits, _, key = pressed.arg.partition("_")
    page, step = await _asked(ctx, pressed, key)
    place = int(digits) if digits.isdigit() else -1
    if not 0 <= place < len(step.choices):
        raise Forbidden
    await _answer(page, step, Reply(choice=step.choices[place].key))


@press("skip", Action.MENU)
async def skip(ctx: Ctx, pressed: Press) -> None:
    page, step = await _asked(ctx, pressed, pressed.arg)
    await _save(page, rules.skip(page.form, page.draft.answers, step))


@press("done", Action.MENU)
async def done(ctx: Ctx, pressed: Press) -> None:
    page, _ = await _asked(ctx, pressed, pressed.arg)
    await _done(page)


@press("back", Action.MENU)
async def back(ctx: Ctx, pressed: Press) -> None:
    page = await _seen(ctx, pressed)
    if pressed.arg != (page.step.key if page.step else ""):
        raise Stale("draft", page.draft.id)
    await _back(page)


@press("edit", Action.MENU)
async def edit(ctx: Ctx, pressed: Press) -> None:
    await _edit(await _seen(ctx, pressed))


@press("edit_at", Action.MENU)
async def edit_at(ctx: Ctx, pressed: Press) -> None:
    page = await _seen(ctx, pressed)
    page.editing = pressed.arg if page.form.step(pressed.arg) else None
    await _draw(page)


@press("review", Action.MENU)
async def review(ctx: Ctx, pressed: Press) -> None:
    """Back from the list of answers, with all of them as they are."""
    await _draw(await _seen(ctx, pressed))


@press("submit", Action.MENU)
async def submit(ctx: Ctx, pressed: Press) -> None:
    await _submit(await _seen(ctx, pressed))


@press("upload_page", Action.MENU)
async def upload_page(ctx: Ctx, pressed: Press) -> None:
    """A link to the centre's own page for the files that the step asks for, past Telegram."""
    page, step = await _asked(ctx, pressed, pressed.arg)
    if ctx.services.page is None or step.type != "file_list":
        raise Forbidden
    title = page.form.title.pick(ctx.locale)
    purpose, subject_id = FOR_DRAFT + step.key, page.draft.id
    token = await upload_links.add(
        ctx.tx, person_id=ctx.me.id, purpose=purpose, subject_id=subject_id, title=title, now=ctx.now
    )
    ctx.say("gate/upload_link", {"title": title, "url": ctx.services.page(f"/u/{token}")})


async def asks_for_files(ctx: Ctx, draft_id: int, key: str) -> bool:
    """Whether the draft is there, the person may still work on it, and its step `key` takes files."""
    draft = await drafts.get(ctx.tx, draft_id)
    return draft is not None and await _files_step(ctx, draft, key) is not None


async def add_file(ctx: Ctx, draft_id: int, key: str, attachment_id: int) -> None:
    """One more file for a step of a draft, whether it is being answered or was answered before."""
    draft = await drafts.lock(ctx.tx, draft_id)
    found = await _files_step(ctx, draft, key) if draft is not None else None
    if found is None:
        return
    page, step = found
    answers = page.draft.answers
    kept_as = key if key in answers else key + rules.COLLECTING
    grown = page.draft.with_answers({**answers, kept_as: [*rules.collected(answers, step), attachment_id]})
    await drafts.save(ctx.tx, replace(grown, expires_at=ctx.now + KEPT_MS), page.draft.rev)


async def arrange_files(ctx: Ctx, draft_id: int, key: str, sent: list[int]) -> None:
    """Put files that a step has got in the order in which they were sent."""
    draft = await drafts.lock(ctx.tx, draft_id)
    found = await _files_step(ctx, draft, key) if draft is not None else None
    if found is None:
        return
    page, step = found
    answers = page.draft.answers
    kept_as = key if key in answers else key + rules.COLLECTING
    got = [int(str(one)) for one in rules.collected(answers, step)]
    if (arranged := in_order(got, sent)) != got:
        await drafts.save(ctx.tx, page.draft.with_answers({**answers, kept_as: arranged}), page.draft.rev)


async def _files_step(ctx: Ctx, draft: Draft, key: str) -> tuple[Page, Step] | None:
    if draft.is_expired(ctx.now):
        return None
    try:
        page = await _page(ctx, draft)
    except Forbidden:
        return None
    steps = rules.applicable(page.form, page.draft.answers)
    step = next((one for one in steps if one.key == key and one.type == "file_list"), None)
    return (page, step) if step is not None else None


async def _answer(page: Page, step: Step, reply: Reply) -> None:
    try:
        answers = rules.answer(page.form, page.draft.answers, step, reply)
    except Invalid as error:
        page.error = error
        await _draw(page)
        return
    if page.route.manner.keep is not None and not step.many:
        await page.route.manner.keep(page.ctx, page.draft, step, answers[step.key])
    await _save(page, answers, keep_editing=step.many)


async def _done(page: Page) -> None:
    step = page.step
    if step is None or not step.many:
        await _draw(page)
        return
    try:
        await _save(page, rules.finish(page.form, page.draft.answers, step))
    except Invalid as error:
        page.error = error
        await _draw(page)


async def _skip(page: Page) -> None:
    if page.step is not None:
        await _save(page, rules.skip(page.form, page.draft.answers, page.step))


async def _back(page: Page) -> None:
    if page.editing is not None:
        page.editing = None
        await _draw(page)
    else:
        await _save(page, rules.back(page.form, page.draft.answers))


async def _edit(page: Page) -> None:
    answered = [s for s in rules.applicable(page.form, page.draft.answers) if s.key in page.draft.answers]
    words = [(step.key, step.label.pick(page.ctx.locale)) for step in answered]
    rows = tuple((page.offer("edit_at", key, text=label),) for key, label in words)
    page.ctx.show("forms/edit", {"title": page.form.title}, (*rows, (page.offer("review"),)))


async def _cancel(page: Page) -> None:
    page.ctx.show("forms/cancel_confirm", {"title": page.form.title}, _keep_or_discard(page))


async def _submit(page: Page) -> None:
    """Permission is checked again, and the draft goes in the same transaction."""
    if page.step is not None:
        await _draw(page)
        return
    page.ctx.require(page.route.action, page.draft.base_id)
    await drafts.delete(page.ctx.tx, page.draft.id)
    await page.route.submit(page.ctx, page.draft)


async def _save(page: Page, answers: Mapping[str, object], *, keep_editing: bool = False) -> None:
    seen = page.draft.rev
    page.draft = replace(page.draft.with_answers(answers), expires_at=page.ctx.now + KEPT_MS)
    if not await drafts.save(page.ctx.tx, page.draft, seen):
        raise Stale("draft", page.draft.id)
    if not keep_editing:
        page.editing = None
    await _draw(page)


_CONTROLS: dict[str, Callable[[Page], Awaitable[None]]] = {
    "submit": _submit,
    "back": _back,
    "cancel": _cancel,
    "edit": _edit,
    "skip": _skip,
    "done": _done,
}


# --- drawing ----------------------------------------------------------------------------------------------


@redraws("draft")
async def redraw(ctx: Ctx, draft_id: int) -> None:
    await _draw(await _locked(ctx, draft_id))


async def _draw(page: Page) -> None:
    """The next question, or the review when all is answered; the person's next text answers what is drawn."""
    if page.step is None and page.route.manner.at_once:
        await _submit(page)
        return
    await drafts.set_focus(page.ctx.tx, page.ctx.me.id, page.draft.id, page.editing, page.draft.rev)
    step = page.step
    if step is None:
        _draw_review(page)
    else:
        await _draw_step(page, step)


async def _draw_step(page: Page, step: Step) -> None:
    i, n = rules.progress(page.form, page.draft.answers, step)
    facts: dict[str, object] = {
        "title": page.form.title,
        "i": i,
        "n": n,
        "label": step.label,
        "required": step.required,
        "hint": step.hint,
        "warnings": (*_remarks(page, step), *await _beside(page, step)),
        "error": page.error,
    }
    if step.type == "file_list" and page.error is None and await _only_over_page(page):
        facts["error"] = Invalid("gate/page_only")
    if step.many:
        facts["got"] = await _collected(page, step)
        page.ctx.show("forms/collect", facts, _step_offers(page, step))
        return
    options = [choice.words for choice in step.choices] if len(step.choices) > MANY_OPTIONS else []
    current = _shown(step, page.draft.answers.get(step.key), page.ctx.locale)
    facts |= {"type": step.type, "options": options, "current": current}
    page.ctx.show("forms/prompt", facts, _step_offers(page, step))


async def _only_over_page(page: Page) -> bool:
    """Whether the centre takes the form's files over the page only; the question for them says so."""
    if page.ctx.services.page is None:
        return False
    return not (await page.ctx.centre()).takes(page.route.manner.channel)


def _step_offers(page: Page, step: Step) -> Rows:
    locale = page.ctx.locale
    picks = [
        page.offer("pick", f"{i}_{step.key}", choice.words.pick(locale))
        for i, choice in enumerate(step.choices)
    ]
    ways: list[Offer] = []
    if step.type == "file_list" and page.ctx.services.page is not None:
        picks.append(page.offer("upload_page", step.key))
    if step.many:
        ways.append(page.offer("done", step.key))
    if not step.required:
        ways.append(page.offer("skip", step.key))
    if page.editing is not None or rules.progress(page.form, page.draft.answers, step)[0] > 1:
        ways.append(page.offer("back", step.key))
    ways.append(page.offer("cancel"))
    return (*_laid_out(picks), tuple(ways))


def _laid_out(picks: list[Offer]) -> Rows:
    """Short words stand side by side, two to a row; long ones have a row each."""
    width = 2 if all(len(offer.text or "") <= SHORT_WORD for offer in picks) else 1
    return tuple(tuple(picks[i : i + width]) for i in range(0, len(picks), width))


def _draw_review(page: Page) -> None:
    facts = {
        "title": page.form.title,
        "rows": rows(page.form, page.draft.answers, page.ctx.locale),
        "warnings": rules.remarks(page.form, page.draft.answers, None),
    }
    offers = (
        (page.offer("submit"),),
        (page.offer("edit"), page.offer("back"), page.offer("cancel")),
    )
    page.ctx.show("forms/review", facts, offers)


def rows(built: Form, answers: Mapping[str, object], locale: str) -> list[dict[str, object]]:
    """The answers as a page shows them: label, type and value, in the form's order."""
    return [
        {"label": step.label, "type": step.type, "value": _shown(step, answers[step.key], locale)}
        for step in built.steps
        if step.key in answers
    ]


def _shown(step: Step, value: object, locale: str) -> object:
    """A stored value in words: the option's for its key, the number for files."""
    words = {choice.key: choice.words.pick(locale) for choice in step.choices}
    if isinstance(value, list):
        return len(value) if step.type == "file_list" else [words.get(str(v), str(v)) for v in value]
    return words.get(str(value), value) if value is not None else None


def _remarks(page: Page, step: Step) -> tuple[Remark, ...]:
    """What the form says before its first question, or on the answer just given."""
    answers = page.draft.answers
    return rules.remarks(page.form, answers, step) if answers else page.form.before


async def _beside(page: Page, step: Step) -> tuple[Remark, ...]:
    beside = page.route.manner.beside
    return await beside(page.ctx, page.draft, step) if beside is not None else ()


async def _collected(page: Page, step: Step) -> object:
    """What a `many` step has so far, in words: the names of files, the words of options."""
    got = rules.collected(page.draft.answers, step)
    if step.type != "file_list":
        return _shown(step, got, page.ctx.locale)
    files = await attachments.list_by(page.ctx.tx, [int(str(i)) for i in got])
    return [_file_shown(page.ctx, file) for file in files]


def _file_shown(ctx: Ctx, file: Attachment) -> str:
    """Its name only once it was looked at: what bears a mark is named nowhere."""
    state = ctx.catalog.label(f"upload_{file.state}", ctx.locale)
    return state if file.state is State.PENDING else f"{file.name} · {state}"


# --- finding the draft ------------------------------------------------------------------------------------


async def _asked(ctx: Ctx, pressed: Press, key: str) -> tuple[Page, Step]:
    """The draft and the step that the pressed page shows. Raises Stale when another is asked by now."""
    page = await _seen(ctx, pressed)
    if page.step is None or page.step.key != key:
        raise Stale("draft", page.draft.id)
    return page, page.step


async def _seen(ctx: Ctx, pressed: Press) -> Page:
    """The draft that a press is about, if the page shows it as it is. Raises Stale, or Forbidden."""
    page = await _locked(ctx, pressed.id)
    if page.draft.rev != pressed.rev:
        raise Stale("draft", page.draft.id)
    return page


async def _locked(ctx: Ctx, draft_id: int) -> Page:
    """The draft, taken in hand. One that is gone, or another's, is not there: Forbidden."""
    draft = await drafts.lock(ctx.tx, draft_id)
    if draft is None:
        raise Refused("forms/gone")
    page = await _page(ctx, draft)
    focus = await drafts.focus(ctx.tx, ctx.me.id)
    if focus is not None and focus.draft_id == draft.id:
        page.editing = focus.editing
    return page


async def in_hand(ctx: Ctx) -> Page | None:
    """The form that the person's next words answer, locked; None where there is none."""
    focus = await drafts.focus(ctx.tx, ctx.me.id)
    draft = await drafts.lock(ctx.tx, focus.draft_id) if focus else None
    if focus is None or draft is None:
        return None
    try:
        page = await _page(ctx, draft)
    except Forbidden:
        await drafts.clear_focus(ctx.tx, ctx.me.id)
        return None
    page.editing, page.shown_rev = focus.editing, focus.rev
    return page


async def _page(ctx: Ctx, draft: Draft) -> Page:
    """Raises Forbidden unless the draft is the person's own, or their base's and theirs to work on."""
    route, built = _registered(ctx, draft.form)
    if draft.base_id is None and draft.person_id != ctx.me.id:
        raise Forbidden
    ctx.require(route.action, draft.base_id)
    answers = await _without_gone(ctx, built, rules.prune(built, draft.answers))
    return Page(ctx, route, built, replace(draft, answers=answers))


async def _without_gone(ctx: Ctx, built: Form, answers: Mapping[str, object]) -> Mapping[str, object]:
    """A file that was blocked, refused or taken back answers nothing."""
    lists = {key: ids for key, ids in answers.items() if isinstance(ids, list) and _takes_files(built, key)}
    sent = [int(id_) for ids in lists.values() for id_ in ids]
    gone = {one.id for one in await attachments.list_by(ctx.tx, sent) if one.state in GONE} if sent else set()
    return {**answers, **{key: [id_ for id_ in ids if id_ not in gone] for key, ids in lists.items()}}


def _takes_files(built: Form, key: str) -> bool:
    step = built.step(key.removesuffix(rules.COLLECTING))
    return step is not None and step.type == "file_list"


def _registered(ctx: Ctx, name: str) -> tuple[FormRoute, Form]:
    """Raises Forbidden for a form that a deployment has taken away."""
    kind, _, argument = name.partition(":")
    route = FORMS.get(kind)
    if route is None:
        raise Forbidden
    try:
        return route, route.build(ctx, argument)
    except KeyError:
        raise Forbidden from None


def _is_option(step: Step | None, words: str) -> bool:
    return step is not None and any(words.strip() in (c.words.zh, c.words.en) for c in step.choices)


def _resume_or_restart(page: Page) -> Rows:
    return ((page.offer("resume"),), (page.offer("restart"),))


def _resume_or_discard(page: Page) -> Rows:
    return ((page.offer("resume"),), (page.offer("discard"),))


def _keep_or_discard(page: Page) -> Rows:
    return ((page.offer("discard"),), (page.offer("resume"),))
