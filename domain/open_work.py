"""What is open for a base at a moment: it stays the base's when its people change (Article 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Rows as storage has them.

    `requests`: number, service (a code), state, due_at (ms UTC); `questions`: number, state, asked_at (ms);
    `reports`: year, state; `duties`: kind, year, title, due_on (ISO); `exchanges`: state, way, day (ISO);
    `drafts`: form (its registered name).
    """

    requests: Sequence[Row] = ()
    reports: Sequence[Row] = ()
    duties: Sequence[Row] = ()
    exchanges: Sequence[Row] = ()
    drafts: Sequence[Row] = ()
    questions: Sequence[Row] = ()

    def as_facts(self) -> dict[str, list[dict[str, object]]]:
        """As it is stored with a handover, and told."""
        return {
            "requests": [dict(row) for row in self.requests],
            "reports": [dict(row) for row in self.reports],
            "duties": [dict(row) for row in self.duties],
            "exchanges": [dict(row) for row in self.exchanges],
            "drafts": [dict(row) for row in self.drafts],
            "questions": [dict(row) for row in self.questions],
        }
