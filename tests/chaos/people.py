"""People as state machines: an act at a time, on what they see by then; none waits for an answer for ever.

Whoever has seen the page presses its buttons, now and then twice; whoever has waited long enough types.
What is asked does not depend on what is seen, but for replies, which need a page to reply to.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.rehearsal import Person, Press, Seen
from handlers.callbacks import unpack
from tests.chaos.ledger import Begun, Filed, Ledger, Word

NUMBER = re.compile(r"FW-[0-9]{4}-[0-9]{4,}")
LISTS = ("我的申请", "待办件")
RECENT = 12
"""So many of the newest messages somebody looks through."""


@dataclass(frozen=True, slots=True)
class Input:
    """Words that are a button too, or are typed only; `gives` is the answer that it settles."""

    words: str
    gives: tuple[str, object] | None = None
    button: bool = False


@dataclass(slots=True)
class Filling:
    """A form in hand. `draft` is known once its first page was seen; rev counts the inputs."""

    form: str
    inputs: list[Input]
    finished: Callable[[], None]
    draft: int | None = None
    done: int = 0
    waited: int = 0
    answers: dict[str, object] = field(default_factory=dict)

    @property
    def next(self) -> Input:
        return self.inputs[self.done]


class Somebody:
    """What liaisons and officers have in common."""

    def __init__(self, person: Person, index: int, seed: int, ledger: Ledger) -> None:
        self.person = person
        self.ledger = ledger
        self.chance = random.Random(f"{seed}/{index}")
        self.filling: Filling | None = None
        self._index = index
        self._places = 0
        self._menu: Seen | None = None

    @property
    def id(self) -> int:
        return self.person.id

    def ready(self) -> bool:
        """Whether the menu has come, under which everything is pressed that is on no page."""
        self._menu = next((m for m in self.person.messages() if m.from_bot and m.buttons), None)
        return self._menu is not None

    def act(self) -> None:
        raise NotImplementedError

    def begun(self) -> Begun | None:
        """The form that is still open."""
        if self.filling is None:
            return None
        return Begun(self.id, self.filling.form, self.filling.answers)

    def send_command(self, name: str) -> None:
        self.ledger.command(self.id, name)
        self.person.send(f"/{name}")

    # pages

    def recent(self) -> Iterator[Seen]:
        """The bot's newest messages, the newest first."""
        yield from (m for m in reversed(self.person.messages()[-RECENT:]) if m.from_bot)

    def page_with(self, label: str) -> Seen | None:
        return next((m for m in self.recent() if label in m.labels), None)

    def pages_of_requests(self) -> list[tuple[Seen, str]]:
        """Pages about one request, and its number; a list is about none."""
        found = ((m, set(NUMBER.findall(m.text))) for m in self.recent() if not m.text.startswith(LISTS))
        return [(m, numbers.pop()) for m, numbers in found if len(numbers) == 1]

    def press(self, label: str, page: Seen) -> Press:
        """Once, or twice as an impatient thumb does."""
        pressed = self.person.press(label, page)
        if self.chance.random() < 0.25:
            self.person.press(label, page)
        return pressed

    def nonce(self) -> str:
        self._places += 1
        return f"话{self._index:02}x{self._places:04}号"

    def say(self, page: Seen, number: str, move: str) -> None:
        nonce = self.nonce()
        self.ledger.words.append(Word(self.id, self._places, nonce, number, move))
        self.person.send(nonce, reply_to=page)

    # forms

    def go_on(self) -> None:
        """The next input of the form in hand: pressed where its page is seen, else typed, in the end."""
        filling = self.filling
        assert filling is not None
        step = filling.next
        page = self._page_of(filling, step.words) if step.button else None
        if page is not None:
            self.press(step.words, page)
        elif step.button and filling.waited < self.chance.choice((0, 0, 0, 2)):
            filling.waited += 1
            self.send_command("help")
            return
        else:
            self.person.send(step.words)
        self._count(filling, step)

    def _count(self, filling: Filling, step: Input) -> None:
        self.ledger.answers += 1
        filling.waited = 0
        filling.done += 1
        if step.gives is not None:
            filling.answers[step.gives[0]] = step.gives[1]
        if filling.done == len(filling.inputs):
            self.filling = None
            filling.finished()

    def _page_of(self, filling: Filling, label: str) -> Seen | None:
        """A page that shows the draft exactly as it must be now."""
        if filling.draft is None:
            return None
        for page in self.recent():
            if label in page.labels and drafted(page, label) == (filling.draft, filling.done):
                return page
        return None


