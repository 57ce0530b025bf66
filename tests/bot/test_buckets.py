"""How fast may be sent: simulated by the millisecond, judged by Telegram's own windows."""

from bisect import bisect_right

import pytest

from bot.buckets import PER_GROUP, Buckets

START = 1_795_579_200_000


def most_within(instants: list[int], span: int) -> int:
    """The most of them in any `span` ms."""
    return max(bisect_right(instants, at + span - 1) - i for i, at in enumerate(instants))


def broadcast(buckets: Buckets, ms: int, claim_ms: int = 8) -> list[int]:
    """When a broadcast to ever new chats sends, if each claim takes a while to become durable."""
    sent, chat, now = [], 0, START
    while now < START + ms:
        rows = buckets.room(now, 100)
        buckets.claimed(rows, now)
        now += claim_ms
        for _ in range(rows):
            chat += 1
            sent.append(buckets.turn(chat, now).at)
        now = max(now, buckets.opens(now))
    return sent


@pytest.mark.parametrize("per_second", [30, 1_000])
def test_a_broadcast_uses_what_there_is_and_never_more(per_second: int) -> None:
    sent = broadcast(Buckets(per_second), 20_000)
    assert most_within(sent, 1_000) <= per_second
    assert len(sent) >= 0.98 * 20 * per_second


@pytest.mark.parametrize(("per_second", "claim_ms"), [(30, 40), (1_000, 40)])
def test_slow_claims_are_made_up_for(per_second: int, claim_ms: int) -> None:
    sent = broadcast(Buckets(per_second), 20_000, claim_ms)
    assert most_within(sent, 1_000) <= per_second
    assert len(sent) >= 0.98 * 20 * per_second


def test_the_time_when_nothing_waited_is_not_made_up_for() -> None:
    buckets = Buckets(30)
    for now in range(START, START + 60_000, 1_000):
        assert buckets.room(now, 100) <= 1
        buckets.claimed(0, now)


def test_a_broadcast_is_claimed_some_at_a_time_not_one_by_one() -> None:
    buckets, claims, now = Buckets(1_000), 0, START
    while now < START + 10_000:
        buckets.claimed(buckets.room(now, 100), now)
        claims += 1
        now = max(now + 1, buckets.opens(now))
    assert claims <= 210


def test_a_reply_waits_a_moment_for_a_broadcast_not_a_second() -> None:
    buckets, chat, waits = Buckets(30), 0, []
    for now in range(START, START + 10_000):
        rows = buckets.room(now, 100)
        buckets.claimed(rows, now)
        for _ in range(rows):
            chat += 1
            buckets.turn(chat, now)
        if now % 500 == 499:
            buckets.replied(now)
            waits.append(buckets.turn(-chat, now).at - now)
    assert max(waits) <= 150


def test_replies_to_one_chat_follow_each_other_at_once() -> None:
    buckets = Buckets(30)
    assert {buckets.turn(7, START).at for _ in range(5)} == {START}


def test_a_send_counts_from_when_it_was_written() -> None:
    buckets = Buckets(1)
    buckets.turn(7, START).written(START + 150)
    assert buckets.opens_for_bulk(7) > START + 1_150
    assert buckets.turn(8, START + 500).at > START + 1_150


def test_a_chat_gets_one_bulk_message_a_second() -> None:
    buckets = Buckets(30)
    buckets.turn(7, START)
    opens = buckets.opens_for_bulk(7)
    assert START + 1_000 < opens <= START + 1_050
    assert buckets.shut(opens - 1) == {7}
    assert buckets.shut(opens) == set()


def test_a_group_gets_twenty_bulk_messages_a_minute() -> None:
    buckets, now, sent = Buckets(30), START, []
    while now < START + 180_000:
        sent.append(buckets.turn(-7, now).at)
        now = buckets.opens_for_bulk(-7)
    assert most_within(sent, 60_000) == PER_GROUP
    assert most_within(sent, 1_000) == 1
    assert len(sent) == 3 * PER_GROUP


def test_none_holds_where_they_are_turned_off() -> None:
    buckets = Buckets(0)
    assert {buckets.turn(-7, START).at for _ in range(2_000)} == {START}
    assert (buckets.room(START, 100), buckets.opens(START), buckets.opens_for_bulk(-7)) == (100, START, 0)
    assert buckets.shut(START) == set()


@pytest.mark.parametrize("per_second", [0, 30])
def test_a_429_freezes_its_chat_alone(per_second: int) -> None:
    buckets = Buckets(per_second)
    buckets.throttled(7, START + 3_000, START)
    assert (buckets.frozen_until(7), buckets.frozen_until(8)) == (START + 3_000, 0)
    assert buckets.shut(START + 2_999) == {7}
    assert buckets.room(START, 1) == 1


def test_a_shorter_freeze_does_not_end_a_longer_one() -> None:
    buckets = Buckets(30)
    buckets.throttled(7, START + 9_000, START)
    buckets.throttled(7, START + 1_000, START)
    assert buckets.frozen_until(7) == START + 9_000


@pytest.mark.parametrize(
    ("chats", "instants", "frozen"),
    [
        ((1, 2, 3), (0, 500, 999), True),
        ((1, 2, 3), (0, 500, 1_000), False),
        ((1, 2, 1), (0, 1, 2), False),
    ],
)
def test_three_chats_within_a_second_freeze_the_bot(
    chats: tuple[int, ...], instants: tuple[int, ...], frozen: bool
) -> None:
    buckets = Buckets(30)
    for chat, at in zip(chats, instants, strict=True):
        buckets.throttled(chat, START + 5_000, START + at)
    assert (buckets.frozen_until(99) == START + 5_000) is frozen
    assert (buckets.room(START + 4_999, 10) == 0) is frozen
    assert (buckets.opens(START + 1_000) == START + 5_000) is frozen
    assert buckets.room(START + 5_000, 1) == 1
