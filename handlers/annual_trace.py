"""办理记录: who did what with an annual report and when, for the centre and for 监督查阅 (Article 9)."""

import json

from domain.annual_report import Report
from handlers.context import Ctx
from storage import audit, people

NOT_TOLD = frozenset({"annual_paper"})
"""Printing a paper does nothing to the report."""


async def rows(ctx: Ctx, report: Report) -> list[dict[str, object]]:
    """The newest first; many entries of one person on one day are one row with their number."""
    told: list[dict[str, object]] = []
    for one in await audit.trail(ctx.tx, report.subject):
        if one["action"] in NOT_TOLD:
            continue
        by = (await people.get(ctx.tx, one["actor_id"])).name if one["actor_id"] else None
        row = {"at": one["at"], "by": by, "action": one["action"], "times": 1}
        if told and _same(ctx, told[-1], row):
            row["times"] = int(str(told.pop()["times"])) + 1
        told.append(row | await _of_officer(ctx, one["facts"]))
    return told[::-1]


def _same(ctx: Ctx, before: dict[str, object], row: dict[str, object]) -> bool:
    day = ctx.services.calendar.today
    return (before["by"], before["action"], day(int(str(before["at"])))) == (
        row["by"],
        row["action"],
        day(int(str(row["at"]))),
    )


async def _of_officer(ctx: Ctx, facts: str | dict[str, object]) -> dict[str, object]:
    """Who was put in charge."""
    known = json.loads(facts) if isinstance(facts, str) else facts
    officer = known.get("officer")
    return {"officer": (await people.get(ctx.tx, int(str(officer)))).name if officer else None}
