"""A form as it comes back: filled in, mended, damaged and saved by other programs."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from domain.annual_papers import TemplateFacts
from domain.forms import Remark
from domain.indicators import editions
from handlers.figures_sheet import SheetReading, read
from messages import Catalog
from messages.attachments.workbook import figures_template

EDITION = editions()[-1]
YEAR, BASE = 2026, "SJ-01"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CATALOG = Catalog(now=lambda: 0)

Edit = Callable[[Worksheet], object]


@cache
def template(year: int = YEAR, base_code: str = BASE, locale: str = "zh_CN") -> bytes:
    last = {one.code: Decimal(7) for one in EDITION.indicators}
    return figures_template(TemplateFacts(EDITION, "蜀江理工大学（演示）", base_code, year, last, {}), locale)


def filled(entries: Mapping[str, object], *edits: Edit, data: bytes | None = None) -> bytes:
    """The form with these entries by code, and then edited."""
    book = load_workbook(io.BytesIO(data or template()))
    sheet = book.worksheets[0]
    for code, value in entries.items():
        sheet.cell(row_of(sheet, code), 5).value = value
    for edit in edits:
        edit(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(sheet: Worksheet, code: str) -> int:
    return next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == code)


def rewritten(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The package with one of its parts changed, as XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            part = old.read(entry)
            new.writestr(entry, change(part.decode()) if re.fullmatch(name, entry) else part)
    return out.getvalue()


def replaced(data: bytes, name: str, old: str, new: str) -> bytes:
    """The package with what a pattern finds in a part replaced; it has to be there."""
    found: list[int] = []

    def change(xml: str) -> str:
        xml, n = re.subn(old, lambda _: new, xml)
        found.append(n)
        return xml

    data = rewritten(data, name, change)
    assert sum(found)
    return data


def with_shared_strings(data: bytes) -> bytes:
    """The same form as Excel, WPS and LibreOffice save it: the texts in a part of their own."""
    texts: list[str] = []

    def shared(match: re.Match[str]) -> str:
        texts.append(f"<si>{match[1]}</si>")
        return f't="s"><v>{len(texts) - 1}</v>'

    pattern = re.compile('t="inlineStr"><is>(.*?)</is>', re.DOTALL)
    data = rewritten(data, r"xl/worksheets/.*\.xml", lambda xml: pattern.sub(shared, xml))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    out = io.BytesIO(replaced(data, r"\[Content_Types\]\.xml", "</Types>", override))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{"".join(texts)}</sst>')
    return out.getvalue()


_WPS = 'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
_BUILD = (
    '<property xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes" '
    'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="91" name="KSOProductBuildVer">'
    "<vt:lpwstr>2052-12.1.0.16120</vt:lpwstr></property></Properties>"
)
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>WPS 表格</Application></Properties>"
)
_PHONETIC = '<rPh sb="0" eb="2"><t>zhuan rang</t></rPh><phoneticPr fontId="1" type="noConversion"/></si>'


def saved_by_wps(data: bytes) -> bytes:
    """As WPS Office saves it: texts of their own with readings beside them, its properties and extensions."""
    data = with_shared_strings(data)
    data = rewritten(data, r"xl/sharedStrings\.xml", _with_readings)
    data = rewritten(data, r"xl/worksheets/.*\.xml", _with_extensions)
    data = rewritten(data, r"xl/workbook\.xml", _with_version)
    data = rewritten(data, r"docProps/app\.xml", lambda _: _APP)
    return replaced(data, r"docProps/custom\.xml", "</Properties>", _BUILD)


def _with_readings(xml: str) -> str:
    """Some of the texts in runs with a font of their own, all with a reading for each."""
    runs = '<si><r><rPr><sz val="11"/><rFont val="宋体"/><charset val="134"/></rPr>'
    xml = re.sub(r"<si><t>([^<]+)</t></si>", rf"{runs}<t>\1</t></r></si>", xml)
    return xml.replace("</si>", _PHONETIC)


def _with_extensions(xml: str) -> str:
    """Its namespace, and what it keeps for itself behind the table."""
    kept = (
        f'<extLst><ext uri="{{2D9387EB-5337-4D45-933B-B4D357D02E09}}" {_WPS}>'
        '<etc:rowHeightOpts><etc:opt row="1" type="auto">转让</etc:opt></etc:rowHeightOpts>'
        "</ext></extLst></worksheet>"
    )
    return xml.replace(f'xmlns="{MAIN}"', f'xmlns="{MAIN}" {_WPS}', 1).replace("</worksheet>", kept)


def _with_version(xml: str) -> str:
    version = '<fileVersion appName="xl" lastEdited="3" lowestEdited="5" rupBuild="9302"/>'
    return re.sub(r"(<workbook [^>]*>)", rf"\1{version}", xml, count=1)


def reading(data: bytes) -> SheetReading:
    return read(data, EDITION, YEAR, BASE)


def understood(data: bytes) -> dict[str, object]:
    """The figures of a file that is read without a word."""
    result = reading(data)
    assert (result.refused, told(result)) == (None, [])
    return result.figures


def told(result: SheetReading) -> list[str]:
    return [_said(one) for one in result.remarks]


def refused(data: bytes) -> str:
    result = reading(data)
    assert result.refused is not None
    assert (result.figures, result.remarks) == ({}, ())
    return _said(result.refused)


def _said(remark: Remark) -> str:
    assert CATALOG.render(remark.template, "en", remark.facts)
    return CATALOG.render(remark.template, "zh_CN", remark.facts)
