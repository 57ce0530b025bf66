"""How long the confidentiality gate reads plain text, and whether it grows with the text alone.

    .venv/bin/python -m benchmarks.gate

Goals: 1 MB of prose through all detectors ≤ 150 ms; growth linear up to 50 MB. Prints the milliseconds of
1 MB of each kind of text, then of 1, 5, 10, 20 and 50 MB of prose with the ratio a megabyte, and draws
those into benchmarks/gate.png. Times are this process's own: others on the machine are not measured.
"""

import statistics
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw

from domain.confidential.gate import scan_text

TODAY = date(2026, 11, 23)
ROOT = Path(__file__).resolve().parents[1]
MEASURES = (ROOT / "tests/domain/confidential/measures.txt").read_text()
PICTURE = Path(__file__).with_suffix(".png")
SIZES = (1, 5, 10, 20, 50)  # MB of UTF-8
RUNS = 3
KINDS = {
    "the Measures": MEASURES,
    "English, `confidential` in each sentence": "The parties shall keep it confidential at all times. ",
    "several triggers a line": "不涉及国家秘密、工作秘密和商业秘密，内部资料按密级管理。\n",
    "digits only": "1234567890",
    "decimals only": "30.1234, ",
    "levels only": "密机密 ",
    "a page's source": "<p>本年度<b>专利</b>转让&nbsp;32件</p>\n",
}


def milliseconds(unit: str, megabytes: int) -> float:
    """The middle of several runs over the unit repeated."""
    text = unit * (megabytes * 1_000_000 // len(unit.encode()))
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        scan_text(text, TODAY)
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


WIDTH, HEIGHT, MARGIN = 640, 400, 60


def draw(taken: Mapping[int, float]) -> Image.Image:
    """Milliseconds over megabytes, and the straight line through the first and nothing."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    most = max(*taken.values(), taken[SIZES[0]] / SIZES[0] * SIZES[-1]) * 1.05

    def point(megabytes: float, ms: float) -> tuple[float, float]:
        across = MARGIN + (WIDTH - 2 * MARGIN) * megabytes / SIZES[-1]
        return across, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * ms / most

    pen.line([point(0, most), point(0, 0), point(SIZES[-1], 0)], fill="black")
    pen.line([point(0, 0), point(SIZES[-1], taken[SIZES[0]] / SIZES[0] * SIZES[-1])], fill="silver")
    measured = [point(size, ms) for size, ms in taken.items()]
    pen.line(measured, fill="navy", width=2)
    for (across, down), (size, ms) in zip(measured, taken.items(), strict=True):
        pen.ellipse([across - 3, down - 3, across + 3, down + 3], fill="navy")
        pen.text((across, down - 20), f"{ms:.0f}", fill="navy", anchor="mm")
        pen.text((across, HEIGHT - MARGIN + 12), f"{size}", fill="black", anchor="mm")
    pen.text((WIDTH / 2, HEIGHT - 20), "MB of prose", fill="black", anchor="mm")
    pen.text((MARGIN, MARGIN - 20), "ms; grey: as for 1 MB", fill="black", anchor="lm")
    return picture


def main() -> None:
    for name, unit in KINDS.items():
        print(f"1 MB, {name}: {milliseconds(unit, 1):.0f} ms")
    taken = {size: milliseconds(MEASURES, size) for size in SIZES}
    for size, ms in taken.items():
        ratio = ms / size / (taken[SIZES[0]] / SIZES[0])
        print(f"{size} MB: {ms:.0f} ms, {ms / size:.1f} ms a MB, {ratio:.2f} of the first")
    draw(taken).save(PICTURE)


if __name__ == "__main__":
    main()
