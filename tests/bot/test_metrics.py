"""What Prometheus sees."""

from bot.metrics import Metrics
from domain.notices import Kind, Lane, SendState
from storage import jobs, outbox, updates
from storage.engine import Database
from storage.outbox import Row
from storage.updates import Incoming

NOW = 1_000_000


def a_row(due_at: int, state: SendState = SendState.QUEUED) -> Row:
    return Row(
        chat_id=1,
        lane=Lane.BULK,
        kind=Kind.BROADCAST,
        method="sendMessage",
        payload="{}",
        state=state,
        due_at=due_at,
        created_at=NOW,
    )


async def test_the_metrics_tell_what_is_in_the_tables_and_what_was_sent(database: Database) -> None:
    async with database.tx() as tx:
        await outbox.insert(tx, [a_row(NOW - 2_500), a_row(NOW), a_row(NOW, SendState.SENT)])
        await updates.store(tx, [Incoming(1, 1, "{}"), Incoming(2, 1, "{}")], NOW)
        await jobs.add(tx, "fetch", {}, NOW)
    metrics = Metrics()
    metrics.handled(30)
    metrics.sent("sent")
    metrics.sent("sent")
    metrics.sent("dead")
    metrics.throttled()
    lines = (await metrics.render(database, NOW)).decode().splitlines()
    for line in (
        'lianluo_outbox_depth{lane="bulk"} 2.0',
        'lianluo_outbox_depth{lane="interactive"} 0.0',
        "lianluo_outbox_oldest_seconds 2.5",
        'lianluo_updates{state="stored"} 2.0',
        'lianluo_jobs{state="waiting"} 1.0',
        'lianluo_sends_total{outcome="sent"} 2.0',
        'lianluo_sends_total{outcome="dead"} 1.0',
        "lianluo_throttled_total 1.0",
        'lianluo_update_seconds_bucket{le="0.025"} 0.0',
        'lianluo_update_seconds_bucket{le="0.05"} 1.0',
    ):
        assert line in lines


async def test_a_state_that_has_emptied_disappears(database: Database) -> None:
    metrics = Metrics()
    async with database.tx() as tx:
        await jobs.add(tx, "fetch", {}, NOW)
    await metrics.render(database, NOW)
    async with database.tx() as tx:
        [job] = await jobs.claim(tx, NOW, NOW + 1, 1)
    text = (await metrics.render(database, NOW)).decode()
    assert f'lianluo_jobs{{state="running"}} {job.attempts}.0' in text
    assert 'state="waiting"' not in text
