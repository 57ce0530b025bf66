"""The parent's side: whatever the child does, there is an answer in time, and the loop goes on."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction import confine, reader, wire
from handlers.extraction.reader import NotBegun, read
from handlers.extraction.result import Declined, Extracted, Kind, Reason
from tests.handlers.extraction.making import MARK, docx, paragraph, run, worksheet, xlsx

BEGUN = """print('["begun"]', flush=True);"""
TAKEN = r"""print('["taken","txt"]', flush=True)"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "机密 文件"
    path.write_bytes(docx(paragraph(run(MARK))))
    return path


def behave(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have another child stand in, which gets the path as its argument and says that it began."""
    stand_in(monkeypatch, f"{BEGUN}\n{script}")


def stand_in(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(reader, "_CHILD", (sys.executable, "-I", "-S", "-c", script))


async def test_a_file_is_read_and_its_name_is_a_text_too(file: Path) -> None:
    assert await read(file, "绝密.docx") == Extracted(
        Kind.DOCX,
        [Passage(Place(Part.NAME), "绝密.docx"), Passage(Place(Part.PARAGRAPH, (1,)), MARK)],
        [],
    )


@pytest.mark.parametrize("name", ["", "a\0b", "\ud800", "../../etc/passwd", "\u202exslx.exe", "字" * 5000])
async def test_no_name_stops_the_reading(file: Path, name: str) -> None:
    result = await read(file, name)
    assert isinstance(result, Extracted)
    assert result.passages[0].text == name


async def test_the_name_tells_a_csv_from_other_text_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("一,二")
    assert [getattr(await read(tmp_path / "a", name), "kind", None) for name in ("表.CSV", "表.docx")] == [
        Kind.CSV,
        Kind.TXT,
    ]


async def test_a_file_that_is_not_taken_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert await read(tmp_path / "a", "a") == Declined(Reason.EMPTY)


@pytest.mark.parametrize("script", ["", "raise SystemExit(1)", "import time; time.sleep(60)"])
async def test_a_child_that_never_begins_says_nothing_of_the_file(
    script: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "WALL_S", 2.0)
    stand_in(monkeypatch, script)
    with pytest.raises(NotBegun):
        await read(file, "a")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("", Reason.DAMAGED),
        ("print('nothing of sense')", Reason.DAMAGED),
        ("print('[]')", Reason.DAMAGED),
        ("print('[' * 100000)", Reason.DAMAGED),
        ("""print('["passage","nowhere",[1],"a"]')""", Reason.DAMAGED),
        ("""print('["passage","page",["1"],"a"]')""", Reason.DAMAGED),
        ("""print('["taken","exe"]')""", Reason.DAMAGED),
        (f"{TAKEN}; raise SystemExit(1)", Reason.DAMAGED),
        (f"{TAKEN}; import os; os.abort()", Reason.DAMAGED),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Reason.DAMAGED),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", Reason.TOO_LONG),
    ],
)
async def test_a_child_that_fails_has_told_nothing(
    script: str, reason: Reason, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    behave(monkeypatch, script)
    assert await read(file, "a") == Declined(reason)


async def test_a_child_that_never_stops_talking_is_stopped(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MAX_BYTES", 1_000_000)
    behave(monkeypatch, "while True: print('a' * 1000)")
    assert await read(file, "a") == Declined(Reason.DAMAGED)


GRANDCHILD = """
import os, sys, time
from pathlib import Path
child = os.fork()
if child:
    Path(sys.argv[1] + ".pids").write_text(f"{os.getpid()} {child}")
time.sleep(60)
"""


def gone(process: int) -> bool:
    """Whether it runs no more; one that nobody has waited for yet is gone too."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX"
    except FileNotFoundError:
        return True


async def test_a_child_that_hangs_is_ended_with_all_it_started(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "WALL_S", 1.0)
    behave(monkeypatch, GRANDCHILD)
    assert await read(file, "a") == Declined(Reason.TOO_LONG)
    processes = Path(f"{file}.pids").read_text().split()
    assert [gone(int(process)) for process in processes] == [True, True]


async def test_a_reading_that_is_cancelled_leaves_no_child(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    behave(monkeypatch, GRANDCHILD)
    os.mkfifo(f"{file}.pids")
    reading = asyncio.create_task(read(file, "a"))
    processes = await asyncio.to_thread(Path(f"{file}.pids").read_text)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert [gone(int(process)) for process in processes.split()] == [True, True]


STAMPED = """
import sys, time
with open(sys.argv[1] + ".times", "a") as log:
    began = time.monotonic(); time.sleep(0.1); log.write(f"{began} {time.monotonic()}\\n")
"""


async def test_two_are_read_at_a_time(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    behave(monkeypatch, STAMPED)
    await asyncio.gather(*(read(file, "a") for _ in range(6)))
    spans = [tuple(map(float, line.split())) for line in Path(f"{file}.times").read_text().splitlines()]
    assert len(spans) == 6
    assert max(sum(begin <= at < end for begin, end in spans) for at, _ in spans) == 2


async def test_the_loop_goes_on_while_much_is_told(tmp_path: Path) -> None:
    row = "".join(f"<c><v>{n}</v></c>" for n in range(1000))
    (tmp_path / "a").write_bytes(xlsx(worksheet(f"<row>{row}</row>" * 300)))
    reading = asyncio.create_task(read(tmp_path / "a", "a"))
    turns, longest, last = 0, 0.0, time.process_time()
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
        longest, last = max(longest, time.process_time() - last), time.process_time()
    result = await reading
    assert isinstance(result, Extracted)
    assert len(result.passages) > 300_000
    assert turns > 100
    assert longest < 0.5


def attempt(script: str) -> str:
    """The last word of what a confined process says when it tries something."""
    confined = (
        "from handlers.extraction.confine import confine\nimport ctypes, os, resource, socket, subprocess\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{confined}confine()\n{script}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1].split(":")[0]


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("socket.socket()", "PermissionError"),
        ("socket.getaddrinfo('localhost', 80)", "PermissionError"),
        ("subprocess.run(['true'])", "PermissionError"),
        ("os.fork()", "PermissionError"),
        ("os.system('true')", "PermissionError"),
        ("bytearray(500_000_000)", "MemoryError"),
        ("open('/tmp/lianluo-confined', 'w')", "PermissionError"),
        ("print(os.nice(0))", str(min(os.nice(0) + 10, 19))),
        ("print(resource.getrlimit(resource.RLIMIT_CPU)[1])", str(confine.CPU_S)),
        ("print(resource.getrlimit(resource.RLIMIT_CORE)[1])", "0"),
        ("print(ctypes.CDLL(None).prctl(39, 0, 0, 0, 0))", "1"),
    ],
)
def test_a_confined_process_can_do_nothing_but_read(script: str, outcome: str) -> None:
    assert attempt(script) == outcome


def test_not_even_native_code_reaches_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        script = (
            "libc = ctypes.CDLL(None)\n"
            f"port = ({port}).to_bytes(2, 'big')\n"
            "address = (2).to_bytes(2, 'little') + port + bytes([127, 0, 0, 1]) + bytes(8)\n"
            "print(libc.connect(libc.socket(2, 1, 0), address, 16))"
        )
        assert attempt(script) == "-1"
