"""An annual report, its versions and signatures, and what a step leaves behind (Article 9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from domain.annual_content import Content, Entry, File, Part, Purpose, content
from domain.annual_papers import Period
from domain.notices import Notice, Subject


class State(StrEnum):
    DRAFT = "draft"  # 填报
    REVIEWING = "reviewing"  # 本单位保密审查
    APPROVING = "approving"  # 责任处室负责人审核
    APPROVED = "approved"  # signed by both, not submitted yet
    SUBMITTED = "submitted"  # 中心形式审查
    RETURNED = "returned"  # 请修改: with remarks, all at once
    SEALING = "sealing"  # 形式审查通过: the stamped copy is awaited
    SEALED = "sealed"  # the stamped copy is there
    ACCEPTED = "accepted"  # 接收


EDITABLE = frozenset({State.DRAFT, State.RETURNED, State.REVIEWING, State.APPROVING, State.APPROVED})
IN_OWN_UNIT = EDITABLE - {State.DRAFT, State.RETURNED}


class Via(StrEnum):
    """How something was done: in the bot, or in another way that an officer recorded (代录)."""

    PRESS = "press"
    SIGNED_PAGE = "signed_page"  # 签字页, uploaded by the base
    MAIL = "mail"  # 邮件
    PAPER = "paper"  # 纸质
    PHONE = "phone"  # 电话


RECORDED = frozenset({Via.MAIL, Via.PAPER, Via.PHONE})


class Signing(StrEnum):
    REVIEW = "review"  # 本单位保密审查, by the reviewer
    APPROVAL = "approval"  # 审核, by the head of the responsible department


class Move(StrEnum):
    SEND = "send"  # to the unit's own review
    REVIEW = "review"
    REFUSE_REVIEW = "refuse_review"
    APPROVE = "approve"
    REFUSE_APPROVAL = "disapprove"
    SUBMIT = "submit"  # for 形式审查: what counts as in time
    RETURN = "return"  # 请修改
    PASS = "pass"  # noqa: S105  通过形式审查
    SEAL = "seal"  # the stamped copy is handed in
    RESEAL = "reseal"  # the stamped copy is not usable
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, by name, and the sha256 of the content; `by` is who pressed, uploaded or recorded it."""

    signing: Signing
    name: str
    sha256: str
    via: Via
    by: int
    at: int
    attachment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A submission; `counts_on` is the day it counts for, that of arrival where it was recorded later."""

    number: int
    sha256: str
    via: Via
    counts_on: date
    by: int
    at: int
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version and what it consisted of; neither changes any more."""

    version: Version
    content: Content

    @property
    def intact(self) -> bool:
        return self.content.sha256 == self.version.sha256


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is asked of the base, by item: a code, the key of a section, a file; to which version."""

    move: Move
    version: int
    items: Mapping[str, str]
    by: int
    at: int


@dataclass(frozen=True, slots=True)
class Seal:
    """How the stamped copy came."""

    via: Via
    by: int
    at: int
    attachment_id: int | None = None


Key = tuple[Part, str]


@dataclass(frozen=True, slots=True)
class Report:
    """A base's report on a year; `since`: when it came into its state, in ms UTC.

    `entries` are the present ones, `signatures` and `remarks` all that were ever given. `officer_id` took it
    into review; None: nobody but the base's counterpart looks after it.
    """

    id: int
    base_id: int
    year: int
    state: State
    rev: int
    since: int
    period: Period | None = None
    entries: Mapping[Key, Entry] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    signatures: tuple[Signature, ...] = ()
    versions: tuple[Version, ...] = ()
    remarks: tuple[Remarks, ...] = ()
    seal_due_on: date | None = None
    seal: Seal | None = None
    extended_until: date | None = None
    officer_id: int | None = None

    @property
    def subject(self) -> Subject:
        return Subject("annual_report", self.id)

    @property
    def content(self) -> Content:
        return content(self.base_id, self.year, self.period, self.entries.values(), self.files)

    @property
    def begun(self) -> bool:
        """Whether anything was ever entered or attached: to open the page begins nothing."""
        return bool(self.entries or self.files)

    @property
    def read_as(self) -> str:
        """The state as people read it: a draft with nothing in it is `none`, not begun."""
        return self.state.value if self.begun or self.state is not State.DRAFT else "none"

    @property
    def returned(self) -> bool:
        """Whether the centre waits for the next version."""
        return any(one.move is Move.RETURN and one.version == len(self.versions) for one in self.remarks)

    def signed(self) -> dict[Signing, Signature]:
        """The signatures that belong to the present content."""
        sha256 = self.content.sha256
        return {one.signing: one for one in self.signatures if one.sha256 == sha256}

    def new_files(self, purpose: Purpose) -> tuple[File, ...]:
        """Those that came since it is in its state."""
        return tuple(one for one in self.files if one.purpose is purpose and one.at >= self.since)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The report after it, who is told, and what is to be kept beside the report itself.

    Nothing at all is kept where the same was submitted twice: the report is as it was, `repeated` is its
    version.
    """

    report: Report
    notices: tuple[Notice, ...] = ()
    entries: tuple[Entry, ...] = ()
    files: tuple[File, ...] = ()
    detached: tuple[int, ...] = ()
    signature: Signature | None = None
    snapshot: Snapshot | None = None
    remarks: Remarks | None = None
    repeated: Version | None = None

    def told(self, **facts: object) -> "Outcome":
        """With facts that only others know, in every notice: the base's name, the number of the receipt."""
        notices = tuple(replace(one, facts={**one.facts, **facts}) for one in self.notices)
        return replace(self, notices=notices)


def moved(report: Report, state: State, now: int) -> Report:
    since = now if state is not report.state else report.since
    return replace(report, state=state, rev=report.rev + 1, since=since)


def before_review(report: Report) -> State:
    """Where it goes when it is edited or refused."""
    return State.RETURNED if report.returned else State.DRAFT


def under_review(report: Report) -> State:
    """Waiting for the first signature that the present content lacks."""
    signed = report.signed()
    if Signing.REVIEW not in signed:
        return State.REVIEWING
    return State.APPROVED if Signing.APPROVAL in signed else State.APPROVING
