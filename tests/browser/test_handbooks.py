"""The handbooks' pictures can be taken again."""

from pathlib import Path

import pytest

from tests.browser import handbooks


@pytest.mark.proof
async def test_the_pictures_can_be_taken(tmp_path: Path) -> None:
    await handbooks.take_pictures(tmp_path)
    taken = {one.name for one in tmp_path.iterdir()}
    assert taken == {one.name for one in handbooks.PICTURES.iterdir()}
