"""Annual reports on both databases: what comes back, who is first, what dies half-way, what is exported."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.annual_content import Entry, File, Part, Purpose, Revision, Source, revisions
from domain.annual_editing import Editing, attach, detach, enter, revise
from domain.annual_papers import Period
from domain.annual_report import Move, Outcome, Remarks, Report, Signing, State, Via
from domain.ladders import Stage
from domain.obligations import Extension, Standing
from domain.people import Actor
from storage import annual, attachments, bases, numbers, obligations, people
from storage.engine import Database, Tx
from tests.domain.test_annual import (
    BASE,
    DEPUTY,
    EMPTY,
    FULL,
    LIAISON,
    NOW,
    OFFICER,
    PERIOD,
    REMARKS,
    UP_TO_SUBMITTED,
    complete_entries,
    do,
    wrote,
)
from tests.storage.test_obligations import a_base

TODAY = date(2026, 12, 1)
RECORDING = Editing(OFFICER, NOW)


@pytest.fixture
async def report(database: Database) -> Report:
    """The empty report of a base, and the people of the domain's tests."""
    async with database.tx() as tx:
        await bases.add_all(tx, [a_base(f"YS{n:02}") for n in range(1, BASE + 2)])
        for n in range(1, 9):
            await people.add(tx, f"甲{n}", NOW)
        await annual.fix_period(tx, 2026, PERIOD, OFFICER.person_id, NOW)
        return await annual.open_report(tx, BASE, 2026, NOW)


async def kept(database: Database, outcome: Outcome) -> Report:
    async with database.tx() as tx:
        saved = await annual.save(tx, outcome, NOW)
    assert saved is not None
    return saved.report


async def stored(database: Database, report_id: int = 1) -> Report:
    async with database.tx() as tx:
        found = await annual.get(tx, report_id)
    assert found is not None
    return found


async def filled(database: Database, report: Report) -> Report:
    written = [wrote(entry.key, entry.text, entry.part) for entry in complete_entries().values()]
    return await kept(database, enter(report, written, Editing(LIAISON, NOW)))


async def through(database: Database, report: Report, *path: Move) -> Report:
    for move in path:
        report = await kept(database, do(report, move))
    return report


async def a_file(database: Database, purpose: Purpose, at: int = NOW + 90) -> File:
    async with database.tx() as tx:
        attachment_id = await attachments.add(
            tx, person_id=1, kind="upload", name="盖章件.pdf", size=5, now=at
        )
    return File(attachment_id, purpose, "盖章件.pdf", "a1" * 32, 1, at)


# --- what comes back --------------------------------------------------------------------------------------


async def test_an_empty_report_comes_back_as_the_domain_has_it(database: Database, report: Report) -> None:
    assert report == EMPTY
    async with database.tx() as tx:
        assert await annual.open_report(tx, BASE, 2026, NOW + 5) == report
        assert await annual.of_base(tx, BASE, 2026) == report
        assert await annual.of_base(tx, BASE, 2025) is None
        assert await annual.lock(tx, 999) is None


async def test_the_whole_way_comes_back_after_every_step(database: Database, report: Report) -> None:
    report = await filled(database, report)
    assert report.content == FULL.content
    for move in (*UP_TO_SUBMITTED, Move.PASS):
        report = await kept(database, do(report, move))
        assert await stored(database) == report
    sealed_copy = await a_file(database, Purpose.SEALED)
    report = await kept(database, attach(report, sealed_copy, Editing(LIAISON, NOW + 90)))
    for move in (Move.SEAL, Move.RESEAL):
        report = await kept(database, do(report, move, now=NOW + 100))
        assert await stored(database) == report
    second = await a_file(database, Purpose.SEALED, NOW + 100)
    report = await kept(database, attach(report, second, Editing(LIAISON, NOW + 100)))
    report = await through(database, report, Move.SEAL, Move.ACCEPT)
    assert await stored(database) == report
    assert report.state is State.ACCEPTED
    assert report.seal is not None
    assert report.seal.attachment_id == second.attachment_id


async def test_what_was_returned_and_submitted_again_is_two_versions(
    database: Database, report: Report
) -> None:
    report = await through(database, await filled(database, report), *UP_TO_SUBMITTED, Move.RETURN)
    assert report.remarks == (Remarks(Move.RETURN, 1, REMARKS, OFFICER.person_id, NOW + 1),)
    report = await kept(database, enter(report, [wrote("I04", "3")], Editing(DEPUTY, NOW + 2)))
    report = await through(database, report, *UP_TO_SUBMITTED)
    assert await stored(database) == report
    assert [one.receipt for one in report.versions] == ["HZ-2026-0001", "HZ-2026-0002"]
    async with database.tx() as tx:
        first, second = [await annual.snapshot(tx, report.id, n) for n in (1, 2)]
        assert await annual.snapshot(tx, report.id, 3) is None
    assert first is not None
    assert second is not None
    assert first.intact
    assert second.intact
    assert (first.content.figures["I04"], second.content.figures["I04"]) == ("0", "3")
    assert (first.version, second.version) == report.versions


