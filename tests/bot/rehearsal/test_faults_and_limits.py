"""What goes wrong on purpose, how it is logged, and Telegram's limits on sending."""

import asyncio
import time

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.rehearsal import (
    ANY,
    EVERYTHING,
    Delay,
    DropAfter,
    DropBefore,
    Event,
    Failure,
    Limits,
    Outcome,
    Person,
    RehearsalServer,
)
from bot.rehearsal.faults import Faults
from tests.bot.rehearsal import botapi
from tests.bot.rehearsal.conftest import Clock, Raw


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    person = server.world.person("张三")
    person.start()
    return person


@pytest.mark.parametrize(
    ("failure", "envelope"),
    [
        (
            Failure(429, retry_after=3),
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 3",
                "parameters": {"retry_after": 3},
            },
        ),
        (Failure(500), {"ok": False, "error_code": 500, "description": "Internal Server Error"}),
        (Failure(502), {"ok": False, "error_code": 502, "description": "Bad Gateway"}),
        (
            Failure(400, description="Bad Request: PEER_FLOOD"),
            {"ok": False, "error_code": 400, "description": "Bad Request: PEER_FLOOD"},
        ),
    ],
)
async def test_the_next_calls_of_a_method_fail(
    zhang: Person, call: Raw, failure: Failure, envelope: object
) -> None:
    zhang.world.faults.add("sendMessage", failure, times=2)
    assert (await call("getMe"))["ok"]
    for _ in range(2):
        assert await call("sendMessage", chat_id=zhang.id, text="a") == envelope
    assert (await call("sendMessage", chat_id=zhang.id, text="a"))["ok"]
    assert len(zhang.unread()) == 1
    assert len(zhang.world.calls.refused("sendMessage")) == 2


@pytest.mark.parametrize(
    ("effect", "outcome", "seen"),
    [(DropBefore(), Outcome.DROPPED, 0), (DropAfter(), Outcome.UNHEARD, 1)],
)
async def test_a_connection_is_cut_before_or_after_the_execution(
    zhang: Person, call: Raw, effect: DropBefore | DropAfter, outcome: Outcome, seen: int
) -> None:
    zhang.world.faults.add("sendMessage", effect, times=1)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=zhang.id, text="a")
    (logged,) = zhang.world.calls.of("sendMessage")
    assert logged.outcome is outcome
    assert len(zhang.world.calls.executed("sendMessage")) == seen
    assert len(zhang.unread()) == seen


async def test_a_delay_holds_one_call_and_not_the_others(zhang: Person, call: Raw) -> None:
    zhang.world.faults.add("sendMessage", Delay(1_000), times=1)
    begun = time.monotonic()
    took = []
    for sent in asyncio.as_completed([call("sendMessage", chat_id=zhang.id, text=text) for text in "ab"]):
        await sent
        took.append(time.monotonic() - begun)
    free, held = took
    assert free < 1 <= held
    assert {one.text for one in zhang.unread()} == {"a", "b"}


async def test_a_call_whose_client_gave_up_is_executed_all_the_same(
    server: RehearsalServer, zhang: Person
) -> None:
    server.world.faults.add("sendMessage", Delay(60), times=1)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(0.03)) as session:
        url = f"{server.base_url}{server.token}/sendMessage"
        with pytest.raises(TimeoutError):
            await session.post(url, json={"chat_id": zhang.id, "text": "a"})
    assert (await zhang.expect("a")).text == "a"
    (logged,) = await server.world.expect_call("sendMessage")
    assert logged.outcome is Outcome.UNHEARD


async def test_everything_is_refused_for_a_while(zhang: Person, call: Raw, clock: Clock) -> None:
    zhang.world.faults.add(EVERYTHING, Failure(502), for_ms=5_000)
    assert not (await call("getUpdates"))["ok"]
    assert not (await call("getMe"))["ok"]
    clock.pass_seconds(5)
    assert (await call("getMe"))["ok"]


def test_a_fraction_falls_the_same_way_with_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(lambda: 0, seed)
        faults.add(ANY, Failure(500), fraction=0.3)
        return [bool(faults.strike("sendMessage")) for _ in range(1000)]

    assert struck(1) == struck(1) != struck(2)
    assert 250 < sum(struck(1)) < 350


def test_any_spares_the_polling() -> None:
    faults = Faults(lambda: 0)
    fault = faults.add(ANY, Failure(500))
    assert faults.strike("getUpdates") == faults.strike("update") == []
    assert faults.strike("getMe") == [Failure(500)]
    faults.remove(fault)
    assert faults.strike("getMe") == []


@pytest.mark.parametrize(
    ("limits", "allowed", "retry_after"),
    [(Limits(per_chat=1), 1, 1), (Limits(per_bot=30), 30, 1), (Limits(per_group=20), 20, 60)],
)
async def test_limits_answer_429_until_the_window_has_passed(
    server: RehearsalServer,
    zhang: Person,
    call: Raw,
    clock: Clock,
    limits: Limits,
    allowed: int,
    retry_after: int,
) -> None:
    server.world.limits = limits
    group = server.world.group("中心", members=[zhang])
    for _ in range(allowed):
        assert (await call("sendMessage", chat_id=group.id, text="a"))["ok"]
    assert await call("sendMessage", chat_id=group.id, text="a") == {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {retry_after}",
        "parameters": {"retry_after": retry_after},
    }
    clock.pass_seconds(retry_after)
    assert (await call("sendMessage", chat_id=group.id, text="a"))["ok"]
    clock.pass_seconds(retry_after + 60)
    assert (await call("sendMessage", chat_id=group.id, text="a"))["ok"]


async def test_groups_have_limits_that_private_chats_have_not(
    server: RehearsalServer, zhang: Person, bot: Bot
) -> None:
    server.world.limits = Limits(per_group=1)
    for _ in range(3):
        await bot.send_message(zhang.id, "a")
    assert Limits.telegram() == Limits(per_chat=1, per_group=20, per_bot=30)


async def test_every_call_is_logged_and_told(server: RehearsalServer, zhang: Person, bot: Bot) -> None:
    told: list[Event] = []
    stop = server.world.events.listen(told.append)
    await bot.send_message(zhang.id, "年", disable_notification=True)
    with pytest.raises(BadRequest):
        await bot.send_message(zhang.id, "<x>", parse_mode="HTML")
    stop()
    await bot.get_me()
    sent, refused, _ = server.world.calls
    assert (sent.method, sent.params) == (
        "sendMessage",
        {"chat_id": zhang.id, "text": "年", "disable_notification": True},
    )
    assert (sent.outcome, sent.result["text"]) == (Outcome.EXECUTED, "年")
    assert (refused.outcome, refused.error_code) == (Outcome.REFUSED, 400)
    assert (
        refused.description
        == 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
    )
    assert [event.kind for event in told] == ["sent", "call", "call"]
    assert server.world.calls.of("sendMessage", text="年") == [sent]
    assert await server.world.expect_call("sendMessage", times=2) == [sent, refused]
    with pytest.raises(TimeoutError, match="0 of 1 calls of deleteMessage"):
        await server.world.expect_call("deleteMessage", timeout=0)
    if botapi.present():
        assert botapi.check_calls(server.world.calls) == []


async def test_it_is_fast_enough(zhang: Person, call: Raw) -> None:
    begun = time.process_time()
    await asyncio.gather(*(call("sendMessage", chat_id=zhang.id, text=str(number)) for number in range(500)))
    assert time.process_time() - begun < 2.5
    assert len(zhang.unread()) == 500
