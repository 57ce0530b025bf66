"""个人信息副本: what a person takes along of their own, to read and for other systems (PIPL Article 45)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from messages.attachments.paper import LEFT, Paper
from messages.attachments.wording import wording

Row = Mapping[str, object]

_COLUMNS = ((46, LEFT), (110, LEFT))


@dataclass(frozen=True, slots=True)
class OwnData:
    """`at` and every instant as ISO 8601 at the centre; `kinds` by the name of its words (`own_<kind>`)."""

    name: str
    centre: str
    at: str
    person: Row
    kinds: Mapping[str, Sequence[Row]]


def as_json(data: OwnData) -> bytes:
    """Under the names of the record, in UTF-8."""
    whole = {"as_of": data.at, "controller": data.centre, "person": data.person, **data.kinds}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def as_paper(data: OwnData, locale: str = "zh_CN") -> bytes:
    words = wording(locale)
    paper = Paper(words("own_title"))
    paper.title(words("own_title"))
    paper.prose(words("own_body", centre=data.centre, name=data.name, at=data.at))
    headings = (words("own_key"), words("own_value"))
    for kind, rows in {"person": [data.person], **data.kinds}.items():
        paper.heading(words(f"own_{kind}"))
        for row in rows:
            paper.table(_COLUMNS, headings, [(key, _shown(value)) for key, value in row.items()])
        if not rows:
            paper.prose(words("own_none"))
    paper.prose(words("own_kept"))
    return paper.saved()


def _shown(value: object) -> str:
    if value is None or value == "":
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
