"""How long `/bases` takes to answer in a directory of 2,000 bases and 6,000 people, and the memory it holds.

    .venv/bin/python -m benchmarks.directory [bases]

Goal: every search ≤ 50 ms, memory bounded. Each goes the whole way of an update, without HTTP: stored,
handled, its page rendered, committed to SQLite. Prints what it takes to learn the pinyin (the tick does so in
a thread), then of each kind of search the median and p99, on the clock and of this process alone, and the
memory before and after.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

from domain import directory as finding
from domain.bases import Base
from domain.people import Membership, Role
from storage import bases, people
from tests.flows.conftest import BASE
from tests.handlers.town import OFFICER, Town

BASES = 2_000
ROUNDS = 100
GOAL_MS = 50
PLACES = (
    "蜀江",
    "涪川",
    "岷畔",
    "锦城",
    "青衣",
    "嘉陵",
    "沱江",
    "渠州",
    "雁门",
    "天府",
    "龙泉",
    "剑门",
    "巴山",
    "峨眉",
    "大渡",
    "金沙",
    "安宁",
    "雅砻",
    "白龙",
    "广元",
)
TRADES = (
    "理工",
    "师范",
    "农业",
    "医科",
    "交通",
    "电子",
    "材料",
    "化工",
    "机械",
    "生物",
    "能源",
    "航天",
    "水利",
    "建筑",
    "纺织",
    "食品",
    "光电",
    "信息",
    "环境",
    "财经",
)
KINDS = (
    "大学",
    "研究院",
    "转移中心",
    "实验室",
    "学院",
)
CITIES = (
    "成都",
    "绵阳",
    "德阳",
    "宜宾",
    "南充",
    "泸州",
    "达州",
    "乐山",
    "内江",
    "自贡",
)
WANTED = {
    "by name": ["蜀江理工大学", "峨眉", "材料 研究院", "金沙财经"],
    "by initials": ["sjlg", "emsf", "yjdx", "jszy"],
    "by city": ["绵阳", "宜宾", "dz", "chengdu"],
    "by batch": ["第一批", "第二批 成都", "第三批", "第四批 学院"],
    "nothing found": ["没有的单位", "zzzz", "蜀江 没有", "第九批"],
    "everything": [""],
}


def invented(count: int) -> Iterator[Base]:
    for n, (place, trade, kind) in zip(range(count), product(PLACES, TRADES, KINDS), strict=False):
        yield replace(
            BASE,
            code=f"YS{n + 100}",
            name=f"{place}{trade}{kind}（演示）",
            short_name=f"{place}{trade}{n}",
            uscc=f"12510000DEM{n:07}",
            city=CITIES[n % len(CITIES)],
            batch=f"第{'一二三四'[n % 4]}批",
        )


async def fill(town: Town, count: int) -> None:
    """A liaison, a deputy and a head for each."""
    now = town.clock.now()
    async with town.database.tx() as tx:
        ids = list((await bases.add_all(tx, list(invented(count)))).values())
        roles = (Role.LIAISON, Role.DEPUTY, Role.HEAD)
        given = [Membership(role, base_id) for base_id in ids for role in roles]
        named = await people.add_all(tx, [(f"某{n}（演示）", None) for n in range(len(given))], now)
        await people.appoint_all(tx, list(zip(named, given, strict=True)), now)


def taken(town: Town, wanted: str) -> tuple[float, float]:
    """Milliseconds on the clock, and of the processor."""
    began, own = time.perf_counter(), time.process_time()
    town.say(OFFICER, "周明远", f"/bases {wanted}".rstrip())
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - own)


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else BASES
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder) / "lianluo.db")
        town.loop.run(fill(town, count))
        measure(town, count)
        town.close()


def measure(town: Town, count: int) -> None:
    print(f"{count:,} bases, {3 * count:,} people; `python -m benchmarks.directory`; goal ≤ {GOAL_MS} ms")
    before = memory()
    began = time.perf_counter()
    finding.learn(town.loop.run(entries(town)))
    print(f"learning the pinyin, once: {time.perf_counter() - began:.1f} s, {memory() - before:.0f} MB")
    for kind, words in WANTED.items():
        both = [taken(town, words[n % len(words)]) for n in range(ROUNDS)]
        (median, p99), (_, own) = (_middle_and_p99(list(times)) for times in zip(*both, strict=True))
        met = "met" if p99 <= GOAL_MS else "**missed**"
        print(f"{kind}: median {median:.1f} ms, p99 {p99:.1f} ms (own {own:.1f} ms): {met}")
    print(f"memory: {before:.0f} MB at first, {memory():.0f} MB at last")


async def entries(town: Town) -> list[finding.Entry]:
    async with town.database.read() as tx:
        return await bases.entries(tx)


def _middle_and_p99(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), sorted(times)[int(0.99 * (ROUNDS - 1))]


if __name__ == "__main__":
    main()
