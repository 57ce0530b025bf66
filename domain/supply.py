"""供需信息 (Article 7(3)): a result that a base offers or seeks, from its filing to its end.

submitted ─pass─▶ listed ─expire─▶ expired ─renew─▶ listed
    │ ▲             └──────┬──────────┘
 return └─file again       └─withdraw─▶ withdrawn   (so may be what waits or was returned)
    ▼ │
  returned
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.access import TABLE, Action, may, require
from domain.errors import Stale
from domain.notices import Offer, Rows, Subject
from domain.people import Actor, Role

LISTED_DAYS = 180
"""Natural days that a card stays on the list; a renewal begins them anew."""
REMIND_DAYS = 14
"""Natural days before its end at which the base is asked whether it is to stay."""


class Side(StrEnum):
    OFFER = "offer"  # 供给
    SEEK = "seek"  # 需求

    @property
    def other(self) -> "Side":
        return Side.SEEK if self is Side.OFFER else Side.OFFER


class Industry(StrEnum):
    """战略性新兴产业分类（2018）."""

    IT = "it"
    EQUIPMENT = "equipment"
    MATERIALS = "materials"
    BIO = "bio"
    VEHICLES = "vehicles"
    ENERGY = "energy"
    GREEN = "green"
    CREATIVE = "creative"
    SERVICES = "services"


class Stage(StrEnum):
    CONCEPT = "concept"
    LAB = "lab"
    PILOT = "pilot"  # 中试
    PRODUCT = "product"


class Way(StrEnum):
    ASSIGN = "assign"  # 转让
    LICENSE = "license"
    EQUITY = "equity"  # 作价投资
    JOINT = "joint"  # 合作开发
    FINANCE = "finance"  # 融资


IPC_SECTIONS = "ABCDEFGH"


class State(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    LISTED = "listed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    PASS = "pass"  # noqa: S105  通过并发布
    RETURN = "return"
    FILE_AGAIN = "file_again"
    RENEW = "renew"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    """`action` None: the clock's own move."""

    action: Action | None
    allowed_in: frozenset[State]
    leads_to: State


_OPEN = frozenset(State) - {State.WITHDRAWN}
RULES: Mapping[Move, Rule] = {
    Move.PASS: Rule(Action.SUPPLY_REVIEW, frozenset({State.SUBMITTED}), State.LISTED),
    Move.RETURN: Rule(Action.SUPPLY_REVIEW, frozenset({State.SUBMITTED}), State.RETURNED),
    Move.FILE_AGAIN: Rule(Action.SUPPLY_FILE, frozenset({State.RETURNED}), State.SUBMITTED),
    Move.RENEW: Rule(Action.SUPPLY_FILE, frozenset({State.LISTED, State.EXPIRED}), State.LISTED),
    Move.EXPIRE: Rule(None, frozenset({State.LISTED}), State.EXPIRED),
    Move.WITHDRAW: Rule(Action.SUPPLY_FILE, _OPEN, State.WITHDRAWN),
}
_LASTING = frozenset({Move.PASS, Move.RENEW})


@dataclass(frozen=True, slots=True)
class Said:
    """What a card says. `least` and `most` in 万元; `ipc` section letters; `patents` checked numbers."""

    title: str
    summary: str
    industries: tuple[Industry, ...]
    ipc: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    stage: Stage | None = None
    ways: tuple[Way, ...] = ()
    patents: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """It is the base's, whoever filed it. `remark`: what the centre asked to be changed."""

    id: int
    number: str
    base_id: int
    side: Side
    state: State
    rev: int
    said: Said
    filed_by: int
    filed_at: int
    city: str = ""
    kind: str = ""
    expires_on: date | None = None
    remark: str | None = None

    @property
    def subject(self) -> Subject:
        return Subject("supply", self.id)


def decide(
    card: Card,
    move: Move,
    actor: Actor | None,
    today: date,
    *,
    seen_rev: int | None = None,
    remark: str | None = None,
    said: Said | None = None,
) -> Card:
    """The card after the move; `actor` None is the clock, `said` what a card that is filed again says.

    Raises Forbidden, or Stale where the card is not as the person saw it.
    """
    rule = RULES[move]
    if rule.action is not None:
        require(actor, rule.action, card.base_id if rule.action is Action.SUPPLY_FILE else None)
    if card.state not in rule.allowed_in or (seen_rev is not None and seen_rev != card.rev):
        raise Stale("supply", card.id)
    return replace(
        card,
        state=rule.leads_to,
        rev=card.rev + 1,
        said=said or card.said,
        remark=remark if move is Move.RETURN else card.remark,
        expires_on=today + timedelta(days=LISTED_DAYS) if move in _LASTING else card.expires_on,
    )


def readable(actor: Actor | None, card: Card) -> bool:
    """One's own cards and, for the centre's people, all; to others one is told of without its base."""
    return may(actor, Action.SUPPLY_READ) or may(actor, Action.SUPPLY_FILE, card.base_id)


_MOVES: tuple[tuple[Move, ...], ...] = (
    (Move.PASS, Move.RETURN),
    (Move.FILE_AGAIN,),
    (Move.RENEW, Move.WITHDRAW),
)


def offers(card: Card, roles: frozenset[Role]) -> Rows:
    """The buttons under it for somebody of these roles."""

    def offered(move: Move) -> bool:
        rule = RULES[move]
        return (
            card.state in rule.allowed_in
            and rule.action is not None
            and not roles.isdisjoint(TABLE[rule.action])
        )

    rows = (
        tuple(Offer(f"supply_{move}", card.id, card.rev) for move in row if offered(move)) for row in _MOVES
    )
    return tuple(row for row in rows if row)


# --- an introduction of two cards -------------------------------------------------------------------------


class Standing(StrEnum):
    RELEASED = "released"  # both were told, without contacts
    EXCHANGED = "exchanged"  # both agreed: contacts were exchanged
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Introduction:
    """Of an offer and what seeks it. `agreed`: the sides that want to be put in touch."""

    id: int
    offer_id: int
    seek_id: int
    standing: Standing
    rev: int
    agreed: frozenset[Side] = field(default_factory=frozenset)

    @property
    def subject(self) -> Subject:
        return Subject("introduction", self.id)

    def card_of(self, side: Side) -> int:
        return self.offer_id if side is Side.OFFER else self.seek_id


def answered(introduction: Introduction, side: Side, *, agrees: bool) -> Introduction:
    """After a side's word; contacts are exchanged when both agree.

    Raises Stale when it is settled already, or the side has agreed before.
    """
    if introduction.standing is not Standing.RELEASED or side in introduction.agreed:
        raise Stale("introduction", introduction.id)
    if not agrees:
        return replace(introduction, standing=Standing.DECLINED, rev=introduction.rev + 1)
    agreed = introduction.agreed | {side}
    standing = Standing.EXCHANGED if len(agreed) == len(Side) else Standing.RELEASED
    return replace(introduction, standing=standing, agreed=agreed, rev=introduction.rev + 1)
