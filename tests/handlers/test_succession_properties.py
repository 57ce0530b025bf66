"""Whatever people do in whatever order: what Article 8 promises of a base's offices holds."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.access import Action, may
from domain.notices import Kind, Lane
from domain.people import Actor, Membership, Role
from handlers import letters
from tests.handlers.town import OFFICER, Town

PEOPLE = {101: "林知行", 102: "苏小溪", 103: "贺云舒", 104: "蒋晓岚", 105: "谭嘉禾"}
CODES = ("YS01", "YS02")
OFFICES = (Role.LIAISON, Role.DEPUTY)
accounts, codes, offices = st.sampled_from(sorted(PEOPLE)), st.sampled_from(CODES), st.sampled_from(OFFICES)

_HELD = """
SELECT m.person_id, m.role, m.base_id, p.telegram_id, p.name
FROM memberships m JOIN persons p ON p.id = m.person_id
WHERE m.until IS NULL AND m.base_id IS NOT NULL
"""
_NOTICES_OUT_OF_OFFICE = """
SELECT o.id, o.kind, o.state, o.person_id, o.created_at FROM outbox o
WHERE o.kind IN ('receipt', 'nudge', 'broadcast') AND (
    (o.state IN ('planned', 'queued') AND NOT EXISTS (
        SELECT 1 FROM memberships m WHERE m.person_id = o.person_id AND m.until IS NULL
    ))
    OR NOT EXISTS (
        SELECT 1 FROM memberships m
        WHERE m.person_id = o.person_id AND m.since <= o.created_at
          AND (m.until IS NULL OR m.until >= o.created_at)
    )
)
"""
_OWED_BY_A_PERSON = """
SELECT o.id FROM obligations o WHERE o.base_id IS NULL AND EXISTS (
    SELECT 1 FROM memberships m WHERE m.person_id = o.person_id AND m.base_id IS NOT NULL
)
"""
_WORK_OF_LEAVERS = """
SELECT d.id FROM drafts d JOIN handovers h ON h.leaver_id = d.person_id AND h.state = 'completed'
WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = d.person_id AND m.until IS NULL)
  AND (d.base_id = h.base_id OR d.form = 'say')
