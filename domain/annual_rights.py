"""Who may do what with an annual report (Article 9), by the names that `domain/access.py` would give it."""

from enum import StrEnum

from domain.errors import Forbidden
from domain.people import Actor, Role


class Right(StrEnum):
    FILL = "report_fill"  # 填报, 提交, the signed page, the sealed copy
    REVIEW = "report_review"  # 本单位保密审查
    APPROVE = "report_approve"  # 责任处室负责人审核
    CHECK = "report_check"  # 形式审查, 请修改, 接收
    RECORD = "report_record"  # 代录: what came by mail, on paper or by telephone
    PERIOD = "report_period"  # 统计期 of the year


_DESK = frozenset({Role.OFFICER, Role.SUPERVISOR})

RIGHTS: dict[Right, frozenset[Role]] = {
    Right.FILL: frozenset({Role.LIAISON, Role.DEPUTY}),
    Right.REVIEW: frozenset({Role.REVIEWER}),
    Right.APPROVE: frozenset({Role.HEAD}),
    Right.CHECK: _DESK,
    Right.RECORD: _DESK,
    Right.PERIOD: _DESK,
}


def may(actor: Actor, right: Right, base_id: int | None) -> bool:
    return not actor.roles(base_id).isdisjoint(RIGHTS[right])


def require(actor: Actor, right: Right, base_id: int | None) -> None:
    """Raises Forbidden."""
    if not may(actor, right, base_id):
        raise Forbidden
