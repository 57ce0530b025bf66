"""The people and bases of the rehearsal: invented, and marked 演示 wherever they show (demo.json)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.rehearsal import RehearsalServer
from domain import numbers
from domain.bases import Base
from domain.people import CONSENT_VERSION, ConsentKind, Membership, PhoneCheck, Role
from storage import bases, people, settings
from storage.engine import Database, Tx

_FILE = Path(__file__).with_name("demo.json")
SLOTS = ("liaison", "deputy", "officer", "supervisor")
"""The four phones, from left to right."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Somebody of the demonstration, and the phone they have in the browser, if any."""

    name: str
    role: Role
    base: str | None
    mobile: str | None
    office_phone: str
    routes: frozenset[str]
    slot: str | None


async def seed(database: Database, server: RehearsalServer, now: int) -> None:
    """Put everybody on record, and those with a phone into the small Telegram; once."""
    async with database.tx() as tx:
        if await bases.by_code(tx, "YS01") is not None:
            return
        await settings.save(tx, _centre())
        base_ids = await _bases(tx)
        recorded = [(cast, await _put_on_record(tx, cast, base_ids, now)) for cast in _cast()]
    phones = {cast.slot: (cast, person_id) for cast, person_id in recorded if cast.slot is not None}
    for slot in SLOTS:
        await _give_phone(database, server, *phones[slot], now)


def _centre() -> dict[str, str]:
    centre = _demo()["centre"]
    return {
        "centre": centre["name_zh"],
        "tel": centre["tel"],
        "email": centre["email"],
        "secrecy_tel": centre["secrecy_tel"],
        "storage_place": centre["storage_place"],
        "privacy_contact": centre["privacy_contact"],
    }


@cache
def _demo() -> dict[str, Any]:
    demo: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return demo


async def _bases(tx: Tx) -> dict[str, int]:
    """Add the bases; their ids by code."""
    return {entry["code"]: await bases.add(tx, _base(entry)) for entry in _demo()["bases"]}


def _base(entry: dict[str, Any]) -> Base:
    told = ("code", "name", "short_name", "uscc", "kind", "city", "batch", "recognised_on", "department")
    return Base(id=0, project_start=entry.get("project_start"), **{key: entry[key] for key in told})


def _cast() -> list[Cast]:
    demo = _demo()
    centre = [_member(entry, None) for entry in demo["people_centre"]]
    return centre + [_member(entry, base["code"]) for base in demo["bases"] for entry in base["people"]]


def _member(entry: dict[str, Any], base: str | None) -> Cast:
    return Cast(
        name=entry["name"],
        role=Role(entry["role"]),
        base=base,
        mobile=entry.get("mobile"),
        office_phone=entry["office_phone"],
        routes=frozenset(entry.get("routes", ())),
        slot=entry.get("phone_in_rehearsal"),
    )


async def _put_on_record(tx: Tx, cast: Cast, base_ids: dict[str, int], now: int) -> int:
    phone = numbers.phone(cast.mobile) if cast.mobile else None
    person_id = await people.add(tx, cast.name, now, phone=phone, office_phone=cast.office_phone)
    base_id = base_ids[cast.base] if cast.base else None
    await people.appoint(tx, person_id, Membership(cast.role, base_id, cast.routes), now)
    return person_id


async def _give_phone(
    database: Database, server: RehearsalServer, cast: Cast, person_id: int, now: int
) -> None:
    """An account in the small Telegram, enrolled as the form would have enrolled it."""
    phone = numbers.phone(cast.mobile or cast.office_phone) or ""
    account = server.world.person(cast.name, phone=phone, language_code="zh-hans", slot=cast.slot)
    async with database.tx() as tx:
        for kind in ConsentKind:
            await people.consent(tx, person_id, kind, CONSENT_VERSION, now)
        await people.enrol(
            tx,
            person_id,
            telegram_id=account.id,
            phone=phone,
            check=PhoneCheck.MATCHES,
            locale=None,
            now=now,
        )
    account.start()