def drafted(page: Seen, label: str) -> tuple[int, int] | None:
    """The draft's id and rev as a button has them."""
    pressed = unpack(page.data(label))
    return (pressed.id, pressed.rev) if pressed else None


SKIP = "跳过"


@dataclass(frozen=True, slots=True)
class Service:
    """A service, and for each field its answer and the words that give it; the nonce goes into `told`."""

    code: str
    told: str
    fields: tuple[tuple[str, object, str], ...]


LIAISON_SERVICE = Service(
    "S406",
    "claim",
    (
        ("dispute", "patent_infringement", "专利侵权"),
        ("counterparty", None, SKIP),
        ("patent_nos", None, SKIP),
        ("claim", None, ""),
        ("amount", None, SKIP),
        ("other_agrees", "unknown", "未知"),
        ("pending", "no", "否"),
        ("contact", "林知行", "林知行"),
        ("urgent_reason", None, SKIP),
        ("no_secrets", "yes", "是"),
    ),
)
DEPUTY_SERVICE = Service(
    "S301",
    "title_masked",
    (
        ("stage", "no_number_yet", "尚未取得申请号"),
        ("application_no", None, SKIP),
        ("patent_type", "design", "外观设计"),
        ("domain", "equipment_manufacturing", "装备制造"),
        ("tech_field", "H04L", "H04L"),
        ("ipc", "H04L 9/32", "H04L 9/32"),
        ("filed_subject", "演示单位", "演示单位"),
        ("filed_ok", "yes", "是"),
        ("agency", None, SKIP),
        ("title_masked", None, ""),
        ("first_applicant", "yes", "是"),
        ("contact", None, SKIP),
        ("urgent_reason", None, SKIP),
        ("no_secrets", "yes", "是"),
    ),
)
"""Two people of a base share the base's drafts, so each has a service of their own."""


class Liaison(Somebody):
    """Files requests, and adds words to them."""

    def __init__(self, person: Person, index: int, seed: int, ledger: Ledger, service: Service) -> None:
        super().__init__(person, index, seed, ledger)
        self._service = service
        self._opened: set[int] = set()
        self._wishes = False
        self._opening: Seen | None = None
        self._waited = 0

    def act(self) -> None:
        if self.filling is not None:
            self._learn_draft(self.filling)
            if self.chance.random() < 0.12:
                self._aside()
            else:
                self.go_on()
        elif self._wishes:
            self._open()
        elif self.chance.random() < 0.6:
            self._begin()
        else:
            self._aside()

    def _begin(self) -> None:
        """By the list of services, or by a press on any old message."""
        self._wishes = True
        self._waited = 0
        if self.chance.random() < 0.6:
            self.send_command("request")
        else:
            self._open_blindly()

    def _open(self) -> None:
        wish = self._service
        lists = [m for m in self.recent() if _offers(m, wish) and m.message_id not in self._opened]
        if lists:
            page = lists[0]
            self._opened.add(page.message_id)
            self.person.press_data(_data(wish), page)
            self._fill(page)
        elif self._waited < 3:
            self._waited += 1
            self._aside()
        else:
            self._open_blindly()

    def _open_blindly(self) -> None:
        assert self._menu is not None
        self.person.press_data(_data(self._service), self._menu)
        self._fill(None)

    def _fill(self, page: Seen | None) -> None:
        self._wishes, self._opening = False, page
        nonce = self.nonce()
        place = self._places
        filling = Filling(f"service:{self._service.code}", [*self._inputs(nonce)], lambda: None)

        def finished() -> None:
            self.ledger.filed.append(Filed(self.id, place, nonce, filling.answers))

        filling.finished = finished
        self.filling = filling

    def _inputs(self, nonce: str) -> Iterator[Input]:
        for key, value, words in self._service.fields:
            if key == self._service.told:
                yield Input(nonce, (key, nonce))
            else:
                yield Input(words, (key, value), button=value != words)
        yield Input("提交", button=True)

    def _learn_draft(self, filling: Filling) -> None:
        if filling.draft is None and self._opening is not None:
            page = self.person.refreshed(self._opening)
            if "取消" in page.labels and (found := drafted(page, "取消")):
                filling.draft = found[0]

    def _aside(self) -> None:
        pages = self.pages_of_requests()
        chance = self.chance.random()
        if pages and chance < 0.5:
            self.say(*self.chance.choice(pages), "say")
        elif pages and chance < 0.65 and "查看进度" in pages[0][0].labels:
            self.press("查看进度", pages[0][0])
        elif chance < 0.8:
            self.send_command("requests")
        else:
            self.send_command("help")


