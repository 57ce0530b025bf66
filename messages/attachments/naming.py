"""What the papers are called as files."""

from domain.annual_papers import PaperKind
from domain.file_names import fit
from messages.attachments.wording import Wording

_KEYS = {
    PaperKind.REPORT: "file_report",
    PaperKind.LETTER: "file_letter",
    PaperKind.TABLES: "file_tables",
    PaperKind.RECEIPT: "file_receipt",
}


def paper_name(
    kind: PaperKind, words: Wording, *, base: str, year: int, version: int, draft: bool = False
) -> str:
    """With its suffix; `draft`: of what is not submitted yet."""
    name = words(_KEYS[kind], base=base, year=year, version=version)
    return fit(words("file_draft", name=name) if draft else name)


def record_name(words: Wording, version: int) -> str:
    """Of what was entered, as a file."""
    return words("file_record", version=version)


def archive_name(words: Wording, year: int) -> str:
    """Of a whole year, taken along."""
    return words("file_archive", year=year)


def change_name(words: Wording, base: str) -> str:
    """Of the 登记表 of a change of liaison."""
    return fit(words("file_change", base=base))


def sheet_name(words: Wording, base: str) -> str:
    """Of the 移交清单."""
    return fit(words("file_sheet", base=base))


def exchanges_name(words: Wording, base: str, year: int, suffix: str) -> str:
    """Of a base's exchanges in a year."""
    return fit(words("file_exchanges", base=base, year=year, suffix=suffix))


def own_data_name(words: Wording, suffix: str) -> str:
    """Of what a person takes along of their own."""
    return words("file_own_data", suffix=suffix)


def summary_name(words: Wording, year: int) -> str:
    """Of the 年度情况汇总."""
    return words("file_summary", year=year)


def figures_name(words: Wording, year: int) -> str:
    """Of the workbook of all figures."""
    return words("file_figures", year=year)


def bases_folder(words: Wording) -> str:
    """Of what is above the folders of the bases."""
    return words("folder_bases")
