"""The annual report's life (Article 9): from 填报 to 接收, who may move it, and who hears of it.

    draft ─send─▶ reviewing ─review─▶ approving ─approve─▶ approved ─submit─▶ submitted ─pass─▶ sealing
      ▲              │                    │                   │                  │                │ seal
      └───────── editing, or a refusal ───┴───────────────────┘   returned ◀─return             sealed
                                                                                                  │ accept
                                                                                              accepted

A signature belongs to the hash of a content: whatever is edited after it needs to be signed anew, and what is
put back as it was does not. In time is what was first submitted in time; the seal is needed once, at the end.
The table is `domain/annual_rules.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.access import Action, require
from domain.annual_checklist import missing
from domain.annual_content import Purpose
from domain.annual_notices import told
from domain.annual_report import (
    RECORDED,
    Move,
    Outcome,
    Remarks,
    Report,
    Seal,
    Signature,
    Signing,
    Snapshot,
    State,
    Version,
    Via,
    before_review,
    moved,
    under_review,
)
from domain.annual_rules import RULES, Demand, Rule
from domain.calendar import Calendar
from domain.errors import Forbidden, Refused, Stale
from domain.indicators import edition
from domain.people import Actor
from domain.verification import Discrepancy

SEAL_WORKING_DAYS = 10


@dataclass(frozen=True, slots=True)
class Command:
    """A move by somebody. `seen_rev` is what their screen showed, None where no screen was involved.

    `findings` are what every rule found in the present content; `remarks` by item; `signed_by` is the name on
    the page, or of whom an officer spoke with; `received_on` when a recorded report arrived.
    """

    move: Move
    actor: Actor
    now: int
    seen_rev: int | None = None
    via: Via = Via.PRESS
    findings: Sequence[Discrepancy] | None = None
    remarks: Mapping[str, str] = field(default_factory=dict)
    signed_by: str = ""
    attachment_id: int | None = None
    received_on: date | None = None
    seal_days: int = SEAL_WORKING_DAYS
    calendar: Calendar = field(default_factory=Calendar)


def decide(report: Report, command: Command) -> Outcome:
    """What the move makes of the report. Raises Forbidden, Stale, or Refused with what is demanded.

    The same content submitted twice is one version: the second time nothing changes.
    """
    rule = RULES[command.move]
    require(command.actor, _action(rule, command.via), report.base_id)
    if command.move is Move.SUBMIT and (last := _submitted_already(report)) is not None:
        return Outcome(report, repeated=last)
    if command.seen_rev is not None and command.seen_rev != report.rev:
        raise Stale("annual_report", report.id)
    if report.state not in rule.before:
        raise Refused("annual/not_in_this_state", year=report.year, state=report.state)
    for demand in rule.demands:
        _DEMANDED[demand](report, command)
    return told(_MAKES[command.move](report, command), command.move, command.actor)


def _action(rule: Rule, via: Via) -> Action:
    """A page is uploaded by the base, a record made by an officer. Raises Forbidden for another way."""
    if via is Via.PRESS:
        return rule.action
    if via not in rule.other_ways:
        raise Forbidden
    return Action.REPORT_RECORD if via in RECORDED else Action.REPORT_FILL


def _submitted_already(report: Report) -> Version | None:
    if report.state is not State.SUBMITTED:
        return None
    last = report.versions[-1]
    return last if last.sha256 == report.content.sha256 else None


# --- what is demanded -------------------------------------------------------------------------------------


def _verified(report: Report, command: Command) -> None:
    """A record of what came on paper is taken as it is: the centre's own check demands the rest then."""
    if command.via in RECORDED:
        if not report.content.there:
            raise Refused("annual/nothing_recorded")
        return
    if command.findings is None:
        raise ValueError(f"{command.move}: without findings nothing is verified")
    if keys := missing(report.content, edition(report.year), command.findings):
        raise Refused("annual/incomplete", missing=keys)


def _both_signed(report: Report, _: Command) -> None:
    if wanting := [one.value for one in Signing if one not in report.signed()]:
        raise Refused("annual/unsigned", missing=wanting)


def _changed(report: Report, _: Command) -> None:
    if report.versions and report.versions[-1].sha256 == report.content.sha256:
        raise Refused("annual/unchanged", version=report.versions[-1].number)


def _remarked(_: Report, command: Command) -> None:
    if not any(words.strip() for words in command.remarks.values()):
        raise Refused("annual/remarks_missing")


