"""Every figure, against its peers in one run: `make bench`, or `python -m benchmarks.run [--rounds 3]`.

The contenders of a table take turns, round by round; the median of the rounds counts. The stub has a core of
its own; what is measured on one core has the other. The result is written to benchmarks/RESULTS.md.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.storage import postgres

RESULTS = Path(__file__).with_name("RESULTS.md")
ROOT = Path(__file__).resolve().parents[1]
PIN = [["taskset", "-c", "0"], ["taskset", "-c", "1"]]


@dataclass(frozen=True)
class Round:
    """One contender once: messages or updates a second, CPU µs each where it was noted, the stub's report."""

    rate: float
    cpu: float
    report: dict[str, Any]


@dataclass
class Table:
    title: str
    figures: dict[str, list[Round]] = field(default_factory=dict)

    def rate(self, name: str) -> float:
        return statistics.median(one.rate for one in self.figures[name])

    def seen(self, name: str, key: str) -> float:
        return statistics.median(one.report[key] for one in self.figures[name])


@contextmanager
def stub(*options: str) -> Iterator[int]:
    command = [*PIN[0], sys.executable, "-m", "benchmarks.stub", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def contend(name: str, count: int, options: list[str], *, stubbed: list[str], one_core: bool) -> Round:
    with stub(*stubbed) as port:
        command = [
            sys.executable,
            "-m",
            "benchmarks.contenders",
            name,
            str(port),
            "--count",
            str(count),
            *options,
        ]
        done = subprocess.run(  # noqa: S603
            [*(PIN[1] if one_core else []), *command], cwd=ROOT, check=True, capture_output=True, text=True
        )
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/report") as answer:
            report = json.load(answer)
    told = json.loads(done.stdout)
    began = told["began"] or report["began"]
    return Round(count / (told["ended"] - began), told["cpu"] / count * 1e6, report)


def outbound(rounds: int) -> Table:
    table = Table("Outbound")
    counts = {"ptb_send": 1_500}
    for _ in range(rounds):
        for name in (
            "lianluo_send",
            "unrecorded_send",
            "bare_send",
            "aiogram_send",
            "ptb_aiohttp_send",
            "ptb_send",
        ):
            one = contend(name, counts.get(name, 10_000), [], stubbed=["--delay-ms", "50"], one_core=False)
            table.figures.setdefault(name, []).append(one)
    return table


def paced() -> Round:
    return contend(
        "lianluo_send", 900, ["--rate", "30"], stubbed=["--delay-ms", "50", "--limit", "30"], one_core=False
    )


def inbound(rounds: int) -> Table:
    table, count = Table("Inbound"), 10_000
    ready = ["--updates", str(count)]
    for _ in range(rounds):
        for name in ("lianluo_echo", "aiogram_echo", "ptb_echo", "bare_echo"):
            one = contend(name, count, [], stubbed=ready, one_core=True)
            table.figures.setdefault(name, []).append(one)
        with postgres() as url:
            one = contend("lianluo_echo", count, ["--database", url], stubbed=ready, one_core=False)
        table.figures.setdefault("lianluo_echo, PostgreSQL", []).append(one)
    return table


def latency(rounds: int) -> Table:
    table = Table("Latency")
    for _ in range(rounds):
        for rate in (200, 500):
            stubbed = ["--updates", str(rate * 20), "--rate", str(rate), "--delay-ms", "40"]
            one = contend("lianluo_echo", rate * 20, [], stubbed=stubbed, one_core=False)
            table.figures.setdefault(f"{rate}/s", []).append(one)
    return table


def verdict(figure: float, goal: float, *, at_least: bool = True) -> str:
    return "met" if (figure >= goal if at_least else figure <= goal) else "**missed**"


def outbound_lines(table: Table, pace: Round) -> list[str]:
    ours, plain = table.rate("lianluo_send"), table.rate("unrecorded_send")
    used = pace.rate * (899 / 900) / 30
    lines = ["| contender | messages/s, median (all rounds) |", "|---|---|"]
    lines += [_row(name, rounds) for name, rounds in table.figures.items()]
    return [
        *lines,
        "",
        f"- claimed and settled durably: {ours:,.0f}/s, goal 1,000: {verdict(ours, 1000)}",
        (
            f"- against plain PTB on httpx: {ours / table.rate('ptb_send'):.1f}×, goal 4×: "
            f"{verdict(ours / table.rate('ptb_send'), 4)}"
        ),
        (
            f"- below the same transport without a record: {1 - ours / plain:.1%}, goal ≤ 15%: "
            f"{verdict(1 - ours / plain, 0.15, at_least=False)}"
        ),
        (
            f"- paced at 30/s, a 429 from whatever exceeds it: {used:.1%} of the time used, "
            f"{pace.report['throttled']} 429s, goals ≥ 98% and none: "
            f"{verdict(used if not pace.report['throttled'] else 0, 0.98)}"
        ),
    ]


def inbound_lines(table: Table) -> list[str]:
    ours = table.rate("lianluo_echo")
    lines = ["| contender | updates/s, median (all rounds) | CPU µs an update |", "|---|---|---|"]
    lines += [
        f"{_row(name, rounds)} {statistics.median(one.cpu for one in rounds):,.0f} |"
        for name, rounds in table.figures.items()
    ]
    goals = [
        ("on one core, SQLite, everything durable", ours, 1200, "{:,.0f}/s"),
        ("against an aiogram echo", ours / table.rate("aiogram_echo"), 1.3, "{:.2f}×"),
        ("against a stock PTB echo", ours / table.rate("ptb_echo"), 2.5, "{:.2f}×"),
        ("on two cores, PostgreSQL", table.rate("lianluo_echo, PostgreSQL"), 800, "{:,.0f}/s"),
    ]
    told = [
        f"- {what}: {shown.format(figure)}, goal {shown.format(goal)}: {verdict(figure, goal)}"
        for what, figure, goal, shown in goals
    ]
    return [*lines, "", *told]


def latency_lines(table: Table) -> list[str]:
    lines = ["| load | p50 ms | p99 ms | goal |", "|---|---|---|---|"]
    for name, goal in (("200/s", 8), ("500/s", 20)):
        p50, p99 = table.seen(name, "p50"), table.seen(name, "p99")
        lines.append(f"| {name} | {p50:.1f} | {p99:.1f} | ≤ {goal}: {verdict(p99, goal, at_least=False)} |")
    return lines


def _row(name: str, rounds: list[Round]) -> str:
    rates = ", ".join(f"{one.rate:,.0f}" for one in rounds)
    return f"| {name} | {statistics.median(one.rate for one in rounds):,.0f} ({rates}) |"


def script(module: str) -> list[str]:
    """What another benchmark prints."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", module], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return ["```", *done.stdout.strip().splitlines(), "```"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    sections = {
        "Outbound: 50 ms API delay, 128 in flight, 10,000 recipients (PTB on httpx: 1,500)": outbound_lines(
            outbound(rounds), paced()
        ),
        "Inbound: 10,000 `/bench` from 1,000 enrolled people lie ready, no API delay": inbound_lines(
            inbound(rounds)
        ),
        "Latency: from an update due to its reply at the server, 1,000 chats, 40 ms API delay": (
            latency_lines(latency(rounds))
        ),
        "Five-statement durable transactions, 64 in flight (`python -m benchmarks.storage`; goal 8,000/s)": (
            script("benchmarks.storage")
        ),
        "The directory: `/bases` among 2,000 bases (`python -m benchmarks.directory`)": script(
            "benchmarks.directory"
        ),
        "Start (`python -m benchmarks.start`)": script("benchmarks.start"),
    }
    head = [
        "# What was measured",
        "",
        (
            f"`make bench`, {rounds} rounds, on {os.cpu_count()} cores, Python {platform.python_version()}, "
            f"{platform.machine()}. One run, in turns. What each does: benchmarks/contenders.py."
        ),
    ]
    body = [line for title, lines in sections.items() for line in ("", f"## {title}", "", *lines)]
    text = "\n".join([*head, *body, ""])
    print(text)
    notes = RESULTS.with_name("NOTES.md")
    RESULTS.write_text(text + ("\n" + notes.read_text() if notes.exists() else ""))


if __name__ == "__main__":
    main()
