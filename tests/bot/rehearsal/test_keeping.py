"""The world on disk."""

# files of a test are small

import asyncio
import json
from pathlib import Path

import pytest

from bot.rehearsal import RehearsalServer, keeping
from tests.bot.rehearsal.conftest import TOKEN, Clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rehearsal" / "world.json"


async def test_everything_is_found_again(path: Path, clock: Clock) -> None:
    async with RehearsalServer(TOKEN, clock=clock, kept_at=path) as server:
        zhang = server.world.person("张三", slot="liaison")
        zhang.send_document("a.bin", b"\x00\xff")
        zhang.send_document("大.zip", size=30_000_000)
        group = server.world.group("中心", members=[zhang], forum=True)
        group.topic("申请")
        state = server.world.state
    assert keeping.read(path) == state
    assert RehearsalServer(TOKEN, kept_at=path).world.people[zhang.id].messages() == zhang.messages()


async def test_it_is_written_while_the_server_runs(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = asyncio.Event()
    monkeypatch.setattr(keeping, "PAUSE", 0)
    monkeypatch.setattr(keeping, "_write", lambda *_: written.set())
    async with RehearsalServer(TOKEN, clock=clock, kept_at=path) as server:
        server.world.person("张三").send("在")
        await asyncio.wait_for(written.wait(), 2)


async def test_many_changes_are_written_once(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    monkeypatch.setattr(keeping, "_write", lambda where, _: written.append(where))
    async with RehearsalServer(TOKEN, clock=clock, kept_at=path) as server:
        for number in range(100):
            server.world.person(f"{number}").send("在")
    assert written == [path]


async def test_a_write_that_fails_leaves_what_was_there(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with RehearsalServer(TOKEN, clock=clock, kept_at=path) as server:
        server.world.person("张三")
    before = path.read_text()

    def full(_: int) -> None:
        raise OSError("No space left on device")

    server = RehearsalServer(TOKEN, clock=clock, kept_at=path)
    await server.start()
    server.world.person("李四")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        await server.stop()
    assert path.read_text() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"bot": 1}', json.dumps({"bot": {"id": 1, "unknown": 2}})])
def test_what_cannot_be_read_is_put_aside(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    assert keeping.read(path) is None
    assert path.with_suffix(".unreadable").read_text() == text
    assert RehearsalServer(TOKEN, kept_at=path).world.people == {}


def test_a_state_given_comes_first(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{")
    state = RehearsalServer(TOKEN).world.state
    assert RehearsalServer(TOKEN, state=state, kept_at=path).world.state is state
    assert path.read_text() == "{"
