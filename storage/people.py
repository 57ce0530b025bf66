"""People, their roles, invitations and consents."""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.notices import To
from domain.people import Actor, ConsentKind, Invitation, Membership, Person, PhoneCheck, Role
from storage import queries
from storage.engine import Row, Tx

q = queries.load("people")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in one of their roles."""

    person: Person
    membership: Membership


@dataclass(frozen=True, slots=True)
class Consent:
    kind: ConsentKind
    version: str
    given_at: int


async def get(tx: Tx, person_id: int) -> Person:
    row = await q.person(tx, id=person_id)
    if row is None:
        raise LookupError(f"no person {person_id}")
    return _person(row)


async def by_telegram(tx: Tx, telegram_id: int) -> Person | None:
    row = await q.person_by_telegram(tx, telegram_id=telegram_id)
    return _person(row) if row else None


@dataclass(frozen=True, slots=True)
class Known:
    """`consent_due`: consents were given, and not all of them to the present version of the notice."""

    person: Person
    actor: Actor
    consent_due: bool


async def known_by_telegram(tx: Tx, telegram_id: int, version: str) -> Known | None:
    """The person, who they are here, and whether they are to be asked again, in one query."""
    rows = await q.known_by_telegram(tx, telegram_id=telegram_id, version=version)
    if not rows:
        return None
    person, first = _person(rows[0]), rows[0]
    actor = Actor(person.id, person.name, tuple(_membership(row) for row in rows if row["role"]))
    due = bool(first["consents"]) and first["consents_to_version"] < len(ConsentKind)
    return Known(person, actor, due)


async def actor(tx: Tx, person: Person) -> Actor:
    rows = await q.memberships_of(tx, person_id=person.id)
    return Actor(person.id, person.name, tuple(_membership(row) for row in rows))


async def find(tx: Tx, base_id: int, role: Role, name: str) -> Person | None:
    """The person whom a base has named for a role, enrolled or not."""
    row = await q.person_of_base(tx, base_id=base_id, role=role, name=name)
    return _person(row) if row else None


async def add(
    tx: Tx, name: str, now: int, *, phone: str | None = None, office_phone: str | None = None
) -> int:
    return int(await q.insert_person(tx, name=name, phone=phone, office_phone=office_phone, created_at=now))


async def appoint(tx: Tx, person_id: int, membership: Membership, now: int) -> None:
    """Give the person the role; one that is held already stays as it is."""
    await q.insert_membership(
        tx,
        person_id=person_id,
        role=membership.role,
        base_id=membership.base_id,
        routes=json.dumps(sorted(membership.routes), ensure_ascii=False),
        since=now,
    )


async def add_all(tx: Tx, new: Sequence[tuple[str, str | None]], now: int) -> list[int]:
    """Put (name, phone on file) on record, one person each; their ids in the same order."""
    rows = await q.insert_persons(
        tx, name=[name for name, _ in new], phone=[phone for _, phone in new], created_at=now
    )
    # the order of RETURNING is nobody's promise; people alike in both are as yet alike in everything
    ids: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for row in rows:
        ids[row["name"], row["phone"]].append(row["id"])
    return [ids[person].pop() for person in new]


async def appoint_all(tx: Tx, given: Sequence[tuple[int, Membership]], now: int) -> None:
    """Give people roles that they do not hold yet."""
    await q.insert_memberships(tx, **_columns(given), since=now)


async def relieve_all(tx: Tx, ended: Sequence[tuple[int, Membership]], now: int) -> None:
    """End the roles; the codes that these people have not used open nothing any more, and what waits for
    those who are in no office now is not sent.
    """
    left = [person_id for person_id, _ in ended]
    await q.end_memberships(tx, **_columns(ended), until=now)
    await q.drop_waiting(tx, ids=left, now=now)
    await revoke_invitations(tx, left, now)


async def save_all(tx: Tx, changed: Sequence[tuple[int, str, str | None]]) -> None:
    """Keep (id, name, phone on file); an enrolment stays as it is."""
    ids, names, phones = zip(*changed, strict=True) if changed else ((), (), ())
    await q.update_persons(tx, id=list(ids), name=list(names), phone=list(phones))


async def enrol(
    tx: Tx,
    person_id: int,
    *,
    telegram_id: int,
    phone: str,
    check: PhoneCheck,
    locale: str | None,
    now: int,
) -> None:
    await q.enrol(
        tx,
        id=person_id,
        telegram_id=telegram_id,
        phone_shared=phone,
        phone_check=check,
        locale=locale,
        enrolled_at=now,
    )


async def confirm_phone(tx: Tx, person_id: int) -> bool:
    """Record that an officer has called back; False when that was done before."""
    done = await q.set_phone_check(tx, id=person_id, before=PhoneCheck.DIFFERS, after=PhoneCheck.CONFIRMED)
    return done is not None


async def change_phone(tx: Tx, person_id: int, phone: str, check: PhoneCheck) -> None:
    """Keep the number that Telegram's contact button has shown now."""
    await q.change_phone(tx, id=person_id, phone_shared=phone, phone_check=check)


async def set_locale(tx: Tx, person_id: int, locale: str) -> None:
    await q.set_locale(tx, id=person_id, locale=locale)


async def set_unreachable(tx: Tx, person_ids: Iterable[int]) -> None:
    await q.set_reachable(tx, ids=list(person_ids), reachable=False)


async def set_reachable_by_telegram(tx: Tx, telegram_id: int, reachable: bool) -> None:
    await q.set_reachable_by_telegram(tx, telegram_id=telegram_id, reachable=reachable)


