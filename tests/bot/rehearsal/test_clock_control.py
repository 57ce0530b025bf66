"""Moving the clock: by pieces, one move at a time, and what goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.rehearsal import ClockControl, RehearsalServer
from bot.rehearsal.clock import Winding
from bot.rehearsal.journal import Event, Events
from tests.bot.rehearsal.conftest import TOKEN


class Control:
    def __init__(self, *due: int) -> None:
        self.ms = 0
        self.due = due
        self.stops: list[int] = []

    def now(self) -> int:
        return self.ms

    async def next_due(self) -> int | None:
        return min((at for at in self.due if at > self.ms), default=None)

    async def advance(self, to_ms: int) -> None:
        await asyncio.sleep(0)
        self.ms = to_ms
        self.stops.append(to_ms)


async def moved(control: ClockControl, to: int) -> list[dict[str, Any]]:
    """Moves to the end; what was told."""
    events, told = Events(), list[Event]()
    events.listen(told.append)
    winding = Winding(control, events)
    winding.start(to)
    await events.until(lambda: winding.to is None, 2)
    return [event.about for event in told]


async def test_it_goes_from_one_due_instant_to_the_next() -> None:
    control = Control(3, 5, 20)
    told = await moved(control, 10)
    assert control.stops == [3, 5, 10]
    assert [about["now"] for about in told] == [0, 3, 5, 10, 10]
    assert [about["to"] for about in told] == [10, 10, 10, 10, None]


async def test_what_is_overdue_does_not_hold_it_up() -> None:
    class Overdue(Control):
        async def next_due(self) -> int | None:
            return -1

    control = Overdue()
    await moved(control, 10)
    assert control.stops == [10]


async def test_a_failure_is_told_and_the_next_move_is_free() -> None:
    class Failing(Control):
        async def advance(self, to_ms: int) -> None:
            raise RuntimeError("no disk")

    control = Failing()
    told = await moved(control, 10)
    assert told[-1] == {"now": 0, "to": None, "error": "no disk"}
    assert (await moved(control, 10))[-1]["error"] == "no disk"


@pytest.fixture
async def winding() -> AsyncIterator[Winding]:
    started = Winding(Control(3, 5), Events())
    yield started
    await started.close()


async def test_one_move_at_a_time_and_forward_only(winding: Winding) -> None:
    with pytest.raises(ValueError, match="forward only"):
        winding.start(0)
    winding.start(10)
    with pytest.raises(ValueError, match="being moved already"):
        winding.start(20)


async def test_a_stop_ends_it_at_the_next_due_instant() -> None:
    control, events = Control(3, 5), Events()
    winding = Winding(control, events)
    winding.start(10)
    winding.stop()
    await events.until(lambda: winding.to is None, 2)
    assert control.stops in ([], [3])
    winding.start(10)
    await events.until(lambda: winding.to is None, 2)
    assert control.stops[-1] == 10


async def test_a_server_that_stops_ends_a_move() -> None:
    class Stuck(Control):
        async def advance(self, to_ms: int) -> None:
            await asyncio.Event().wait()

    server = RehearsalServer(TOKEN, clock_control=Stuck())
    await server.start()
    assert server.winding
    server.winding.start(10)
    await asyncio.sleep(0)
    await asyncio.wait_for(server.stop(), 2)
    assert server.winding.to is None
