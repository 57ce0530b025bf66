"""People, their roles and the office they hold them for (Article 8)."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    LIAISON = "liaison"  # 联络员 of a base
    DEPUTY = "deputy"  # 备岗联络员（B角）
    HEAD = "head"  # 责任处室负责人
    REVIEWER = "reviewer"  # 保密审查人
    OFFICER = "officer"  # 经办人 of the centre
    SUPERVISOR = "supervisor"  # 中心负责人
    ADMIN = "admin"  # 系统管理员
    SECRECY = "secrecy"  # 中心保密办
    AUDITOR = "auditor"  # 监督查阅（只读）


BASE_ROLES = frozenset({Role.LIAISON, Role.DEPUTY, Role.HEAD, Role.REVIEWER})
CENTRE_ROLES = frozenset(Role) - BASE_ROLES


class PhoneCheck(StrEnum):
    NONE = "none"  # nothing shared yet, or nothing on file to compare with
    MATCHES = "matches"  # the shared number is the one on file
    DIFFERS = "differs"  # an officer is asked to call back
    CONFIRMED = "confirmed"  # an officer has called back


class ConsentKind(StrEnum):
    PROCESSING = "processing"  # PIPL Article 13: the notice of what is collected
    CROSS_BORDER = "cross_border"  # PIPL Article 39: separate, for what passes through servers abroad


CONSENT_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Membership:
    """A role somebody holds; `routes` are the lines of work an officer takes, none means all."""

    role: Role
    base_id: int | None
    routes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as the access table sees them."""

    person_id: int
    name: str
    memberships: tuple[Membership, ...]

    def roles(self, base_id: int | None = None) -> frozenset[Role]:
        """The centre's roles, and those held for the base."""
        return frozenset(m.role for m in self.memberships if m.base_id in (None, base_id))

    @property
    def bases(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(m.base_id for m in self.memberships if m.base_id is not None))

    @property
    def of_centre(self) -> bool:
        return any(m.role in CENTRE_ROLES for m in self.memberships)


@dataclass(frozen=True, slots=True)
class Person:
    """A person on record; `phone` is the number on file, `phone_shared` the one Telegram's contact gave."""

    id: int
    name: str
    telegram_id: int | None
    locale: str | None
    phone: str | None
    phone_shared: str | None
    phone_check: PhoneCheck
    office_phone: str | None
    reachable: bool
    enrolled_at: int | None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A single-use code, bound to the account that opens it first."""

    id: int
    person_id: int
    role: Role
    base_id: int | None
    expires_at: int
    claimed_by: int | None
    claimed_at: int | None
    used_at: int | None

    def is_claimed_by_another(self, telegram_id: int) -> bool:
        return self.claimed_by is not None and self.claimed_by != telegram_id


INVITATION_DAYS = 30
GUESSES_ALLOWED = 5
GUESSES_WITHIN_MS = 60 * 60 * 1000


def phone_check(on_file: str | None, shared: str, same: bool) -> PhoneCheck:
    """Whether an officer has to call back (no refusal: Article 8 leaves the registration to the unit)."""
    if on_file is None or not shared:
        return PhoneCheck.NONE
    return PhoneCheck.MATCHES if same else PhoneCheck.DIFFERS
