"""Files spoiled at random: none raises, none hangs, none ends anything but the process it is read in."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment
from reportlab.pdfgen.canvas import Canvas

from handlers.extraction.reader import read
from handlers.extraction.result import Declined, Extracted
from tests.handlers.extraction.making import MARK, ofd, ofd_text
from tests.handlers.extraction.mutations import Worker, spoiled

FEW = 75
MANY = 7000
SEED = 20261123


def document() -> bytes:
    made = docx.Document()
    made.add_heading(MARK)
    made.add_table(3, 3).cell(1, 1).text = MARK
    made.sections[0].header.paragraphs[0].text = MARK
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def workbook() -> bytes:
    made = openpyxl.Workbook()
    for row in range(1, 20):
        made.active.append([row, MARK, "=A1"])
    made.active["A1"].comment = Comment(MARK, "某人")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def portable() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    form = canvas.acroForm
    for page in range(3):
        canvas.bookmarkPage(str(page))
        canvas.addOutlineEntry("part", str(page))
        canvas.drawString(72, 700, "words on a page")
        form.textfield(name=f"a{page}", value="value", x=72, y=600)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


KINDS = {"docx": document, "xlsx": workbook, "pdf": portable, "ofd": lambda: ofd(ofd_text(MARK, 1, 1) * 3)}


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def survive(worker: Worker, kind: str, runs: int) -> None:
    data, chance = KINDS[kind](), random.Random(SEED)
    for _ in range(runs):
        worker.read(spoiled(data, chance))
    assert worker.outcomes.total() == runs
    assert worker.outcomes["read"] > 0
    assert worker.outcomes["declined"] > 0
    assert worker.outcomes["ended by SIGALRM"] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_spoiled_files_are_read_or_declined(kind: str, worker: Worker) -> None:
    survive(worker, kind, FEW)


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_many_spoiled_files_are_read_or_declined(kind: str, worker: Worker) -> None:
    survive(worker, kind, MANY)


async def test_spoiled_files_are_answered_by_the_parent(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for kind, make in KINDS.items():
        data = make()
        for _ in range(5):
            (tmp_path / "a").write_bytes(spoiled(data, chance))
            assert isinstance(await read(tmp_path / "a", f"a.{kind}"), Extracted | Declined)
