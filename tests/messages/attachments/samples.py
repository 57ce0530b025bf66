"""A base's year, from which each paper is made."""

from datetime import date, datetime
from decimal import Decimal

from domain.annual_papers import (
    Explained,
    Figures,
    LetterFacts,
    Period,
    ReceiptFacts,
    ReceivedFile,
    ReportFacts,
    Signed,
    TablesFacts,
    TemplateFacts,
)
from domain.forms import Words
from domain.handover_papers import ChangeFacts, Moved, SheetFacts
from domain.indicators import editions

EDITION = editions()[-1]
BASE, CENTRE = "蜀江理工大学（演示）", "示范省知识产权中心（演示）"
PERIOD = Period(date(2026, 1, 1), date(2026, 11, 30))
THIS = {one.code: Decimal(n) for n, one in enumerate(EDITION.indicators, 1001)}
LAST = {code: value - 7 for code, value in THIS.items() if code != "I20"}
FIGURES = Figures(EDITION, 2026, THIS, LAST)
DUTIES = {"D01": True, "D03": False}
SECTIONS = {one.key: f"正文{one.key}第一段。\n第二段。" for one in EDITION.sections}

REPORT = ReportFacts(
    base=BASE,
    period=PERIOD,
    figures=FIGURES,
    sections=SECTIONS,
    duties=DUTIES,
    explained=(Explained("R16", "I16 转让合同金额变动较大", "本年完成两项专利包转让"),),
    attachments=("转化合同清单", "专利清单"),
    reviewed=Signed("沈静（演示）", date(2026, 12, 3), 2),
)
TABLES = TablesFacts(BASE, PERIOD, FIGURES, DUTIES)
LETTER = LetterFacts(CENTRE, BASE, 2026, PERIOD, "林知行（演示）", "028-0000-1101", date(2026, 12, 8))
RECEIPT = ReceiptFacts(
    number="HZ-2026-0001",
    base=BASE,
    year=2026,
    version=2,
    at=datetime(2026, 12, 3, 14, 30),  # noqa: DTZ001 - the centre's own clock
    files=(ReceivedFile("年度工作总结.docx", 123_456, "0123456789abcdef" * 4),),
    review_by=date(2026, 12, 10),
    centre=CENTRE,
    contact="周明远（演示）",
    tel="028-0000-0101",
)
TEMPLATE = TemplateFacts(
    EDITION, BASE, "SJ-01", 2026, LAST, {"I16": Decimal(500), "I17": "约20", "D01": True}
)

MOVED = (
    Moved(
        "requests",
        Words("FW-2026-0001 专利预审", "FW-2026-0001 Pre-examination"),
        Words("已受理", "accepted"),
    ),
    Moved("duties", Words("2026 年度工作总结", "2026 annual summary"), due=date(2026, 12, 15)),
    Moved("drafts", Words("专利预审", "Pre-examination")),
)
CHANGE = ChangeFacts(
    base="蜀江理工大学（演示）",
    role=Words("联络员", "liaison officer"),
    leaver="林知行（演示）",
    leaver_tel="028-0000-1101",
    successor="苏小溪（演示）",
    successor_tel="10000000102",
    department="科技成果转化处",
    centre="省知识产权中心",
    days=10,
    moved=MOVED,
)
HANDOVER = SheetFacts(
    base="蜀江理工大学（演示）",
    role=Words("联络员", "liaison officer"),
    leaver="林知行（演示）",
    successor="苏小溪（演示）",
    centre="省知识产权中心",
    on=date(2026, 11, 25),
    confirmed=Words("本人确认", "confirmed in person"),
    confirmed_by="秦望舒（演示）",
    moved=MOVED,
)
