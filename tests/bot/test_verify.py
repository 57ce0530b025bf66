"""`lianluo verify`, as a shell sees it: what it finds, one a line, and how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.verify import Unreadable, lines, outcome, read, unknown
from domain.indicators import editions
from domain.verification import verify
from messages import Catalog

CONTRACTS = {"I14": 2, "I15": 3, "I16": 500, "I17": 1, "I18": 1, "I19": 300, "I22": 1, "I23": 50}
GOOD: Mapping[str, object] = {one.code: 0 for one in editions()[-1].indicators if one.required} | CONTRACTS
TOTAL = "I24 转化合同总金额 860 ≠ 转让 500 + 许可 300 + 作价 50 = 850"
catalog = Catalog()


def lianluo(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")}
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.run(
        [sys.executable, "-m", "bot", "verify", *arguments],
        cwd=cwd,
        env={**clean, "PYTHONPATH": root, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def kept(folder: Path, figures: object, name: str = "figures.json") -> str:
    (folder / name).write_text(json.dumps(figures), encoding="utf-8")
    return name


def test_figures_that_are_right_end_with_0_in_silence(tmp_path: Path) -> None:
    done = lianluo(kept(tmp_path, GOOD), "--last", kept(tmp_path, GOOD, "last.json"), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_error_ends_with_3_and_names_the_numbers(tmp_path: Path) -> None:
    done = lianluo(kept(tmp_path, GOOD | {"I24": 860}), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (3, f"R04 请改正 {TOTAL}\n", "")


def test_each_finding_is_an_object_on_a_line_of_its_own(tmp_path: Path) -> None:
    figures = kept(tmp_path, GOOD | {"I24": 860, "I28": 5, "I25": 900, "I30": 450})
    done = lianluo(figures, "--json", cwd=tmp_path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert told[0] == {"rule": "R04", "severity": "error", "message": TOTAL}
    assert [(one["rule"], one["severity"]) for one in told[1:]] == [("R11", "explain"), ("R13", "warn")]


@pytest.mark.parametrize("change", [{"I28": 5}, {"I25": 900, "I30": 450}])
def test_what_is_only_to_be_confirmed_or_explained_ends_with_4(
    tmp_path: Path, change: dict[str, object]
) -> None:
    assert lianluo(kept(tmp_path, GOOD | change), cwd=tmp_path).returncode == 4


def test_last_years_figures_are_compared(tmp_path: Path) -> None:
    last = kept(tmp_path, GOOD | {"I03": 20}, "last.json")
    done = lianluo(kept(tmp_path, GOOD), "--last", last, cwd=tmp_path, LIANLUO_LOCALE="en")
    assert done.returncode == 4
    assert done.stdout == (
        "R16 Please explain I03 IP training attendances 0 attendances, last year 20 attendances."
        " A change of more than 50% from last year: please explain\n"
    )


def test_no_database_is_touched_and_none_is_made(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    done = lianluo(kept(tmp_path, GOOD), cwd=tmp_path, LIANLUO_DATABASE_URL=nowhere)
    assert done.returncode == 0
    assert [file.name for file in tmp_path.iterdir()] == ["figures.json"]


def test_a_key_that_names_no_indicator_is_said_and_left_out(tmp_path: Path) -> None:
    done = lianluo(kept(tmp_path, GOOD | {"I99": 5, "年\n度": 1, "D01": "是"}), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "lianluo: figures.json: not an indicator, left out: I99, 年 度\n"


@pytest.mark.parametrize("arguments", [("nothing.json",), ("figures.json", "--last", "nothing.json")])
def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    kept(tmp_path, GOOD)
    done = lianluo(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "lianluo: nothing.json: No such file or directory\n"


def test_a_file_that_is_no_table_of_figures_is_wrong_use(tmp_path: Path) -> None:
    done = lianluo(kept(tmp_path, [512]), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'lianluo: figures.json: not an object such as {"I04": 512}\n'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not JSON: Expecting value"),
        (b"I04 512", "not JSON: Expecting value"),
        (b'{"I04": 512', "not JSON: Expecting"),
        ('{"I04": "五"}'.encode("gb18030"), "not JSON: 'utf-8' codec"),
        (b"[" * 100_000, "not JSON: maximum recursion depth"),
        (b'{"I04": 512, "I05": 1, "I04": 513}', "not JSON: I04 is there twice"),
        (b"null", "not an object"),
        (b'"I04"', "not an object"),
        (b"512", "not an object"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "figures.json"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=says) as caught:
        read(file)
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Is a directory"):
        read(tmp_path)


def test_a_file_saved_on_windows_is_read(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    file.write_text('\ufeff{\r\n"I04": 512}\r\n', encoding="utf-8")
    assert read(file) == {"I04": 512}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("null", "I25 当年到账金额未填，没有的请填 0"),
        ("NaN", "I25 当年到账金额填的是“NaN”，请只填数字，单位是万元"),
        ('"12万"', "I25 当年到账金额填的是“12万”，请只填数字，单位是万元"),
        ('"<b>&lt;\\u2028\\ud800"', "I25 当年到账金额填的是“<b>&lt;”，请只填数字，单位是万元"),
        ("true", "I25 当年到账金额填的是“true”，请只填数字，单位是万元"),
        ('{"a": 1}', "I25 当年到账金额填的是“{…}”，请只填数字，单位是万元"),
        ("-0.5", "I25 当年到账金额 -0.5 万元，不能小于 0"),
        ("0.001", "I25 当年到账金额 0.001 万元，最多两位小数"),
        ("9" * 5000, f"I25 当年到账金额 {'9' * 39}… 万元，数字过长，请核对"),
    ],
)
def test_a_flaw_is_told_with_what_was_written(tmp_path: Path, written: str, message: str) -> None:
    file = tmp_path / "figures.json"
    file.write_text(json.dumps(GOOD | {"I25": "here"}).replace('"here"', written), encoding="utf-8")
    found = verify(read(file))
    assert lines(found, catalog, "zh_CN", as_json=False) == [f"R08 请改正 {message}"]
    assert outcome(found) == 3


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_finding_is_told_on_one_line_in_either_language(locale: str) -> None:
    mess = dict.fromkeys(GOOD, 7) | {"I05": 9, "I24": 1, "I01": 0.5, "I02": "x\n", "P01": -1, "P02": "0.001"}
    found = verify(mess, dict.fromkeys(GOOD, 100_000), [dict.fromkeys(GOOD, 1) | {"I06": 99}] * 4)
    assert {one.template.partition("/")[0] for one in found} == {"verification"}
    assert {"R01", "R04", "R08", "R15", "R16", "R17"} == {one.rule for one in found}
    for line in lines(found, catalog, locale, as_json=False):
        assert line.splitlines() == [line]
    for line in lines(found, catalog, locale, as_json=True):
        assert set(json.loads(line)) == {"rule", "severity", "message"}


def test_only_the_codes_of_the_data_are_known() -> None:
    assert unknown({"I04": 1, "P02": 1, "D05": "是", "i04": 1, "I32": 1}) == ["i04", "I32"]
