"""Payloads that name files of our own making."""

import json

from domain.attached import Attached, split, takes_along, taking_along

SHA256 = "ab" * 32
RECEIPT = Attached(SHA256, "回执.docx", "application/msword")


def test_a_payload_says_what_it_takes_along_and_is_posted_without_that() -> None:
    call = {"chat_id": 1, "document": RECEIPT.address, "caption": "您的回执"}
    payload = json.dumps(taking_along(call, RECEIPT), ensure_ascii=False)
    assert takes_along(payload)
    assert split(payload) == (call, [RECEIPT])


def test_it_still_does_after_it_was_changed() -> None:
    payload = json.dumps(json.loads(json.dumps(taking_along({"chat_id": 1}, RECEIPT))) | {"chat_id": 2})
    assert takes_along(payload)
    assert split(payload) == ({"chat_id": 2}, [RECEIPT])


def test_an_ordinary_payload_takes_nothing_along() -> None:
    payload = json.dumps({"chat_id": 1, "text": '{"attached": '})
    assert not takes_along(payload)
    assert split(payload) == (json.loads(payload), [])
