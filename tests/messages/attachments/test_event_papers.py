"""Calendar entries read by two libraries, badges read by a scanner, workbooks by another reader."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import icalendar
import pytest
import vobject
import zxingcpp
from PIL import Image
from python_calamine import CalamineWorkbook

from domain.event_papers import BadgeFacts, CalendarFacts
from messages.attachments.calendar_file import calendar_file
from messages.attachments.event_badge import badge
from messages.attachments.event_sheet import event_sheet

START = 1_795_395_600_000  # 2026-11-23 09:00 in Shanghai
HOUR = 3_600_000
FACTS = CalendarFacts(
    uid="event-1-1790000000000@lianluo",
    sequence=0,
    title="新材料专利供需对接会；议题一, 议题二",
    starts_at=START,
    ends_at=START + 16 * HOUR,  # over midnight
    where="蜀江路 1 号\n一号会议室",
    description="14:00 签到\n14:30 " + "项目发布" * 40,
    organiser='示范省知识产权中心 "周明远"',
    email="lianluo@example.invalid",
    written_at=START - HOUR,
)
BADGE = BadgeFacts(
    "新材料专利供需对接会",
    "林知行（演示）",
    "转化处处长",
    "蜀江理工大学（演示）",
    "https://up.example.invalid/e/" + "0a" * 12,
)


def read(content: bytes) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    assert isinstance(calendar, icalendar.Calendar)
    [event] = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return calendar, event


def test_an_entry_says_what_the_event_is() -> None:
    calendar, event = read(calendar_file(FACTS))
    assert calendar["method"] == "PUBLISH"
    assert event["uid"] == FACTS.uid
    assert event["summary"] == FACTS.title
    assert event["location"] == FACTS.where
    assert event["description"] == FACTS.description
    assert event["status"] == "CONFIRMED"
    assert event["organizer"] == "mailto:lianluo@example.invalid"
    assert event.decoded("dtstart") == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert not event.errors


def test_a_second_reader_finds_the_same() -> None:
    event = vobject.readOne(calendar_file(FACTS).decode()).vevent
    assert event.uid.value == FACTS.uid
    assert event.summary.value == FACTS.title
    assert event.location.value == FACTS.where
    assert event.description.value == FACTS.description
    assert event.dtstart.value == datetime(2026, 11, 23, 1, tzinfo=UTC)
    event.validate(raiseException=True)


def test_an_update_is_the_same_entry_with_a_higher_sequence_and_a_cancellation_takes_it_out() -> None:
    moved = replace(FACTS, sequence=1, starts_at=START + HOUR)
    gone = replace(FACTS, sequence=2, cancelled=True)
    read_ones = [read(calendar_file(one)) for one in (FACTS, moved, gone)]
    assert {str(event["uid"]) for _, event in read_ones} == {FACTS.uid}
    assert [int(event["sequence"]) for _, event in read_ones] == [0, 1, 2]
    calendar, event = read_ones[-1]
    assert (calendar["method"], event["status"]) == ("CANCEL", "CANCELLED")
    assert not list(event.walk("VALARM"))


def test_no_line_is_longer_than_the_standard_takes() -> None:
    """RFC 5545, 3.1: 75 octets, and no character is cut in two."""
    content = calendar_file(FACTS)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert all(line.decode() for line in content.split(b"\r\n") if line)


@pytest.mark.parametrize(
    ("where", "url"), [("https://meet.example.invalid/1 密码 1234", True), ("一号会议室", False)]
)
def test_the_link_of_an_online_meeting_is_a_link_there_too(where: str, url: bool) -> None:
    _, event = read(calendar_file(replace(FACTS, where=where, email=None)))
    assert ("url" in event) is url
    assert str(event.get("url", "https://meet.example.invalid/1")) == "https://meet.example.invalid/1"


@pytest.mark.parametrize(
    "facts",
    [
        BADGE,
        replace(
            BADGE, name="欧阳" * 30, post="处长" * 40, base="大学" * 50, event="对接" * 30, scanned="0a" * 12
        ),
        replace(BADGE, name="\u202e林\n知行", scanned="https://up.example.invalid/" + "很长的路径" * 10),
    ],
)
def test_the_code_of_a_badge_is_read_back(facts: BadgeFacts) -> None:
    picture = Image.open(io.BytesIO(badge(facts)))
    for seen in (picture, picture.resize((450, 280)), picture.rotate(7, expand=True, fillcolor="white")):
        [found] = zxingcpp.read_barcodes(seen)
        assert found.text == facts.scanned


def test_a_workbook_keeps_what_people_wrote_as_text() -> None:
    content = event_sheet(
        [("名单", ("单位", "姓名"), [("蜀江理工", "=1+1"), ("涪川", None)]), ("成效", ("项数",), [(3,)])]
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["名单", "成效"]
    assert book.get_sheet_by_name("名单").to_python() == [
        ["单位", "姓名"],
        ["蜀江理工", "=1+1"],
        ["涪川", ""],
    ]
    assert book.get_sheet_by_name("成效").to_python() == [["项数"], [3.0]]