async def holders(tx: Tx, roles: Iterable[Role], base_id: int | None = None) -> list[Holder]:
    """Everyone who holds one of the roles now (for the base, where one is named)."""
    rows = await q.people_in_roles(tx, roles=[role.value for role in roles], base_id=base_id)
    return [Holder(_person(row), _membership(row)) for row in rows]


async def recipients(tx: Tx, to: To) -> list[Person]:
    """Whom a notice can reach: enrolled and in office, each once.

    An officer without routes takes every route; where nobody enrolled takes this one, all of them hear.
    """
    if to.person_id is not None:
        person = await get(tx, to.person_id)
        in_office = await q.memberships_of(tx, person_id=person.id)
        return [person] if person.telegram_id is not None and in_office else []
    held = [h for h in await holders(tx, to.roles, to.base_id) if h.person.telegram_id is not None]
    on_route = [h for h in held if _takes(h.membership, to.route)]
    return list({h.person.id: h.person for h in on_route or held}.values())


async def invite(
    tx: Tx, person_id: int, role: Role, base_id: int | None, *, now: int, expires_at: int
) -> str:
    """A new single-use code; only its hash is kept."""
    code = new_code()
    await q.insert_invitation(
        tx,
        code_hash=_hash(code),
        person_id=person_id,
        role=role,
        base_id=base_id,
        created_at=now,
        expires_at=expires_at,
    )
    return code


async def pending(tx: Tx) -> list[tuple[Holder, str | None]]:
    """Everyone who holds a role and is not enrolled, with the base's name; the centre's people first."""
    rows = await q.pending(tx)
    return [(Holder(_person(row), _membership(row)), row["base_name"]) for row in rows]


async def invite_all(
    tx: Tx, codes: Sequence[tuple[str, Holder]], *, now: int, expires_at: int
) -> list[tuple[int, Membership]]:
    """Make these the only codes of their people; those who have enrolled meanwhile are left out."""
    given = [(holder.person.id, holder.membership) for _, holder in codes]
    await revoke_invitations(tx, [person_id for person_id, _ in given], now)
    rows = await q.insert_invitations(
        tx,
        code_hash=[_hash(code) for code, _ in codes],
        **_columns(given),
        created_at=now,
        expires_at=expires_at,
    )
    return [(row["person_id"], Membership(Role(row["role"]), row["base_id"])) for row in rows]


def new_code() -> str:
    """128 random bits, as a link carries them."""
    return secrets.token_urlsafe(16)


async def revoke_invitations(tx: Tx, person_ids: Sequence[int], now: int) -> None:
    """Let the unused codes of these people expire, those that an account has opened too."""
    await q.revoke_invitations(tx, ids=list(person_ids), now=now)


async def lock_invitation(tx: Tx, code: str) -> Invitation | None:
    row = await q.lock_invitation(tx, code_hash=_hash(code))
    return _invitation(row) if row else None


async def claimed_invitation(tx: Tx, telegram_id: int) -> Invitation | None:
    """The invitation this account has opened and not yet used."""
    row = await q.claimed_invitation(tx, telegram_id=telegram_id)
    return _invitation(row) if row else None


async def claim_invitation(tx: Tx, invitation: Invitation, telegram_id: int, now: int) -> None:
    await q.claim_invitation(tx, id=invitation.id, telegram_id=telegram_id, claimed_at=now)


async def use_invitation(tx: Tx, invitation: Invitation, now: int) -> bool:
    return await q.use_invitation(tx, id=invitation.id, used_at=now) is not None


async def count_guesses(tx: Tx, telegram_id: int, since: int) -> tuple[int, int | None]:
    """How many wrong codes this account has tried since then, and when the first of them was."""
    count = await q.count_guesses(tx, telegram_id=telegram_id, since=since)
    return int(count), await q.first_guess(tx, telegram_id=telegram_id, since=since)


async def add_guess(tx: Tx, telegram_id: int, now: int) -> None:
    await q.insert_guess(tx, telegram_id=telegram_id, at=now)


async def prune_guesses(tx: Tx, before: int, _: int) -> int:
    return int(await q.prune_guesses(tx, before=before))


async def consent(tx: Tx, person_id: int, kind: ConsentKind, version: str, now: int) -> None:
    await q.insert_consent(tx, person_id=person_id, kind=kind, version=version, given_at=now)


async def consents(tx: Tx, person_id: int) -> list[Consent]:
    rows = await q.consents_of(tx, person_id=person_id)
    return [Consent(ConsentKind(r["kind"]), r["version"], r["given_at"]) for r in rows]


def _columns(given: Sequence[tuple[int, Membership]]) -> dict[str, list[int | str | None]]:
    return {
        "person_id": [person_id for person_id, _ in given],
        "role": [membership.role.value for _, membership in given],
        "base_id": [membership.base_id for _, membership in given],
    }


def _takes(membership: Membership, route: str | None) -> bool:
    return route is None or not membership.routes or route in membership.routes


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _membership(row: Row) -> Membership:
    return Membership(Role(row["role"]), row["base_id"], frozenset(json.loads(row["routes"])))


def _person(row: Row) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        telegram_id=row["telegram_id"],
        locale=row["locale"],
        phone=row["phone"],
        phone_shared=row["phone_shared"],
        phone_check=PhoneCheck(row["phone_check"]),
        office_phone=row["office_phone"],
        reachable=bool(row["reachable"]),
        enrolled_at=row["enrolled_at"],
        post=row["post"],
    )


def _invitation(row: Row) -> Invitation:
    return Invitation(
        id=row["id"],
        person_id=row["person_id"],
        role=Role(row["role"]),
        base_id=row["base_id"],
        expires_at=row["expires_at"],
        claimed_by=row["claimed_by"],
        claimed_at=row["claimed_at"],
        used_at=row["used_at"],
    )
