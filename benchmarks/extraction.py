"""How long the confidentiality gate's reading of a file takes, and the memory it holds, process and all.

    .venv/bin/python -m benchmarks.extraction [runs]

Goals: a 200-page docx and a 200-page text PDF ≤ 2 s and ≤ 200 MB each.
"""

import asyncio
import io
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from handlers.extraction.reader import read
from handlers.extraction.result import Extracted

PAGES = 200
LINES = 38
LINE = "知识产权市场化运营示范基地年度工作总结，专利转让许可与质押融资情况说明。"


def document() -> bytes:
    """Twenty tables among the paragraphs, headers and footers."""
    import docx

    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = LINE
    for page in range(PAGES):
        for line in range(LINES):
            made.add_paragraph(f"{page}.{line} {LINE}")
        if page % 10 == 0:
            made.add_table(10, 5).cell(0, 0).text = LINE
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def portable() -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(PAGES):
        canvas.setFont("STSong-Light", 12)
        for line in range(LINES):
            canvas.drawString(72, 780 - 19 * line, f"{page}.{line} {LINE}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def workbook() -> bytes:
    import openpyxl

    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    for row in range(10_000):
        sheet.append([row, LINE, "13800138000", row / 7])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {"docx": document, "pdf": portable, "xlsx": workbook}


async def once(path: Path) -> tuple[float, int]:
    began = time.perf_counter()
    result = await read(path, path.name)
    assert isinstance(result, Extracted), result
    return time.perf_counter() - began, len(result.passages)


async def main(kind: str, runs: int, folder: str) -> None:
    path = Path(folder) / f"file.{kind}"
    measured = [await once(path) for _ in range(runs)]
    seconds = statistics.median(seconds for seconds, _ in measured)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    size = path.stat().st_size / 1e6
    print(f"{kind}: {size:.1f} MB, {measured[0][1]} passages: {seconds:.2f} s, {megabytes:.0f} MB")


def measure(runs: int) -> None:
    """Each kind in a process that did not make it, whose memory would count as the child's."""
    import subprocess

    with tempfile.TemporaryDirectory() as folder:
        for kind, make in KINDS.items():
            (Path(folder) / f"file.{kind}").write_bytes(make())
            command = [sys.executable, "-m", "benchmarks.extraction", str(runs), kind, folder]
            subprocess.run(command, check=True)  # noqa: S603 - ourselves


if __name__ == "__main__":
    match sys.argv[1:]:
        case [runs, kind, folder]:
            asyncio.run(main(kind, int(runs), folder))
        case [runs]:
            measure(int(runs))
        case _:
            measure(5)
