"""Which facts each template needs, with a believable value of each.

A fact that may be None is a `Maybe`; a list says how many it may have (`Many`); a text that people write
may be as long as Telegram takes (`Long`), any other text 64 characters. Within these bounds every message
fits Telegram's 4,096; tests render each at its barest, as here, and at its longest, in every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.confidential.findings import Part, Place

LONGEST_TEXT = 4096
LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class Maybe:
    """Given, but perhaps None."""

    sample: object


@dataclass(frozen=True, slots=True)
class Many:
    """A list of at most `most`; the handler passes the first or newest and says how many more there are."""

    sample: tuple[object, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Long:
    """What somebody wrote or what data holds: up to `most` characters."""

    sample: str
    most: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word of a closed list: it has a label, so it is never stretched."""

    sample: str


Facts = Mapping[str, object]

_AT = 1_796_279_400_000  # 2026-12-03 14:30 in Shanghai
_DAY = "2026-12-15"
_TEL = "028-0000-0101"
_BASE = "蜀江理工大学（演示）"
_NAME = "林知行（演示）"
_OFFICER = "周明远（演示）"
_NUMBER = OneOf("FW-2026-0001")
_SERVICE = "知识产权质押融资"

_DESK: Facts = {"tel": _TEL, "email": "lianluo@example.invalid"}
_CENTRE: Facts = {"centre": "示范省知识产权中心（演示）", **_DESK}
_SETTINGS: Facts = {
    **_CENTRE,
    "storage_place": "中心机房服务器",
    "recipient_legal_name": "Telegram Messenger Inc.",
    "privacy_contact": "综合处，028-0000-0005",
}
_HERE: Facts = {
    "title": "知识产权质押融资",
    "label": Maybe("申请事由"),
    "required": True,
    "type": OneOf("text"),
    "i": 3,
    "n": 7,
}
_CARD_NUMBER = OneOf("GX-2026-0001")
_CARD_HEAD: Facts = {
    "number": _CARD_NUMBER,
    "side": OneOf("offer"),
    "title": Long("石墨烯改性电极材料", 60),
    "expires_on": Maybe(OneOf(_DAY)),
}
_CARD_ROW: Facts = {**_CARD_HEAD, "state": OneOf("listed")}
_CARD: Facts = {
    **_CARD_ROW,
    "summary": Long("以石墨烯改性的电极材料，循环寿命长。", 1000),
    "industries": Many((OneOf("materials"),), 9),
    "ipc": Many((OneOf("C"),), 8),
    "keywords": Many((Long("石墨烯", 20),), 8),
    "stage": Maybe(OneOf("pilot")),
    "ways": Many((OneOf("license"),), 5),
    "patents": Many((OneOf("ZL202319999901.2"),), 20),
    "least": Maybe("100"),
    "most": Maybe("300"),
    "city": Maybe("成都"),
    "kind": Maybe("高校"),
}
_CASE_NUMBER = OneOf("AL-2026-0001")
_CASE_HEAD: Facts = {"number": _CASE_NUMBER, "title": Long("先评估后质押，让专利变资金", 60)}
_CASE_ROW: Facts = {**_CASE_HEAD, "state": OneOf("published"), "base": Long("蜀江理工（演示）", 20)}
_CASE_SENT = Many(({"base": Long("涪川材料院（演示）", 20), "at": _AT},), 30)
_MEASURES: Facts = {
    "title": "四川省知识产权市场化运营示范基地管理办法（试行）",
    "issued_on": Maybe(OneOf(_DAY)),
    "until": Maybe(OneOf(_DAY)),
    "left": Maybe(460),
}
_URL = OneOf("https://up.example.invalid/u/3J2kq0")
_FOUND: Facts = {
    "findings": Many(
        ({"rule": OneOf("MOBILE"), "place": Place(Part.CELL, (1, 3, 2)), "excerpt": "138****8000"},), 8
    ),
    "more": 2,
}
_CONSENTS = Many(
    tuple(
        {"kind": OneOf(kind), "version": "2026-11", "given_at": _AT}
        for kind in ("processing", "cross_border")
    ),
    4,
)
_SAID: Facts = {"template": OneOf("warnings/no_disclosure"), "facts": {}}
_ANSWERS = Many(
    (
        {"label": "拟融资金额(万元)", "value": Long("300"), "type": OneOf("text")},
        {"label": "需求说明", "value": Long("企业希望年底前放款。"), "type": OneOf("longtext")},
    ),
    14,
)
_STEP: Facts = {
    "title": _SERVICE,
    "i": 3,
    "n": 7,
    "label": "拟融资金额(万元)",
    "required": True,
    "hint": Maybe("请填意向金额。"),
    "error": Maybe({"template": OneOf("fields/integer"), "facts": {}}),
}
_FORM: Facts = {"title": _SERVICE}
_ONE: Facts = {"number": _NUMBER}
_REQUEST: Facts = {"number": _NUMBER, "service": _SERVICE}
_QUESTION: Facts = {"number": OneOf("WT-2026-0001")}
_ASKED: Facts = {
    **_QUESTION,
    "base": _BASE,
    "name": _NAME,
    "text": Maybe(Long("质押融资需要哪些材料？")),
    "files": 2,
}
_CASE: Facts = {**_REQUEST, "officer": _OFFICER, "tel": _TEL}
_LISTED: Facts = {
    **_REQUEST,
    "state": OneOf("accepted"),
    "due": _AT,
    "overdue": True,
    "submitted_at": _AT,
}
_RECORDED: Facts = {"source": OneOf("mail"), "received_on": OneOf(_DAY)}
_DUE: Facts = {"due": _AT, "tentative": True}
_TITLE = Long("关于做好年末安全检查的提示", 60)
_SOME: Facts = {"n": 2, "names": Many((_NAME,), 20)}

_INDICATOR: Facts = {"code": OneOf("I16"), "name": "转让合同金额"}
_FLAW: Facts = {**_INDICATOR, "unit": "万元", "written": Long("12.345", 40)}
_RULE = Long("同比变动超过50%须说明原因", 300)
_BOTH_YEARS: Facts = {**_INDICATOR, "unit": "万元", "value": "860", "last": "120.5", "says": _RULE}

_CONTACT: Facts = {"name": _NAME, "role": OneOf("liaison"), "tel": Maybe(_TEL)}
_HANDOVER: Facts = {"base": _BASE, "role": OneOf("liaison"), "leaver": Maybe(_NAME), "successor": _OFFICER}
_CONFIRMED: Facts = {"confirmed_by": _NAME, "confirmed_via": OneOf("press"), "state": OneOf("registered")}
_AWAY: Facts = {"first": OneOf(_DAY), "last": OneOf(_DAY)}
_ACTING = Many((_NAME,), 4)

_EXPORTED: Facts = {"year": 2026, "bases": 64, "files": 480, "size": 2_400_000_000, "problems": 2}
_PLACE: Facts = {"sheet": Long("填报表", 40), "at": OneOf("E12")}
_CELL: Facts = {**_INDICATOR, "place": _PLACE}
_ENTRY: Facts = {**_CELL, "written": Long("约500", 40)}
_CELL_OF_LIST: Facts = {"place": _PLACE, "written": Long("约500", 40)}
_LISTED_ROWS: Facts = {"rows": Many(({**_PLACE, "number": Long("ZL202310123456.7", 40)},), 10), "more": 3}

_DATE = date(2026, 12, 15)
_SUMMARY: Facts = {"base": _BASE, "year": 2026}
_ASK: Facts = {"contact": _OFFICER, "tel": _TEL}
_EXPECTED = Maybe(OneOf("2026-12-20"))
_TO_THE_DAY: Facts = {**_SUMMARY, **_ASK, "name": _NAME, "due": _DATE, "days_left": 7}
_NUDGE: Facts = {**_TO_THE_DAY, "expected": _EXPECTED}
_SUGGESTED: Facts = {"suggested": date(2026, 12, 10)}
_DONE: Facts = {"done": 21, "total": 47}
_MISSING: Facts = {"missing": Many((_INDICATOR["name"], "研发机制"), 6), "more": 4}
_LATE: Facts = {**_SUMMARY, **_ASK, "name": _NAME, "due": _DATE, "call_by": _DATE}
_DUTY: Facts = {
    **_SUMMARY,
    "kind": OneOf("annual_report"),
    "title": Maybe(Long("高价值专利育成中心建成", 200)),
    "due": _DATE,
}
_REASON: Facts = {"reason": Long("学校寒假，用印需要时间。", 2000)}
_CONDITIONS = Many(
    (
        {
            "label": "（一）承担主体",
            "value": True,
            "grounds": Long("事业单位法人证书有效期至 2029 年。", 500),
        },
    ),
    3,
)
_BOARD: Facts = {
    "as_of": _AT,
    "year": 2026,
    "due": OneOf(_DAY),
    "days_left": 12,
    "total": 64,
    "rows": Many(({"group": OneOf("not_started"), "n": 12},), 10),
}
_SHORT_NAMES = Many((Long("蜀江理工（演示）", 30),), 40)
_PROJECT_TITLE: Facts = {"title": Long("高价值专利育成中心建成", 200)}
_STANDING: Facts = {
    **_SUMMARY,
    "due": _DATE,
    "state": OneOf("open"),
    "changed_at": _AT,
    "expected": _EXPECTED,
}

_LEAF: Facts = {"page": 1, "pages": 6, "remarks": True}

_PROGRESS: Facts = {
    "state": OneOf("reviewing"),
    "period": Maybe(Many((OneOf("2025-12-01"), OneOf("2026-11-30")), 2)),
    "done": 41,
    "total": 45,
}
_SIGNATURES = Many(({"signing": OneOf("review"), "name": _NAME, "at": _AT, "via": OneOf("signed_page")},), 2)

_ITEMS = Many(({"name": "转让合同金额", "words": Long("请与合同清单核对。")},), 20)

_REMARKED = Many(({"name": "转让合同金额", "words": Long("与合同清单不一致，请核对。", 120)},), 20)

_STATUSES = ("submitted", "sealed", "claimed", "none", "draft", "sealing", "accepted", "received", "waived")

