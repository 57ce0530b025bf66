"""What a person asked about their own data, and the erasures under way (PIPL Articles 44 to 48)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.attached import split
from domain.numbers import same_phone
from domain.people import Person, Role
from domain.privacy import Reason
from storage import drafts, people, queries, traces
from storage.engine import Row, Tx

q = queries.load("privacy")


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is looked for, until nothing of it is found. Instants in ms UTC."""

    id: int
    person_id: int
    telegram_id: int | None
    phones: tuple[str, ...]
    begun_at: int


async def begin(tx: Tx, person: Person, reason: Reason, known_as: str, now: int) -> int:
    """Take everything from the person that leads to them, and keep aside what is still to be looked for.

    `known_as` is what the records call them from now on. The erasure's id: a job sees it through.
    """
    phones = [one for one in (person.phone, person.phone_shared) if one]
    if reason is Reason.WITHDRAWN:
        phones = [one for one in phones if one != person.phone]
    shared = [row["number"] for row in await q.phones_of_others(tx, person_id=person.id)]
    own = [one for one in phones if not any(same_phone(one, other) for other in shared)]
    erasure_id = await q.insert_erasure(
        tx,
        person_id=person.id,
        reason=reason,
        telegram_id=person.telegram_id,
        phones=json.dumps(list(dict.fromkeys(own))),
        now=now,
    )
    await _forget_work(tx, person.id, now)
    await q.withdraw_consents(tx, person_id=person.id, now=now)
    if reason is Reason.WITHDRAWN:
        await q.unbind_person(tx, id=person.id)
    else:
        await q.end_offices(tx, person_id=person.id, now=now)
        await q.release_counterpart(tx, person_id=person.id)
        await q.forget_successor_tel(tx, person_id=person.id)
        await q.erase_person(tx, id=person.id, name=known_as, now=now)
    return int(erasure_id)


async def _forget_work(tx: Tx, person_id: int, now: int) -> None:
    """What only this person had in hand; drafts of a base stay with the base."""
    await people.revoke_invitations(tx, [person_id], now)
    await q.end_upload_links(tx, person_id=person_id, now=now)
    await q.end_download_links(tx, person_id=person_id)
    for row in await q.own_drafts(tx, person_id=person_id):
        await drafts.give_up(tx, row["id"], now)
    await q.forget_focus(tx, person_id=person_id)
    await q.forget_search(tx, person_id=person_id)
    await q.drop_sends(tx, person_id=person_id, now=now)


async def lock(tx: Tx, erasure_id: int) -> Erasure | None:
    """One that is not settled yet."""
    row = await q.erasure(tx, id=erasure_id)
    return _erasure(row) if row else None


async def unsettled(tx: Tx, before: int) -> list[int]:
    """Those begun before the instant, of which something may still be found."""
    return [row["id"] for row in await q.open_erasures(tx, before=before)]


async def in_hand(tx: Tx, erasure: Erasure) -> bool:
    """Whether something of the person's is on its way still, the farewell for instance."""
    if erasure.telegram_id is None:
        return False
    return bool(await q.in_hand(tx, person_id=erasure.person_id, chat_id=erasure.telegram_id))


async def forget(tx: Tx, erasure: Erasure, now: int) -> list[str]:
    """Empty what was said to the chat, and forget its id everywhere; the made files that were sent to it."""
    if erasure.telegram_id is None:
        return []
    made = [split(row["payload"]) for row in await q.texts_of_chat(tx, chat_id=erasure.telegram_id)]
    await q.forget_chat(tx, chat_id=erasure.telegram_id, now=now)
    await traces.forget_account(tx, erasure.telegram_id)
    return [one.sha256 for _, attached in made for one in attached]


async def settle(tx: Tx, erasure_id: int, now: int) -> None:
    """Nothing is looked for any more."""
    await q.settle_erasure(tx, id=erasure_id, now=now)


async def others(tx: Tx, person_id: int, roles: Iterable[Role]) -> dict[Role, int]:
    """How many else hold each role and are enrolled; none of them can leave meanwhile."""
    found = {}
    for role in sorted(roles):
        await q.lock_holders(tx, role=role)
        found[role] = int(await q.count_others(tx, person_id=person_id, role=role))
    return found


async def is_erased(tx: Tx, person_id: int) -> bool:
    return await q.erased_at(tx, id=person_id) is not None


async def roles_held(tx: Tx, person_id: int) -> list[Role]:
    """The roles of now and of before."""
    return [Role(row["role"]) for row in await q.roles_held(tx, person_id=person_id)]


async def release_requests(tx: Tx, person_id: int) -> int:
    """What an officer had in hand waits for whoever takes it; how many that were."""
    return len(await q.release_requests(tx, person_id=person_id))


async def own_counts(tx: Tx, person_id: int) -> dict[str, int]:
    """How many requests, entries, files, drafts and incidents are of the person."""
    return dict(await q.own_counts(tx, person_id=person_id))


OWN: Final = (
    "offices",
    "consents",
    "requests",
    "entries",
    "questions",
    "registrations",
    "files",
    "forms",
    "signatures",
    "receipts",
    "absences",
    "incidents",
    "corrections",
)
"""What there may be of a person, beside their own entry."""


async def own(tx: Tx, person_id: int) -> dict[str, list[dict[str, object]]]:
    """All that is kept of the person or in their name, by kind; instants in ms UTC end in `_at`."""
    return {
        kind: [dict(row) for row in await getattr(q, f"own_{kind}")(tx, person_id=person_id)] for kind in OWN
    }


async def leavers(tx: Tx, before: int, now: int) -> list[int]:
    """Who holds no office since before the instant, and is known by name still."""
    return [row["id"] for row in await q.leavers(tx, before=before, now=now)]


# --- consent and correction -------------------------------------------------------------------------------


async def last_asked(tx: Tx, person_id: int, version: str) -> int | None:
    """When the person was last asked to agree to this version."""
    row = await q.last_ask(tx, person_id=person_id)
    return row["asked_at"] if row is not None and row["version"] == version else None


async def keep_ask(tx: Tx, person_id: int, version: str, now: int) -> None:
    await q.keep_ask(tx, person_id=person_id, version=version, now=now)


async def correct(tx: Tx, person_id: int, field: str, value: str) -> None:
    """Keep a new `name`, `post` or `office_phone`."""
    values: dict[str, str | None] = {"name": None, "post": None, "office_phone": None}
    await q.correct_person(tx, id=person_id, **(values | {field: value}))


async def ask_correction(tx: Tx, person_id: int, words: str, now: int) -> int:
    return int(await q.insert_correction(tx, person_id=person_id, words=words, now=now))


async def correction(tx: Tx, correction_id: int) -> Row | None:
    row: Row | None = await q.correction(tx, id=correction_id)
    return row


async def finish_correction(tx: Tx, correction_id: int, by: int, now: int) -> int | None:
    """Whose it was; None when it was done before."""
    person_id: int | None = await q.finish_correction(tx, id=correction_id, by=by, now=now)
    return person_id


async def open_corrections(tx: Tx, limit: int) -> Sequence[Row]:
    rows: list[Row] = await q.open_corrections(tx, limit=limit)
    return rows


def _erasure(row: Row) -> Erasure:
    phones = tuple(json.loads(row["phones"] or "[]"))
    return Erasure(row["id"], row["person_id"], row["telegram_id"], phones, row["begun_at"])