def _data(wish: Service) -> str:
    return f"service.{wish.code}:0:0"


def _offers(page: Seen, wish: Service) -> bool:
    return any(button.get("callback_data") == _data(wish) for row in page.buttons for button in row)


class Officer(Somebody):
    """Accepts what is new, answers and closes what is theirs (by number), on pages and by replies."""

    def __init__(
        self, person: Person, index: int, seed: int, ledger: Ledger, turn: int, officers: int
    ) -> None:
        super().__init__(person, index, seed, ledger)
        self._turn = turn
        self._officers = officers
        self._accepted: set[str] = set()
        self._closed: set[str] = set()
        self._opening: tuple[Seen, str, str] | None = None
        self._waited = 0

    def act(self) -> None:
        self._notice_accepted()
        if self._opening is not None:
            self._look_at_opening(*self._opening)
        elif self.filling is not None and self.chance.random() < 0.85:
            self.go_on()
        else:
            self._anything()

    def _anything(self) -> None:
        page = self.page_with("受理")
        mine = [(page, number) for page, number in self.pages_of_requests() if self._may_answer(number)]
        chance = self.chance.random()
        if page is not None and chance < 0.5:
            self.press("受理", page)
        elif mine and chance < 0.75:
            self.say(*self.chance.choice(mine), "answer")
        elif mine and chance < 0.95 and self.filling is None:
            self._open_form(mine)
        elif chance < 0.5:
            self.send_command("desk")
        else:
            self.send_command("help")

    def _may_answer(self, number: str) -> bool:
        mine = int(number[-4:]) % self._officers == self._turn
        return mine and number in self._accepted and number not in self._closed

    def _notice_accepted(self) -> None:
        """Only a request that has been accepted has a button to close it."""
        for page, number in self.pages_of_requests():
            if "办结" in page.labels:
                self._accepted.add(number)

    def _open_form(self, mine: list[tuple[Seen, str]]) -> None:
        label = self.chance.choice(("回复", "回复", "办结"))
        pages = [(page, number) for page, number in mine if label in page.labels]
        if not pages:
            self.send_command("help")
            return
        page, number = self.chance.choice(pages)
        self._opening, self._waited = (page, number, label), 0
        self.person.press(label, page)

    def _look_at_opening(self, page: Seen, number: str, label: str) -> None:
        """The form stands in place of the page; a page that was old is drawn anew, and that is that."""
        shown = self.person.refreshed(page)
        field_label = {"回复": "回复内容", "办结": "办结说明"}[label]
        if field_label in shown.text and "取消" in shown.labels:
            self._opening = None
            self._fill(number, label, shown)
            self.go_on()
        elif self._waited < 4:
            self._waited += 1
            self.send_command("help")
        else:
            self._opening = None
            self.send_command("desk")

    def _fill(self, number: str, label: str, page: Seen) -> None:
        nonce = self.nonce()
        move = {"回复": "answer", "办结": "close"}[label]
        word = Word(self.id, self._places, nonce, number, move)
        skip = [Input(SKIP, ("files", []), button=True)] if move == "answer" else []
        key = {"answer": "answer", "close": "summary"}[move]
        inputs = [Input(nonce, (key, nonce)), *skip, Input("提交", button=True)]
        filling = Filling(move, inputs, lambda: self.ledger.words.append(word))
        found = drafted(page, "取消")
        filling.draft = found[0] if found else None
        self.filling = filling
        if move == "close":
            self._closed.add(number)
