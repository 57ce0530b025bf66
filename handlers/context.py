"""What a handler works with: one update, one transaction, one person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from telegram import Update

from domain.access import Action, may, require
from domain.calendar import Calendar
from domain.centre import Centre
from domain.notices import Kind, Lane, Notice, Offer, Rows, Subject
from domain.people import Actor, Person
from handlers import keyboards, letters
from messages.catalog import Catalog
from storage import audit, jobs, people, settings
from storage.engine import Database, Tx
from storage.outbox import Row

TOAST_CHARS = 200


class Clock(Protocol):
    def now(self) -> int:
        """The present instant, in ms UTC."""


class Sender(Protocol):
    """The outbox, as far as a handler's commit needs it."""

    def send_now(self, rows: Sequence[Row]) -> None: ...

    def wake(self) -> None: ...


Link = Callable[[str], str]
"""The address of one of our web pages, given its path; None where there are none (LIANLUO_PUBLIC_URL)."""


class Worker(Protocol):
    def wake(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root gives to every handler."""

    database: Database
    catalog: Catalog
    clock: Clock
    calendar: Calendar
    sender: Sender
    jobs: Worker
    locale: str
    page: Link | None = None
    channels: tuple[str, ...] = ()
    """Marks of the channels that stand by for what Telegram does not reach (LIANLUO_FALLBACK)."""


@dataclass(slots=True)
class Ctx:
    """One update being handled, inside its transaction."""

    services: Services
    tx: Tx
    update: Update
    now: int
    person: Person | None
    actor: Actor | None
    locale: str
    consent_due: bool = False
    rows: list[Row] = field(default_factory=list)
    toast_text: str = ""
    job_added: bool = False

    @property
    def chat_id(self) -> int:
        chat = self.update.effective_chat
        user = self.update.effective_user
        if chat is not None:
            return chat.id
        if user is not None:
            return user.id
        if self.person is not None and self.person.telegram_id is not None:
            return self.person.telegram_id  # it was no update that brought them here
        raise LookupError("an update of no chat")

    @property
    def telegram_id(self) -> int:
        user = self.update.effective_user
        if user is None:
            raise LookupError("an update of no user")
        return user.id

    @property
    def me(self) -> Person:
        """The person, known to be enrolled. Raises Forbidden."""
        self.require(Action.MENU)
        if self.person is None:
            raise LookupError("an actor without a person")
        return self.person

    @property
    def catalog(self) -> Catalog:
        return self.services.catalog

    def require(self, action: Action, base_id: int | None = None) -> Actor:
        return require(self.actor, action, base_id)

    def may(self, action: Action, base_id: int | None = None) -> bool:
        return may(self.actor, action, base_id)

    @property
    def today(self) -> date:
        """The date where the office is."""
        return self.services.calendar.today(self.now)

    def words_after(self, command: str) -> str:
        """What was typed behind a command; nothing where a button or a word stood for it."""
        text = (self.update.message.text or "") if self.update.message else ""
        return text.partition(" ")[2].strip() if text.startswith(f"/{command}") else ""

    async def centre(self) -> Centre:
        return await settings.centre(self.tx)

    def say(
        self,
        template: str,
        facts: Mapping[str, object] | None = None,
        offers: Rows = (),
        *,
        markup: keyboards.Markup | None = None,
        subject: Subject | None = None,
    ) -> None:
        """Answer with a new message, stored with the rest and sent after the commit."""
        markup = markup or (keyboards.inline(offers, self.catalog, self.locale) if offers else None)
        payload = letters.message(self.chat_id, self._render(template, facts), markup)
        self._add("sendMessage", payload, Kind.REPLY, subject)

    def show(
        self,
        template: str,
        facts: Mapping[str, object] | None = None,
        offers: Rows = (),
        *,
        subject: Subject | None = None,
    ) -> None:
        """Answer in place of the message whose button was pressed; with a new one where there is none."""
        pressed = self.pressed_message_id
        if pressed is None:
            self.say(template, facts, offers, subject=subject)
            return
        markup = keyboards.inline(offers, self.catalog, self.locale)
        payload = letters.message(self.chat_id, self._render(template, facts), markup)
        payload["message_id"] = pressed
        self._add("editMessageText", payload, Kind.EDIT, subject)

    def still(self, offers: Rows = ()) -> None:
        """Leave the pressed message's text and change its buttons, so that none is pressed twice."""
        pressed = self.pressed_message_id
        if pressed is not None:
            markup = keyboards.inline(offers, self.catalog, self.locale)
            payload = {"chat_id": self.chat_id, "message_id": pressed, "reply_markup": markup}
            self._add("editMessageReplyMarkup", payload, Kind.EDIT)

    def toast(self, template: str, facts: Mapping[str, object] | None = None) -> None:
        """Answer a press with a line that passes."""
        text = self.catalog.plain(template, self.locale, letters.worded(facts or {}, self.locale))
        self.toast_text = text[:TOAST_CHARS]

    async def tell(self, notices: Sequence[Notice]) -> None:
        """Plan what other people are to hear, each in their own language."""
        self.rows += await letters.addressed(self.tx, self.catalog, self.services.locale, notices, self.now)

    async def record(self, action: str, subject: Subject, **facts: int | str | bool | None) -> None:
        actor_id = self.person.id if self.person else None
        await audit.record(self.tx, self.now, actor_id, action, subject, **facts)

    async def start_job(self, kind: str, **args: object) -> None:
        await jobs.add(self.tx, kind, args, self.now)
        self.job_added = True

    def answer_press(self) -> None:
        """Every press is answered, unknown ones too."""
        query = self.update.callback_query
        if query is not None:
            payload: letters.Payload = {"callback_query_id": query.id}
            if self.toast_text:
                payload["text"] = self.toast_text
            self._add("answerCallbackQuery", payload, Kind.ANSWER, lane=Lane.PRESS)

    def _render(self, template: str, facts: Mapping[str, object] | None) -> str:
        return self.catalog.render(template, self.locale, letters.worded(facts or {}, self.locale))

    @property
    def pressed_message_id(self) -> int | None:
        """The message whose button was pressed; None where none was."""
        query = self.update.callback_query
        return query.message.message_id if query and query.message else None

    def _add(
        self,
        method: str,
        payload: letters.Payload,
        kind: Kind,
        subject: Subject | None = None,
        lane: Lane = Lane.INTERACTIVE,
    ) -> None:
        self.rows.append(
            letters.row(
                method,
                payload,
                self.now,
                chat_id=self.chat_id,
                kind=kind,
                lane=lane,
                person_id=self.person.id if self.person else None,
                subject=subject,
            )
        )


async def on_behalf(services: Services, tx: Tx, person_id: int) -> Ctx:
    """For a person whom no update brought here: of theirs a file or a job is finished."""
    person = await people.get(tx, person_id)
    return Ctx(
        services=services,
        tx=tx,
        update=Update(0),
        now=services.clock.now(),
        person=person,
        actor=await people.actor(tx, person),
        locale=person.locale or services.locale,
    )


def options(op: str, words: Sequence[str], subject_id: int, rev: int) -> Rows:
    """One button a row for words that are data."""
    return tuple((Offer(f"{op}.{i}", subject_id, rev, text=word),) for i, word in enumerate(words))
