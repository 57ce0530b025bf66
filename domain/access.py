"""Who may do what: one table, default deny."""

from enum import StrEnum

from domain.errors import Forbidden
from domain.people import Actor, Role


class Action(StrEnum):
    OPEN = "open"  # what anybody may press or say: start, help, privacy
    MENU = "menu"
    REQUEST_FILE = "request_file"
    REQUEST_READ = "request_read"
    REQUEST_SAY = "request_say"
    REQUEST_WITHDRAW = "request_withdraw"
    REQUEST_ACCEPT = "request_accept"
    REQUEST_ANSWER = "request_answer"
    REQUEST_SUPPLEMENT = "request_supplement"
    REQUEST_CLOSE = "request_close"
    REQUEST_RECORD = "request_record"  # 代录: for a base, by mail, on paper or by telephone
    BASES = "bases"
    BASE_KEEP = "base_keep"  # its counterpart, status and project
    INVITE = "invite"
    ABSENCE = "absence"  # 暂离
    VACATION = "vacation"  # 寒暑假 of a base
    HANDOVER = "handover"  # the page of a change of liaison, and its papers
    HANDOVER_PROPOSE = "handover_propose"
    HANDOVER_CONFIRM = "handover_confirm"
    HANDOVER_REGISTER = "handover_register"
    CALL_RECORD = "call_record"  # 电话记录
    QUESTION_ASK = "question_ask"  # to the base's counterpart; adding to it, closing it
    QUESTION_READ = "question_read"
    QUESTION_ANSWER = "question_answer"
    QUESTION_TURN = "question_turn"  # into a service request
    DESK = "desk"
    PHONE_CONFIRM = "phone_confirm"
    SETTINGS = "settings"
    PROFILE = "profile"
    PRIVACY = "privacy"  # one's own data: see, take along, put right, erase
    CORRECT = "correct"  # put right what somebody asked for
    ACCESS_LOG = "access_log"  # who saw whose data
    ERASE_FOR = "erase_for"  # erase somebody who asked for it by telephone or letter
    CONTACTS = "contacts"
    REPORT = "report"
    REPORT_CLAIM = "report_claim"  # 已另行报送, or the date on which it will come
    REPORT_READ = "report_read"  # what is in an annual report, and its files
    REPORT_FILL = "report_fill"  # 填报, 提交, the signed page, the sealed copy
    REPORT_REVIEW = "report_review"  # 本单位保密审查
    REPORT_APPROVE = "report_approve"  # 责任处室负责人审核
    REPORT_CHECK = "report_check"  # 形式审查, 请修改, 接收
    REPORT_RECORD = "report_record"  # 代录
    REPORT_ASSIGN = "report_assign"  # who is in charge of it
    REPORT_OVERSEE = "report_oversee"  # 监督查阅: what was submitted and what was done with it, read only
    REPORT_PERIOD = "report_period"  # 统计期 of the year
    REPORTS = "reports"
    REPORT_RECEIVE = "report_receive"  # 标记已收到, and taking that back
    ANNOUNCE = "announce"
    ANNOUNCE_SIGN = "announce_sign"  # 签发, 请修改
    NOTICES = "notices"  # the list: what a base got, what the centre sent
    NOTICE_RECEIVE = "notice_receive"  # 收到

    GATE_ANSWER = "gate_answer"  # for what was found in one's own file
    GATE_CONFIRM = "gate_confirm"  # as the base's 保密审查人
    INCIDENTS = "incidents"  # the register of what was blocked
    EXPORT = "export"  # 汇总: every figure and file of a year
    FILE_OPEN = "file_open"  # fetch a file past Telegram
    EVENTS = "events"  # the list: what a base is invited to, what the centre holds
    EVENT_REGISTER = "event_register"  # 报名, 取消报名
    EVENT_KEEP = "event_keep"  # 新建活动, 发布, changes, 代录
    EVENT_CHECK_IN = "event_check_in"  # 签到
    EXCHANGES = "exchanges"  # 沟通交流: the list, a page, the year's record
    EXCHANGE_KEEP = "exchange_keep"  # plan, record, confirm for one's own side; tick a follow-up
    EXCHANGE_RECORD = "exchange_record"  # 代录: the base's word on a record
    EVENT_OUTCOME = "event_outcome"  # 意向, 签约, 金额
    SUPPLY = "supply"  # 供需信息: the list
    SUPPLY_FILE = "supply_file"  # offer, seek, change, renew, withdraw, agree to be put in touch
    SUPPLY_READ = "supply_read"  # every base's cards
    SUPPLY_REVIEW = "supply_review"  # publish, return, introduce two
    CASES = "cases"  # 典型案例: the shelf, and one's own
    CASE_FILE = "case_file"  # file, change, withdraw
    CASE_CONSENT = "case_consent"  # to a use, or taking that back
    CASE_READ = "case_read"  # every base's cases
    CASE_REVIEW = "case_review"  # pass, return, publish
    AUDIENCE = "audience"  # 选择范围


_BASE_WORK = frozenset({Role.LIAISON, Role.DEPUTY})
_DESK_WORK = frozenset({Role.OFFICER, Role.SUPERVISOR})
_EVERYONE = frozenset(Role)