"""


class Offices(RuleBasedStateMachine):
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "town.db"
        shutil.copy(self.template, path)
        self.town = Town(path)
        self.codes: dict[int, list[str]] = {account: [] for account in PEOPLE}
        self.announced = 0

    def teardown(self) -> None:
        self.town.close()
        self.folder.cleanup()

    # --- what may happen ----------------------------------------------------------------------------------

    @rule(account=accounts, role=offices, code=codes)
    def name_somebody(self, account: int, role: Role, code: str) -> None:
        if given := self.town.invited(role, PEOPLE[account], code):
            self.codes[account].append(given)

    @rule(account=accounts, role=offices, code=codes)
    def register_a_change(self, account: int, role: Role, code: str) -> None:
        if given := self.town.handed_over(role, PEOPLE[account], code):
            self.codes[account].append(given)

    @rule(account=accounts, which=st.integers(0, 9))
    def enrol(self, account: int, which: int) -> None:
        """With the newest link, or with one that was given before."""
        if self.codes[account]:
            code = self.codes[account][-1 - which % len(self.codes[account])]
            self.town.enrol(account, PEOPLE[account], code)

    @rule(account=accounts, role=offices, code=codes)
    def hand_over(self, account: int, role: Role, code: str) -> None:
        if given := self.town.handed_over(role, PEOPLE[account], code):
            self.town.enrol(account, PEOPLE[account], given)

    @rule(base=st.integers(1, 2), by_press=st.booleans())
    def promote_the_deputy(self, base: int, by_press: bool) -> None:
        held = {row["role"]: row for row in self._held() if row["base_id"] == base}
        liaison, deputy = held.get("liaison"), held.get("deputy")
        if liaison and deputy and liaison["telegram_id"] and deputy["telegram_id"]:
            data = f"handover_deputy:{base}:{_base36(deputy['person_id'])}"
            self.town.press(liaison["telegram_id"], liaison["name"], data)
            if by_press:
                for one in self.town.rows("SELECT id, rev FROM handovers WHERE state = 'proposed'"):
                    self.town.press(
                        OFFICER, "周明远", f"handover_register:{_base36(one['id'])}:{_base36(one['rev'])}"
                    )

    @rule(account=accounts)
    def give_up(self, account: int) -> None:
        for one in self.town.rows("SELECT id, rev FROM handovers WHERE state IN ('proposed', 'registered')"):
            self.town.press(
                account, PEOPLE[account], f"handover_drop:{_base36(one['id'])}:{_base36(one['rev'])}"
            )

    @rule(account=accounts)
    def leave(self, account: int) -> None:
        for row in self._held():
            if row["telegram_id"] == account and row["role"] in OFFICES:
                self.town.relieve(row["person_id"], Role(row["role"]), row["base_id"])

    @rule(account=accounts, blocked=st.booleans())
    def block_or_unblock(self, account: int, blocked: bool) -> None:
        self.town.block(account, PEOPLE[account], blocked=blocked)

    @rule()
    def announce(self) -> None:
        """Something waits for everybody in office."""
        self.announced += 1
        now = self.town.clock.now()
        rows = [
            letters.row(
                "sendMessage",
                letters.message(row["telegram_id"], "通知"),
                now,
                chat_id=row["telegram_id"],
                kind=kind,
                lane=Lane.BULK,
                person_id=row["person_id"],
            )
            for row in self._held()
            if row["telegram_id"]
            for kind in (Kind.BROADCAST, Kind.RECEIPT)
        ]
        self.town.store([_keyed(row, self.announced) for row in rows])

    @rule()
    def arrive(self) -> None:
        self.town.deliver()

    @rule(
        account=accounts,
        data=st.sampled_from(["home:0:0", "handover:1:0", "bases_page:0:0", "go.requests:0:0"]),
    )
    def press_something(self, account: int, data: str) -> None:
        self.town.press(account, PEOPLE[account], data)

    # --- what holds ---------------------------------------------------------------------------------------

    @invariant()
    def a_base_has_one_liaison_and_one_deputy(self) -> None:
        offices = [(row["base_id"], row["role"]) for row in self._held()]
        assert len(offices) == len(set(offices))

    @invariant()
    def nobody_is_of_two_bases_or_holds_two_offices(self) -> None:
        enrolled = [row["person_id"] for row in self._held() if row["telegram_id"]]
        assert len(enrolled) == len(set(enrolled))

    @invariant()
    def nobody_has_access_without_an_appointment(self) -> None:
        held: dict[int, list[Membership]] = {account: [] for account in PEOPLE}
        for row in self._held():
            if row["telegram_id"] in held:
                held[row["telegram_id"]].append(Membership(Role(row["role"]), row["base_id"]))
        for account, memberships in held.items():
            actor = Actor(1, PEOPLE[account], tuple(memberships)) if memberships else None
            for base in (1, 2):
                appointed = any(one.base_id == base for one in memberships)
                assert may(actor, Action.REQUEST_FILE, base) == appointed

    @invariant()
    def no_notice_goes_to_somebody_out_of_office(self) -> None:
        assert self.town.rows(_NOTICES_OUT_OF_OFFICE) == []

    @invariant()
    def nothing_of_a_base_is_owned_by_a_person(self) -> None:
        """What the centre's officer owes is theirs: to telephone a base that cannot be reached."""
        assert self.town.rows(_OWED_BY_A_PERSON) == []
        assert self.town.rows(_WORK_OF_LEAVERS) == []

    def _held(self) -> list[dict[str, Any]]:
        return self.town.rows(_HELD)


def _keyed(row: Any, number: int) -> Any:
    from dataclasses import replace

    key = f"announcement:{number}:person:{row.person_id}" if row.kind is Kind.BROADCAST else None
    return replace(row, key=key)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path) -> Path:
    """Two bases and an officer, to be copied."""
    path = tmp_path / "town.db"
    shutil.copy(sqlite_template, path)
    Town(path).close()
    return path


def _run(template: Path, examples: int, steps: int) -> None:
    machine = type("OfficesHere", (Offices,), {"template": template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_generated_sequences_leave_the_offices_in_order(town: Path) -> None:
    _run(town, 30, 25)


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_many_generated_sequences_leave_the_offices_in_order(town: Path) -> None:
    _run(town, 400, 60)
