"""One run: people act, things go wrong by the plan, then all is mended, drained and audited."""

import asyncio
import random
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import Person, RehearsalServer
from domain.bases import Base
from domain.people import Membership, PhoneCheck, Role
from storage import bases, people
from storage.dialect import prepare
from storage.engine import Database, connect
from storage.migrate import migrate
from tests.chaos.audit import Audit, Report
from tests.chaos.ledger import Ledger
from tests.chaos.people import DEPUTY_SERVICE, LIAISON_SERVICE, Liaison, Officer, Somebody
from tests.chaos.plan import Away, Event, Kill, Plan, Trouble, When
from tests.chaos.process import Bot

TOKEN = "42:TEST-TOKEN-OF-THE-CHAOS"
PATIENCE_S = 60.0
"""For what must come: the machine does other things too."""
BREATH_S = 0.15
"""At most, between two acts, where nothing happens that could be counted."""
SOMEBODY_ELSE = 0.6
GAPS = (0, 0, 1, 2, 4, 8)
"""So many calls the server sees between two acts."""

_BASE = Base(
    id=0,
    code="",
    name="",
    short_name="",
    uscc="",
    kind="高校",
    city="成都",
    batch="第一批",
    recognised_on="2024-12-20",
    project_start=None,
    department="科技处",
)

_OPEN = (
    prepare("SELECT count(*) FROM updates WHERE state = 'stored'"),
    prepare("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"),
    prepare("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')"),
)


async def run(plan: Plan, database_url: str) -> Report:
    """Play the plan on a fresh database."""
    with tempfile.TemporaryDirectory(prefix="lianluo-chaos-") as folder:
        async with RehearsalServer(TOKEN, clock=SystemClock().now, seed=plan.seed) as server:
            database = await connect(database_url)
            try:
                await migrate(database)
                return await _play(plan, server, database, database_url, Path(folder))
            finally:
                await database.close()


async def _play(
    plan: Plan, server: RehearsalServer, database: Database, database_url: str, folder: Path
) -> Report:
    config = Config(
        token=SecretStr(TOKEN),
        api_url=server.url,
        database_url=database_url,
        data_dir=folder / "data",
        listen="127.0.0.1:0",
        sends_per_second=0,
    )
    log = folder / "log"
    bot = Bot(config, log)
    ledger = Ledger()
    cast = await _cast(plan, server, database, ledger)
    await bot.start()
    try:
        chaos = Chaos(plan, server, bot, cast, database)
        await chaos.play()
        code = await bot.stop()
    finally:
        await bot.stop()
    audit = Audit(server.world, database, ledger, cast)
    report = await audit.report()
    report.kills, report.ends, report.log = bot.kills, bot.ends, log.read_text()
    if code:
        report.wrong.append(f"SIGTERM ended the bot with {code}")
    return report


# --- the people -------------------------------------------------------------------------------------------


async def _cast(plan: Plan, server: RehearsalServer, database: Database, ledger: Ledger) -> list[Somebody]:
    cast: list[Somebody] = []
    for turn in range(plan.officers):
        person = await _enrolled(server, database, f"经办{turn}", Role.OFFICER, None)
        cast.append(Officer(person, len(cast), plan.seed, ledger, turn, plan.officers))
    for number in range(plan.bases):
        base_id = await _base(database, number)
        for role, service in ((Role.LIAISON, LIAISON_SERVICE), (Role.DEPUTY, DEPUTY_SERVICE)):
            person = await _enrolled(server, database, f"{role}{number}", role, base_id)
            cast.append(Liaison(person, len(cast), plan.seed, ledger, service))
    return cast


async def _base(database: Database, number: int) -> int:
    named = replace(
        _BASE,
        code=f"YS{number:02}",
        name=f"演示基地{number}",
        short_name=f"基地{number}",
        uscc=f"12510000DEM{number:06}E",
    )
    async with database.tx() as tx:
        await bases.add(tx, named)
        found = await bases.by_code(tx, named.code)
    assert found is not None
    return found.id


async def _enrolled(
    server: RehearsalServer, database: Database, name: str, role: Role, base_id: int | None
) -> Person:
    person = server.world.person(name)
    now = SystemClock().now()
    async with database.tx() as tx:
        person_id = await people.add(tx, name, now)
        await people.appoint(tx, person_id, Membership(role, base_id), now)
        await people.enrol(
            tx,
            person_id,
            telegram_id=person.id,
            phone="",
            check=PhoneCheck.NONE,
            locale="zh_CN",
            now=now,
        )
    return person