async def test_an_entry_is_kept_exactly_and_its_history_with_it(database: Database, report: Report) -> None:
    texts = [" 1,2３4 ", "", '约12"\\n\n', "5", "5 ", "0.50"]
    for n, text in enumerate(texts):
        told = {"source": Source.CORRECTED, "reason": "含联合申请"} if n == 1 else {}
        report = await kept(database, enter(report, [wrote("I04", text, **told)], Editing(LIAISON, NOW + n)))
        assert await stored(database) == report
    async with database.tx() as tx:
        history = await annual.history(tx, report.id)
    assert [entry.text for entry in history] == texts
    assert history[1] == Entry(Part.FIGURE, "I04", "", Source.CORRECTED, 1, NOW + 1, "含联合申请")


async def test_of_two_entries_for_one_key_at_once_the_later_counts(
    database: Database, report: Report
) -> None:
    outcome = enter(report, [wrote("I04", "1"), wrote("I05", "1"), wrote("I04", "2")], Editing(LIAISON, NOW))
    assert await kept(database, outcome) == await stored(database)
    assert (await stored(database)).content.figures == {"I04": "2", "I05": "1"}


async def test_a_file_that_was_taken_back_may_come_again(database: Database, report: Report) -> None:
    evidence = await a_file(database, Purpose.EVIDENCE)
    editing = Editing(LIAISON, NOW)
    report = await kept(database, attach(report, evidence, editing))
    assert (await stored(database)).files == (evidence,)
    report = await kept(database, detach(report, evidence.attachment_id, editing))
    assert (await stored(database)).files == ()
    report = await kept(database, attach(report, evidence, editing))
    assert (await stored(database)) == report


async def test_a_signature_by_a_page_comes_back_with_its_page(database: Database, report: Report) -> None:
    report = await through(database, await filled(database, report), Move.SEND)
    page = await a_file(database, Purpose.SIGNED_PAGE)
    report = await kept(database, attach(report, page, Editing(LIAISON, NOW)))
    signed = do(
        report,
        Move.REVIEW,
        LIAISON,
        via=Via.SIGNED_PAGE,
        signed_by="赵审",
        attachment_id=page.attachment_id,
    )
    report = await kept(database, signed)
    [signature] = (await stored(database)).signatures
    assert (signature.signing, signature.name, signature.attachment_id) == (
        Signing.REVIEW,
        "赵审",
        page.attachment_id,
    )
    assert await stored(database) == report


async def test_a_period_fixed_anew_is_the_one_that_counts(database: Database, report: Report) -> None:
    anew = Period(PERIOD.first, date(2026, 10, 31))
    async with database.tx() as tx:
        await annual.fix_period(tx, 2026, anew, OFFICER.person_id, NOW + 1)
        assert await annual.period(tx, 2026) == anew
        assert await annual.period(tx, 2027) is None
    assert (await stored(database)).period == anew


async def test_the_trace_of_a_later_correction_comes_back(database: Database, report: Report) -> None:
    report = await through(database, await filled(database, report), *UP_TO_SUBMITTED, Move.PASS)
    report = await kept(database, do(report, Move.SEAL, OFFICER, via=Via.PAPER))
    report = await through(database, report, Move.ACCEPT)
    await kept(database, revise(report, "I04", "7", "授权公告日有误", Editing(OFFICER, NOW + 9)))
    async with database.tx() as tx:
        [trace] = revisions(await annual.history(tx, report.id))
        snapshot = await annual.snapshot(tx, report.id, 1)
    assert trace == Revision("I04", "0", "7", "授权公告日有误", OFFICER.person_id, NOW + 9)
    assert snapshot is not None
    assert snapshot.content.figures["I04"] == "0"
    assert (await stored(database)).content.figures["I04"] == "7"


@pytest.mark.parametrize(
    "change", ["UPDATE annual_versions SET content = '{}'", "DELETE FROM annual_versions"]
)
async def test_a_version_cannot_be_changed(database: Database, report: Report, change: str) -> None:
    await through(database, await filled(database, report), *UP_TO_SUBMITTED)
    with pytest.raises(Exception, match="append-only"):
        async with database.tx() as tx:
            await tx.script(change)


# --- two at once, and half-way ----------------------------------------------------------------------------