TABLE: dict[Action, frozenset[Role]] = {
    Action.MENU: _EVERYONE,
    Action.REQUEST_FILE: _BASE_WORK,
    Action.REQUEST_READ: _EVERYONE - {Role.REVIEWER, Role.SECRECY},
    Action.REQUEST_SAY: _BASE_WORK,
    Action.REQUEST_WITHDRAW: _BASE_WORK,
    Action.REQUEST_ACCEPT: _DESK_WORK,
    Action.REQUEST_ANSWER: _DESK_WORK,
    Action.REQUEST_SUPPLEMENT: _DESK_WORK,
    Action.REQUEST_CLOSE: _DESK_WORK,
    Action.REQUEST_RECORD: _DESK_WORK,
    Action.BASES: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR}),
    Action.BASE_KEEP: _DESK_WORK | {Role.ADMIN},
    Action.ABSENCE: _BASE_WORK,
    Action.VACATION: _BASE_WORK | _DESK_WORK,
    Action.HANDOVER: _BASE_WORK | _DESK_WORK | {Role.HEAD},
    Action.HANDOVER_PROPOSE: _BASE_WORK | _DESK_WORK | {Role.HEAD},
    Action.HANDOVER_CONFIRM: frozenset({Role.HEAD}),
    Action.HANDOVER_REGISTER: _DESK_WORK,
    Action.INVITE: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.ADMIN}),
    Action.CALL_RECORD: _DESK_WORK,
    Action.QUESTION_ASK: _BASE_WORK | {Role.HEAD},
    Action.QUESTION_READ: _BASE_WORK | _DESK_WORK | {Role.HEAD, Role.AUDITOR},
    Action.QUESTION_ANSWER: _DESK_WORK,
    Action.QUESTION_TURN: _BASE_WORK | _DESK_WORK,
    Action.DESK: _DESK_WORK | {Role.AUDITOR},
    Action.PHONE_CONFIRM: _DESK_WORK,
    Action.SETTINGS: frozenset({Role.ADMIN}),
    Action.PROFILE: _EVERYONE,
    Action.PRIVACY: _EVERYONE,
    Action.CORRECT: _DESK_WORK | {Role.ADMIN},
    Action.ACCESS_LOG: frozenset({Role.ADMIN, Role.AUDITOR}),
    Action.ERASE_FOR: frozenset({Role.ADMIN}),
    Action.CONTACTS: _EVERYONE,
    Action.REPORT: _BASE_WORK | {Role.HEAD, Role.REVIEWER},
    Action.REPORT_CLAIM: _BASE_WORK,
    Action.REPORT_READ: _BASE_WORK | _DESK_WORK | {Role.HEAD, Role.REVIEWER, Role.AUDITOR},
    Action.REPORT_FILL: _BASE_WORK,
    Action.REPORT_REVIEW: frozenset({Role.REVIEWER}),
    Action.REPORT_APPROVE: frozenset({Role.HEAD}),
    Action.REPORT_CHECK: _DESK_WORK,
    Action.REPORT_RECORD: _DESK_WORK,
    Action.REPORT_ASSIGN: frozenset({Role.SUPERVISOR}),
    Action.REPORT_OVERSEE: frozenset({Role.AUDITOR}),
    Action.REPORT_PERIOD: _DESK_WORK,
    Action.REPORTS: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR}),
    Action.REPORT_RECEIVE: _DESK_WORK,
    Action.ANNOUNCE: _DESK_WORK,
    Action.ANNOUNCE_SIGN: frozenset({Role.SUPERVISOR}),
    Action.NOTICES: _BASE_WORK | _DESK_WORK | {Role.HEAD},
    Action.NOTICE_RECEIVE: _BASE_WORK | {Role.HEAD},
    Action.GATE_ANSWER: _EVERYONE,
    Action.GATE_CONFIRM: frozenset({Role.REVIEWER}),
    Action.INCIDENTS: frozenset({Role.SECRECY}),
    Action.SUPPLY: _BASE_WORK | _DESK_WORK | {Role.AUDITOR},
    Action.SUPPLY_FILE: _BASE_WORK,
    Action.SUPPLY_READ: _DESK_WORK | {Role.AUDITOR},
    Action.SUPPLY_REVIEW: _DESK_WORK,
    Action.CASES: _BASE_WORK | _DESK_WORK | {Role.HEAD, Role.AUDITOR},
    Action.CASE_FILE: _BASE_WORK,
    Action.CASE_CONSENT: _BASE_WORK | {Role.HEAD},
    Action.CASE_READ: _DESK_WORK | {Role.AUDITOR},
    Action.CASE_REVIEW: _DESK_WORK,
    Action.EXPORT: _DESK_WORK | {Role.ADMIN},
    Action.FILE_OPEN: _EVERYONE,
    Action.EVENTS: _EVERYONE - {Role.SECRECY},
    Action.EVENT_REGISTER: _BASE_WORK | {Role.HEAD, Role.REVIEWER},
    Action.EVENT_KEEP: _DESK_WORK,
    Action.EVENT_CHECK_IN: _DESK_WORK,
    Action.AUDIENCE: _DESK_WORK,
    Action.EXCHANGES: _BASE_WORK | _DESK_WORK | {Role.HEAD, Role.AUDITOR},
    Action.EXCHANGE_KEEP: _BASE_WORK | _DESK_WORK,
    Action.EXCHANGE_RECORD: _DESK_WORK,
    Action.EVENT_OUTCOME: _BASE_WORK | {Role.HEAD},
}


def may(actor: Actor | None, action: Action, base_id: int | None = None) -> bool:
    """Whether the actor may do it; with `base_id`, for that base's work.

    A base's role counts for its own base only; without `base_id` any base's role counts.
    """
    if action is Action.OPEN:
        return True
    if actor is None:
        return False
    held = actor.roles(base_id) if base_id is not None else frozenset(m.role for m in actor.memberships)
    return not held.isdisjoint(TABLE.get(action, frozenset()))


def require(actor: Actor | None, action: Action, base_id: int | None = None) -> Actor:
    """The actor, known to be allowed. Raises Forbidden."""
    if actor is None or not may(actor, action, base_id):
        raise Forbidden
    return actor