# --- what happens -----------------------------------------------------------------------------------------


@dataclass
class Chaos:
    plan: Plan
    server: RehearsalServer
    bot: Bot
    cast: list[Somebody]
    database: Database

    def __post_init__(self) -> None:
        self._world = self.server.world
        self._chance = random.Random(f"{self.plan.seed}/pace")
        self._events = deque(self.plan.events)
        self._zeal = [self._chance.randint(1, 6) for _ in self.cast]
        self._last: Somebody | None = None
        self._away = 0
        self._first = 0

    @property
    def asked(self) -> int:
        """Updates so far, the opening ones left out."""
        return self._world.state.next_update_id - self._first

    async def play(self) -> None:
        await self._open()
        while self.asked < self.plan.updates:
            while self._events and self._events[0].at <= self.asked:
                await self._let(self._events.popleft())
            self._somebody().act()
            await self._breathe()
        for event in self._events:
            await self._let(event)
        await self._mend()
        await self._drain()

    def _somebody(self) -> Somebody:
        """Often the same once more; some are busier than others."""
        if self._last is None or self._chance.random() < SOMEBODY_ELSE:
            [self._last] = self._chance.choices(self.cast, self._zeal)
        return self._last

    async def _open(self) -> None:
        """Everybody has the menu before anything goes wrong."""
        for somebody in self.cast:
            somebody.send_command("menu")
        await self._until(lambda: all(somebody.ready() for somebody in self.cast), "the menus")
        self._first = self._world.state.next_update_id

    async def _breathe(self) -> None:
        if self._away:
            self._away -= 1
            await asyncio.sleep(BREATH_S)
            if not self._away:
                await self.server.start()
            return
        await self._calls(self._chance.choice(GAPS), BREATH_S)
        await self.bot.tend()

    async def _calls(self, wanted: int, seconds: float) -> None:
        """Until the server has seen so many more calls, or the seconds are over."""
        goal = len(self._world.calls) + wanted
        await self._world.events.until(lambda: len(self._world.calls) >= goal, seconds)

    async def _let(self, event: Event) -> None:
        match event:
            case Trouble(_, method, effect, times):
                self._world.faults.add(method, effect, times=times)
            case Away(_, acts) if not self._away:
                self._away = acts
                await self.server.stop()
            case Kill():
                await self._kill(event)

    async def _kill(self, kill: Kill) -> None:
        if kill.when is When.SOON:
            await self._calls(1 + kill.calls, BREATH_S * (1 + kill.calls))
        await self.bot.kill()
        await self.bot.start()
        if kill.when is When.RECOVERING:
            # no call at all: while it still reads its code, or opens the database
            await self._calls(kill.calls, 0.2 + 0.1 * kill.calls)
            await self.bot.kill()
            await self.bot.start()
        if not self._away:
            await self._alive()

    async def _alive(self) -> None:
        """Until the bot asks for updates; what people do meanwhile comes all at once."""
        for _ in range(self._chance.randrange(4)):
            self._somebody().act()
        before = len(self._world.calls)

        def asks() -> bool:
            new = self._world.calls.all[before:]
            # a poll that waits is this process's only if the process has spoken before it
            return any(call.method == "getUpdates" for call in new) or (
                bool(new) and self._world.updates.waiting
            )

        await self._until(asks, "getUpdates")

    async def _mend(self) -> None:
        self._world.faults.clear()
        if self._away:
            self._away = 0
            await self.server.start()

    async def _drain(self) -> None:
        await self._until(lambda: not self._world.updates.pending, "the updates to be confirmed")
        async with asyncio.timeout(PATIENCE_S):
            while await self._left():
                await self.bot.tend()
                await asyncio.sleep(0.1)

    async def _left(self) -> bool:
        async with self.database.read() as tx:
            left = [await tx.value(statement, {}) for statement in _OPEN]
        return any(left)

    async def _until(self, check: Callable[[], bool], what: str) -> None:
        """A bot that ends by itself is started again meanwhile."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while not await self._world.events.until(check, 0.5):
            await self.bot.tend()
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError(f"{what}: not within {PATIENCE_S} s")
