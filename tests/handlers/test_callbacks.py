"""callback_data: at most 64 bytes, and nothing that is not ours gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notices import Offer
from handlers.callbacks import MAX_BYTES, Press, pack, unpack

NUMBERS = st.integers(0, 2**63 - 1)
OPS = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
ARGS = st.from_regex(r"[0-9A-Za-z_]{0,16}", fullmatch=True)


@given(OPS, ARGS, NUMBERS, NUMBERS)
def test_what_is_packed_comes_back_and_fits(op: str, arg: str, number: int, rev: int) -> None:
    data = pack(Offer(f"{op}.{arg}" if arg else op, number, rev))
    assert len(data.encode()) <= MAX_BYTES
    assert unpack(data) == Press(op, arg, number, rev)


@given(st.text())
def test_no_text_is_unpacked_into_a_surprise(data: str) -> None:
    pressed = unpack(data)
    assert pressed is None or unpack(pack(Offer(_op(pressed), pressed.id, pressed.rev))) == pressed


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "accept",
        "accept:1",
        "accept:-1:0",
        "accept:1:0:0",
        "accept:1:z'; DROP",
        "🙂" * 16,
        "accept:１:0",
        "a:ZZ:0",
        "accept:" + "z" * 14 + ":0",
    ],
)
def test_forged_data_is_nothing(forged: str) -> None:
    assert unpack(forged) is None


def test_an_offer_that_cannot_be_packed_is_our_fault() -> None:
    with pytest.raises(ValueError, match="no callback data"):
        pack(Offer("an op with spaces"))


def _op(pressed: Press) -> str:
    return f"{pressed.op}.{pressed.arg}" if pressed.arg else pressed.op