def _page_or_name(report: Report, command: Command) -> None:
    """A page that was signed for another content does not serve again."""
    if command.via is not Via.PRESS and not command.signed_by.strip():
        raise Refused("annual/signer_missing")
    if command.via is not Via.SIGNED_PAGE:
        return
    pages = {one.attachment_id for one in report.files if one.purpose is Purpose.SIGNED_PAGE}
    sha256 = report.content.sha256
    used = {one.attachment_id for one in report.signatures if one.sha256 != sha256}
    if command.attachment_id not in pages - used:
        raise Refused("annual/signed_page_missing")


def _sealed_copy(report: Report, command: Command) -> None:
    if command.via is Via.PRESS and not report.new_files(Purpose.SEALED):
        raise Refused("annual/sealed_copy_missing")


_DEMANDED: Mapping[Demand, Callable[[Report, Command], None]] = {
    Demand.VERIFIED: _verified,
    Demand.SIGNED: _both_signed,
    Demand.CHANGED: _changed,
    Demand.REMARKS: _remarked,
    Demand.SIGNED_PAGE: _page_or_name,
    Demand.SEALED_COPY: _sealed_copy,
}


# --- what is made of it -----------------------------------------------------------------------------------


def _send(report: Report, command: Command) -> Outcome:
    return Outcome(moved(report, under_review(report), command.now))


def _signing(signing: Signing) -> Callable[[Report, Command], Outcome]:
    def sign(report: Report, command: Command) -> Outcome:
        name = command.actor.name if command.via is Via.PRESS else command.signed_by
        signature = Signature(
            signing,
            name,
            report.content.sha256,
            command.via,
            command.actor.person_id,
            command.now,
            command.attachment_id,
        )
        with_it = replace(report, signatures=(*report.signatures, signature))
        return Outcome(moved(with_it, under_review(with_it), command.now), signature=signature)

    return sign


def _remark(report: Report, command: Command, state: State) -> Outcome:
    items = {key: words for key, words in command.remarks.items() if words.strip()}
    version = len(report.versions)
    remarks = Remarks(command.move, version, items, command.actor.person_id, command.now)
    after = replace(moved(report, state, command.now), remarks=(*report.remarks, remarks))
    return Outcome(after, remarks=remarks)


def _refuse(report: Report, command: Command) -> Outcome:
    return _remark(report, command, before_review(report))


def _return(report: Report, command: Command) -> Outcome:
    unsealed = replace(report, seal=None, seal_due_on=None)
    return _remark(unsealed, command, State.RETURNED)


def _submit(report: Report, command: Command) -> Outcome:
    counts_on = command.received_on if command.via in RECORDED else None
    version = Version(
        number=len(report.versions) + 1,
        sha256=report.content.sha256,
        via=command.via,
        counts_on=counts_on or command.calendar.today(command.now),
        by=command.actor.person_id,
        at=command.now,
    )
    after = replace(report, versions=(*report.versions, version))
    return Outcome(moved(after, State.SUBMITTED, command.now), snapshot=Snapshot(version, report.content))


def _await_seal(report: Report, command: Command) -> Report:
    due_at, _ = command.calendar.deadline(command.now, command.seal_days)
    due_on = command.calendar.today(due_at)
    return replace(moved(report, State.SEALING, command.now), seal=None, seal_due_on=due_on)


def _pass(report: Report, command: Command) -> Outcome:
    return Outcome(_await_seal(report, command))


def _reseal(report: Report, command: Command) -> Outcome:
    told = _remark(report, command, State.SEALING)
    return replace(told, report=replace(_await_seal(report, command), remarks=told.report.remarks))


def _seal(report: Report, command: Command) -> Outcome:
    copies = report.new_files(Purpose.SEALED)
    attachment_id = copies[-1].attachment_id if copies else None
    seal = Seal(command.via, command.actor.person_id, command.now, attachment_id)
    return Outcome(replace(moved(report, State.SEALED, command.now), seal=seal))


def _accept(report: Report, command: Command) -> Outcome:
    return Outcome(moved(report, State.ACCEPTED, command.now))


_MAKES: Mapping[Move, Callable[[Report, Command], Outcome]] = {
    Move.SEND: _send,
    Move.REVIEW: _signing(Signing.REVIEW),
    Move.REFUSE_REVIEW: _refuse,
    Move.APPROVE: _signing(Signing.APPROVAL),
    Move.REFUSE_APPROVAL: _refuse,
    Move.SUBMIT: _submit,
    Move.RETURN: _return,
    Move.PASS: _pass,
    Move.SEAL: _seal,
    Move.RESEAL: _reseal,
    Move.ACCEPT: _accept,
}
