"""The demonstration bases (Articles 2 to 4)."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    ACTIVE = "active"  # 建设中
    EXPIRED = "expired"  # 期满
    LEFT = "left"  # 退出


@dataclass(frozen=True, slots=True)
class Base:
    """`code` is the centre's own; dates are ISO texts; `uscc` as GB 32100 has it."""

    id: int
    code: str
    name: str
    short_name: str
    uscc: str
    kind: str
    city: str
    batch: str
    recognised_on: str
    project_start: str | None
    department: str
    status: Status = Status.ACTIVE
    counterpart_id: int | None = None
    project_end: str | None = None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of status, its reason, and who of the centre made it when."""

    status: Status
    reason: str
    by: str
    at: int
