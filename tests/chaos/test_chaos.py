"""It holds: people act, the bot is killed, Telegram misbehaves, and nothing is lost or doubled unknowingly.

A seed that fails is played again:
python -m tests.chaos SEED --people … --updates … --kills … --database …
"""

import pytest

from tests.chaos.plan import Plan
from tests.chaos.run import run


async def hold(plan: Plan, database_url: str) -> None:
    report = await run(plan, database_url)
    assert report.kills == plan.kills
    assert report.ends == [], f"seed {plan.seed}: the bot ended by itself\n{report.log[-4000:]}"
    assert report.wrong == [], f"seed {plan.seed}\n{report.table()}\n{report.log[-4000:]}"


@pytest.mark.timeout(300)
async def test_two_hundred_updates_and_twenty_kills(database_url: str) -> None:
    await hold(Plan.drawn(7, people=10, updates=200, kills=20), database_url)


@pytest.mark.proof
@pytest.mark.timeout(3600)
async def test_two_thousand_updates_and_a_hundred_kills(database_url: str) -> None:
    await hold(Plan.drawn(2026, people=24, updates=2_000, kills=100), database_url)
