"""How the year stands: how many bases are where (Article 9). Counts for the centre, never a ranking."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.ladders import Stage
from domain.obligations import Owed, State

MISSING = (Stage.NOT_STARTED, Stage.DRAFT, Stage.IN_REVIEW, Stage.REVIEWED)
"""Nothing has been submitted."""
GROUPS = (
    *(stage.value for stage in (*MISSING, Stage.RETURNED, Stage.SEAL_MISSING, Stage.WITH_CENTRE)),
    State.CLAIMED.value,
    State.RECEIVED.value,
    State.WAIVED.value,
)
"""Along the way."""


def group(owed: Owed) -> str:
    """Where it stands: the stage of the work, or what the centre has recorded of it."""
    state = owed.obligation.state
    return owed.standing.stage.value if state is State.OPEN else state.value


def tally(owed: Sequence[Owed]) -> Mapping[str, int]:
    """How many are in each group; every group is named."""
    found = Counter(map(group, owed))
    return {name: found[name] for name in GROUPS}


@dataclass(frozen=True, slots=True)
class Briefing:
    """情况汇报: numbers only. `expected` is the last day that was named, where every base has named one."""

    due_n: int
    accepted: int
    review: int
    returned: int
    missing: int
    extended: int
    called: int
    expected: date | None


def briefing(owed: Sequence[Owed], called: Collection[int]) -> Briefing:
    """`called` are the ids of the bases that were telephoned."""
    counts = tally(owed)
    missing = [one for one in owed if group(one) in MISSING]
    awaited = [one for one in owed if group(one) in (*MISSING, Stage.RETURNED)]
    days = [_expected(one) for one in missing]
    return Briefing(
        due_n=len(owed) - counts[State.WAIVED],
        accepted=counts[State.RECEIVED],
        review=counts[Stage.WITH_CENTRE] + counts[Stage.SEAL_MISSING] + counts[State.CLAIMED],
        returned=counts[Stage.RETURNED],
        missing=len(missing),
        extended=sum(one.standing.until is not None for one in missing),
        called=sum(one.obligation.base_id in called for one in awaited),
        expected=max((day for day in days if day), default=None) if all(days) else None,
    )


def _expected(owed: Owed) -> date | None:
    """The day that the base has named, else that to which it was put off."""
    named = owed.obligation.expected_on
    return date.fromisoformat(named) if named else owed.standing.until
