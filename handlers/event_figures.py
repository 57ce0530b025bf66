"""What came of 融企对接 as figures that the annual report proposes (Article 9)."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal

from domain.annual_report import Report
from domain.calendar import Calendar
from domain.events import Kind
from domain.figures import plain
from handlers.annual_proposed import SOURCES, Proposal
from storage import events
from storage.engine import Tx

LOANS, AMOUNT = "I26", "I27"


class FinanceOutcomes:
    """I26 质押融资笔数 and I27 质押融资金额 from what the base has told of 融企对接.

    What came of 供需对接 is not told by kind of contract, so no figure is proposed from it; a training of the
    centre's is none that the unit organised.
    """

    async def propose(self, tx: Tx, report: Report) -> Mapping[str, Proposal]:
        told = [
            one
            for one in await events.results_of_base(tx, report.base_id, *_bounds(report))
            if one.kind is Kind.FINANCE and one.outcome.contracts
        ]
        if not told:
            return {}
        names = tuple(one.title for one in told)
        loans = sum(one.outcome.contracts for one in told)
        amount = sum((Decimal(one.outcome.amount) for one in told), Decimal())
        found = {LOANS: Proposal(str(loans), names)}
        return {**found, AMOUNT: Proposal(plain(amount), names)} if amount else found


def _bounds(report: Report) -> tuple[int, int]:
    """The instants between which an event counts: of the period or, while none is fixed, of the year."""
    calendar = Calendar()
    first = report.period.first if report.period else date(report.year, 1, 1)
    last = report.period.cut_off if report.period else date(report.year, 12, 31)
    return calendar.at(first, time()), calendar.at(last + timedelta(days=1), time())


SOURCES.append(FinanceOutcomes())
