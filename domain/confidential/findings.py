"""What the gate speaks of: where a text stands, which rule it met, and how bad that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    NONE = 0
    INFORM = 1  # said, and nothing is asked
    WARN = 2  # to be mended and sent again, or confirmed by a named person
    BLOCK = 3  # not kept, not passed on


class Rule(StrEnum):
    STATE_MARK = "STATE_MARK"  # a state-secret mark: 机密★10年
    WORK_MARK = "WORK_MARK"  # a work-secret mark
    TRADE_MARK = "TRADE_MARK"  # a trade-secret mark
    CLASSIFIED_MENTION = "CLASSIFIED_MENTION"  # prose that asserts a classification
    DEFENCE_PATENT = "DEFENCE_PATENT"  # 国防专利
    RESIDENT_ID = "RESIDENT_ID"  # GB 11643
    MOBILE = "MOBILE"
    BANK_CARD = "BANK_CARD"
    UNPUBLISHED_APP = "UNPUBLISHED_APP"  # the number of an application that is not published
    COORDINATES = "COORDINATES"
    UNREADABLE = "UNREADABLE"  # a page, picture or object whose content cannot be read
    USCC = "USCC"  # GB 32100
    LANDLINE = "LANDLINE"
    EMAIL = "EMAIL"


SEVERITY: dict[Rule, Severity] = {
    Rule.STATE_MARK: Severity.BLOCK,
    Rule.WORK_MARK: Severity.BLOCK,
    Rule.TRADE_MARK: Severity.BLOCK,
    Rule.CLASSIFIED_MENTION: Severity.WARN,
    Rule.DEFENCE_PATENT: Severity.WARN,
    Rule.RESIDENT_ID: Severity.WARN,
    Rule.MOBILE: Severity.WARN,
    Rule.BANK_CARD: Severity.WARN,
    Rule.UNPUBLISHED_APP: Severity.WARN,
    Rule.COORDINATES: Severity.WARN,
    Rule.UNREADABLE: Severity.WARN,
    Rule.USCC: Severity.INFORM,
    Rule.LANDLINE: Severity.INFORM,
    Rule.EMAIL: Severity.INFORM,
}


class Part(StrEnum):
    """The kinds of places; the numbers that go with each count from 1."""

    LINE = "line"  # line (a plain text, a typed answer)
    PARAGRAPH = "paragraph"  # paragraph of the body
    CELL = "cell"  # table, row, column
    HEADER = "header"  # header
    FOOTER = "footer"  # footer
    TEXT_BOX = "text_box"  # text box
    COMMENT = "comment"  # comment
    FOOTNOTE = "footnote"  # footnote or endnote
    DELETED = "deleted"  # paragraph in which a tracked deletion still stands
    PROPERTY = "property"  # document property
    SHEET_CELL = "sheet_cell"  # sheet, row, column
    HIDDEN_CELL = "hidden_cell"  # hidden sheet, row, column
    CELL_COMMENT = "cell_comment"  # sheet, comment
    SLIDE = "slide"  # slide, paragraph
    SLIDE_NOTE = "slide_note"  # slide
    PAGE = "page"  # page, line; page alone for all of it
    PICTURE = "picture"  # picture
    OBJECT = "object"  # embedded object
    NAME = "name"  # the file's own name
    FILE = "file"  # all of it


@dataclass(frozen=True, slots=True)
class Place:
    part: Part
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that stands together, joined across whatever runs its format splits it into."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`excerpt` is masked; `span` are the offsets of what was found in the passage's text."""

    rule: Rule
    place: Place
    excerpt: str
    span: tuple[int, int] = (0, 0)

    @property
    def severity(self) -> Severity:
        return SEVERITY[self.rule]


def worst(findings: Iterable[Finding]) -> Severity:
    return max((finding.severity for finding in findings), default=Severity.NONE)
