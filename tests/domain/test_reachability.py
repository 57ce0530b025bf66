"""Whether a base can be reached, and who hears a notice in whose place."""

import pytest

from domain.people import Role
from domain.reachability import Contact, Reach, reach, tells

LIAISON, DEPUTY, HEAD = 1, 2, 3


def base(liaison: str = "", deputy: str = "", head: str = "") -> list[Contact]:
    """`+` can be written to, `-` can't, `~` can and is away; empty: nobody in that office."""
    offices = ((LIAISON, Role.LIAISON, liaison), (DEPUTY, Role.DEPUTY, deputy), (HEAD, Role.HEAD, head))
    return [
        Contact(person_id, role, reached=state != "-", away=state == "~")
        for person_id, role, state in offices
        if state
    ]


@pytest.mark.parametrize(
    ("contacts", "reading"),
    [
        (base("+"), Reach.OPEN),
        (base("+", "+", "-"), Reach.OPEN),
        (base("~", "+"), Reach.OPEN),
        (base("+", "-"), Reach.PARTIAL),
        (base("-", "+"), Reach.PARTIAL),
        (base("", "+"), Reach.PARTIAL),
        (base("-", "-", "+"), Reach.PARTIAL),
        (base("-", "-", "-"), Reach.NONE),
        (base(), Reach.NONE),
    ],
)
def test_a_base_is_open_partly_open_or_out_of_reach(contacts: list[Contact], reading: Reach) -> None:
    assert reach(contacts) is reading


def test_a_reviewer_is_no_contact() -> None:
    assert reach([Contact(4, Role.REVIEWER, reached=True)]) is Reach.NONE


@pytest.mark.parametrize(
    ("contacts", "told", "heard"),
    [
        (base("+", "+", "+"), (LIAISON,), (LIAISON,)),
        (base("-", "+", "+"), (LIAISON,), (DEPUTY,)),
        (base("~", "+", "+"), (LIAISON,), (DEPUTY,)),
        (base("-", "-", "+"), (LIAISON,), (HEAD,)),
        (base("-", "+", "+"), (LIAISON, DEPUTY), (DEPUTY,)),
        (base("-", "-", "+"), (LIAISON, DEPUTY), (HEAD,)),
        (base("+", "-"), (DEPUTY,), (LIAISON,)),
        (base("~", "-", "-"), (LIAISON,), (LIAISON,)),  # away, and nobody else: better than nobody
        (base("~", "", "-"), (LIAISON, HEAD), (LIAISON,)),
        (base("-", "+", "+"), (LIAISON, HEAD), (HEAD, DEPUTY)),  # a head does not act for the liaison
        (base("-", "-", "-"), (LIAISON, DEPUTY), ()),
    ],
)
def test_a_notice_goes_over_from_the_liaison_to_the_deputy_to_the_head(
    contacts: list[Contact], told: tuple[int, ...], heard: tuple[int, ...]
) -> None:
    assert tells(contacts, told) == heard
