"""There is no stored current step: everything follows from the answers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import forms
from domain.access import Action
from domain.errors import Invalid
from domain.forms import Choice, Draft, Form, Remark, Reply, Step, Words

steady = settings(deadline=None)  # a library is loaded within an example, on a machine that may be busy


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


def test_a_press_on_a_chosen_option_takes_it_out() -> None:
    kinds = Form("kinds", 1, Action.MENU, Words("类", "Kinds"), (CHOSEN,))
    answers: Mapping[str, Any] = {}
    for pressed in ("a", "b", "a", "c"):
        answers = forms.answer(kinds, answers, CHOSEN, Reply(choice=pressed))
    assert forms.collected(answers, CHOSEN) == ["b", "c"]
    typed = forms.answer(kinds, answers, CHOSEN, Reply(text="b,a"))
    assert forms.finish(kinds, typed, CHOSEN) == {"kinds": ["b", "c", "a"]}
    assert forms.collected(forms.answer(kinds, answers, CHOSEN, Reply(text="b")), CHOSEN) == ["b", "c"]


def several(reply: Reply, _: Mapping[str, Any]) -> object:
    return [reply.choice] if reply.choice else (reply.text or "").split(",")


CHOSEN = step("kinds", many=True, choices=tuple(Choice(k, Words(k, k)) for k in "abc"))
CHOSEN = replace(CHOSEN, parse=several)


def test_what_no_longer_stands_is_asked_again() -> None:
    kinds = Form(
        "kinds", 2, Action.MENU, Words("类", "Kinds"), (CHOSEN, step("why"), step("note", required=False))
    )
    assert forms.current(kinds, {"kinds": ["a"], "why": "x", "note": None}) is None
    assert forms.current(kinds, {"kinds": ["a", "gone"], "why": "x", "note": None}) is CHOSEN
    assert forms.current(kinds, {"kinds": ["a"], "why": None, "note": None}) == kinds.step("why")


AMOUNT = Form(
    "amount",
    1,
    Action.MENU,
    Words("额", "Amount"),
    (
        step("amount", warn=lambda v: (Remark("fields/confirm_over"),) if len(str(v)) > 4 else ()),
        step("amount_sure", when=lambda a: len(str(a.get("amount", ""))) > 4, about=("amount",)),
        step("who"),
    ),
)


def test_an_answer_about_another_is_asked_again_when_that_changes() -> None:
    whole = {"amount": "20000", "amount_sure": "yes", "who": "甲"}
    amount = AMOUNT.steps[0]
    assert forms.answer(AMOUNT, whole, amount, Reply(text="20000")) == whole
    assert forms.answer(AMOUNT, whole, amount, Reply(text="30000")) == {"amount": "30000", "who": "甲"}
    assert forms.answer(AMOUNT, whole, amount, Reply(text="3")) == {"amount": "3", "who": "甲"}


def test_what_is_remarked_is_said_with_the_next_prompt_and_in_the_review() -> None:
    amount, sure, who = AMOUNT.steps
    answers = {"amount": "20000"}
    assert forms.remarks(AMOUNT, answers, sure) == (Remark("fields/confirm_over"),)
    assert forms.remarks(AMOUNT, {"amount": "20000", "amount_sure": "yes"}, who) == ()
    assert forms.remarks(AMOUNT, {}, amount) == ()
    whole = {"amount": "20000", "amount_sure": "yes", "who": "甲"}
    assert forms.remarks(AMOUNT, whole, None) == (Remark("fields/confirm_over"),)


def test_a_draft_counts_its_revisions_and_expires() -> None:
    draft = Draft(1, "test", 1, None, 7, None, {}, 3, expires_at=1000)
    changed = draft.with_answers({"kind": "old"})
    assert (changed.answers, changed.rev) == ({"kind": "old"}, 4)
    assert not draft.is_expired(999)
    assert draft.is_expired(1000)


# --- any form, whatever is done to it ---------------------------------------------------------------------

WORDS = ("old", "new")


@st.composite
def any_form(draw: st.DrawFn) -> Form:
    """Steps that may be optional, collect, hang on an earlier answer, or be about one."""
    steps: list[Step] = []
    for n in range(draw(st.integers(1, 6))):
        earlier = draw(st.sampled_from([None, *(s.key for s in steps)]))
        hangs = partial(hangs_on, earlier, draw(st.sampled_from(WORDS)))
        steps.append(
            step(
                f"s{n}",
                required=draw(st.booleans()),
                many=draw(st.booleans()),
                when=hangs,
                about=(earlier,) if draw(st.booleans()) and earlier else (),
            )
        )
    return Form("any", 1, Action.MENU, Words("表", "Form"), tuple(steps))


def hangs_on(earlier: str | None, word: str, answers: Mapping[str, Any]) -> bool:
    return earlier is None or word in (answers.get(earlier) or "")


ACTS = st.lists(
    st.sampled_from([*WORDS, "skip", "back", "done"]) | st.integers(0, 5).map("s{}".format), max_size=40
)


@steady
@given(any_form(), ACTS)
def test_whatever_is_pressed_nothing_is_lost_and_the_form_can_be_finished(
    form: Form, acts: list[str]
) -> None:
    answers: Mapping[str, Any] = {}
    editing: str | None = None
    for act in acts:
        if act in answers or act + forms.COLLECTING in answers:
            editing = act
            continue
        now = forms.current(form, answers, editing)
        after = press(form, act, answers, editing)
        nothing_is_lost(form, answers, after, act, now)
        answers, editing = after, None
    finished = finish_up(form, answers)
    assert forms.current(form, finished) is None
    asked = {s.key for s in forms.applicable(form, finished)}
    assert set(finished) == asked


def nothing_is_lost(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any], act: str, now: Step | None
) -> None:
    """An answer that is still asked for is as it was, but for the one acted on and what was about it."""
    if act == "back":
        changed = {
            key.removesuffix(forms.COLLECTING)
            for key in {*before, *after}
            if before.get(key) != after.get(key)
        }
        assert len(changed) <= 1
        return
    about = {s.key for s in form.steps if now and now.key in (s.key, *s.about)}
    asked = {s.key for s in forms.applicable(form, after)} - about
    for name, value in before.items():
        if name.removesuffix(forms.COLLECTING) in asked:
            assert after[name] == value


def finish_up(form: Form, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer what is asked, as often as there are steps."""
    for _ in form.steps:
        for act in ("new", "done"):
            answers = press(form, act, answers, None)
    return answers


