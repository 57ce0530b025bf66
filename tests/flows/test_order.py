"""Order holds within each chat (I4): of handling, of effects, of sends; whatever each update takes."""

import asyncio
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from telegram import Update

from bot.rehearsal.faults import Delay
from bot.rehearsal.people import Person
from domain.access import Action
from domain.notices import Subject
from handlers import letters, serving
from handlers.context import Ctx, Services
from handlers.routes import REGISTRY, Route, Serve
from storage.dialect import prepare
from tests.flows.conftest import House

CHATS = 200
UPDATES_A_CHAT = 15
AT_A_TIME = 5
LONGEST_S = 0.020
SLOW_MS = 300
"""An answer of Telegram's: longer than a chat waits for its next turn while all talk."""
PATIENCE = 90.0
_EFFECTS = prepare("SELECT subject_id, facts FROM audit WHERE action = 'counted' ORDER BY id")

InOrder = dict[int, list[int]]
"""By chat, the numbers that were said in it."""


@dataclass
class Counting:
    """`/count N`: an effect that says N and a send, with up to 20 ms around them."""

    chance: random.Random = field(default_factory=lambda: random.Random(4))
    handled: InOrder = field(default_factory=lambda: defaultdict(list))

    async def count(self, ctx: Ctx) -> None:
        number = int((ctx.update.effective_message.text or "").split()[1])  # type: ignore[union-attr]
        self.handled[ctx.chat_id].append(number)
        await ctx.record("counted", Subject("chat", ctx.chat_id), number=number)
        payload = letters.message(ctx.chat_id, str(number))
        ctx.rows.append(letters.row("sendMessage", payload, ctx.now, chat_id=ctx.chat_id))

    def unhurried(self, server: Callable[[Services], Serve]) -> Callable[[Services], Serve]:
        """Handlers that await; beside the transaction, where a body that waits would hold all others up."""

        def made(services: Services) -> Serve:
            serve = server(services)

            async def slowly(route: Route, update: Update) -> None:
                before = self.chance.uniform(0, LONGEST_S)
                await asyncio.sleep(before)
                await serve(route, update)
                await asyncio.sleep(self.chance.uniform(0, LONGEST_S - before))

            return slowly

        return made


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting()
    monkeypatch.setitem(REGISTRY.commands, "count", Route("/count", Action.OPEN, made.count))
    monkeypatch.setattr(serving, "server", made.unhurried(serving.server))
    return made


async def test_three_thousand_updates_of_two_hundred_chats_without_a_reversal(
    counting: Counting, house: House
) -> None:
    crowd = [house.newcomer(f"演示{number}") for number in range(CHATS)]
    house.server.world.faults.add("sendMessage", Delay(SLOW_MS), fraction=0.3)
    all_talk_at_once(crowd)
    asked = CHATS * UPDATES_A_CHAT
    calls = house.server.world.calls
    assert await house.server.world.events.until(lambda: len(calls) >= asked, PATIENCE)
    await house.server.world.expect_call("sendMessage", times=asked, timeout=PATIENCE)

    said = {person.id: list(range(UPDATES_A_CHAT)) for person in crowd}
    assert counting.handled == said
    assert await effects(house) == said
    assert received(house) == said
    assert {one.id: [int(m.text) for m in one.messages() if m.from_bot] for one in crowd} == said


def all_talk_at_once(crowd: list[Person]) -> None:
    """Chats in turn by chance, with several updates at a time; within each the numbers go up."""
    numbers = {person.id: itertools.count() for person in crowd}
    turns = crowd * (UPDATES_A_CHAT // AT_A_TIME)
    random.Random(200).shuffle(turns)
    for person in turns:
        for _ in range(AT_A_TIME):
            person.send(f"/count {next(numbers[person.id])}")


async def effects(house: House) -> InOrder:
    """As the record has them."""
    found: InOrder = defaultdict(list)
    async with house.database.read() as tx:
        for row in await tx.rows(_EFFECTS, {}):
            found[row["subject_id"]].append(json.loads(row["facts"])["number"])
    return found


def received(house: House) -> InOrder:
    """As the server received them, whenever it had executed them."""
    found: InOrder = defaultdict(list)
    for call in sorted(house.server.world.calls.executed("sendMessage"), key=lambda call: call.number):
        found[int(call.params["chat_id"])].append(int(call.params["text"]))
    return found
