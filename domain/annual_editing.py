"""Entering, attaching and putting right: what changes the content of an annual report (Article 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.access import Action, may, require
from domain.annual_content import (
    NEEDS_REASON,
    PART_OF_CONTENT,
    Entry,
    File,
    Part,
    Purpose,
    Source,
)
from domain.annual_notices import told_of_edit
from domain.annual_papers import Period
from domain.annual_report import EDITABLE, IN_OWN_UNIT, Outcome, Report, State, before_review, moved
from domain.errors import Forbidden, Refused, Stale
from domain.people import Actor


@dataclass(frozen=True, slots=True)
class Editing:
    """By whom and when; `seen_rev` None: what was typed stands for itself, whatever page was seen."""

    actor: Actor
    now: int
    seen_rev: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was entered for a key, exactly; an empty text takes back what was there."""

    part: Part
    key: str
    text: str
    source: Source
    reason: str | None = None


def enter(report: Report, written: Sequence[Written], editing: Editing) -> Outcome:
    """With the entries, each saved at once. Raises Forbidden, Stale, or Refused where it is not open.

    What the unit is reviewing goes back to 填报 if its content is another now.
    """
    _permit(report, editing)
    for one in written:
        _demand_source(one, recording=_recording(report, editing.actor))
    entries = tuple(_entry(one, editing) for one in written)
    present = {**report.entries, **{(one.part, one.key): one for one in entries}}
    return replace(_edited(report, replace(report, entries=present), editing), entries=entries)


def attach(report: Report, file: File, editing: Editing) -> Outcome:
    """With an admitted file. Raises as `enter` does; what is no content comes at any time before 接收."""
    _permit(report, editing, file.purpose)
    if any(one.attachment_id == file.attachment_id for one in report.files):
        return Outcome(report)
    return replace(_edited(report, replace(report, files=(*report.files, file)), editing), files=(file,))


def detach(report: Report, attachment_id: int, editing: Editing) -> Outcome:
    """Without a file. Raises as `enter` does, and where somebody's signature is on it."""
    file = next((one for one in report.files if one.attachment_id == attachment_id), None)
    if file is None:
        return Outcome(report)
    _permit(report, editing, file.purpose)
    if any(one.attachment_id == attachment_id for one in report.signatures):
        raise Refused("annual/signed_page_kept")
    left = tuple(one for one in report.files if one is not file)
    return replace(_edited(report, replace(report, files=left), editing), detached=(attachment_id,))


def revise(report: Report, code: str, text: str, reason: str, editing: Editing) -> Outcome:
    """A figure of an accepted report put right later, with a trace; its versions stay as they were.

    Raises Forbidden, Stale, or Refused without a reason or before acceptance.
    """
    _demand_author(report, editing)
    if report.state is not State.ACCEPTED:
        raise Refused("annual/not_in_this_state", year=report.year, state=report.state)
    written = Written(Part.FIGURE, code, text, Source.REVISED, reason)
    _demand_reason(written)
    entry = _entry(written, editing)
    present = {**report.entries, (Part.FIGURE, code): entry}
    return Outcome(moved(replace(report, entries=present), report.state, editing.now), entries=(entry,))


def fix_period(period: Period, year: int, actor: Actor) -> Period:
    """统计期 as the centre fixes it. Raises Forbidden, or Refused where it is no period of the year."""
    require(actor, Action.REPORT_PERIOD, None)
    if not (period.first <= period.cut_off and period.cut_off.year == year):
        raise Refused("annual/no_period_of_the_year", year=year)
    return period


def _permit(report: Report, editing: Editing, purpose: Purpose | None = None) -> None:
    _demand_author(report, editing)
    later = purpose is not None and purpose not in PART_OF_CONTENT
    if report.state not in EDITABLE and not (later and report.state is not State.ACCEPTED):
        raise Refused("annual/not_editable", year=report.year, state=report.state)


def _demand_author(report: Report, editing: Editing) -> None:
    recording = _recording(report, editing.actor)
    require(editing.actor, Action.REPORT_RECORD if recording else Action.REPORT_FILL, report.base_id)
    if editing.seen_rev is not None and editing.seen_rev != report.rev:
        raise Stale("annual_report", report.id)


def _recording(report: Report, actor: Actor) -> bool:
    """Who is not of the base enters for it (代录)."""
    return not may(actor, Action.REPORT_FILL, report.base_id)


def _demand_source(written: Written, *, recording: bool) -> None:
    """What an officer enters is always marked as recorded. Raises Forbidden or Refused."""
    if (written.source is Source.RECORDED) != recording or written.source is Source.REVISED:
        raise Forbidden
    _demand_reason(written)


def _demand_reason(written: Written) -> None:
    if written.source in NEEDS_REASON and not (written.reason or "").strip():
        raise Refused("annual/reason_missing", key=written.key)


def _entry(written: Written, editing: Editing) -> Entry:
    by, at = editing.actor.person_id, editing.now
    return Entry(written.part, written.key, written.text, written.source, by, at, written.reason)


def _edited(before: Report, after: Report, editing: Editing) -> Outcome:
    """The signers hear of it where what they have before them, or signed, is no longer what there is."""
    changed = after.content != before.content
    if not (changed and before.state in IN_OWN_UNIT):
        return Outcome(moved(after, before.state, editing.now))
    outcome = Outcome(moved(after, before_review(before), editing.now))
    return told_of_edit(outcome, before.state, editing.actor)
