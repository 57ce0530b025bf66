"""LibreOffice without a window, as a stand-in for the programs in which papers are opened."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    PROGRAM is None, reason="soffice is not there: apt-get install libreoffice-writer libreoffice-calc"
)


def converted(data: bytes, suffix: str, to: str, folder: Path) -> bytes:
    """The file opened and saved as another kind."""
    assert PROGRAM is not None
    (folder / f"given{suffix}").write_bytes(data)
    subprocess.run(
        [PROGRAM, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to,
         "--outdir", str(folder / "saved"), str(folder / f"given{suffix}")],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    (saved,) = (folder / "saved").iterdir()
    return saved.read_bytes()