_HELD_ONE: Facts = {"base": _BASE, "day": _DATE, "way": OneOf("talk")}
_HELD: Facts = {
    **_HELD_ONE,
    "people": Long("林知行、周明远（演示）"),
    "topics": Long("育成中心建设进度"),
    "conclusions": Long("年内完成首批入库"),
    "follow_ups": Many(
        (
            {
                "what": Long("补充合同清单"),
                "side": OneOf("base"),
                "owner": _NAME,
                "due": _DATE,
                "done": True,
                "done_by": Maybe(_OFFICER),
            },
        ),
        5,
    ),
}
_WORD_BY: Facts = {"word": Long("日期应为 12 月 2 日"), "word_by": _OFFICER}
_EXCHANGES = Many(
    ({"day": _DATE, "way": OneOf("talk"), "about": Maybe(Long("建设进度")), "state": OneOf("disputed")},), 6
)
_EXCHANGES_OF_BASES = Many(
    ({"base": _BASE, "day": _DATE, "way": OneOf("talk"), "state": OneOf("disputed")},), 6
)
_REGULAR: Facts = {"regular": True, "way": OneOf("visit"), "purpose": Long("专利布局")}
_EVERY: Facts = {"months": OneOf("3"), "held_on": Maybe(_DATE)}
_TASK: Facts = {
    "what": Long("补充合同清单"),
    "owner": _NAME,
    "side": OneOf("base"),
    "base": _BASE,
    "due": _DATE,
}
_NOT_OF_A_YEAR: Facts = {key: fact for key, fact in _TO_THE_DAY.items() if key != "year"}


_EVENT_TITLE = Long("新材料专利供需对接会", 60)
_EVENT_BRIEF: Facts = {"title": _EVENT_TITLE, "starts_at": _AT, "where": Long("一号会议室", 200)}
_EVENT: Facts = {
    "kind": OneOf("supply"),
    "title": _EVENT_TITLE,
    "starts_at": _AT,
    "ends_at": _AT,
    "where": Long("蜀江路 1 号一号会议室", 200),
    "whom": Maybe(Long("转化负责人、企业代表", 100)),
    "agenda": Maybe(Long("14:00 签到\n14:30 项目发布", 1200)),
    "register_until": _AT,
    "files": 2,
}

_DEPARTURE: Facts = {
    "units": Many(({"unit": _BASE, "role": OneOf("liaison")},), 8),
    "without_contact": Many((_BASE,), 4),
    "open_requests": 2,
    "tel": _TEL,
}