async def test_of_two_moves_on_one_page_the_first_counts(database: Database, report: Report) -> None:
    report = await through(database, await filled(database, report), *UP_TO_SUBMITTED)
    passed, returned = do(report, Move.PASS), do(report, Move.RETURN)
    await kept(database, passed)
    async with database.tx() as tx:
        assert await annual.save(tx, returned, NOW) is None
    assert await stored(database) == passed.report


async def test_an_entry_on_an_older_page_does_not_overwrite_what_came_meanwhile(
    database: Database, report: Report
) -> None:
    mine, theirs = (enter(report, [wrote("I04", text)], Editing(LIAISON, NOW)) for text in "12")
    await kept(database, mine)
    async with database.tx() as tx:
        assert await annual.save(tx, theirs, NOW) is None
        assert len(await annual.history(tx, report.id)) == 1


async def test_two_people_who_fill_in_at_once_lose_nothing_of_each_other(
    database: Database, report: Report
) -> None:
    async def fill(actor: Actor, code: str) -> None:
        async with database.tx() as tx:
            locked = await annual.lock(tx, report.id)
            assert locked is not None
            assert await annual.save(tx, enter(locked, [wrote(code, code)], Editing(actor, NOW)), NOW)

    codes = [f"I{n:02}" for n in range(1, 13)]
    await asyncio.gather(*(fill((LIAISON, DEPUTY)[n % 2], code) for n, code in enumerate(codes)))
    assert (await stored(database)).content.figures == {code: code for code in codes}
    assert (await stored(database)).rev == len(codes)


async def submit(database: Database, actor: Actor) -> Outcome:
    """As a handler does it: lock, decide, save."""
    async with database.tx() as tx:
        report = await annual.lock(tx, 1)
        assert report is not None
        saved = await annual.save(tx, do(report, Move.SUBMIT, actor), NOW)
        assert saved is not None
        return saved


async def test_however_often_and_by_whomever_it_is_submitted_there_is_one_receipt(
    database: Database, report: Report
) -> None:
    await through(database, await filled(database, report), *UP_TO_SUBMITTED[:3])
    outcomes = await asyncio.gather(*(submit(database, actor) for actor in (LIAISON, DEPUTY, LIAISON)))
    made = [one for one in outcomes if one.snapshot is not None]
    repeated = [one.repeated for one in outcomes if one.repeated is not None]
    assert (len(made), len(repeated)) == (1, 2)
    [version] = (await stored(database)).versions
    assert {one.receipt for one in repeated} == {version.receipt} == {"HZ-2026-0001"}
    assert {notice.facts["receipt"] for notice in made[0].notices} == {"HZ-2026-0001"}
    async with database.tx() as tx:
        assert await numbers.next_of(tx, "HZ", 2026) == "HZ-2026-0002"


class Died(Exception):
    pass


class Dying:
    """A transaction that dies after so many statements."""

    def __init__(self, tx: Tx, lives: int) -> None:
        self._tx, self._lives, self.dialect = tx, lives, tx.dialect

    def __getattr__(self, name: str) -> Any:
        async def run(*args: Any) -> Any:
            if self._lives == 0:
                raise Died
            self._lives -= 1
            return await getattr(self._tx, name)(*args)

        return run


async def dies_at_every_statement(database: Database, outcome: Outcome) -> int:
    """Save it, dying one statement later each time; how often it died, until it was kept."""
    before = await stored(database)
    for lives in range(20):
        try:
            async with database.tx() as tx:
                await annual.save(Dying(tx, lives), outcome, NOW)
            return lives
        except Died:
            assert await stored(database) == before
    raise AssertionError("it never ended")


async def test_a_submission_that_dies_anywhere_leaves_nothing_and_wastes_no_number(
    database: Database, report: Report
) -> None:
    report = await through(database, await filled(database, report), *UP_TO_SUBMITTED[:3])
    assert await dies_at_every_statement(database, do(report, Move.SUBMIT)) == 3
    assert [one.receipt for one in (await stored(database)).versions] == ["HZ-2026-0001"]


async def test_an_edit_or_a_return_that_dies_anywhere_leaves_nothing(
    database: Database, report: Report
) -> None:
    edit = enter(report, [wrote("I04", "1"), wrote("I05", "1")], Editing(LIAISON, NOW))
    assert await dies_at_every_statement(database, edit) == 2
    async with database.tx() as tx:
        assert len(await annual.history(tx, report.id)) == 2
    report = await through(database, await filled(database, await stored(database)), *UP_TO_SUBMITTED)
    assert await dies_at_every_statement(database, do(report, Move.RETURN)) == 2


# --- a year -----------------------------------------------------------------------------------------------


