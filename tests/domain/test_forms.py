"""There is no stored current step: everything follows from the answers."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import forms
from domain.access import Action
from domain.errors import Invalid
from domain.forms import Form, Reply, Step, Words


def take(reply: Reply, _: Mapping[str, Any]) -> object:
    if not reply.text:
        raise Invalid("fields/required")
    return reply.text


def step(key: str, **more: Any) -> Step:
    return Step(key, Words(key, key), "text", take, **more)


FORM = Form(
    "test",
    1,
    Action.MENU,
    Words("表", "Form"),
    (
        step("kind"),
        step("number", when=lambda a: a.get("kind") == "old"),
        step("check", when=lambda a: "number" in a),
        step("agency", required=False),
        step("files", many=True, most=3),
    ),
)


def key(answers: Mapping[str, Any], editing: str | None = None) -> str | None:
    now = forms.current(FORM, answers, editing)
    return now.key if now else None


def answered(answers: Mapping[str, Any], text: str, editing: str | None = None) -> Mapping[str, Any]:
    now = forms.current(FORM, answers, editing)
    assert now is not None
    return forms.answer(FORM, answers, now, Reply(text=text))


def test_the_current_step_is_the_first_without_an_answer() -> None:
    assert key({}) == "kind"
    assert key({"kind": "new"}) == "agency"
    assert key({"kind": "old"}) == "number"
    assert key({"kind": "new", "agency": None, "files": ["a"]}) is None


def test_an_empty_reply_is_refused_and_changes_nothing() -> None:
    with pytest.raises(Invalid):
        answered({}, "")


def test_changing_an_answer_drops_what_hung_on_it_and_keeps_the_rest() -> None:
    whole = {"kind": "old", "number": "1", "check": "2", "agency": "甲"}
    assert answered(whole, "new", editing="kind") == {"kind": "new", "agency": "甲"}


def test_back_takes_the_last_answer_back() -> None:
    assert forms.back(FORM, {"kind": "old", "number": "1"}) == {"kind": "old"}
    assert forms.back(FORM, {"kind": "new", "agency": None}) == {"kind": "new"}
    assert forms.back(FORM, {}) == {}


def test_back_leaves_what_was_collected() -> None:
    whole = {"kind": "new", "agency": None, "files": ["a", "b"]}
    again = forms.back(FORM, whole)
    assert key(again) == "files"
    assert forms.finish(FORM, again, FORM.steps[4]) == whole
    assert forms.collected(forms.back(FORM, again), FORM.steps[4]) == ["a", "b"]


def test_a_required_step_is_not_skipped() -> None:
    with pytest.raises(Invalid):
        forms.skip(FORM, {}, FORM.steps[0])
    assert forms.skip(FORM, {"kind": "new"}, FORM.steps[3]) == {"kind": "new", "agency": None}


def test_many_are_collected_until_they_are_finished() -> None:
    answers: Mapping[str, Any] = {"kind": "new", "agency": None}
    with pytest.raises(Invalid, match="forms/nothing_yet"):
        forms.finish(FORM, answers, FORM.steps[4])
    for text in "abc":
        answers = answered(answers, text)
        assert key(answers) == "files"
    with pytest.raises(Invalid, match="forms/full"):
        answered(answers, "d")
    assert forms.finish(FORM, answers, FORM.steps[4])["files"] == ["a", "b", "c"]


def test_what_was_collected_is_gone_on_with_when_edited() -> None:
    whole = {"kind": "new", "agency": None, "files": ["a"]}
    assert forms.collected(answered(whole, "b", editing="files"), FORM.steps[4]) == ["a", "b"]


def test_progress_counts_the_steps_that_apply() -> None:
    assert forms.progress(FORM, {"kind": "new"}, FORM.steps[3]) == (2, 3)
    assert forms.progress(FORM, {"kind": "old", "number": "1"}, FORM.steps[2]) == (3, 5)


ACTS = st.lists(st.sampled_from(["old", "new", "skip", "back", "done", "edit"]), max_size=30)


@given(ACTS)
def test_whatever_is_pressed_the_form_can_be_finished(acts: list[str]) -> None:
    answers: Mapping[str, Any] = {}
    editing: str | None = None
    for act in acts:
        if act == "edit":
            editing = "kind" if "kind" in answers else None
            continue
        answers, editing = press(act, answers, editing), None
        asked = {s.key for s in forms.applicable(FORM, answers)}
        assert {k.removesuffix(forms.COLLECTING) for k in answers} <= asked
    for _ in range(20):
        for act in ("new", "done"):
            answers = press(act, answers, None)
    assert forms.current(FORM, answers) is None


def press(act: str, answers: Mapping[str, Any], editing: str | None) -> Mapping[str, Any]:
    """The answers after one press or text; a refused one changes nothing."""
    now = forms.current(FORM, answers, editing)
    try:
        if act == "back":
            return forms.back(FORM, answers)
        if now is None or (act == "done" and not now.many):
            return answers
        if act == "skip":
            return forms.skip(FORM, answers, now)
        if act == "done":
            return forms.finish(FORM, answers, now)
        return forms.answer(FORM, answers, now, Reply(text=act))
    except Invalid:
        return answers