TEMPLATES: Mapping[str, Facts] = {
    # enrolment
    "start/stranger": _CENTRE,
    "start/code_used": _DESK,
    "start/code_expired": _DESK,
    "start/code_unknown": _DESK,
    "start/too_many_tries": {"until": _AT},
    "start/notice": {
        **_CENTRE,
        "name": _NAME,
        "base": Maybe(_BASE),
        "role": OneOf("liaison"),
        "storage_place": "中心机房服务器",
    },
    "start/cross_border": {
        "recipient_legal_name": "Telegram Messenger Inc.",
        "privacy_contact": "综合处，028-0000-0005",
    },
    "start/share_phone": {},
    "start/not_your_contact": {},
    "start/declined": _DESK,
    "start/done": {
        "name": _NAME,
        "base": Maybe(_BASE),
        "role": OneOf("liaison"),
        "contact": _OFFICER,
        "contact_tel": _TEL,
        "next_due": Maybe(date(2026, 12, 15)),
    },
    "start/phone_differs_officer": {
        "name": _NAME,
        "base": Maybe(_BASE),
        "role": OneOf("liaison"),
        "on_file": "10000000101",
        "shared": "10000000909",
    },
    "start/phone_confirmed": {"name": _NAME},
    "start/new_number": {},
    "start/same_number": {},
    "start/number_changed": {"check": OneOf("differs")},
    # menus
    "menu/base": {"name": _NAME, "base": _BASE, "open_requests": 2},
    "menu/centre": {"name": _OFFICER, "new": 1, "in_hand": 2},
    "help/home": {
        "here": Maybe(_HERE),
        "of_centre": False,
        "commands": Many((OneOf("menu"), OneOf("request"), OneOf("cancel")), 14),
        "tel": _TEL,
        "email": "lianluo@example.invalid",
    },
    "help/request": {"here": Maybe(_HERE)},
    "help/report": {"here": Maybe(_HERE)},
    "help/review": {"here": Maybe(_HERE)},
    "help/questions": {"here": Maybe(_HERE)},
    "help/events": {"here": Maybe(_HERE)},
    "help/supply": {"here": Maybe(_HERE)},
    "help/cases": {"here": Maybe(_HERE)},
    "help/exchanges": {"here": Maybe(_HERE)},
    "help/notices": {"here": Maybe(_HERE)},
    "help/liaison": {"here": Maybe(_HERE)},
    "help/desk": {"here": Maybe(_HERE)},
    "help/check": {"here": Maybe(_HERE)},
    "help/announce": {"here": Maybe(_HERE)},
    "help/event_desk": {"here": Maybe(_HERE)},
    "help/bases": {"here": Maybe(_HERE)},
    "help/incidents": {"here": Maybe(_HERE)},
    "help/settings": {"here": Maybe(_HERE)},
    "help/files": {"here": Maybe(_HERE)},
    "menu/cancelled": {},
    "menu/nothing_to_cancel": {},
    "menu/language": {},
    "menu/language_set": {},
    # privacy
    "privacy/page": {
        **{key: value for key, value in _SETTINGS.items() if key != "centre"},
        "of_base": True,
        "text_days": 7,
        "draft_days": 30,
        "access_years": 3,
        "consents": _CONSENTS,
    },
    "privacy/see": {
        "name": _NAME,
        "post": Maybe("科长"),
        "phone": Maybe("10000000101"),
        "phone_shared": Maybe("10000000101"),
        "office_phone": Maybe("028-0000-1101"),
        "telegram_id": Maybe(700_000_001),
        "enrolled_at": Maybe(_AT),
        "units": Many(({"unit": _BASE, "role": OneOf("liaison")},), 8),
        "kept": {"requests": 3, "entries": 9, "files": 4, "drafts": 1, "incidents": 0},
    },
    "privacy/seen": {
        "rows": Many(
            ({"day": OneOf(_DAY), "role": OneOf("officer"), "what": OneOf("base_card"), "times": 2},), 15
        ),
        "more": 3,
        "privacy_contact": "综合处，028-0000-0005",
    },
    "privacy/making": {},
    "privacy/copy": {},
    "privacy/not_made": {"reference": OneOf("E-7K3M-Q2XH")},
    "privacy/register": {
        "what": Maybe(OneOf("base_card")),
        "period": OneOf("month"),
        "person": Maybe(_NAME),
        "page": 1,
        "rows": Many(
            (
                {
                    "at": _AT,
                    "actor": _OFFICER,
                    "role": OneOf("officer"),
                    "what": OneOf("base_card"),
                    "whose": Maybe(_BASE),
                },
            ),
            12,
        ),
    },
    "privacy/register_sheet": {"rows": 120},
    "privacy/nobody_named": {},
    "privacy/correct": {},
    "privacy/corrected": {"label": "职务", "value": "副处长"},
    "privacy/corrected_officer": {
        "name": _NAME,
        "base": Maybe(_BASE),
        "label": "职务",
        "value": "副处长",
    },
    "privacy/asked": {"tel": _TEL},
    "privacy/task": {"name": _NAME, "base": Maybe(_BASE), "words": Long("责任处室有误。", 500)},
    "privacy/task_done": {},
    "privacy/task_gone": {},
    "privacy/tasks": {"rows": Many(({"name": _NAME, "words": Long("责任处室有误。", 500), "at": _AT},), 20)},
    "privacy/done": {"tel": _TEL},
    "privacy/confirm_withdraw": _DEPARTURE,
    "privacy/confirm_erase": _DEPARTURE,
    "privacy/confirm_erase_for": {"name": _NAME, **_DEPARTURE},
    "privacy/erased_for": {"name": _NAME},
    "privacy/erased_before": {},
    "privacy/withdrawn": _DESK,
    "privacy/erased": _DESK,
    "privacy/left": {"name": _NAME},
    "privacy/last_one": {"role": OneOf("admin")},
    "privacy/contact_gone": {
        "name": _NAME,
        "role": OneOf("liaison"),
        "withdrawn": False,
        "base": _BASE,
        "reached": False,
        "open_requests": 2,
    },
    "privacy/staff_gone": {
        "name": _OFFICER,
        "role": OneOf("officer"),
        "withdrawn": False,
        "returned": 2,
    },
    "privacy/renewed": {
        "version": "2026-11",
        "storage_place": "中心机房服务器",
        **_DESK,
    },
    "privacy/agreed": {"version": "2026-11"},
    "privacy/declined": _DESK,
    "rules/list": {
        **_MEASURES,
        "articles": Many(({"name": Long("第一条", 12), "gist": Long("依据", 40)},), 20),
    },
    "rules/article": {
        **_MEASURES,
        "name": "第八条",
        "gist": "责任处室、联络员与沟通机制",
        "text": Long("各示范基地将示范工作纳入单位重要工作内容。", 2000),
    },
    "rules/found": {
        "wanted": "质押",
        "hits": Many(({"name": Long("第七条", 12), "excerpt": "…推进知识产权质押融资、风险投资…"},), 12),
    },
    "rules/nothing": {"wanted": "质押", "last": 11},
    "menu/unknown_command": {},
    "menu/unknown_text": {},
    "menu/unsupported": {},
    "menu/edited": {},
    "contacts/centre": {
        "counterparts": Many((_CONTACT,), 8),
        "own": True,
        "colleagues": Many((_CONTACT,), 8),
        "department": Long("科技成果转化处", 80),
        "centre": "省知识产权中心",
        "tel": _TEL,
        "email": "office@example.org",
    },
    "contacts/bases": {
        "wanted": "蜀江",
        "rows": Many(({**_CONTACT, "base": _BASE, "department": Long("科技成果转化处", 80)},), 20),
        "more": 3,
    },
    "menu/profile": {
        "name": _NAME,
        "units": Many(({"unit": _BASE, "role": OneOf("liaison")},), 8),
        "office_phone": Maybe("028-0000-1101"),
        "phone": Maybe("10000000101"),
        "phone_check": OneOf("matches"),
        "telegram_id": Maybe(700_000_001),
        "consents": Many(({"kind": OneOf("processing"), "given_at": _AT},), 4),
    },
    # forms
    "forms/prompt": {
        **_STEP,
        "type": OneOf("money_wan"),
        "options": Many(("创造", "保护", "运用"), 12),
        "current": Maybe(Long("300")),
        "warnings": Many((_SAID,), 3),
    },
    "forms/collect": {**_STEP, "got": Many((Long("登记簿副本.pdf"),), 20), "warnings": Many((_SAID,), 3)},
    "forms/review": {**_FORM, "rows": _ANSWERS, "warnings": Many((_SAID,), 3)},
    "forms/edit": _FORM,
    "forms/expired_draft": _FORM,
    "forms/resume_or_restart": _FORM,
    "forms/cancel_confirm": _FORM,
    "forms/file_not_expected": {},
    "forms/gone": {},
    "forms/full": {"most": 20},
    "forms/nothing_yet": {},
    # answers that a field does not take
    "fields/required": {},
    "fields/too_long": {"max": 500, "got": 612},
    "fields/integer": {},
    "fields/money": {},
    "fields/at_least": {"min": 1},
    "fields/at_most": {"max": 100},
    "fields/more_than": {"than": 0},
    "fields/date": {},
    "fields/not_before": {"day": OneOf(_DAY)},
    "fields/not_after": {"day": OneOf(_DAY)},
    "fields/yes_no": {},
    "fields/choice": {},
    "fields/choices": {"unknown": Many(("保户",), 10)},
    "fields/pattern": {"example": "GB/T 33250"},
    "fields/patent_no": {"bad": Many(("ZL202310123456.7",), 10)},
    "fields/application_no": {},
    "fields/uscc": {},
    "fields/files": {},
    "fields/text": {},
    "fields/must_be": {},
    "fields/confirm_over": {"value": OneOf("30000")},
    # what the catalogue asks to be said
    "warnings/no_disclosure": {},
    "warnings/outside_filed_domains": {},
    "warnings/same_day_usually_refused": {},
    "warnings/written_agreement_needed": {},
    "warnings/handed_to_staff": {},
    "warnings/escalated": {},
    "warnings/suggest": {"services": Many((_SERVICE, "知识产权保险"), 6)},
    "warnings/policy_advice": {},
    "warnings/provisional": {},
    # requests
    "requests/choose": {},
    "requests/receipt": {
        **_REQUEST,
        **_DUE,
        "submitted_at": _AT,
        "submitted_by": _NAME,
        "endorsed_by": Maybe("高文博（演示）"),
        "officer": Maybe(_OFFICER),
        "tel": _TEL,
        "days": 3,
    },
    "requests/new_officer": {**_REQUEST, **_DUE, "base": _BASE, "submitted_by": _NAME},
    "requests/accepted": {**_CASE, **_DUE},
    "requests/answered": {**_CASE, "answer": Long("可以办理，请按清单准备材料。"), "files": 1},
    "requests/supplement": {
        **_CASE,
        "items": Many((Long("两件专利的登记簿副本"), Long("企业同意参加对接的说明")), 20),
        "wish_date": Maybe(OneOf(_DAY)),
    },
    "requests/closed": {**_CASE, "summary": Maybe(Long("已完成对接，后续由银行联系。"))},
    "requests/withdrawn": _REQUEST,
    "requests/withdrawn_to_officer": {
        **_REQUEST,
        "base": _BASE,
        "actor": _NAME,
        "reason": Maybe(Long("企业已另行融资。")),
    },
    "requests/said_to_officer": {
        **_REQUEST,
        "base": _BASE,
        "actor": _NAME,
        "text": Maybe(Long("企业希望年底前放款，不知是否来得及。")),
        "files": 2,
    },
    "requests/said": _ONE,
    "requests/done_accept": _ONE,
    "requests/done_answer": _ONE,
    "requests/done_supplement": _ONE,
    "requests/done_close": _ONE,
    "requests/detail": {
        **_REQUEST,
        **_DUE,
        "base": _BASE,
        "state": OneOf("waiting"),
        "submitted_at": _AT,
        "submitted_by": _NAME,
        "officer": Maybe(_OFFICER),
        "tel": _TEL,
        "answers": _ANSWERS,
        "entries": Many(
            ({"at": _AT, "name": _OFFICER, "move": OneOf("answer"), "text": Long("已受理。"), "files": 1},), 8
        ),
        "earlier": 4,
        "attachments": Many(
            ({"name": "登记簿副本.pdf", "size": Maybe(812_345), "state": OneOf("pending")},), 20
        ),
    },
    "questions/receipt": {
        **_QUESTION,
        "heard": True,
        "officer": Maybe(_OFFICER),
        "centre": "示范省知识产权中心（演示）",
        "tel": _TEL,
        "files": 2,
        "hours": Many((OneOf("09:00–12:00"), OneOf("14:00–17:30")), 2),
    },
    "questions/new_officer": {
        **_ASKED,
        "role": OneOf("liaison"),
        "tel": Maybe(_TEL),
        "requests": Many((_NUMBER,), 3),
        "open_requests": 4,
        "year": 2026,
        "report": OneOf("draft"),
    },
    "questions/added": _QUESTION,
    "questions/added_officer": _ASKED,
    "questions/answered": {
        **_QUESTION,
        "officer": _OFFICER,
        "tel": _TEL,
        "text": Maybe(Long("请准备登记簿副本和专利证书。")),
        "files": 1,
    },
    "questions/done_answer": _QUESTION,
    "questions/closed": _QUESTION,
    "questions/closed_officer": {**_QUESTION, "base": _BASE},
    "questions/welcome": {},
    "questions/forwarded": {},
    "questions/page": {
        **_QUESTION,
        "base": _BASE,
        "state": OneOf("answered"),
        "asked_at": _AT,
        "request": Maybe(_NUMBER),
        "earlier": 4,
        "entries": Many(
            ({"at": _AT, "name": _NAME, "move": OneOf("ask"), "text": Long("需要哪些材料？"), "files": 1},), 8
        ),
    },
    "questions/desk": {
        "rows": Many(({**_QUESTION, "base": "蜀江理工（演示）", "since": _AT, "overdue": True},), 20),
        "more": 3,
    },
    "questions/list": {"rows": Many(({**_QUESTION, "state": OneOf("open"), "asked_at": _AT},), 20)},
    "questions/choose": _QUESTION,
    "questions/to_turn": {**_QUESTION, "base": _BASE, "officer": _OFFICER, "service": _SERVICE},
    "questions/turn_suggested": {**_QUESTION, "base": _BASE, "service": _SERVICE},
    "questions/nobody_to_turn": _QUESTION,
    "questions/turned": {**_QUESTION, "base": _BASE, "request": _NUMBER},
    "questions/turned_already": _QUESTION,
    "questions/nudge": {
        **_QUESTION,
        "base": _BASE,
        "name": _NAME,
        "since": _AT,
        "text": Maybe(Long("质押融资需要哪些材料？")),
    },
    "requests/list": {"rows": Many((_LISTED,), 40)},
    "requests/desk": {
        "rows": Many(
            (
                {**_LISTED, "base": "蜀江理工（演示）"},
                {**_LISTED, "base": "涪川材料院（演示）", "overdue": False},
            ),
            20,
        ),
        "questions": Many(({**_QUESTION, "base": "蜀江理工（演示）", "since": _AT, "overdue": True},), 5),
        "more_questions": 2,
        "more": 3,
    },
    "gate/blocked": {
        "sent_at": _AT,
        "carrier": OneOf("file"),
        "place": Place(Part.PAGE, (3, 2)),
        "deletion": OneOf("done"),
        "secrecy_tel": _TEL,
        "number": OneOf("BM-2026-0001"),
    },
    "gate/blocked_stranger": {"secrecy_tel": _TEL},
    "gate/reported": {
        "number": OneOf("BM-2026-0001"),
        "sent_at": _AT,
        "carrier": OneOf("file"),
        "found": Many(({"rule": OneOf("STATE_MARK"), "place": Place(Part.HEADER)},), 5),
        "deletion": OneOf("failed"),
        "name": _NAME,
        "bases": Many((_BASE,), 5),
        "unnamed": True,
    },
    "gate/register": {
        "rows": Many(
            (
                {
                    "number": OneOf("BM-2026-0001"),
                    "sent_at": _AT,
                    "name": _NAME,
                    "carrier": OneOf("photo"),
                    "deletion": OneOf("done"),
                    "seen": True,
                },
            ),
            20,
        )
    },
    "gate/seen": {},
    "gate/place": {"place": Place(Part.PAGE, (3, 2))},
    "gate/upload_link": {"title": "服务申请", "url": _URL},
    "gate/download_link": {"name": "合同.docx", "url": _URL},
    "gate/page_only": {},
    "gate/page_only_reply": {},
    "gate/clean": {"name": "合同.docx"},
    "gate/album_clean": {"clean": 2},
    "gate/album_unread": {"clean": 2, "unread": Many(("photo.jpg",), 10)},
    "gate/album_confirmed": {"n": 3, "by": _NAME},
    "gate/held": {"name": "合同.docx", **_FOUND, "own": False},
    "gate/to_review": {"name": "合同.docx", **_FOUND, "sender": _NAME},
    "gate/asked": {"name": "合同.docx", "reviewers": Many((_OFFICER,), 5)},
    "gate/dropped": {"name": "合同.docx"},
    "gate/confirmed": {"name": "合同.docx", "by": _OFFICER},
    "gate/confirmed_for_you": {"name": "合同.docx", "by": _OFFICER},
    "gate/sent_back": {"name": "合同.docx", "by": _OFFICER},
    "gate/declined_by_you": {"name": "合同.docx"},
    "gate/settled_already": {},
    "gate/remark": _FOUND,
    "gate/text_held": _FOUND,
    "gate/declined": {"reason": OneOf("ENCRYPTED")},
    "gate/on_page": {"number": _NUMBER, "name": "合同.docx", "size": 81_234_567},
    "gate/to_fetch": {"name": "合同.docx"},
    "requests/file_refused": {
        "name": "登记簿副本.exe",
        "reason": {"template": OneOf("requests/file_gone"), "facts": {}},
    },
    "requests/file_gone": {},
    "requests/file_too_big": {"max": 20 * 1024 * 1024},
    "requests/not_in_this_state": {**_ONE, "state": OneOf("closed")},
    "requests/filed_for": {**_REQUEST, **_RECORDED, "base": _BASE, "files": 2},
    "requests/recorded_for_you": {**_REQUEST, **_RECORDED, **_DUE, "actor": _OFFICER, "tel": _TEL},
    "requests/recorded": {
        **_REQUEST,
        **_RECORDED,
        "actor": _OFFICER,
        "text": Long("两件材料已随函寄出。"),
        "files": 1,
        "tel": _TEL,
    },
    "requests/done_record": _ONE,
    # who acts for a base, and who follows
    "absence/page": _AWAY,
    "absence/noted": {**_AWAY, "acting": _ACTING},
    "absence/you_act": {**_AWAY, "base": _BASE, "name": _NAME},
    "absence/to_officer": {**_AWAY, "base": _BASE, "name": _NAME, "acting": _ACTING},
    "absence/ended": {},
    "absence/back": {"base": _BASE, "name": _NAME},
    "handover/begin": {"base": _BASE, "days": 10},
    "handover/page": {
        **_HANDOVER,
        "state": OneOf("registered"),
        "confirmed_by": Maybe(_NAME),
        "confirmed_via": Maybe(OneOf("press")),
        "form_due": Maybe(OneOf(_DAY)),
        "days": 10,
    },
    "handover/to_confirm": _HANDOVER,
    "handover/proposed": _HANDOVER,
    "handover/confirmed": {**_HANDOVER, **_CONFIRMED},
    "handover/cancel": _HANDOVER,
    "handover/cancelled": _HANDOVER,
    "handover/left": _HANDOVER,
    "handover/yours": {
        **_HANDOVER,
        "n_requests": 2,
        "n_questions": 1,
        "n_reports": 1,
        "n_duties": 2,
        "n_exchanges": 1,
        "n_drafts": 1,
    },
    "handover/done": {
        **_HANDOVER,
        "vacant": Many((OneOf("deputy"),), 2),
        "form_due": Maybe(OneOf(_DAY)),
    },
    "handover/pick": {"base": _BASE, "role": OneOf("liaison")},
    "handover/picked": {"name": _NAME},
    "handover/same_person": {"name": _NAME, "role": OneOf("liaison")},
    "handover/form_due": {
        **{key: fact for key, fact in _TO_THE_DAY.items() if key != "year"},
        **_HANDOVER,
    },
    "handover/form_overdue": {**{key: fact for key, fact in _LATE.items() if key != "year"}, **_HANDOVER},
    "handover/form_wrong_type": {"name": Long("变更登记表.docx", 80)},
    "handover/form_not_kept": {"name": Long("变更登记表.pdf", 80), "pending": False},
    "handover/open_already": {"successor": _NAME},
    "handover/of_another_base": {"name": _NAME},
    "handover/office_held": {"role": OneOf("liaison")},
    "handover/making": {},
    "handover/form": {"days": 10},
    "handover/sheet": {},
    "handover/failed": {"reference": "A1B2C3"},
    # the bases
    "bases/list": {
        "wanted": "蜀江",
        "total": 64,
        "page": 1,
        "pages": 8,
        "unreached": 2,
        "rows": Many(
            (
                {
                    "base": _BASE,
                    "city": "成都",
                    "batch": "第一批",
                    "status": OneOf("active"),
                    "reach": OneOf("none"),
                },
            ),
            8,
        ),
    },
    "bases/choose_counterpart": {"base": _BASE},
    "bases/history": {
        "base": _BASE,
        "recognised_on": OneOf(_DAY),
        "rows": Many(
            ({"status": OneOf("expired"), "reason": Long("建设期满"), "by": _OFFICER, "at": _AT},), 6
        ),
    },
    "reachability/plain_duty": {
        "kind": OneOf("annual_report"),
        "year": 2026,
        "due": _DATE,
        **_ASK,
        "centre": _BASE,
    },
    "reachability/people": {
        "wanted": "林知行",
        "readings": Many(tuple({"reach": OneOf(one), "n": 50} for one in ("open", "partial", "none")), 3),
        "total": 6000,
        "page": 1,
        "pages": 750,
        "rows": Many(
            (
                {
                    "name": _NAME,
                    "role": OneOf("liaison"),
                    "base": _BASE,
                    "enrolled": True,
                    "reachable": False,
                },
            ),
            8,
        ),
    },
    "reachability/calls": {
        "rows": Many(({"base": _BASE, "due": OneOf(_DAY), "people": Many((_CONTACT,), 3)},), 8),
        "more": 3,
    },
    "vacations/page": {
        "base": _BASE,
        "rows": Many(({"first": OneOf(_DAY), "last": OneOf(_DAY)},), 8),
    },
    "reachability/copy": {"text": Long("各示范基地：请于月底前完成。", 3900)},
    "reachability/fallback": {"base": _BASE, "text": Long("各示范基地：请于月底前完成。", 3700)},
    "reachability/fallback_left": {
        "base": _BASE,
        "title": "年度工作总结",
        "uncertain": True,
        "reference": Maybe(OneOf("R3F2")),
    },
    "reachability/instead": {"name": _NAME},
    "bases/found": {"base": _BASE},
    "bases/lost": {"base": _BASE, "people": Many((_CONTACT,), 8), "call_by": _DATE},
    "bases/choose_service": {"base": _BASE},
    "bases/invitation": {
        "name": _NAME,
        "base": _BASE,
        "link": "https://t.me/lianluo_bot?start=abcdefghijklmnopqrstuv",
        "until": _AT,
    },
    "bases/page": {
        "base": _BASE,
        "code": "YS01",
        "uscc": "12510000DEM000014E",
        "kind": "高校",
        "city": "成都",
        "batch": "第一批",
        "recognised_on": OneOf(_DAY),
        "project_start": Maybe(OneOf(_DAY)),
        "project_end": Maybe(OneOf(_DAY)),
        "status": OneOf("active"),
        "reach": OneOf("none"),
        "vacations": Many(({"first": OneOf(_DAY), "last": OneOf(_DAY)},), 2),
        "counterpart": Maybe(_OFFICER),
        "department": "科技成果转化处",
        "people": Many(
            (
                {
                    **_CONTACT,
                    "enrolled": True,
                    "reachable": False,
                    "away_until": Maybe(OneOf(_DAY)),
                },
            ),
            8,
        ),
        "open_requests": 2,
        "requests": Many(({**_REQUEST, "state": OneOf("accepted")},), 6),
        "open_questions": 2,
        "questions": Many(({**_QUESTION, "state": OneOf("open")},), 6),
        "reports": Many(({"year": 2026, "state": OneOf("draft")},), 6),
        "duties": Many(
            (
                {
                    "kind": OneOf("annual_report"),
                    "year": 2026,
                    "title": Maybe("高价值专利育成中心建成"),
                    "due_on": OneOf(_DAY),
                },
            ),
            6,
        ),
        "open_duties": 2,
        "open_exchanges": 2,
        "also": Many(({"kind": OneOf("notices"), "n": 2},), 4),
        "drafts": 1,
        "calls": Many(
            (
                {
                    "called_at": _AT,
                    "officer": _OFFICER,
                    "spoke_with": Long("宋一苇（演示）"),
                    "result": Long("已接通，将以邮件报送。"),
                    "promise": Maybe(Long("邮件报送总结")),
                    "promised_on": Maybe(OneOf(_DAY)),
                },
            ),
            3,
        ),
    },
    # the annual summary
    "reports/nudge": {**_NUDGE, **_SUGGESTED, "total": 47},
    "reports/nudge_last": {**_NUDGE, "seal_days": 10},
    "reports/nudge_draft": {**_NUDGE, **_SUGGESTED, **_DONE, **_MISSING},
    "reports/nudge_in_review": {
        **_NUDGE,
        **_SUGGESTED,
        **_DONE,
        "waits_for": OneOf("reviewer"),
        "waiting": Many((_NAME,), 3),
    },
    "reports/nudge_reviewed": {**_NUDGE, **_SUGGESTED, **_DONE, "seal_days": 10},
    "reports/nudge_returned": {
        **_SUMMARY,
        **_ASK,
        **_DONE,
        **_MISSING,
        "name": _NAME,
        "remarks": Many((_INDICATOR["name"],), 6),
        "remarks_total": 8,
        "resubmit_by": _DATE,
    },
    "reports/nudge_seal": {**_SUMMARY, **_ASK, **_DONE, "name": _NAME, "seal_due": Maybe(_DATE)},
    "reports/overdue": {**_LATE, **_DONE, **_MISSING, "as_of": _AT, "expected": _EXPECTED},
    "self_check/nudge": _TO_THE_DAY,
    "self_check/overdue": {**_LATE, "as_of": _AT},
    "project/milestone": {
        **{key: fact for key, fact in _TO_THE_DAY.items() if key != "year"},
        **_PROJECT_TITLE,
    },
    "project/milestone_overdue": {
        **{key: fact for key, fact in _LATE.items() if key != "year"},
        **_PROJECT_TITLE,
    },
    "project/funds": {
        **{key: fact for key, fact in _TO_THE_DAY.items() if key != "year"},
        **_PROJECT_TITLE,
    },
    "project/funds_overdue": {
        **{key: fact for key, fact in _LATE.items() if key != "year"},
        **_PROJECT_TITLE,
    },
    "reports/calls": {
        "kind": OneOf("annual_report"),
        "year": 2026,
        "due": _DATE,
        "late": True,
        "rows": Many(
            (
                {
                    "base": "蜀江理工（演示）",
                    "reason": OneOf("late"),
                    "name": Maybe(_NAME),
                    "tel": Maybe(_TEL),
                    "expected": _EXPECTED,
                },
                {
                    "base": "涪川材料院（演示）",
                    "reason": OneOf("claimed"),
                    "name": Maybe(_NAME),
                    "tel": Maybe(_TEL),
                    "expected": _EXPECTED,
                },
            ),
            20,
        ),
        "more": 3,
    },
    "reports/list": {
        "as_of": _AT,
        "year": 2026,
        "due": _DATE,
        "total": 64,
        "late": 2,
        "counts": Many(tuple({"status": OneOf(one), "n": 12} for one in _STATUSES), 12),
        "period": Maybe(Many((OneOf("2025-12-01"), OneOf("2026-11-30")), 2)),
        "only": OneOf("all"),
        "rows": Many(
            (
                {
                    "base": "蜀江理工（演示）",
                    "status": OneOf("submitted"),
                    "late": True,
                    "until": Maybe(OneOf("2026-12-25")),
                    "expected": _EXPECTED,
                },
            ),
            30,
        ),
        "more": 3,
    },
    "reports/which": {
        "year": 2026,
        "rows": Many(({"base": _BASE, "state": OneOf("draft")},), 4),
    },
    "reports/base": {
        **_STANDING,
        "people": Many(({"name": _NAME, "role": OneOf("liaison"), "tel": Maybe(_TEL), "enrolled": True},), 8),
    },
    "reports/confirm": {**_SUMMARY, "state": OneOf("open"), "move": OneOf("receive")},
    "reports/claimed_officer": {**_SUMMARY, "actor": _NAME},
    "reports/expected_officer": {**_SUMMARY, "actor": _NAME, "due": _DATE, "expected": OneOf("2026-12-20")},
    "reports/received": {**_SUMMARY, **_ASK, "changed_at": _AT},
    "reports/waived": {**_SUMMARY, **_ASK},
    "reports/reopened": {**_SUMMARY, **_ASK, "due": _DATE},
    # the annual report as its reviewer, its head and the centre see it
    "annual/read_figures": {
        **_SUMMARY,
        "group": Maybe("运用"),
        "rows": Many(
            (
                {
                    "code": OneOf("I16"),
                    "name": "转让合同金额",
                    "unit": "万元",
                    "this": Maybe(Long("860", 40)),
                    "last": Maybe(Long("120.5", 20)),
                },
            ),
            7,
        ),
        **_LEAF,
    },
    "annual/read_texts": {
        **_SUMMARY,
        "section": "三、市场化运营做法与成效",
        "text": Long("本年度转让专利 12 件。", 900),
        **_LEAF,
    },
    "annual/read_findings": {
        **_SUMMARY,
        "rows": Many(
            ({"severity": OneOf("warn"), "found": _SAID, "words": Maybe(Long("新增开放许可两批。", 300))},), 3
        ),
        **_LEAF,
    },
    "annual/read_files": {
        **_SUMMARY,
        "rows": Many(({"n": 1, "purpose": OneOf("evidence"), "name": Long("合同清单.xlsx", 120)},), 6),
        "opens": True,
        "in_charge": Maybe(_OFFICER),
        **_LEAF,
    },
    "annual/read_changes": {
        **_SUMMARY,
        "rows": Many(
            tuple(
                {
                    "part": OneOf(part),
                    "name": "I16 转让合同金额",
                    "old": Maybe(Long("860", 40)),
                    "new": Maybe(Long("880", 40)),
                }
                for part in ("figure", "section", "explanation", "file")
            ),
            7,
        ),
        **_LEAF,
    },
    "annual/read_nothing": {**_SUMMARY, "part": OneOf("changes")},
    "annual/nothing_to_read": {"year": 2026},
    "annual/file_on_page": {"name": Long("盖章件.pdf", 120), "size": 2_400_000},
    "annual/file_not_ready": {},
    "annual/file_not_read": {},
    "annual/file_read": {
        "name": Long("合同清单.xlsx", 80),
        "contracts": 12,
        "patents": 30,
        "sections": 7,
        "remarks": Many(({"template": OneOf("figures/no_mark"), "facts": {}},), 6),
        "more": 2,
    },
    "annual/file_unread": {"name": Long("合同清单.xlsx", 80)},
    "annual/review_asked": _SUMMARY,
    "annual/approval_asked": _SUMMARY,
    "annual/edited_after_review": {**_SUMMARY, "actor": _NAME},
    "annual/review": {
        **_SUMMARY,
        **_PROGRESS,
        "hash": OneOf("3f9a0c1b"),
        "signatures": _SIGNATURES,
        "turn": True,
    },
    "annual/review_confirm": {
        **_SUMMARY,
        "signing": OneOf("review"),
        "hash": OneOf("3f9a0c1b"),
        "name": _NAME,
    },
    "annual/record": {**_SUMMARY, **_PROGRESS, "lacking": 12, "errors": 1, "words": 2},
    "annual/recorded_for_you": {
        **_SUMMARY,
        "state": OneOf("draft"),
        "actor": _NAME,
        "via": OneOf("paper"),
        "received_on": OneOf(_DAY),
    },
    "annual/nothing_understood": {},
    "annual/one_figure": {},
    "annual/revised": {
        **_SUMMARY,
        "actor": _NAME,
        "name": "转让合同金额",
        "old": Maybe(Long("500", 40)),
        "new": Long("520", 40),
        "reason": Long("漏计一份合同。", 500),
    },
    "annual/read_revisions": {
        **_SUMMARY,
        "rows": Many(
            (
                {
                    "name": "转让合同金额",
                    "old": Maybe(Long("500", 40)),
                    "new": Maybe(Long("520", 40)),
                    "reason": Long("漏计一份合同。", 300),
                    "by": _NAME,
                    "at": _AT,
                },
            ),
            3,
        ),
        **_LEAF,
    },
    "annual/submitted_officer": {**_SUMMARY, "version": 2, "receipt": OneOf("HZ-2026-0001")},
    "annual/sealed_officer": {**_SUMMARY, "version": 2},
    "annual/desk": {
        **_SUMMARY,
        **_PROGRESS,
        "late": True,
        "extended_until": Maybe(OneOf(_DAY)),
        "version": 2,
        "receipt": Maybe(OneOf("HZ-2026-0001")),
        "at": _AT,
        "via": OneOf("paper"),
        "counts_on": OneOf(_DAY),
        "signatures": _SIGNATURES,
        "seal": Maybe({"via": OneOf("press"), "at": _AT}),
        "seal_due": Maybe(OneOf(_DAY)),
        "read": True,
        "findings": 3,
        "errors": 1,
        "silent": 1,
        "asked": 3,
        "in_charge": Maybe(_OFFICER),
    },
    "annual/paper_link": {
        "name": Long("年度工作总结（第1版）.docx", 80),
        "url": _URL,
        "told": Maybe({"template": OneOf("figures/no_mark"), "facts": {}}),
    },
    "annual/charge_given": {**_SUMMARY, "officer": _OFFICER, "actor": _NAME},
    "annual/charge_choose": {**_SUMMARY, "in_charge": Maybe(_OFFICER)},
    "annual/charge_of_another": {"officer": _OFFICER},
    "annual/read_trace": {
        **_SUMMARY,
        "rows": Many(
            (
                {
                    "at": _AT,
                    "by": Maybe(_NAME),
                    "action": OneOf("annual_in_charge"),
                    "officer": Maybe(_OFFICER),
                    "times": 2,
                },
            ),
            8,
        ),
        **_LEAF,
    },
    "annual/desk_confirm": {**_SUMMARY, "version": 2, "move": OneOf("pass")},
    "annual/return_preview": {**_SUMMARY, "version": 2, "rows": _REMARKED, "more": 2},
    "annual/read_remarks": {
        **_SUMMARY,
        "rows": Many(({"name": "转让合同金额", "words": Long("与合同清单不一致，请核对。", 300)},), 3),
        **_LEAF,
    },
    "annual/not_in_this_state": {"year": 2026, "state": OneOf("sealing")},
    "annual/signer_missing": {},
    "annual/signed_page_missing": {},
    "annual/remarks_missing": {},
    # the annual report as its base fills it in
    "annual/home": {
        **_SUMMARY,
        "state": OneOf("approved"),
        "due": _DATE,
        "extended_until": Maybe(OneOf("2026-12-20")),
        "late": True,
        "done": 40,
        "total": 52,
        "owing": Maybe(OneOf("open")),
        "expected": _EXPECTED,
        "lacking": {"period": True, "figures": 12, "sections": 3, "errors": 2, "words": 1},
        "next": Maybe("知识产权专职人员数"),
        "version": 2,
        "receipt": Maybe(OneOf("HZ-2026-0001")),
        "seal_due": Maybe(OneOf(_DAY)),
    },
    "annual/home_confirm": {
        **_SUMMARY,
        "next_version": 2,
        "figures": 36,
        "sections": 7,
        "explanations": 3,
        "files": Many((Long("合同清单.xlsx", 120),), 10),
        "signed": Many(({"signing": OneOf("review"), "name": _NAME, "via": OneOf("press")},), 2),
    },
    "annual/home_papers": {"year": 2026, "draft": True},
    "annual/home_remarks": {
        "year": 2026,
        "version": 1,
        "at": _AT,
        "rows": Many(({"name": "转让合同金额", "words": Long("请与合同清单核对。")},), 20),
    },
    "annual/fill_figures": {
        "year": 2026,
        "groups": Many(({"name": "运用", "done": 3, "total": 14},), 8),
    },
    "annual/fill_group": {
        "year": 2026,
        "group": "运用",
        "rows": Many(
            (
                {
                    **_INDICATOR,
                    "unit": "万元",
                    "this": Maybe(Long("500", 40)),
                    "last": Maybe(Long("480", 40)),
                },
            ),
            20,
        ),
    },
    "annual/fill_saved": {**_INDICATOR, "value": Maybe("500"), "unit": "万元"},
    "annual/fill_beside": {"year": 2025, "last": Maybe(Long("480", 40)), "this": Maybe(Long("500", 40))},
    "annual/fill_written": {"text": Long("本年度设立专门机构。", 4000)},
    "annual/fill_preview": {
        "year": 2026,
        "changes": Many(
            ({**_INDICATOR, "old": Maybe(Long("480", 40)), "new": Long("500", 40), "unit": OneOf("万元")},),
            38,
        ),
        "zeros": Many((OneOf("I01"), OneOf("I02")), 33),
        "same": 3,
        "remarks": Many(({"template": OneOf("figures/no_mark"), "facts": {}},), 6),
        "more": 2,
    },
    "annual/fill_taken": {"n": 12},
    "annual/fill_sections": {
        "year": 2026,
        "rows": Many(({"name": "三、市场化运营做法与成效", "chars": 320},), 8),
        "documents": Many((Long("年度总结.docx", 120),), 5),
    },
    "annual/fill_check": {
        "year": 2026,
        "blank": 9,
        "named": Many(("知识产权专职人员数",), 6),
        "rows": Many(
            (
                {
                    "n": 1,
                    "severity": OneOf("warn"),
                    **_SAID,
                    "words": Maybe(Long("新增开放许可两批。", 500)),
                },
            ),
            8,
        ),
        "more": 2,
    },
    "annual/fill_files": {
        "year": 2026,
        "rows": Many(({"n": 1, "purpose": OneOf("evidence"), "name": Long("合同清单.xlsx", 120)},), 20),
    },
    "annual/fill_proposed": {
        "year": 2026,
        "rows": Many(
            (
                {
                    **_INDICATOR,
                    "unit": "件",
                    "value": "3",
                    "records": Many((_NUMBER,), 5),
                    "of": 7,
                    "present": Maybe(Long("2", 40)),
                },
            ),
            5,
        ),
    },
    "annual/fill_docx_only": {},
    "annual/sheet": _SUMMARY,
    "annual/sheet_not_made": {},
    "annual/sheet_coming": {},
    "annual/sheet_reading": {},
    "annual/sheet_unread": {},
    "annual/sent_for_review": {},
    # what its base hears of it
    "annual/receipt": {
        **_SUMMARY,
        "receipt": OneOf("HZ-2026-0001"),
        "version": 2,
        "at": _AT,
        "sha256": OneOf("a1" * 32),
        "files": Many(
            (
                {
                    "purpose": OneOf("evidence"),
                    "name": Long("合同清单.xlsx", 120),
                    "sha256": OneOf("a1" * 32),
                },
            ),
            20,
        ),
    },
    "annual/returned": {**_SUMMARY, "version": 1, "actor": _OFFICER, "items": _ITEMS},
    "annual/refused": {**_SUMMARY, "actor": _OFFICER, "items": _ITEMS},
    "annual/passed": {**_SUMMARY, "version": 2, "seal_due": Maybe(OneOf(_DAY))},
    "annual/reseal": {**_SUMMARY, "items": _ITEMS, "seal_due": Maybe(OneOf(_DAY))},
    "annual/accepted": {**_SUMMARY, "version": 2},
    "annual/approved": {**_SUMMARY, "actor": _OFFICER},
    # why a step of it is refused
    "annual/incomplete": {"missing": Many((OneOf("period"),), 60)},
    "annual/unsigned": {"missing": Many((OneOf("review"),), 2)},
    "annual/unchanged": {"version": 1},
    "annual/sealed_copy_missing": {},
    "annual/nothing_recorded": {},
    "annual/not_editable": {"year": 2026, "state": OneOf("submitted")},
    "annual/reason_missing": {"key": OneOf("I12")},
    "annual/signed_page_kept": {},
    "annual/no_period_of_the_year": {"year": 2026},
    # who is missing, what is put off, who is to be called
    "outstanding/list": {
        "as_of": _AT,
        "year": 2026,
        "due": _DATE,
        "total": 64,
        "rows": Many(({"group": OneOf("not_started"), "n": 12},), 10),
        "chosen": 3,
    },
    "outstanding/group": {
        "group": OneOf("draft"),
        "n": 12,
        "page": 1,
        "pages": 2,
        "rows": Many(
            (
                {
                    "base": "蜀江理工（演示）",
                    "expected": _EXPECTED,
                    "until": Maybe(_DATE),
                    "seal_due": Maybe(_DATE),
                },
            ),
            10,
        ),
        "choosing": True,
    },
    "outstanding/confirm": {
        "n": 64,
        "people": 120,
        "names": _SHORT_NAMES,
        "already_n": 3,
        "already": _SHORT_NAMES,
        "by_phone_n": 2,
        "by_phone": _SHORT_NAMES,
    },
    "outstanding/sent": {"n": 12, "people": 20},
    "outstanding/briefing": {
        "as_of": _AT,
        "year": 2026,
        "due_n": 64,
        "accepted": 40,
        "review": 10,
        "returned": 2,
        "missing": 12,
        "extended": 3,
        "called": 5,
        "expected": Maybe(_DATE),
    },
    "outstanding/board": _BOARD,
    "outstanding/chart": {key: fact for key, fact in _BOARD.items() if key not in ("rows", "days_left")},
    "outstanding/board_coming": {},
    "outstanding/board_off": {},
    "outstanding/extension_noted": {**_DUTY, **_REASON, **_ASK, "until": _DATE},
    "outstanding/extension_asked": {**_DUTY, **_REASON, "until": _DATE, "actor": _NAME},
    "outstanding/extension_granted": {**_DUTY, **_REASON},
    "outstanding/extension_denied": _DUTY,
    "outstanding/extended": {**_DUTY, **_REASON, **_ASK},
    "outstanding/not_extended": {**_DUTY, **_REASON, **_ASK},
    "outstanding/call_asked": {**_DUTY, "name": _NAME, "number": Maybe(_TEL), "call_by": _DATE},
    "outstanding/call_noted": {
        **{key: fact for key, fact in _DUTY.items() if key != "due"},
        **_ASK,
        "number": Maybe(_TEL),
        "call_by": _DATE,
    },
    "self_check/list": {
        "year": 2027,
        "due": _DATE,
        "total": 64,
        "open": 20,
        "claimed": 4,
        "received": 39,
        "waived": 1,
        "more": 3,
    },
    "self_check/page": {
        **_SUMMARY,
        **_ASK,
        "due": _DATE,
        "state": OneOf("claimed"),
        "answered_at": Maybe(_AT),
        "rows": _CONDITIONS,
    },
    "self_check/answered_officer": {**_SUMMARY, "actor": _NAME, "rows": _CONDITIONS},
    "self_check/received": {**_SUMMARY, **_ASK},
    "self_check/returned": {**_SUMMARY, **_ASK, **_REASON, "due": _DATE},
    "project/page": {
        "base": _BASE,
        "project_start": Maybe(OneOf(_DAY)),
        "rows": Many(
            ({"kind": OneOf("milestone"), **_PROJECT_TITLE, "due": _DATE, "state": OneOf("open")},), 20
        ),
    },
    "project/own": {
        "base": _BASE,
        "rows": Many(
            (
                {
                    "kind": OneOf("milestone"),
                    "year": 2026,
                    "title": Maybe(Long("育成中心建成", 60)),
                    "due": _DATE,
                    "state": OneOf("open"),
                },
            ),
            20,
        ),
    },
    "project/item": {**_DUTY, "state": OneOf("open")},
    "project/confirm": {**_DUTY, "move": OneOf("receive")},
    "project/added": {**_DUTY, **_ASK},
    "project/done": {**{key: fact for key, fact in _DUTY.items() if key != "due"}, **_ASK},
    "project/reopened": {**_DUTY, **_ASK},
    "obligations/extension_too_early": {"due": _DATE},
    "obligations/extension_reason_missing": {},
    # announcements
    "announcements/notice": {
        "title": Long("关于做好年末安全检查的提示", 60),
        "body": Long("请各基地于月底前完成自查。", 3000),
        "reply_by": Maybe(OneOf(_DAY)),
        "contact": _OFFICER,
        "tel": _TEL,
        "centre": "示范省知识产权中心（演示）",
        "date": OneOf(_DAY),
        "received": Many(({"base": _BASE, "name": _NAME, "at": _AT},), 3),
    },
    "announcements/to_sign": {"title": _TITLE, "drafter": _OFFICER},
    "announcements/submitted": {"title": _TITLE, "signers": Many((_OFFICER,), 8)},
    "announcements/audience": {
        "rows": Many(({"base": _BASE, "names": Many((_NAME,), 4)},), 50),
    },
    "announcements/by_phone": {
        "rows": Many(({"base": _BASE, "name": Maybe(_NAME), "tel": Maybe(_TEL), "enrolled": True},), 40),
    },
    "announcements/page": {
        "title": _TITLE,
        "state": OneOf("submitted"),
        "drafter": _OFFICER,
        "signer": Maybe(_OFFICER),
        "signed_at": Maybe(_AT),
        "reason": Maybe(Long("请补充反馈方式。")),
        "people": 60,
        "bases": 30,
        "by_phone": 4,
    },
    "announcements/returned": {
        "title": _TITLE,
        "signer": _OFFICER,
        "reason": Long("请补充反馈方式。", 2000),
    },
    "announcements/list": {"rows": Many(({"title": _TITLE, "at": _AT, "state": OneOf("open")},), 20)},
    "announcements/panel": {
        "bases_sent": 49,
        "otherwise": 1,
        "missing": {"n": 2, "names": Many((_BASE,), 20)},
        "title": _TITLE,
        "total": 60,
        "sent": 52,
        "open": 2,
        "failed": _SOME,
        "blocked": _SOME,
        "uncertain": _SOME,
        "received": 12,
        "bases": 30,
        "by_phone": 4,
    },
    "announcements/decided": {"n": 3},
    "announcements/nobody": {},
    # what the rules find in the figures of the annual report
    "verification/figures": {
        "figures": Many(
            (
                {**_INDICATOR, "value": "500", "unit": "万元", "span": OneOf("this")},
                {**_INDICATOR, "value": "120.5", "unit": "万元", "span": OneOf("last")},
                {**_INDICATOR, "value": "1200", "unit": "万元", "span": OneOf("sum")},
            ),
            8,
        ),
        "says": _RULE,
    },
    "verification/total": {
        "code": OneOf("I24"),
        "name": "转化合同总金额",
        "value": "860",
        "parts": Many(({"name": "转让", "value": "500"}, {"name": "许可", "value": "300"}), 8),
        "total": "800",
    },
    "verification/year_on_year": _BOTH_YEARS,
    "verification/unit_slip": _BOTH_YEARS,
    "verification/blank": _INDICATOR,
    "verification/not_a_number": _FLAW,
    "verification/negative": _FLAW,
    "verification/fraction": _FLAW,
    "verification/decimals": _FLAW,
    "verification/too_long": _FLAW,
    # what was understood of the figures that somebody sent
    "figures/meant": {**_ENTRY, "value": "1234567.89", "unit": "万元"},
    "figures/flaw": {**_ENTRY, "unit": "万元", "flaw": OneOf("not_a_number")},
    "figures/yes_no": _ENTRY,
    "figures/unknown": {
        "place": _PLACE,
        "written": Long("转让金额", 40),
        "candidates": Many((_INDICATOR,), 5),
    },
    "figures/twice": {**_INDICATOR, "places": Many(({**_PLACE, "written": Long("500", 40)},), 8)},
    "figures/names_differ": _ENTRY,
    "figures/merged": {"place": _PLACE, "codes": Many((OneOf("I14"), OneOf("I15")), 12)},
    "figures/cell_uncomputed": _CELL,
    "figures/cell_error": _ENTRY,
    "figures/cell_date": _ENTRY,
    "figures/cell_hidden": _ENTRY,
    "figures/sheet_skipped": {"sheet": Long("备注", 40)},
    "figures/no_mark": {},
    "figures/other_year": {"year": 2026, "found": 2025},
    "figures/other_base": {"base_code": "SJ-01", "found": Long("FC-02", 40)},
    "figures/no_table": {"year": 2026},
    "figures/file_empty": {},
    "figures/file_old": {},
    "figures/file_encrypted": {},
    "figures/file_too_big": {},
    "figures/file_unreadable": {},
    "figures/evidence_differs": {**_INDICATOR, "unit": "万元", "value": "500", "listed": "480"},
    "figures/contracts_twice": _LISTED_ROWS,
    "figures/contracts_of_other_years": _LISTED_ROWS,
    "figures/patents_twice": _LISTED_ROWS,
    "figures/patents_wrong": _LISTED_ROWS,
    "figures/list_no_table": {"headings": Many(("类型", "金额"), 5)},
    "figures/list_kind": _CELL_OF_LIST,
    "figures/list_amount": _CELL_OF_LIST,
    "figures/list_date": _CELL_OF_LIST,
    "figures/no_period": {"year": 2026},
    "figures/text_differs": {
        **_INDICATOR,
        "section": "三、市场化运营做法与成效",
        "quoted": Long("转让合同金额480万元", 60),
        "value": "500",
        "unit": "万元",
    },
    # the papers of the annual report, and a year taken along
    "annual/papers_making": {},
    "annual/papers_no_period": {"year": 2026},
    "annual/papers_made": {"year": 2026, "version": 2, "draft": True},
    "annual/papers_receipt": {
        "year": 2026,
        "receipt": OneOf("HZ-2026-0001"),
        "review_by": date(2026, 12, 10),
    },
    "annual/papers_to_seal": {"year": 2026, "seal_due": Maybe(OneOf(_DAY))},
    "annual/papers_failed": {"year": 2026, "reference": "A7K2M9"},
    "export/choose": {},
    "export/begun": {"year": 2026},
    "export/progress": {"year": 2026, "bases": 120, "of": 500},
    "export/ended": {"year": 2026},
    "export/done_link": {**_EXPORTED, "url": _URL},
    "export/done_place": {**_EXPORTED, "place": Long("/var/lib/lianluo/exports/2026-20261220-0930", 300)},
    "export/empty": {"year": 2031},
    "export/failed": {"year": 2026, "reference": "A7K2M9"},
    # the centre's own facts
    "settings/summary": {
        **_SETTINGS,
        "secrecy_tel": _TEL,
        "chat_files": OneOf("是"),
        "chat_reports": OneOf("否"),
        "issued_on": Maybe(OneOf(_DAY)),
        "outcome_days": OneOf("90"),
    },
    "settings/saved": {"label": "办公电话", "value": Long(_TEL)},
    # supply and demand
    "supply/own": {"cards": Many((_CARD_ROW,), 10), "days": 14},
    "supply/all": {"cards": Many((_CARD_ROW,), 20), "waiting": 1, "listed": 12},
    "supply/card": {
        **_CARD,
        "base": _BASE,
        "remark": Maybe(Long("请补充专利号。", 500)),
        "candidates": Many(
            (
                {
                    "number": _CARD_NUMBER,
                    "title": Long("寻求石墨烯电极材料", 40),
                    "base": "涪川材料院（演示）",
                    "industries": Many((OneOf("materials"),), 3),
                    "ipc": Many((OneOf("C"),), 3),
                    "words": Many((Long("石墨烯", 20),), 4),
                    "same_city": True,
                },
            ),
            5,
        ),
        "compared": True,
    },
    "supply/filed": {key: value for key, value in _CARD_HEAD.items() if key != "expires_on"},
    "supply/new_officer": {**_CARD, "base": _BASE},
    "supply/listed": _CARD_HEAD,
    "supply/returned": {**_CARD_HEAD, "remark": Long("请补充专利号。", 500)},
    "supply/withdraw": {"number": _CARD_NUMBER, "title": "石墨烯改性电极材料"},
    "supply/withdrawn": {"number": _CARD_NUMBER},
    "supply/ends_soon": _CARD_HEAD,
    "supply/ended": _CARD_HEAD,
    "supply/released": {},
    "supply/introduced": {**_CARD, "own": _CARD_NUMBER, "own_title": "石墨烯改性电极材料"},
    "supply/agreed": {"number": _CARD_NUMBER, "title": "寻求石墨烯电极材料"},
    "supply/agreed_both": {"number": _CARD_NUMBER},
    "supply/declined": {"number": _CARD_NUMBER, "title": "寻求石墨烯电极材料"},
    "supply/nothing_came": {"number": _CARD_NUMBER, "title": "寻求石墨烯电极材料"},
    "supply/standing": {
        "number": _CARD_NUMBER,
        "title": "寻求石墨烯电极材料",
        "standing": OneOf("exchanged"),
    },
    "supply/gone": {"number": _CARD_NUMBER},
    "supply/contacts": {
        "own": _CARD_NUMBER,
        "number": _CARD_NUMBER,
        "title": "寻求石墨烯电极材料",
        "base": _BASE,
        "department": Long("产业合作部", 80),
        "people": Many(({"name": _NAME, "role": OneOf("liaison"), "tel": Maybe(_TEL)},), 4),
    },
    "supply/came_about": {
        "own": _CARD_NUMBER,
        "other": _CARD_NUMBER,
        "bases": Many(("蜀江理工（演示）", "涪川材料院（演示）"), 2),
    },
    # typical cases
    "cases/list": {
        "wanted": "质押",
        "own": Many((_CASE_ROW,), 15),
        "shelf": Many((_CASE_ROW,), 15),
        "more": 3,
        "of_centre": False,
    },
    "cases/page": {
        **_CASE_HEAD,
        "state": OneOf("published"),
        "version": 1,
        "base": _BASE,
        "sections": Many(({"key": OneOf("background"), "text": Long("专利多而转化少。", 700)},), 4),
        "figures": Many(
            (
                {
                    "year": 2026,
                    "name": Long("转让合同金额", 30),
                    "value": Long("500", 12),
                    "unit": OneOf("万元"),
                },
            ),
            8,
        ),
        "consents": Many((OneOf("internal"),), 3),
        "remark": Maybe(Long("请补充做法。", 500)),
        "inside": True,
        "sent": Many(({"base": Long("涪川材料院（演示）", 20), "at": _AT},), 30),
    },
    "cases/filed": _CASE_HEAD,
    "cases/new_officer": {**_CASE_HEAD, "base": _BASE, "version": 1},
    "cases/passed": {**_CASE_HEAD, "remark": Maybe(Long("请补充做法。", 500))},
    "cases/returned": {**_CASE_HEAD, "remark": Maybe(Long("请补充做法。", 500))},
    "cases/published_base": {**_CASE_HEAD, "remark": Maybe(Long("请补充做法。", 500))},
    "cases/published": {**_CASE_HEAD, "base": _BASE},
    "cases/consents": {
        **_CASE_HEAD,
        "version": 1,
        "rows": Many(({"use": OneOf("internal"), "given": True},), 3),
    },
    "cases/withdraw": {**_CASE_HEAD, "sent": _CASE_SENT},
    "cases/withdrawn": {**_CASE_HEAD, "sent": _CASE_SENT},
    "cases/withdrawn_officer": {**_CASE_HEAD, "sent": _CASE_SENT},
    "cases/figures": {"number": _CASE_NUMBER, "n": 2, "known": 12},
    "cases/enough_figures": {"most": 8},
    "cases/publish": {**_CASE_HEAD, "people": 98, "bases": 52, "had": 3},
    "cases/no_consent": {"number": _CASE_NUMBER},
    "cases/nobody": {},
    "cases/sent": {},
    "cases/making": {},
    "cases/docx_failed": {"reference": "A7K2M9"},
    # what went wrong
    "errors/forbidden": {},
    "errors/stale": {},
    "errors/failed": {"reference": "A7K2M9"},
    "errors/bad_press": {},
    "errors/too_long": {"max": 4000, "got": 5120},
    "errors/private_only": {},
    # exchanges
    "exchanges/page": {
        **_HELD,
        **_ASK,
        "people": Maybe(Long("林知行、周明远（演示）")),
        "topics": Maybe(Long("育成中心建设进度")),
        "conclusions": Maybe(Long("年内完成首批入库")),
        "regular": True,
        "state": OneOf("disputed"),
        "version": 2,
        "purpose": Maybe(Long("专利布局")),
        "recorded_side": Maybe(OneOf("base")),
        "recorded_by": Maybe(_NAME),
        "word": Maybe(Long("日期应为 12 月 2 日")),
        "word_by": Maybe(_OFFICER),
        "confirmed_by": Maybe(_OFFICER),
        "confirmed_at": Maybe(_AT),
        "confirmed_source": Maybe(OneOf("phone")),
        "waits_for": Maybe(OneOf("centre")),
    },
    "exchanges/version": {**_HELD, "version": 1},
    "exchanges/history": {
        **_HELD_ONE,
        "rows": Many(
            (
                {
                    "move": OneOf("record"),
                    "version": 1,
                    "side": OneOf("base"),
                    "by": _NAME,
                    "words": Maybe(Long("日期不符")),
                    "source": Maybe(OneOf("phone")),
                    "at": _AT,
                },
            ),
            15,
        ),
    },
    "exchanges/base": {
        "base": _BASE,
        "months": Maybe(OneOf("3")),
        "due": Maybe(_DATE),
        "late": True,
        **dict.fromkeys(("planned", "mine", "theirs", "held"), _EXCHANGES),
        "tasks": Many(
            (
                {
                    "what": Long("补充合同清单"),
                    "side": OneOf("base"),
                    "owner": _NAME,
                    "due": _DATE,
                    "late": True,
                },
            ),
            6,
        ),
        "more_tasks": 1,
        "more": 1,
    },
    "exchanges/list": {
        **dict.fromkeys(("planned", "mine", "theirs", "held"), _EXCHANGES_OF_BASES),
        "late": Many((_BASE,), 6),
        **dict.fromkeys(("n_late", "n_planned", "n_mine", "n_theirs"), 7),
    },
    "exchanges/every": {"base": _BASE, "months": Maybe(OneOf("3"))},
    "exchanges/planned": {**_HELD_ONE, **_ASK, "regular": True, "purpose": Long("专利布局"), "actor": _NAME},
    "exchanges/moved": {
        **_HELD_ONE,
        **_ASK,
        "before": _DATE,
        "word": Maybe(Long("会期冲突")),
        "actor": _NAME,
    },
    "exchanges/cancelled": {**_HELD_ONE, **_ASK, "version": 0, "word": Long("会期冲突"), "actor": _NAME},
    "exchanges/asked": {
        **_HELD,
        **_ASK,
        "version": 2,
        "recorded_side": OneOf("base"),
        "recorded_by": _NAME,
    },
    "exchanges/noted": {**_HELD_ONE, "recorded_by": _NAME, "waits_for": OneOf("centre")},
    "exchanges/confirmed": {
        **_HELD_ONE,
        **_ASK,
        "confirmed_by": _OFFICER,
        "confirmed_source": Maybe(OneOf("phone")),
    },
    "exchanges/disputed": {**_HELD_ONE, **_ASK, **_WORD_BY, "waits_for": OneOf("base")},
    "exchanges/task_done": {**_TASK, **_ASK, "actor": _OFFICER},
    "exchanges/nudge": {**_NOT_OF_A_YEAR, **_REGULAR},
    "exchanges/unrecorded": {**_ASK, **_REGULAR, "base": _BASE, "name": _NAME, "due": _DATE},
    "exchanges/due": {**_ASK, **_EVERY, "base": _BASE, "name": _NAME, "due": _DATE},
    "exchanges/overdue": {
        **_ASK,
        **_EVERY,
        "base": _BASE,
        "name": _NAME,
        "due": _DATE,
        "call_by": _DATE,
    },
    "exchanges/task_due": {**_TASK, **_ASK, "name": _NAME},
    "exchanges/task_overdue": {**_TASK, **_ASK, "name": _NAME},
    "exchanges/years": {"base": _BASE},
    "exchanges/making": {},
    "exchanges/empty_year": _SUMMARY,
    "exchanges/year_file": {**_SUMMARY, "n": 4, "n_regular": 3, "unconfirmed": 1},
    "exchanges/year_failed": {"reference": "A1B2C3"},
    # whom something is for
    "audience/page": {
        "rows": Many(tuple({"by": OneOf(by), "words": Many(("成都",), 20)} for by in ("role", "city")), 6),
        "people": 118,
        "bases": 60,
        "by_phone": 3,
        "named": Many(({"base": "蜀江理工（演示）", "names": Many((_NAME,), 8)},), 20),
        "more": 40,
    },
    "audience/dimension": {"by": OneOf("city"), "words": Many(("成都",), 20), "people": 118},
    "audience/names": {"rows": Many(({"base": "蜀江理工（演示）", "names": Many((_NAME,), 8)},), 50)},
    "audience/by_phone": {"rows": Many(({"base": "蜀江理工（演示）", "name": _NAME},), 50)},
    "audience/listed": {"people": 118},
    # events (Article 7(3))
    "events/invitation": {**_EVENT, "quota": Maybe(50), "contact": _OFFICER, "tel": _TEL},
    "events/page": {
        **_EVENT,
        "state": OneOf("published"),
        "reason": Maybe(Long("场地维修", 300)),
        "over": False,
        "open": True,
        "free": Maybe(12),
        "mine": Many(({"name": _NAME, "standing": OneOf("offered"), "confirm_by": Maybe(_AT)},), 20),
        "contact": _OFFICER,
        "tel": _TEL,
    },
    "events/staff": {
        **_EVENT,
        "state": OneOf("draft"),
        "reason": Maybe(Long("场地维修", 300)),
        "quota": Maybe(50),
        "quota_per_base": Maybe(3),
        "asks_plate": True,
        "questions": Many((Long("拟对接的技术方向", 100),), 5),
        "organiser": _OFFICER,
        "registered": 50,
        "offered": 1,
        "waiting": 7,
        "arrived": 44,
        "people": 118,
        "bases": 60,
        "by_phone": 3,
        "sent": 117,
        "unsent": Many((_NAME,), 20),
    },
    "events/list": {
        "of_centre": True,
        "rows": Many(
            (
                {
                    "title": _EVENT_TITLE,
                    "kind": OneOf("supply"),
                    "starts_at": _AT,
                    "standing": OneOf("registered"),
                },
            ),
            20,
        ),
    },
    "events/published": {},
    "events/registering": {**_EVENT_BRIEF, "free": Maybe(12)},
    "events/question": {"question": Long("拟对接的技术方向", 100)},
    "events/registered": {
        **_EVENT_BRIEF,
        "base": _BASE,
        "sure": Many((_NAME,), 20),
        "waiting": Many((_NAME,), 20),
        "ahead": 3,
        "contact": _OFFICER,
        "tel": _TEL,
    },
    "events/register_for": _EVENT_BRIEF,
    "events/unregister_for": _EVENT_BRIEF,
    "events/struck": {**_EVENT_BRIEF, "name": _NAME},
    "events/registered_for": {
        **_EVENT_BRIEF,
        "base": _BASE,
        "sure": Many((_NAME,), 20),
        "waiting": Many((_NAME,), 20),
        **_RECORDED,
    },
    "events/withdraw": {
        **_EVENT_BRIEF,
        "mine": Many(({"name": _NAME, "standing": OneOf("registered"), "confirm_by": Maybe(_AT)},), 20),
    },
    "events/withdrawn": {**_EVENT_BRIEF, "name": _NAME},
    "events/confirmed": {**_EVENT_BRIEF, "name": _NAME},
    "events/offered": {**_EVENT_BRIEF, "name": _NAME, "confirm_by": _AT},
    "events/expired": {**_EVENT_BRIEF, "name": _NAME},
    "events/offer_withdrawn": {**_EVENT_BRIEF, "name": _NAME},
    "events/changed": {
        "title": _EVENT_TITLE,
        "rows": Many(
            (
                {"field": OneOf("starts_at"), "old": _AT, "new": _AT},
                {"field": OneOf("where"), "old": Long("一号会议室", 200), "new": Long("二号会议室", 200)},
            ),
            8,
        ),
    },
    "events/cancelled": {**_EVENT_BRIEF, "reason": Long("场地维修", 300), "contact": _OFFICER, "tel": _TEL},
    "events/reminder": {**_EVENT_BRIEF, "names": Many((_NAME,), 20), "contact": _OFFICER, "tel": _TEL},
    "events/rate": _EVENT_BRIEF,
    "events/rated": _EVENT_BRIEF,
    "events/outcome_ask": _EVENT_BRIEF,
    "events/outcome": {
        **_EVENT_BRIEF,
        "base": _BASE,
        "intentions": 3,
        "contracts": 1,
        "amount": OneOf("120.5"),
        "proposed": True,
    },
    "events/badge": {"name": _NAME, "title": _EVENT_TITLE},
    "events/calendar": {"title": _EVENT_TITLE, "cancelled": False, "moved": True},
    "events/file_on_page": {"name": Long("通知.pdf", 120), "size": 20480},
    "events/badges_coming": {},
    "events/no_badges": {},
    "events/desk": {**_EVENT_BRIEF, "arrived": 44, "registered": 50, "page": True},
    "events/desk_base": {**_EVENT_BRIEF, "base": _BASE, "arrived": 2, "registered": 3},
    "events/desk_link": {**_EVENT_BRIEF, "url": _URL, "until": _AT},
    "events/roll": {
        **_EVENT_BRIEF,
        "total": 58,
        "rows": Many(
            (
                {
                    "base": "蜀江理工（演示）",
                    "name": _NAME,
                    "post": "转化处处长",
                    "standing": OneOf("registered"),
                    "arrived": False,
                },
            ),
            25,
        ),
    },
    "events/arrived": {"name": _NAME},
    "events/arrived_before": {"name": _NAME},
    "events/making": {},
    "events/outcome_chart": {
        "title": _EVENT_TITLE,
        "bases": 12,
        "intentions": 30,
        "contracts": 4,
        "amount": OneOf("1205"),
    },
    "events/sheet": {"title": _EVENT_TITLE},
    "events/chart": {
        "title": _EVENT_TITLE,
        "registered": 50,
        "arrived": 44,
        "waiting": 7,
        "rated": 30,
        "average": OneOf("4.6"),
    },
    "events/starts_in_the_past": {},
    "events/ends_before_start": {},
    "events/deadline_after_start": {},
    "events/nobody": {},
    "events/over": {},
    "events/begun": {},
    "events/closed": {},
    "events/twice": {"names": Many((_NAME,), 20)},
    "events/offer_expired": {},
    "events/quota_taken": {"n": 12},
    "events/not_over": {},
    "events/when": {},
    "events/attendees": {},
    "events/attendee_line": {"line": "林知行", "plates": True},
    "events/questions": {"most": 5, "chars": 100},
}


def lacking(template: str, facts: Facts) -> frozenset[str]:
    """The facts that the template needs and these do not give."""
    return frozenset(TEMPLATES[template]) - frozenset(facts)