async def test_every_base_is_listed_with_its_state(database: Database, report: Report) -> None:
    async with database.tx() as tx:
        await annual.open_report(tx, 3, 2026, NOW)
        await tx.script("UPDATE bases SET status = 'left' WHERE id IN (2, 3)")
    await through(database, await filled(database, report), *UP_TO_SUBMITTED, Move.PASS)
    async with database.tx() as tx:
        listed = {one.base_id: one for one in await annual.list_of_year(tx, 2026)}
        other_year = await annual.list_of_year(tx, 2027)
    assert list(listed) == [1, 3, 4, 5, 6, 7, 8]
    assert (listed[1].state, listed[1].begun, listed[1].versions) == (None, False, 0)
    assert (listed[3].state, listed[3].begun) == (State.DRAFT, False)
    seven = listed[7]
    assert (seven.base, seven.state, seven.since, seven.begun) == ("YS07", State.SEALING, NOW + 1, True)
    assert (seven.versions, seven.counts_on, seven.seal_due_on) == (1, TODAY, date(2026, 12, 15))
    assert {one.state for one in other_year} == {None}


async def recorded(database: Database, base_ids: Sequence[int]) -> None:
    """A report of each base, as an officer records what came on paper."""
    for base_id in base_ids:
        async with database.tx() as tx:
            report = await annual.open_report(tx, base_id, 2026, NOW)
        report = await kept(database, attach(report, await a_file(database, Purpose.NARRATIVE), RECORDING))
        for move in UP_TO_SUBMITTED:
            outcome = do(report, move, OFFICER, via=Via.PAPER, signed_by="纸质报告", received_on=TODAY)
            report = await kept(database, outcome)


async def test_the_versions_of_a_year_are_taken_along_a_few_at_a_time(
    database: Database, report: Report
) -> None:
    many = annual.AT_ONCE + 3
    async with database.tx() as tx:
        added = await bases.add_all(tx, [a_base(f"ZZ{n:02}") for n in range(many)])
    await recorded(database, list(added.values()))
    async with database.read() as tx:
        taken = [one async for one in annual.submitted(tx, 2026)]
        assert [one async for one in annual.submitted(tx, 2025)] == []
    assert [one.base_id for one in taken] == list(added.values())
    assert {one.state for one in taken} == {State.SUBMITTED}
    assert all(one.snapshot.intact for one in taken)


# --- what its obligation needs ----------------------------------------------------------------------------


async def standing_of(database: Database, base_id: int) -> Standing:
    async with database.tx() as tx:
        owed = await annual.with_standings(tx, await obligations.owed(tx, TODAY))
    return next(one.standing for one in owed if one.obligation.base_id == base_id)


async def opened(database: Database) -> None:
    async with database.tx() as tx:
        await obligations.open_year(tx, "annual_report", 2026, date(2026, 12, 15), NOW)


async def test_an_obligation_hears_how_far_its_report_has_come(database: Database, report: Report) -> None:
    await opened(database)
    assert await standing_of(database, 1) == Standing()
    assert await standing_of(database, BASE) == Standing()  # opened, and nothing entered
    report = await filled(database, report)
    assert await standing_of(database, BASE) == Standing(Stage.DRAFT, NOW)
    for move, stage in zip(
        (*UP_TO_SUBMITTED, Move.PASS),
        (Stage.IN_REVIEW, Stage.IN_REVIEW, Stage.REVIEWED, Stage.WITH_CENTRE, Stage.SEAL_MISSING),
        strict=True,
    ):
        report = await kept(database, do(report, move))
        found = await standing_of(database, BASE)
        assert (found.stage, found.since) == (stage, NOW + 1)
    assert found.seal_by == date(2026, 12, 15)
    report = await through(database, report, Move.RETURN)
    report = await kept(database, enter(report, [wrote("I04", "3")], Editing(LIAISON, NOW + 5)))
    await through(database, report, Move.SEND)
    assert (await standing_of(database, BASE)).stage is Stage.RETURNED


async def test_of_several_extensions_the_last_counts(database: Database, report: Report) -> None:
    await opened(database)
    async with database.tx() as tx:
        of_base = await obligations.of_base(tx, "annual_report", 2026, BASE)
        assert of_base is not None
        granted = [
            Extension(of_base.id, date(2026, 12, day), "校历寒假", OFFICER.person_id, NOW + day)
            for day in (20, 25)
        ]
        for one in granted:
            await annual.add_extension(tx, one)
        assert await annual.extensions(tx, of_base.id) == granted
        assert await annual.extensions(tx, of_base.id + 1) == []
        listed = {one.base_id: one.extended_until for one in await annual.list_of_year(tx, 2026)}
    until = date(2026, 12, 25)
    assert await standing_of(database, BASE) == Standing(until=until, extended_at=NOW + 25)
    assert (await stored(database)) == replace(report, extended_until=until)
    assert {base_id for base_id, day in listed.items() if day == until} == {BASE}
    assert (await standing_of(database, 1)).until is None
