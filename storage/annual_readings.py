"""What the files of annual reports say: read once by a job, and held against the figures ever after."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.annual_findings import FileRead
from domain.evidence import Contract, Kind, Patent
from storage import queries
from storage.engine import Tx

q = queries.load("annual_readings")


async def save(tx: Tx, sha256: str, read: FileRead, now: int) -> None:
    """Once more replaces it."""
    await q.save(tx, sha256=sha256, told=json.dumps(_told(read), ensure_ascii=False), read_at=now)


async def of(tx: Tx, hashes: Collection[str]) -> dict[str, FileRead]:
    """By content; what was not read yet is not among them."""
    if not hashes:
        return {}
    return {row["sha256"]: _read(json.loads(row["told"])) for row in await q.of(tx, hashes=list(hashes))}


def _told(read: FileRead) -> dict[str, object]:
    return {
        "contracts": [_contract_told(one) for one in read.contracts],
        "patents": [[one.place, one.number] for one in read.patents],
        "sections": dict(read.sections),
    }


def _contract_told(one: Contract) -> list[object]:
    amount = str(one.amount) if one.amount is not None else None
    day = one.signed_on.isoformat() if one.signed_on else None
    return [one.place, one.number, one.kind, one.patents, amount, day]


def _read(told: Mapping[str, Any]) -> FileRead:
    return FileRead(
        tuple(_contract(*one) for one in told["contracts"]),
        tuple(Patent(place, number) for place, number in told["patents"]),
        told["sections"],
    )


def _contract(
    place: dict[str, object], number: str, kind: str, patents: list[str], amount: str | None, day: str | None
) -> Contract:
    return Contract(
        place,
        number,
        Kind(kind),
        tuple(patents),
        Decimal(amount) if amount is not None else None,
        date.fromisoformat(day) if day else None,
    )
