"""What an offer and a demand have in common, and in which order candidates come."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching import candidates, compare, keywords_in, pairs
from domain.supply import Card, Industry, Said, Side, Stage, State, Way


def card(id_: int, side: Side, *, base: int = 0, city: str = "成都", **said: object) -> Card:
    told = {
        "title": "石墨烯改性电极材料",
        "summary": "循环寿命长，可用于储能电池。",
        "industries": (Industry.MATERIALS,),
        "keywords": ("石墨烯", "电极"),
        "stage": Stage.PILOT,
        "ways": (Way.LICENSE,),
        "least": Decimal(100),
    }
    content = Said(**(told | said))  # type: ignore[arg-type]
    number = f"GX-2026-{id_:04}"
    return Card(id_, number, base or id_, side, State.LISTED, 1, content, 1, 0, city, "高校")


def test_what_they_share_is_named_in_words() -> None:
    offer = card(1, Side.OFFER)
    seek = card(
        2, Side.SEEK, title="寻求石墨烯复合材料", summary="用于电极涂层", keywords=("导热",), city="绵阳"
    )
    why = compare(offer, seek)
    assert why.industries == (Industry.MATERIALS,)
    assert why.words == ("电极", "石墨烯")
    assert not why.same_city
    assert 0 < why.likeness < 1


def test_words_are_compared_in_any_width_and_case() -> None:
    offer = card(1, Side.OFFER, keywords=("ＰＥＥＫ",))
    seek = card(2, Side.SEEK, title="寻求 peek 基复合材料", keywords=("膜",))
    assert compare(offer, seek).words == ("peek",)


def test_a_single_character_is_no_common_word() -> None:
    offer = card(1, Side.OFFER, keywords=("膜",))
    seek = card(2, Side.SEEK, title="膜分离", summary="", keywords=("膜",))
    assert compare(offer, seek).words == ()


def test_neither_the_same_base_nor_the_same_side_nor_the_same_city_alone_makes_a_candidate() -> None:
    offer = card(1, Side.OFFER, base=1)
    others = [
        card(2, Side.SEEK, base=1),
        card(3, Side.OFFER),
        card(
            4, Side.SEEK, title="猪病疫苗", summary="动物疫苗", industries=(Industry.BIO,), keywords=("疫苗",)
        ),
    ]
    assert candidates(offer, others) == []


def test_the_likest_comes_first_and_equals_keep_their_order() -> None:
    offer = card(1, Side.OFFER)
    distant = card(2, Side.SEEK, title="涂料", summary="防腐", keywords=("防腐",), city="")
    close = card(3, Side.SEEK)
    twin = card(4, Side.SEEK)
    assert [one.card.id for one in candidates(offer, [distant, twin, close])] == [3, 4, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("石墨烯，电极、储能; 电池", ("石墨烯", "电极", "储能", "电池")),
        ("石墨烯,石墨烯", ("石墨烯",)),
        (" ，，", ()),
        ("，".join(str(n) for n in range(20)), tuple(str(n) for n in range(8))),
        ("字" * 50, ("字" * 20,)),
    ],
)
def test_keywords_are_parted_as_people_part_them(text: str, words: tuple[str, ...]) -> None:
    assert keywords_in(text) == words


def test_pairs_are_of_neighbours_and_of_whole_foreign_words() -> None:
    assert pairs("石墨烯的 PEEK 膜") == {"石墨", "墨烯", "peek"}


WORDS = st.text(alphabet="石墨烯电极膜材料ab ，", max_size=30)
SAID = st.builds(
    dict,
    title=WORDS,
    summary=WORDS,
    keywords=st.lists(WORDS, max_size=4).map(tuple),
    industries=st.lists(st.sampled_from(Industry), max_size=3).map(tuple),
)


@given(SAID, SAID)
def test_likeness_is_the_same_from_either_side(one: dict[str, object], other: dict[str, object]) -> None:
    a, b = card(1, Side.OFFER, **one), card(2, Side.SEEK, **other)  # type: ignore[arg-type]
    assert compare(a, b) == compare(b, a)
    assert 0 <= compare(a, b).likeness <= 1