@steady
@given(any_form(), ACTS)
def test_going_back_from_any_page_leads_to_the_first_step(form: Form, acts: list[str]) -> None:
    answers: Mapping[str, Any] = {}
    for act in acts:
        answers = press(form, act, answers, None)
    for _ in form.steps:
        answers = forms.back(form, answers)
    assert forms.current(form, answers) == forms.applicable(form, answers)[0]


@steady
@given(any_form(), any_form(), ACTS)
def test_a_draft_begun_before_a_deployment_can_be_finished_after_it(
    before: Form, after: Form, acts: list[str]
) -> None:
    answers: Mapping[str, Any] = {}
    for act in acts:
        answers = press(before, act, answers, None)
    pruned = forms.prune(after, answers)
    finished = finish_up(after, pruned)
    assert forms.current(after, finished) is None
    assert set(finished) <= {s.key for s in forms.applicable(after, finished)}


@steady
@given(any_form(), ACTS)
def test_progress_never_points_outside(form: Form, acts: list[str]) -> None:
    answers: Mapping[str, Any] = {}
    for act in acts:
        answers = press(form, act, answers, None)
        now = forms.current(form, answers)
        if now is not None:
            i, n = forms.progress(form, answers, now)
            assert 1 <= i <= n <= len(form.steps)


def press(form: Form, act: str, answers: Mapping[str, Any], editing: str | None) -> Mapping[str, Any]:
    """The answers after one press or text; a refused one changes nothing."""
    now = forms.current(form, answers, editing)
    try:
        if act == "back":
            return forms.back(form, answers)
        if now is None or (act == "done" and not now.many):
            return answers
        if act == "skip":
            return forms.skip(form, answers, now)
        if act == "done":
            return forms.finish(form, answers, now)
        return forms.answer(form, answers, now, Reply(text=act))
    except Invalid:
        return answers
