"""First in, first out for each chat; chats side by side."""

import asyncio
import random

from bot.fifo import Fifo


async def test_order_is_kept_within_a_chat_while_chats_overlap() -> None:
    done: list[tuple[int, int]] = []
    chance = random.Random(7)
    most_at_once, at_once = 0, 0

    async def work(item: tuple[int, int]) -> None:
        nonlocal at_once, most_at_once
        at_once += 1
        most_at_once = max(most_at_once, at_once)
        for _ in range(chance.randrange(5)):
            await asyncio.sleep(0)
        at_once -= 1
        done.append(item)

    fifo: Fifo[tuple[int, int]] = Fifo(work, width=8)
    for number in range(600):
        fifo.put(number % 20, (number % 20, number))
    await fifo.idle()
    assert len(done) == 600
    assert most_at_once == 8
    for chat in range(20):
        numbers = [number for key, number in done if key == chat]
        assert numbers == sorted(numbers)


async def test_stopping_finishes_what_is_in_hand_and_leaves_the_rest() -> None:
    started, release = asyncio.Event(), asyncio.Event()
    done: list[int] = []

    async def work(item: int) -> None:
        started.set()
        await release.wait()
        done.append(item)

    fifo: Fifo[int] = Fifo(work, width=4)
    fifo.put(1, 10)
    fifo.put(1, 11)
    await started.wait()
    stopping = asyncio.ensure_future(fifo.stop())
    await asyncio.sleep(0)
    release.set()
    await stopping
    assert done == [10]
