"""The command line, as a shell sees it: exit codes, one clear line on stderr."""

import contextlib
import os
import pty
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from domain.roster import COLUMNS

GOOD = (
    "YS01,蜀江理工大学（演示）,蜀江理工（演示）,12510000DEM000014E,高校,成都,第一批,2024-12-20,2025-01-01,科技成果转化处,"
    "林知行（演示）,10000000101,苏小溪（演示）,10000000102,高文博（演示）,10000000103"
)


def lianluo(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")}
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**clean, "PYTHONPATH": root, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def csv(folder: Path, *rows: str, header: str = ",".join(COLUMNS)) -> str:
    file = folder / "bases.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(file)


def test_migrate_says_what_it_did_and_does_it_once(tmp_path: Path) -> None:
    first = lianluo("migrate", cwd=tmp_path)
    assert (first.returncode, first.stdout.split()[0]) == (0, "0001_core")
    assert lianluo("migrate", cwd=tmp_path).stdout == "up to date\n"


def test_import_keeps_bases_and_their_people(tmp_path: Path) -> None:
    done = lianluo("import", csv(tmp_path, GOOD), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 bases imported\n")
    with sqlite3.connect(tmp_path / "var/lianluo.db") as database:
        assert database.execute("SELECT code, status FROM bases").fetchall() == [("YS01", "active")]
        assert database.execute("SELECT count(*) FROM persons").fetchone() == (3,)
    database.close()


def test_a_file_with_errors_imports_nothing_and_names_each(tmp_path: Path) -> None:
    bad = GOOD.replace("YS01", "YS02").replace("12510000DEM000014E", "12510000DEM000014X")
    done = lianluo("import", csv(tmp_path, GOOD, bad, GOOD), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "row 3: uscc: is not a unified social credit code (18 characters, GB 32100)",
        "row 4: code: is there already",
        "row 4: uscc: is there already",
        "lianluo: 3 problems; nothing was imported",
    ]
    again = lianluo("import", csv(tmp_path, GOOD), cwd=tmp_path)
    assert again.stdout == "1 bases imported\n"


def test_importing_again_says_what_changed(tmp_path: Path) -> None:
    lianluo("import", csv(tmp_path, GOOD), cwd=tmp_path)
    done = lianluo("import", csv(tmp_path, GOOD.replace("成都", "绵阳")), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "YS01: city: 成都 → 绵阳\n0 bases imported, 1 updated, 0 unchanged\n"


def test_valid_rows_are_imported_and_the_others_named(tmp_path: Path) -> None:
    bad = GOOD.replace("YS01", "YS02").replace("12510000DEM000014E", "12510000DEM000014X")
    done = lianluo("import", csv(tmp_path, GOOD, bad), "--valid-rows", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "1 bases imported\n")
    assert done.stderr.splitlines()[1:] == ["lianluo: 1 problems; 1 rows were left out"]


def test_a_long_list_is_watched_on_a_terminal(tmp_path: Path) -> None:
    """A bar on stderr that is wiped at the end; the rows are all wrong, so that they need no code each."""
    file = csv(tmp_path, *[GOOD] * 400)
    terminal, process_end = pty.openpty()
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", file],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        stderr=process_end,
        stdout=subprocess.DEVNULL,
    )
    os.close(process_end)
    shown = b""
    with contextlib.suppress(OSError):  # a terminal ends so
        while chunk := os.read(terminal, 65_536):
            shown += chunk
    os.close(terminal)
    assert process.wait() == 1
    bars, _, said = shown.partition(b"\r\033[K")
    assert bars.startswith(b"\r[" + b" " * 40 + b"] 0%\r[#")
    assert said.startswith(b"row 3: code: is there already")


def test_pending_invitations_go_into_a_file_once(tmp_path: Path) -> None:
    lianluo("import", csv(tmp_path, GOOD), cwd=tmp_path)
    with sqlite3.connect(tmp_path / "var/lianluo.db") as database:
        database.execute("INSERT INTO settings VALUES ('bot_username', 'demo_bot')")
    database.close()
    done = lianluo("invite", "--pending", "out.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (
        0,
        "3 invitations in out.xlsx; those given out before open nothing any more\n",
    )
    again = lianluo("invite", "--pending", "out.xlsx", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (1, "lianluo: out.xlsx: File exists; --force overwrites\n")
    assert lianluo("invite", "--pending", "out.xlsx", "--force", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"code,name\nYS01,x\n", "the first line lacks the columns short_name"),
        ("code\n蜀江".encode("gb18030"), "the first line lacks the columns name"),
        (b"code\n\xff\xff", "not a CSV file in UTF-8 or GB18030"),
        (b"", "the first line lacks the columns code"),
    ],
)
def test_what_is_no_list_of_bases_is_said_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "bases.csv").write_bytes(content)
    done = lianluo("import", "bases.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = lianluo("import", "nothing.csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "lianluo: nothing.csv: No such file or directory\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--role", "liaison", "--name", "林知行"), "--base: needed for the role liaison"),
        (("--role", "officer", "--name", "周明远", "--base", "YS01"), "--base: not for the role officer"),
        (("--role", "officer", "--name", "周明远"), "LIANLUO_TOKEN: needed"),
        (
            ("--role", "head", "--name", "秦望舒", "--base", "YS01", "--handover"),
            "--handover: not for the role head",
        ),
        (("--role", "officer"), "--role and --name: needed, or --pending OUT.xlsx"),
        (("--pending", "out.xlsx", "--base", "YS01"), "--pending: goes without --role, --name and --base"),
        (("--pending", "out.xlsx"), "LIANLUO_TOKEN: needed"),
    ],
)
def test_wrong_use_of_invite_ends_with_two(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = lianluo("invite", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"LIANLUO_TOKEN": "nonsense"}, "lianluo: LIANLUO_TOKEN: a token as BotFather gives it"),
        ({"LIANLUO_DATABASE_URL": "mysql://x"}, "lianluo: LIANLUO_DATABASE_URL: sqlite:///path"),
    ],
)
def test_a_wrong_configuration_ends_with_two_and_one_line(
    tmp_path: Path, environment: dict[str, str], says: str
) -> None:
    done = lianluo("migrate", cwd=tmp_path, **environment)
    assert done.returncode == 2
    assert done.stderr.startswith(says)
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    done = lianluo("migrate", cwd=tmp_path, LIANLUO_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
