"""`lianluo scan`: files and lines, in words and as JSON, and what the shell hears."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

SAID_CLEAN = "未发现标志，不能代替保密审查"


def scan(*arguments: str, given: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "scan", *arguments]
    root = str(Path(__file__).parents[2])
    environment = {"PYTHONPATH": root, "PATH": "", "PYTHONUTF8": "1"}
    return subprocess.run(  # noqa: PLW1510  its code is what is looked at
        command, input=given, capture_output=True, text=True, env=environment, cwd=cwd
    )


def file(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


@pytest.mark.parametrize(
    ("lines", "severities", "code"),
    [
        (["机密★10年", "手机13800138000"], ["block", "warn"], 3),
        (["本项目不涉及国家秘密。", "手机13800138000"], ["none", "warn"], 4),
        (["电话 028-86543210", "", "普通的一行"], ["inform", "none", "none"], 0),
    ],
)
def test_each_line_of_text_has_its_object(lines: Sequence[str], severities: list[str], code: int) -> None:
    done = scan("--text", "--json", given="\n".join(lines) + "\n")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["severity"] for one in told] == severities
    assert done.returncode == code


def test_a_finding_names_rule_place_and_a_masked_excerpt() -> None:
    done = scan("--text", "--json", given="说明\n手机13800138000\n")
    [finding] = json.loads(done.stdout.splitlines()[1])["findings"]
    assert finding == {"severity": "warn", "rule": "MOBILE", "place": "第 2 行", "excerpt": "138****8000"}


def test_the_findings_of_files_name_their_file(tmp_path: Path) -> None:
    marked, clean = file(tmp_path, "一.txt", "首行\n机密★10年\n"), file(tmp_path, "二.txt", "年度总结")
    done = scan("--json", marked, clean)
    [told] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (told["file"], told["severity"], told["rule"]) == (marked, "block", "STATE_MARK")
    assert "机密" not in done.stdout
    assert done.returncode == 3


def test_in_words_a_clean_file_is_told_too_and_never_passed(tmp_path: Path) -> None:
    done = scan(file(tmp_path, "二.txt", "年度总结"))
    assert SAID_CLEAN in done.stdout
    assert "通过" not in done.stdout
    assert done.returncode == 0


def test_a_path_is_taken_from_where_one_stands(tmp_path: Path) -> None:
    file(tmp_path, "二.txt", "年度总结")
    assert SAID_CLEAN in scan("二.txt", cwd=tmp_path).stdout


def test_what_cannot_be_read_is_a_warning_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    done = scan("--json", str(tmp_path / "包.zip"))
    told = json.loads(done.stdout)
    assert (told["severity"], told["rule"], done.returncode) == ("warn", "UNREADABLE", 4)
    assert "压缩包" in told["excerpt"]


@pytest.mark.parametrize("arguments", [[], ["--text", "一.txt"], ["没有.txt"]])
def test_wrong_use_is_one_line_and_two(arguments: list[str]) -> None:
    done = scan(*arguments)
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (2, 1, "")
