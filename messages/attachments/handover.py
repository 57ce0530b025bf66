"""联络员变更登记表 and 移交清单 (Article 8)."""

from collections.abc import Sequence

from domain.handover_papers import ChangeFacts, Moved, SheetFacts
from messages.attachments.paper import CENTRE, LEFT, Paper
from messages.attachments.wording import Wording, wording

_PEOPLE = ((36, CENTRE), (60, LEFT), (60, LEFT))
_MOVED = ((14, CENTRE), (30, CENTRE), (58, LEFT), (26, CENTRE), (28, CENTRE))


def change_form(facts: ChangeFacts, locale: str = "zh_CN") -> bytes:
    """One page, for the unit to fill in what the bot does not know, sign and seal."""
    words = wording(locale)
    paper = Paper(words("change_title"))
    paper.title(words("change_title"))
    paper.flush(words("letter_to", centre=facts.centre))
    paper.prose(words("change_body", base=facts.base, role=words.pick(facts.role)))
    rows = (
        (words("change_name"), facts.leaver, facts.successor),
        (words("change_department"), facts.department, ""),
        (words("change_post"), "", ""),
        (words("change_office_tel"), facts.leaver_tel, ""),
        (words("change_mobile"), "", facts.successor_tel),
        (words("change_from"), "", ""),
    )
    headings = ("", words("change_leaver"), words("change_successor"))
    paper.table(_PEOPLE, headings, rows)
    _list(paper, words, facts.moved)
    paper.prose(words("change_note", days=facts.days))
    paper.prose(words("change_signed"))
    paper.signature(words("seal", base=facts.base), words.day(None))
    return paper.saved()


def handover_sheet(facts: SheetFacts, locale: str = "zh_CN") -> bytes:
    words = wording(locale)
    paper = Paper(words("handover_title"))
    paper.title(words("handover_title"))
    role, day = words.pick(facts.role), words.day(facts.on)
    paper.prose(words("handover_base", base=facts.base))
    paper.prose(words("handover_body", role=role, leaver=facts.leaver, successor=facts.successor, day=day))
    if facts.confirmed is not None:
        via = words.pick(facts.confirmed)
        paper.prose(words("handover_confirmed", by=facts.confirmed_by or words("name_open"), via=via))
    _list(paper, words, facts.moved)
    paper.prose(words("handover_note"))
    paper.signature(facts.centre, day)
    return paper.saved()


def _list(paper: Paper, words: Wording, moved: Sequence[Moved]) -> None:
    paper.heading(words("moved_heading"))
    if not moved:
        paper.prose(words("moved_none"))
        return
    headings = [words(f"moved_{name}") for name in ("number", "kind", "what", "state", "due")]
    paper.table(_MOVED, headings, [_cells(words, n, one) for n, one in enumerate(moved, 1)])


def _cells(words: Wording, n: int, one: Moved) -> tuple[str, ...]:
    state = words.pick(one.state) if one.state else "—"
    due = one.due.isoformat() if one.due else "—"
    return str(n), words(f"moved_{one.kind}"), words.pick(one.what), state, due
