"""A consent is to a text: whoever changes it names a new version, and people are asked again (PIPL 14)."""

import hashlib
from pathlib import Path

from domain.people import CONSENT_VERSION

MESSAGES = Path(__file__).parents[2] / "messages"
TEXTS = {"2026-11": "ed50087ba59405cf"}


def test_the_text_of_a_version_stays_as_it_was_agreed_to() -> None:
    files = [
        MESSAGES / locale / f"start/{name}.j2"
        for locale in ("zh_CN", "en")
        for name in ("notice", "cross_border")
    ]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    assert TEXTS[CONSENT_VERSION] == digest[:16]
