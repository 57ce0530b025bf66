"""When an album is complete, and that its order is kept."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.albums import LATE_MS, TOGETHER_MS, Album, in_order, wait_until

DUE = 1_000_000
ALBUM = Album(1, 7, "13", 2, DUE, waited=False, words="", cites=None, draft_id=None, step=None)


def test_it_waits_for_the_moment_after_its_last_item() -> None:
    assert wait_until(ALBUM, DUE - 1, more_in_hand=False) == DUE
    assert wait_until(ALBUM, DUE, more_in_hand=False) is None


def test_it_waits_for_what_is_in_hand() -> None:
    assert wait_until(ALBUM, DUE, more_in_hand=True) == DUE + TOGETHER_MS


def test_after_a_time_away_it_waits_once_more_and_only_once() -> None:
    late = DUE + LATE_MS + 1
    assert wait_until(ALBUM, late, more_in_hand=False) == late + TOGETHER_MS
    assert wait_until(replace(ALBUM, waited=True), late, more_in_hand=False) is None


@given(st.permutations(range(8)), st.sets(st.integers(0, 9)))
def test_its_items_are_in_the_order_in_which_they_were_sent_and_nothing_is_lost(
    got: list[int], album: set[int]
) -> None:
    sent = sorted(album)
    arranged = in_order(got, sent)
    assert sorted(arranged) == sorted(got)
    assert [one for one in arranged if one in album] == [one for one in sent if one in got]
    assert [(i, one) for i, one in enumerate(arranged) if one not in album] == [
        (i, one) for i, one in enumerate(got) if one not in album
    ]
